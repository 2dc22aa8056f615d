//! Japanese phrases. No real AWS mail in Japanese was found, so all are of low confidence: a question is shown as one, anything
//! else goes to a person with the phrase that matched. Words are not separated by spaces: these are looked for as they stand, in
//! text without its line breaks, because Japanese is wrapped inside words.

use std::ops::Range;

use super::Meaning;

const PHRASES: &[(&str, Meaning, &[&str])] = &[
    (
        "denied.ja-cannot",
        Meaning::Denied,
        &[
            "承認できません",
            "承認することができません",
            "承認に至りません",
            "お受けできません",
            "お受けできかね",
            "ご要望にお応えできません",
            "対応できません",
            "対応できかね",
            "解除できません",
            "解除することはできません",
            "許可できません",
            "認められません",
            "沿いかねます",
            "添いかねます",
            "致しかねます",
            "いたしかねます",
        ],
    ),
    ("denied.ja-rejected", Meaning::Denied, &["却下", "拒否されました", "お断り", "見送らせて", "承認されませんでした"]),
    (
        "question.ja-provide",
        Meaning::Question,
        &[
            "ご提供ください",
            "ご提供いただ",
            "ご提供をお願い",
            "お知らせください",
            "お知らせ下さい",
            "お知らせいただ",
            "お知らせ願",
            "お教えください",
            "お教えいただ",
            "教えてください",
            "教えていただ",
            "お聞かせ",
            "ご教示",
            "ご説明ください",
            "ご説明いただ",
            "ご記入ください",
            "ご記入いただ",
            "ご記載ください",
            "ご入力ください",
            "お送りください",
            "お送りいただ",
            "ご送付ください",
            "ご送付いただ",
            "ご提出ください",
            "ご提出いただ",
        ],
    ),
    (
        "question.ja-answer",
        Meaning::Question,
        &[
            "ご返信ください",
            "ご返信いただ",
            "ご返信をお待ち",
            "ご返信をお願い",
            "返信してください",
            "ご回答ください",
            "ご回答いただ",
            "ご回答をお待ち",
            "ご回答をお願い",
            "ご返答ください",
            "ご返答をお待ち",
            "お返事をお待ち",
            "お返事をいただけておりません",
            "ご返信をいただけておりません",
            "ご返信がない",
            "ご返信が確認できて",
            "ご連絡をお待ち",
        ],
    ),
    (
        "question.ja-needed",
        Meaning::Question,
        &[
            "情報が必要です",
            "情報が不足",
            "追加情報が必要",
            "詳細が必要です",
            "情報をお願い",
            "修正をお願い",
            "設定をお願い",
            "不備がござ",
            "不備があり",
            "ご記入のうえ",
            "ご記入の上",
            "再度ご申請",
            "再申請を",
        ],
    ),
    ("approved.ja-approved", Meaning::Approved, &["承認されました", "承認いたしました", "承認しました", "許可されました"]),
    (
        "approved.ja-removed",
        Meaning::Approved,
        &[
            "制限を解除しました",
            "制限を解除いたしました",
            "制限が解除されました",
            "解除が完了",
            "解除いたしました",
            "設定いたしました",
            "設定が完了",
            "引き上げました",
            "引き上げが完了",
        ],
    ),
    (
        "received.ja-received",
        Meaning::Received,
        &["受け付けました", "受け付けいたしました", "受付いたしました", "受領いたしました", "承りました"],
    ),
    (
        "progress.ja-working",
        Meaning::Progress,
        &["確認中", "調査中", "審査中", "審査しております", "確認しております", "調査しております", "対応しております"],
    ),
];

/// In a sentence with one of these, asking is a courtesy or depends on something: "should you have questions, let us know".
const COURTESY: &[&str] =
    &["ございましたら", "ありましたら", "あれば", "ご不明", "ご質問", "ご遠慮なく", "お気軽", "場合", "アンケート", "ご意見"];

/// The first byte of every kana, and of nothing that is read as a Latin letter: running Japanese is never without.
const KANA: u8 = 0xE3;

