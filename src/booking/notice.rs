//! What citizens are told by a short message when something happens to an appointment, or to a place in the waiting list,
//! without their doing.
//!
//! A message names no person. It says what happened, where and when, and how to answer: nobody reads what is sent back to it.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::catalogue::Catalogue;
use super::id::{OfficeId, ServiceId};
use super::people::Mode;
use super::reference::Reference;
use crate::clock::{ATHENS, to_athens};
use crate::greek::display;

/// The longest message, characters.
pub const LONGEST: usize = 300;

/// News that are older are told no more.
const STALE: TimeDelta = TimeDelta::days(3);

/// That an offer is over is told only to those who may still be thinking of it.
const STALE_OFFER: TimeDelta = TimeDelta::hours(2);

/// Something to be told, and about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The code of the appointment or of the place in the waiting list.
    pub reference: Reference,
    /// What happened.
    pub news: News,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// An official booked it.
    Booked(Visit),
    /// It is at another time or place now.
    Moved(Visit),
    /// It will not take place.
    Cancelled(Visit),
    /// The office cannot keep it, and keeps another place until then.
    Proposed {
        /// The appointment as it stands.
        visit: Visit,
        /// The place that is kept.
        instead: Visit,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The place that was proposed is kept no longer, and the office is still shut.
    ProposalOver(Visit),
    /// What was proposed is not needed: the appointment stands.
    Stands(Visit),
    /// A place came free for somebody who waits.
    Offered {
        /// The place.
        visit: Visit,
        /// Until when it is kept.
        until: DateTime<Utc>,
    },
    /// Somebody else said yes first, or the office took the place back.
    OfferGone,
    /// Nobody answered in time.
    OfferMissed,
}

/// When and where somebody is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// What for.
    pub service: ServiceId,
    /// Where.
    pub office: OfficeId,
    /// How.
    pub mode: Mode,
    /// When it starts.
    pub start: DateTime<Utc>,
}

/// What the wording of a notice needs besides.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The names of offices and services.
    pub catalogue: &'a Catalogue,
    /// Where a person answers.
    pub phone: &'a str,
    /// Where one writes to Ariadni; absent when no address is known.
    pub site: Option<&'a str>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl News {
    /// After this there is nothing left to tell; `None` when it does not depend on a moment.
    #[must_use]
    pub fn useful_until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Booked(visit)
            | Self::Moved(visit)
            | Self::Cancelled(visit)
            | Self::ProposalOver(visit)
            | Self::Stands(visit) => Some(visit.start),
            Self::Proposed { until, .. } | Self::Offered { until, .. } => Some(*until),
            Self::OfferGone | Self::OfferMissed => None,
        }
    }

    /// Whether it still makes sense to tell of it, when it happened at `at`.
    #[must_use]
    pub fn is_news(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let stale = if matches!(self, Self::OfferGone | Self::OfferMissed) { STALE_OFFER } else { STALE };
        now - at < stale && self.useful_until().is_none_or(|until| now < until)
    }
}

/// What is said of a message; less where all of it would be too long.
#[derive(Debug, Clone, Copy)]
struct Said {
    service: bool,
    site: bool,
    office: bool,
}

impl Notice {
    /// The message, at most [`LONGEST`] characters.
    #[must_use]
    pub fn text(&self, wording: &Wording<'_>) -> String {
        let texts = [(true, true, true), (false, true, true), (false, false, true), (false, false, false)]
            .map(|(service, site, office)| self.say(wording, Said { service, site, office }));
        let fitting = texts.iter().position(|text| text.chars().count() <= LONGEST).unwrap_or(texts.len() - 1);
        texts.into_iter().nth(fitting).unwrap_or_default()
    }

