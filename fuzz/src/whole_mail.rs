//! A whole mail: read, believed or not, understood, and made an entry.

use domain::classify::Meaning;
use domain::mail::{MAX_TEXT, MAX_THREAD};
use domain::request::Entry;
use domain::trust::Trust;
use jiff::Timestamp;

use crate::{judged, policy};

#[test]
fn whole_mail() {
    let policy = policy();
    bolero::check!().with_max_len(crate::MAX_LEN).for_each(|bytes: &[u8]| {
        let (mail, reading) = judged(bytes, &policy);
        assert!(mail.newest.len() <= MAX_TEXT && mail.thread.len() <= MAX_THREAD);
        assert!(reading.evidence.iter().all(|e| e.matched.chars().count() <= 200 && !e.matched.contains(char::is_control)));
        assert!(reading.own_id.as_ref().is_none_or(|own| !reading.mentions.contains(&own.id)));
        match reading.trust {
            Trust::Verified => assert!(mail.sender().is_some_and(|sender| policy.is_aws(sender))),
            Trust::Own => assert!(mail.sender().is_some_and(|sender| policy.is_own(sender))),
            Trust::Forwarded => assert!(mail.sender().is_some_and(|sender| policy.is_forwarder(sender))),
            Trust::Unverified => {}
        }
        assert!(reading.meaning != Meaning::Ours || reading.trust == Trust::Own);
        let entry = Entry::of_mail(&mail, &reading, &policy, "in/k1", Timestamp::UNIX_EPOCH);
        assert!(entry.at <= Timestamp::UNIX_EPOCH, "no mail is from after the time at which it came");
        // Line ends carry no meaning.
        if !bytes.contains(&b'\r') {
            let crlf: Vec<u8> = bytes.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
            assert_eq!(judged(&crlf, &policy), (mail, reading));
        }
    });
}
