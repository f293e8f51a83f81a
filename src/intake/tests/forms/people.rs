//! Names that are nobody's, several people in one delivery, and deliveries without anybody.

use super::{Case, form, json, raw};
use crate::intake::reading::Kind;

pub fn cases() -> Vec<Case> {
    vec![
        json("US", r#"{"payload":{"name":"Contact Us","data":{"Name":"Zoe Hart","Email":"zoe@example.com"}}}"#).name("Zoe Hart").email("zoe@example.com"),
        json("US", r#"{"organizer":{"name":"Acme","email":"owner@acme.example"},"attendees":[{"name":"Mila Horvat","email":"mila@example.hr"}]}"#)
            .name("Mila Horvat").email("mila@example.hr"),
        json("US", r##"{"name":"#1001","customer":{"first_name":"Joan","last_name":"Tremblay","email":"joan@example.ca"}}"##).name("Joan Tremblay").email("joan@example.ca"),
        json("US", r#"{"assigned_to":{"name":"Sales Bob","email":"bob@us.example"},"campaign_name":"Spring","lead":{"name":"Ada Okoro","email":"ada@example.com"}}"#)
            .name("Ada Okoro").email("ada@example.com"),
        form("US", "product_name=Boiler X\nform_name=Contact\nevent_name=Open day\nfile_name=roof.jpg\nname=Ben Ito\nemail=ben@example.com").name("Ben Ito").email("ben@example.com"),
        form("US", "company_name=Acme LLC\nemail=info@acme.example\nmessage=Please send a quote").email("info@acme.example").message("Please send a quote"),
        form("US", "username=slee99\nemail=sam.lee@example.com").email("sam.lee@example.com"),
        form("US", "name=sam.lee@example.com\nemail=sam.lee@example.com\nmessage=Hi there").email("sam.lee@example.com").message("Hi there"),
        form("US", "first_name=Kim\nname=Kim Park\nemail=kim@example.com").name("Kim Park").email("kim@example.com"),
        form("US", "name=-\nemail=kim@example.com\nmessage=n/a").email("kim@example.com"),
        form("US", "name={{contact.name}}\nemail=kim@example.com\nmessage=[your-message]\nphone=%phone%").email("kim@example.com"),
        form("US", "name=Ruiz, Ana\nemail=ana@example.com").name("Ruiz, Ana").email("ana@example.com"),
        form("US", "name=Dr. José Álvarez-O'Neill 😀\nemail=j@example.com").name("Dr. José Álvarez-O'Neill 😀").email("j@example.com"),
        form("US", "name=O&#039;Brien &amp; Sons\nemail=ob@example.com\nmessage=5 &lt; 6 &quot;ok&quot;").name("O'Brien & Sons").email("ob@example.com").message("5 < 6 \"ok\""),
        form("US", "name=JosÃ© NÃºÃ±ez\nemail=j@example.com\nmessage=Itâ€™s broken").name("José Núñez").email("j@example.com").message("It’s broken"),
        json("US", r#"[{"name":"Ana Ruiz","email":"ana@example.com","message":"Tap drips"},{"name":"Bob Stone","phone":"512-555-0143"}]"#)
            .name("Ana Ruiz").email("ana@example.com").message("Tap drips"),
        json("US", "{\"name\":\"Ana Ruiz\",\"email\":\"ana@example.com\"}\n{\"name\":\"Bob Stone\",\"email\":\"bob@example.com\"}\n").name("Ana Ruiz").email("ana@example.com"),
        json("US", r#"{"records":[{"id":"rec1","fields":{"Name":"Ana Ruiz","Email":"ana@example.com"}},{"id":"rec2","fields":{"Name":"Bob Stone","Email":"bob@example.com"}}]}"#)
            .name("Ana Ruiz").email("ana@example.com"),
        raw("US", "application/xml", b"<leads><lead><name>Ana Ruiz</name><phone>512-555-0142</phone></lead><lead><name>Bob Stone</name><phone>512-555-0143</phone></lead></leads>")
            .name("Ana Ruiz").phone("512-555-0142", "+15125550142"),
        json("US", r#"{"type":"ping","payload":{"name":"John Doe","email":"j@example.com"}}"#).name("John Doe").email("j@example.com").kind(Kind::Ignored),
        form("US", "webhook_id=12").kind(Kind::Ignored),
        json("US", "{}").kind(Kind::Unreadable),
        json("US", r#"{"status":"ok","id":"a1b2","items":[1,2,3]}"#).kind(Kind::Unreadable),
        json("US", r#"{"is_test":true,"name":"Ana Ruiz","email":"ana@example.com"}"#).name("Ana Ruiz").email("ana@example.com").kind(Kind::Test),
        json("US", r#"{"event":"new_lead","company":{"name":"Acme","phone":"512-555-0100"},"lead":{"full_name":"Ana Ruiz"}}"#).name("Ana Ruiz").phone("512-555-0100", "+15125550100"),
        json("US", r#"{"user":{"name":"Ana Ruiz","email":"ana@example.com"}}"#).name("Ana Ruiz").email("ana@example.com"),
        json("US", r#"{"name":"Gate kit","barcode":"5125550142"}"#).name("Gate kit").undialable("5125550142"),
        json("US", r#"{"foo":"5125550142"}"#).kind(Kind::Unreadable),
        json("US", r#"{"name":"Gate kit","barcode":"5125550142"}"#).name("Gate kit").undialable("5125550142"),
        json("US", r#"{"foo":"5125550142"}"#).kind(Kind::Unreadable),
        form("US", "name=Ana Ruiz\nphone=123").name("Ana Ruiz").undialable("123"),
        form("US", "name=Ana Ruiz\nemail=ana@@example.com").name("Ana Ruiz"),
        form("US", "name=Ana%20Ruiz\nemail=ana%40example.com").name("Ana Ruiz").email("ana@example.com"),
        form("US", "name=Ana Ruiz\nphone=512-555-0142\nmessage=Part no. 5125550143 broke").name("Ana Ruiz").phone("512-555-0142", "+15125550142").message("Part no. 5125550143 broke"),
        json("US", r#"{"level":"error","message":"Disk is full on db1"}"#).message("Disk is full on db1").kind(Kind::Unreadable),
        form("US", "comments=The gate at the north side is broken again").message("The gate at the north side is broken again"),
        raw("US", "text/plain", b"Hello, my heater is broken. Call 512-555-0142, Ana").phone("512-555-0142", "+15125550142").message("Hello, my heater is broken. Call 512-555-0142, Ana"),
    ]
}
