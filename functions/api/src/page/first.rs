//! What an empty page says: how the first request comes in.

use maud::{Markup, html};

/// The first steps. `mail_to` is where mail goes in.
pub(super) fn nothing_yet(mail_to: Option<&str>) -> Markup {
    html! {
        section {
            h2 { "No request yet" }
            p { "A request appears here with AWS's first mail about it. To bring mail in:" }
            ul.ways {
                @match mail_to {
                    Some(smtp) if smtp.starts_with("smtp://") => li {
                        "Send one that you saved as a file:"
                        pre { "curl --mail-from me@localhost --mail-rcpt port25@localhost --upload-file mail.eml " (smtp) }
                    },
                    Some(address) => li { "Name " code { (address) } " as a contact on AWS's form, or redirect AWS's mails to it." },
                    None => li { "Name the address of this tracker as a contact on AWS's form, or redirect AWS's mails to it." },
                }
                li { "Take in a mailbox that was exported: " code { "port25 import PATH" } ", with the program stopped and the same " code { "--data" } "." }
                li { "To see it alive first: " code { "port25 demo" } " plays a story." }
            }
            p.hint { "A mail that nothing proves to be AWS's changes nothing: it is listed here under quarantine, with the reason." }
        }
    }
}
