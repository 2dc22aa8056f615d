//! The SNS topics: one of all alerts, and perhaps one of those that are critical.

use std::collections::BTreeSet;
use std::error::Error;

use aws_sdk_sns::operation::get_subscription_attributes::{
    GetSubscriptionAttributes, GetSubscriptionAttributesInput, GetSubscriptionAttributesOutput,
};
use aws_sdk_sns::operation::list_subscriptions_by_topic::{
    ListSubscriptionsByTopic, ListSubscriptionsByTopicInput, ListSubscriptionsByTopicOutput,
};
use aws_sdk_sns::operation::publish::{Publish, PublishInput, PublishOutput};
use aws_sdk_sns::types::MessageAttributeValue;
use boot::aws::service;
use boot::settings::{SettingError, required};
use wire::{Service, Wire};

use crate::message::{Member, Message, envelope};
use crate::notify::{NotifyError, TopicKind};
use crate::watch::OutsideError;

/// Confirmed subscriptions that are looked at.
const SUBSCRIPTIONS_MAX: usize = 20;

/// The topics. The connection to them is opened with the first alert: nearly all sweeps send none.
#[derive(Clone, Debug)]
pub struct Topics {
    sns: Service,
    main: String,
    critical: Option<String>,
}

impl Topics {
    /// From `ALERT_TOPIC_ARN` and, optional, `CRITICAL_TOPIC_ARN`.
    pub(crate) fn configured(wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let main = required(&lookup, "ALERT_TOPIC_ARN", "the ARN of the topic that alerts go to")?;
        // One topic named twice is one topic: nobody wants an end twice.
        let critical = lookup("CRITICAL_TOPIC_ARN").filter(|arn| *arn != main);
        Ok(Self { sns: service(wire, &lookup, "sns"), main, critical })
    }

    pub(crate) const fn has_critical(&self) -> bool {
        self.critical.is_some()
    }

    pub(crate) async fn publish(&self, topic: TopicKind, message: &Message) -> Result<(), NotifyError> {
        let arn = match topic {
            TopicKind::Main => &self.main,
            TopicKind::Critical => self.critical.as_ref().unwrap_or(&self.main),
        };
        let failed = |code: Option<String>, source| NotifyError::Sns { topic, code, source };
        let mut request = PublishInput::builder().topic_arn(arn).subject(&message.subject);
        request = request.message_structure("json").message(envelope(message));
        for Attribute { name, kind, value } in attributes(message) {
            let value = MessageAttributeValue::builder().data_type(kind).string_value(value).build();
            let value = value.map_err(|error| failed(None, Box::new(error)))?;
            request = request.message_attributes(name, value);
        }
        let request = request.build().map_err(|error| failed(None, Box::new(error)))?;
        let sent = self.sns.operate::<_, PublishOutput>(&Publish::new(), request).await;
        sent.map(drop).map_err(|error| failed(error.code().map(str::to_owned), Box::new(error)))
    }
}

