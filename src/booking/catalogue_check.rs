//! Whether a catalogue holds together: every reference exists, every service can really be booked where it is offered.

use std::collections::HashSet;
use std::fmt;

use chrono::{NaiveTime, TimeDelta};

use super::catalogue::{BookingRules, Catalogue, LocalHoliday, Office, OpeningRule, Organisation, Resource, Service};
use super::identity::Phone;
use super::people::Mode;

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

    fn service(&mut self, s: &Service) {
        self.at("service", s.id.as_str());
        let prefix = s.id.as_str().split_once('.').map(|(organisation, _)| organisation);
        if prefix != Some(s.organisation.as_str()) {
            self.report(format!("the id does not begin with \"{}.\"", s.organisation));
        }
        if self.catalogue.organisation(&s.organisation).is_none() {
            self.report(format!("organisation {} does not exist", s.organisation));
        }
        self.named(&[("name", &s.name), ("for_what", &s.for_what), ("description", &s.description)]);
        self.aliases(&s.aliases);
        self.named(
            &s.documents.iter().chain(&s.video_documents).map(|d| ("a document", d.as_str())).collect::<Vec<_>>(),
        );
        self.modes(s);
        self.rules(&s.rules);
        self.require(self.catalogue.offices_offering(&s.id).next().is_some(), "no office offers it");
    }

    fn modes(&mut self, s: &Service) {
        self.require(!s.modes.is_empty(), "it is served in no mode");
        for (index, served) in s.modes.iter().enumerate() {
            let mode = served.mode.as_str();
            if !((5..=240).contains(&served.minutes) && served.minutes % 5 == 0) {
                self.report(format!("{mode} takes {} minutes; 5 to 240 in steps of 5 are possible", served.minutes));
            }
            if s.modes[..index].iter().any(|other| other.mode == served.mode) {
                self.report(format!("mode {mode} is there twice"));
            }
        }
        match (s.served_by(Mode::Video), s.no_video.as_deref()) {
            (true, Some(_)) => self.report("no_video is there although it is served by video"),
            (false, None) => self.report("no_video is missing: say why there is no video and what to do instead"),
            (false, Some(text)) if text.trim().is_empty() => self.report("no_video is empty"),
            _ => {}
        }
    }

    fn rules(&mut self, rules: &BookingRules) {
        self.require((1..=730).contains(&rules.horizon_days), "horizon_days is not between 1 and 730");
        self.require(
            rules.lead_minutes < rules.horizon_days.saturating_mul(24 * 60),
            "lead_minutes exceeds the horizon",
        );
        self.require(rules.limits.per_beneficiary >= 1, "limits.per_beneficiary is 0, so nobody could book");
    }

    fn office(&mut self, o: &Office) {
        self.at("office", o.id.as_str());
        if self.catalogue.organisation(&o.organisation).is_none() {
            self.report(format!("organisation {} does not exist", o.organisation));
        }
        self.named(&[("name", &o.name), ("at", &o.at), ("municipality", &o.municipality), ("address", &o.address)]);
        self.aliases(&o.aliases);
        self.require(Phone::parse(&o.phone).is_ok(), "phone is not a telephone number");
        let (latitude, longitude) = o.position;
        self.require(latitude.abs() <= 90.0 && longitude.abs() <= 180.0, "position is not latitude and longitude");
        if let Some(problem) = o.misplaced() {
            self.report(problem);
        }
        for problem in o.local_holidays.iter().flatten().filter_map(LocalHoliday::problem) {
            self.report(problem);
        }
        self.require(!o.opening.is_empty(), "it never opens");
        for rule in &o.opening {
            self.opening(o, rule);
        }
        self.resources(o);
        self.offered(o);
    }

    fn opening(&mut self, office: &Office, rule: &OpeningRule) {
        let hours = format!("opening {}–{}", rule.from.format("%H:%M"), rule.to.format("%H:%M"));
        self.require(rule.from < rule.to, &format!("{hours}: it ends before it begins"));
        self.require(!rule.days.is_empty(), &format!("{hours}: it has no days"));
        let inside = rule.breaks.iter().all(|b| b.from < b.to && rule.from <= b.from && b.to <= rule.to);
        self.require(inside, &format!("{hours}: a break is not inside it"));
        let mut breaks = rule.breaks.clone();
        breaks.sort_by_key(|b| b.from);
        let apart = breaks.windows(2).all(|pair| pair[0].to <= pair[1].from);
        self.require(apart, &format!("{hours}: two breaks overlap"));
        let ordered = rule.valid_from.zip(rule.valid_to).is_none_or(|(from, to)| from <= to);
        self.require(ordered, &format!("{hours}: valid_to is before valid_from"));
        let step_fits = rule.every_minutes.is_none_or(|m| (5..=240).contains(&m) && m % 5 == 0);
        self.require(step_fits, &format!("{hours}: every_minutes is not 5 to 240 in steps of 5"));
        for service in rule.services.iter().filter(|s| !office.services.contains(s)) {
            self.report(format!("{hours}: service {service} is not offered here"));
        }
    }

    fn resources(&mut self, office: &Office) {
        self.require(!office.resources.is_empty(), "it has no resources");
        for resource in &office.resources {
            self.at("resource", resource.id.as_str());
            self.named(&[("name", &resource.name)]);
            for service in resource.services.iter().filter(|s| !office.services.contains(s)) {
                self.report(format!("service {service} is not offered at its office {}", office.id));
            }
        }
        self.at("office", office.id.as_str());
    }

    fn offered(&mut self, office: &Office) {
        self.require(!office.services.is_empty(), "it offers nothing");
        for id in &office.services {
            match self.catalogue.service(id) {
                None => self.report(format!("service {id} does not exist")),
                Some(service) if service.organisation != office.organisation => {
                    self.report(format!("service {id} belongs to {}", service.organisation));
                }
                Some(service) => self.bookable(office, service),
            }
        }
    }

    /// Every mode of the service finds a resource, and hours long enough for one appointment.
    fn bookable(&mut self, office: &Office, service: &Service) {
        for served in &service.modes {
            let how = format!("{} by {}", service.id, served.mode.as_str());
            let able = |r: &Resource| admits(&r.modes, &served.mode) && admits(&r.services, &service.id);
            if !office.resources.iter().any(able) {
                self.report(format!("no resource serves {how}"));
            }
            let needed = TimeDelta::minutes(served.minutes.into());
            let open = |rule: &&OpeningRule| admits(&rule.modes, &served.mode) && admits(&rule.services, &service.id);
            let longest = office.opening.iter().filter(open).map(longest_stretch).max();
            if longest.is_none_or(|stretch| stretch < needed) {
                self.report(format!("no opening is long enough for {how} ({} minutes)", served.minutes));
            }
        }
    }
}

/// An empty list admits everything.
fn admits<T: PartialEq>(only: &[T], wanted: &T) -> bool {
    only.is_empty() || only.contains(wanted)
}

/// The longest time without a break inside a rule.
fn longest_stretch(rule: &OpeningRule) -> TimeDelta {
    let mut breaks = rule.breaks.clone();
    breaks.sort_by_key(|b| b.from);
    let begins = std::iter::once(rule.from).chain(breaks.iter().map(|b| b.to));
    let ends = breaks.iter().map(|b| b.from).chain(std::iter::once(rule.to));
    begins.zip(ends).map(|(from, to): (NaiveTime, NaiveTime)| to - from).max().unwrap_or_default()
}

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
