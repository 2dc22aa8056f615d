//! A redrive brings back what failed, and can be given again at any time.

use domain::filing::Ending;
use ingest::Outcome;
use port25::aws::queue::Queues;
use port25::redrive::redrive;
use port25_tests::stand_ins::{Fault, Sqs};

use crate::world::{World, notification, story_mail};

const MAIL: &str = "https://sqs.eu-west-1.amazonaws.com/111122223333/mail";
const DEAD: &str = "https://sqs.eu-west-1.amazonaws.com/111122223333/dead";

fn queues(sqs: &Sqs) -> Queues {
    let wire = boot::aws::wire(|name: &str| match name {
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        "AWS_ACCESS_KEY_ID" => Some("ASIAEXAMPLE".to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some("example".to_owned()),
        _ => None,
    });
    Queues::new(&wire.unwrap(), |name: &str| (name == "AWS_ENDPOINT_URL_SQS").then(|| sqs.endpoint()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_goes_back_in_order_and_not_more_than_was_asked_for() {
    let sqs = Sqs::start().await.unwrap();
    let queues = queues(&sqs);
    let all: Vec<String> = (0..23).map(|n| if n == 7 { "no mail".to_owned() } else { notification(&format!("k{n}")) }).collect();
    all.iter().for_each(|body| sqs.put(DEAD, body));
    let first = redrive(&queues, DEAD, MAIL, 5).await;
    assert_eq!((first.moved.len(), first.error), (5, None));
    assert_eq!((sqs.bodies(MAIL), sqs.bodies(DEAD)), (all[..5].to_vec(), all[5..].to_vec()));
    let rest = redrive(&queues, DEAD, MAIL, 100).await;
    assert_eq!((rest.moved.len(), sqs.bodies(DEAD).len()), (18, 0));
    assert_eq!(sqs.bodies(MAIL), all, "each once");
    let objects: Vec<Option<&str>> = rest.moved.iter().map(|moved| moved.object.as_deref()).collect();
    assert_eq!((objects[0], objects[2], objects[17]), (Some("k5"), None, Some("k22")), "it says what it moved");
    assert!(rest.moved.iter().all(|moved| !moved.kept));
    let none = redrive(&queues, DEAD, MAIL, 100).await;
    assert_eq!((none.moved.len(), none.error), (0, None), "there is nothing more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_and_not_deleted_is_sent_again_and_is_a_duplicate_to_ingest() {
    let world = World::new().await;
    let sqs = Sqs::start().await.unwrap();
    let queues = queues(&sqs);
    sqs.put(DEAD, &notification("again"));
    world.put_silently("again", &story_mail("01-received"));
    let _met = sqs.calls().plan("DeleteMessage", 1, Fault::Refuse(400, "AccessDenied"));
    let cut = redrive(&queues, DEAD, MAIL, 100).await;
    assert!(cut.error.is_some_and(|error| error.starts_with("SQS did not take DeleteMessage: refused with 400 AccessDenied")));
    assert!(cut.moved.len() == 1 && cut.moved[0].kept, "it says that it is in both: {:?}", cut.moved);
    sqs.give_back();
    let again = redrive(&queues, DEAD, MAIL, 100).await;
    assert_eq!((again.moved.len(), again.error, sqs.bodies(DEAD).len()), (1, None, 0));
    let mut endings = Vec::new();
    for body in sqs.bodies(MAIL) {
        match world.notify(&body).await {
            Outcome::Filed(filed) => endings.push(filed.ending),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(endings, [Ending::Applied, Ending::Duplicate]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_stays_where_it_is() {
    let sqs = Sqs::start().await.unwrap();
    let queues = queues(&sqs);
    sqs.put(DEAD, "a");
    let _met = sqs.calls().plan("SendMessage", 1, Fault::Refuse(400, "AWS.SimpleQueueService.NonExistentQueue"));
    let failed = redrive(&queues, DEAD, MAIL, 100).await;
    assert!(failed.moved.is_empty() && failed.error.is_some_and(|error| error.contains("NonExistentQueue")));
    assert_eq!((sqs.bodies(DEAD), sqs.bodies(MAIL).len(), sqs.calls().count("DeleteMessage")), (vec!["a".to_owned()], 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_letter_queue_is_the_one_that_the_mail_queue_names() {
    let sqs = Sqs::start().await.unwrap();
    sqs.dead_letters_go_to(DEAD);
    sqs.put(DEAD, "a");
    let queues = queues(&sqs);
    let facts = queues.facts(MAIL).await.unwrap();
    let (arn, attempts) = facts.dead_letters.unwrap();
    assert_eq!((facts.waiting, attempts), (0, 5));
    let url = queues.url_of(&arn).await.unwrap();
    assert_eq!((url.as_str(), queues.facts(&url).await.unwrap().waiting), (DEAD, 1));
}
