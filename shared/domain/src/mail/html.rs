//! HTML to lines of text, by one pass over the bytes.
//!
//! It keeps what deciding needs: where a block ends (a sentence never runs across it), which cell a number stands in, link
//! targets, and what a mail client marked as quoted. It drops what a reader does not see: scripts, styles, comments, hidden
//! preheaders. Linear on any input: nothing is looked for twice, and what is not found once is not looked for again.

use super::entity;
use super::html_attributes::Attributes;
use super::lines::Lines;
use super::parts::{is_invisible, normal};

/// Elements that end a line, and those that also end a paragraph.
const LINE_BREAKS: &[&str] = &["div", "br", "center", "dt", "dd", "address", "header", "footer", "tbody", "thead", "form"];
const PARAGRAPH_BREAKS: &[&str] =
    &["p", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "section", "article", "pre", "dl"];
/// Elements without content, which never close.
const VOID: &[&str] = &["br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source", "track"];
/// Elements whose content is not text.
const RAW: &[&str] = &["script", "style", "title", "textarea", "noframes", "xmp"];

/// The text of an HTML document, at most `limit` bytes of it, and whether it was cut.
pub(super) fn lines(html: &str, limit: usize) -> (Lines, bool) {
    let (lines, cut) = Scanner::new(html, limit, true).run();
    if lines.whole().contains(char::is_alphanumeric) {
        return (lines, cut);
    }
    // A hidden element that never closes hides the whole mail: then rather too much than nothing.
    Scanner::new(html, limit, false).run()
}

/// An element that we are inside of, by counting tags of its name.
struct Inside {
    name: String,
    depth: usize,
}

struct Scanner<'x> {
    html: &'x str,
    at: usize,
    limit: usize,
    written: usize,
    skip_hidden: bool,
    hidden: Option<Inside>,
    quote: Option<Inside>,
    rest_is_quoted: bool,
    lines: Lines,
    /// The line that is being read.
    line: String,
    hrefs: Vec<String>,
    /// Set when quotes in tags do not pair up: from then on a tag ends at the next `>`.
    loose_quotes: bool,
    /// Set when no `>` is left: every further `<` is text.
    no_more_tags: bool,
}

impl<'x> Scanner<'x> {
    fn new(html: &'x str, limit: usize, skip_hidden: bool) -> Self {
        Self {
            html,
            at: 0,
            limit,
            written: 0,
            skip_hidden,
            hidden: None,
            quote: None,
            rest_is_quoted: false,
            lines: Lines::default(),
            line: String::new(),
            hrefs: Vec::new(),
            loose_quotes: false,
            no_more_tags: false,
        }
    }

    fn run(mut self) -> (Lines, bool) {
        while self.at < self.html.len() && self.written < self.limit {
            let rest = &self.html[self.at..];
            match rest.as_bytes().first() {
                Some(b'<') if !self.no_more_tags => self.markup(rest),
                Some(b'&') => match entity::read(rest) {
                    Some((text, used)) => {
                        self.text(&text);
                        self.at += used;
                    }
                    None => self.literal(rest, 1),
                },
                _ => {
                    let end = memchr::memchr2(b'<', b'&', &rest.as_bytes()[1..]).map_or(rest.len(), |n| n + 1);
                    self.literal(rest, end);
                }
            }
        }
        let cut = self.at < self.html.len();
        self.end_line();
        (self.lines, cut)
    }