    fn say(&self, wording: &Wording<'_>, said: Said) -> String {
        let (code, contact) = (&self.reference, contact(wording, said));
        let place = |visit: &Visit| place(visit, wording, said);
        let until = |until: &DateTime<Utc>| until_words(*until, wording.now);
        match &self.news {
            News::Booked(visit) => format!(
                "Κλείστηκε το ραντεβού σας: {}. Κωδικός: {code}. Για να το αλλάξετε ή να το ακυρώσετε, {contact}.",
                place(visit)
            ),
            News::Moved(visit) => {
                format!("Το ραντεβού σας {code} άλλαξε. Θα γίνει {}. Αν δεν σας βολεύει, {contact}.", place(visit))
            }
            News::Cancelled(visit) => {
                format!("Ακυρώθηκε το ραντεβού σας {code}, που ήταν για {}. Για νέο ραντεβού, {contact}.", place(visit))
            }
            News::Proposed { visit, instead, until: deadline } => format!(
                "Το ραντεβού σας για {} δεν μπορεί να γίνει. Σας κρατάμε άλλη ώρα: {}. Πείτε μας αν τη θέλετε {}: {contact}, \
                 με τον κωδικό {code}.",
                // What they know already is said in short.
                in_short(visit.start),
                place(instead),
                until(deadline),
            ),
            News::ProposalOver(_) => format!(
                "Η νέα ώρα που σας προτείναμε για το ραντεβού σας {code} δεν ισχύει πια. Για να βρούμε άλλη, {contact}."
            ),
            News::Stands(visit) => format!(
                "Το ραντεβού σας {code} ισχύει κανονικά: {}. Η νέα ώρα που σας προτείναμε δεν χρειάζεται πια.",
                place(visit)
            ),
            News::Offered { visit, until: deadline } => format!(
                "Άδειασε θέση{}: {}. Την παίρνει όποιος απαντήσει πρώτος, {}. Για να την πάρετε, {contact}, με τον κωδικό {code}.",
                what_for(visit, wording, said),
                place(visit),
                until(deadline),
            ),
            News::OfferGone => format!(
                "Η θέση που είχε αδειάσει δεν είναι πια ελεύθερη. Μένετε στη λίστα αναμονής, στη σειρά σας (κωδικός {code}). \
                 Θα σας ειδοποιήσουμε για την επόμενη."
            ),
            News::OfferMissed => format!(
                "Πέρασε η ώρα για τη θέση που είχε αδειάσει και θα δοθεί στον επόμενο. Μένετε στη λίστα αναμονής (κωδικός {code}). \
                 Αν δεν περιμένετε πια, {contact}."
            ),
        }
    }
}

/// «καλέστε στο 1500 ή γράψτε μας στο https://…»
fn contact(wording: &Wording<'_>, said: Said) -> String {
    let site = wording.site.filter(|_| said.site).map(|site| format!(" ή γράψτε μας στο {site}"));
    format!("καλέστε στο {}{}", wording.phone, site.unwrap_or_default())
}

/// « για διαβατήριο»
fn what_for(visit: &Visit, wording: &Wording<'_>, said: Said) -> String {
    let service = wording.catalogue.service(&visit.service).filter(|_| said.service);
    service.map(|service| format!(" για {}", service.for_what)).unwrap_or_default()
}

/// «την Πέμπτη 26 Νοεμβρίου στις 10:15, στο ΚΕΠ Κυψέλης»
fn place(visit: &Visit, wording: &Wording<'_>, said: Said) -> String {
    let mut parts = vec![when(visit, wording)];
    parts.extend(wording.catalogue.office(&visit.office).filter(|_| said.office).map(|office| office.at.clone()));
    if visit.mode != Mode::InPerson {
        parts.push(visit.mode.how().to_owned());
    }
    parts.join(", ")
}

/// «την Πέμπτη 26 Νοεμβρίου στις 10:15», and the time there where the office keeps another.
fn when(visit: &Visit, wording: &Wording<'_>) -> String {
    let local = to_athens(visit.start);
    let here = format!("{} {}", display::day_long_accusative(local.date()), display::at_time(local.time()));
    let abroad = wording.catalogue.office(&visit.office).filter(|office| office.time_zone != ATHENS);
    let Some(office) = abroad else { return here };
    let there = visit.start.with_timezone(&office.time_zone).naive_local();
    let another_day = there.date() != local.date();
    let day = if another_day { format!("{} ", display::day_short(there.date())) } else { String::new() };
    format!("{here} ώρα Ελλάδος (εκεί {day}{})", display::time(there.time()))
}

/// «την Πέμπτη 26/11 στις 10:15»
fn in_short(instant: DateTime<Utc>) -> String {
    let local = to_athens(instant);
    let day = display::weekday_with_article(local.date());
    format!("{day} {}/{} {}", local.day(), local.month(), display::at_time(local.time()))
}

