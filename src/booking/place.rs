//! Where offices lie: the municipalities of the country (δήμοι), their local holidays, and how far an office is.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::bundled::{CatalogueError, line_of, read};
use super::catalogue::{LocalHoliday, Office};
use crate::assets::{MunicipalityFiles, texts};
use crate::clock::ATHENS;
use crate::greek::fold;

/// Latitude and longitude, degrees (WGS 84).
pub type Position = (f64, f64);

/// A municipality (δήμος).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Municipality {
    /// As people write it, nominative: «Αθήνα», «Χανιά».
    pub name: String,
    /// What follows «Δήμος» in its official name, genitive: «Αθηναίων».
    pub of: String,
    /// The town in which its town hall stands, where that has another name: «Γιαννιτσά» for «Πέλλα».
    #[serde(default)]
    pub seat: Option<String>,
    /// What else people call it, or a well-known part of it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Towns, villages and districts in it, nominative, whose names no other place has.
    #[serde(default)]
    pub settlements: Vec<String>,
    /// Towns, villages and districts in it, nominative, whose names others of other municipalities have too.
    #[serde(default)]
    pub namesakes: Vec<String>,
    /// The regional unit (περιφερειακή ενότητα), genitive: «Χανίων».
    #[serde(skip)]
    pub regional_unit: String,
    /// What people call the land around, nominative: «Κρήτη».
    #[serde(skip)]
    pub lands: Vec<String>,
    /// Where its seat lies, to about two kilometres.
    pub position: Position,
    /// The yearly days on which public services are shut there; empty where they are not known for certain.
    #[serde(default)]
    pub local_holidays: Vec<LocalHoliday>,
}

impl Municipality {
    /// «Δήμος Χανίων»
    #[must_use]
    pub fn official_name(&self) -> String {
        format!("Δήμος {}", self.of)
    }

    /// The larger places that people put behind the name of a settlement in it: «Φαληράκι Ρόδου», «Άγιος Νικόλαος Κρήτης».
    pub fn larger_places(&self) -> impl Iterator<Item = &str> {
        let own = [&self.name, &self.of, &self.regional_unit];
        own.into_iter().chain(&self.seat).chain(&self.lands).map(String::as_str)
    }

    /// Everything it is called, its own name first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.seat.iter().chain(&self.aliases);
        [&self.name, &self.of].into_iter().chain(others).map(String::as_str)
    }
}

/// The municipalities of the country.
#[derive(Debug, Default)]
pub struct Municipalities {
    all: Vec<Municipality>,
    /// By the name as it is written.
    by_name: HashMap<String, usize>,
    /// By every name, folded.
    by_form: HashMap<String, usize>,
    /// Those in which there is a settlement of the name, folded.
    by_settlement: HashMap<String, Vec<usize>>,
}

/// What does not hold in the files of the municipalities.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct PlaceProblem {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when not known.
    pub line: u64,
    /// What is wrong there.
    pub message: String,
}

/// One region's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionFile {
    /// As in [`Municipality::lands`].
    #[serde(default)]
    lands: Vec<String>,
    units: Vec<RegionalUnit>,
}

/// A regional unit (περιφερειακή ενότητα).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionalUnit {
    name: String,
    municipalities: Vec<Municipality>,
}

