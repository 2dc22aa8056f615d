//! The same batch in two processes at once: queues deliver at least once, and nothing may happen twice.

use port25_tests::stand_ins::Fault;

use super::{Cloud, endings, event, id, question, within};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_batch_in_two_processes_at_once_is_applied_once() {
    let cloud = Cloud::new().await;
    let (one, two, alert) = tokio::join!(cloud.start("ingest"), cloud.start("ingest"), cloud.start("alert"));
    let rounds = 8;
    for n in 0..rounds {
        let key = format!("m{n}");
        cloud.mail(&key, &question(n).bytes());
        let batch = event(&key);
        if n % 2 == 0 {
            let (a, b) = tokio::join!(one.ingest(&batch), two.ingest(&batch));
            assert!(a.is_empty() && b.is_empty(), "{a:?} {b:?}");
        } else {
            // The worst moment: the first has read, decided, and is about to write when the second has done all of it.
            let mut met = cloud.dynamo.calls().plan("TransactWriteItems", 1, Fault::Hold);
            let slow = one.ingest(&batch);
            let fast = async {
                assert!(within(met.wait()).await);
                let failed = two.ingest(&batch).await;
                met.release();
                failed
            };
            let (a, b) = tokio::join!(slow, fast);
            assert!(a.is_empty() && b.is_empty(), "{a:?} {b:?}");
        }
    }
    let counts = cloud.counts().await;
    let n = rounds as usize;
    assert_eq!((counts.heads, counts.entries, counts.alerts, counts.mails, counts.objects), (n, n, n, n, n));
    alert.sweep().await;
    let mut expected: Vec<String> = (0..rounds).map(|n| format!("OUR TURN - - {}", id(n))).collect();
    expected.sort();
    assert_eq!(cloud.subjects(), expected);

    let (one, two) = (endings(&one.end().await), endings(&two.end().await));
    for n in 0..rounds {
        let key = format!("m{n}");
        let mut both: Vec<&str> = one[&key].iter().chain(&two[&key]).map(String::as_str).collect();
        both.sort_unstable();
        assert_eq!(both, ["applied", "duplicate"], "{key}");
    }
    cloud.close().await;
}
