//! What site builders and their plug-ins send: each read as the source that an owner would choose for it.

use super::{Case, form, json};

pub fn cases() -> Vec<Case> {
    vec![
        // Webflow
        json("ES", r#"{"triggerType":"form_submission","payload":{"name":"Formulario de contacto","siteId":"65e1","data":{"Nombre":"Lucía","Apellidos":"Gómez Ruiz","Teléfono":612345678,"Correo":"lucia@example.es","Mensaje":"Quiero pintar el salón","Acepto la política de privacidad":"true"},"schema":[{"fieldName":"Nombre","fieldType":"FormTextInput","fieldElementId":"a"},{"fieldName":"Acepto la política de privacidad","fieldType":"FormCheckboxInput","fieldElementId":"b"}],"submittedAt":"2026-11-24T05:05:15.000Z","id":"674","formId":"65e2","formElementId":"c0ff"}}"#)
            .by("webflow").name("Lucía Gómez Ruiz").email("lucia@example.es").phone("612345678", "+34612345678").message("Quiero pintar el salón").consent(true),
        json("FR", r#"{"triggerType":"form_submission","payload":{"name":"Devis","siteId":"65e1","data":{"Votre nom":"Zoé Marchand","Votre e-mail":"zoe@example.fr","Votre numéro":"06 98 76 54 32","Surface (m²)":120,"Type de bien":"Maison","Précisez votre besoin":"Ravalement de façade"},"schema":[],"submittedAt":"2026-11-24T05:05:15.000Z","id":"675","formId":"65e2"}}"#)
            .by("webflow").name("Zoé Marchand").email("zoe@example.fr").phone("06 98 76 54 32", "+33698765432").message("Ravalement de façade"),
        json("US", r#"{"name":"Quote form","site":"a1","data":{"First Name 2":"Grace","Last Name 2":"Okafor","Email 3":"grace@example.com","Phone 2":"(415) 555-0132","Field":"","Field 2":"Need the driveway sealed","Turnstile":"0.abc"},"d":"2026-11-24T05:05:15.000Z","_id":"676"}"#)
            .by("webflow").name("Grace Okafor").email("grace@example.com").phone("(415) 555-0132", "+14155550132").message("Need the driveway sealed"),
        // Wix
        json("DE", r#"{"data":{"formName":"Kontakt","formId":"f1","submissionId":"s1","submissionTime":"2026-11-24T05:05:15Z","contactId":"c1","field:vorname_6a1b":"Jana","field:nachname_77f0":"Müller","field:e_mail_1c2d":"jana@example.de","field:telefon_9e8f":"0171 2345678","field:nachricht_ab12":"Heizung bleibt kalt","field:datenschutz_cc01":true,"submissions":[{"label":"Vorname","value":"Jana"},{"label":"Nachname","value":"Müller"},{"label":"E-Mail","value":"jana@example.de"},{"label":"Telefon","value":"0171 2345678"},{"label":"Nachricht","value":"Heizung bleibt kalt"},{"label":"Ich stimme der Datenschutzerklärung zu.","value":"true"}],"contact":{"name":{"first":"Jana","last":"Müller"},"email":"jana@example.de","phone":"0171 2345678","locale":"de-de"}}}"#)
            .by("wix").name("Jana Müller").email("jana@example.de").phone("0171 2345678", "+491712345678").message("Heizung bleibt kalt").consent(true),
        json("IT", r#"{"data":{"formName":"Preventivo","submissionId":"s2","field:short_answer_0d1e":"Gia Riva","field:email_5139":"gia@example.it","field:phone_4c77":"+39 333 123 4567","field:long_answer_3524":"Vorrei un preventivo per il giardino","submissions":[{"label":"Nome e cognome","value":"Gia Riva"},{"label":"Email","value":"gia@example.it"},{"label":"Cellulare","value":"+39 333 123 4567"},{"label":"Come possiamo aiutarti?","value":"Vorrei un preventivo per il giardino"}],"contact":{"email":"gia@example.it","phones":[{"phone":"333 123 4567","e164Phone":"+393331234567","countryCode":"IT","primary":true}]}}}"#)
            .by("wix").name("Gia Riva").email("gia@example.it").phone("+39 333 123 4567", "+393331234567").message("Vorrei un preventivo per il giardino"),
        // Squarespace, by a tool between
        json("US", r#"{"Name":{"First Name":"Dana","Last Name":"Whitfield"},"Email":"dana@example.com","Phone":{"Country":"1","Area":"512","Prefix":"555","Line":"0142"},"Subject":"Deck","Message":"Deck, 20 by 12, cedar","Form Name":"Contact Form"}"#)
            .name("Dana Whitfield").email("dana@example.com").phone("(512) 555-0142", "+15125550142").message("Deck, 20 by 12, cedar"),
        form("US", "fname=Dana\nlname=Whitfield\nemail=dana@example.com\nphone=512-555-0142\ntextarea-yui_3_17_2_1_1553888888888_3744=Deck, 20 by 12, cedar\nform-submission-source=squarespace")
            .name("Dana Whitfield").email("dana@example.com").phone("512-555-0142", "+15125550142").message("Deck, 20 by 12, cedar"),
        // Framer
        json("CH", r#"{"Vor- und Nachname":"Mia Keller","E-Mail-Adresse":"mia@example.ch","Telefon (optional)":"079 123 45 67","Ihr Anliegen":"Grüezi, unsere Storen klemmen","Newsletter":"on"}"#)
            .by("framer").name("Mia Keller").email("mia@example.ch").phone("079 123 45 67", "+41791234567").message("Grüezi, unsere Storen klemmen"),
        json("PT", r#"{"Nome":"Inês Costa","Email":"ines@example.pt","Telemóvel":"912 345 678","Serviço":"Mudanças","Mensagem":"Preciso de mudanças no sábado"}"#)
            .by("framer").name("Inês Costa").email("ines@example.pt").phone("912 345 678", "+351912345678").message("Preciso de mudanças no sábado"),
        // Carrd
        form("NL", "naam=Piet Bos\nmail=piet@example.nl\ntelefoon=06 12345678\nbericht=Dakgoot lekt aan de achterkant")
            .by("carrd").name("Piet Bos").email("piet@example.nl").phone("06 12345678", "+31612345678").message("Dakgoot lekt aan de achterkant"),
        // Unbounce
        form("US", "page_name=Roof repair\npage_url=http://unbouncepages.example/roof\npage_id=b1a1\nvariant=a\ndata.json={\"first_name\":[\"Rosa\"],\"last_name\":[\"Delgado\"],\"email\":[\"rosa@example.com\"],\"phone_number\":[\"512-555-0198\"],\"what_can_we_do_for_you\":[\"Roof leaks over the kitchen\"],\"ip_address\":[\"203.0.113.7\"],\"page_uuid\":[\"b1a1\"],\"variant\":[\"a\"],\"time_submitted\":[\"05:05 AM UTC\"],\"date_submitted\":[\"2026-11-24\"]}")
            .by("unbounce").name("Rosa Delgado").email("rosa@example.com").phone("512-555-0198", "+15125550198").message("Roof leaks over the kitchen"),
        // Netlify
        json("FR", r#"{"number":7,"title":null,"email":"luc@example.fr","name":"Luc Petit","first_name":"Luc","last_name":"Petit","company":null,"summary":"Fuite","body":"Fuite sous l'évier","data":{"nom":"Luc Petit","courriel":"luc@example.fr","telephone":"06 12 34 56 78","objet":"Fuite","demande":"Fuite sous l'évier","ip":"203.0.113.7","user_agent":"Mozilla/5.0","referrer":"https://plombier.example/contact"},"created_at":"2026-11-24T05:05:15.000Z","human_fields":{"Nom":"Luc Petit","Courriel":"luc@example.fr","Telephone":"06 12 34 56 78","Objet":"Fuite","Demande":"Fuite sous l'évier"},"ordered_human_fields":[{"title":"Nom","name":"nom","value":"Luc Petit"},{"title":"Courriel","name":"courriel","value":"luc@example.fr"},{"title":"Telephone","name":"telephone","value":"06 12 34 56 78"},{"title":"Demande","name":"demande","value":"Fuite sous l'évier"}],"id":"5f","form_id":"5e","site_url":"https://plombier.example","form_name":"contact"}"#)
            .by("netlify").name("Luc Petit").email("luc@example.fr").phone("06 12 34 56 78", "+33612345678").message("Fuite sous l'évier"),
        // A shop's contact page
        form("US", "form_type=contact\nutf8=✓\ncontact[Name]=Ivy Chen\ncontact[email]=ivy@example.com\ncontact[Phone number]=628-555-0107\ncontact[Comment]=Do you fit the windows too?")
            .name("Ivy Chen").email("ivy@example.com").phone("628-555-0107", "+16285550107").message("Do you fit the windows too?"),
        // Other builders of sites
        form("US", "wsb-name=Ivy Chen\nwsb-email=ivy@example.com\nwsb-phone=628-555-0107\nwsb-message=Two windows to replace\nwsb-form-id=c1d2")
            .name("Ivy Chen").email("ivy@example.com").phone("628-555-0107", "+16285550107").message("Two windows to replace"),
        form("US", "_u123456789012[first]=Ivy\n_u123456789012[last]=Chen\n_u234567890123=ivy@example.com\n_u345678901234=628-555-0107\n_u456789012345=Two windows to replace, please measure first\nwsite_subject=\nform_version=2\nucfid=9")
            .name("Ivy Chen").email("ivy@example.com").phone("628-555-0107", "+16285550107").message("Two windows to replace, please measure first"),
        form("US", "dmform-0=Ivy Chen\nlabel-dmform-0=Name\ndmform-1=ivy@example.com\nlabel-dmform-1=Email\ndmform-2=628-555-0107\nlabel-dmform-2=Phone\ndmform-3=Two windows to replace\nlabel-dmform-3=Message\ndmformsubject=Form Message\nform_id=12")
            .name("Ivy Chen").email("ivy@example.com").phone("628-555-0107", "+16285550107").message("Two windows to replace"),
        form("DE", "name=Uwe Lorenz\nemail=uwe@example.de\ntel=030 1234567\nmessage=Bitte um Rückruf am Abend\ncaptcha=abc\nconfirm_privacy=1")
            .name("Uwe Lorenz").email("uwe@example.de").phone("030 1234567", "+49301234567").message("Bitte um Rückruf am Abend").consent(true),
        json("US", r#"{"pageId":"12","pageName":"Spring sale","formData":{"fields":{"full-name":{"label":"Full Name","value":"Ivy Chen"},"work-email":{"label":"Work Email","value":"ivy@example.com"},"phone-number":{"label":"Phone Number","value":"628-555-0107"},"how-can-we-help":{"label":"How can we help?","value":"Two windows to replace"}}},"utm":{"source":"google","medium":"cpc"},"visitor":{"ip":"203.0.113.7","device":"mobile"}}"#)
            .name("Ivy Chen").email("ivy@example.com").phone("628-555-0107", "+16285550107").message("Two windows to replace"),
        form("BR", "field_nome=João da Silva\nfield_email=joao@example.com.br\nfield_whatsapp=(11) 91234-5678\nfield_mensagem=Quero um orçamento para a fachada\npage_title=Fale conosco")
            .name("João da Silva").email("joao@example.com.br").phone("(11) 91234-5678", "+5511912345678").message("Quero um orçamento para a fachada"),
    ]
}