impl Municipalities {
    /// Those carried inside the binary (`data/municipalities/`, one file a region).
    ///
    /// # Panics
    /// When a carried file does not read, which the build's own tests would show.
    #[must_use]
    pub fn bundled() -> &'static Self {
        static BUNDLED: LazyLock<Municipalities> = LazyLock::new(|| {
            let mut files = texts::<MunicipalityFiles>("", ".yaml");
            files.iter_mut().for_each(|(path, _)| path.insert_str(0, "data/municipalities/"));
            Municipalities::parse(&files).unwrap_or_else(|problems| panic!("{}", problems[0]))
        });
        &BUNDLED
    }

    /// Reads files, given as path and text, and checks them.
    ///
    /// # Errors
    /// Every problem with its file and line.
    pub fn parse(files: &[(String, String)]) -> Result<Self, Vec<PlaceProblem>> {
        let mut places = Self::default();
        let mut problems = Vec::new();
        for (file, text) in files {
            match read::<RegionFile>(text) {
                Ok(region) => places.take(region, file, text, &mut problems),
                Err(error) => problems.push(unreadable(file, error)),
            }
        }
        problems.extend(places.misnamed_settlements(files));
        if problems.is_empty() { Ok(places) } else { Err(problems) }
    }

    /// All of them, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Municipality> {
        self.all.iter()
    }

    /// The municipality whose name is written exactly so.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Municipality> {
        self.by_name.get(name).map(|at| &self.all[*at])
    }

    /// The municipality that is meant by a name in any letters, with or without accents, «Δήμος» or a preposition: «Χανιά»,
    /// «ΔΗΜΟΣ ΧΑΝΙΩΝ», «στον Δήμο Χανίων», «στα Γιαννιτσά».
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&Municipality> {
        self.by_form.get(&form(text)).map(|at| &self.all[*at])
    }

    /// The municipalities in which there is a settlement of this name, in any letters; more than one where several are called
    /// so. What a municipality itself is called is no settlement.
    pub fn with_settlement(&self, name: &str) -> impl Iterator<Item = &Municipality> {
        self.by_settlement.get(&form(name)).into_iter().flatten().map(|at| &self.all[*at])
    }

    /// Names of settlements that are not what their list says: taken by a municipality, not the only one, or the only one.
    fn misnamed_settlements(&self, files: &[(String, String)]) -> Vec<PlaceProblem> {
        let mut problems = Vec::new();
        for municipality in &self.all {
            let unique = municipality.settlements.iter().map(|name| (name, true));
            for (name, is_unique) in unique.chain(municipality.namesakes.iter().map(|name| (name, false))) {
                let owners = self.by_settlement.get(&form(name)).map_or(0, Vec::len);
                let wrong = match self.by_form.get(&form(name)) {
                    Some(owner) => format!("is also what {} is called", self.all[*owner].name),
                    None if is_unique && owners != 1 => "is there more than once: it belongs into namesakes".to_owned(),
                    None if !is_unique && owners < 2 => "has no namesake: it belongs into settlements".to_owned(),
                    None => continue,
                };
                let message = format!("{}: the settlement «{name}» {wrong}", municipality.name);
                problems.push(placed(files, &municipality.name, message));
            }
        }
        problems
    }

    fn take(&mut self, region: RegionFile, file: &str, text: &str, problems: &mut Vec<PlaceProblem>) {
        for unit in region.units {
            for mut municipality in unit.municipalities {
                municipality.regional_unit.clone_from(&unit.name);
                municipality.lands.clone_from(&region.lands);
                let line = line_of(text, "name", &municipality.name).unwrap_or(0) as u64;
                let problem = |message| PlaceProblem { file: file.to_owned(), line, message };
                problems.extend(municipality.problems().into_iter().map(problem));
                problems.extend(self.add(municipality).into_iter().map(problem));
            }
        }
    }

    /// Adds one; says which of its names are taken.
    fn add(&mut self, municipality: Municipality) -> Vec<String> {
        let (name, at) = (municipality.name.clone(), self.all.len());
        let mut taken = Vec::new();
        for other_name in municipality.names() {
            let owner = *self.by_form.entry(form(other_name)).or_insert(at);
            if owner != at {
                taken.push(format!("{name}: «{other_name}» is also what {} is called", self.all[owner].name));
            }
        }
        for settlement in municipality.settlements.iter().chain(&municipality.namesakes) {
            self.by_settlement.entry(form(settlement)).or_default().push(at);
        }
        self.by_name.insert(name, at);
        self.all.push(municipality);
        taken
    }
}

impl Municipality {
    fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.names().any(|name| form(name).is_empty()) {
            found.push("a name is empty");
        }
        let (latitude, longitude) = self.position;
        // From Gavdos to the Evros, and from Othonoi to Kastellorizo.
        if !((34.7..=41.8).contains(&latitude) && (19.3..=29.7).contains(&longitude)) {
            found.push("position is not latitude and longitude in Greece");
        }
        found.extend(self.local_holidays.iter().filter_map(LocalHoliday::problem));
        found.into_iter().map(|message| format!("{}: {message}", self.name)).collect()
    }
}

