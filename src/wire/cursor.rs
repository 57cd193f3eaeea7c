//! Where a page of free times ended, as an opaque text.
//!
//! It names the last time of each mode that was told, not how many there were: so the next page neither repeats nor skips a
//! time while others book.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use crate::booking::id::OfficeId;
use crate::booking::people::Mode;

/// The longest text that is read, bytes.
const LONGEST: usize = 1024;

/// The last time told of each mode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor(BTreeMap<Mode, (DateTime<Utc>, OfficeId)>);

impl Cursor {
    /// The page of one mode that ended with this time at this office.
    #[must_use]
    pub fn of(mode: Mode, start: DateTime<Utc>, office: OfficeId) -> Self {
        let mut cursor = Self::default();
        cursor.told(mode, start, office);
        cursor
    }

    /// This time at this office was told too, after all those before it.
    pub fn told(&mut self, mode: Mode, start: DateTime<Utc>, office: OfficeId) {
        self.0.insert(mode, (start, office));
    }

    /// The last time told of a mode.
    #[must_use]
    pub fn last(&self, mode: Mode) -> Option<(DateTime<Utc>, OfficeId)> {
        self.0.get(&mode).cloned()
    }

    /// Reads the text; `None` for one that nobody was given.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes =
            Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())?;
        let text = String::from_utf8(bytes).ok()?;
        let mut cursor = Self::default();
        for line in text.lines() {
            let (mode, rest) = line.split_once(' ')?;
            let (seconds, office) = rest.split_once(' ')?;
            let start = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
            cursor.told(Mode::parse(mode)?, start, OfficeId::new(office));
        }
        Some(cursor).filter(|cursor| !cursor.0.is_empty())
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = |(mode, (start, office)): (&Mode, &(DateTime<Utc>, OfficeId))| {
            format!("{} {} {office}", mode.as_str(), start.timestamp())
        };
        let lines: Vec<String> = self.0.iter().map(line).collect();
        f.write_str(&URL_SAFE_NO_PAD.encode(lines.join("\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_back_as_it_was_and_nothing_else_is() {
        let start = DateTime::from_timestamp(1_764_000_000, 0).expect("an instant");
        let mut cursor = Cursor::of(Mode::Video, start, "kep-kypselis".into());
        cursor.told(Mode::InPerson, start, "προξενείο".into());
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        let strange = ["", "x", "????", &URL_SAFE_NO_PAD.encode("letter 5 a"), &"QQ".repeat(2000)].map(str::to_owned);
        assert!(strange.iter().all(|text| Cursor::parse(text).is_none()));
    }
}
