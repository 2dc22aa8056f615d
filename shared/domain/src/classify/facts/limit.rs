//! A granted limit: a number, its unit, and the time that it is counted over.

use std::fmt;

/// The largest amount: more digits are an account's or a case's.
const AMOUNT_MAX: u64 = 9_999_999_999;
/// Bytes of a unit.
const UNIT_MAX: usize = 40;

/// The time that a limit is counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// One second.
    Second,
    /// One minute.
    Minute,
    /// One hour.
    Hour,
    /// 24 hours.
    Day,
    /// A month, as bills count it.
    Month,
}

impl Period {
    /// All periods.
    pub const ALL: [Self; 5] = [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Month];

    /// The stable word for JSON and storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| word.eq_ignore_ascii_case(p.as_str()))
    }
}

/// A granted limit. Shown and stored as `70,000 messages per day`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub(super) amount: u64,
    pub(super) unit: String,
    pub(super) per: Option<Period>,
}

impl Limit {
    /// How many.
    pub const fn amount(&self) -> u64 {
        self.amount
    }

    /// Of what, as AWS wrote it; empty where it did not say.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// In which time, if it is a rate.
    pub const fn per(&self) -> Option<Period> {
        self.per
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, per) = match text.rsplit_once(" per ") {
            Some((rest, per)) => (rest, Some(Period::ALL.into_iter().find(|p| p.as_str() == per)?)),
            None => (text, None),
        };
        let (number, unit) = rest.split_once(' ').unwrap_or((rest, ""));
        (unit.len() <= UNIT_MAX).then_some(Self { amount: amount(number)?, unit: unit.to_owned(), per })
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.amount == other.amount && self.per == other.per && self.unit.eq_ignore_ascii_case(&other.unit)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.amount.to_string();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if !self.unit.is_empty() {
            write!(f, " {}", self.unit)?;
        }
        match self.per {
            Some(per) => write!(f, " per {}", per.as_str()),
            None => Ok(()),
        }
    }
}

/// `70,000` or `70000`.
pub(super) fn amount(text: &str) -> Option<u64> {
    let mut groups = text.split(',');
    let is_number = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|g| is_number(g))?;
    let mut digits = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !is_number(group) {
            return None;
        }
        digits.push_str(group);
    }
    digits.parse().ok().filter(|n| (1..=AMOUNT_MAX).contains(n))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_shown_is_what_is_read(amount in 1u64..=AMOUNT_MAX, unit in "(|messages|Elastic IP addresses)", per in 0usize..6) {
            let limit = Limit { amount, unit, per: Period::ALL.get(per).copied() };
            prop_assert_eq!(Limit::parse(&limit.to_string()), Some(limit));
        }
    }
}
