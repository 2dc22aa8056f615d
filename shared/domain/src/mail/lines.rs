//! Text by lines: one buffer for all of them, because a mail can have a quarter of a million empty ones.

use std::borrow::Cow;

use super::parts::{is_invisible, normal};

/// Lines for which room is made at once.
const FEW_LINES: usize = 64;

/// Lines of text, normalised, and what the HTML says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Each line, with a line break behind it.
    text: String,
    /// Where the line break of each stands.
    ends: Vec<u32>,
    /// Those that the HTML marks as quoted; none behind the end.
    quoted: Vec<bool>,
    /// Link targets that the text does not show, with the numbers of their lines, in order.
    hrefs: Vec<(usize, String)>,
}

impl Lines {
    /// Plain text to lines: normalised, `format=flowed` (RFC 3676) joined, at most `limit` bytes; whether it was cut.
    pub(super) fn of_plain(text: &str, limit: usize, flowed: bool, delsp: bool) -> (Self, bool) {
        let mut found = Self::with_room_for(text, limit);
        let (mut read, mut open) = (0, None::<usize>);
        let mut raws = text.split('\n');
        while let Some(raw) = raws.next() {
            let left = limit.saturating_sub(read);
            if left == 0 {
                // Empty lines are not kept either: a mail can have millions of them.
                return (found, std::iter::once(raw).chain(raws).any(|raw| !raw.trim().is_empty()));
            }
            let cut = raw.len() > left;
            let raw = if cut { raw.get(..raw.floor_char_boundary(left)).unwrap_or_default() } else { raw };
            read += raw.len() + 1;
            let depth = raw.bytes().take_while(|b| *b == b'>').count();
            let clean = clean(raw.strip_suffix('\r').unwrap_or(raw));
            // Space-stuffing and quote marks of a continuation are not text.
            let text = if flowed && depth == 0 { clean.strip_prefix(' ').unwrap_or(&clean) } else { &clean };
            if open == Some(depth) {
                found.go_on(text.trim_start_matches('>').trim_start_matches(' '));
            } else {
                found.push(text);
            }
            open = (flowed && text.ends_with(' ') && text != "-- ").then_some(depth);
            if open.is_some() && delsp {
                found.take_back();
            }
            if cut {
                return (found, true);
            }
        }
        (found, false)
    }

    /// Text that was normalised before, to lines.
    pub(super) fn of_clean(text: &str) -> Self {
        let mut lines = Self::with_room_for(text, text.len());
        text.split('\n').for_each(|line| lines.push(line));
        lines
    }

    /// A short mail is most of what there is: its lines are counted, so that they take no more room than they need.
    fn with_room_for(text: &str, limit: usize) -> Self {
        let few = memchr::memchr_iter(b'\n', text.as_bytes()).take(FEW_LINES).count() + 1;
        Self { text: String::with_capacity(text.len().min(limit) + 1), ends: Vec::with_capacity(few), ..Self::default() }
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.close();
    }

    /// Adds a line of HTML.
    pub(super) fn push_html(&mut self, line: &str, quoted: bool, hrefs: impl Iterator<Item = String>) {
        let number = self.len();
        self.push(line);
        self.hrefs.extend(hrefs.map(|href| (number, href)));
        if quoted {
            self.quoted.resize(number, false);
            self.quoted.push(true);
        }
    }

    /// Adds a line in place of one of others: with the link targets of that one, and quoted by nothing.
    pub(super) fn push_of(&mut self, others: &Self, number: usize, line: &str) {
        self.push_html(line, false, others.hrefs(number).map(str::to_owned));
    }

    /// Adds all lines of others.
    pub(super) fn append(&mut self, others: Self) {
        if self.is_empty() {
            *self = others;
            return;
        }
        for (number, line) in others.iter().enumerate() {
            self.push_html(line, others.is_quoted(number), std::iter::empty());
        }
        let before = self.len() - others.len();
        self.hrefs.extend(others.hrefs.into_iter().map(|(number, href)| (before + number, href)));
    }

    /// Marks all lines as quoted.
    pub(super) fn quote(&mut self) {
        self.quoted = vec![true; self.len()];
    }

    fn close(&mut self) {
        // What is read of a mail is far shorter than 4 GB.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.text.push('\n');
    }

    /// Opens the last line again.
    fn open(&mut self) {
        self.ends.pop();
        self.text.pop();
    }

