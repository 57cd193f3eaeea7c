//! Whether a catalogue holds together: every reference exists, every service can really be booked where it is offered.

use std::collections::HashSet;
use std::fmt;

use super::catalogue::{Catalogue, Organisation};
use super::identity::Phone;

mod hours;
mod office;
mod quota;
mod service;
mod serving;

/// Something in a catalogue that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which kind of part: organisation, service, office or resource.
    pub part: &'static str,
    /// The id of the part.
    pub id: String,
    /// What is wrong with it and what is expected.
    pub message: String,
    /// The line of the document that declares the part, from 1, when the document is at hand.
    pub line: Option<usize>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{} {}: {}", self.part, self.id, self.message)
    }
}

impl Catalogue {
    /// Everything in it that does not hold together; empty when it is sound.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut check = Check { catalogue: self, part: "", id: String::new(), problems: Vec::new() };
        check.unique_ids();
        for organisation in &self.organisations {
            check.organisation(organisation);
        }
        for service in &self.services {
            check.service(service);
        }
        for office in &self.offices {
            check.office(office);
        }
        check.problems
    }
}

/// The walk over a catalogue: where it is, and what it found.
struct Check<'a> {
    catalogue: &'a Catalogue,
    part: &'static str,
    id: String,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn at(&mut self, part: &'static str, id: &str) {
        self.part = part;
        id.clone_into(&mut self.id);
    }

    fn report(&mut self, message: impl Into<String>) {
        self.problems.push(Problem { part: self.part, id: self.id.clone(), message: message.into(), line: None });
    }

    fn require(&mut self, holds: bool, message: &str) {
        if !holds {
            self.report(message);
        }
    }

    fn named(&mut self, texts: &[(&str, &str)]) {
        for (field, text) in texts {
            if text.trim().is_empty() {
                self.report(format!("{field} is empty"));
            }
        }
    }

    fn unique_ids(&mut self) {
        let catalogue = self.catalogue;
        self.unique("organisation", catalogue.organisations.iter().map(|o| o.id.as_str()));
        self.unique("service", catalogue.services.iter().map(|s| s.id.as_str()));
        self.unique("office", catalogue.offices.iter().map(|o| o.id.as_str()));
        let resources = catalogue.offices.iter().flat_map(|o| &o.resources);
        self.unique("resource", resources.map(|r| r.id.as_str()));
    }

    fn unique<'b>(&mut self, part: &'static str, ids: impl Iterator<Item = &'b str>) {
        let mut seen = HashSet::new();
        for id in ids {
            self.at(part, id);
            if !seen.insert(id) {
                self.report("the id is used twice");
            }
            let name = id.split_once('.').filter(|_| part == "service").map_or(id, |(_, name)| name);
            self.require(is_kebab(name), "the id is not lower-case ASCII letters and digits joined by hyphens");
        }
    }

    fn organisation(&mut self, o: &Organisation) {
        self.at("organisation", o.id.as_str());
        self.named(&[
            ("name", &o.name),
            ("title", &o.title),
            ("at", &o.at),
            ("which_office", &o.which_office),
            ("platform", &o.platform),
        ]);
        self.aliases(&o.aliases);
        let short_code = (3..=5).contains(&o.phone.len()) && o.phone.bytes().all(|b| b.is_ascii_digit());
        self.require(short_code || Phone::parse(&o.phone).is_ok(), "phone is neither a number nor a short code");
        self.require(o.url.starts_with("https://") || o.url.starts_with("http://"), "url is not an address");
    }

    fn aliases(&mut self, aliases: &[String]) {
        self.require(aliases.iter().all(|a| !a.trim().is_empty()), "an alias is empty");
    }
}

/// Whether it is lower-case ASCII letters and digits joined by hyphens.
fn is_kebab(id: &str) -> bool {
    !id.is_empty()
        && id
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = include_str!("../../tests/catalogue/sound.yaml");
    const BROKEN: &str = include_str!("../../tests/catalogue/broken.tsv");

    #[test]
    fn the_bundled_catalogue_holds_together() {
        let problems = Catalogue::bundled().check();
        assert!(problems.is_empty(), "{}", problems.iter().map(|p| format!("{p}\n")).collect::<String>());
    }

    #[test]
    fn a_sound_document_is_taken_as_yaml_and_as_json() {
        let catalogue = Catalogue::parse(SOUND).expect("sound");
        let json = serde_json::to_string_pretty(&catalogue).expect("serializes");
        assert_eq!(Catalogue::parse(&json).expect("the same as JSON"), catalogue);
    }

    #[test]
    fn every_kind_of_mistake_is_named_with_its_line() {
        let mut wrong = Vec::new();
        for row in BROKEN.lines().filter(|l| !l.starts_with('#')) {
            let fields: Vec<_> = row.split('\t').map(|f| f.replace("\\n", "\n")).collect();
            let [old, new, expected] = fields.as_slice() else { panic!("three fields: {row}") };
            assert!(SOUND.contains(old.as_str()), "nothing to change: {row}");
            let said = Catalogue::parse(&SOUND.replace(old, new)).map_or_else(|e| e.to_string(), |_| "nothing".into());
            if !said.lines().any(|line| line.starts_with(expected.as_str())) {
                wrong.push(format!("{row}\n  said: {said}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_rule_is_written_as_the_handbook_shows_it() {
        let handbook = include_str!("../../docs/OPERATIONS.md");
        let examples: Vec<&str> = handbook.split("```yaml\n").skip(1).filter_map(|e| e.split("```").next()).collect();
        assert!(examples.len() >= 15, "{} examples", examples.len());
        for example in examples {
            let mut catalogue: serde_json::Value = serde_saphyr::from_str(SOUND).expect("sound");
            let part = match example.lines().next() {
                Some("# of a service") => &mut catalogue["services"][0],
                Some("# of an office") => &mut catalogue["offices"][0],
                Some("# of a resource") => &mut catalogue["offices"][0]["resources"][1],
                other => panic!("an example begins by saying of what it is a part: {other:?}"),
            };
            let shown: serde_json::Value = serde_saphyr::from_str(example).expect("YAML");
            for (key, value) in shown.as_object().expect("keys") {
                part[key] = value.clone();
            }
            let read = Catalogue::parse(&catalogue.to_string());
            assert!(read.is_ok(), "{example}{}", read.err().map(|e| e.to_string()).unwrap_or_default());
        }
    }

    #[test]
    fn the_public_names_of_the_catalogue_are_there() {
        let catalogue = Catalogue::bundled();
        for id in include_str!("../../tests/catalogue/service_ids.txt").lines() {
            assert!(catalogue.service(&id.into()).is_some(), "service {id}");
        }
        for name in include_str!("../../tests/catalogue/office_names.txt").lines() {
            assert!(catalogue.offices.iter().any(|o| o.name == name), "office {name}");
        }
    }
}
