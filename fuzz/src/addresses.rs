//! Addresses as strangers write them: comments, groups, quotes, encoded words, look-alikes.

use domain::trust::{Judgement, Trust};

use crate::{judged, policy, value};

#[test]
fn addresses() {
    let policy = policy();
    bolero::check!().with_max_len(2048).for_each(|bytes: &[u8]| {
        let mut mail = Vec::new();
        for name in ["From", "Reply-To", "To", "Cc", "Delivered-To"] {
            mail.extend_from_slice(format!("{name}: ").as_bytes());
            mail.extend_from_slice(&value(bytes));
            mail.push(b'\n');
        }
        mail.extend_from_slice(b"\nx");
        let (mail, reading) = judged(&mail, &policy);
        assert_eq!(reading.trust, Trust::Unverified, "nobody proved it");
        for address in mail.from.iter().chain(&mail.reply_to).chain(&mail.recipients) {
            assert_eq!(address.address, address.address.to_lowercase());
        }
        // With a proof of amazon.com the whole address still has to be a listed one.
        let proven = domain::trust::Verdicts { dmarc: domain::trust::Verdict::Pass, ..Default::default() };
        let Judgement { trust, .. } = domain::trust::judge(&mail, &proven, &policy);
        if trust == Trust::Verified {
            assert!(mail.from.len() == 1 && domain::policy::AWS_ADDRESSES.contains(&mail.from[0].address.as_str()));
        }
    });
}
