//! The HTTP rim, driven from outside: a real server on a free port, with a database of its own.

mod calendars;
mod conversations;
mod described;
mod desk;
mod fronts;
mod proxy;
mod refusals;
mod remote;
mod rules;
mod searches;
mod staff;
mod support;
mod waiting;
