//! HTML character references: the named ones that occur in mail, and all numeric ones.

/// Longest reference that is looked at, in bytes behind the `&`.
const MAX_LENGTH: usize = 32;

/// Names without `;`, sorted for the search. Characters that [`super::parts`] would normalise anyway are given normalised.
const NAMED: &[(&str, &str)] = &[
    ("AMP", "&"),
    ("Auml", "Ä"),
    ("GT", ">"),
    ("LT", "<"),
    ("Ouml", "Ö"),
    ("QUOT", "\""),
    ("Uuml", "Ü"),
    ("amp", "&"),
    ("apos", "'"),
    ("auml", "ä"),
    ("bull", "•"),
    ("cent", "¢"),
    ("colon", ":"),
    ("comma", ","),
    ("copy", "©"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("emsp", " "),
    ("ensp", " "),
    ("equals", "="),
    ("euro", "€"),
    ("excl", "!"),
    ("gt", ">"),
    ("hellip", "..."),
    ("hyphen", "-"),
    ("laquo", "«"),
    ("ldquo", "\""),
    ("lpar", "("),
    ("lsquo", "'"),
    ("lt", "<"),
    ("mdash", "-"),
    ("middot", "·"),
    ("nbsp", " "),
    ("ndash", "-"),
    ("num", "#"),
    ("ouml", "ö"),
    ("period", "."),
    ("pound", "£"),
    ("quest", "?"),
    ("quot", "\""),
    ("raquo", "»"),
    ("rdquo", "\""),
    ("reg", "®"),
    ("rpar", ")"),
    ("rsquo", "'"),
    ("sect", "§"),
    ("semi", ";"),
    ("shy", ""),
    ("sol", "/"),
    ("szlig", "ß"),
    ("thinsp", " "),
    ("times", "×"),
    ("trade", "™"),
    ("uuml", "ü"),
    ("zwj", ""),
    ("zwnj", ""),
];

/// Reads the reference at the start of `text` (which begins with `&`): what it stands for, and its length. `None`: a bare `&`.
pub(super) fn read(text: &str) -> Option<(String, usize)> {
    let body = text.strip_prefix('&')?;
    let length = body.bytes().take(MAX_LENGTH).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let name = body.get(..length)?;
    let closed = usize::from(body.as_bytes().get(length) == Some(&b';'));
    let used = 1 + length + closed;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some((char::from_u32(windows_1252(code)).filter(|c| *c != '\0').unwrap_or('\u{fffd}').to_string(), used));
    }
    // Without its semicolon a name in a URL (`&copy=1`) is a parameter.
    let found = NAMED.binary_search_by(|(n, _)| n.cmp(&name)).ok().and_then(|at| NAMED.get(at))?;
    (closed == 1).then(|| (found.1.to_owned(), used))
}

/// Browsers read 128–159 as Windows-1252; the quotes and dashes are the ones that occur.
const fn windows_1252(code: u32) -> u32 {
    match code {
        0x80 => 0x20AC,
        0x85 => 0x2026,
        0x91 | 0x92 => 0x27,
        0x93 | 0x94 => 0x22,
        0x95 => 0x2022,
        0x96 | 0x97 => 0x2D,
        0x99 => 0x2122,
        other => other,
    }
}

/// Decodes every reference in an attribute's value.
pub(super) fn decode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match read(rest) {
            Some((text, used)) => {
                out.push_str(&text);
                rest = &rest[used..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMED.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn names_numbers_and_bare_ampersands() {
        assert_eq!(decode("a &amp; b&#39;s &#x27;c&#X27; &rsquo;&nbsp;&"), "a & b's 'c' ' &");
        assert_eq!(decode("?a=1&copy=2&displayId=1&bogus;"), "?a=1&copy=2&displayId=1&bogus;");
        assert_eq!(decode("&#0;&#xFFFFFFFF;&#99999999999;&#xD800;&é"), "\u{fffd}\u{fffd}&#99999999999;\u{fffd}&é");
    }
}
