//! The mail bucket over the wire: what is asked, how it is signed (the stand-in checks it by a computation of its own), and what comes back
//! of what S3 can answer.

use boot::aws;
use boot::log::chain;
use port25_tests::stand_ins::{Fault, S3 as Shelf};
use wire::s3::{S3, S3Error};

const BUCKET: &str = "mail";
const MOST: usize = 1024 * 1024;

/// A client of this stand-in, with this secret.
fn client(shelf: &Shelf, secret: &'static str) -> S3 {
    let endpoint = shelf.endpoint();
    let lookup = |name: &str| match name {
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        "AWS_ACCESS_KEY_ID" => Some("ASIAEXAMPLE".to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some(secret.to_owned()),
        "AWS_SESSION_TOKEN" => Some("a token".to_owned()),
        "AWS_ENDPOINT_URL_S3" => Some(endpoint.clone()),
        _ => None,
    };
    aws::s3(&aws::wire(lookup).unwrap(), lookup)
}

async fn cloud() -> (Shelf, S3) {
    let shelf = Shelf::start().await.unwrap();
    let s3 = client(&shelf, "example");
    (shelf, s3)
}

/// The words of the last error of a call.
async fn failure(s3: &S3, key: &str) -> String {
    chain(&s3.object(BUCKET, key, MOST).await.unwrap_err())
}

#[tokio::test]
async fn an_object_is_found_by_its_key_whatever_is_in_it() {
    let (shelf, s3) = cloud().await;
    let keys = ["plain", "inbound/o 1+1=2", "a//b/../c", "déjà vu/日本", "?list-type=2&x#y", "100%25 \"<&>'", "~._-!*()@:,;$"];
    for key in keys {
        shelf.put(BUCKET, key, key.as_bytes());
    }
    for key in keys {
        let object = s3.object(BUCKET, key, MOST).await.unwrap();
        assert_eq!((object.bytes.as_slice(), object.truncated), (key.as_bytes(), false), "{key}");
    }
    assert_eq!(shelf.calls().count("GetObject") as usize, keys.len(), "each was asked for once");
    assert!(s3.object(BUCKET, "empty", MOST).await.is_err());
    shelf.put(BUCKET, "empty", b"");
    assert!(s3.object(BUCKET, "empty", MOST).await.unwrap().bytes.is_empty());
}

#[tokio::test]
async fn a_request_that_is_signed_with_another_secret_is_refused() {
    let (shelf, _) = cloud().await;
    shelf.put(BUCKET, "k", b"mail");
    let stranger = client(&shelf, "guessed");
    assert!(failure(&stranger, "k").await.contains("refused with 403 SignatureDoesNotMatch"));
    let listed = stranger.list(BUCKET, None, 1).await.unwrap_err();
    assert!(chain(&listed).contains("403 SignatureDoesNotMatch"), "{listed:?}");
}

#[tokio::test]
async fn of_a_large_object_the_beginning_is_read() {
    let (shelf, s3) = cloud().await;
    let large: Vec<u8> = (0..MOST + 1).map(|n| u8::try_from(n % 251).unwrap()).collect();
    for (length, truncated) in [(MOST - 1, false), (MOST, false), (MOST + 1, true)] {
        shelf.put(BUCKET, "large", &large[..length]);
        let object = s3.object(BUCKET, "large", MOST).await.unwrap();
        assert_eq!(object.truncated, truncated, "{length}");
        assert!(object.bytes == large[..length.min(MOST)], "{length}");
    }
}

#[tokio::test]
async fn only_an_object_that_is_not_there_is_gone() {
    let (shelf, s3) = cloud().await;
    assert!(matches!(s3.object(BUCKET, "k", MOST).await, Err(S3Error::Gone)));
    // Without a right to list, what is not there is forbidden too; nobody can tell which it is.
    shelf.forbid(BUCKET, "k");
    assert_eq!(failure(&s3, "k").await, "S3 could not be asked: refused with 403 AccessDenied");
    shelf.permit(BUCKET, "k");
    for (status, code) in [(404, "NoSuchBucket"), (301, "PermanentRedirect"), (400, "ExpiredToken")] {
        let _met = shelf.calls().plan("GetObject", 1, Fault::Refuse(status, code));
        let before = shelf.calls().count("GetObject");
        assert_eq!(failure(&s3, "k").await, format!("S3 could not be asked: refused with {status} {code}"));
        assert_eq!(shelf.calls().count("GetObject") - before, 1, "{code}: asking again helps nothing");
    }
    let asked = shelf.calls().all();
    assert!(matches!(s3.object("mail/../other", "k", MOST).await, Err(S3Error::Bucket(_))));
    assert_eq!(shelf.calls().all(), asked, "a bucket that cannot be is not asked for");
}

#[tokio::test]
async fn what_passes_is_asked_for_again_and_three_times_at_most() {
    let (shelf, s3) = cloud().await;
    shelf.put(BUCKET, "k", b"mail");
    let passing =
        [Fault::Refuse(503, "SlowDown"), Fault::Refuse(500, "InternalError"), Fault::Refuse(400, "RequestTimeout"), Fault::CutAfter];
    for fault in passing {
        let _met = [1, 2].map(|nth| shelf.calls().plan("GetObject", nth, fault));
        let before = shelf.calls().count("GetObject");
        assert_eq!(s3.object(BUCKET, "k", MOST).await.unwrap().bytes, b"mail", "{fault:?}");
        assert_eq!(shelf.calls().count("GetObject") - before, 3, "{fault:?}");
    }
    let _met = [1, 2, 3].map(|nth| shelf.calls().plan("GetObject", nth, Fault::Refuse(503, "SlowDown")));
    assert!(failure(&s3, "k").await.contains("503 SlowDown"));
    assert_eq!(s3.object(BUCKET, "k", MOST).await.unwrap().bytes, b"mail");
}

#[tokio::test]
async fn half_an_object_or_half_a_page_is_an_error() {
    let (shelf, s3) = cloud().await;
    shelf.put(BUCKET, "k", &vec![b'x'; 10_000]);
    let _met = shelf.calls().plan("GetObject", 1, Fault::CutInBody);
    assert!(failure(&s3, "k").await.contains("the answer broke off"));
    let _met = shelf.calls().plan("ListObjectsV2", 1, Fault::CutInBody);
    assert!(chain(&s3.list(BUCKET, None, 1).await.unwrap_err()).contains("the answer broke off"));
    assert_eq!(s3.object(BUCKET, "k", MOST).await.unwrap().bytes.len(), 10_000);
}

#[tokio::test]
async fn keys_come_in_pages_until_there_are_no_more() {
    let (shelf, s3) = cloud().await;
    let mut keys = ["a b", "a&amp;<b>", "a+b", "b/日", "b/é", "c?d=e&f", "z"].map(str::to_owned).to_vec();
    keys.sort();
    for key in &keys {
        shelf.put(BUCKET, key, b"x");
    }
    shelf.put("other", "y", b"x");
    let mut found = Vec::new();
    for page in 0.. {
        let listing = s3.list(BUCKET, found.last().map(String::as_str), 3).await.unwrap();
        assert!(listing.objects.iter().all(|o| o.modified.is_some()));
        found.extend(listing.objects.into_iter().map(|o| o.key));
        if !listing.more {
            assert_eq!(page, 2);
            break;
        }
    }
    assert_eq!(found, keys);
}
