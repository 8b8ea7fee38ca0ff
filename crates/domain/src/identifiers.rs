//! Identifiers of the field, checked by their own algorithms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why an identifier was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Not the length the standard names.
    #[error("wrong length")]
    Length,
    /// A character that the standard does not allow.
    #[error("a character that is not allowed")]
    Character,
    /// The check character does not fit the rest.
    #[error("the check character does not fit")]
    CheckDigit,
}

/// Unified social credit code 统一社会信用代码, 18 characters (GB 32100-2015).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

const USCC_ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORG_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

impl Uscc {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Uscc {
    type Err = IdentifierError;

    /// Accepts spaces and hyphens between the characters, and small letters.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let code: String = s.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect();
        if code.chars().count() != 18 {
            return Err(IdentifierError::Length);
        }
        let mut values = [0u32; 18];
        for (value, byte) in values.iter_mut().zip(code.bytes()) {
            let position = USCC_ALPHABET.iter().position(|&a| a == byte);
            *value = position.ok_or(IdentifierError::Character)? as u32;
        }
        if !code.is_ascii() || !code.bytes().skip(2).take(6).all(|b| b.is_ascii_digit()) {
            return Err(IdentifierError::Character);
        }
        let mut sum = 0;
        let mut weight = 1;
        for value in &values[..17] {
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        let expected = (31 - sum % 31) % 31;
        if values[17] != expected {
            return Err(IdentifierError::CheckDigit);
        }
        Ok(Self(code))
    }
}

/// Whether the organisation code inside a unified code (positions 9–17) carries
/// its own check character (GB 11714). Some valid old codes do not, so this is
/// a hint for an operator, not a rule.
impl Uscc {
    /// See the comment on the impl.
    #[must_use]
    pub fn organisation_code_checks(&self) -> bool {
        let code = &self.0.as_bytes()[8..17];
        let value = |b: u8| u32::from(if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 });
        let sum: u32 = code.iter().zip(ORG_WEIGHTS).map(|(&b, w)| value(b) * w).sum();
        let check = match 11 - sum % 11 {
            10 => b'X',
            11 => b'0',
            n => b'0' + n as u8,
        };
        code[8] == check
    }
}

/// ORCID iD, `0000-0002-1825-0097` (ISO 7064 MOD 11-2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Orcid(String);

impl Orcid {
    /// The iD with hyphens.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Orcid {
    type Err = IdentifierError;

    /// Accepts the URL form and a form without hyphens.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let tail = s.trim().rsplit('/').next().unwrap_or_default();
        let digits: Vec<u8> = tail.bytes().filter(|&b| b != b'-' && b != b' ').collect();
        if digits.len() != 16 {
            return Err(IdentifierError::Length);
        }
        let mut total = 0u32;
        for &b in &digits[..15] {
            if !b.is_ascii_digit() {
                return Err(IdentifierError::Character);
            }
            total = (total + u32::from(b - b'0')) * 2;
        }
        let check = match (12 - total % 11) % 11 {
            10 => b'X',
            n => b'0' + n as u8,
        };
        if digits[15].to_ascii_uppercase() != check {
            return Err(IdentifierError::CheckDigit);
        }
        let mut out = String::with_capacity(19);
        for (i, &b) in digits.iter().enumerate() {
            if i > 0 && i % 4 == 0 {
                out.push('-');
            }
            out.push(char::from(b.to_ascii_uppercase()));
        }
        Ok(Self(out))
    }
}

macro_rules! text_forms {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdentifierError;
            fn try_from(s: String) -> Result<Self, Self::Error> {
                s.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}
text_forms!(Uscc, Orcid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_real_organisations_are_accepted() {
        for code in ["91350100M000100Y43", "914403001922038216", "91330100799655058B"] {
            assert_eq!(code.parse::<Uscc>().map(|u| u.to_string()), Ok(code.to_owned()));
        }
        assert_eq!("9144 0300-1922038216".parse::<Uscc>().unwrap().as_str(), "914403001922038216");
    }

    #[test]
    fn a_wrong_code_says_what_is_wrong() {
        assert_eq!("914403001922038217".parse::<Uscc>(), Err(IdentifierError::CheckDigit));
        assert_eq!("91440300192203821".parse::<Uscc>(), Err(IdentifierError::Length));
        assert_eq!("91440300192203821I".parse::<Uscc>(), Err(IdentifierError::Character));
        assert_eq!("911000005928848一一".parse::<Uscc>(), Err(IdentifierError::Length));
    }

    #[test]
    fn orcid_is_checked_and_put_in_form() {
        let id: Orcid = "https://orcid.org/0000000218250097".parse().unwrap();
        assert_eq!(id.as_str(), "0000-0002-1825-0097");
        assert_eq!("0000-0002-1694-233x".parse::<Orcid>().unwrap().as_str(), "0000-0002-1694-233X");
        assert_eq!("0000-0002-1825-0098".parse::<Orcid>(), Err(IdentifierError::CheckDigit));
    }

    #[test]
    fn every_single_change_of_a_code_is_noticed() {
        let good = "91350100M000100Y43";
        for i in 0..18 {
            for &a in USCC_ALPHABET {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[i] != a {
                    bytes[i] = a;
                    let text = String::from_utf8(bytes).unwrap();
                    assert!(text.parse::<Uscc>().is_err(), "{text}");
                }
            }
        }
    }
}
