//! The people of an appointment and how they meet: the vocabulary that understanding, dialog and booking share.

use serde::{Deserialize, Serialize};

/// How the appointment is held (τρόπος εξυπηρέτησης).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The citizen comes to the office (με φυσική παρουσία).
    InPerson,
    /// A video call (βιντεοκλήση).
    Video,
    /// The office telephones the citizen (τηλεφωνικά).
    Phone,
}

impl Mode {
    /// Every mode, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Video, Self::Phone];

    /// The name used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Video => "video",
            Self::Phone => "phone",
        }
    }

    /// Reads the name used in JSON and in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == name)
    }

    /// After «θα γίνει»: «με βιντεοκλήση».
    #[must_use]
    pub fn how(self) -> &'static str {
        match self {
            Self::InPerson => "με φυσική παρουσία",
            Self::Video => "με βιντεοκλήση",
            Self::Phone => "τηλεφωνικά",
        }
    }
}

/// What the beneficiary is to the requester (σχέση με τον ωφελούμενο).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// μητέρα
    Mother,
    /// πατέρας
    Father,
    /// γιαγιά
    Grandmother,
    /// παππούς
    Grandfather,
    /// σύζυγος
    Spouse,
    /// παιδί
    Child,
    /// αδελφός, αδελφή
    Sibling,
    /// θεία
    Aunt,
    /// θείος
    Uncle,
    /// γείτονας, γειτόνισσα
    Neighbour,
    /// πελάτης, πελάτισσα (of a professional)
    Client,
    /// anyone else
    Other,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 12] = [
        Self::Mother,
        Self::Father,
        Self::Grandmother,
        Self::Grandfather,
        Self::Spouse,
        Self::Child,
        Self::Sibling,
        Self::Aunt,
        Self::Uncle,
        Self::Neighbour,
        Self::Client,
        Self::Other,
    ];

    /// The name used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Grandmother => "grandmother",
            Self::Grandfather => "grandfather",
            Self::Spouse => "spouse",
            Self::Child => "child",
            Self::Sibling => "sibling",
            Self::Aunt => "aunt",
            Self::Uncle => "uncle",
            Self::Neighbour => "neighbour",
            Self::Client => "client",
            Self::Other => "other",
        }
    }

    /// Reads the name used in JSON and in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}

/// Somebody who joins the appointment beside the citizen (προσκεκλημένος).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guest {
    /// δικηγόρος
    Lawyer,
    /// λογιστής
    Accountant,
    /// μηχανικός
    Engineer,
    /// διερμηνέας νοηματικής
    SignLanguageInterpreter,
    /// διερμηνέας
    Interpreter,
}

impl Guest {
    /// Every kind of guest.
    pub const ALL: [Self; 5] =
        [Self::Lawyer, Self::Accountant, Self::Engineer, Self::SignLanguageInterpreter, Self::Interpreter];

    /// The name used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lawyer => "lawyer",
            Self::Accountant => "accountant",
            Self::Engineer => "engineer",
            Self::SignLanguageInterpreter => "sign_language_interpreter",
            Self::Interpreter => "interpreter",
        }
    }
}

/// A language that an employee serves beside Greek, by ISO 639.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// ελληνική νοηματική γλώσσα (ISO 639-3 `gss`)
    #[serde(rename = "gss")]
    SignLanguage,
    /// αγγλικά
    #[serde(rename = "en")]
    English,
    /// αλβανικά
    #[serde(rename = "sq")]
    Albanian,
    /// ρωσικά
    #[serde(rename = "ru")]
    Russian,
    /// ουκρανικά
    #[serde(rename = "uk")]
    Ukrainian,
    /// αραβικά
    #[serde(rename = "ar")]
    Arabic,
    /// γερμανικά
    #[serde(rename = "de")]
    German,
    /// γαλλικά
    #[serde(rename = "fr")]
    French,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 8] = [
        Self::SignLanguage,
        Self::English,
        Self::Albanian,
        Self::Russian,
        Self::Ukrainian,
        Self::Arabic,
        Self::German,
        Self::French,
    ];

    /// The code used in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignLanguage => "gss",
            Self::English => "en",
            Self::Albanian => "sq",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
            Self::Arabic => "ar",
            Self::German => "de",
            Self::French => "fr",
        }
    }

    /// Reads the code used in JSON and in the database.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == code)
    }
}