    /// Adds to the last line.
    fn go_on(&mut self, more: &str) {
        self.open();
        self.push(more);
    }

    /// Takes the last character off the last line.
    fn take_back(&mut self) {
        self.open();
        self.text.pop();
        self.close();
    }

    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of it as one text, a line break behind each line.
    pub(super) fn whole(&self) -> &str {
        &self.text
    }

    /// A line; an empty one behind the last.
    pub(super) fn line(&self, number: usize) -> &str {
        let end = |number: usize| self.ends.get(number).map(|end| *end as usize);
        let start = number.checked_sub(1).and_then(end).map_or(0, |end| end + 1);
        end(number).and_then(|end| self.text.get(start..end)).unwrap_or_default()
    }

    /// The lines.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.from(0)
    }

    /// The lines from one on.
    pub(super) fn from(&self, number: usize) -> impl Iterator<Item = &str> + Clone {
        (number..self.len()).map(|number| self.line(number))
    }

    /// Whether the HTML marks a line as quoted.
    pub(super) fn is_quoted(&self, number: usize) -> bool {
        self.quoted.get(number).copied().unwrap_or_default()
    }

    /// The link targets of a line that its text does not show.
    pub(super) fn hrefs(&self, number: usize) -> impl Iterator<Item = &str> + Clone {
        let from = self.hrefs.partition_point(|(line, _)| *line < number);
        self.hrefs.iter().skip(from).take_while(move |(line, _)| *line == number).map(|(_, href)| href.as_str())
    }

    /// All of them.
    pub(super) fn all_hrefs(&self) -> impl Iterator<Item = &str> {
        self.hrefs.iter().map(|(_, href)| href.as_str())
    }
}

/// A line without what a reader does not see, in the plain form of its characters.
fn clean(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(raw);
    }
    raw.chars().filter(|c| !is_invisible(*c)).map(normal).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, limit: usize, flowed: bool, delsp: bool) -> Vec<String> {
        Lines::of_plain(text, limit, flowed, delsp).0.iter().map(str::to_owned).collect()
    }

    #[test]
    fn no_more_is_kept_than_the_limit_empty_lines_included() {
        let count = |text: &str| {
            let (lines, cut) = Lines::of_plain(text, 10, false, false);
            (lines.len(), cut)
        };
        assert_eq!(count(&"\n".repeat(1000)), (10, false));
        assert_eq!(count("123456789\n\n\n"), (1, false));
        assert_eq!((count("123456789\n\nx"), count("12345678901"), count("")), ((1, true), (1, true), (1, false)));
        assert_eq!(Lines::of_plain("x", 0, false, false), (Lines::default(), true));
    }

    #[test]
    fn flowed_text_is_joined_and_characters_are_plain() {
        let flowed = of("we are unable \nto process \n> it \n> now\n-- \nsig", 1000, true, false);
        assert_eq!(flowed, ["we are unable to process ", "> it now", "-- ", "sig"]);
        assert_eq!(of("17234 \n56", 1000, true, true), ["1723456"]);
        assert_eq!(of("we\u{2019}ll\u{a0}grant\u{200b} \u{2013} it", 1000, false, false), ["we'll grant - it"]);
        assert!(Lines::of_plain("abc\nabc", 5, false, false).1);
    }

    #[test]
    fn what_the_html_says_of_a_line_stays_with_it() {
        let mut lines = Lines::default();
        lines.push("a");
        lines.push_html("b", true, ["x".to_owned(), "y".to_owned()].into_iter());
        let mut both = lines.clone();
        both.append(lines.clone());
        let said = |lines: &Lines| -> Vec<(String, bool, Vec<String>)> {
            let of = |n| (lines.line(n).to_owned(), lines.is_quoted(n), lines.hrefs(n).map(str::to_owned).collect());
            (0..lines.len()).map(of).collect()
        };
        assert_eq!(said(&lines), [("a".to_owned(), false, vec![]), ("b".to_owned(), true, vec!["x".to_owned(), "y".to_owned()])]);
        assert_eq!(said(&both), [said(&lines), said(&lines)].concat());
        assert_eq!((both.whole(), both.all_hrefs().count(), both.line(4)), ("a\nb\na\nb\n", 4, ""));
        let mut below = Lines::default();
        below.push_of(&both, 3, both.line(3));
        below.quote();
        assert_eq!(said(&below), said(&lines)[1..]);
    }
}
