//! How many appointments one person may have (όριο ραντεβού): counted for the beneficiary, not for the telephone that booked.

use serde::{Deserialize, Serialize};

use crate::booking::people::Relation;

/// How many live appointments of one service are allowed. Staff are bound too, except by the limit per requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// For one beneficiary (ωφελούμενος), at least 1. Default 1.
    pub per_beneficiary: u32,
    /// For one beneficiary, when a professional (λογιστής, δικηγόρος) books for a client; `per_beneficiary` when absent.
    pub per_client: Option<u32>,
    /// For all the beneficiaries one requester (αιτών) books for, as told by the telephone; no limit when absent.
    /// Professionals are exempt.
    pub per_requester: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_beneficiary: 1, per_client: None, per_requester: None }
    }
}

impl Limits {
    /// How many live appointments the beneficiary may have once this booking is made.
    #[must_use]
    pub fn for_beneficiary(self, relation: Option<Relation>) -> u32 {
        let own = self.per_beneficiary;
        if is_professional(relation) { self.per_client.unwrap_or(own) } else { own }
    }

    /// How many live appointments the requester may have asked for once this booking is made; `None` without a limit.
    #[must_use]
    pub fn for_requester(self, relation: Option<Relation>) -> Option<u32> {
        self.per_requester.filter(|_| !is_professional(relation))
    }
}

/// Whoever books for a client does it by profession.
#[must_use]
pub fn is_professional(relation: Option<Relation>) -> bool {
    relation == Some(Relation::Client)
}
