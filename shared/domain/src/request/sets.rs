//! Disjoint sets of Message-IDs: what is connected by references.

use std::collections::HashMap;

use crate::ids::MessageId;

/// Disjoint sets of Message-IDs.
#[derive(Default)]
pub(super) struct Sets<'a> {
    index: HashMap<&'a MessageId, usize>,
    parent: Vec<usize>,
}

impl<'a> Sets<'a> {
    /// All of these are one set from now on, with everything that was in a set with one of them.
    pub(super) fn union_all(&mut self, ids: impl Iterator<Item = &'a MessageId>) {
        let mut first = None;
        for id in ids {
            let next = self.parent.len();
            let node = *self.index.entry(id).or_insert(next);
            if node == next {
                self.parent.push(next);
            }
            let root = self.root(node);
            match first {
                None => first = Some(root),
                Some(head) => {
                    let head = self.root(head);
                    self.parent[root] = head;
                }
            }
        }
    }

    /// The name of the set that has this id.
    pub(super) fn root_of(&mut self, id: &MessageId) -> Option<usize> {
        let node = *self.index.get(id)?;
        Some(self.root(node))
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parent[node] != node {
            self.parent[node] = self.parent[self.parent[node]];
            node = self.parent[node];
        }
        node
    }
}
