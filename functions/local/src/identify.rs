//! `port25 identify`: AWS's ID of a request, learned otherwise than by a mail.

use api::act::{self, Identity};
use api::acts::done;
use boot::log;
use clap::Args;
use domain::ids::AwsId;
use serde_json::{json, to_value};

use crate::act::On;
use crate::cli::Done;
use crate::fields::{is, print_json, text};
use crate::judge::{by, with};
use crate::list::open;
use crate::place::Place;
use crate::register::aws_id;

/// `port25 identify`
#[derive(Debug, Args)]
pub struct IdentifyArgs {
    /// Which request.
    #[command(flatten)]
    pub on: On,
    /// AWS's ID of it, as AWS shows it.
    #[arg(value_name = "AWS-ID", value_parser = aws_id)]
    pub aws_id: AwsId,
}

/// Says it.
///
/// # Errors
/// When no request answers, AWS wrote another ID itself, or the data folder or the API cannot be used.
pub async fn run(args: IdentifyArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let IdentifyArgs { on, aws_id } = args;
    let acted = match on.at.place()? {
        Place::Remote(remote) => {
            let body = with(json!({"aws_id": aws_id.as_str()}), &on.who);
            remote.post(&format!("v1/requests/{}/identify", api::segment(&on.id)), &body).await?
        }
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let identity = Identity { aws_id, by: by(&on.who), why: on.who.why, key: None, expected: None };
            let acted = act::identify(&node.store, &node.policy, &on.id, &identity, (node.clock)()).await;
            engine.close().await;
            to_value(done(acted?))?
        }
    };
    if on.json {
        print_json(&acted)?;
    } else if is(&acted, "said_before") {
        println!("Nothing to do: it has this ID already. port25 show {} tells the history.", text(&acted, "id"));
    } else {
        println!("It is request {} now: AWS's mails with this ID join it.", text(&acted, "id"));
    }
    Ok(0)
}
