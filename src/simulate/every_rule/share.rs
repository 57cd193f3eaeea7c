//! Shares of the day: filled to the last place, then tried by others, and after they were lifted.

use chrono::{NaiveTime, TimeDelta};

use super::probe::served_in;
use super::reading::Asked;
use super::{Rule, Trial};
use crate::booking::catalogue::{Catalogue, Office, Service};
use crate::booking::core::Needs;
use crate::booking::people::Mode;
use crate::booking::refusal::Refusal;
use crate::booking::rule::quota::{BookedBy, Quota};

impl Trial<'_> {
    /// Fills a day through the channel that a quota counts, then through another.
    pub(super) async fn shares(&mut self, catalogue: &Catalogue, office: &Office) -> anyhow::Result<()> {
        let kept = Quota::leaving_walk_in(office.walk_in_percent);
        for quota in office.quotas.iter().chain(&kept) {
            let Some((service, mode)) = served_in(catalogue, office, &quota.modes, &quota.services) else { continue };
            let by_staff = quota.booked_by == Some(BookedBy::Staff);
            let channel = if by_staff { "staff" } else { quota.channels.first().map_or("web", String::as_str) };
            let walk_in = kept.as_ref() == Some(quota);
            let rules: Vec<Rule> =
                if walk_in { vec![Rule::WalkIn] } else { Rule::of_quota(quota).into_iter().collect() };
            let day = self.whole_day(service, office, mode, quota);
            let kept_from = self.fill(&day, channel).await?;
            for rule in rules.iter().filter(|rule| rule.can_refuse()) {
                self.note(*rule, &format!("{} {quota:?} refuses nobody", office.id), false, kept_from.is_some());
            }
            if let (Some(asked), false) = (kept_from, walk_in) {
                let other = match (by_staff, quota.channels.is_empty()) {
                    (true, _) => "web",
                    (false, true) => "staff",
                    (false, false) => "phone",
                };
                let taken = self.take(asked, Needs::default(), other).await;
                let others_too = !quota.channels.is_empty() || quota.booked_by.is_some();
                let rule = rules.iter().find(|rule| rule.can_refuse()).copied().unwrap_or(Rule::QuotaPercent);
                self.note(rule, &format!("{} {other}: {taken:?}", office.id), others_too, taken.is_err());
            }
            if let Some(hours) = quota.lifts_hours_before {
                let day = self.lifted_day((service, office, mode), hours);
                let kept_from = self.fill(&day, channel).await?;
                let what = format!("{} {hours} hours before: {kept_from:?}", office.id);
                self.note(Rule::QuotaLifts, &what, true, kept_from.is_some());
            }
        }
        Ok(())
    }

    /// Every place of the day of which most lies less than so many hours ahead.
    fn lifted_day<'b>(&self, (service, office, mode): (&'b Service, &'b Office, Mode), hours: u32) -> Vec<Asked<'b>> {
        let from = self.now + TimeDelta::minutes(service.rules.lead_minutes.max(30).into());
        let to = self.now + TimeDelta::hours(hours.into());
        let modes = std::iter::once(mode).chain(service.modes.iter().map(|served| served.mode).filter(|o| *o != mode));
        let starts = |mode| self.starts(Asked { service, office, mode, persons: 1, start: self.now }, from, to);
        let open: Vec<Asked<'b>> = modes.flat_map(starts).collect();
        let date = |asked: &Asked<'_>| asked.start.with_timezone(&office.time_zone).date_naive();
        let on = |day| open.iter().filter(|asked| date(asked) == day).count();
        let fullest = open.iter().map(date).max_by_key(|day| on(*day));
        open.iter().filter(|asked| Some(date(asked)) == fullest).copied().collect()
    }

    /// Every place of one whole day, some days ahead, in every mode that the quota counts; the first mode first.
    fn whole_day<'b>(&self, service: &'b Service, office: &'b Office, mode: Mode, quota: &Quota) -> Vec<Asked<'b>> {
        let lead = self.now + TimeDelta::minutes(service.rules.lead_minutes.into());
        let midnight = (lead + TimeDelta::days(9)).date_naive().and_time(NaiveTime::MIN).and_utc();
        let others = service.modes.iter().map(|served| served.mode).filter(|other| *other != mode);
        let modes = std::iter::once(mode).chain(others).filter(|mode| super::rule::admits(&quota.modes, mode));
        let starts = |mode| {
            let at = Asked { service, office, mode, persons: 1, start: self.now };
            let open = self.starts(at, midnight, midnight + TimeDelta::days(7));
            let day = open.first().map(|asked| asked.start.date_naive());
            open.into_iter().filter(move |asked| Some(asked.start.date_naive()) == day)
        };
        modes.flat_map(starts).collect()
    }

    /// Takes all there is of a day through a channel; gives the first place that was kept for others.
    pub(super) async fn fill<'b>(&mut self, day: &[Asked<'b>], channel: &str) -> anyhow::Result<Option<Asked<'b>>> {
        let mut kept = None;
        for asked in day {
            loop {
                match self.take(*asked, Needs::default(), channel).await {
                    Ok(_) => {}
                    Err(Refusal::KeptForOthers) => {
                        kept.get_or_insert(*asked);
                        break;
                    }
                    Err(Refusal::Unavailable(why)) => anyhow::bail!("the core is away: {why}"),
                    Err(_) => break,
                }
            }
        }
        Ok(kept)
    }
}
