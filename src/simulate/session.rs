//! One conversation from the greeting to the end.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::Options;
use super::citizen::Citizen;
use super::goal::{Decoy, Drawer, Goal};
use super::people::{Gender, People};
use super::wording::Wording;
use crate::app::App;
use crate::booking::id::{OfficeId, ServiceId};
use crate::booking::people::Mode;
use crate::booking::reference::Reference;
use crate::channel::turn::{Channel, Event, Inbound, Outbound};
use crate::greek::noise::Noise;

/// More turns than any goal takes.
const MOST_TURNS: usize = 40;

/// A conversation that is over.
#[derive(Debug, Clone)]
pub struct Played {
    /// The number of the citizen.
    pub index: usize,
    /// What was wanted.
    pub goal: Goal,
    /// The day on which the wish was made.
    pub today: chrono::NaiveDate,
    /// What was booked, each with whether the citizen had said yes just before.
    pub booked: Vec<(Reference, bool)>,
    /// Whether every cancellation and move came right after a yes.
    pub changes_agreed: bool,
    /// What happened for good.
    pub events: Vec<Event>,
    /// Whether it was said, before anything was booked, that there is no video.
    pub told_no_video: bool,
    /// The earliest time that was ever offered.
    pub earliest_offered: Option<chrono::NaiveDateTime>,
    /// Turns of the citizen until the goal was reached, or all of them.
    pub turns: usize,
    /// Why the citizen left, if not content.
    pub gave_up: Option<String>,
    /// All that was said, a line each.
    pub transcript: Vec<String>,
}

/// Plays the conversation of the citizen with this number.
///
/// # Errors
/// When the application fails in a way that no citizen can cause.
pub async fn play(
    app: &App,
    people: &People,
    wording: &Wording,
    options: &Options,
    index: usize,
) -> anyhow::Result<Played> {
    let mut rng = rng(options.seed, index);
    let drawer = Drawer { catalogue: app.catalogue.get(), app, people, wording, index };
    let drawn = drawer.draw(&mut rng).await?;
    converse(app, people, wording, (rng, options.noise), index, drawn).await
}

async fn converse(
    app: &App,
    people: &People,
    wording: &Wording,
    (rng, noise): (StdRng, Noise),
    index: usize,
    (goal, decoy): (Goal, Decoy),
) -> anyhow::Result<Played> {
    let gender = match &goal {
        Goal::Book(_, plan) => plan.beneficiary.gender,
        _ => Gender::Woman,
    };
    let stranger = people.person(index * 3 + 2, gender);
    let mut citizen = Citizen::new(app, wording, rng, (goal.clone(), decoy, stranger), noise);
    let mut played = Played {
        index,
        goal,
        today: crate::clock::to_athens(app.clock.now()).date(),
        booked: Vec::new(),
        changes_agreed: true,
        events: Vec::new(),
        told_no_video: false,
        earliest_offered: None,
        turns: 0,
        gave_up: None,
        transcript: Vec::new(),
    };
    talk(app, &mut citizen, &mut played).await?;
    played.earliest_offered = citizen.earliest_offered;
    played.gave_up = citizen.gave_up.take();
    Ok(played)
}

/// Plays the conversation of a citizen who wants this service at this office in this mode; nothing where nothing is free.
///
/// # Errors
/// As [`play`].
pub async fn play_booking(
    app: &App,
    people: &People,
    wording: &Wording,
    (seed, noise): (u64, Noise),
    index: usize,
    place: (ServiceId, OfficeId, Mode),
) -> anyhow::Result<Option<Played>> {
    let mut rng = rng(seed, index);
    let drawer = Drawer { catalogue: app.catalogue.get(), app, people, wording, index };
    let Some((goal, decoy)) = drawer.draw_booking(&mut rng, place).await? else { return Ok(None) };
    Ok(Some(converse(app, people, wording, (rng, noise), index, (goal, decoy)).await?))
}

fn rng(seed: u64, index: usize) -> StdRng {
    StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(index as u64))
}

async fn talk(app: &App, citizen: &mut Citizen<'_>, played: &mut Played) -> anyhow::Result<()> {
    let begun = app.conversations.start(Channel::Web).await?;
    let mut heard = begun.greeting;
    played.hear(&heard, false);
    for _ in 0..MOST_TURNS {
        let Some(act) = citizen.answer(&heard) else { return Ok(()) };
        played.transcript.push(format!("> {}", shown(&act.inbound)));
        if !citizen.is_done() {
            played.turns += 1;
        }
        if played.booked.is_empty() {
            played.told_no_video = citizen.told_no_video;
        }
        heard = match app.conversations.turn(&begun.id, &begun.token, None, act.inbound).await {
            Ok(heard) => heard,
            Err(error) => {
                citizen.gave_up = Some(format!("the application failed: {:#}", anyhow::Error::from(error)));
                return Ok(());
            }
        };
        played.hear(&heard, act.agrees);
    }
    citizen.gave_up = citizen.gave_up.take().or_else(|| Some(format!("{MOST_TURNS} turns were not enough")));
    Ok(())
}

impl Played {
    /// Notes what came back after a yes, or after something else.
    fn hear(&mut self, heard: &Outbound, agreed: bool) {
        for reply in &heard.replies {
            self.transcript.push(format!("  {}", reply.display.replace('\n', "\n  ")));
            if !reply.choices.is_empty() {
                let titles: Vec<&str> = reply.choices.iter().map(|choice| choice.title.as_str()).collect();
                self.transcript.push(format!("  [{}]", titles.join(" | ")));
            }
        }
        if let Some(awaiting) = &heard.awaiting {
            self.transcript.push(format!("  ({awaiting})"));
        }
        for event in &heard.events {
            match event {
                Event::AppointmentBooked { reference, .. } => {
                    if let Ok(reference) = Reference::parse(reference) {
                        self.booked.push((reference, agreed));
                    }
                }
                Event::AppointmentCancelled { .. } | Event::AppointmentRescheduled { .. } => {
                    self.changes_agreed &= agreed;
                }
                _ => {}
            }
            self.transcript.push(format!("  * {}", serde_json::to_string(event).unwrap_or_default()));
        }
        self.events.extend(heard.events.iter().cloned());
    }
}

fn shown(inbound: &Inbound) -> String {
    match inbound {
        Inbound::Text(text) => text.clone(),
        Inbound::Choice(value) => format!("[{value}]"),
        Inbound::Dtmf(keys) => format!("#{keys}"),
        Inbound::Silence(_) => "…".to_owned(),
    }
}
