//! XML as AWS's query services answer with it: elements and their text. Attributes, comments and declarations are passed over.

use wire::xml::unescape;

/// How deep elements may nest; AWS's go to about ten.
const DEEP: usize = 32;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// The elements in it.
    pub inside: Vec<Element>,
    /// Its own text, escapes undone, without white space around it.
    pub text: String,
}

impl Element {
    /// The first element in it with this name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.inside.iter().find(|one| one.name == name)
    }

    /// The element at the end of a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |here, name| here.get(name))
    }

    /// The text at the end of a path of names.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path).map(|one| one.text.as_str())
    }

    /// The members of a list at the end of a path.
    pub fn members<'a>(&'a self, path: &[&str]) -> impl Iterator<Item = &'a Self> {
        self.at(path).into_iter().flat_map(|list| &list.inside).filter(|one| one.name == "member")
    }
}

/// Reads a document; `None` if it is none, or not whole.
pub fn read(text: &str) -> Option<Element> {
    let mut open = vec![Element::default()];
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        open.last_mut()?.text.push_str(&unescape(before)?);
        if let Some(comment) = from.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        let (tag, after) = from.split_once('>')?;
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let mut done = open.pop().filter(|done| done.name == name.trim_end() && !open.is_empty())?;
            done.text = done.text.trim().to_owned();
            open.last_mut()?.inside.push(done);
            continue;
        }
        let name = tag.trim_end_matches('/').split(char::is_whitespace).next()?.to_owned();
        let element = Element { name, ..Element::default() };
        if tag.ends_with('/') {
            open.last_mut()?.inside.push(element);
        } else if open.len() <= DEEP {
            open.push(element);
        } else {
            return None;
        }
    }
    let mut document = open.pop().filter(|_| open.is_empty())?;
    document.inside.pop().filter(|_| document.inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "<?xml version=\"1.0\"?>\n<DescribeResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\">\n <Result>\
        <Name>a &amp; b&#233;</Name><Empty/><!-- <x> -->\n<Rules><member><Name>one</Name></member><member><Name>two</Name></member></Rules>\
        </Result></DescribeResponse>\n";

    #[test]
    fn elements_are_found_by_their_path() {
        let answer = read(ANSWER).unwrap();
        assert_eq!(answer.name, "DescribeResponse");
        assert_eq!(answer.text_at(&["Result", "Name"]), Some("a & bé"));
        assert_eq!(answer.text_at(&["Result", "Empty"]), Some(""));
        let names: Vec<_> = answer.members(&["Result", "Rules"]).filter_map(|one| one.text_at(&["Name"])).collect();
        assert_eq!(names, ["one", "two"]);
        assert_eq!(answer.text_at(&["Result", "Nothing"]), None);
    }

    #[test]
    fn what_is_cut_or_crooked_is_no_document() {
        let whole = ANSWER.trim_end();
        for cut in (0..whole.len()).filter(|cut| whole.is_char_boundary(*cut)) {
            assert_eq!(read(&whole[..cut]), None, "{cut}");
        }
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        for bad in ["", "x", "<a></b>", "</a>", "<a/><b/>", "<a>&nothing;</a>", &deep] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
