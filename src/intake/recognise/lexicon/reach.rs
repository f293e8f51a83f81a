//! Words for ways to reach a person, and for numbers that are none.

/// See [`super::Concept::Email`].
pub const EMAIL: &str = "email emails mail mails emailaddress mailaddress useremail youremail emailid respondentemail \
    contactemail workemail customeremail \
    correo correos correoelectronico electronico courriel courriels courrier mel adressemail electronique \
    mailadresse emailadresse mailanschrift eletronico enderecodeemail elettronica indirizzoemail posta \
    emailadres mailadres epost epostadress epostadresse replyto sahkoposti eposta mejl poczta adresemail \
    メール メールアドレス eメール 邮箱 电子邮件 邮件 郵箱 이메일 почта имейл البريد אימייל мейл";
/// See [`super::Concept::Phone`].
pub const PHONE: &str = "callerid callernumber callerphone phone phones telephone tel mobile cell cellphone cellular phonenumber mobilenumber mobilephone \
    telephonenumber cellnumber contactnumber phoneno mobileno telno userphone callback whatsapp sms texting textnumber \
    telefono telefonos tfno tfn telf tlf tlfno tlfn telefonica movil celular fijo numerodetelefono \
    telefon telefonnummer telefonnr rufnummer ruckrufnummer ruckruf handy handynummer handynr mobil mobilnummer \
    mobilfunk mobilfunknummer mobiltelefon festnetz durchwahl \
    telefoon telefoonnummer telefoonnr mobiel mobielnummer mobielenummer gsm gsmnummer terugbelnummer \
    telefone telefones telemovel celulares fone zap whats \
    cellulare cellulari recapito recapiti telefonico \
    telephoneportable portable cellulaire numerodetelephone \
    telefonnumer mobilnr matkapuhelin puhelin puhelinnumero telefonszam komorka komorkowy numertelefonu telefonu \
    telefonni telefonne telefonni mobitel gsmno ceptelefonu \
    電話 電話番号 携帯 携帯電話 お電話番号 电话 手机 手机号 手機 電話號碼 联系电话 전화 전화번호 휴대폰 연락처 телефон \
    мобильный الهاتف هاتف جوال טלפון נייד τηλέφωνο κινητό फ़ोन โทรศัพท์";
/// See [`super::Concept::Reach`].
pub const REACH: &str = "reach contact call number nr no callme ring text contactinfo contactdetails \
    contactamos contactar contactarle contactarte llamar llamarte llamarle numero localizar \
    erreichen erreichbar kontakt kontaktdaten anrufen nummer zuruckrufen \
    joindre contacter appeler rappeler coordonnees \
    contattare contattarla contattarti chiamare chiamarla chiamarti richiamare contatto contatti raggiungere \
    contatar contato ligar contacto contactos \
    bereiken bereikbaar contactgegevens bellen terugbellen contacteren";
/// See [`super::Concept::Mobile`].
pub const MOBILE: &str = "mobile cell cellphone cellular mobilenumber mobilephone sms text texting whatsapp movil celular \
    handy handynummer mobil mobilnummer mobilfunk mobilfunknummer mobiltelefon mobiel mobielnummer mobielenummer gsm \
    telemovel cellulare portable cellulaire komorka komorkowy mobitel 携帯 手机 휴대폰 мобильный";
/// See [`super::Concept::Landline`].
pub const LANDLINE: &str = "landline home fixed house fijo fixe fisso fixo vast vaste festnetz festnetznummer daytime \
    evening abend privat casa domicile";
/// See [`super::Concept::Fax`].
pub const FAX: &str = "fax faxnumber faxnummer telefax telecopie telecopieur pager extension ext durchwahl ramal";
/// See [`super::Concept::Dial`].
pub const DIAL: &str = "prefix dial dialcode dialing dialling code vorwahl landesvorwahl landervorwahl indicatif \
    prefisso ddi ddd prefijo landcode landnummer countrycode phonecode isd idd";
/// See [`super::Concept::Again`].
pub const AGAIN: &str = "confirm confirmation confirmed verify verification repeat retype reenter again alternate \
    alternative alt secondary second other additional backup billing paypal old previous \
    confirmar confirmacion confirma repetir repita repite verificar alternativo otro secundario adicional \
    bestatigen bestatigung wiederholen wiederholung weitere alternativ zweite \
    confirmer confirmez confirmation repeter autre secondaire \
    conferma confermare ripeti ripetere altro secondario \
    bevestig bevestigen bevestiging herhaal herhaling ander extra tweede \
    confirme repita outro";
/// See [`super::Concept::Work`].
pub const WORK: &str = "work business company office employer organization organisation corporate firm headquarters \
    trabajo empresa oficina empresarial arbeit firma firmen geschaftlich buro dienstlich unternehmen zentrale \
    travail entreprise societe bureau professionnel professionnelle pro standard \
    lavoro azienda ufficio aziendale ditta werk zakelijk zakelijke bedrijf kantoor trabalho escritorio comercial";
/// See [`super::Concept::NoPhone`].
pub const NO_PHONE: &str = "order orders invoice zip zipcode postal postcode post plz vat tax account iban bic swift \
    customerid date dob birth birthday birthdate day year month time when price budget cost amount total quantity qty \
    sum income salary revenue rent ref reference policy claim case ticket tracking sku serial license licence \
    registration passport ssn insurance policynumber confirmationnumber booking reservation \
    size area sqft sqm square acreage age rooms bedrooms bathrooms guests people persons adults children units \
     street apartment apt suite floor lot distance mileage miles km weight height width length score rating \
    latitude longitude lat lng lon card pin otp siret siren nif dni cif nie cpf cnpj ustid uid iva rut curp rfc \
    pedido factura postal codigo fecha nacimiento precio presupuesto importe cantidad cuenta edad poliza matricula \
    expediente habitaciones metros superficie \
    bestellung bestellnummer auftragsnummer auftrag rechnung rechnungsnummer kundennummer vertragsnummer vertrag \
    postleitzahl datum geburtsdatum geburtstag preis betrag menge alter steuernummer umsatzsteuer hausnummer \
    wohnflache flache quadratmeter personen aktenzeichen zahlernummer zimmer anzahl \
    commande facture dossier naissance prix montant quantite compte tva surface contrat \
    ordine fattura cap data nascita prezzo importo quantita conto partita fiscale codice pratica contratto superficie \
    bestelling bestelnummer ordernummer factuur factuurnummer klantnummer postcode geboortedatum prijs bedrag aantal \
    rekening btw kvk huisnummer oppervlakte dossiernummer polis \
    encomenda fatura cep data nascimento preco valor quantidade conta contribuinte processo \
    encomendas part item model vin plate odometer meter npi ein";
/// See [`super::Concept::Country`].
pub const COUNTRY: &str = "country countrycode iso region land pais pays paese pais landcode nation";
