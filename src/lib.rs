//! Ariadni (Αριάδνη): understands Greek, holds a conversation and books appointments in public services.
//!
//! The map, in the order a citizen's sentence travels:
//!
//! 1. [`channel`] receives a turn (web, terminal) as one `Inbound`.
//! 2. [`conversation`] runs the turn: it loads the state, asks for understanding, steps the dialog, performs its effects, saves.
//! 3. [`nlu`] turns Greek text into an `Understanding`; [`greek`] is the language underneath it.
//! 4. [`dialog`] is a pure function from state and understanding to state and effects.
//! 5. [`booking`] holds the rules of time; [`store`] makes them true in SQL; [`procedures`] holds the national registry.
//! 6. [`http`] and [`worker`] are the rims: requests in, jobs out; [`gateway`] asks others, in the words of [`wire`]. A
//!    [`request`] with a key goes with its task, so that its answer is written with its work.

pub mod app;
pub mod assets;
pub mod booking;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod dialog;
pub mod gateway;
pub mod greek;
pub mod http;
pub mod knowledge;
pub mod nlu;
pub mod procedures;
pub mod request;
pub mod shortening;
pub mod simulate;
pub mod store;
pub mod telemetry;
pub mod wire;
pub mod worker;
