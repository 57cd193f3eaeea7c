//! The HTTP rim, driven from outside: a real server on a free port, with a database of its own.

mod beneficiaries;
mod calendars;
mod conversations;
mod day_shares;
mod described;
mod desk;
mod fronts;
mod hours;
mod once;
mod proxy;
mod rearranging;
mod refusals;
mod remote;
mod rules;
mod searches;
mod seats;
mod shortened;
mod small;
mod staff;
mod support;
mod together;
mod waiting;
mod writer_server;
