//! The same questions in other languages, with the names and numbers that people write there.

use super::{Case, form, json};

pub fn cases() -> Vec<Case> {
    vec![
        form("ES", "¿Cómo te llamas?=Lucía Gómez\n¿Cuál es tu correo electrónico?=lucia@example.es\n¿A qué número te llamamos?=612 345 678\n¿En qué podemos ayudarte?=Pintar el salón")
            .name("Lucía Gómez").email("lucia@example.es").phone("612 345 678", "+34612345678").message("Pintar el salón"),
        form("MX", "Nombre(s)=María Fernanda\nApellido paterno=López\nApellido materno=Ruiz\nTeléfono celular=55 1234 5678\nComentarios=Necesito una cotización")
            .name("María Fernanda López Ruiz").phone("55 1234 5678", "+525512345678").message("Necesito una cotización"),
        form("ES", "Nombre y apellidos=Iker Etxeberria Sanz\nE-mail=iker@example.es\nTeléfono fijo=943 123 456\nTeléfono móvil=655 123 456\nMensaje=¿Tienen hueco el martes?")
            .name("Iker Etxeberria Sanz").email("iker@example.es").phone("655 123 456", "+34655123456").message("¿Tienen hueco el martes?"),
        form("ES", "empresa=Talleres Ruiz SL\nCIF=B12345678\nPersona de contacto=Ana Ruiz\ncorreo=ana@talleres.example\ntelefono=+34 600 112 233\nasunto=Presupuesto\nconsulta=Revisión de frenos de tres furgonetas\nHe leído y acepto la política de privacidad=on")
            .name("Ana Ruiz").email("ana@talleres.example").phone("+34 600 112 233", "+34600112233").message("Revisión de frenos de tres furgonetas").consent(true),
        form("AR", "Primer nombre=Juan\nSegundo nombre=Pablo\nPrimer apellido=Sosa\nSegundo apellido=Vega\nWhatsApp=+54 9 11 2345-6789\nDuda=¿Hacen envíos?")
            .name("Juan Pablo Sosa Vega").phone("+54 9 11 2345-6789", "+5491123456789").message("¿Hacen envíos?"),
        form("FR", "Prénom=Luc\nNom=Petit\nAdresse e-mail=luc@example.fr\nN° de téléphone=06 12 34 56 78\nVotre demande=Une fuite sous l'évier")
            .name("Luc Petit").email("luc@example.fr").phone("06 12 34 56 78", "+33612345678").message("Une fuite sous l'évier"),
        form("FR", "Nom et prénom=Durand Claire\nCourriel=claire@example.fr\nPortable=07.62.34.56.78\nTéléphone fixe=01 23 45 67 89\nDécrivez votre projet=Rénover une salle de bain\nJ'accepte d'être recontacté par SMS=oui")
            .name("Durand Claire").email("claire@example.fr").phone("07.62.34.56.78", "+33762345678").message("Rénover une salle de bain").consent(true),
        form("FR", "Comment vous appelez-vous ?=Zoé Marchand\nComment vous joindre ?=06 98 76 54 32\nQuel est votre besoin ?=Tonte de pelouse\nRaison sociale=SCI Marchand\nCode postal=75011")
            .name("Zoé Marchand").phone("06 98 76 54 32", "+33698765432").message("Tonte de pelouse"),
        form("DE", "Anrede=Frau\nVorname=Jana\nNachname=Müller\nE-Mail-Adresse=jana@example.de\nTelefonnummer=0171 2345678\nBeschreibung Ihres Anliegens=Heizung bleibt kalt\nIch stimme zu=ja")
            .name("Jana Müller").email("jana@example.de").phone("0171 2345678", "+491712345678").message("Heizung bleibt kalt").consent(true),
        form("DE", "Vor- und Nachname=Uwe Lorenz\nWie können wir Sie erreichen?=030 1234567\nIhre Nachricht=Bitte um Rückruf am Abend\nPLZ=10115\nKundennummer=4915123456\nIch möchte den Newsletter=nein")
            .name("Uwe Lorenz").phone("030 1234567", "+49301234567").message("Bitte um Rückruf am Abend"),
        form("DE", "Wie heißen Sie?=Kai Brandt\nFirma=Brandt GmbH\nFestnetz=030 7654321\nHandy=0151 23456789\nFax=030 7654322\nWorum geht es?=Fenster putzen, vier Etagen")
            .name("Kai Brandt").phone("0151 23456789", "+4915123456789").message("Fenster putzen, vier Etagen"),
        form("DE", "Ansprechpartner=Petra Vogt\nUnternehmen=Vogt & Söhne\nMail=petra@vogt.example\nRückrufnummer=0049 171 9876543\nProjektbeschreibung=Neues Dach, 120 qm")
            .name("Petra Vogt").email("petra@vogt.example").phone("0049 171 9876543", "+491719876543").message("Neues Dach, 120 qm"),
        form("PT", "Nome=Inês\nSobrenome=Costa\nE-mail=ines@example.pt\nTelemóvel=912 345 678\nMensagem=Preciso de mudanças no sábado\nNIF=501234567")
            .name("Inês Costa").email("ines@example.pt").phone("912 345 678", "+351912345678").message("Preciso de mudanças no sábado"),
        form("BR", "Nome completo=João da Silva\nCelular (WhatsApp)=(11) 91234-5678\nSeu e-mail=joao@example.com.br\nCPF=123.456.789-09\nCEP=01310-100\nComo podemos ajudar?=Quero um orçamento")
            .name("João da Silva").email("joao@example.com.br").phone("(11) 91234-5678", "+5511912345678").message("Quero um orçamento"),
        form("IT", "Nome=Gia\nCognome=Riva\nIndirizzo email=gia@example.it\nCellulare=333 123 4567\nCome possiamo aiutarti?=Preventivo per il giardino\nAccetto la privacy=1")
            .name("Gia Riva").email("gia@example.it").phone("333 123 4567", "+393331234567").message("Preventivo per il giardino").consent(true),
        form("IT", "Nome e cognome=Luca Bianchi\nRecapito telefonico=06 1234 5678\nPartita IVA=01234567890\nRichiesta=Rifare il bagno")
            .name("Luca Bianchi").phone("06 1234 5678", "+390612345678").message("Rifare il bagno"),
        form("NL", "Voornaam=Lotte\nTussenvoegsel=de\nAchternaam=Vries\nE-mailadres=lotte@example.nl\nTelefoonnummer=06-12345678\nVraag of opmerking=Wekelijks schoonmaken\nPostcode=1012 AB")
            .name("Lotte de Vries").email("lotte@example.nl").phone("06-12345678", "+31612345678").message("Wekelijks schoonmaken"),
        form("NL", "Naam=Piet Bos\nBedrijfsnaam=Bos BV\nMobiel=0612345679\nTelefoon werk=020 123 4567\nOmschrijving van de klus=Dakgoot lekt\nIk ga akkoord met de voorwaarden=ja")
            .name("Piet Bos").phone("0612345679", "+31612345679").message("Dakgoot lekt").consent(true),
        form("DE", "Wer sind Sie?=Jana Vogt\nUnter welcher Nummer erreichen wir Sie?=0171 2345678\nWas können wir für Sie tun?=Heizung kaputt")
            .name("Jana Vogt").phone("0171 2345678", "+491712345678").message("Heizung kaputt"),
        form("DE", "Name, Vorname=Vogt, Jana\nMobilnr.=0171 2345678\nTerminwunsch=24.11.2026\nText=Bitte melden")
            .name("Vogt, Jana").phone("0171 2345678", "+491712345678").message("Bitte melden"),
        form("FR", "Qui êtes-vous ?=Claire Durand\nÀ quel numéro vous joindre ?=0612345678\nQue pouvons-nous faire pour vous ?=Fuite d'eau")
            .name("Claire Durand").phone("0612345678", "+33612345678").message("Fuite d'eau"),
        form("ES", "¿Quién eres?=Ana Ruiz\n¿Cómo hablamos contigo?=600112233\nCuéntanos tu proyecto=Reforma")
            .name("Ana Ruiz").phone("600112233", "+34600112233").message("Reforma"),
        form("IT", "Come ti chiami?=Gia Riva\nCome possiamo contattarti?=3331234567\nDi cosa hai bisogno?=Un preventivo")
            .name("Gia Riva").phone("3331234567", "+393331234567").message("Un preventivo"),
        form("PT", "Como te chamas?=Ana Costa\nQual o teu número?=912345678\nAssunto=Pedido\nMensagem=Bom dia")
            .name("Ana Costa").phone("912345678", "+351912345678").message("Bom dia"),
        form("NL", "Hoe heet je?=Piet Bos\nOp welk nummer kunnen we je bereiken?=0612345678\nWaarmee kunnen we helpen?=Dak lekt")
            .name("Piet Bos").phone("0612345678", "+31612345678").message("Dak lekt"),
        form("PL", "Imię i nazwisko=Marek Nowak\nE-mail=marek@example.pl\nNumer telefonu=601 234 567\nTreść wiadomości=Wymiana okien, 6 szt.")
            .name("Marek Nowak").email("marek@example.pl").phone("601 234 567", "+48601234567").message("Wymiana okien, 6 szt."),
        form("SE", "Förnamn=Nora\nEfternamn=Lind\nE-post=nora@example.se\nMobil=070-123 45 67\nMeddelande=Kan ni måla fasaden?")
            .name("Nora Lind").email("nora@example.se").phone("070-123 45 67", "+46701234567").message("Kan ni måla fasaden?"),
        form("JP", "お名前=佐藤 花子\nメールアドレス=sato@example.jp\n電話番号=０９０－１２３４－５６７８\nお問い合わせ内容=見積もりをお願いします")
            .name("佐藤 花子").email("sato@example.jp").phone("０９０－１２３４－５６７８", "+819012345678").message("見積もりをお願いします"),
        json("IL", r#"{"שם":"דנה לוי","טלפון":"052-234-5678","הודעה":"אשמח להצעת מחיר"}"#)
            .name("דנה לוי").phone("052-234-5678", "+972522345678").message("אשמח להצעת מחיר"),
        json("AE", r#"{"الاسم":"ليلى حداد","الهاتف":"+971 50 123 4567","رسالة":"أريد حجز موعد"}"#)
            .name("ليلى حداد").phone("+971 50 123 4567", "+971501234567").message("أريد حجز موعد"),
        json("BG", r#"{"Имя":"Иван Петров","Телефон":"+359 88 812 3456","Сообщение":"Перезвоните мне"}"#)
            .name("Иван Петров").phone("+359 88 812 3456", "+359888123456").message("Перезвоните мне"),
    ]
}
