//! WordPress: what its form plug-ins send, with the labels of shops in several languages.

use super::{Case, form, json};

pub fn cases() -> Vec<Case> {
    vec![
        // Elementor
        form("FR", "Nom et prénom=Durand Claire\nAdresse mail=claire@example.fr\nTél.=07 62 34 56 78\nVotre projet=Rénover une salle de bain\nDate=24 novembre 2026\nHeure=6 h 05 min\nURL de la page=https://a.example/contact\nUser Agent=Mozilla/5.0\nIP distante=203.0.113.7\nPropulsé par=Elementor\nform_id=7e1a9c2\nform_name=Contact")
            .by("elementor").name("Durand Claire").email("claire@example.fr").phone("07 62 34 56 78", "+33762345678").message("Rénover une salle de bain"),
        form("ES", "No Label name=Iker Etxeberria\nNo Label email=iker@example.es\nNo Label field_58a1b2c=655 123 456\nNo Label message=¿Tienen hueco el martes por la tarde?\nFecha=24 noviembre, 2026\nHora=06:05\nform_id=2f3\nform_name=Nuevo formulario")
            .by("elementor").name("Iker Etxeberria").email("iker@example.es").phone("655 123 456", "+34655123456").message("¿Tienen hueco el martes por la tarde?"),
        form("IT", "form[id]=7e1a9c2\nform[name]=Contatti\nfields[name][id]=name\nfields[name][type]=text\nfields[name][title]=Nome e cognome\nfields[name][value]=Luca Bianchi\nfields[name][raw_value]=Luca Bianchi\nfields[name][required]=1\nfields[field_8c1][id]=field_8c1\nfields[field_8c1][type]=tel\nfields[field_8c1][title]=Cellulare\nfields[field_8c1][value]=333 123 4567\nfields[field_8c1][raw_value]=333 123 4567\nfields[field_8c1][required]=0\nfields[email][id]=email\nfields[email][type]=email\nfields[email][title]=La tua email\nfields[email][value]=luca@example.it\nfields[email][raw_value]=luca@example.it\nfields[email][required]=1\nfields[message][id]=message\nfields[message][type]=textarea\nfields[message][title]=Messaggio\nfields[message][value]=Rifare il bagno\nfields[message][raw_value]=Rifare il bagno\nfields[message][required]=0\nfields[acc][id]=acc\nfields[acc][type]=acceptance\nfields[acc][title]=Privacy\nfields[acc][value]=on\nfields[acc][raw_value]=on\nfields[acc][required]=1\nmeta[date][title]=Data\nmeta[date][value]=24 Novembre 2026\nmeta[remote_ip][title]=IP\nmeta[remote_ip][value]=203.0.113.7")
            .by("elementor").name("Luca Bianchi").email("luca@example.it").phone("333 123 4567", "+393331234567").message("Rifare il bagno").consent(true),
        form("US", "Name=Ruth Mensah\nEmail=ruth@example.com\nPhone=2175550123\nService=Repair\nMessage=AC blows warm air\nform_id=1\nform_name=Quote\npost_id=12\nsite_url=https://a.example\ntimestamp=2026-11-24 05:05:15")
            .by("elementor").name("Ruth Mensah").email("ruth@example.com").phone("2175550123", "+12175550123").message("AC blows warm air"),
        // Gravity Forms
        json("US", r#"{"id":"1834","form_id":"3","post_id":null,"date_created":"2026-11-24 05:05:15","date_updated":"2026-11-24 05:05:15","is_starred":"0","is_read":"0","ip":"203.0.113.7","source_url":"https://a.example/contact/","user_agent":"Mozilla/5.0","currency":"USD","payment_status":null,"payment_amount":null,"transaction_id":null,"created_by":"5","status":"active","1.2":"Mrs.","1.3":"Wade","1.4":"","1.6":"Cole","1.8":"","2":"wade@example.com","3":"(303) 555-0119","5":"Gutters hang down on the left side, second floor","6.1":"Morning","6.2":"","7":"","8.1":"1","8.2":"I agree to the privacy policy.","8.3":"2"}"#)
            .by("gravityforms").name("Wade Cole").email("wade@example.com").phone("(303) 555-0119", "+13035550119").message("Gutters hang down on the left side, second floor").consent(true),
        json("GB", r#"{"first_name":"Frank","last_name":"Osborne","email_address":"frank@example.co.uk","telephone":"07911 123456","enquiry_details":"Boiler service before Christmas","postcode":"E8 3GX","entry_id":"77","form_title":"Enquiry"}"#)
            .by("gravityforms").name("Frank Osborne").email("frank@example.co.uk").phone("07911 123456", "+447911123456").message("Boiler service before Christmas"),
        // Contact Form 7
        json("DE", r#"{"your-name":"Petra Vogt","your-email":"petra@vogt.example","tel-123":"0171 9876543","your-subject":"Dach","your-message":"Neues Dach, 120 qm","acceptance-77":"1","_url":"https://a.example/kontakt","_date":"24. November 2026"}"#)
            .by("contact-form-7").name("Petra Vogt").email("petra@vogt.example").phone("0171 9876543", "+491719876543").message("Neues Dach, 120 qm").consent(true),
        json("ES", r#"{"nombre":"Ana","apellidos":"Ruiz Sanz","correo-electronico":"ana@example.es","telefono-movil":"600 112 233","menu-servicio":["Reforma"],"tu-consulta":"Reformar la cocina en enero","aceptacion-privacidad":"1"}"#)
            .by("contact-form-7").name("Ana Ruiz Sanz").email("ana@example.es").phone("600 112 233", "+34600112233").message("Reformar la cocina en enero").consent(true),
        json("NL", r#"{"uw-naam":"Lotte de Vries","uw-email":"lotte@example.nl","uw-telefoon":"06-12345678","uw-bericht":"Wekelijks schoonmaken, 90 m2","uw-onderwerp":"Schoonmaak"}"#)
            .by("contact-form-7").name("Lotte de Vries").email("lotte@example.nl").phone("06-12345678", "+31612345678").message("Wekelijks schoonmaken, 90 m2"),
        json("US", r#"{"text-1":"Dana Whitfield","email-2":"dana@example.com","tel-3":"512-555-0142","textarea-4":"Deck, 20 by 12","checkbox-5":["Cedar","Pine"],"quiz-6":"4","file-7":""}"#)
            .by("contact-form-7").name("Dana Whitfield").email("dana@example.com").phone("512-555-0142", "+15125550142").message("Deck, 20 by 12"),
        // Ninja Forms
        json("FR", r#"{"form_id":"2","prenom":"Luc","nom":"Petit","email_1690000000001":"luc@example.fr","telephone_1690000000002":"0612345678","textarea_1690000000003":"Une fuite sous l'évier","submit_1690000000004":"Envoyer"}"#)
            .by("ninja-forms").name("Luc Petit").email("luc@example.fr").phone("0612345678", "+33612345678").message("Une fuite sous l'évier"),
        form("US", "firstname_1523908368154=Grace\nlastname_1523908369534=Okafor\nemail_1523908370634=grace@example.com\nphone_1523908371734=415-555-0132\ntextarea_1523908372834=My boiler is leaking")
            .by("ninja-forms").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        // Fluent Forms
        form("BR", "__fluent_form_embded_post_id=12\n_fluentform_3_fluentformnonce=ab12\n_wp_http_referer=/contato\nnames[first_name]=João\nnames[last_name]=da Silva\nemail=joao@example.com.br\nphone=+5511912345678\ninput_text_1=São Paulo\ndescription=Quero um orçamento\n__submission[id]=7\n__submission[form_id]=3\n__submission[source_url]=https://a.example/contato")
            .by("fluent-forms").name("João da Silva").email("joao@example.com.br").phone("+5511912345678", "+5511912345678").message("Quero um orçamento"),
        // WPForms
        json("DE", r#"{"Vorname":"Kai","Nachname":"Brandt","E-Mail":"kai@example.de","Telefon":"0151 23456789","Nachricht":"Fenster putzen, vier Etagen","DSGVO-Vereinbarung":"Ich stimme zu, dass diese Website meine Angaben speichert."}"#)
            .by("wpforms").name("Kai Brandt").email("kai@example.de").phone("0151 23456789", "+4915123456789").message("Fenster putzen, vier Etagen").consent(true),
        json("US", r#"{"name":"Tom Keller","email":"tom@example.com","phone":"917-555-0101","services":"Piano||Moving","address":"1 Main St||New York||NY||10001","comment":"Piano to move, third floor","when":{"value":"12/01/2026 9:00 AM","unix":1796115600}}"#)
            .by("wpforms").name("Tom Keller").email("tom@example.com").phone("917-555-0101", "+19175550101").message("Piano to move, third floor"),
        // Forminator, Formidable, Divi, Bricks, MetForm, Everest, Jet, WS Form, SureForms
        json("PT", r#"{"form_title":"Contacto","entry_time":"2026-11-24 05:05:15","name_1":{"first-name":"Inês","last-name":"Costa"},"email_1":"ines@example.pt","phone_1":"+351912345678","textarea_1":"Preciso de mudanças no sábado","consent_1":"checked"}"#)
            .name("Inês Costa").email("ines@example.pt").phone("+351912345678", "+351912345678").message("Preciso de mudanças no sábado").consent(true),
        json("US", r#"{"id":"9","item_key":"abc12","name":"Jo Park","ip":"203.0.113.7","form_id":"4","user_id":"0","created_at":"2026-11-24 05:05:15","is_draft":"0","metas":{"qh4icy":"Jo","ocfup1":"Park","29yf4d":"jo@example.com","e6lis6":"206-555-0155","9jv0r1":"Fence repair, about forty feet of it"}}"#)
            .name("Jo Park").email("jo@example.com").phone("206-555-0155", "+12065550155").message("Fence repair, about forty feet of it"),
        form("US", "et_pb_contact_name_1=Jo Park\net_pb_contact_email_1=jo@example.com\net_pb_contact_phone_number_1=206-555-0155\net_pb_contact_describe_your_project_1=Fence repair\net_pb_contactform_submit_1=et_contact_proccess\net_pb_contact_email_fields_1=[{\"field_id\":\"name\"}]")
            .name("Jo Park").email("jo@example.com").phone("206-555-0155", "+12065550155").message("Fence repair"),
        form("US", "form-field-ffb7c7=Jo Park\nform-field-2a4bde=jo@example.com\nform-field-9d1e2f=206-555-0155\nform-field-7c8d9e=Fence repair, about forty feet of it\nformId=abcdef\npostId=12\nreferrer=https://a.example/contact\naction=bricks_form_submit\nnonce=ab12")
            .name("Jo Park").email("jo@example.com").phone("206-555-0155", "+12065550155").message("Fence repair, about forty feet of it"),
        json("US", r#"{"mf-first-name":"Jo","mf-last-name":"Park","mf-email":"jo@example.com","mf-telephone":"206-555-0155","mf-textarea":"Fence repair","hidden-fields":"","form_nonce":"ab12","action":"insert","id":"12"}"#)
            .name("Jo Park").email("jo@example.com").phone("206-555-0155", "+12065550155").message("Fence repair"),
        form("US", "everest_forms[form_fields][fullname]=Jo Park\neverest_forms[form_fields][email]=jo@example.com\neverest_forms[form_fields][ys0GeZISRs-2]=206-555-0155\neverest_forms[form_fields][message]=Fence repair\neverest_forms[id]=4\neverest_forms[author]=1\n_wpnonce4=ab12")
            .name("Jo Park").email("jo@example.com").phone("206-555-0155", "+12065550155").message("Fence repair"),
        json("US", r#"{"wsf_form_id":"3","wsf_hash":"ab12","field_21":"Jo","field_22":"Park","field_23":"jo@example.com","field_24":"206-555-0155","field_25":"Fence repair, about forty feet of it","field_26":["I agree to be contacted by phone and text"]}"#)
            .name("Jo Park").email("jo@example.com").phone("206-555-0155", "+12065550155").message("Fence repair, about forty feet of it").consent(true),
        json("DE", r#"{"form_id":12,"form_name":"Kontakt","to_emails":["shop@betrieb.example"],"data":{"ihr-name":"Jana Vogt","ihre-e-mail":"jana@example.de","ihre-telefonnummer":"0171 2345678","ihre-nachricht":"Heizung kaputt"}}"#)
            .name("Jana Vogt").email("jana@example.de").phone("0171 2345678", "+491712345678").message("Heizung kaputt"),
    ]
}
