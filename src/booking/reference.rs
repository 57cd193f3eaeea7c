//! Appointment references: short, and sayable in Greek.
//!
//! Three letters and five digits, `KTA-48273`. The letters look the same in Greek and Latin and their Greek names cannot
//! be confused by ear (άλφα, βήτα, έψιλον, κάπα, μι, ρο, ταυ, χι); the last digit is a check digit, so that a misheard
//! code is noticed before it is looked up. The canonical form is ASCII; people read it as Greek.
//!
//! The first digit tells an appointment (0 to 8) from a place in the waiting list (9): no code is ever both.

use serde::{Deserialize, Serialize};

/// The letters in canonical (Latin) form.
pub const LETTERS: &[u8; 8] = b"ABEKMPTX";

/// The four digits before the check digit are those of a place in the waiting list from here on.
const WAITS_FROM: u64 = 9_000;

/// A well-formed reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// The text is no reference: wrong shape or wrong check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an appointment reference")]
pub struct NotAReference;

impl Reference {
    /// Makes the reference of an appointment from a random number; different numbers below 8³ × 9,000 give different ones.
    #[must_use]
    pub fn from_random(random: u64) -> Self {
        Self::made(random, (random >> 9) % WAITS_FROM)
    }

    /// Makes the reference of a place in the waiting list from a random number; none of an appointment is ever equal to it.
    #[must_use]
    pub fn of_wait(random: u64) -> Self {
        Self::made(random, WAITS_FROM + (random >> 9) % (10_000 - WAITS_FROM))
    }

    /// Whether it is that of a place in the waiting list.
    #[must_use]
    pub fn is_of_wait(&self) -> bool {
        self.0.as_bytes().get(4) == Some(&b'9')
    }

    fn made(random: u64, digits: u64) -> Self {
        let letter = |shift: u32| char::from(LETTERS[(random >> shift & 7) as usize]);
        let letters: String = [letter(0), letter(3), letter(6)].into_iter().collect();
        let digits = format!("{digits:04}");
        let check = check_digit(&letters, &digits);
        Self(format!("{letters}-{digits}{check}"))
    }

    /// Reads a reference however it is written: Greek or Latin letters, any case, with or without separators.
    ///
    /// # Errors
    /// [`NotAReference`] when the shape or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, NotAReference> {
        let plain: String =
            text.chars().filter(|c| c.is_alphanumeric()).map(canonical).collect::<Option<_>>().ok_or(NotAReference)?;
        if plain.len() != 8 {
            return Err(NotAReference);
        }
        let (letters, digits) = plain.split_at(3);
        let letters_ok = letters.bytes().all(|b| LETTERS.contains(&b));
        let digits_ok = digits.bytes().all(|b| b.is_ascii_digit());
        if letters_ok && digits_ok && digits.ends_with(check_digit(letters, &digits[..4])) {
            Ok(Self(format!("{letters}-{digits}")))
        } else {
            Err(NotAReference)
        }
    }

    /// The canonical form, `KTA-48273`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Reference {
    type Error = NotAReference;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

/// The Latin capital that looks the same, or the digit itself.
fn canonical(c: char) -> Option<char> {
    Some(match c {
        'Α' | 'α' | 'ά' | 'Ά' | 'a' => 'A',
        'Β' | 'β' | 'b' => 'B',
        'Ε' | 'ε' | 'έ' | 'Έ' | 'e' => 'E',
        'Κ' | 'κ' | 'k' => 'K',
        'Μ' | 'μ' | 'm' => 'M',
        'Ρ' | 'ρ' | 'p' => 'P',
        'Τ' | 'τ' | 't' => 'T',
        'Χ' | 'χ' | 'x' => 'X',
        '0'..='9' | 'A'..='Z' => c,
        _ => return None,
    })
}

/// Weighted sum modulo 11, modulo 10: notices a wrong digit or letter and most swaps of neighbours.
fn check_digit(letters: &str, digits: &str) -> char {
    let letter = |b: u8| LETTERS.iter().position(|l| *l == b).unwrap_or(0) as u32 + 1;
    let values = letters.bytes().map(letter).chain(digits.bytes().map(|b| u32::from(b - b'0')));
    let sum: u32 = values.zip(2..).map(|(value, weight)| value * weight).sum();
    char::from_digit(sum % 11 % 10, 10).expect("a remainder below ten")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_read_back_in_every_script_and_shape() {
        for random in [0, 1, 511, 4_827_301, u64::MAX] {
            let reference = Reference::from_random(random);
            let greek: String = reference
                .as_str()
                .chars()
                .map(|c| match c {
                    'A' => 'α',
                    'B' => 'β',
                    'E' => 'ε',
                    'K' => 'κ',
                    'M' => 'μ',
                    'P' => 'ρ',
                    'T' => 'τ',
                    'X' => 'χ',
                    '-' => ' ',
                    other => other,
                })
                .collect();
            assert_eq!(Reference::parse(&greek), Ok(reference.clone()));
            assert_eq!(Reference::parse(&reference.as_str().to_lowercase().replace('-', "")), Ok(reference));
        }
    }

    #[test]
    fn no_code_is_both_of_an_appointment_and_of_a_wait() {
        for random in (0..200_000).map(|n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
            let (appointment, wait) = (Reference::from_random(random), Reference::of_wait(random));
            assert!(!appointment.is_of_wait() && wait.is_of_wait(), "{appointment} {wait}");
            assert_eq!(Reference::parse(wait.as_str()), Ok(wait));
        }
    }

    #[test]
    fn a_wrong_digit_is_noticed() {
        let reference = Reference::from_random(123_456);
        let text = reference.as_str();
        for i in 4..9 {
            let old = text.as_bytes()[i] - b'0';
            let wrong: String = text
                .char_indices()
                .map(|(j, c)| if i == j { char::from_digit(u32::from(old + 1) % 10, 10).expect("digit") } else { c })
                .collect();
            assert_eq!(Reference::parse(&wrong), Err(NotAReference), "{wrong}");
        }
    }
}
