//! Finding the request of a mail: which ID it is about, what is only a mention, and when two requests become one.

use domain::request::Turn;

use crate::world::{Letter, World};

const RECEIVED: &str = "We have received your request to remove the port 25 email sending limitations.";
const DENIED: &str = "We are unable to grant your request at this time.";

async fn world() -> World {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T18:00:00Z");
    world
}

/// The `minute`th mail of AWS in this story.
fn aws(minute: u32, subject: &str, text: &str) -> Letter {
    Letter::aws(&format!("m{minute}@email.amazon.com"), &format!("2026-11-20T10:{minute:02}:00Z"), subject, text)
}

/// The same, of a Support case.
fn case(minute: u32, id: &str, text: &str) -> Letter {
    let mut letter = aws(minute, &format!("RE:[CASE {id}] port 25"), text);
    letter.from = "no-reply-aws@amazon.com".to_owned();
    letter
}

async fn settled(world: &World, id: &str) -> bool {
    matches!(world.request(id).await.turn, Turn::Settled { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_shows_awss_id_as_soon_as_there_is_one_and_the_id_shown_before_still_finds_it() {
    let world = world().await;
    let filed = world.mail(&aws(1, "Your request", RECEIVED).bytes()).await;
    let ours = filed.requests[0].to_string();
    assert!(ours.starts_with("p25-") && ours.len() == 14, "{ours}");
    let named = aws(2, "Your request", &format!("{RECEIVED}\r\n\r\nRequest ID: 170000000030001")).answers(&["m1@email.amazon.com"]);
    world.mail(&named.bytes()).await;
    for reference in ["170000000030001", &ours, "m1@email.amazon.com", "m2@email.amazon.com"] {
        assert_eq!(world.request(reference).await.id.to_string(), "170000000030001", "{reference}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_title_behind_awss_token_is_never_the_id_and_a_mention_is_never_a_link() {
    let world = world().await;
    world.mail(&case(1, "170000000030011", RECEIVED).bytes()).await;
    let mut titled = case(2, "170000000030012", &format!("{DENIED}\r\n\r\nSee also case ID: 170000000030011 for the other one."));
    titled.subject.push_str(", as in case 170000000030011");
    world.mail(&titled.bytes()).await;
    assert!(settled(&world, "170000000030012").await);
    assert!(!settled(&world, "170000000030011").await);
    assert_eq!(world.request("170000000030012").await.mentions.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_at_the_end_names_the_case_when_the_subject_does_not() {
    let world = world().await;
    world.mail(&case(1, "170000000030021", RECEIVED).bytes()).await;
    let link = "https://console.aws.amazon.com/support/home#/case/?displayId=170000000030021";
    let mut letter = aws(2, "An answer", &format!("{DENIED}\r\n\r\nTo contact us again about this case, please use this link:\r\n{link}"));
    letter.from = "no-reply-aws@amazon.com".to_owned();
    let filed = world.mail(&letter.bytes()).await;
    assert_eq!(filed.requests[0].to_string(), "170000000030021");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_in_the_quotation_counts_only_where_there_is_no_thread() {
    let world = world().await;
    let quoting = format!("{RECEIVED}\r\n\r\n---- Original message: ----\r\nRequest ID: 170000000030031");
    let alone = world.mail(&aws(1, "Your request", &quoting).bytes()).await;
    assert_eq!(alone.requests[0].to_string(), "170000000030031");
    let threaded = world.mail(&aws(2, "Your request", &quoting).answers(&["elsewhere@email.amazon.com"]).bytes()).await;
    assert_ne!(threaded.requests, alone.requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_of_a_subject_files_nothing() {
    let world = world().await;
    let (one, other) = (aws(1, "Remove email sending limitations", RECEIVED), aws(2, "Re: Remove email sending limitations", RECEIVED));
    let (one, other) = (world.mail(&one.bytes()).await, world.mail(&other.bytes()).await);
    assert_ne!(one.requests, other.requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_both_have_an_id_of_aws_never_become_one() {
    let world = world().await;
    world.mail(&case(1, "170000000030041", RECEIVED).bytes()).await;
    world.mail(&case(2, "170000000030042", RECEIVED).bytes()).await;
    let both = aws(3, "Your request", DENIED).answers(&["m1@email.amazon.com", "m2@email.amazon.com"]);
    world.mail(&both.bytes()).await;
    let (first, second) = (world.request("170000000030041").await, world.request("170000000030042").await);
    assert_ne!(first.id, second.id);
    assert!(first.tangled && second.tangled, "people see that one thread has two");
    assert!(first.steps.len() + second.steps.len() >= 3, "no mail is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_one_has_awss_id_else_the_one_of_the_smallest_message_id() {
    for with_id in [false, true] {
        let world = world().await;
        let mut shown = Vec::new();
        for minute in [1, 2] {
            shown.push(world.mail(&aws(minute, "Your request", RECEIVED).bytes()).await.requests[0].to_string());
        }
        let text = if with_id { format!("{RECEIVED}\r\n\r\nRequest ID: 170000000030051") } else { RECEIVED.to_owned() };
        world.mail(&aws(3, "Your request", &text).answers(&["m1@email.amazon.com", "m2@email.amazon.com"]).bytes()).await;
        let expected = if with_id { "170000000030051".to_owned() } else { shown[0].clone() };
        for reference in shown.iter().map(String::as_str).chain(["m1@email.amazon.com", "m3@email.amazon.com"]) {
            assert_eq!(world.request(reference).await.id.to_string(), expected, "{reference}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_words_name_no_request_and_only_our_thread_files_them() {
    let world = world().await;
    world.mail(&case(1, "170000000030061", "Please provide the following information: your use case.").bytes()).await;
    world.mail(&case(2, "170000000030062", "Please provide the following information: your use case.").bytes()).await;
    let reply = Letter::ours("r@corp.example", "2026-11-20T11:00:00Z", "m1@email.amazon.com", "The same as for case ID: 170000000030062.");
    world.mail(&reply.bytes()).await;
    assert!(matches!(world.request("170000000030061").await.turn, Turn::Aws { .. }));
    assert!(matches!(world.request("170000000030062").await.turn, Turn::Ours { .. }));
}
