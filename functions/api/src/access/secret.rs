//! Secrets: tokens (`p25r_…`, `p25w_…`), login codes (`p25c_…`), and those of sessions. 256 random bits each, in base64url, with a prefix
//! by which scanners find a leaked one. The table gets their hash alone.

use data_encoding::BASE64URL_NOPAD;
use domain::ids::hash_hex;
use jiff::{SignedDuration, Timestamp};
use store::{Scope, Store, StoreError, Token};

/// How long a login code can be used.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long a token lives where nothing is said.
pub const TOKEN_DAYS: i64 = 90;
/// The longest life of a token.
pub const TOKEN_DAYS_MAX: i64 = 366;
/// Longest name of a token.
const NAME_MAX: usize = 60;
/// Random bytes of a secret.
const BYTES: usize = 32;
/// Their characters in base64url.
const CHARACTERS: usize = 43;
/// Bytes of a hash: as many as of the secret.
const HASH: usize = 32;

const READ: &str = "p25r_";
const WRITE: &str = "p25w_";
const CODE: &str = "p25c_";

/// Why a token was not made.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The name is none.
    #[error("the name {0:?} is none: give 1 to {NAME_MAX} letters, digits, spaces and any of . _ @ -")]
    Name(String),
    /// The life is too short or too long.
    #[error("a token lives 1 to {TOKEN_DAYS_MAX} days, not {0}")]
    Days(i64),
    /// The system gave no random bytes.
    #[error("the system has no random numbers ({0}); without them there are no secrets")]
    Random(getrandom::Error),
    /// The table could not be written.
    #[error("it could not be kept")]
    Store(#[from] StoreError),
}

/// Makes a token and keeps its hash. The secret is shown once, by who asked for it.
///
/// # Errors
/// When the name or the life cannot be used, or it could not be kept.
pub async fn new_token(store: &Store, name: &str, scope: Scope, days: i64, now: Timestamp) -> Result<(String, Token), SecretError> {
    if !is_name(name) {
        return Err(SecretError::Name(domain::text::cut(&domain::text::one_line(name), NAME_MAX)));
    }
    let life =
        SignedDuration::from_hours(24).checked_mul(i32::try_from(days).unwrap_or(0)).filter(|_| (1..=TOKEN_DAYS_MAX).contains(&days));
    let ends = life.and_then(|life| now.checked_add(life).ok()).ok_or(SecretError::Days(days))?;
    let prefix = if scope == Scope::Write { WRITE } else { READ };
    let secret = format!("{prefix}{}", random().map_err(SecretError::Random)?);
    let token = Token { hash: hash(&secret), name: name.trim().to_owned(), scope, made: now, ends, used: None };
    store.put_token(&token).await?;
    Ok((secret, token))
}

/// Makes a login code for the page, which can be used once for so long, and keeps its hash.
///
/// # Errors
/// When there is no randomness, or it could not be kept.
pub async fn new_code(store: &Store, name: &str, life: SignedDuration, now: Timestamp) -> Result<String, SecretError> {
    let code = format!("{CODE}{}", random().map_err(SecretError::Random)?);
    store.put_code(&hash(&code), name, now.checked_add(life).unwrap_or(now)).await?;
    Ok(code)
}

/// The hash of a token's secret; `None` when it cannot be one.
pub(crate) fn token_hash(secret: &str) -> Option<String> {
    [READ, WRITE].into_iter().find_map(|prefix| secret.strip_prefix(prefix)).filter(|rest| is_random(rest)).map(|_| hash(secret))
}

/// The hash of a login code; `None` when it cannot be one.
pub(crate) fn code_hash(code: &str) -> Option<String> {
    code.strip_prefix(CODE).filter(|rest| is_random(rest)).map(|_| hash(code))
}

/// The hash under which a secret is kept. No salt: there are 256 random bits in it.
pub(crate) fn hash(secret: &str) -> String {
    hash_hex(&[b"secret", secret.as_bytes()], HASH)
}

/// 256 random bits.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// Whether this has the form of [`random`].
pub(crate) fn is_random(text: &str) -> bool {
    text.len() == CHARACTERS && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_name(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '@' | '-');
    !name.trim().is_empty() && name.len() <= NAME_MAX && name.chars().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_random_and_only_its_own_kind_of_secret() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert!(one != other && is_random(&one) && is_random(&other));
        assert!(token_hash(&format!("{READ}{one}")).is_some() && token_hash(&format!("{WRITE}{one}")).is_some());
        assert_ne!(token_hash(&format!("{READ}{one}")), token_hash(&format!("{WRITE}{one}")), "the prefix is part of it");
        assert!(code_hash(&format!("{CODE}{one}")).is_some());
        for bad in
            [one.clone(), format!("{CODE}{one}"), format!("{READ}{}", &one[1..]), format!("{READ}{one}x"), format!("{READ}{}!", &one[1..])]
        {
            assert_eq!(token_hash(&bad), None, "{bad}");
        }
        assert_eq!(code_hash(&format!("{READ}{one}")), None);
    }

    #[test]
    fn names_are_plain() {
        assert!(is_name("ci-bot") && is_name("ann@corp.example") && is_name("The pipeline 2"));
        for bad in ["", " ", "a\nb", "<b>", "ä", &"x".repeat(61)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
