//! Japanese phrases. No real AWS mail in Japanese was found, so all are of low confidence: a question is shown as one, anything
//! else goes to a person with the phrase that matched. Words are not separated by spaces: these are looked for as they stand.

use super::Meaning;

const PHRASES: &[(&str, Meaning, &[&str])] = &[
    (
        "denied.ja-cannot",
        Meaning::Denied,
        &["承認できません", "お受けできません", "ご要望にお応えできません", "沿いかねます", "致しかねます", "いたしかねます"],
    ),
    ("denied.ja-rejected", Meaning::Denied, &["却下", "拒否されました", "お断り"]),
    (
        "question.ja-provide",
        Meaning::Question,
        &["ご提供ください", "ご提供いただけ", "お知らせください", "お教えください", "ご返信ください", "ご回答ください", "ご教示"],
    ),
    ("approved.ja-approved", Meaning::Approved, &["承認されました", "承認いたしました", "承認しました"]),
    (
        "approved.ja-removed",
        Meaning::Approved,
        &["制限を解除しました", "制限を解除いたしました", "制限が解除されました", "設定いたしました", "引き上げました"],
    ),
    ("received.ja-received", Meaning::Received, &["受け付けました", "受付いたしました", "受領いたしました", "承りました"]),
    ("progress.ja-working", Meaning::Progress, &["確認中", "調査中", "審査中", "確認しております", "調査しております"]),
];

/// The ids of the phrases.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    PHRASES.iter().map(|(id, ..)| *id)
}

/// What the phrases of an id say.
pub(super) fn says(id: &str) -> Option<Meaning> {
    PHRASES.iter().find(|(known, ..)| *known == id).map(|(_, says, _)| *says)
}

/// Every phrase that occurs, with its rule's id and its place in the text.
pub(super) fn matches(text: &str) -> Vec<(&'static str, Meaning, std::ops::Range<usize>)> {
    if text.is_ascii() {
        return Vec::new();
    }
    let found = |(id, says, words): &(&'static str, Meaning, &[&str])| {
        words.iter().find_map(|word| text.find(word).map(|at| (*id, *says, at..at + word.len())))
    };
    PHRASES.iter().filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_running_text() {
        let ids: Vec<_> = matches("ご申請は承認されました。詳細をお知らせください。").into_iter().map(|(id, ..)| id).collect();
        assert_eq!(ids, ["question.ja-provide", "approved.ja-approved"]);
        assert!(matches("We have granted").is_empty());
    }
}
