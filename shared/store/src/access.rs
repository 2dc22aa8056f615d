//! Who may ask: tokens, sessions and login codes. Each is kept under the hash of its secret, so that who reads the table cannot use
//! them. Sessions and codes go by themselves after their end (the table's TTL, up to 48 hours late: the end is checked here).

use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;

use crate::commit::{ATTEMPTS, Commit};
use crate::items::{Item, Reader, Writer};
use crate::keys::{ItemKey, time};
use crate::look_up::primary;
use crate::pause::jitter;
use crate::table::{BY_TURN, PK, TTL};
use crate::{Store, StoreError, failed};

/// The list of tokens, in the index of lists.
const TOKENS: &str = "tokens";
/// More tokens than anybody can look through.
const TOKENS_MAX: i32 = 500;

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Look, without the words of mails and with masked addresses.
    Read,
    /// Look at everything, and act.
    Write,
}

impl Scope {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|scope| scope.as_str() == word)
    }
}

/// A token, as it is kept: without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The hash of its secret.
    pub hash: String,
    /// What people call it; the history names it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// When it was last used, to the hour; `None`: never.
    pub used: Option<Timestamp>,
}

/// A session of the page, as it is kept: without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of its secret.
    pub hash: String,
    /// The hash of the secret that its forms carry.
    pub csrf: String,
    /// Who it is for; the history names it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it ends.
    pub ends: Timestamp,
    /// The hash of the token that it was made with: it ends with it. `None` for one that was made with a code.
    pub token: Option<String>,
}

impl Store {
    /// Keeps a new token.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn put_token(&self, token: &Token) -> Result<(), StoreError> {
        let item = Writer::new(&ItemKey::token(&token.hash))
            .text("hash", &token.hash)
            .text("name", &token.name)
            .text("scope", token.scope.as_str())
            .time("made", token.made)
            .time("ends", token.ends)
            .text(BY_TURN.partition, TOKENS)
            .text(BY_TURN.sort, format!("{}#{}", time(token.made), token.hash));
        self.transact(vec![self.put_new(item.done())?]).await.map(drop)
    }

    /// The token with this hash, also one that has ended.
    ///
    /// # Errors
    /// When the table cannot be reached, or the item has a form that this version does not know.
    pub async fn token(&self, hash: &str) -> Result<Option<Token>, StoreError> {
        self.get(&ItemKey::token(hash)).await?.as_ref().map(read_token).transpose()
    }

    /// All tokens, the oldest first (at most 500), as the list has them: it may be a second behind.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let asked = QueryInput::builder()
            .index_name(BY_TURN.name)
            .key_condition_expression("#list = :list")
            .expression_attribute_names("#list", BY_TURN.partition)
            .expression_attribute_values(":list", AttributeValue::S(TOKENS.to_owned()))
            .limit(TOKENS_MAX);
        let answer = self.query("list the tokens", asked).await?;
        answer.items().iter().map(read_token).collect()
    }

    /// Takes a token away, and with it the sessions that were made with it. Whether it was there.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn revoke_token(&self, hash: &str) -> Result<bool, StoreError> {
        Ok(self.take(&ItemKey::token(hash), "revoke the token").await?.is_some())
    }

    /// Notes when a token was used. One that is gone stays gone.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn token_used(&self, token: &Token, at: Timestamp) -> Result<Commit, StoreError> {
        let update = aws_sdk_dynamodb::types::Update::builder()
            .table_name(&self.table)
            .set_key(Some(primary(&ItemKey::token(&token.hash))))
            .update_expression("SET #used = :used")
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#used", "used")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":used", AttributeValue::S(time(at)))
            .build()
            .map_err(failed("build an update"))?;
        self.transact(vec![aws_sdk_dynamodb::types::TransactWriteItem::builder().update(update).build()]).await
    }

    /// Keeps a new session.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn put_session(&self, session: &Session) -> Result<(), StoreError> {
        let item = Writer::new(&ItemKey::session(&session.hash))
            .text("hash", &session.hash)
            .text("csrf", &session.csrf)
            .text("name", &session.name)
            .text("scope", session.scope.as_str())
            .time("ends", session.ends)
            .maybe("token", session.token.as_deref())
            .number(TTL, session.ends.as_second());
        self.transact(vec![self.put_new(item.done())?]).await.map(drop)
    }

    /// The session with this hash, also one that has ended.
    ///
    /// # Errors
    /// When the table cannot be reached, or the item has a form that this version does not know.
    pub async fn session(&self, hash: &str) -> Result<Option<Session>, StoreError> {
        self.get(&ItemKey::session(hash)).await?.as_ref().map(read_session).transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn end_session(&self, hash: &str) -> Result<(), StoreError> {
        self.take(&ItemKey::session(hash), "end the session").await.map(drop)
    }

    /// Keeps a login code until its end.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn put_code(&self, hash: &str, name: &str, ends: Timestamp) -> Result<(), StoreError> {
        let item = Writer::new(&ItemKey::code(hash)).text("name", name).time("ends", ends).number(TTL, ends.as_second());
        self.transact(vec![self.put_new(item.done())?]).await.map(drop)
    }

    /// Takes a login code: who it is for, if it is one and has not ended. Nobody can take it again.
    ///
    /// # Errors
    /// When the table cannot be reached, or the item has a form that this version does not know.
    pub async fn take_code(&self, hash: &str, now: Timestamp) -> Result<Option<String>, StoreError> {
        let Some(item) = self.take(&ItemKey::code(hash), "take the login code").await? else { return Ok(None) };
        let r = Reader::new(&item);
        Ok((now < r.time("ends")?).then_some(r.text("name")?.to_owned()))
    }

    pub(crate) async fn get(&self, key: &ItemKey) -> Result<Option<Item>, StoreError> {
        Ok(self.get_all([key].into_iter()).await?.remove(key))
    }

    /// Deletes an item and gives what it was. A transaction that has the item at that moment (a token's last use) is waited for.
    async fn take(&self, key: &ItemKey, doing: &'static str) -> Result<Option<Item>, StoreError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            // On the condition that it is there: of two at once only one has taken it, also on an engine that gives both what it was.
            let asked = DeleteItemInput::builder().set_key(Some(primary(key))).condition_expression("attribute_exists(pk)");
            match self.delete_item(asked.return_values(ReturnValue::AllOld)).await {
                Ok(answer) => return Ok(answer.attributes.filter(|item| !item.is_empty())),
                Err(error) if error.code() == Some("ConditionalCheckFailedException") => return Ok(None),
                Err(error) if error.code() == Some("TransactionConflictException") && attempt < ATTEMPTS => jitter(attempt).await,
                Err(error) => return Err(failed(doing)(error)),
            }
        }
    }
}

fn read_token(item: &Item) -> Result<Token, StoreError> {
    let r = Reader::checked(item)?;
    Ok(Token {
        hash: r.text("hash")?.to_owned(),
        name: r.text("name")?.to_owned(),
        scope: r.parsed("scope", Scope::parse)?,
        made: r.time("made")?,
        ends: r.time("ends")?,
        used: r.opt("used").and_then(|at| at.parse().ok()),
    })
}

fn read_session(item: &Item) -> Result<Session, StoreError> {
    let r = Reader::checked(item)?;
    Ok(Session {
        hash: r.text("hash")?.to_owned(),
        csrf: r.text("csrf")?.to_owned(),
        name: r.text("name")?.to_owned(),
        scope: r.parsed("scope", Scope::parse)?,
        ends: r.time("ends")?,
        token: r.opt("token").map(str::to_owned),
    })
}
