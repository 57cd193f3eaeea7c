//! Understanding: Greek text to ranked intents and entities. It never decides what to do.

pub mod understanding;

pub use understanding::{Context, Entity, EntityValue, Intent, Number, Preference, RankedIntent, Understanding};
