//! The mail queue as SQS is: at least once, in any order, and after five receipts a message lies in the dead-letter queue.

/// The template's `maxReceiveCount`.
const RECEIVES_MAX: u32 = 5;

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) body: String,
    received: u32,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<Message>,
    /// The dead-letter queue.
    pub(super) dead: Vec<Message>,
}

impl Queue {
    pub(super) fn send(&mut self, body: String) {
        let id = format!("message-{}-{}", self.waiting.len(), self.dead.len());
        self.waiting.push(Message { id, body, received: 0 });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// One of the messages; it is invisible until it is put back or deleted.
    pub(super) fn receive(&mut self, rng: &mut fastrand::Rng) -> Option<Message> {
        let some = (!self.waiting.is_empty()).then(|| rng.usize(0..self.waiting.len()))?;
        let mut message = self.waiting.swap_remove(some);
        message.received += 1;
        Some(message)
    }

    /// It was not deleted: its visibility timeout ends.
    pub(super) fn back(&mut self, message: Message) {
        if message.received >= RECEIVES_MAX {
            self.dead.push(message);
        } else {
            self.waiting.push(message);
        }
    }

    /// What `port25 redrive` does: the dead-letter queue goes back. How many there were.
    pub(super) fn redrive(&mut self) -> usize {
        let dead = std::mem::take(&mut self.dead);
        let many = dead.len();
        self.waiting.extend(dead.into_iter().map(|message| Message { received: 0, ..message }));
        many
    }
}
