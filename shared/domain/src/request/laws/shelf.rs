//! Filing by the same rules as in production, with a map instead of the table.

use std::collections::{BTreeMap, HashMap};

use crate::filing;
use crate::request::*;

/// The table in small: references lead to bundles, bundles hold entries.
#[derive(Default)]
struct Shelf {
    references: HashMap<Reference, usize>,
    bundles: Vec<Vec<Entry>>,
    merged: HashMap<usize, usize>,
}

impl Shelf {
    fn root(&self, mut bundle: usize) -> usize {
        while let Some(next) = self.merged.get(&bundle) {
            bundle = *next;
        }
        bundle
    }

    fn file(&mut self, entry: &Entry) {
        if let Some(fact) = entry.mail() {
            self.join(&filing::lookups(fact), filing::claims(fact), entry);
        } else if let Some(references) = filing::registered(entry) {
            self.join(&references, references.clone(), entry);
        }
    }

    /// What these references lead to becomes one bundle with the entry in it, and is found by the claims.
    fn join(&mut self, lookups: &[Reference], claims: Vec<Reference>, entry: &Entry) {
        let found: Vec<usize> = lookups.iter().filter_map(|r| self.references.get(r)).map(|b| self.root(*b)).collect();
        let place = filing::place(&found);
        let home = place.home.unwrap_or_else(|| {
            self.bundles.push(Vec::new());
            self.bundles.len() - 1
        });
        for other in place.absorb {
            let entries = std::mem::take(&mut self.bundles[other]);
            self.bundles[home].extend(entries);
            self.merged.insert(other, home);
        }
        if !self.bundles[home].iter().any(|e| e.id == entry.id) {
            self.bundles[home].push(entry.clone());
        }
        for claim in claims {
            self.references.entry(claim).or_insert(home);
        }
    }

    /// People act on what they see: their actions come to the bundle that their reference leads to. A word on where a mail belongs
    /// leads on from there, as that mail's own references do.
    fn act(&mut self, entry: &Entry) {
        let Fact::Action(action) = &entry.fact else { return };
        if matches!(action.act, Act::Register(_)) {
            return;
        }
        let Some(bundle) = self.references.get(&action.about).map(|b| self.root(*b)) else { return };
        if let Act::Judge { target, meaning, request, .. } = &action.act {
            let Some(mail) = self.bundles[bundle].iter().find(|e| e.id == *target).and_then(Entry::mail).cloned() else { return };
            let said = request.as_ref();
            return self.join(&filing::judged_lookups(&mail, said), filing::judged_claims(&mail, said, *meaning), entry);
        }
        if let Some(references) = filing::identified(entry) {
            // Nobody says so of what was not registered.
            if self.bundles[bundle].iter().filter_map(filing::registered).flatten().any(|r| r == action.about) {
                self.join(&references, references.clone(), entry);
            }
            return;
        }
        if !self.bundles[bundle].iter().any(|e| e.id == entry.id) {
            self.bundles[bundle].push(entry.clone());
        }
    }

    fn requests(&self) -> BTreeMap<String, Request> {
        self.bundles.iter().flat_map(|b| fold(b)).map(|r| (r.id.to_string(), r)).collect()
    }
}

pub(super) fn shelve<'a>(entries: impl IntoIterator<Item = &'a Entry> + Clone) -> BTreeMap<String, Request> {
    let mut shelf = Shelf::default();
    for entry in entries.clone() {
        shelf.file(entry);
    }
    for entry in entries {
        shelf.act(entry);
    }
    shelf.requests()
}