/// Words that may stand before the name of a place.
const BEFORE: [&str; 14] =
    ["στον", "στο", "στη", "στην", "στα", "στισ", "στουσ", "δημοσ", "δημο", "δημου", "του", "τησ", "τον", "των"];

/// A name as it is looked up: folded words, without what may stand before it.
fn form(name: &str) -> String {
    let words: Vec<String> =
        fold::tokens(name).into_iter().map(|token| token.text).filter(|word| word != "-").collect();
    let first = words.iter().position(|word| !BEFORE.contains(&word.as_str())).unwrap_or(words.len());
    words[first..].join(" ")
}

/// A problem of a municipality, with the file and the line in which it stands.
fn placed(files: &[(String, String)], municipality: &str, message: String) -> PlaceProblem {
    let line = |(file, text): &(String, String)| Some((file.clone(), line_of(text, "name", municipality)? as u64));
    let (file, line) = files.iter().find_map(line).unwrap_or_default();
    PlaceProblem { file, line, message }
}

fn unreadable(file: &str, error: CatalogueError) -> PlaceProblem {
    let (line, message) = match error {
        CatalogueError::Syntax { line, message, .. } => (line, message),
        other => (0, other.to_string()),
    };
    PlaceProblem { file: file.to_owned(), line, message }
}

impl Office {
    /// Whether it lies outside the country: then it keeps the clock of the place, and no municipality is known for it.
    #[must_use]
    pub fn is_abroad(&self) -> bool {
        self.time_zone != ATHENS
    }

    /// The municipality it lies in; `None` abroad.
    #[must_use]
    pub fn in_municipality(&self) -> Option<&'static Municipality> {
        if self.is_abroad() { None } else { Municipalities::bundled().named(&self.municipality) }
    }

    /// The yearly days on which only this office is shut: its own where it has a list, or those of its municipality.
    #[must_use]
    pub fn local_holidays(&self) -> &[LocalHoliday] {
        match &self.local_holidays {
            Some(own) => own,
            None => self.in_municipality().map_or(&[], |municipality| &municipality.local_holidays),
        }
    }

    /// Why its municipality cannot stand as it is written, if so.
    #[must_use]
    pub fn misplaced(&self) -> Option<String> {
        let written = &self.municipality;
        if self.is_abroad() || written.trim().is_empty() || self.in_municipality().is_some() {
            return None;
        }
        Some(match Municipalities::bundled().find(written) {
            Some(meant) => format!("municipality {written} is written {}", meant.name),
            None => format!("municipality {written} is not known (an office abroad has a time_zone of its own)"),
        })
    }
}

/// An office and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearby<'a> {
    /// The office.
    pub office: &'a Office,
    /// How far from the seat of the municipality, as the crow flies, kilometres.
    pub kilometres: f64,
}

/// Offices by distance from a municipality: those inside it first, then the nearest; at the same distance by id.
#[must_use]
pub fn nearest<'a>(from: &Municipality, offices: impl IntoIterator<Item = &'a Office>) -> Vec<Nearby<'a>> {
    let measured = |office: &'a Office| Nearby { office, kilometres: distance_km(from.position, office.position) };
    let mut nearby: Vec<_> = offices.into_iter().map(measured).collect();
    let outside = |n: &Nearby<'_>| n.office.is_abroad() || n.office.municipality != from.name;
    nearby.sort_by(|a, b| {
        let distance = a.kilometres.total_cmp(&b.kilometres);
        outside(a).cmp(&outside(b)).then(distance).then_with(|| a.office.id.cmp(&b.office.id))
    });
    nearby
}

/// The mean radius of the Earth (IUGG), kilometres.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// How far two places are from one another along the surface of the Earth, kilometres: the haversine formula
/// (R. W. Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984), right to half a percent.
#[must_use]
pub fn distance_km(a: Position, b: Position) -> f64 {
    let half_sine_squared = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let along = half_sine_squared(a.0, b.0);
    let across = half_sine_squared(a.1, b.1) * a.0.to_radians().cos() * b.0.to_radians().cos();
    2.0 * EARTH_RADIUS_KM * (along + across).min(1.0).sqrt().asin()
}

#[cfg(test)]
mod tests;
