//! English forms: split names, questions for labels, odd words for the same things.

use super::{Case, form, json};

pub fn cases() -> Vec<Case> {
    vec![
        form("US", "First Name=Grace\nLast Name=Okafor\nEmail Address=grace@example.com\nPhone=(415) 555-0132\nHow can we help you?=My boiler is leaking")
            .name("Grace Okafor").email("grace@example.com").phone("(415) 555-0132", "+14155550132").message("My boiler is leaking"),
        form("US", "What's your name?=Dana Whitfield\nWhat is the best number to reach you?=512-555-0142\nWhat is the best email to reach you?=dana@example.com\nTell us about your project=Deck, 20 by 12, cedar")
            .name("Dana Whitfield").email("dana@example.com").phone("512-555-0142", "+15125550142").message("Deck, 20 by 12, cedar"),
        form("US", "Name & Phone=Ana Ruiz 512-555-0142\nDetails=Water heater is out")
            .name("Ana Ruiz").phone("512-555-0142", "+15125550142").message("Water heater is out"),
        form("US", "name_phone=Bob Stone, (512) 555-0143\nmessage=call me")
            .name("Bob Stone").phone("(512) 555-0143", "+15125550143").message("call me"),
        form("US", "full_name=LARRY MCKEE\nemail=LARRY@EXAMPLE.COM\ncomments=need a quote asap")
            .name("LARRY MCKEE").email("LARRY@example.com").message("need a quote asap"),
        form("US", "your-name=mary ann o'connor\nyour-email=mary@example.com\nyour-subject=Quote\nyour-message=Two bathrooms")
            .name("mary ann o'connor").email("mary@example.com").message("Two bathrooms"),
        form("US", "Your Name=Sam Lee\nCompany Name=Acme Roofing LLC\nEmail=sam@example.com\nWebsite=https://acme.example\nTell us about your roof=Hail damage on the north side")
            .name("Sam Lee").email("sam@example.com").message("Hail damage on the north side"),
        form("US", "Company=Bright Dental\nContact Name=Priya Shah\nWork Email=priya@bright.example\nDirect Phone=312-555-0188\nNotes=Weekly cleaning, 3 floors")
            .name("Priya Shah").email("priya@bright.example").phone("312-555-0188", "+13125550188").message("Weekly cleaning, 3 floors"),
        form("US", "Homeowner Name=Ruth Mensah\nService Address=12 Main Street, Springfield, Illinois 62701 near the old mill\nPhone Number=2175550123\nWhat seems to be the problem?=AC blows warm air")
            .name("Ruth Mensah").phone("2175550123", "+12175550123").message("AC blows warm air"),
        form("US", "fname=Tom\nmname=J.\nlname=Keller\ntel=917.555.0101\nmsg=Piano to move")
            .name("Tom J. Keller").phone("917.555.0101", "+19175550101").message("Piano to move"),
        form("US", "Preferred contact method=Phone\nName=Jo Park\nPhone=206-555-0155\nBest time to call=Mornings\nHow did you hear about us?=A neighbour on our street told us all about you last week\nComments=Fence repair")
            .name("Jo Park").phone("206-555-0155", "+12065550155").message("Fence repair"),
        form("US", "Name=Kim Park\nEmail=kim@example.com\nDescribe the issue=Sink clogged\nAnything else?=Dog in the yard")
            .name("Kim Park").email("kim@example.com").message("Sink clogged"),
        form("US", "Pet Owner Name=Lena Cole\nPet Name=Biscuit\nOwner Phone=303-555-0119\nReason for visit=Limping\nMessage=He limps since Sunday")
            .name("Lena Cole").phone("303-555-0119", "+13035550119").message("He limps since Sunday"),
        form("US", "Parent Name=Olga Petrov\nChild's Name=Misha\nParent Email=olga@example.com\nQuestions=Do you take toddlers?")
            .name("Olga Petrov").email("olga@example.com").message("Do you take toddlers?"),
        form("US", "Patient First Name=Wade\nPatient Last Name=Cole\nDate of Birth=04/12/1985\nCell Phone=303-555-0120\nInsurance ID=8005550199\nReason=Toothache")
            .name("Wade Cole").phone("303-555-0120", "+13035550120"),
        json("US", r#"{"contact":{"firstName":"Max","lastName":"Ferrer","emailAddress":"max@example.com","mobilePhone":"5125550188"},"inquiry":"Solar for a barn","meta":{"name":"Landing page 4"}}"#)
            .name("Max Ferrer").email("max@example.com").phone("5125550188", "+15125550188").message("Solar for a barn"),
        json("US", r#"{"form":{"name":"Contact form","id":"f1"},"answers":{"name":"Ida Berg","email":"ida@example.com","message":"Hello, is Friday free?"}}"#)
            .name("Ida Berg").email("ida@example.com").message("Hello, is Friday free?"),
        json("US", r#"{"event":"form.submitted","data":{"person":{"name":{"given":"Noor","family":"Aziz"},"phones":[{"type":"mobile","value":"+1 646 555 0111"}],"emails":[{"type":"home","value":"noor@example.com"}]},"answers":[{"question":"What do you need done?","answer":"Paint two rooms"}]}}"#)
            .name("Noor Aziz").email("noor@example.com").phone("+1 646 555 0111", "+16465550111").message("Paint two rooms"),
        json("US", r#"{"data":{"fields":[{"label":"Can we have your name?","value":"Hal Ortiz"},{"label":"And a number we can text?","value":"737 555 0166"},{"label":"What's going on?","type":"textarea","value":"Garage door stuck"}]}}"#)
            .name("Hal Ortiz").phone("737 555 0166", "+17375550166").message("Garage door stuck"),
        form("US", "entry.1=Rosa Delgado\nentry.2=rosa@example.com\nentry.3=(512) 555-0198\nentry.4=Our roof leaks when it rains hard, can someone look this week?")
            .name("Rosa Delgado").email("rosa@example.com").phone("(512) 555-0198", "+15125550198").message("Our roof leaks when it rains hard, can someone look this week?"),
        json("US", r#"{"1":"Wade Cole","2":"wade@example.com","3":"303-555-0119","4.1":"12 Main St","4.3":"Austin","4.5":"78701","4.6":"United States","7":"Gutters hang down on the left side"}"#)
            .name("Wade Cole").email("wade@example.com").phone("303-555-0119", "+13035550119").message("Gutters hang down on the left side"),
        form("US", "name=Ana Ruiz\nemail=a@example.com\nTell us about your dog=He limps").name("Ana Ruiz").email("a@example.com").message("He limps"),
        form("US", "name=Ana Ruiz\nemail=a@example.com\nWhat kind of help do you need?=Moving a piano").name("Ana Ruiz").email("a@example.com").message("Moving a piano"),
        form("US", "name=Ana Ruiz\nemail=a@example.com\nBest time to phone=10:30\nDo you own a mobile home?=Yes 1998").name("Ana Ruiz").email("a@example.com"),
        json("US", r#"{"sender_name":"Ana Ruiz","sender_phone":"512-555-0142","text":"No heat since noon"}"#).name("Ana Ruiz").phone("512-555-0142", "+15125550142").message("No heat since noon"),
        form("US", "Cell #=5125550142\nName (First Last)=Ana Ruiz\nJob Description=Fix gate\nJob Location=12 Main").name("Ana Ruiz").phone("5125550142", "+15125550142").message("Fix gate"),
        form("US", "Caller=Ana Ruiz\nCaller ID=+15125550142\nTranscript=Hello I need my gate fixed").name("Ana Ruiz").phone("+15125550142", "+15125550142").message("Hello I need my gate fixed"),
        json("US", r#"{"customer":"Ivy Chen","customer_email":"ivy@example.com","customer_phone":"628-555-0107","request":"Replace two windows"}"#)
            .name("Ivy Chen").email("ivy@example.com").phone("628-555-0107", "+16285550107").message("Replace two windows"),
    ]
}
