//! What a service says of itself: names, modes, and the rules by which it is booked.

use super::Check;
use crate::booking::catalogue::{BookingRules, Service};
use crate::booking::people::Mode;
use crate::booking::rule::buffer::Buffer;
use crate::booking::rule::cooldown::Cooldown;
use crate::booking::rule::limit::Limits;
use crate::booking::rule::party::{Party, Share};
use crate::booking::rule::release::Release;

/// The longest time around an appointment, minutes, before it and after it.
const LONGEST_BUFFER: u32 = 120;
/// The most that one more person may need, minutes.
const LONGEST_SHARE: u32 = 120;
/// A day, minutes.
const DAY: u32 = 24 * 60;

impl Check<'_> {
    pub(super) fn service(&mut self, s: &Service) {
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
        self.skills(&s.skills);
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
        self.require(rules.lead_minutes < rules.horizon_days.saturating_mul(DAY), "lead_minutes exceeds the horizon");
        self.limits(&rules.limits);
        self.buffer(&rules.buffer);
        self.party(&rules.party);
        self.cooldown(&rules.cooldown);
        let exists = !matches!(rules.release, Release::Monthly { on, .. } if !(1..=28).contains(&on));
        self.require(exists, "release.monthly.on is not a day from 1 to 28, which every month has");
        self.require((1..=52).contains(&rules.series_most), "series_most is not between 1 and 52");
    }

    fn limits(&mut self, limits: &Limits) {
        self.require(limits.per_beneficiary >= 1, "limits.per_beneficiary is 0, so nobody could book");
        self.require(limits.per_client != Some(0), "limits.per_client is 0, so no professional could book");
        self.require(limits.per_requester != Some(0), "limits.per_requester is 0, so nobody could book");
    }

    /// Of a service or of a resource.
    pub(super) fn buffer(&mut self, buffer: &Buffer) {
        let short = buffer.before_minutes <= LONGEST_BUFFER && buffer.after_minutes <= LONGEST_BUFFER;
        self.require(short, "buffer is longer than 120 minutes");
    }

    fn party(&mut self, party: &Party) {
        self.require((1..=20).contains(&party.most), "party.most is not between 1 and 20");
        let short = !matches!(party.each, Share::Minutes(more) if more > LONGEST_SHARE);
        self.require(short, "party.each.minutes is more than 120");
    }

    fn cooldown(&mut self, cooldown: &Cooldown) {
        self.require(cooldown.to_minutes <= DAY, "cooldown.to_minutes is more than 1440");
        let ordered = cooldown.to_minutes == 0 || cooldown.from_minutes <= cooldown.to_minutes;
        self.require(ordered, "cooldown.from_minutes is more than cooldown.to_minutes");
    }

    /// Of a service or of a resource.
    pub(super) fn skills(&mut self, skills: &[String]) {
        for (index, skill) in skills.iter().enumerate() {
            if !super::is_kebab(skill) {
                self.report(format!("skill \"{skill}\" is not lower-case ASCII letters and digits joined by hyphens"));
            }
            if skills[..index].contains(skill) {
                self.report(format!("skill \"{skill}\" is there twice"));
            }
        }
    }
}
