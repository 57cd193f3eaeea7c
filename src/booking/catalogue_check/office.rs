//! What an office says of itself, and its desks and employees.

use super::Check;
use crate::booking::catalogue::{LocalHoliday, Office, Resource, ResourceKind};
use crate::booking::identity::Phone;

impl Check<'_> {
    pub(super) fn office(&mut self, o: &Office) {
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
        for day in &o.special_days {
            self.special_day(o, day);
        }
        self.quotas(o);
        self.resources(o);
        self.offered(o);
    }

    fn resources(&mut self, office: &Office) {
        self.require(!office.resources.is_empty(), "it has no resources");
        let shown = |r: &Resource| r.kind == ResourceKind::Employee && !r.hidden;
        let choice = !office.choose_employee || office.resources.iter().any(shown);
        self.require(choice, "choose_employee is set, but no employee is shown");
        for resource in &office.resources {
            self.at("resource", resource.id.as_str());
            self.resource(office, resource);
        }
        self.at("office", office.id.as_str());
    }

    fn resource(&mut self, office: &Office, resource: &Resource) {
        self.named(&[("name", &resource.name)]);
        self.buffer(&resource.buffer);
        self.skills(&resource.skills);
        let once =
            (1..).zip(&resource.languages).all(|(next, language)| !resource.languages[next..].contains(language));
        self.require(once, "a language is there twice");
        for service in resource.services.iter().filter(|s| !office.services.contains(s)) {
            self.report(format!("service {service} is not offered at its office {}", office.id));
        }
    }
}
