//! A rule file: whatever it says, it never lets people rest.

use domain::classify::Meaning;
use domain::policy::Policy;

use crate::{judged, rules};

#[test]
fn rule_file() {
    let plain = Policy::default();
    bolero::check!().with_max_len(crate::MAX_LEN).for_each(|bytes: &[u8]| {
        let file = match rules::parse(bytes) {
            Ok(file) => file,
            Err(mistakes) => {
                assert!(!mistakes.is_empty() && mistakes.iter().all(|m| m.line >= 1 && !m.says.is_empty()));
                return;
            }
        };
        for address in &file.aws_addresses {
            assert!(address.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.')), "{address}");
        }
        let policy = file.add_to(Policy::default());
        // The file's own words, and an answer of AWS before them.
        for answer in ["", "We have granted your request. ", "We are unable to grant your request. ", "Your case is under review. "] {
            let mail = [b"From: aws-automation@email.amazon.com\nSubject: port 25\n\n", answer.as_bytes(), bytes].concat();
            let (with, without) = (judged(&mail, &policy).1.meaning, judged(&mail, &plain).1.meaning);
            let loud = matches!(with, Meaning::Unclear | Meaning::Question);
            let receipt = with == Meaning::Received && without == Meaning::Progress;
            assert!(with == without || loud || receipt, "{with:?}, not {without:?}");
        }
    });
}
