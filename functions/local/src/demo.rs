//! `port25 demo`: a short story at accelerated time, through the real functions and the real (embedded) table.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alert::Notifier;
use api::Clock;
use api::access::Door;
use api::access::secret;
use boot::log;
use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};

use crate::cli::{DemoArgs, Done};
use crate::engine::Engine;
use crate::node::Node;
use crate::scratch::Scratch;
use crate::serve::{bind, door, signal, user};
use crate::web;

/// One scene: at this time this mail comes (or nothing does), and a sweep runs a minute later.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// When it happens.
    pub at: &'static str,
    /// What the audience is told.
    pub says: &'static str,
    /// The mail that comes, if one does.
    pub mail: Option<&'static [u8]>,
}

macro_rules! story {
    ($name:literal) => {
        Some(include_bytes!(concat!("../../../tests/mail/story/", $name, ".eml")).as_slice())
    };
}

/// The story. The mails are those of `tests/mail/story`, which the tests play too.
pub const STORY: &[Scene] = &[
    Scene { at: "2026-11-20T10:02:30Z", says: "AWS confirms our request to open port 25. The clock starts.", mail: story!("01-received") },
    Scene {
        at: "2026-11-20T12:00:30Z",
        says: "A second request, in another account, is confirmed too.",
        mail: story!("06-second-received"),
    },
    Scene { at: "2026-11-21T16:20:30Z", says: "AWS denies the second one.", mail: story!("07-second-denied") },
    Scene { at: "2026-11-22T10:02:00Z", says: "48 hours of silence on the first one are over.", mail: None },
    Scene { at: "2026-11-22T15:30:30Z", says: "AWS answers, with a question. Now it is our turn.", mail: story!("02-question") },
    Scene { at: "2026-11-22T17:10:30Z", says: "We answer (the tracker is in Cc). AWS's clock starts again.", mail: story!("03-our-reply") },
    Scene { at: "2026-11-22T20:00:30Z", says: "Somebody forges an approval. It changes nothing.", mail: story!("04-forged-approval") },
    Scene { at: "2026-11-22T21:01:00Z", says: "The hourly summary of mail that nothing proves.", mail: None },
    Scene { at: "2026-11-23T09:45:30Z", says: "AWS approves, for real.", mail: story!("05-approved") },
];

/// How long a login lasts, in the story's time.
const LOGIN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The address of our people in the story.
pub const OWN_ADDRESS: &str = "net-ops@corp.example";

/// Plays the story.
///
/// # Errors
/// When the page's address cannot be used or the engine does not start.
pub async fn run(args: DemoArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let folder = Scratch::named("demo")?;
    let engine = Engine::in_memory().await?;
    let mut policy = Policy::default();
    policy.own_addresses.insert(OWN_ADDRESS.to_owned());
    let time = Arc::new(Mutex::new(Timestamp::UNIX_EPOCH));
    let clock: Clock = {
        let time = Arc::clone(&time);
        Arc::new(move || *time.lock().unwrap_or_else(PoisonError::into_inner))
    };
    let set = |at: Timestamp| *time.lock().unwrap_or_else(PoisonError::into_inner) = at;
    let notifier = Notifier::Folder { folder: folder.path().join("alerts"), print: true };
    let node = Node::new(&engine, folder.path(), policy, notifier, clock).await?;
    let http = bind(args.http, "--http").await?;
    let at = http.local_addr()?;
    // The story's clock runs: a login must last for all of it.
    set(STORY.first().map_or(Ok(Timestamp::UNIX_EPOCH), |scene| scene.at.parse())?);
    let code = secret::new_code(&node.store, &user(), LOGIN, (node.clock)()).await?;
    println!("A story of four days in under a minute. Watch it at http://{at}/login?code={code}");
    let door = Door { session: LOGIN, ..door(at, None)? };
    let page = tokio::spawn(web::serve(http, node.app(None, door), std::future::pending()));

    let mut beat = tokio::time::interval(Duration::from_secs(args.pause.max(1)));
    for scene in STORY {
        if args.pause > 0 {
            beat.tick().await;
        }
        let at: Timestamp = scene.at.parse()?;
        set(at);
        println!("\n{} {}", domain::reply::minute(at), scene.says);
        if let Some(mail) = scene.mail
            && let (_, Some(filed)) = node.accept(mail).await?
        {
            let ids: Vec<&str> = filed.requests.iter().map(|r| r.as_str()).collect();
            let to = if ids.is_empty() { String::new() } else { format!(" -> {}", ids.join(", ")) };
            println!("  mail: {} ({}), {}{to}", filed.meaning.as_str(), filed.trust.as_str(), filed.ending.as_str());
        }
        set(at.checked_add(SignedDuration::from_mins(1))?);
        node.sweep().await?;
    }
    println!("\nThe end.");
    if !args.exit {
        println!("The page stays until you press Ctrl-C. Then try the real thing: cargo run");
        signal().await;
    }
    page.abort();
    engine.close().await;
    Ok(0)
}
