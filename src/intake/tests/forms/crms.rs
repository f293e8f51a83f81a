//! Forms of sales tools, and leads of advertisers and portals.

use super::{Case, form, json};

pub fn cases() -> Vec<Case> {
    vec![
        // Salesforce web-to-lead
        form("US", "oid=00D5f000001abcd\nretURL=https://a.example/thanks\nencoding=UTF-8\nfirst_name=Priya\nlast_name=Shah\ncompany=Bright Dental\nemail=priya@bright.example\nmobile=312-555-0188\nphone=312-555-0100\n00N5f000004XyZa=Weekly cleaning, three floors, after six in the evening\n00N5f000004XyZb=2\nlead_source=Web\ncaptcha_settings={\"keyname\":\"k\",\"fallback\":\"true\",\"orgId\":\"00D\",\"ts\":\"1770802212931\"}\nsubmit=Submit")
            .name("Priya Shah").email("priya@bright.example").phone("312-555-0188", "+13125550188").message("Weekly cleaning, three floors, after six in the evening"),
        form("DE", "oid=00D5f000001abcd\nsalutation=Frau\nfirst_name=Petra\nlast_name=Vogt\ncompany=Vogt & Söhne\nemail=petra@vogt.example\nphone=0171 9876543\ndescription=Neues Dach, 120 qm\nurl=https://vogt.example\nstreet=Hauptstr. 1\ncity=Ulm\nzip=89073\nemailOptOut=0")
            .name("Petra Vogt").email("petra@vogt.example").phone("0171 9876543", "+491719876543").message("Neues Dach, 120 qm"),
        // HubSpot
        json("ES", r#"{"portalId":"62515","formGuid":"f0f0","submittedAt":1770802212000,"values":[{"name":"firstname","value":"Lucía","objectTypeId":"0-1"},{"name":"lastname","value":"Gómez","objectTypeId":"0-1"},{"name":"email","value":"lucia@example.es","objectTypeId":"0-1"},{"name":"mobilephone","value":"612 345 678","objectTypeId":"0-1"},{"name":"TICKET.content","value":"Pintar el salón","objectTypeId":"0-5"},{"name":"hs_context","value":"{\"pageUrl\":\"https://a.example\"}"},{"name":"LEGAL_CONSENT.communication_type_12","value":"Checked"}],"pageUrl":"https://a.example/contacto"}"#)
            .by("hubspot").name("Lucía Gómez").email("lucia@example.es").phone("612 345 678", "+34612345678").message("Pintar el salón").consent(true),
        json("US", r#"{"firstname":"Kim","lastname":"Park","email":"kim@example.com","phone":"206-555-0133","what_do_you_need_help_with_":"Sink clogged","hs_lead_status":"NEW","lifecyclestage":"lead","hubspot_owner_id":"77","num_conversion_events":"2","recent_conversion_event_name":"Contact us"}"#)
            .by("hubspot").name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        // Marketo, Pardot, Eloqua
        form("US", "FirstName=Kim\nLastName=Park\nEmail=kim@example.com\nPhone=206-555-0133\nCompany=Acme\nComments__c=Sink clogged\nmunchkinId=123-ABC-456\nformid=1001\nformVid=1001\n_mkt_trk=id:123-ABC-456&token:_mch\n_mktoReferrer=https://a.example/contact\nkv_checksum=ab")
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        form("US", "12345_1001pi_12345_1001=Kim\n12345_1003pi_12345_1003=Park\n12345_1005pi_12345_1005=kim@example.com\n12345_1007pi_12345_1007=206-555-0133\n12345_1009pi_12345_1009=Sink clogged since Monday evening\n_utf8=☃\nhiddenDependentFields=")
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged since Monday evening"),
        form("US", "elqFormName=ContactUs\nelqSiteID=77\nelqCampaignId=\nC_FirstName=Kim\nC_LastName=Park\nC_EmailAddress=kim@example.com\nC_BusPhone=206-555-0133\nC_Comments=Sink clogged")
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        // Mailchimp, ActiveCampaign, Klaviyo, Brevo
        form("US", "type=subscribe\nfired_at=2026-11-24 05:05:15\ndata[id]=8a25\ndata[list_id]=a6b5\ndata[email]=kim@example.com\ndata[email_type]=html\ndata[merges][EMAIL]=kim@example.com\ndata[merges][FNAME]=Kim\ndata[merges][LNAME]=Park\ndata[merges][PHONE]=206-555-0133\ndata[merges][MMERGE7]=Sink clogged since Monday\ndata[ip_opt]=203.0.113.7")
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged since Monday"),
        form("US", "type=subscribe\ndate_time=2026-11-24 05:05:15\ninitiated_from=public\nlist=3\ncontact[id]=42\ncontact[email]=kim@example.com\ncontact[first_name]=Kim\ncontact[last_name]=Park\ncontact[phone]=206-555-0133\ncontact[ip]=203.0.113.7\ncontact[tags]=web\ncontact[fields][what_do_you_need]=Sink clogged\nform[id]=1")
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        json("FR", r#"{"event":"contact_created","email":"luc@example.fr","attributes":{"PRENOM":"Luc","NOM":"Petit","SMS":"33612345678","MESSAGE":"Une fuite sous l'évier","OPT_IN":true},"listIds":[3]}"#)
            .name("Luc Petit").email("luc@example.fr").phone("33612345678", "+33612345678").message("Une fuite sous l'évier").consent(true),
        // Zoho CRM, Pipedrive, Close, Dynamics
        form("US", "xnQsjsdp=ab\nxmIwtLD=cd\nactionType=TGVhZHM=\nreturnURL=https://a.example\nFirst Name=Kim\nLast Name=Park\nEmail=kim@example.com\nMobile=206-555-0133\nDescription=Sink clogged\nLEADCF5=Kitchen\naG9uZXlwb3Q=")
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        json("US", r#"{"meta":{"action":"added","object":"person","id":77,"company_id":5,"user_id":9},"current":{"id":77,"name":"Kim Park","first_name":"Kim","last_name":"Park","phone":[{"label":"mobile","value":"206-555-0133","primary":true}],"email":[{"label":"work","value":"kim@example.com","primary":true}],"owner_id":9,"owner_name":"Rep Bob","org_name":null,"notes":"Sink clogged"},"previous":null,"event":"added.person"}"#)
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        json("US", r#"{"subject":"Website lead","firstname":"Kim","lastname":"Park","emailaddress1":"kim@example.com","telephone1":"206-555-0100","mobilephone":"206-555-0133","companyname":"Acme","description":"Sink clogged","leadsourcecode":8,"_ownerid_value":"00ab"}"#)
            .name("Kim Park").email("kim@example.com").phone("206-555-0133", "+12065550133").message("Sink clogged"),
        // Ads, straight and through tools
        json("ES", r#"{"id":"123","created_time":"2026-11-24T05:05:15+0000","ad_id":"1","ad_name":"Primavera","adset_name":"ES","campaign_name":"Cocinas","form_id":"9","form_name":"Presupuesto","platform":"ig","is_organic":"false","nombre_completo":"Lucía Gómez","correo_electrónico":"lucia@example.es","número_de_teléfono":"p:+34612345678","¿qué_necesitas?":"Cocina nueva"}"#)
            .name("Lucía Gómez").email("lucia@example.es").phone("+34612345678", "+34612345678").message("Cocina nueva"),
        json("DE", r#"{"lead_id":"TeSter","user_column_data":[{"column_name":"Vollständiger Name","string_value":"Jana Vogt","column_id":"FULL_NAME"},{"column_name":"Telefonnummer","string_value":"+491712345678","column_id":"PHONE_NUMBER"},{"column_name":"E-Mail","string_value":"jana@example.de","column_id":"EMAIL"},{"column_name":"Postleitzahl","string_value":"10115","column_id":"POSTAL_CODE"},{"string_value":"Wärmepumpe","column_id":"Welches Produkt interessiert Sie?"}],"api_version":"1.0","form_id":40000000000,"campaign_id":12345,"google_key":"k","gcl_id":"Cj0K"}"#)
            .by("google-ads").name("Jana Vogt").email("jana@example.de").phone("+491712345678", "+491712345678"),
        json("US", r#"{"leadId":"77","advertiserId":"5","formData":[{"fieldName":"Full name","fieldValue":"Kim Park"},{"fieldName":"Email","fieldValue":"kim@example.com"},{"fieldName":"Phone number","fieldValue":"+12065550133"},{"fieldName":"What do you need?","fieldValue":"Sink clogged"}],"createTime":"2026-11-24T05:05:15Z"}"#)
            .by("tiktok").name("Kim Park").email("kim@example.com").phone("+12065550133", "+12065550133").message("Sink clogged"),
        json("US", r#"{"firstName":"Kim","lastName":"Park","emailAddress":"kim@example.com","phoneNumber":"+1 206-555-0133","companyName":"Acme","jobTitle":"Owner","formName":"Spring","campaignName":"Q4","customQuestions":[{"question":"What are you looking for?","answer":"New sink"}],"leadType":"SPONSORED"}"#)
            .name("Kim Park").email("kim@example.com").phone("+1 206-555-0133", "+12065550133").message("New sink"),
        // Portals
        json("US", r#"{"SpEntityId":"1","LeadOid":"77","FirstName":"Kim","LastName":"Park","PhonePrimary":"2065550133","PhoneSecondary":"","Email":"kim@example.com","Address":"1 Main St","City":"Seattle","State":"WA","PostalCode":"98101","TaskName":"Drain cleaning","Comments":"Customer is looking for: sink clogged","Interview":[{"Question":"Is this an emergency?","Answer":"No"}]}"#)
            .name("Kim Park").email("kim@example.com").phone("2065550133", "+12065550133").message("Customer is looking for: sink clogged"),
        json("GB", r#"{"network":{"network_id":1},"branch":{"branch_id":5,"branch_name":"Acme Lettings"},"enquiry":{"enquiry_id":77,"enquiry_date":"24-11-2026 05:05:15","comments":"Please arrange a viewing","user":{"user_contact_details":{"title":"Mr","first_name":"Frank","last_name":"Osborne","phone_day":"07911 123456","email":"frank@example.co.uk"}}},"property":{"agent_ref":"A1","price":250000}}"#)
            .name("Frank Osborne").email("frank@example.co.uk").phone("07911 123456", "+447911123456").message("Please arrange a viewing"),
        json("FR", r#"{"type":"demande_devis","particulier":{"civilite":"Mme","nom":"Marchand","prenom":"Zoé","tel_mobile":"06 98 76 54 32","mail":"zoe@example.fr","code_postal":"75011","ville":"Paris"},"projet":{"categorie":"Peinture","description":"Repeindre deux chambres","delai":"1 mois"}}"#)
            .name("Zoé Marchand").email("zoe@example.fr").phone("06 98 76 54 32", "+33698765432").message("Repeindre deux chambres"),
        json("DE", r#"{"anfrage":{"id":77,"gewerk":"Dachdecker","beschreibung":"Ziegel nach Sturm ersetzen","ort":"Ulm","plz":"89073"},"kunde":{"anrede":"Herr","vorname":"Uwe","nachname":"Lorenz","telefon":"0171 2345678","email":"uwe@example.de"}}"#)
            .name("Uwe Lorenz").email("uwe@example.de").phone("0171 2345678", "+491712345678").message("Ziegel nach Sturm ersetzen"),
        json("IT", r#"{"richiesta":{"servizio":"Idraulico","testo":"Perdita sotto il lavello","urgente":true},"cliente":{"nome":"Gia","cognome":"Riva","cellulare":"333 123 4567","email":"gia@example.it","citta":"Milano"}}"#)
            .name("Gia Riva").email("gia@example.it").phone("333 123 4567", "+393331234567").message("Perdita sotto il lavello"),
        json("BR", r#"{"leads":[{"id":"1","email":"joao@example.com.br","name":"João da Silva","company":null,"job_title":null,"personal_phone":"1132345678","mobile_phone":"11912345678","city":"São Paulo","custom_fields":{"Qual serviço você precisa?":"Pintura externa"},"first_conversion":{"content":{"identificador":"orcamento"}}}]}"#)
            .name("João da Silva").email("joao@example.com.br").phone("11912345678", "+5511912345678").message("Pintura externa"),
    ]
}
