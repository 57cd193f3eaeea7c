//! Claims: who has a resource when, as the store keeps them and as the search looks at them.

use chrono::{DateTime, Utc};

use super::core::{Closure, Window};
use super::id::{OfficeId, ResourceId, ServiceId};
use super::people::Mode;

/// Why a resource is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// Kept for a few minutes while somebody decides.
    Hold,
    /// An appointment.
    Appointment,
    /// Kept for those who wait, or for somebody whose appointment cannot be kept.
    Offer,
    /// Given back, and shut for a while.
    Cooldown,
    /// Busy by another calendar.
    Busy,
}

impl ClaimKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Hold, Self::Appointment, Self::Offer, Self::Cooldown, Self::Busy];

    /// The name used in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Appointment => "appointment",
            Self::Offer => "offer",
            Self::Cooldown => "cooldown",
            Self::Busy => "busy",
        }
    }

    /// Reads the name used in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether quotas count it: what is only offered, shut for a while, or busy by another calendar, uses up nobody's share.
    #[must_use]
    pub fn counts_in_quotas(self) -> bool {
        matches!(self, Self::Hold | Self::Appointment)
    }
}

/// A stretch of time of one resource that somebody has, buffers included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// The office of the resource.
    pub office: OfficeId,
    /// Which desk or employee.
    pub resource: ResourceId,
    /// From when until when, buffers included.
    pub window: Window,
    /// Why.
    pub kind: ClaimKind,
    /// After this it counts as free; never when absent.
    pub expires_at: Option<DateTime<Utc>>,
    /// What it serves; absent for times that are busy otherwise.
    pub serves: Option<Serves>,
}

/// What a claim is for, as quotas count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serves {
    /// The hold or the appointment; the claims of several desks for one appointment share it and count as one place.
    pub group: String,
    /// The service.
    pub service: ServiceId,
    /// The mode.
    pub mode: Mode,
    /// The channel it was booked through.
    pub channel: String,
    /// Whether staff booked it.
    pub staff: bool,
    /// The appointment without its buffers.
    pub slot: Window,
}

/// A change of what is taken or shut, as the journal of the store tells it. Hearing one twice does no harm.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// This is taken now, in place of what the claim with this id was before.
    Taken(Claim),
    /// The claim with this id is no more.
    Freed(String),
    /// This is shut now.
    Shut {
        /// The closure's id.
        id: String,
        /// What, when, why.
        closure: Closure,
    },
    /// The closure with this id was taken back.
    Reopened(String),
}
