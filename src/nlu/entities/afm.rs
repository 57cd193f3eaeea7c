//! Tax numbers (ΑΦΜ) whose check digit holds.

use super::Scene;
use super::digits::Run;
use crate::booking::identity::Afm;
use crate::nlu::understanding::EntityValue;

/// The digits of a tax number.
const DIGITS: usize = 9;

/// Reads the digits as a tax number.
pub fn read(scene: &Scene<'_>, run: &Run) -> Option<EntityValue> {
    let afm = Afm::parse(&run.of_length(scene, DIGITS)?.digits).ok()?;
    Some(EntityValue::Afm(afm.into()))
}
