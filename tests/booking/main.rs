//! The availability core: its rules alone, and its promises on both databases.

#[path = "../support/calendar_server.rs"]
mod calendar_server;
#[path = "../support/mod.rs"]
mod support;

mod busy_calendars;
mod busy_times;
mod calendar_text;
mod changes;
mod conversations;
mod cooldown;
mod crossings;
mod fetching;
mod guards;
mod limits;
mod local_holidays;
mod marks;
mod messages;
mod model;
mod news;
mod places;
mod proof;
mod proposals;
mod requests;
mod rules;
mod series;
mod shares;
mod sms_server;
mod storms;
mod transfer;
mod transfer_plan;
mod waiting;
mod world;
