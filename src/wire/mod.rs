//! The JSON of the availability core (section 4 of the contract), in one place for both of its ends: the HTTP API that
//! serves it and the remote core that asks for it. What one end can say, the other can read back without a loss.

pub mod appointment;
pub mod availability;
pub mod booking;
pub mod cursor;
pub mod header;
pub mod local_time;
pub mod refusal;
pub mod stretch;

pub use appointment::AppointmentView;
pub use local_time::LocalTime;
pub use refusal::{ErrorBody, ErrorDetail};

/// An answer of another Ariadni that does not mean anything here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be read")]
pub struct Unreadable(pub &'static str);
