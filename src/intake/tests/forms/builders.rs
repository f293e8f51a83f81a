//! The ways of builders, plug-ins, portals and sales tools that we have no recordings of.

use super::{Case, form, json, raw};

pub fn cases() -> Vec<Case> {
    let ana = |case: Case| {
        case.name("Ana Ruiz")
            .email("ana@example.com")
            .phone("512-555-0142", "+15125550142")
            .message("Fix the north gate")
    };
    vec![
        ana(form("US", "wpforms[fields][0][first]=Ana\nwpforms[fields][0][last]=Ruiz\nwpforms[fields][1]=ana@example.com\nwpforms[fields][3]=512-555-0142\nwpforms[fields][2]=Fix the north gate\nwpforms[hp]=\nwpforms[id]=12\nwpforms[author]=1\nwpforms[post_id]=7\nwpforms[nonce]=ab")),
        ana(form("US", "name-1=Ana Ruiz\nemail-1=ana@example.com\nphone-1=512-555-0142\ntextarea-1=Fix the north gate\nform_id=12\nform_type=default\nforminator_nonce=ab\nreferer_url=https://a.example")),
        ana(form("US", "et_pb_contact_name_0=Ana Ruiz\net_pb_contact_email_0=ana@example.com\net_pb_contact_phone_0=512-555-0142\net_pb_contact_message_0=Fix the north gate\net_pb_contactform_submit_0=et_contact_proccess\n_wpnonce-et-pb-contact-form-submitted-0=1a\net_pb_contact_captcha_0=7")),
        ana(form("US", "form_fields[name]=Ana Ruiz\nform_fields[email]=ana@example.com\nform_fields[field_1a2b3c4]=512-555-0142\nform_fields[message]=Fix the north gate\npost_id=12\nform_id=1ab\nreferer_title=Contact\nqueried_id=12")),
        ana(form("US", "contact[name]=Ana Ruiz\ncontact[email]=ana@example.com\ncontact[phone]=512-555-0142\ncontact[body]=Fix the north gate\nform_type=contact\nutf8=✓")),
        ana(form("US", "form_submission[name]=Ana Ruiz\nform_submission[email]=ana@example.com\nform_submission[phone_number]=512-555-0142\nform_submission[custom_1]=Fix the north gate if you can and please bring the right hinges"))
            .message("Fix the north gate if you can and please bring the right hinges"),
        ana(form("US", "oid=00D000000000001\nretURL=https://a.example/thanks\nfirst_name=Ana\nlast_name=Ruiz\ncompany=Acme\nemail=ana@example.com\nphone=512-555-0142\ndescription=Fix the north gate\nlead_source=Web\n00N1a000002BcDe=Yes\ndebug=0")),
        ana(form("US", "inf_form_xid=ab12\ninf_form_name=Web Form\ninf_field_FirstName=Ana\ninf_field_LastName=Ruiz\ninf_field_Email=ana@example.com\ninf_field_Phone1=512-555-0142\ninf_custom_Message=Fix the north gate")),
        ana(form("US", "data[merges][FNAME]=Ana\ndata[merges][LNAME]=Ruiz\ndata[merges][EMAIL]=ana@example.com\ndata[merges][PHONE]=512-555-0142\ndata[merges][MESSAGE]=Fix the north gate\ndata[list_id]=a6b5\ntype=subscribe\nfired_at=2026-11-24 05:05:15")),
        ana(form("US", "item_meta[25]=Ana Ruiz\nitem_meta[26]=ana@example.com\nitem_meta[27]=512-555-0142\nitem_meta[28]=Fix the north gate\nfrm_action=create\nform_key=contact")),
        ana(json("US", r#"{"fields":[{"objectTypeId":"0-1","name":"firstname","value":"Ana"},{"objectTypeId":"0-1","name":"lastname","value":"Ruiz"},{"objectTypeId":"0-1","name":"email","value":"ana@example.com"},{"objectTypeId":"0-1","name":"phone","value":"512-555-0142"},{"objectTypeId":"0-1","name":"message","value":"Fix the north gate"}],"context":{"pageUri":"https://a.example/contact","pageName":"Contact us"}}"#)),
        ana(json("US", r#"{"leadID":"44f1","createTimestamp":"1770802212","price":"23.00","request":{"category":"Gates","title":"Gate Repair","description":"Fix the north gate","location":{"city":"Austin","state":"TX","zipCode":"78701"}},"customer":{"customerID":"77","name":"Ana Ruiz","phone":"512-555-0142","email":"ana@example.com"},"business":{"businessID":"12","name":"Acme Gates"}}"#)),
        ana(json("US", r#"{"contact_id":"x1","first_name":"Ana","last_name":"Ruiz","full_name":"Ana Ruiz","email":"ana@example.com","phone":"512-555-0142","tags":"web","country":"US","location":{"name":"Acme Gates","address":"1 Road","id":"l1"},"user":{"firstName":"Rep","lastName":"One","email":"rep@acme.example","phone":"512-555-0100"},"workflow":{"id":"w","name":"New lead"},"How can we help?":"Fix the north gate"}"#)),
        ana(json("US", r#"{"customer_name":"Ana Ruiz","customer_phone_number":"512-555-0142","tracking_phone_number":"+15125550100","business_phone_number":"+15125550101","form_data":{"email":"ana@example.com","your_message":"Fix the north gate"},"company_name":"Acme Gates","landing_page_url":"https://a.example"}"#)),
        ana(json("US", r#"{"event":"chat:start","chatId":"c1","time":"2026-11-24T05:05:15Z","visitor":{"name":"Ana Ruiz","email":"ana@example.com","phone":"512-555-0142","city":"Austin"},"message":{"sender":{"type":"visitor"},"text":"Fix the north gate","type":"msg"},"property":{"id":"p1","name":"Acme site"}}"#)),
        ana(json("US", r#"{"namedValues":{"Timestamp":["11/24/2026 5:05:15"],"Your name":["Ana Ruiz"],"Email Address":["ana@example.com"],"Phone":["512-555-0142"],"What do you need?":["Fix the north gate"]},"values":["11/24/2026 5:05:15","Ana Ruiz","ana@example.com","512-555-0142","Fix the north gate"],"range":{"rowStart":2}}"#)),
        ana(json("US", r#"{"headers":["Timestamp","Name","Email","Phone","Request"],"values":["11/24/2026 5:05:15","Ana Ruiz","ana@example.com","512-555-0142","Fix the north gate"]}"#)),
        ana(form("US", "Field1=Ana\nField2=Ruiz\nField3=ana@example.com\nField4=512-555-0142\nField5=Fix the north gate\nCreatedBy=public\nHandshakeKey=abc\nFieldStructure={\"Fields\":[{\"Title\":\"Name\",\"Type\":\"shortname\",\"ID\":\"Field1\",\"SubFields\":[{\"ID\":\"Field1\",\"Label\":\"First\"},{\"ID\":\"Field2\",\"Label\":\"Last\"}]},{\"Title\":\"Email\",\"Type\":\"email\",\"ID\":\"Field3\"},{\"Title\":\"Phone\",\"Type\":\"phone\",\"ID\":\"Field4\"},{\"Title\":\"What needs doing\",\"Type\":\"textarea\",\"ID\":\"Field5\"}]}")),
        ana(json("US", r#"{"answers":[{"id":"0","position":0,"value":"Ana Ruiz"},{"id":"1","position":1,"value":"ana@example.com"},{"id":"2","position":2,"value":"512-555-0142"},{"id":"3","position":3,"value":"Fix the north gate"}]}"#)),
        ana(json("US", r#"{"responder":"ana@example.com","submitDate":"11/24/2026 5:05:15 AM","r1a2b3c4d5e":"Ana Ruiz","r2a2b3c4d5e":"512-555-0142","r3a2b3c4d5e":"Fix the north gate"}"#)),
        ana(json("US", r#"{"Full Name (required)*":"Ana Ruiz","E-mail *":"ana@example.com","Phone (optional)":"512-555-0142","Message:":"Fix the north gate"}"#)),
        ana(json("US", r#"{"Name_First":"Ana","Name_Last":"Ruiz","Email":"ana@example.com","PhoneNumber":"512-555-0142","MultiLine":"Fix the north gate","Dropdown":"Gates"}"#)),
        ana(json("US", r#"{"submission":{"pages":[{"questions":[{"heading":"Your name","answers":[{"text":"Ana Ruiz"}]},{"heading":"Email","answers":[{"text":"ana@example.com"}]},{"heading":"Mobile","answers":[{"text":"512-555-0142"}]},{"heading":"Describe the work","answers":[{"text":"Fix the north gate"}]}]}]}}"#)),
        ana(json("US", r#"{"type":"INSERT","table":"leads","record":{"id":7,"created_at":"2026-11-24T05:05:15Z","name":"Ana Ruiz","email":"ana@example.com","phone":"512-555-0142","notes":"Fix the north gate"},"schema":"public","old_record":null}"#)),
        ana(json("US", r#"{"message":"Fix the north gate","sender":{"name":"Ana Ruiz","email":"ana@example.com","phone":"512-555-0142"},"recipient":{"name":"Acme","email":"shop@acme.example"}}"#)),
        ana(json("US", r#"{"subject":"New enquiry from your website","lead":{"name":"Ana Ruiz","email":"ana@example.com","phone":"512-555-0142","enquiry":"Fix the north gate","listing":{"title":"Two-bedroom flat near the river with a garden and a garage","agent":{"name":"Bob Stone","email":"bob@agents.example","phone":"512-555-0100"}}}}"#)),
        ana(json("US", r#"{"leadForm":{"questions":[{"questionText":"What is the job?","responseText":"Fix the north gate"}]},"contactInfo":{"name":"Ana Ruiz","phoneNumber":"512-555-0142","emailAddress":"ana@example.com"}}"#)),
        ana(raw("US", "text/xml", br#"<?adf version="1.0"?><adf><prospect><requestdate>2026-11-24T05:05:15</requestdate><vehicle><year>2019</year><make>Ford</make></vehicle><customer><contact><name part="first">Ana</name><name part="last">Ruiz</name><email>ana@example.com</email><phone type="voice">512-555-0142</phone></contact><comments>Fix the north gate</comments></customer><vendor><contact><name part="full">Acme Ford</name><email>sales@acme.example</email><phone>512-555-0100</phone></contact></vendor><provider><name part="full">AutoSite</name></provider></prospect></adf>"#)),
        ana(json("US", r#"{"lead":{"attributes":{"full-name":"Ana Ruiz","e-mail":"ana@example.com","tel-no":"512-555-0142","request":"Fix the north gate"},"relationships":{"owner":{"name":"Rep Bob","email":"bob@acme.example","phone":"512-555-0100"}}}}"#)),
        ana(json("US", r#"{"from":"Ana Ruiz <ana@example.com>","to":"shop@acme.example","subject":"Gate","phone":"512-555-0142","text":"Fix the north gate"}"#)),
        ana(json("US", r#"{"name":"Ana Ruiz","emails":["ana@example.com","ruiz@example.com"],"phones":[{"type":"fax","value":"512-555-0100"},{"type":"cell","value":"512-555-0142"}],"Anything we should know?":"Fix the north gate"}"#)),
        json("US", r#"{"full_name":"Ana Ruiz","phone_number":"+15125550142","what_is_your_budget?":"$5,000-$10,000","when_would_you_like_to_start?":"asap","ad_name":"Spring","platform":"fb","inbox_url":"https://x.example/1"}"#)
            .name("Ana Ruiz").phone("+15125550142", "+15125550142"),
    ]
}
