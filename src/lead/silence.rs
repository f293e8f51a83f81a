//! Free words that ask for silence: "please stop texting me". They are no keyword, so nobody is opted out by them; they
//! pause what is sent by itself, and a person decides (FCC 2025: any reasonable words count).
//!
//! Compared as whole words behind folded accents. Each phrase names texts, messages or the one who asks, so that "stop
//! the leak" and "do not contact the tenant" are talk. A phrase too many costs a look; one too few costs a complaint.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// English, Spanish, French, German, Portuguese, Italian, Dutch. Lower case, without accents; apostrophes left out.
const PHRASES: &[&str] = &[
    // English
    "stop texting",
    "stop messaging",
    "stop contacting",
    "stop writing me",
    "stop writing to me",
    "stop sending me",
    "stop sending texts",
    "stop sending messages",
    "stop these texts",
    "stop these messages",
    "quit texting",
    "do not text me",
    "dont text me",
    "do not message me",
    "dont message me",
    "do not contact me",
    "dont contact me",
    "do not contact us",
    "dont contact us",
    "do not text this number",
    "do not contact this number",
    "do not write me",
    "never text me",
    "never contact me",
    "no more texts",
    "no more messages",
    "no texts please",
    "leave me alone",
    "remove me",
    "remove my number",
    "delete my number",
    "take me off",
    "unsubscribe me",
    "opt me out",
    // Spanish
    "no me escriba",
    "no me escriban",
    "no me escribas",
    "no me envie",
    "no me envien",
    "no me envies",
    "no me mande",
    "no me manden",
    "no me mandes",
    "no me contacte",
    "no me contacten",
    "no me contactes",
    "deje de escribirme",
    "deja de escribirme",
    "dejen de escribirme",
    "deje de enviarme",
    "deja de enviarme",
    "dejen de enviarme",
    "deje de mandarme",
    "deja de mandarme",
    "dejen de mandarme",
    "no quiero recibir",
    "no quiero mas mensajes",
    "no mas mensajes",
    "basta de mensajes",
    "dejame en paz",
    "dejenme en paz",
    // French
    "arretez de mecrire",
    "arrete de mecrire",
    "arretez de menvoyer",
    "arrete de menvoyer",
    "arretez de me contacter",
    "arrete de me contacter",
    "ne mecrivez plus",
    "ne mecrivez pas",
    "ne mecris plus",
    "ne menvoyez plus",
    "ne menvoie plus",
    "ne me contactez plus",
    "ne me contactez pas",
    "ne me contacte plus",
    "plus de sms",
    "plus de messages",
    "ne veux plus recevoir",
    "laissez moi tranquille",
    "laisse moi tranquille",
    "desabonnez moi",
    "desinscrivez moi",
    // German
    "schreiben sie mir nicht mehr",
    "schreibt mir nicht mehr",
    "schreib mir nicht mehr",
    "schreiben sie mir bitte nicht mehr",
    "schreibt mir bitte nicht mehr",
    "schreib mir bitte nicht mehr",
    "nicht mehr schreiben",
    "nicht mehr anschreiben",
    "nicht mehr kontaktieren",
    "kontaktieren sie mich nicht",
    "kontaktiert mich nicht",
    "keine sms mehr",
    "keine nachrichten mehr",
    "keine weiteren nachrichten",
    "keine weiteren sms",
    "horen sie auf mir",
    "hort auf mir",
    "hor auf mir",
    "lassen sie mich in ruhe",
    "lasst mich in ruhe",
    "lass mich in ruhe",
    // Portuguese
    "pare de me",
    "parem de me",
    "para de me mandar",
    "para de me enviar",
    "pare de enviar mensagens",
    "pare de mandar mensagens",
    "nao me envie",
    "nao me enviem",
    "nao me mande",
    "nao me mandem",
    "nao me escreva",
    "nao me escrevam",
    "nao me contacte",
    "nao me contactem",
    "nao me contate",
    "nao me contatem",
    "nao quero receber",
    "nao quero mais receber",
    "nao quero mais mensagens",
    "chega de mensagens",
    "me deixe em paz",
    "deixe me em paz",
    "deixem me em paz",
    // Italian
    "smettila di scrivermi",
    "smettetela di scrivermi",
    "smetta di scrivermi",
    "smettete di scrivermi",
    "smettila di mandarmi",
    "smettetela di mandarmi",
    "non scrivetemi piu",
    "non scrivermi piu",
    "non mi scriva piu",
    "non mi scrivete piu",
    "non contattatemi",
    "non contattarmi",
    "non mi contatti",
    "non mi contattate",
    "non mandatemi",
    "non inviatemi",
    "non voglio piu ricevere",
    "non voglio ricevere",
    "basta messaggi",
    "basta sms",
    "lasciatemi in pace",
    "lasciami in pace",
    // Dutch
    "stop met sms",
    "stop met appen",
    "stop met berichten",
    "stop met mij",
    "stop met me",
    "geen sms meer",
    "geen smsjes meer",
    "geen berichten meer",
    "stuur me geen",
    "stuur mij geen",
    "stuur me niet",
    "stuur mij niet",
    "stuur me niets meer",
    "schrijf me niet meer",
    "schrijf mij niet meer",
    "neem geen contact meer",
    "niet meer contacteren",
    "niet meer benaderen",
    "laat me met rust",
    "laat mij met rust",
];

/// Whether the words ask not to be written to any more.
pub fn asks_for_silence(text: &str) -> bool {
    let words = folded(text);
    PHRASES.iter().any(|phrase| words.contains(&format!(" {phrase} ")))
}

/// Lower case, without accents and apostrophes, single spaces between words and around them.
fn folded(text: &str) -> String {
    let mut out = String::from(" ");
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’' | '`' | '‘'));
    for c in plain.flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_words_for_stop() {
        for asks in [
            "Please stop texting me",
            "DO NOT CONTACT ME AGAIN!!",
            "Don’t text me anymore",
            "I said no more texts.",
            "please take me off your list",
            "Por favor, no me escriba más",
            "Dejen de enviarme mensajes",
            "No quiero recibir más mensajes",
            "Arrêtez de m'écrire s'il vous plaît",
            "Ne m’envoyez plus de SMS",
            "Laissez-moi tranquille",
            "Bitte schreiben Sie mir nicht mehr",
            "Hört auf, mir zu schreiben",
            "Keine SMS mehr, danke",
            "Não me mandem mais mensagens",
            "Pare de me enviar SMS",
            "Smettetela di scrivermi",
            "Non scrivetemi più!",
            "Stuur me geen berichten meer",
            "Laat me met rust",
        ] {
            assert!(asks_for_silence(asks), "{asks}");
        }
    }

    #[test]
    fn talk_of_stopping_something_else_is_talk() {
        for talk in [
            "Can you stop the leak?",
            "Stop by at 4, the door is open",
            "Do not contact the tenant before 9, please",
            "The tap won't stop dripping",
            "Text me when you are here",
            "Please remove the old boiler",
            "No me funciona el grifo",
            "Il n'y a plus d'eau chaude",
            "Die Heizung geht nicht mehr",
            "Não tenho água",
            "Non funziona più la caldaia",
            "De kraan wil niet meer dicht",
            "",
        ] {
            assert!(!asks_for_silence(talk), "{talk}");
        }
    }
}
