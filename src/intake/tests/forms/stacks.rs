//! Forms that programmers wrote, by the ways of their frameworks, and what automation tools make of submissions.

use super::{Case, form, json, raw};
use crate::intake::tests::FORM;

pub fn cases() -> Vec<Case> {
    vec![
        // ASP.NET
        form("US", "__VIEWSTATE=dDwtMTA3\n__VIEWSTATEGENERATOR=CA0B0334\n__EVENTVALIDATION=wEWBgK\n__EVENTTARGET=\nctl00$MainContent$txtFirstName=Grace\nctl00$MainContent$txtLastName=Okafor\nctl00$MainContent$txtEmail=grace@example.com\nctl00$MainContent$txtPhone=(415) 555-0132\nctl00$MainContent$txtMessage=My boiler is leaking\nctl00$MainContent$ddlService=Repair\nctl00$MainContent$btnSubmit=Send")
            .name("Grace Okafor").email("grace@example.com").phone("(415) 555-0132", "+14155550132").message("My boiler is leaking"),
        form("DE", "__RequestVerificationToken=CfDJ8\nKontakt.Name=Jana Vogt\nKontakt.EMail=jana@example.de\nKontakt.Telefon=0171 2345678\nKontakt.Nachricht=Heizung kaputt\nKontakt.Datenschutz=true\nufprt=ABCD")
            .name("Jana Vogt").email("jana@example.de").phone("0171 2345678", "+491712345678").message("Heizung kaputt").consent(true),
        form("US", "dnn$ctr412$View$tbName=Grace Okafor\ndnn$ctr412$View$tbEmail=grace@example.com\ndnn$ctr412$View$tbTel=415-555-0132\ndnn$ctr412$View$tbComments=My boiler is leaking\nScrollTop=12\n__dnnVariable=x")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("US", "p_lt_ctl02_viewBiz_ctl00_FirstName_txtText=Grace\np_lt_ctl02_viewBiz_ctl00_LastName_txtText=Okafor\np_lt_ctl02_viewBiz_ctl00_Email_txtEmailInput=grace@example.com\np_lt_ctl02_viewBiz_ctl00_Phone_txtText=415-555-0132\np_lt_ctl02_viewBiz_ctl00_Comments_txtText=My boiler is leaking")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        // Rails, Django, Laravel, Symfony, Spring
        form("US", "utf8=✓\nauthenticity_token=ab\ncontact_request[contact_attributes][first_name]=Grace\ncontact_request[contact_attributes][last_name]=Okafor\ncontact_request[contact_attributes][email]=grace@example.com\ncontact_request[contact_attributes][phone_number]=415-555-0132\ncontact_request[body]=My boiler is leaking\ncommit=Send")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("US", "csrfmiddlewaretoken=ab\ncontact-0-full_name=Grace Okafor\ncontact-0-email=grace@example.com\ncontact-0-telephone=415-555-0132\ncontact-0-details=My boiler is leaking\ncontact-TOTAL_FORMS=1\ncontact-INITIAL_FORMS=0")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("FR", "contact_form[nomComplet]=Claire Durand\ncontact_form[courriel]=claire@example.fr\ncontact_form[numeroTelephone]=0762345678\ncontact_form[contenu]=Rénover une salle de bain\ncontact_form[rgpd]=1\ncontact_form[_token]=ab\ncontact_form[envoyer]=")
            .name("Claire Durand").email("claire@example.fr").phone("0762345678", "+33762345678").message("Rénover une salle de bain").consent(true),
        form("BR", "_token=ab\nnome_completo=João da Silva\nemail=joao@example.com.br\nddd=11\ntelefone=91234-5678\nmensagem=Quero um orçamento\naceite_lgpd=sim")
            .name("João da Silva").email("joao@example.com.br").phone("(11) 91234-5678", "+5511912345678").message("Quero um orçamento").consent(true),
        // Joomla, Drupal, TYPO3, Contao, Craft, Umbraco, Concrete
        form("US", "jform[contact_name]=Grace Okafor\njform[contact_email]=grace@example.com\njform[contact_subject]=Boiler\njform[contact_message]=My boiler is leaking\njform[com_fields][telephone]=415-555-0132\noption=com_contact\ntask=contact.submit\n0123456789abcdef0123456789abcdef=1")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("FR", "form_build_id=form-abc\nform_id=webform_submission_contact_node_1_add_form\nsubmitted[prenom]=Luc\nsubmitted[nom]=Petit\nsubmitted[adresse_electronique]=luc@example.fr\nsubmitted[telephone]=0612345678\nsubmitted[votre_message]=Une fuite sous l'évier\nop=Envoyer")
            .name("Luc Petit").email("luc@example.fr").phone("0612345678", "+33612345678").message("Une fuite sous l'évier"),
        form("DE", "tx_form_formframework[kontakt-1][__state]=TzozOQ\ntx_form_formframework[kontakt-1][vorname]=Jana\ntx_form_formframework[kontakt-1][nachname]=Vogt\ntx_form_formframework[kontakt-1][e-mail]=jana@example.de\ntx_form_formframework[kontakt-1][telefon-1]=0171 2345678\ntx_form_formframework[kontakt-1][textarea-1]=Heizung kaputt\ntx_form_formframework[kontakt-1][__currentPage]=1\ntx_form_formframework[kontakt-1][aB3dE]=\ntx_form_formframework[__trustedProperties]={\"kontakt-1\":{\"vorname\":1}}")
            .name("Jana Vogt").email("jana@example.de").phone("0171 2345678", "+491712345678").message("Heizung kaputt"),
        form("NL", "CRAFT_CSRF_TOKEN=ab\naction=freeform/submit\nformHash=xY\nvoornaam=Lotte\ntussenvoegsel=de\nachternaam=Vries\nemailadres=lotte@example.nl\ntelefoonnummer=0612345678\nuwVraag=Wekelijks schoonmaken\nakkoordPrivacy=ja\nfreeform_form_handle=contact")
            .name("Lotte de Vries").email("lotte@example.nl").phone("0612345678", "+31612345678").message("Wekelijks schoonmaken").consent(true),
        // By hand
        form("US", "realname=Grace Okafor\nemail=grace@example.com\nday_phone=415-555-0132\neve_phone=\nrecipient=owner@shop.example\nsubject=Web form\nredirect=https://shop.example/thanks\nrequired=realname,email\ncomments=My boiler is leaking")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("US", "strName=Grace Okafor\nstrEmail=grace@example.com\nstrPhone=415-555-0132\nstrComments=My boiler is leaking\nbtnSubmit=Send")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("GB", "title=Mr\nforename=Frank\nsurname=Osborne\ntelephone_no=07911 123456\nemail_addr=frank@example.co.uk\nmessage_text=Boiler service before Christmas\ngdpr_consent=Y")
            .name("Frank Osborne").email("frank@example.co.uk").phone("07911 123456", "+447911123456").message("Boiler service before Christmas").consent(true),
        form("ES", "txtNombre=Ana Ruiz\ntxtMail=ana@example.es\ntxtTfno=600112233\ntxtObs=Reformar la cocina\nchkLOPD=on")
            .name("Ana Ruiz").email("ana@example.es").phone("600112233", "+34600112233").message("Reformar la cocina").consent(true),
        form("PT", "nome_cliente=Inês Costa\nmail_cliente=ines@example.pt\ncontacto_telefonico=912345678\npedido=Preciso de mudanças no sábado\nrgpd=1")
            .name("Inês Costa").email("ines@example.pt").phone("912345678", "+351912345678").message("Preciso de mudanças no sábado").consent(true),
        form("IT", "nominativo=Luca Bianchi\nmail=luca@example.it\ntel_cell=3331234567\nnote=Rifare il bagno\nconsenso_privacy=si")
            .name("Luca Bianchi").email("luca@example.it").phone("3331234567", "+393331234567").message("Rifare il bagno").consent(true),
        raw("US", FORM, b"formData=name%3DGrace%2BOkafor%26email%3Dgrace%2540example.com%26phone%3D415-555-0132%26message%3DMy%2Bboiler%2Bis%2Bleaking&action=send_form")
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"data":[{"name":"name","value":"Grace Okafor"},{"name":"email","value":"grace@example.com"},{"name":"phone","value":"415-555-0132"},{"name":"message","value":"My boiler is leaking"},{"name":"g-recaptcha-response","value":"03AG"}]}"#)
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"userName":"Grace Okafor","userEmail":"grace@example.com","userPhone":"415-555-0132","userMessage":"My boiler is leaking","formType":"contact"}"#)
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"operationName":"CreateLead","variables":{"input":{"fullName":"Grace Okafor","emailAddress":"grace@example.com","phone":"415-555-0132","message":"My boiler is leaking"}},"query":"mutation CreateLead($input: LeadInput!) { createLead(input: $input) { id } }"}"#)
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        // Zapier, Make, n8n, Power Automate, Pabbly, IFTTT
        json("US", r#"{"data__0__question":"What's your name?","data__0__answer":"Grace Okafor","data__1__question":"Email","data__1__answer":"grace@example.com","data__2__question":"Phone","data__2__answer":"415-555-0132","data__3__question":"How can we help?","data__3__answer":"My boiler is leaking"}"#)
            .by("zapier").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"contact__name__first":"Grace","contact__name__last":"Okafor","contact__emails__0__email":"grace@example.com","contact__phones__0__phone":"415-555-0132","answers__how_can_we_help":"My boiler is leaking","zap_meta_human_now":"Nov 24th"}"#)
            .by("zapier").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        form("US", "form__name=Grace Okafor\nform__email_address=grace@example.com\nform__cell=415-555-0132\nform__job_details=My boiler is leaking")
            .by("zapier").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"1. Name":"Grace Okafor","2. Email":"grace@example.com","3. Phone":"415-555-0132","4. Message":"My boiler is leaking"}"#)
            .by("make").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"[{"json":{"Name":"Grace Okafor","Email":"grace@example.com","Phone":"415-555-0132","Message":"My boiler is leaking"},"pairedItem":{"item":0}}]"#)
            .by("n8n").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("DE", r#"[{"headers":{"host":"n8n.example","user-agent":"Mozilla/5.0"},"params":{},"query":{},"body":{"Ihr Name":"Jana Vogt","Ihre E-Mail":"jana@example.de","Ihre Telefonnummer":"0171 2345678","Ihre Nachricht":"Heizung kaputt"},"webhookUrl":"https://n8n.example/webhook/1","executionMode":"production"}]"#)
            .by("n8n").name("Jana Vogt").email("jana@example.de").phone("0171 2345678", "+491712345678").message("Heizung kaputt"),
        json("US", r#"{"submittedAt":"2026-11-24T05:05:15.000Z","formMode":"production","Your name":"Grace Okafor","Your email":"grace@example.com","Your phone":"415-555-0132","What do you need?":"My boiler is leaking"}"#)
            .by("n8n").name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"value1":"Grace Okafor","value2":"grace@example.com","value3":"415-555-0132"}"#)
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132"),
        json("US", r#"{"From":"Website form","Fields":"Name: Grace Okafor\nEmail: grace@example.com\nPhone: 415-555-0132\nMessage: My boiler is leaking"}"#)
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
        json("US", r#"{"lead":{"Full_x0020_Name":"Grace Okafor","E_x002d_mail":"grace@example.com","Phone_x0020_Number":"415-555-0132","How_x0020_can_x0020_we_x0020_help_x003f_":"My boiler is leaking"}}"#)
            .name("Grace Okafor").email("grace@example.com").phone("415-555-0132", "+14155550132").message("My boiler is leaking"),
    ]
}
