//! S3's page of keys: of its XML the few elements that are needed, by a scan from tag to tag.

use super::{Listed, Listing};
use crate::xml::unescape;

/// Reads a `ListBucketResult`; `None` if it is none.
pub(super) fn read(xml: &str) -> Option<Listing> {
    let (_, page) = xml.split_once("<ListBucketResult")?;
    let (page, _) = page.rsplit_once("</ListBucketResult>")?;
    let mut objects = Vec::new();
    let mut rest = page;
    while let Some((_, from)) = rest.split_once("<Contents>") {
        let (object, after) = from.split_once("</Contents>")?;
        let modified = element(object, "LastModified").and_then(|time| time.parse().ok());
        objects.push(Listed { key: unescape(element(object, "Key")?)?, modified });
        rest = after;
    }
    // No key holds a tag: `<` is escaped in it.
    Some(Listing { objects, more: element(page, "IsTruncated")? == "true" })
}

fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, from) = xml.split_once(&format!("<{name}>"))?;
    from.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page as S3 writes it.
    fn page(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>mail</Name>\
             <Prefix></Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>{inside}</ListBucketResult>"
        )
    }

    fn contents(key: &str, modified: &str) -> String {
        format!("<Contents><Key>{key}</Key><LastModified>{modified}</LastModified><ETag>&quot;e&quot;</ETag><Size>9</Size></Contents>")
    }

    #[test]
    fn keys_and_times_are_read_and_escapes_undone() {
        let two = contents("a/1", "2026-11-20T10:00:00.000Z") + &contents("&lt;b&gt; &amp;amp; &#233;&#xd;&quot;&apos;", "soon");
        let listing = read(&page(&format!("<IsTruncated>true</IsTruncated>{two}"))).unwrap();
        assert!(listing.more);
        assert_eq!(listing.objects[0], Listed { key: "a/1".to_owned(), modified: "2026-11-20T10:00:00Z".parse().ok() });
        assert_eq!(listing.objects[1], Listed { key: "<b> &amp; é\r\"'".to_owned(), modified: None });
        let none = read(&page("<IsTruncated>false</IsTruncated>")).unwrap();
        assert_eq!(none, Listing { objects: Vec::new(), more: false });
    }

    #[test]
    fn what_is_cut_or_no_page_is_not_taken_for_a_short_one() {
        let whole = page(&format!("<IsTruncated>false</IsTruncated>{}", contents("a", "2026-11-20T10:00:00.000Z")));
        assert!(read(&whole).is_some());
        for cut in 0..whole.len() {
            assert_eq!(read(&whole[..cut]), None, "{cut}");
        }
        for bad in [page(""), page("<IsTruncated>false</IsTruncated><Contents></Contents>"), "<html></html>".to_owned()] {
            assert_eq!(read(&bad), None, "{bad}");
        }
        for bad in ["&", "&nothing;", "&#;", "&#x110000;", "&#xd800;"] {
            assert_eq!(unescape(bad), None, "{bad}");
        }
    }
}
