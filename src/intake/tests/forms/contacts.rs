//! Numbers and addresses: which of several, in whose way of writing, and what only looks like one.

use super::{Case, form, json, raw};
use crate::intake::reading::Kind;
use crate::intake::tests::FORM;

pub fn cases() -> Vec<Case> {
    vec![
        form("US", "name=Ana Ruiz\nhome_phone=512-555-0101\ncell_phone=512-555-0102\nwork_phone=512-555-0103\nfax=512-555-0104")
            .name("Ana Ruiz").phone("512-555-0102", "+15125550102"),
        form("US", "name=Ana Ruiz\nfax=512-555-0104\nmessage=Please write back to me").name("Ana Ruiz").message("Please write back to me"),
        form("US", "name=Ana Ruiz\ncompany_phone=512-555-0103\nphone=512-555-0101").name("Ana Ruiz").phone("512-555-0101", "+15125550101"),
        form("US", "name=Ana Ruiz\noffice_phone=512-555-0103").name("Ana Ruiz").phone("512-555-0103", "+15125550103"),
        form("US", "name=Ana Ruiz\nphone=512-555-0101 ext. 22").name("Ana Ruiz").phone("512-555-0101 ext. 22", "+15125550101"),
        form("US", "name=Ana Ruiz\nphone=555-0101").name("Ana Ruiz").undialable("555-0101"),
        form("US", "name=Ana Ruiz\nphone=512-555-0101 or 512-555-0102").name("Ana Ruiz").phone("512-555-0101", "+15125550101"),
        form("US", "name=Ana Ruiz\nphone=33612345678").name("Ana Ruiz").undialable("33612345678"),
        form("US", "name=Ana Ruiz\nphone=call 512-555-0101 after 5pm").name("Ana Ruiz").phone("512-555-0101", "+15125550101"),
        json("US", r#"{"name":"Ana Ruiz","phone":15125550142}"#).name("Ana Ruiz").phone("15125550142", "+15125550142"),
        json("US", r#"{"name":"Ana Ruiz","Phone Number":1.5125550142e10}"#).name("Ana Ruiz").phone("15125550142", "+15125550142"),
        json("US", r#"{"name":"Ana Ruiz","phone":"1.51256E+10"}"#).name("Ana Ruiz").undialable("1.51256E+10"),
        json("US", r#"{"name":"Ana Ruiz","phone":{"area":"512","phone":"555-0142"}}"#).name("Ana Ruiz").phone("(512) 555-0142", "+15125550142"),
        raw("US", FORM, b"name=Ana+Ruiz&phone[]=512&phone[]=555&phone[]=0142").name("Ana Ruiz").phone("512-555-0142", "+15125550142"),
        raw("US", FORM, b"name=Ana+Ruiz&phone1=512&phone2=555&phone3=0142").name("Ana Ruiz").phone("(512) 555-0142", "+15125550142"),
        raw("US", FORM, b"name=Ana+Ruiz&phone=+447911123456").name("Ana Ruiz").phone("+447911123456", "+447911123456"),
        raw("US", FORM, b"name=Ana+Ruiz&phone=+15125550142").name("Ana Ruiz").phone("+15125550142", "+15125550142"),
        raw("US", FORM, b"name=Ana+Ruiz&phone=%EF%BC%88%EF%BC%95%EF%BC%91%EF%BC%92%EF%BC%89555-0142").name("Ana Ruiz").phone("（５１２）555-0142", "+15125550142"),
        form("US", "name=Ana Ruiz\ncountry_code=+44\nphone=07911 123456").name("Ana Ruiz").phone("07911 123456", "+447911123456"),
        form("US", "name=Ana Ruiz\nphone_country=GB\nphone=020 7946 0123").name("Ana Ruiz").phone("020 7946 0123", "+442079460123"),
        form("US", "name=Ana Ruiz\ncountry=MX\nphone=5512345678").name("Ana Ruiz").undialable("5512345678"),
        form("GB", "name=Ana Ruiz\nmobile=07911 123456\ntelephone=020 7946 0123").name("Ana Ruiz").phone("07911 123456", "+447911123456"),
        form("AU", "name=Ana Ruiz\nmobile=0412 345 678").name("Ana Ruiz").phone("0412 345 678", "+61412345678"),
        form("GB", "name=Ana Ruiz\nphone=+44 7700 900456").name("Ana Ruiz").phone("+44 7700 900456", "+447700900456"),
        form("US", "name=Ana Ruiz\nphone=N/A\nemail=ana@example.com").name("Ana Ruiz").email("ana@example.com"),
        form("US", "name=Ana Ruiz\nOrder number=5125550142\nemail=ana@example.com").name("Ana Ruiz").email("ana@example.com"),
        form("DE", "Name=Ana Ruiz\nDatum=20261124\nIBAN=DE89370400440532013000\nUSt-IdNr=DE123456789\nMail=ana@example.de").name("Ana Ruiz").email("ana@example.de"),
        form("US", "name=Ana Ruiz\nbudget=5125550142\nip=203.0.113.7\nserver_time=1770802212931\nemail=ana@example.com").name("Ana Ruiz").email("ana@example.com"),
        form("US", "name=Ana Ruiz\nmessage=Please call 512-555-0142 tonight").name("Ana Ruiz").phone("512-555-0142", "+15125550142").message("Please call 512-555-0142 tonight"),
        form("US", "name=Ana Ruiz\nemail=a@example.com\nmessage=Where is order number 5125550142?").name("Ana Ruiz").email("a@example.com").message("Where is order number 5125550142?"),
        form("US", "message=Write to me: ana.ruiz@example.com. Thanks").email("ana.ruiz@example.com").message("Write to me: ana.ruiz@example.com. Thanks"),
        form("US", "email=ana@example.com\nmessage=My old address was bob@example.com").email("ana@example.com").message("My old address was bob@example.com"),
        form("US", "Email=ana@example.com\nConfirm Email=ana@example.com\nName=Ana Ruiz").name("Ana Ruiz").email("ana@example.com"),
        form("US", "Friend's Email=bob@example.com\nYour Email=ana@example.com\nYour Name=Ana Ruiz\nFriend's Name=Bob Stone").name("Ana Ruiz").email("ana@example.com"),
        form("US", "Your Name=Ana Ruiz\nPhone=512-555-0142\nReferral Email=bob@example.com\nSpouse Name=Carl Ruiz\nSpouse Phone=512-555-0143").name("Ana Ruiz").phone("512-555-0142", "+15125550142"),
        form("US", "Name=Ana Ruiz\nEmergency contact name=Carl Ruiz\nEmergency contact phone=512-555-0143\nEmail=ana@example.com").name("Ana Ruiz").email("ana@example.com"),
        form("US", "work_email=ana@acme.example\npersonal_email=ana@example.com\nname=Ana Ruiz").name("Ana Ruiz").email("ana@example.com"),
        form("US", "email=noreply@builder.example\nuser_email=ana@example.com\nname=Ana Ruiz").name("Ana Ruiz").email("ana@example.com"),
        form("US", "contact=ana@example.com\nname=Ana Ruiz").name("Ana Ruiz").email("ana@example.com"),
        form("US", "Phone or email=512-555-0142\nname=Ana Ruiz").name("Ana Ruiz").phone("512-555-0142", "+15125550142"),
        form("US", "email=not an address\nname=Ana Ruiz").name("Ana Ruiz").kind(Kind::Unreadable),
        form("US", "name=Ana Ruiz\nphone=tel:+15125550142").name("Ana Ruiz").phone("+15125550142", "+15125550142"),
        form("US", "name=Ana Ruiz\nphone='+15125550142").name("Ana Ruiz").phone("+15125550142", "+15125550142"),
        form("US", "name=Ana Ruiz\nphone=+1+512+555+0142").name("Ana Ruiz").phone("+1 512 555 0142", "+15125550142"),
        form("US", "email=ana@example.com").email("ana@example.com"),
        form("US", "tel=5125550142").phone("5125550142", "+15125550142"),
    ]
}
