//! Whether what an office offers can really be booked there: somebody serves it, in hours that are long enough.

use chrono::TimeDelta;

use super::Check;
use super::hours::longest_stretch;
use crate::booking::catalogue::{Office, OpeningRule, Resource, ServedBy, Service};
use crate::booking::people::Mode;

impl Check<'_> {
    pub(super) fn offered(&mut self, office: &Office) {
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

    /// Every mode of the service finds resources that can serve it, and hours long enough for it.
    fn bookable(&mut self, office: &Office, service: &Service) {
        for served in &service.modes {
            let how = format!("{} by {}", service.id, served.mode.as_str());
            self.served(office, service, served.mode, &how);
            self.hours_suffice(office, service, *served, &how);
            self.claim(office, service, *served, &how);
        }
    }

    fn served(&mut self, office: &Office, service: &Service, mode: Mode, how: &str) {
        let willing: Vec<&Resource> = office.resources.iter().filter(|r| willing(r, service, mode)).collect();
        if willing.is_empty() {
            return self.report(format!("no resource serves {how}"));
        }
        let able = willing.iter().filter(|r| service.skills.iter().all(|skill| r.skills.contains(skill))).count();
        if able == 0 {
            return self.report(format!("nobody who serves {how} can do {}", service.skills.join(", ")));
        }
        let needed = service.rules.party.desks(service.rules.party.most) as usize;
        if able < needed {
            self.report(format!("{able} serve {how}, but a party of {needed} needs a desk each"));
        }
    }

    fn hours_suffice(&mut self, office: &Office, service: &Service, served: ServedBy, how: &str) {
        let open = |rule: &&OpeningRule| admits(&rule.modes, &served.mode) && admits(&rule.services, &service.id);
        let longest = office.opening.iter().filter(open).map(longest_stretch).max();
        let holds = |minutes: u32| longest.is_some_and(|stretch| stretch >= TimeDelta::minutes(minutes.into()));
        let party = service.rules.party;
        let most = party.minutes(served.minutes, party.most);
        if !holds(served.minutes) {
            self.report(format!("no opening is long enough for {how} ({} minutes)", served.minutes));
        } else if !holds(most) {
            self.report(format!("no opening is long enough for {how} with {} persons ({most} minutes)", party.most));
        }
    }

    /// What one appointment takes of its resource is kept in one piece, of a day at the most.
    fn claim(&mut self, office: &Office, service: &Service, served: ServedBy, how: &str) {
        let party = service.rules.party;
        let serving = party.minutes(served.minutes, party.most);
        let resources = office.resources.iter().filter(|r| willing(r, service, served.mode));
        let buffers = resources.map(|r| r.buffer.and(service.rules.buffer));
        let around = buffers.map(|b| b.before_minutes.saturating_add(b.after_minutes)).max().unwrap_or_default();
        let whole = serving.saturating_add(around);
        if whole > 24 * 60 {
            self.report(format!("{how} takes {whole} minutes with its buffers; a day is the most"));
        }
    }
}

/// Whether a resource takes this service in this mode, whatever its skills.
fn willing(resource: &Resource, service: &Service, mode: Mode) -> bool {
    admits(&resource.modes, &mode) && admits(&resource.services, &service.id)
}

/// An empty list admits everything.
fn admits<T: PartialEq>(only: &[T], wanted: &T) -> bool {
    only.is_empty() || only.contains(wanted)
}
