//! One conversation through the real dialog for each service at each office in each mode.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::TimeDelta;
use futures::StreamExt;

use super::reading::{Asked, Row};
use super::{Trial, rule};
use crate::booking::catalogue::{Office, Service};
use crate::booking::core::Needs;
use crate::booking::id::OfficeId;
use crate::booking::people::Mode;
use crate::greek::noise::Noise;
use crate::simulate::goal::{Goal, Plan};
use crate::simulate::judge::judge;
use crate::simulate::left;
use crate::simulate::session::{Played, play_booking};

impl Trial<'_> {
    /// Lets them talk, and keeps what they booked.
    pub(super) async fn talk(&mut self, on_done: impl Fn()) -> anyhow::Result<()> {
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let wanted: Vec<(&Service, &Office, Mode)> =
            rule::offers(&catalogue).step_by(self.options.every.max(1)).collect();
        self.report.conversations = wanted.len();
        self.next_person = 2 * wanted.len();
        let mut offices: BTreeMap<&OfficeId, Vec<usize>> = BTreeMap::new();
        for (index, (_, office, _)) in wanted.iter().enumerate() {
            offices.entry(&office.id).or_default().push(index);
        }
        // One after another at each office: nobody is to lose the time wished for to somebody else of this run.
        let talks = futures::stream::iter(offices.into_values()).map(|indices| {
            let (app, people, wording) = (self.app.clone(), self.people.clone(), self.wording.clone());
            let place = |index: usize| (wanted[index].0.id.clone(), wanted[index].1.id.clone(), wanted[index].2);
            let places: Vec<_> = indices.into_iter().map(|index| (index, place(index))).collect();
            let how = (self.options.seed, Noise::Clean);
            tokio::spawn(async move {
                let mut played = Vec::with_capacity(places.len());
                for (index, place) in places {
                    played.push((index, play_booking(&app, &people, &wording, how, index, place).await?));
                }
                anyhow::Ok(played)
            })
        });
        let mut talks = talks.buffered(self.options.concurrency.max(1));
        let mut all: BTreeMap<usize, Option<Played>> = BTreeMap::new();
        while let Some(talk) = talks.next().await {
            let played = talk.context("a conversation was broken off")??;
            played.iter().for_each(|_| on_done());
            all.extend(played);
        }
        drop(talks);
        let rows = crate::simulate::rows(self.app).await?;
        for ((service, office, mode), played) in wanted.into_iter().zip(all.into_values()) {
            match played {
                Some(played) => self.keep(&played, &rows),
                None => self.nothing_free(service, office, mode),
            }
        }
        Ok(())
    }

    fn keep(&mut self, played: &Played, rows: &crate::simulate::Rows) {
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
        for row in played.booked.iter().filter_map(|(reference, _)| rows.get(reference)) {
            let (appointment, needs, channel) = (row.clone(), Needs::default(), "web".to_owned());
            self.rows.push(Row { appointment, needs, channel, staff: false, waited: false });
        }
    }

    /// Nobody talked, because the core had nothing free: was there really nothing?
    fn nothing_free(&mut self, service: &Service, office: &Office, mode: Mode) {
        self.report.nothing_to_have += 1;
        let at = Asked { service, office, mode, persons: 1, start: self.now };
        let until = self.now + TimeDelta::days(i64::from(service.rules.horizon_days).min(30));
        let had = self.starts(at, self.now, until).into_iter().find(|asked| asked.forbidden(self.now).is_none());
        let what = format!("{} {} {}: {had:?}", service.id, office.id, mode.as_str());
        self.note(super::Rule::Hours, &what, had.is_some(), true);
    }
}
