//! Words for people and for what else has a name.

/// See [`super::Concept::Name`].
pub const NAME: &str = "name fullname realname contactname yourname firstandlast clientname customername leadname displayname \
    nombre nombres nombrecompleto llamas llama llamamos \
    nom noms nomcomplet nomprenom prenomnom appelez appelles \
    namen vollname heissen heisst heisse \
    nome nomes nomecompleto chamas chama chamar nominativo chiami chiama \
    naam namens heet heten volledigenaam naamvoornaam \
    navn namn imie imienazwisko jmeno ime nimi nev nume isim ad adsoyad isimsoyisim nimesi \
    whoare wersind quietes quieneres chisei wiebent \
    名前 お名前 氏名 姓名 名字 称呼 이름 성함 имя фио имяфамилия الاسم اسم שם όνομα ονοματεπώνυμο नाम ชื่อ";
/// See [`super::Concept::Someone`].
pub const SOMEONE: &str = "caller person persona personne persoon pessoa customer client lead guest attendee visitor contact applicant buyer patient tenant \
    ansprechpartner ansprechpartnerin kontaktperson kunde kundin \
    contactpersoon klant cliente contacto interlocuteur interlocutrice referente contato";
/// See [`super::Concept::First`].
pub const FIRST: &str = "first firstname fname given givenname givennames forename forenames \
    prenom prenoms vorname vornamen rufname voornaam voornamen roepnaam pila voorletters initials initialen \
    primeironome fornamn fornavn etunimi krestni imienia keresztnev prenume";
/// See [`super::Concept::Last`].
pub const LAST: &str = "last lastname lname surname surnames family familyname secondname \
    apellido apellidos apellidopaterno apellidomaterno paterno materno \
    nachname nachnamen familienname zuname sobrenome sobrenomes apelido apelidos ultimonome \
    cognome cognomi achternaam familienaam nomdefamille famille \
    efternamn etternavn efternavn sukunimi nazwisko prijmeni priezvisko prezime vezeteknev soyad soyadi soyisim фамилия 姓 \
    الكنية";
/// See [`super::Concept::Middle`].
pub const MIDDLE: &str =
    "middle middlename mname tussenvoegsel tussenvoegsels infix deuxiemeprenom zweitname patronymic";
/// See [`super::Concept::Ordinal`].
pub const ORDINAL: &str = "primer primero primeiro premier primo erster";
/// See [`super::Concept::Second`].
pub const SECOND: &str = "segundo second deuxieme secondo zweiter tweede";
/// See [`super::Concept::Half`].
pub const HALF: &str = "vor voor";
/// See [`super::Concept::And`].
pub const AND: &str = "and und et y e en i och og a";

/// See [`super::Concept::Other`].
pub const OTHER: &str = "spouse partner husband wife emergency kin referrer referral referred \
    referring refer friend friends neighbor neighbour landlord recommended recommender colleague coworker roommate \
    child kid son daughter student pet dog cat animal horse baby \
    vendor provider dealer seller organizer organiser host staff agent assignee assigned recipient salesperson rep technician manager supervisor \
    doctor physician dentist vet veterinarian lawyer attorney insurer adjuster cc bcc reference references witness \
    creator author moderator admin administrator \
    amigo amiga amigos conyuge esposa esposo marido mujer pareja emergencia recomendado recomendo referido mascota hijo \
    hija perro gato organizador destinatario \
    ami amie amis conjoint conjointe urgence parrain filleul parrainage enfant animal chien chat organisateur \
    destinataire \
    freund freundin ehepartner ehepartnerin ehemann ehefrau notfall notfallkontakt empfehlung empfohlen haustier hund \
    katze kind empfanger werber vermittler veranstalter \
    conjuge emergencia indicacao indicou cachorro filho filha destinatario \
    amico amica coniuge marito moglie emergenza figlio figlia cane gatto destinatario organizzatore \
    vriend vriendin echtgenoot echtgenote noodgeval noodcontact huisdier hond kat ontvanger doorverwezen";
/// See [`super::Concept::Thing`].
pub const THING: &str = "company companyname business organization organisation form formname page pagename site sitename \
    website campaign campaignname ad adname adset adsetname product productname item event eventname eventtype file \
    filename user username userid login nickname project team brand store shop column list workflow template domain \
    street city town country state province county region school college university employer department plan \
    service services model make vehicle car venue hotel building property room utm source medium term content device \
    browser platform app application plugin tenantid workspace calendar channel variant experiment scheduled \
    practice location scheduling clinic church hospital book course class game song position title job role salutation prefix suffix \
    empresa negocio compania razon social producto evento archivo usuario formulario pagina sitio ciudad calle colegio \
    curso marca modelo vehiculo \
    firma firmenname unternehmen betrieb organisationsname produkt veranstaltung datei benutzer benutzername formular \
    seite stadt strasse ort schule kurs marke modell fahrzeug verein \
    entreprise societe organisme raison sociale produit evenement fichier utilisateur formulaire ville rue ecole \
    etablissement enseigne modele vehicule pseudo pseudonyme \
    azienda ditta societa ragione prodotto file utente modulo citta via scuola corso veicolo struttura \
    bedrijf bedrijfsnaam organisatie bedrijfs evenement bestand gebruiker gebruikersnaam formulier stad straat school \
    cursus merk voertuig \
    produto ficheiro arquivo cidade rua escola loja fantasia";
