//! The facts of a mail or a request as JSON, for the API, `show --json` and `explain --json`.

use domain::classify::{Facts, Limit, ResourceKind};
use serde::Serialize;
use utoipa::ToSchema;

/// What mails name. Every list may be empty; what is not said is `null`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactsView {
    /// Public addresses, v4 and v6.
    pub elastic_ips: Vec<String>,
    /// Host names that stand as reverse DNS.
    pub reverse_dns: Vec<String>,
    /// `i-…`
    pub instance_ids: Vec<String>,
    /// `nat-…`
    pub nat_gateway_ids: Vec<String>,
    /// `eipalloc-…`
    pub allocation_ids: Vec<String>,
    /// The limits that an approval grants.
    pub limits: Vec<LimitView>,
    /// Why AWS denied, in its words.
    pub denial_reason: Option<String>,
}

/// A granted limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LimitView {
    /// How many.
    pub amount: u64,
    /// Of what, as AWS wrote it; `null` where it did not say.
    pub unit: Option<String>,
    /// `second`, `minute`, `hour` or `day`; `null` when it is no rate.
    pub per: Option<&'static str>,
    /// All of it, for people: `70,000 messages per day`.
    pub text: String,
}

impl FactsView {
    /// The facts as they are shown.
    pub fn of(facts: &Facts) -> Self {
        let of_kind = |kind| facts.of_kind(kind).map(ToString::to_string).collect();
        Self {
            elastic_ips: facts.addresses.iter().map(ToString::to_string).collect(),
            reverse_dns: facts.names.iter().map(ToString::to_string).collect(),
            instance_ids: of_kind(ResourceKind::Instance),
            nat_gateway_ids: of_kind(ResourceKind::NatGateway),
            allocation_ids: of_kind(ResourceKind::Allocation),
            limits: facts.limits.iter().map(limit).collect(),
            denial_reason: facts.reason.clone(),
        }
    }

    /// What is there, each with its name for people, in the order in which it is shown.
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let limits: Vec<&str> = self.limits.iter().map(|l| l.text.as_str()).collect();
        [
            ("Elastic IP", self.elastic_ips.join(", ")),
            ("Reverse DNS", self.reverse_dns.join(", ")),
            ("Instance", self.instance_ids.join(", ")),
            ("NAT gateway", self.nat_gateway_ids.join(", ")),
            ("Allocation", self.allocation_ids.join(", ")),
            // A comma stands inside the numbers already.
            ("Granted", limits.join("; ")),
            ("AWS's reason", self.denial_reason.clone().unwrap_or_default()),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
    }
}

fn limit(limit: &Limit) -> LimitView {
    LimitView {
        amount: limit.amount(),
        unit: Some(limit.unit().to_owned()).filter(|unit| !unit.is_empty()),
        per: limit.per().map(domain::classify::Period::as_str),
        text: limit.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use domain::classify::{HostName, ResourceId};

    use super::*;

    #[test]
    fn facts_have_the_documented_members() {
        let facts = Facts {
            addresses: vec!["203.0.113.5".parse().unwrap(), "2001:db8::5".parse().unwrap()],
            names: vec![HostName::parse("mail.corp.example").unwrap()],
            resources: ["i-0123456789abcdef0", "nat-0123456789abcdef0", "eipalloc-0123456789abcdef0"]
                .map(|id| ResourceId::parse(id).unwrap())
                .to_vec(),
            limits: vec![Limit::parse("70,000 messages per day").unwrap(), Limit::parse("5").unwrap()],
            reason: Some("The account is new.".to_owned()),
        };
        let got = serde_json::to_value(FactsView::of(&facts)).unwrap();
        let want = serde_json::json!({
            "elastic_ips": ["203.0.113.5", "2001:db8::5"],
            "reverse_dns": ["mail.corp.example"],
            "instance_ids": ["i-0123456789abcdef0"],
            "nat_gateway_ids": ["nat-0123456789abcdef0"],
            "allocation_ids": ["eipalloc-0123456789abcdef0"],
            "limits": [
                {"amount": 70_000, "unit": "messages", "per": "day", "text": "70,000 messages per day"},
                {"amount": 5, "unit": null, "per": null, "text": "5"},
            ],
            "denial_reason": "The account is new.",
        });
        assert_eq!(got, want);
        assert_eq!(FactsView::of(&facts).named().len(), 7);
        assert!(FactsView::of(&Facts::default()).named().is_empty());
    }
}
