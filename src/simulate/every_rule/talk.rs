//! One conversation through the real dialog for each service at each office in each mode.

use anyhow::Context;
use chrono::TimeDelta;
use futures::StreamExt;

use super::reading::{Asked, Row, free_desks};
use super::{Trial, rule};
use crate::booking::catalogue::{Office, Service};
use crate::booking::core::Needs;
use crate::booking::people::Mode;
use crate::simulate::goal::{Goal, Plan};
use crate::simulate::judge::judge;
use crate::simulate::left;
use crate::simulate::noise::Noise;
use crate::simulate::session::{Played, play_booking};

impl Trial<'_> {
    /// Lets them talk, and keeps what they booked.
    pub(super) async fn talk(&mut self, on_done: impl Fn()) -> anyhow::Result<()> {
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let wanted: Vec<(&Service, &Office, Mode)> =
            rule::offers(&catalogue).step_by(self.options.every.max(1)).collect();
        self.report.conversations = wanted.len();
        // Each talk has two telephones of its own, also where somebody comes a second time.
        self.next_person = 4 * wanted.len();
        let talks = futures::stream::iter(wanted.iter().enumerate()).map(|(index, wanted)| {
            let talk = self.play(index, wanted);
            tokio::spawn(talk)
        });
        let mut talks = talks.buffered(self.options.concurrency.max(1));
        let mut all = Vec::with_capacity(wanted.len());
        while let Some(talk) = talks.next().await {
            all.push(talk.context("a conversation was broken off")??);
            on_done();
        }
        drop(talks);
        let rows = crate::simulate::rows(self.app).await?;
        all.iter().flatten().for_each(|played| self.keep_rows(played, &rows));
        for (index, (wanted, played)) in wanted.iter().zip(all).enumerate() {
            let Some(played) = played else {
                self.nothing_free(wanted);
                continue;
            };
            if !self.others_were_quicker(wanted, &played) {
                self.tell(&played, &rows);
                continue;
            }
            // The time that was wished for is gone; now that the others are away there is another wish.
            self.report.came_again += 1;
            let Some(again) = self.play(self.report.conversations + index, wanted).await? else {
                self.nothing_free(wanted);
                continue;
            };
            let rows = crate::simulate::rows(self.app).await?;
            self.keep_rows(&again, &rows);
            self.tell(&again, &rows);
        }
        Ok(())
    }

    fn play(
        &self,
        index: usize,
        (service, office, mode): &(&Service, &Office, Mode),
    ) -> impl Future<Output = anyhow::Result<Option<Played>>> + use<> {
        let (app, people, wording) = (self.app.clone(), self.people.clone(), self.wording.clone());
        let (place, seed) = ((service.id.clone(), office.id.clone(), *mode), self.options.seed);
        async move { play_booking(&app, &people, &wording, (seed, Noise::Clean), index, place).await }
    }

    /// Whether somebody went without an appointment because all that fits the wish was booked by others meanwhile.
    fn others_were_quicker(&self, (service, office, mode): &(&Service, &Office, Mode), played: &Played) -> bool {
        let Goal::Book(_, plan) = &played.goal else { return false };
        let mode = if played.told_no_video { Mode::InPerson } else { *mode };
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let until = self.now + TimeDelta::days(i64::from(service.rules.horizon_days).min(30));
        let mut fitting = self.starts(at, self.now, until);
        fitting.retain(|asked| asked.forbidden(self.now).is_none());
        fitting.retain(|asked| plan.wish.fits(crate::clock::to_athens(asked.start), played.today));
        let gone = |asked: &Asked<'_>| free_desks(&self.catalogue, *asked, &self.rows).is_empty();
        played.booked.is_empty() && !fitting.is_empty() && fitting.iter().all(gone)
    }

    /// What came of a talk.
    fn tell(&mut self, played: &Played, rows: &crate::simulate::Rows) {
        let verdict = judge(&self.catalogue, &left(played, rows, false));
        if verdict.wrong > 0 {
            self.report.wrong.push(format!("talk {}: {}", played.index, verdict.reason.clone().unwrap_or_default()));
        }
        if verdict.succeeded() {
            self.report.booked_by_talking += 1;
        } else if let Goal::Book(_, Plan { service, mode, place, .. }) = &played.goal {
            let reason = verdict.reason.unwrap_or_default();
            self.report.failed.push(format!("{service} {} {place:?}: {reason}", mode.as_str()));
            let text = format!("{reason}\n{:#?}\n\n{}\n", played.goal, played.transcript.join("\n"));
            self.report.transcripts.push((played.index, text));
        }
    }

    fn keep_rows(&mut self, played: &Played, rows: &crate::simulate::Rows) {
        for row in played.booked.iter().filter_map(|(reference, _)| rows.get(reference)) {
            let (appointment, needs, channel) = (row.clone(), Needs::default(), "web".to_owned());
            self.rows.push(Row { appointment, needs, channel, staff: false, waited: false });
        }
    }

    /// Nobody talked, because the core had nothing free: was there really nothing?
    fn nothing_free(&mut self, &(service, office, mode): &(&Service, &Office, Mode)) {
        self.report.nothing_to_have += 1;
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let until = self.now + TimeDelta::days(i64::from(service.rules.horizon_days).min(30));
        let had = self.starts(at, self.now, until).into_iter().find(|asked| asked.forbidden(self.now).is_none());
        let what = format!("{} {} {}: {had:?}", service.id, office.id, mode.as_str());
        self.note(super::Rule::Hours, &what, had.is_some(), true);
    }
}
