//! Numbers and addresses that name a person, parsed once at the border: telephone, AFM, AMKA, e-mail.

use serde::{Deserialize, Serialize};

/// Why a number or an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not the right number of digits, or something other than digits.
    #[error("wrong shape")]
    Shape,
    /// The check digit does not hold.
    #[error("wrong check digit")]
    CheckDigit,
}

macro_rules! parsed_string {
    ($(#[$doc:meta])* $name:ident, $parse:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads it from text; separators people write or say between digits are ignored.
            ///
            /// # Errors
            /// [`IdentityError`] says whether the shape or the check digit is wrong.
            pub fn parse(text: &str) -> Result<Self, IdentityError> {
                $parse(text).map(Self)
            }

            /// The normal form, as stored.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdentityError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

parsed_string!(
    /// A telephone number: ten national digits (Greek, first digit 2 or 6), or `+` and 8 to 15 digits for another country.
    ///
    /// Source: the national numbering plan; ITU-T E.164 for the length of international numbers.
    Phone,
    parse_phone
);

impl Phone {
    /// Whether it is a Greek mobile number, which can be sent messages (69…, by the national numbering plan).
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with("69")
    }

    /// With the code of its country: `+306944123456` (E.164).
    #[must_use]
    pub fn international(&self) -> String {
        if self.0.starts_with('+') { self.0.clone() } else { format!("+30{}", self.0) }
    }
}

parsed_string!(
    /// A tax number (ΑΦΜ): nine digits, the last a check digit (weights 2^8…2^1, modulo 11, modulo 10).
    Afm,
    parse_afm
);
parsed_string!(
    /// A social security number (ΑΜΚΑ): eleven digits, date of birth DDMMYY first, Luhn check digit last.
    Amka,
    parse_amka
);
parsed_string!(
    /// An e-mail address, lower case: something before `@`, a domain with a dot after it, 254 characters at most (RFC 5321).
    Email,
    parse_email
);

fn digits_of(text: &str) -> Result<String, IdentityError> {
    let mut digits = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' => {}
            _ => return Err(IdentityError::Shape),
        }
    }
    Ok(digits)
}

fn parse_phone(text: &str) -> Result<String, IdentityError> {
    let text = text.trim();
    let (international, rest) = match text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let digits = digits_of(rest)?;
    let national = match digits.strip_prefix("30") {
        Some(rest) if international || digits.len() == 12 => rest,
        _ if international && (8..=15).contains(&digits.len()) => return Ok(format!("+{digits}")),
        _ => digits.as_str(),
    };
    let greek = national.len() == 10 && (national.starts_with('2') || national.starts_with("69"));
    if greek { Ok(national.to_owned()) } else { Err(IdentityError::Shape) }
}

fn parse_afm(text: &str) -> Result<String, IdentityError> {
    let digits = digits_of(text.trim())?;
    if digits.len() != 9 || digits.bytes().all(|d| d == b'0') {
        return Err(IdentityError::Shape);
    }
    let value = |i: usize| u32::from(digits.as_bytes()[i] - b'0');
    let sum: u32 = (0..8).map(|i| value(i) << (8 - i)).sum();
    if sum % 11 % 10 == value(8) { Ok(digits) } else { Err(IdentityError::CheckDigit) }
}

fn parse_amka(text: &str) -> Result<String, IdentityError> {
    let digits = digits_of(text.trim())?;
    if digits.len() != 11 {
        return Err(IdentityError::Shape);
    }
    let day: u32 = digits[0..2].parse().map_err(|_| IdentityError::Shape)?;
    let month: u32 = digits[2..4].parse().map_err(|_| IdentityError::Shape)?;
    if !(1..=31).contains(&day) || !(1..=12).contains(&month) {
        return Err(IdentityError::Shape);
    }
    if luhn_holds(&digits) { Ok(digits) } else { Err(IdentityError::CheckDigit) }
}

fn luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let value = u32::from(d - b'0') * if i % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn parse_email(text: &str) -> Result<String, IdentityError> {
    let text = text.trim().to_lowercase();
    let (user, domain) = text.rsplit_once('@').ok_or(IdentityError::Shape)?;
    let label_ok = |l: &str| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let user_ok = !user.is_empty() && user.chars().all(|c| c.is_ascii_alphanumeric() || "._%+-".contains(c));
    let domain_ok = domain.contains('.') && domain.split('.').all(label_ok);
    if user_ok && domain_ok && text.len() <= 254 { Ok(text) } else { Err(IdentityError::Shape) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_reduced_to_national_digits() {
        for text in ["6944123456", "694 412 3456", "+30 694 412 3456", "00306944123456", "306944123456"] {
            assert_eq!(Phone::parse(text).expect(text).as_str(), "6944123456");
        }
        assert_eq!(Phone::parse("+49 711 22 22 22").expect("Stuttgart").as_str(), "+49711222222");
        for text in ["", "12345", "5944123456", "69441234567", "694412345a", "+30 12"] {
            assert_eq!(Phone::parse(text), Err(IdentityError::Shape), "{text}");
        }
    }

    #[test]
    fn only_mobile_telephones_of_the_country_take_messages() {
        let phone = |text: &str| Phone::parse(text).expect("a telephone");
        let cases = [
            ("6944123456", true, "+306944123456"),
            ("2101234567", false, "+302101234567"),
            ("+49 711 22 22 22", false, "+49711222222"),
            ("+69 44 12 34 56", false, "+6944123456"),
        ];
        for (text, mobile, international) in cases {
            assert_eq!(
                (phone(text).is_mobile(), phone(text).international().as_str()),
                (mobile, international),
                "{text}"
            );
        }
    }

    #[test]
    fn check_digits_of_afm_and_amka_are_verified() {
        assert_eq!(Afm::parse("090000045").expect("valid").as_str(), "090000045");
        assert_eq!(Afm::parse("090000046"), Err(IdentityError::CheckDigit));
        assert_eq!(Afm::parse("000000000"), Err(IdentityError::Shape));
        assert_eq!(Amka::parse("01018012340"), Err(IdentityError::CheckDigit));
        let valid = (0..10).filter(|d| Amka::parse(&format!("0101801234{d}")).is_ok()).count();
        assert_eq!(valid, 1, "exactly one check digit holds");
        assert_eq!(Amka::parse("32018012345"), Err(IdentityError::Shape));
    }

    #[test]
    fn emails_need_a_user_and_a_domain_with_a_dot() {
        assert_eq!(Email::parse(" Maria.P@Example.gr ").expect("valid").as_str(), "maria.p@example.gr");
        for text in ["maria", "maria@", "@x.gr", "maria@x", "μαρία@x.gr", "a@b..gr"] {
            assert!(Email::parse(text).is_err(), "{text}");
        }
    }
}
