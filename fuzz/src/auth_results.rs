//! `Authentication-Results`: by a server that is believed, by another, and below another's `Received`.

use domain::trust::Trust;

use crate::{judged, policy, value};

const FROM: &[u8] = b"\nFrom: aws-automation@email.amazon.com\nSubject: port 25\n\nWe have received your request.";

#[test]
fn auth_results() {
    let policy = policy();
    bolero::check!().with_max_len(2048).for_each(|bytes: &[u8]| {
        let mail = |before: &str| [before.as_bytes(), &value(bytes), FROM].concat();
        let (read, _) = judged(&mail("Authentication-Results: "), &policy);
        if let Some(results) = &read.results {
            assert!(results.methods.len() <= 40 && results.authserv == results.authserv.to_lowercase());
        }
        for forged in
            ["Authentication-Results: mx.evil.example; ", "Received: by mx.evil.example; \nAuthentication-Results: amazonses.com; "]
        {
            let (_, reading) = judged(&mail(forged), &policy);
            assert_eq!(reading.trust, Trust::Unverified);
        }
        // The sender's own header below SES's changes nothing.
        let (_, failed) = judged(
            &mail("Authentication-Results: amazonses.com; dmarc=fail header.from=email.amazon.com\nAuthentication-Results: "),
            &policy,
        );
        assert_eq!(failed.trust, Trust::Unverified);
    });
}
