//! What the stacks of a deployment say of themselves: their outputs (`infra/application.yaml`, `infra/mail.yaml`).

use boot::aws::endpoint;
use wire::Wire;

use super::facts::Names;
use crate::aws::query::{QueryError, ask};

/// The outputs of a stack: their names and values.
pub(super) async fn outputs(
    wire: &Wire,
    lookup: impl Fn(&str) -> Option<String>,
    stack: &str,
) -> Result<Vec<(String, String)>, QueryError> {
    let url = endpoint(lookup, "CLOUDFORMATION").unwrap_or_else(|| wire.regional("cloudformation"));
    let answer = ask(wire, "cloudformation", &url, "2010-05-15", "DescribeStacks", &[("StackName", stack)]).await?;
    let stacks = answer.members(&["Stacks"]);
    let outputs = stacks.flat_map(|stack| stack.members(&["Outputs"]));
    let texts = outputs.filter_map(|one| Some((one.text_at(&["OutputKey"])?.to_owned(), one.text_at(&["OutputValue"])?.to_owned())));
    Ok(texts.collect())
}

/// Fills in what is not named yet.
pub(super) fn name(names: &mut Names, outputs: &[(String, String)]) {
    let Names { domain, rule_set, bucket, queue, dead_letters, topic, table, region: _ } = names;
    for (output, name) in [
        ("MailDomain", domain),
        ("RuleSetName", rule_set),
        ("MailBucketName", bucket),
        ("MailQueueUrl", queue),
        ("DeadLettersUrl", dead_letters),
        ("AlertTopicArn", topic),
        ("TableName", table),
    ] {
        if name.is_none() {
            *name = outputs.iter().find(|(key, _)| key == output).map(|(_, value)| value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_an_output_of_a_template_and_what_was_named_by_hand_stays() {
        let templates = [include_str!("../../../../infra/application.yaml"), include_str!("../../../../infra/mail.yaml")].concat();
        let all = ["MailDomain", "RuleSetName", "MailBucketName", "MailQueueUrl", "DeadLettersUrl", "AlertTopicArn", "TableName"];
        for output in all {
            assert!(templates.contains(&format!("\n  {output}:\n")), "no template has the output {output}");
        }
        let outputs: Vec<(String, String)> = all.iter().map(|name| ((*name).to_owned(), format!("the {name}"))).collect();
        let mut names = Names { table: Some("mine".to_owned()), ..Names::default() };
        name(&mut names, &outputs);
        assert_eq!((names.table.as_deref(), names.topic.as_deref()), (Some("mine"), Some("the AlertTopicArn")));
        assert_eq!((names.queue.as_deref(), names.dead_letters.as_deref()), (Some("the MailQueueUrl"), Some("the DeadLettersUrl")));
        assert!(names.domain.is_some() && names.rule_set.is_some() && names.bucket.is_some());
    }
}
