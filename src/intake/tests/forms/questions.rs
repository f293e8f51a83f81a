//! Form builders: questions with ids, types and answers apart, in the shapes that each of them gives its webhooks.

use super::{Case, form, json, raw};

pub fn cases() -> Vec<Case> {
    let jotform = |country: &'static str, raw_request: &str, pretty: &str| {
        let part = |name: &str, text: &str| {
            format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        let body = [
            part("action", ""),
            part("webhookURL", "https://l.example/in/x"),
            part("username", "shop"),
            part("formID", "240001112223344"),
            part("type", "WEB"),
            part("customTitle", ""),
            part("submissionID", "5800011122233344455"),
            part("formTitle", "Contact"),
            part("pretty", pretty),
            part("ip", "203.0.113.7"),
            part("rawRequest", raw_request),
        ];
        let body = format!("{}--XyZ--\r\n", body.concat());
        raw(country, "multipart/form-data; boundary=XyZ", body.as_bytes()).by("jotform")
    };
    vec![
        // Jotform
        jotform(
            "US",
            r#"{"slug":"submit\/240001112223344","jsExecutionTracker":"x","submitSource":"default","buildDate":"1770802212931","q3_fullName3":{"first":"Dana","last":"Whitfield"},"q4_email":"dana@example.com","q5_phoneNumber":{"full":"(512) 555-0142"},"q6_address":{"addr_line1":"1 Main St","addr_line2":"","city":"Austin","state":"TX","postal":"78701"},"q7_typeA7":"Deck, 20 by 12, cedar","q8_howDid":["Google","Friend"],"event_id":"1770","timeToSubmit":"20"}"#,
            "Name:Dana Whitfield, Email:dana@example.com",
        )
        .name("Dana Whitfield").email("dana@example.com").phone("(512) 555-0142", "+15125550142").message("Deck, 20 by 12, cedar"),
        jotform(
            "ES",
            r#"{"slug":"submit\/1","q1_nombreCompleto":{"first":"Lucía","last":"Gómez"},"q2_correoElectronico":"lucia@example.es","q3_numeroDe":{"area":"612","phone":"345678"},"q4_mensaje":"Pintar el salón","path":"\/submit\/1"}"#,
            "Nombre completo:Lucía Gómez",
        )
        .name("Lucía Gómez").email("lucia@example.es").phone("(612) 345678", "+34612345678").message("Pintar el salón"),
        // Tally
        json("FR", r#"{"eventId":"e1","eventType":"FORM_RESPONSE","createdAt":"2026-11-24T05:05:15.000Z","data":{"responseId":"r1","formId":"f1","formName":"Devis","fields":[{"key":"question_a","label":"Prénom","type":"INPUT_TEXT","value":"Luc"},{"key":"question_b","label":"Nom de famille","type":"INPUT_TEXT","value":"Petit"},{"key":"question_c","label":"Votre e-mail","type":"INPUT_EMAIL","value":"luc@example.fr"},{"key":"question_d","label":"Votre portable","type":"INPUT_PHONE_NUMBER","value":"+33612345678"},{"key":"question_e","label":"Type de travaux","type":"MULTIPLE_CHOICE","value":["o2"],"options":[{"id":"o1","text":"Toiture"},{"id":"o2","text":"Plomberie"}]},{"key":"question_f","label":"Dites-nous tout","type":"TEXTAREA","value":"Une fuite sous l'évier"}]}}"#)
            .by("tally").name("Luc Petit").email("luc@example.fr").phone("+33612345678", "+33612345678").message("Une fuite sous l'évier"),
        json("US", r#"{"eventId":"e2","eventType":"FORM_RESPONSE","data":{"responseId":"r2","formId":"f1","formName":"Contact","fields":[{"key":"q1","label":null,"type":"INPUT_TEXT","value":"Hal Ortiz"},{"key":"q2","label":null,"type":"INPUT_EMAIL","value":"hal@example.com"},{"key":"q3","label":null,"type":"INPUT_PHONE_NUMBER","value":"+17375550166"},{"key":"q4","label":"utm_source","type":"HIDDEN_FIELDS","value":"google"},{"key":"q5","label":null,"type":"TEXTAREA","value":"Garage door stuck"}]}}"#)
            .by("tally").name("Hal Ortiz").email("hal@example.com").phone("+17375550166", "+17375550166").message("Garage door stuck"),
        // Typeform
        json("DE", r#"{"event_id":"01J","event_type":"form_response","form_response":{"form_id":"lT4Z3j","token":"a3a1","submitted_at":"2026-11-24T05:05:15Z","definition":{"id":"lT4Z3j","title":"Anfrage","fields":[{"id":"f1","title":"Wie heißen Sie?","type":"short_text","ref":"r1"},{"id":"f2","title":"Danke {{field:r1}}! Wie lautet Ihre E-Mail?","type":"email","ref":"r2"},{"id":"f3","title":"Und Ihre Handynummer?","type":"phone_number","ref":"r3"},{"id":"f4","title":"Was dürfen wir für Sie tun?","type":"long_text","ref":"r4"},{"id":"f5","title":"Darf es per SMS sein?","type":"yes_no","ref":"r5"}]},"answers":[{"type":"text","text":"Jana Vogt","field":{"id":"f1","type":"short_text","ref":"r1"}},{"type":"email","email":"jana@example.de","field":{"id":"f2","type":"email","ref":"r2"}},{"type":"phone_number","phone_number":"+491712345678","field":{"id":"f3","type":"phone_number","ref":"r3"}},{"type":"text","text":"Heizung kaputt","field":{"id":"f4","type":"long_text","ref":"r4"}}]}}"#)
            .by("typeform").name("Jana Vogt").email("jana@example.de").phone("+491712345678", "+491712345678").message("Heizung kaputt"),
        json("US", r#"{"event_id":"01K","event_type":"form_response","form_response":{"form_id":"x","token":"b","definition":{"id":"x","title":"Quote","fields":[{"id":"a","title":"First name","type":"contact_info","ref":"a"},{"id":"b","title":"Last name","type":"contact_info","ref":"b"},{"id":"c","title":"Phone number","type":"contact_info","ref":"c"},{"id":"d","title":"Email","type":"contact_info","ref":"d"},{"id":"e","title":"Which service?","type":"multiple_choice","ref":"e"}]},"answers":[{"type":"text","text":"Max","field":{"id":"a","type":"short_text","ref":"a"}},{"type":"text","text":"Ferrer","field":{"id":"b","type":"short_text","ref":"b"}},{"type":"phone_number","phone_number":"+15125550188","field":{"id":"c","type":"phone_number","ref":"c"}},{"type":"email","email":"max@example.com","field":{"id":"d","type":"email","ref":"d"}},{"type":"choice","choice":{"id":"o","label":"Solar","ref":"o"},"field":{"id":"e","type":"multiple_choice","ref":"e"}}]}}"#)
            .by("typeform").name("Max Ferrer").email("max@example.com").phone("+15125550188", "+15125550188"),
        // Google Forms by a script
        json("IT", r#"{"formId":"1F","formTitle":"Richiesta preventivo","responseId":"2_A","timestamp":"2026-11-24T05:05:15.000Z","respondentEmail":"","answers":{"Nome e cognome":["Gia Riva"],"Indirizzo e-mail":["gia@example.it"],"Numero di telefono":["333 123 4567"],"Descrivi il lavoro":["Potare gli alberi"],"Quando?":["Prossima settimana"]}}"#)
            .by("google-forms").name("Gia Riva").email("gia@example.it").phone("333 123 4567", "+393331234567").message("Potare gli alberi"),
        json("MX", r#"{"formTitle":"Cotización","responses":[{"item":{"title":"Nombre completo","type":"TEXT"},"response":"María Fernanda López"},{"item":{"title":"WhatsApp","type":"TEXT"},"response":"55 1234 5678"},{"item":{"title":"¿Qué necesitas?","type":"PARAGRAPH_TEXT"},"response":"Impermeabilizar la azotea"}]}"#)
            .by("google-forms").name("María Fernanda López").phone("55 1234 5678", "+525512345678").message("Impermeabilizar la azotea"),
        // Formspree, Basin, Getform
        json("US", r#"{"form":"xyzk","submission":{"_date":"2026-11-24T05:05:15.000Z","_subject":"New quote","fullName":"Ida Berg","_replyto":"ida@example.com","mobile":"512-555-0177","projectDetails":"Hello, is Friday free?"},"keys":["fullName","_replyto","mobile","projectDetails"]}"#)
            .by("formspree").name("Ida Berg").email("ida@example.com").phone("512-555-0177", "+15125550177").message("Hello, is Friday free?"),
        json("US", r#"{"id":77,"payload":{"firstName":"Ida","surname":"Berg","email":"ida@example.com","contact_number":"512-555-0177","enquiry":"Is Friday free?"},"source_host":"a.example","source_path":"/contact","created_at":"2026-11-24T05:05:15Z","spam":false}"#)
            .by("basin").name("Ida Berg").email("ida@example.com").phone("512-555-0177", "+15125550177").message("Is Friday free?"),
        // Formstack
        form("US", "FormID=5\nUniqueID=77\nFull Name=first = Ida\\nlast = Berg\nEmail=ida@example.com\nPhone=(512) 555-0177\nHow can we help?=Is Friday free?\nHandshakeKey=abc")
            .by("formstack").name("Ida Berg").email("ida@example.com").phone("(512) 555-0177", "+15125550177").message("Is Friday free?"),
        // Paperform, Cognito, Fillout
        json("NL", r#"{"data":[{"title":"Wat is je naam?","description":null,"type":"text","key":"a1","custom_key":null,"value":"Piet Bos"},{"title":"E-mailadres","type":"email","key":"a2","value":"piet@example.nl"},{"title":"Mobiel nummer","type":"phone","key":"a3","value":"+31612345678"},{"title":"Omschrijf de klus","type":"text","key":"a4","value":"Dakgoot lekt"},{"title":"Adres","type":"address","key":"a5","value":{"street":"Laan 1","suburb":"Utrecht","state":"UT","postcode":"3511","country":"NL"}}],"form_id":"f","slug":"klus","submission_id":"s","created_at":"2026-11-24 05:05:15","ip_address":"203.0.113.7"}"#)
            .by("paperform").name("Piet Bos").email("piet@example.nl").phone("+31612345678", "+31612345678").message("Dakgoot lekt"),
        json("US", r#"{"Form":{"Id":"2","InternalName":"Quote","Name":"Quote"},"Name":{"First":"Noor","FirstAndLast":"Noor Aziz","Last":"Aziz","Middle":null,"Prefix":null,"Suffix":null},"EmailAddress":"noor@example.com","BestPhone":"(646) 555-0111","DescribeTheProject":"Paint two rooms","ServiceAddress":{"City":"New York","Line1":"1 Main St","PostalCode":"10001","State":"NY"},"Entry":{"Number":7,"DateSubmitted":"2026-11-24T05:05:15Z","Status":"Submitted","AdminLink":"https://x.example"},"Id":"2-7"}"#)
            .by("cognito-forms").name("Noor Aziz").email("noor@example.com").phone("(646) 555-0111", "+16465550111").message("Paint two rooms"),
        json("US", r#"{"formId":"v","formName":"Intake","submission":{"submissionId":"s","submissionTime":"2026-11-24T05:05:15Z","questions":[{"id":"1","name":"Name","type":"ShortAnswer","value":"Noor Aziz"},{"id":"2","name":"Email","type":"EmailInput","value":"noor@example.com"},{"id":"3","name":"Phone number","type":"PhoneNumber","value":"+16465550111"},{"id":"4","name":"Which rooms?","type":"MultipleChoice","value":["Kitchen"]},{"id":"5","name":"Anything else we should know?","type":"LongAnswer","value":"Paint two rooms"}],"calculations":[],"urlParameters":[{"id":"email","name":"email","value":""}]}}"#)
            .by("fillout").name("Noor Aziz").email("noor@example.com").phone("+16465550111", "+16465550111").message("Paint two rooms"),
        // Zoho Forms, 123FormBuilder, Microsoft Forms, SurveyMonkey, Airtable, Typebot, chat forms
        json("IN", r#"{"Name_First":"Asha","Name_Last":"Rao","Email":"asha@example.in","PhoneNumber_countrycode":"+919876543210","MultiLine":"Kitchen cabinets, two metres","IP_Address":"203.0.113.7","Referrer_Name":"https://a.example","Added_Time":"24-Nov-2026 05:05:15"}"#)
            .name("Asha Rao").email("asha@example.in").phone("+919876543210", "+919876543210").message("Kitchen cabinets, two metres"),
        form("US", "ReferenceId=77\nFormName=Quote\nFormId=5\nControls_1_First=Noor\nControls_1_Last=Aziz\nControls_2=noor@example.com\nControls_3=646-555-0111\nControls_4=Paint two rooms and the hall\nSubmissionDate=2026-11-24")
            .name("Noor Aziz").email("noor@example.com").phone("646-555-0111", "+16465550111").message("Paint two rooms and the hall"),
        json("US", r#"{"responseId":"7","submitDate":"11/24/2026 5:05:15 AM","responder":"anonymous","Your full name":"Noor Aziz","Your e-mail":"noor@example.com","Mobile no.":"646-555-0111","Tell us what you need":"Paint two rooms"}"#)
            .name("Noor Aziz").email("noor@example.com").phone("646-555-0111", "+16465550111").message("Paint two rooms"),
        json("US", r#"{"base":{"id":"app1"},"record":{"id":"rec1","createdTime":"2026-11-24T05:05:15.000Z","fields":{"Full Name":"Noor Aziz","Email Address":"noor@example.com","Phone #":"(646) 555-0111","Project Notes":"Paint two rooms","Status":"New","Assignee":{"id":"usr1","email":"rep@acme.example","name":"Rep Bob"}}}}"#)
            .name("Noor Aziz").email("noor@example.com").phone("(646) 555-0111", "+16465550111").message("Paint two rooms"),
        json("FR", r#"{"resultId":"r1","submittedAt":"2026-11-24T05:05:15Z","Nom":"Zoé Marchand","E-mail":"zoe@example.fr","Téléphone":"0698765432","Besoin":"Tonte de pelouse","Créneau":"Matin"}"#)
            .by("typebot").name("Zoé Marchand").email("zoe@example.fr").phone("0698765432", "+33698765432").message("Tonte de pelouse"),
        json("ES", r#"{"conversation":{"id":"c1","channel":"whatsapp"},"customer":{"name":"Ana Ruiz","phone":"+34600112233"},"variables":{"servicio":"Pintura","comentario":"Pintar dos habitaciones"}}"#)
            .name("Ana Ruiz").phone("+34600112233", "+34600112233").message("Pintar dos habitaciones"),
        json("DE", r#"{"id":"h1","flow":{"name":"Solar-Check"},"fields":[{"variable":"dachtyp","label":"Welche Dachform?","values":[{"answer":"Satteldach"}]},{"variable":"vorname","label":"Vorname","values":[{"answer":"Uwe"}]},{"variable":"nachname","label":"Nachname","values":[{"answer":"Lorenz"}]},{"variable":"email","label":"E-Mail","values":[{"answer":"uwe@example.de"}]},{"variable":"telefon","label":"Telefon","values":[{"answer":"+49 171 2345678"}]}]}"#)
            .name("Uwe Lorenz").email("uwe@example.de").phone("+49 171 2345678", "+491712345678"),
        json("US", r#"{"respondent":{"id":"p1"},"answers":{"contact-name":"Noor Aziz","contact-email":"noor@example.com","contact-phone":"646-555-0111","open-question-1":"Paint two rooms"},"outcome":{"title":"Thanks"}}"#)
            .name("Noor Aziz").email("noor@example.com").phone("646-555-0111", "+16465550111").message("Paint two rooms"),
        form("US", "Q1_FirstName=Noor\nQ1_LastName=Aziz\nQ2=noor@example.com\nQ3=646-555-0111\nQ4=Paint two rooms and the hall before May\nsubmit=Send")
            .name("Noor Aziz").email("noor@example.com").phone("646-555-0111", "+16465550111").message("Paint two rooms and the hall before May"),
    ]
}
