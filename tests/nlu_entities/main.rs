//! The values of utterances: against a table of what people say, against the names of the country's places, and against
//! anything at all.

mod fuzz;
mod offsets;
mod places;
mod support;
mod table;