impl Topics {
    /// How many confirmed subscriptions of the topic of all alerts have no filter policy: who has one may not hear of everything. Of
    /// more than [`SUBSCRIPTIONS_MAX`] confirmed ones the first are looked at; whether there is one at all is what matters.
    pub(crate) async fn confirmed(&self) -> Result<u32, OutsideError> {
        let asked = |what| move |source: Box<dyn Error + Send + Sync>| OutsideError { what, source };
        let mut confirmed: Vec<String> = Vec::new();
        let mut next = None;
        loop {
            let listing = asked("the subscriptions of the alert topic could not be listed");
            let page = ListSubscriptionsByTopicInput::builder().topic_arn(&self.main).set_next_token(next).build();
            let page = page.map_err(|error| listing(Box::new(error)))?;
            let page = self.sns.operate::<_, ListSubscriptionsByTopicOutput>(&ListSubscriptionsByTopic::new(), page).await;
            let page = page.map_err(|error| listing(Box::new(error)))?;
            // What waits for its confirmation, or is gone, has a word in place of an ARN.
            let arns = page.subscriptions.unwrap_or_default().into_iter().filter_map(|one| one.subscription_arn);
            confirmed.extend(arns.filter(|arn| arn.starts_with("arn:")).take(SUBSCRIPTIONS_MAX - confirmed.len()));
            next = page.next_token.filter(|_| confirmed.len() < SUBSCRIPTIONS_MAX);
            if next.is_none() {
                break;
            }
        }
        let mut unfiltered = 0;
        let looking = asked("a subscription of the alert topic could not be looked at");
        for arn in confirmed {
            let one = GetSubscriptionAttributesInput::builder().subscription_arn(arn).build().map_err(|error| looking(Box::new(error)))?;
            match self.sns.operate::<_, GetSubscriptionAttributesOutput>(&GetSubscriptionAttributes::new(), one).await {
                Ok(answer) => {
                    let policy = answer.attributes().and_then(|all| all.get("FilterPolicy"));
                    unfiltered += u32::from(policy.is_none_or(|policy| policy.is_empty()));
                }
                // It was taken away between the two questions.
                Err(error) if error.code().is_some_and(|code| code.trim_end_matches("Exception") == "NotFound") => {}
                Err(error) => return Err(looking(Box::new(error))),
            }
        }
        Ok(unfiltered)
    }
}

/// What filter policies look at.
#[derive(Debug, PartialEq, Eq)]
struct Attribute {
    name: &'static str,
    kind: &'static str,
    value: String,
}

/// At most ten: a queue with raw delivery takes no more. What is unknown is left out. A digest has all accounts and Regions of its
/// members, so that who filters for one of them gets it.
fn attributes(message: &Message) -> Vec<Attribute> {
    let text = |name, value: &str| Attribute { name, kind: "String", value: value.to_owned() };
    let mut all = vec![
        text("event", message.event),
        text("kind", message.cause),
        text("severity", message.severity.as_str()),
        text("alert_id", &message.alert_id),
        text("dedup_key", &message.dedup_key),
    ];
    if message.state != "-" {
        all.push(text("state", message.state));
    }
    all.extend(one_or_many("account", message.account.as_deref(), &message.members, |member| member.account.as_deref()));
    all.extend(one_or_many("region", message.region.as_deref(), &message.members, |member| member.region.as_deref()));
    all
}

fn one_or_many(name: &'static str, own: Option<&str>, members: &[Member], of: impl Fn(&Member) -> Option<&str>) -> Option<Attribute> {
    let values: BTreeSet<&str> = own.into_iter().chain(members.iter().filter_map(of)).collect();
    match values.len() {
        0 => None,
        1 => Some(Attribute { name, kind: "String", value: values.into_iter().collect() }),
        _ => Some(Attribute { name, kind: "String.Array", value: serde_json::to_string(&values).unwrap_or_default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::policy::Policy;
    use jiff::Timestamp;

    fn message(account: Option<&str>, region: Option<&str>) -> Message {
        let test = crate::message::test(Timestamp::UNIX_EPOCH, &Policy::default());
        Message { account: account.map(str::to_owned), region: region.map(str::to_owned), ..test }
    }

    fn of(message: &Message, name: &str) -> Option<(&'static str, String)> {
        attributes(message).into_iter().find(|a| a.name == name).map(|a| (a.kind, a.value))
    }

    #[test]
    fn a_digest_is_found_by_each_account_of_its_members_and_nothing_unknown_is_there() {
        let none = message(None, None);
        assert_eq!((of(&none, "account"), of(&none, "region"), of(&none, "state")), (None, None, None));
        let members = [message(Some("2"), None), message(Some("1"), Some("eu-west-1")), message(Some("1"), Some("eu-west-1"))];
        let digest = crate::message::digest_of(&members.each_ref(), &Policy::default());
        assert_eq!(of(&digest, "account"), Some(("String.Array", "[\"1\",\"2\"]".to_owned())));
        assert_eq!(of(&digest, "region"), Some(("String", "eu-west-1".to_owned())));
        assert!(attributes(&Message { state: "aws", ..digest }).len() <= 10);
    }
}