    fn literal(&mut self, rest: &str, length: usize) {
        self.text(&rest[..length]);
        self.at += length;
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            // A plain word as a whole, then what is something else.
            let (word, behind) = rest.split_at(rest.bytes().position(|b| !b.is_ascii_graphic()).unwrap_or(rest.len()));
            let word = &word[..word.len().min(self.limit.saturating_sub(self.written))];
            self.line.push_str(word);
            self.written += word.len();
            let mut chars = behind.chars();
            if let Some(c) = chars.next().filter(|c| !is_invisible(*c)).map(normal) {
                if c.is_whitespace() || c.is_control() {
                    self.space();
                } else if self.written < self.limit {
                    self.line.push(c);
                    self.written += c.len_utf8();
                }
            }
            rest = chars.as_str();
        }
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
            self.written += 1;
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_end();
        if !line.is_empty() || !self.hrefs.is_empty() {
            self.lines.push_html(line, self.quote.is_some() || self.rest_is_quoted, self.hrefs.drain(..));
            self.written += 1;
        }
        self.line.clear();
    }

    fn end_paragraph(&mut self) {
        self.end_line();
        if self.lines.len().checked_sub(1).is_some_and(|last| !self.lines.line(last).is_empty()) {
            self.lines.push_html("", self.quote.is_some() || self.rest_is_quoted, std::iter::empty());
            self.written += 1;
        }
    }

    /// At a `<`: a comment, a declaration, a tag, or only a `<`.
    fn markup(&mut self, rest: &str) {
        if let Some(comment) = rest.strip_prefix("<!--") {
            self.at += comment.find("-->").map_or(rest.len(), |n| n + 7);
            return;
        }
        let named = rest.as_bytes().get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'));
        let Some(end) = (if named { self.tag_end(rest) } else { None }) else { return self.literal(rest, 1) };
        self.at += end + 1;
        let tag = &rest[1..end];
        if tag.starts_with(['!', '?']) {
            return;
        }
        let closing = tag.starts_with('/');
        let body = tag.trim_start_matches('/');
        let length = body.bytes().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b':' | b'-'))).unwrap_or(body.len());
        let (name, attributes) = body.split_at(length);
        let name = name.to_ascii_lowercase();
        self.tag(&name, attributes, closing, tag.ends_with('/'));
    }

    /// Where the tag at the start of `rest` ends: the first `>` outside quotes.
    fn tag_end(&mut self, rest: &str) -> Option<usize> {
        if !self.loose_quotes {
            let (bytes, mut from) = (rest.as_bytes(), 0);
            while let Some(at) = memchr::memchr3(b'>', b'"', b'\'', &bytes[from..]).map(|n| from + n) {
                if bytes[at] == b'>' {
                    return Some(at);
                }
                // A quote only opens a value: apostrophes elsewhere in a broken tag are just characters.
                from = at + 1;
                if bytes[..at].trim_ascii_end().ends_with(b"=") {
                    let Some(length) = memchr::memchr(bytes[at], &bytes[from..]) else { break };
                    from += length + 1;
                }
            }
            self.loose_quotes = true;
        }
        let end = rest.find('>');
        self.no_more_tags = end.is_none();
        end
    }

    fn tag(&mut self, name: &str, attributes: &str, closing: bool, self_closing: bool) {
        let opens = !closing && !self_closing && !VOID.contains(&name);
        if let Some(hidden) = &mut self.hidden {
            if hidden.closed_by(name, opens, closing) {
                self.hidden = None;
            }
            if !RAW.contains(&name) || closing {
                return;
            }
        }
        if RAW.contains(&name) && opens {
            self.skip_raw(name);
            return;
        }
        if PARAGRAPH_BREAKS.contains(&name) {
            self.end_paragraph();
        } else if LINE_BREAKS.contains(&name) {
            if name == "br" && self.line.is_empty() { self.end_paragraph() } else { self.end_line() }
        } else if matches!(name, "td" | "th") {
            self.space();
        }
        if closing {
            if self.quote.as_mut().is_some_and(|q| q.closed_by(name, false, true)) {
                self.end_paragraph();
                self.quote = None;
            }
            return;
        }
        let attributes = Attributes::read(attributes);
        if name == "a"
            && let Some(href) = attributes.href
        {
            self.written += href.len();
            self.hrefs.push(href);
        }
        if self.skip_hidden && attributes.hidden && opens {
            self.hidden = Some(Inside { name: name.to_owned(), depth: 1 });
        }
        if attributes.rest_is_quoted {
            self.end_paragraph();
            self.rest_is_quoted = true;
        }
        match &mut self.quote {
            Some(quote) => {
                quote.closed_by(name, opens, false);
            }
            None if opens && (name == "blockquote" || attributes.quoted) => {
                self.end_paragraph();
                self.quote = Some(Inside { name: name.to_owned(), depth: 1 });
            }
            None => {}
        }
    }

    /// Passes over the content of a script or style; an unclosed one hides the rest, as in a browser.
    fn skip_raw(&mut self, name: &str) {
        let bytes = self.html.as_bytes();
        while let Some(next) = self.html[self.at..].find("</") {
            self.at += next + 2;
            if bytes.get(self.at..self.at + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes())) {
                self.at += self.html[self.at..].find('>').map_or(0, |n| n + 1);
                return;
            }
        }
        self.at = self.html.len();
    }
}

