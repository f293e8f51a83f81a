//! Words for what people want, and for what they allow.

/// See [`super::Concept::Message`].
pub const MESSAGE: &str = "message messages msg yourmessage comment comments enquiry inquiry question questions query \
    description describe descriptions details detail notes note additionalnotes request requests issue issues problem \
    problems feedback help need needs needed looking contenu contenido contenuto conteudo inhalt inhoud obs tell job project projectdetails brief concern concerns symptoms \
    wishes wish remarks information info body requirements anything sonstiges goals story matter explain share happening wrong textarea multiline longtext longanswer transcript transcription howcan whatcan waskonnen sietun pouvonsnous quepouvons bisogno serve testo texte texto algo whatdoyou howmay \
    mensaje comentario comentarios consulta pregunta preguntas duda dudas descripcion describa describe cuentanos cuentenos \
    necesita necesitas necesidad ayudar ayudarte ayudarle ayuda solicitud detalles observaciones proyecto problema peticion \
    nachricht mitteilung anfrage frage fragen anliegen bemerkung bemerkungen kommentar kommentare beschreibung beschreiben \
    wunsch wunsche vorhaben projekt details hinweise anmerkung anmerkungen helfen hilfe problem schildern ihretwegen \
    worum \
    commentaire commentaires demande demandes projet besoin besoins decrivez precisions remarque remarques aider aide \
    souhaitez question probleme dites parlez \
    mensagem mensagens duvida duvidas pedido pedidos descricao descreva ajudar ajuda precisa necessidade detalhes projeto \
    observacao observacoes conte \
    messaggio messaggi richiesta richieste domanda domande descrizione descriva descrivi descrivici aiutare aiutarti \
    aiutarla esigenza esigenze progetto dettagli raccontaci note \
    bericht boodschap vraag vragen opmerking opmerkingen omschrijving omschrijf toelichting aanvraag wens wensen helpen \
    hulp vertel beschrijving beschrijf \
    meddelande melding besked wiadomosc tresc pytanie opis zprava dotaz poruka viesti uzenet mesaj mesaje mensje hjalpa \
    hjelpe arende fraga beskriv beskrivning poruke komentar \
    メッセージ 内容 お問い合わせ内容 お問い合わせ ご要望 ご質問 留言 内容 备注 咨询内容 메시지 문의 문의내용 내용 сообщение \
    вопрос комментарий رسالة الرسالة הודעה μήνυμα संदेश ข้อความ";
/// See [`super::Concept::Subject`].
pub const SUBJECT: &str = "subject asunto betreff sujet objet assunto oggetto onderwerp topic thema title headline summary \
    amne emne temat predmet aihe 件名 主题 тема";
/// See [`super::Concept::Long`].
pub const LONG: &str = "textarea message paragraph long longtext longanswer multiline multilinetext comment comments";
/// See [`super::Concept::NoMessage`].
pub const NO_MESSAGE: &str = "address street adresse direccion indirizzo adres endereco anschrift domicilio adress \
    hear heard found find discover discovered conociste conocio conocido enteraste entero erfahren aufmerksam gefunden \
    connu connaitre conheceu encontrou conosciuto trovato gehoord gevonden vernomen \
    consent terms privacy agree gdpr policy disclaimer agent browser useragent referrer referer powered pretty summary \
    title url link signature availability schedule newsletter";
/// See [`super::Concept::Consent`].
pub const CONSENT: &str = "consent consents consented agree agreed agreement optin opt gdpr dsgvo rgpd avg privacy permission \
    accept accepted acceptance terms conditions tcpa authorize authorise subscribe allow \
    lopd rodo consentimiento consiento acepto aceptacion aceptar autorizo autorizacion privacidad condiciones \
    einwilligung einwilligen willige zustimmung zustimme stimme zustimmen datenschutz datenschutzerklarung einverstanden \
    einverstandnis akzeptiere akzeptieren \
    consentement consens accepte jaccepte accepter autorise confidentialite conditions \
    consentimento aceito aceite concordo autorizacao privacidade lgpd \
    consenso acconsento accetto accettazione autorizzo privacyconsenso consensi \
    toestemming akkoord instemming voorwaarden samtycke samtycker godkanner samtykke zgoda zgadzam wyrazam souhlas \
    souhlasim hyvaksyn";
/// See [`super::Concept::Texting`].
pub const TEXTING: &str = "sms text texts texting phone contact contacted call calls whatsapp mobile tcpa message messages \
    contactar contacten contactado contacte llamen llamar kontaktiert kontaktieren kontaktaufnahme anrufen anrufe \
    contacter contacte appeler contattare contattato contatto contatado contacteren bellen gebeld mensajes";
/// See [`super::Concept::Newsletter`].
pub const NEWSLETTER: &str = "comerciales comunicaciones commerciales commerciali comerciais werbliche werbung commerciele newsletter newsletters marketing mailing mailinglist news subscribe subscription promotions \
    promotional offers updates boletin boletines promociones noticias suscribirme suscripcion rundbrief werbung angebote \
    infolettre actualites promotions promocoes novidades novita promozioni nieuwsbrief aanbiedingen nyhetsbrev biuletyn";
/// See [`super::Concept::No`].
pub const NO: &str = "no not dont doesnt never false off unchecked unticked decline declined refuse refused disagree disagreed \
    optout denied rejected withhold null none nein nicht kein keine ablehnen abgelehnt non pas ne refuse refusee nao \
    recuso rechazo rechazado nunca rifiuto nego nee niet weiger geweigerd nie nej inte ikke nei ei ne 0 いいえ 否 нет لا";