/// «ως τις 10:30», or with the day when it is another: «ως την Τετάρτη 25/11 στις 10:30».
fn until_words(until: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = to_athens(until);
    if local.date() == to_athens(now).date() {
        let time = display::at_time(local.time());
        // «στις» without its preposition is the article.
        format!("ως {}", time.strip_prefix('σ').unwrap_or(&time))
    } else {
        format!("ως {}", in_short(until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::catalogue::Office;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn visit(office: &Office, start: &str) -> Visit {
        let service = office.services.first().expect("a service").clone();
        Visit { service, office: office.id.clone(), mode: Mode::Video, start: instant(start) }
    }

    /// Every kind of news about an office.
    fn all(office: &Office) -> Vec<News> {
        let (old, new) = (visit(office, "2026-09-30T08:15:00Z"), visit(office, "2026-10-02T22:55:00Z"));
        let until = instant("2026-09-30T07:45:00Z");
        vec![
            News::Booked(old.clone()),
            News::Moved(old.clone()),
            News::Cancelled(old.clone()),
            News::Proposed { visit: old.clone(), instead: new, until },
            News::ProposalOver(old.clone()),
            News::Stands(old.clone()),
            News::Offered { visit: old, until },
            News::OfferGone,
            News::OfferMissed,
        ]
    }

    #[test]
    fn every_message_about_every_office_fits_and_says_its_code_and_where_to_turn() {
        let catalogue = Catalogue::bundled();
        let reference = Reference::from_random(7);
        for now in ["2026-09-28T08:00:00Z", "2026-09-30T07:00:00Z"] {
            let site = Some("https://rantevou.example.gr/ariadni");
            let wording = Wording { catalogue: &catalogue, phone: "2101234567", site, now: instant(now) };
            let about =
                catalogue.offices.iter().flat_map(|office| all(office).into_iter().map(move |news| (office, news)));
            for (office, news) in about {
                let text = Notice { reference: reference.clone(), news: news.clone() }.text(&wording);
                let placeless = matches!(news, News::ProposalOver(_) | News::OfferGone | News::OfferMissed);
                if office.time_zone == ATHENS {
                    assert_eq!(text.contains(&office.at), !placeless, "{text}");
                } else {
                    assert_eq!(text.contains("(εκεί"), !placeless, "{text}");
                }
                assert!(text.chars().count() <= LONGEST, "{}: {text}", text.chars().count());
                assert!(text.contains(reference.as_str()), "{text}");
                let nothing_to_do = matches!(news, News::Stands(_) | News::OfferGone);
                assert_eq!(text.contains("2101234567"), !nothing_to_do, "{text}");
                for odd in ["  ", " ,", " .", "..", "{", "}"] {
                    assert!(!text.contains(odd), "{odd:?} in {text}");
                }
            }
        }
    }

    #[test]
    fn what_would_be_too_long_says_less_but_still_how_to_answer() {
        let mut catalogue = Catalogue::bundled();
        catalogue.offices[0].at = format!("στο {}", "Α".repeat(300));
        let office = catalogue.offices[0].clone();
        let wording =
            Wording { catalogue: &catalogue, phone: "1500", site: None, now: instant("2026-09-28T08:00:00Z") };
        for news in all(&office) {
            let text = Notice { reference: Reference::from_random(7), news }.text(&wording);
            assert!(text.chars().count() <= LONGEST, "{text}");
            assert!(text.ends_with('.'), "{text}");
        }
    }

    #[test]
    fn what_is_over_or_long_ago_is_no_news() {
        let catalogue = Catalogue::bundled();
        let at = instant("2026-09-28T08:00:00Z");
        let is_news = |news: &News, later: TimeDelta| news.is_news(at, at + later);
        for news in all(&catalogue.offices[0]) {
            assert!(is_news(&news, TimeDelta::minutes(5)), "{news:?}");
            assert!(!is_news(&news, TimeDelta::days(3)), "{news:?}");
            let soon_over = matches!(news, News::OfferGone | News::OfferMissed);
            assert_eq!(is_news(&news, TimeDelta::hours(3)), !soon_over, "{news:?}");
            let its_time = news.useful_until().map(|until| until - at).unwrap_or(STALE_OFFER);
            assert!(!is_news(&news, its_time), "{news:?}");
        }
    }
}