impl Inside {
    /// Counts a tag; true when it closes the element.
    fn closed_by(&mut self, name: &str, opens: bool, closing: bool) -> bool {
        if self.name == name {
            self.depth = if closing { self.depth.saturating_sub(1) } else { self.depth + usize::from(opens) };
        }
        self.depth == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        lines(html, 1 << 20).0.iter().collect::<Vec<_>>().join("|")
    }

    #[test]
    fn cells_and_blocks_never_glue_and_inline_tags_never_split() {
        assert_eq!(text("<table><tr><td>1234</td><td>5678</td></tr></table>"), "1234 5678|");
        assert_eq!(text("<div>one</div><div>two<br>three</div>"), "one|two|three");
        assert_eq!(text("17<b>23</b>45<wbr>67&#8203;8&nbsp;9"), "172345678 9");
        assert_eq!(text("a < b <3 &lt;c&gt; &unknown; & d"), "a < b <3 <c> &unknown; & d");
    }

    #[test]
    fn what_a_reader_does_not_see_is_dropped() {
        assert_eq!(text("<head><title>t</title><style>p{}</style></head><!-- c --><script>if (a</b) {}</script><p>seen</p>"), "seen|");
        for style in ["display: none", "font-size:0", "FONT-SIZE : 0px !important", "visibility:hidden", "max-height:0;overflow:hidden"] {
            assert_eq!(text(&format!("<div style='{style}'>we have <div>granted</div> it</div><p>seen</p>")), "seen|", "{style}");
        }
        assert_eq!(text("<p style=\"font-size:0.9em;display:block\">seen</p>"), "seen|");
        assert_eq!(text("<div style='display:none'>never closed, so shown"), "never closed, so shown");
    }

    #[test]
    fn links_are_kept_decoded_and_quotes_are_marked() {
        let (found, _) = lines(
            "<p>new <a title='x>y' href=\"https://a.example/?x=1&amp;displayId=5\">l</a></p><blockquote>old</blockquote>after",
            1 << 20,
        );
        assert_eq!(found.hrefs(0).collect::<Vec<_>>(), ["https://a.example/?x=1&displayId=5"]);
        let marked = |lines: &Lines| -> Vec<(String, bool)> {
            let all = lines.iter().enumerate().map(|(n, line)| (line.to_owned(), lines.is_quoted(n)));
            all.filter(|(line, _)| !line.is_empty()).collect()
        };
        let expected = [("new l", false), ("old", true), ("after", false)].map(|(line, quoted)| (line.to_owned(), quoted));
        assert_eq!(marked(&found), expected);
        let (gmail, _) = lines("<div>new</div><div class='gmail_quote'><div>On x wrote:</div><div>old</div></div>", 1 << 20);
        assert_eq!(marked(&gmail).iter().filter(|(_, quoted)| !quoted).count(), 1);
    }

    #[test]
    fn hostile_markup_takes_no_longer_than_friendly_markup() {
        let size = 1 << 18;
        for seed in [
            "<",
            "<a ",
            "<a href='",
            "<a \"",
            "&",
            "&#",
            "</",
            "<!--",
            "<script>",
            "<div>",
            "<div style='display:none'>",
            "<b x=\">",
            "</script",
            "a",
            "<p a=' b=\"",
            "<blockquote>",
            "<a href=x>",
        ] {
            let html = seed.repeat(size / seed.len());
            let (done, ended) = std::sync::mpsc::channel();
            std::thread::spawn(move || done.send(lines(&html, usize::MAX).0.len()));
            assert!(ended.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{seed}");
        }
    }
}