/// The ids of the phrases.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    PHRASES.iter().map(|(id, ..)| *id)
}

/// What the phrases of an id say.
pub(super) fn says(id: &str) -> Option<Meaning> {
    PHRASES.iter().find(|(known, ..)| *known == id).map(|(_, says, _)| *says)
}

/// Every phrase that occurs, with its rule's id and its place in the text.
pub(super) fn matches(text: &str) -> Vec<(&'static str, Meaning, Range<usize>)> {
    if memchr::memchr(KANA, text.as_bytes()).is_none() {
        return Vec::new();
    }
    let joined = Joined::of(text);
    let found = |(id, says, words): &(&'static str, Meaning, &[&str])| {
        words.iter().find_map(|word| {
            let means_it = |at: &usize| *says != Meaning::Question || !is_courtesy(&joined.text, *at);
            joined.text.match_indices(word).map(|(at, _)| at).find(means_it).map(|at| (*id, *says, joined.place(at, word.len())))
        })
    };
    PHRASES.iter().filter_map(found).collect()
}

/// Whether the sentence up to a place has words of courtesy.
fn is_courtesy(text: &str, at: usize) -> bool {
    /// Longer sentences are read from here on, in bytes.
    const LONGEST: usize = 400;
    let before = &text[text.ceil_char_boundary(at.saturating_sub(LONGEST))..at];
    let sentence = before.rfind(['。', '？', '?', '\n']).map_or(before, |end| &before[end..]);
    COURTESY.iter().any(|word| sentence.contains(word))
}

/// A text without single line breaks and white space.
struct Joined {
    text: String,
    /// Places in it before which something was left out, and how much there was of it so far.
    left_out: Vec<(usize, usize)>,
}

impl Joined {
    fn of(text: &str) -> Self {
        let mut joined = Self { text: String::with_capacity(text.len()), left_out: Vec::new() };
        let (mut out, mut lines) = (0, 0);
        for c in text.chars() {
            if c.is_whitespace() {
                lines += usize::from(c == '\n');
                // An empty line ends a sentence.
                if lines == 2 && c == '\n' {
                    joined.text.push('\n');
                } else {
                    out += c.len_utf8();
                }
                continue;
            }
            lines = 0;
            if joined.left_out.last().map_or(0, |(_, before)| *before) != out {
                joined.left_out.push((joined.text.len(), out));
            }
            joined.text.push(c);
        }
        joined
    }

    /// Where a piece stands in the text that it was made of.
    fn place(&self, at: usize, length: usize) -> Range<usize> {
        let out = |at: usize| self.left_out[..self.left_out.partition_point(|(place, _)| *place <= at)].last().map_or(0, |(_, out)| *out);
        let last = at + length - 1;
        at + out(at)..last + out(last) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        matches(text).into_iter().map(|(id, ..)| id).collect()
    }

    #[test]
    fn phrases_are_found_in_running_text() {
        assert_eq!(found("ご申請は承認されました。詳細をお知らせください。"), ["question.ja-provide", "approved.ja-approved"]);
        assert!(found("We have granted it “now”").is_empty());
    }

    #[test]
    fn a_phrase_that_is_wrapped_inside_is_found_where_it_stands() {
        let text = "お客様\n\n　送信するメールの用途をお知\nらせください。\n\nお客様のご返信をお待\r\nちしております。";
        let places: Vec<_> = matches(text).into_iter().map(|(_, _, place)| &text[place]).collect();
        assert_eq!(places, ["お知\nらせください", "ご返信をお待\r\nち"]);
    }

    #[test]
    fn a_courtesy_asks_nothing() {
        assert!(found("ご不明な点がございましたら\nお知らせください。").is_empty());
        assert!(found("届かない場合はご返信ください。").is_empty());
        assert_eq!(found("ご質問があればお知らせください。送信数をお知らせください。"), ["question.ja-provide"]);
        assert_eq!(found("ご不明な点\n\n用途をお知らせください"), ["question.ja-provide"]);
    }
}
