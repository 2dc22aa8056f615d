//! `port25 register`: a request that was submitted to AWS by hand, before or without its mail.

use std::path::Path;

use api::act::{self, Registration};
use boot::log;
use clap::Args;
use domain::classify::Family;
use domain::ids::{AccountId, AwsId, Region};
use domain::request::Submitted;
use domain::text::one_line;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::act::time;
use crate::cli::{Done, Who};
use crate::fields::print_json;
use crate::judge::by;
use crate::list::open;
use crate::place::{At, Place};

/// `port25 register`
#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// Where the requests are.
    #[command(flatten)]
    pub at: At,
    /// What was asked, in one line: the request is listed with it until AWS's mail comes.
    #[arg(long, value_name = "TEXT")]
    pub subject: String,
    /// What kind of request: port25, abuse, support-case, verification or other.
    #[arg(long, value_name = "FAMILY", default_value = "port25", value_parser = family)]
    pub family: Family,
    /// The account it was asked for.
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub account: Option<AccountId>,
    /// The Region it was asked for. May be repeated.
    #[arg(long = "region", value_name = "REGION", value_parser = region)]
    pub regions: Vec<Region>,
    /// AWS's ID of it, where you know it: AWS's mail with this ID joins it.
    #[arg(long, value_name = "ID", value_parser = aws_id)]
    pub aws_id: Option<AwsId>,
    /// When it was submitted: 2026-11-23T09:00:00Z, or 2026-11-23 (its beginning in UTC); at most 30 days ago (default: now).
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub since: Option<Timestamp>,
    /// Who and why.
    #[command(flatten)]
    pub who: Who,
    /// What became of it, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Registers a request.
///
/// # Errors
/// When it cannot have been submitted so, its AWS ID is known already, or the data folder cannot be used.
pub async fn run(args: RegisterArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let with_id = args.aws_id.is_some();
    let done = match args.at.place()? {
        Place::Remote(remote) => remote.post("v1/requests", &body(&args)).await?,
        Place::Folder(data) => in_folder(&data, &args).await?,
    };
    if args.json {
        print_json(&done)?;
    } else {
        println!("{}", text(&done, with_id));
    }
    Ok(0)
}

async fn in_folder(data: &Path, args: &RegisterArgs) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
    let (engine, node) = open(data).await?;
    let registration = Registration {
        family: args.family,
        account: args.account.clone(),
        regions: args.regions.clone(),
        subject: args.subject.clone(),
        aws_id: args.aws_id.clone(),
        since: args.since,
        by: by(&args.who),
        why: args.who.why.clone(),
        key: None,
    };
    let done = act::register(&node.store, &node.policy, &registration, (node.clock)()).await;
    engine.close().await;
    Ok(serde_json::to_value(api::registered(&done?))?)
}

/// What the API is sent.
fn body(args: &RegisterArgs) -> Value {
    json!({
        "subject": args.subject,
        "family": args.family.as_str(),
        "account": args.account.as_ref().map(ToString::to_string),
        "regions": args.regions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "aws_id": args.aws_id.as_ref().map(ToString::to_string),
        "since": args.since.map(|since| since.to_string()),
        "by": by(&args.who),
        "why": args.who.why,
    })
}

fn text(done: &Value, with_id: bool) -> String {
    let word = |name: &str| one_line(done[name].as_str().unwrap_or("-"));
    let id = word("id");
    if done["said_before"] == true {
        return format!("Nothing to do: that was registered a moment ago. Request {id}; port25 show {id} tells its history.");
    }
    let turn = match done["turn"].as_str() {
        Some("aws") => format!("it is AWS's turn since {}", word("since")),
        Some("ours") => format!("it is our turn since {}", word("since")),
        _ => format!("it is {}", word("outcome")),
    };
    let joins = match with_id {
        true => "AWS's mail with this ID joins it.".to_owned(),
        false => format!(
            "When AWS's mail comes: port25 judge MAIL --as MEANING --request {id}. When you learn AWS's ID of it: port25 identify {id} AWS-ID."
        ),
    };
    format!("Registered: request {id}, {turn}. {joins}")
}

fn family(text: &str) -> Result<Family, String> {
    let words = || Submitted::FAMILIES.map(Family::as_str).join(", ");
    Family::parse(text).filter(|family| Submitted::FAMILIES.contains(family)).ok_or_else(|| format!("give one of {}", words()))
}

fn account(text: &str) -> Result<AccountId, String> {
    AccountId::parse(text).ok_or_else(|| "give the 12 digits of an account".to_owned())
}

fn region(text: &str) -> Result<Region, String> {
    Region::parse(text).ok_or_else(|| "give the code of a Region, such as eu-west-1".to_owned())
}

pub(crate) fn aws_id(text: &str) -> Result<AwsId, String> {
    AwsId::parse(text).ok_or_else(|| "give AWS's ID as AWS shows it: letters, digits and dashes".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn args(line: &[&str]) -> Result<RegisterArgs, String> {
        match Cli::try_parse_from([&["port25", "register"], line].concat()) {
            Ok(Cli { command: Some(Command::Register(args)) }) => Ok(*args),
            Ok(other) => Err(format!("{other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_registration_is_read_as_people_write_it_and_what_is_wrong_says_what_is_right() {
        let good = args(&["--subject", "Open port 25", "--account", "1234-5678-9012", "--region", "eu-west-1", "--region", "US-EAST-1"]);
        let good = good.unwrap();
        assert_eq!((good.family, good.account.unwrap().as_str(), good.regions.len()), (Family::Port25, "123456789012", 2));
        for (line, said) in [
            (&["--subject", "x", "--account", "1234"][..], "12 digits"),
            (&["--subject", "x", "--region", "mars-1"], "eu-west-1"),
            (&["--subject", "x", "--family", "notice"], "support-case"),
            (&["--subject", "x", "--aws-id", "p25-aaaaaaaaaa"], "as AWS shows it"),
            (&["--subject", "x", "--since", "yesterday"], "2026-11-23"),
            (&[], "--subject"),
        ] {
            let error = args(line).unwrap_err();
            assert!(error.contains(said), "{line:?}: {error}");
        }
    }
}
