//! Contact Form 7 with "CF7 to Webhook".

use super::vendor::Vendor;

/// See the file's head.
pub static CONTACT_FORM_7: Vendor =
    Vendor { id: "contact-form-7", name: "Contact Form 7 (WordPress)", ..Vendor::PLAIN };
