//! The audit as `alert` runs it: it lists the bucket, and sends what has no ending to the mail queue.

use jiff::SignedDuration;
use port25_tests::bootstraps;
use port25_tests::runtime_api::RuntimeApi;

use super::{BUCKET, Cloud, Function, event, id, question, sqs, within};
use crate::world::stored_by_ses;

impl Cloud {
    /// `alert` with a queue.
    async fn auditor(&self) -> Function {
        let mut env = self.env();
        env.push(("MAIL_QUEUE_URL".to_owned(), format!("{}/111122223333/mail", self.sqs.endpoint())));
        let api = RuntimeApi::start().await.unwrap();
        let process = bootstraps::spawn("alert", &api, &env).unwrap();
        assert!(within(api.ready()).await, "{:?}", process.lines());
        Function { process, api, invoked: std::sync::atomic::AtomicUsize::new(0), token: String::new() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ingest_never_heard_of_comes_back_through_the_queue() {
    let cloud = Cloud::new().await;
    let ingest = cloud.start("ingest").await;
    let past = boot::world::now() - SignedDuration::from_mins(16);
    for n in 1..=3 {
        let key = format!("inbound/m{n}");
        cloud.s3.put_at(BUCKET, &key, &stored_by_ses(&format!("m{n}"), &question(n).bytes()), past);
    }
    cloud.s3.put_at(BUCKET, "inbound/AMAZON_SES_SETUP_NOTIFICATION", b"x", past);
    cloud.s3.put(BUCKET, "inbound/young", &question(4).bytes());
    assert!(ingest.ingest(&event("inbound/m2")).await.is_empty());

    let alert = cloud.auditor().await;
    alert.sweep().await;
    assert_eq!(cloud.subjects().len(), 1, "the one that ingest knew");
    let mut bodies = cloud.sqs.take();
    bodies.sort();
    assert_eq!(bodies.len(), 2, "{bodies:?}");
    assert!(bodies[0].contains("inbound/m1") && bodies[1].contains("inbound/m3"), "{bodies:?}");
    alert.sweep().await;
    assert!(cloud.sqs.take().is_empty(), "once an hour");

    let records: Vec<(&str, String)> = ["a", "b"].into_iter().zip(bodies).collect();
    assert!(ingest.ingest(&sqs(&records)).await.is_empty());
    assert_eq!(cloud.counts().await.entries, 3);
    alert.sweep().await;
    let mut told = cloud.subjects();
    told.retain(|subject| subject.starts_with("OUR TURN"));
    assert_eq!(told.len(), 2, "verified by SES's line under the object's key: {told:?}");
    assert!(told.iter().any(|subject| subject.ends_with(&id(3))), "{told:?}");
    let lines = alert.one_line_each().await;
    assert!(lines[0]["missing"].to_string().contains("inbound/m1"), "{lines:?}");
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_may_not_be_listed_is_said_and_stops_no_sweep() {
    let cloud = Cloud::new().await;
    let alert = cloud.auditor().await;
    for _ in 0..3 {
        // The SDK tries again where that may help.
        drop(cloud.s3.calls().plan("ListObjectsV2", 1, port25_tests::stand_ins::Fault::Refuse(403, "AccessDenied")));
    }
    let ingest = cloud.start("ingest").await;
    cloud.mail("m1", &question(1).bytes());
    assert!(ingest.ingest(&event("m1")).await.is_empty());
    alert.sweep().await;
    assert_eq!(cloud.subjects().len(), 1);
    let lines = alert.one_line_each().await;
    assert!(lines[0]["errors"].to_string().contains("could not list the bucket"), "{lines:?}");
    cloud.close().await;
}
