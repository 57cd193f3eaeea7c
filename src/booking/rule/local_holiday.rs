//! Days on which the offices of one place are shut, while the rest of the country works.

use serde::{Deserialize, Serialize};

use super::yearly_day::{UnclearDay, WrittenDay, YearlyDay};

/// A yearly day on which an office is shut (τοπική αργία): the patron saint, the day of a town's liberation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct LocalHoliday {
    /// When it falls; in a document its keys stand beside the name: `{month: 11, day: 30, name: Άγιος Ανδρέας}`.
    pub on: YearlyDay,
    /// What it is, nominative: «Άγιος Ανδρέας».
    pub name: String,
}

impl LocalHoliday {
    /// Why it cannot be, if so.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        if !self.on.is_possible() {
            Some("a local holiday is on a day that does not exist")
        } else if self.name.trim().is_empty() {
            Some("the name of a local holiday is empty")
        } else {
            None
        }
    }
}

/// A local holiday as a document writes it. The keys of the day are repeated here because serde cannot both take in another
/// type's keys and refuse unknown ones.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    month: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    day: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    easter: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before_easter: Option<i64>,
    name: String,
}

impl TryFrom<Written> for LocalHoliday {
    type Error = UnclearDay;

    fn try_from(written: Written) -> Result<Self, UnclearDay> {
        let Written { month, day, easter, not_before_easter, name } = written;
        Ok(Self { on: WrittenDay { month, day, easter, not_before_easter }.try_into()?, name })
    }
}

impl From<LocalHoliday> for Written {
    fn from(holiday: LocalHoliday) -> Self {
        let WrittenDay { month, day, easter, not_before_easter } = holiday.on.into();
        Self { month, day, easter, not_before_easter, name: holiday.name }
    }
}
