//! A search as the parameters of an address.

use chrono::NaiveDate;

use crate::booking::core::{Order, SlotQuery};
use crate::wire::cursor::Cursor;
use crate::wire::stretch::{Stretch, TimeOfDay};

/// The parameters of an address.
pub type Pairs = Vec<(&'static str, String)>;

/// One page of free times.
pub fn page(query: &SlotQuery) -> Pairs {
    let mut pairs = filter(query);
    pairs.extend(query.windows.iter().map(|window| ("window", Stretch(*window).to_string())));
    if query.order == Order::Nearest {
        pairs.push(("order", "nearest".to_owned()));
    }
    if let Some((start, office)) = &query.after {
        pairs.push(("after", Cursor::of(query.mode, *start, office.clone()).to_string()));
    }
    pairs.push(("limit", query.limit.to_string()));
    pairs
}

/// The days of a calendar.
pub fn calendar(query: &SlotQuery, from: NaiveDate, to: NaiveDate) -> Pairs {
    let mut pairs = filter(query);
    pairs.extend([("from", from.to_string()), ("to", to.to_string())]);
    pairs
}

fn filter(query: &SlotQuery) -> Pairs {
    let mut pairs = vec![("service", query.service.to_string()), ("mode", query.mode.as_str().to_owned())];
    pairs.extend(query.offices.iter().map(|office| ("office", office.to_string())));
    pairs.extend(query.excluded.iter().map(|window| ("exclude", Stretch(*window).to_string())));
    let weekdays = query.weekdays.iter().filter_map(|day| serde_json::to_value(day).ok());
    pairs.extend(weekdays.filter_map(|day| Some(("weekday", day.as_str()?.to_owned()))));
    if let Some(daily) = query.daily {
        pairs.push(("daily_from", TimeOfDay(daily.from).to_string()));
        pairs.push(("daily_to", TimeOfDay(daily.to).to_string()));
    }
    if let Some(near) = query.near {
        pairs.push(("near", format!("{},{}", near.position.0, near.position.1)));
        pairs.extend(near.within_km.map(|km| ("within_km", km.to_string())));
    }
    if query.needs.persons != 1 {
        pairs.push(("persons", query.needs.persons.to_string()));
    }
    pairs.extend(query.needs.language.map(|language| ("language", language.as_str().to_owned())));
    pairs.extend(query.needs.resource.as_ref().map(|employee| ("employee", employee.to_string())));
    pairs
}
