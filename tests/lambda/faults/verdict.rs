//! The promises, after a run: what the table holds and what people heard, against the story and the pure rules.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::alert::{Alert, Cause, State, Step, owed, plan};
use domain::request::{Entry, Request, fold};
use jiff::SignedDuration;

use super::super::{Cloud, TABLE, text};
use super::{Run, rest};

impl Cloud {
    /// Lets the time come at which anything waits to be looked at (leases, attempts, hours of summaries and of the audit).
    pub(super) async fn let_everything_be_due(&self) {
        let past = format!("{:.3}", boot::world::now() - SignedDuration::from_secs(1));
        for mut item in self.items().await {
            let Some(at) = item.get("work_at").and_then(|at| at.as_s().ok()).cloned() else { continue };
            let audit = text(&item, "pk") == "T#audit";
            if at <= past && !audit {
                continue;
            }
            item.insert("work_at".to_owned(), AttributeValue::S(past.clone()));
            if audit {
                item.insert("hour".to_owned(), AttributeValue::S("2026-01-01T00".to_owned()));
            }
            self.client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
        }
    }
}

impl Run {
    pub(super) async fn judge(&mut self) {
        self.every_mail_has_its_ending().await;
        let (requests, alerts) = self.every_state_is_the_fold_of_all_entries().await;
        self.every_alert_was_told(&requests, &alerts);
        self.history_explains(&requests, &alerts).await;
    }

    /// Promise 1, and 3: what is forged is kept apart.
    async fn every_mail_has_its_ending(&self) {
        let keys: Vec<String> = self.story.mails.iter().map(|mail| mail.key.clone()).collect();
        let ended = self.store.ended(&keys).await.unwrap();
        let lost: Vec<&String> = keys.iter().filter(|key| !ended.contains(*key)).collect();
        assert!(lost.is_empty(), "without an ending: {lost:?}");
        for mail in &self.story.mails {
            let stored = self.store.mail(&mail.message_id).await.unwrap().unwrap();
            let wanted = if mail.entry.is_some() { "applied" } else { "quarantined" };
            assert_eq!(stored.ending, wanted, "{} {}", mail.key, stored.why);
        }
        let forged = self.story.mails.iter().any(|mail| mail.entry.is_none());
        let told = self.watch.told.keys().any(|told| told.cause == Cause::Quarantine);
        assert_eq!(forged, told, "quarantine is told when there is something in it, and only then");
    }

    /// Promises 3 and 8: the mails of the story, each once, and what people did; nothing forged is among them.
    async fn every_state_is_the_fold_of_all_entries(&self) -> (Vec<Request>, Vec<Alert>) {
        let stored = rest::entries(&self.bundles().await);
        let ids: HashSet<_> = stored.iter().map(|entry| entry.id.clone()).collect();
        assert_eq!(ids.len(), stored.len());
        let expected = self.story.entries();
        let mails: BTreeSet<_> = stored.iter().filter(|entry| entry.mail().is_some()).map(|entry| &entry.id).collect();
        assert_eq!(mails, expected.iter().map(|entry| &entry.id).collect(), "each mail is one entry");

        // When a mail was stored is the run's; everything else is the story's.
        let when: BTreeMap<_, _> = stored.iter().map(|entry| (&entry.id, entry.stored)).collect();
        let acts = stored.iter().filter(|entry| entry.mail().is_none()).cloned();
        let pure: Vec<Entry> = expected.iter().map(|entry| Entry { stored: when[&entry.id], ..(*entry).clone() }).chain(acts).collect();
        let mut requests = fold(&pure);
        requests.sort_by(|a, b| a.id.cmp(&b.id));
        let mut found = Vec::new();
        let mut alerts: Vec<Alert> = Vec::new();
        for request in &self.story.requests {
            let address = self.store.find(request).await.unwrap().unwrap_or_else(|| panic!("{request} is lost"));
            let bundle = self.store.bundle(&address).await.unwrap().unwrap();
            found.extend(fold(&bundle.entries).into_iter().filter(|r| r.id.as_str() == request));
            alerts.extend(bundle.alerts.into_iter().filter(|alert| !alerts.iter().any(|a| a.id == alert.id)).collect::<Vec<_>>());
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(found, requests, "the requests of the table are those of the story");
        (requests, alerts)
    }

    /// Promise 2.
    fn every_alert_was_told(&self, requests: &[Request], alerts: &[Alert]) {
        let (policy, now) = (&self.story.policy, boot::world::now());
        let mut expected = plan(requests, &[], policy, now).send;
        expected.extend(owed(requests, &[], policy, now));
        for planned in expected {
            let heard: Vec<_> =
                self.watch.heard(&planned.id.opening, planned.id.cause).filter(|told| told.step != Step::Resolved).collect();
            if !planned.standing {
                // News that was history before a sweep came: a later entry answered it, and the history says so.
                let withdrawn = |a: &&Alert| a.id.opening == planned.id.opening && a.id.cause == planned.id.cause && a.standing;
                let answered = alerts.iter().find(withdrawn).is_some_and(|a| matches!(a.state, State::Withdrawn { .. }));
                assert!(!heard.is_empty() || answered, "{} was never told: {requests:#?} {alerts:#?}", planned.id);
                continue;
            }
            let held = requests.get(planned.request).is_some_and(|request| request.hold.is_some());
            let current = heard.iter().any(|told| told.step >= planned.id.step);
            assert!(current || (held && !heard.is_empty()), "{} was never told: {requests:#?} {alerts:#?}", planned.id);
        }
        let rest = plan(requests, alerts, policy, now);
        assert!(rest.send.is_empty() && owed(requests, alerts, policy, now).is_empty(), "something is owed still: {rest:#?}");
    }

    /// Promise 7.
    async fn history_explains(&self, requests: &[Request], alerts: &[Alert]) {
        for alert in alerts {
            match &alert.state {
                State::Sent { .. } => {
                    let told = self.watch.told.keys().any(|told| told.id() == alert.id.to_string());
                    assert!(told, "{} is said to be sent, and nobody heard it", alert.id);
                }
                State::Withdrawn { why, .. } => assert!(!why.is_empty(), "{}", alert.id),
                other => panic!("{} is not over: {other:?}", alert.id),
            }
        }
        let api = self.cloud.start("api").await;
        let mut known = BTreeSet::new();
        for request in requests {
            let (status, _, body) = api.get(&format!("/v1/requests/{}", request.id.as_str()), "", "*/*").await;
            assert_eq!(status, 200, "{body}");
            let shown: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(shown["turn"].as_str(), Some(request.turn.as_str()), "{body}");
            let history = shown["history"].as_array().unwrap_or_else(|| panic!("{body}"));
            known.extend(history.iter().filter(|e| e["attempts"].as_u64() > Some(0)).map(|e| e["id"].as_str().unwrap().to_owned()));
        }
        for told in self.watch.told.keys().filter(|told| !matches!(told.cause, Cause::Quarantine | Cause::System)) {
            assert!(known.contains(&told.id()), "{} was told, and no history has it: {known:#?}", told.id());
        }
    }
}
