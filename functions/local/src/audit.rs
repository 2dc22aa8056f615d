//! `port25 audit`: every mail of the folder against the table; what has no ending is filed now.

use alert::audit::{AuditReport, audit_all};
use boot::{log, world};
use domain::text::one_line;
use serde::Serialize;

use crate::cli::{AuditArgs, Done};
use crate::fields::print_json;
use crate::list::open;

/// What an audit found, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Audit<'a> {
    looked: usize,
    young: usize,
    filed: usize,
    failed: usize,
    missing: &'a [String],
    errors: &'a [String],
}

/// Audits. The exit code is 1 when a mail could not be filed.
///
/// # Errors
/// When the data folder cannot be used.
pub async fn run(args: AuditArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let done = audit_all(&node.store, &node, world::now()).await;
    engine.close().await;
    let AuditReport { looked, young, again, failed, missing, errors } = &done?;
    if args.json {
        let audit = Audit { looked: *looked, young: *young, filed: *again, failed: *failed, missing, errors };
        print_json(&audit)?;
    } else {
        println!("{looked} mails looked at, {young} of them too young to be missed.");
        println!("{} had no ending: {again} filed now, {failed} could not be filed.", again + failed);
        for error in errors {
            println!("  {}", one_line(error));
        }
    }
    Ok(u8::from(*failed > 0))
}
