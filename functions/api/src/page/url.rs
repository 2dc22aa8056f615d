//! Every link of the page: relative ones to ourselves, and the console of AWS. Nothing from a mail becomes a link.

/// The console, where Support Center is.
const CONSOLE: &str = "https://console.aws.amazon.com/";

/// The way from the page at hand back to the root, so that the page works behind any prefix.
pub(crate) struct Base(String);

impl Base {
    /// For the page at this path.
    pub(crate) fn of(path: &str) -> Self {
        match path.bytes().filter(|b| *b == b'/').count() {
            0 | 1 => Self("./".to_owned()),
            n => Self("../".repeat(n - 1)),
        }
    }

    /// All requests.
    pub(crate) fn home(&self) -> &str {
        &self.0
    }

    pub(crate) fn style(&self) -> String {
        format!("{}style.css", self.0)
    }

    pub(crate) fn script(&self) -> String {
        format!("{}script.js", self.0)
    }

    /// Where a form of a request's page goes; `deed` is one of ours.
    pub(crate) fn deed(&self, id: &str, deed: &'static str) -> String {
        format!("{}requests/{}/{deed}", self.0, segment(id))
    }

    /// The mails that nothing proves.
    pub(crate) fn quarantine(&self) -> String {
        format!("{}quarantine", self.0)
    }

    /// The same, from a place that the page before gave.
    pub(crate) fn quarantine_from(&self, place: &str) -> String {
        format!("{}quarantine?from={}", self.0, segment(place))
    }

    /// One of these mails on their page; its entry's id is its place there.
    pub(crate) fn quarantined(&self, id: &str) -> String {
        format!("{}quarantine#{}", self.0, segment(id))
    }

    /// Where a form of such a mail goes; `deed` is one of ours.
    pub(crate) fn verdict(&self, id: &str, deed: &'static str) -> String {
        format!("{}quarantine/{}/{deed}", self.0, segment(id))
    }

    /// The page of a request.
    pub(crate) fn request(&self, id: &str) -> String {
        format!("{}requests/{}", self.0, segment(id))
    }

    /// The form for a token.
    pub(crate) fn login(&self) -> String {
        format!("{}login", self.0)
    }

    /// The same, and then to a page of ours.
    pub(crate) fn login_then(&self, page: &str) -> String {
        format!("{}login?next={}", self.0, segment(page))
    }

    /// Where a session is ended.
    pub(crate) fn logout(&self) -> String {
        format!("{}logout", self.0)
    }

    /// A page of ours that was seen from the root, as [`page_of`] gives it.
    pub(crate) fn to(&self, page: &str) -> String {
        format!("{}{page}", self.0)
    }

    /// All requests, on a page that stays as it is.
    pub(crate) fn still(&self) -> String {
        format!("{}?still", self.0)
    }

    /// A request, on a page that stays as it is.
    pub(crate) fn request_still(&self, id: &str) -> String {
        format!("{}requests/{}?still", self.0, segment(id))
    }

    /// The same as JSON.
    pub(crate) fn request_json(&self, id: &str) -> String {
        format!("{}v1/requests/{}", self.0, segment(id))
    }

    /// The draft of an answer as a mail.
    pub(crate) fn reply_mail(&self, id: &str) -> String {
        format!("{}v1/requests/{}/reply?format=eml", self.0, segment(id))
    }

    /// A list as JSON, by turn.
    pub(crate) fn list_json(&self, turn: &str) -> String {
        format!("{}v1/requests?turn={}", self.0, segment(turn))
    }
}

/// The page that a form was on, seen from the root: what failed leads back to it. `path` is that of the form's address.
pub(crate) fn page_of(path: &str) -> Option<&str> {
    let path = path.strip_prefix('/')?;
    match path.split('/').collect::<Vec<_>>()[..] {
        ["requests", id, _] => path.get(.."requests/".len() + id.len()).filter(|page| crate::access::login::is_place(page)),
        ["quarantine", _, _] => Some("quarantine"),
        _ => None,
    }
}

/// A place on the page at hand.
pub(crate) fn place(id: &'static str) -> String {
    format!("#{id}")
}

/// A link to the console of AWS, or nothing.
pub(crate) fn console(link: &str) -> Option<&str> {
    link.starts_with(CONSOLE).then_some(link)
}

/// One segment of a path: everything but letters, digits, `-`, `_` and `~` is percent-encoded, so that none can leave its place.
/// A dot between two of them stays; alone it would mean a folder.
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let dots = text.bytes().all(|b| b == b'.');
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(char::from(byte)),
            b'.' if !dots => out.push('.'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_segment() {
        let base = Base::of("/");
        for (id, want) in [
            ("170000000100123", "./requests/170000000100123"),
            ("a/b?c#d&e", "./requests/a%2Fb%3Fc%23d%26e"),
            ("mail-1@amazonses.com", "./requests/mail-1%40amazonses.com"),
            ("../../x", "./requests/..%2F..%2Fx"),
            ("..", "./requests/%2E%2E"),
            ("javascript:alert(1)\"<", "./requests/javascript%3Aalert%281%29%22%3C"),
            ("ä\n", "./requests/%C3%A4%0A"),
        ] {
            assert_eq!(base.request(id), want);
        }
        assert_eq!(base.list_json("aws"), "./v1/requests?turn=aws");
    }

    #[test]
    fn links_lead_back_from_any_depth() {
        for (path, home) in [("/", "./"), ("/x", "./"), ("/requests/1", "../"), ("/a/b/c", "../../"), ("//evil.example/", "../../")] {
            assert_eq!(Base::of(path).home(), home, "{path}");
        }
        assert_eq!(Base::of("/requests/1").style(), "../style.css");
    }

    #[test]
    fn what_failed_leads_back_to_the_page_of_its_form() {
        for (path, page) in [
            ("/requests/170000000100123/ack", Some("requests/170000000100123")),
            ("/requests/mail-1%40x/note", Some("requests/mail-1%40x")),
            ("/quarantine/abc/release", Some("quarantine")),
            ("/requests/170000000100123", None),
            ("/requests/../ack", None),
            ("/requests/a:b/ack", None),
            ("//evil.example/x", None),
            ("/", None),
        ] {
            assert_eq!(page_of(path), page, "{path}");
        }
    }

    #[test]
    fn only_the_console_of_aws_is_linked() {
        let good = "https://console.aws.amazon.com/support/home#/case/?displayId=170000000100123";
        assert_eq!(console(good), Some(good));
        for bad in ["https://console.aws.amazon.com.evil.example/", "javascript:alert(1)", "http://console.aws.amazon.com/"] {
            assert_eq!(console(bad), None);
        }
    }
}
