//! Social security numbers (ΑΜΚΑ) whose check digit holds.

use super::Scene;
use super::digits::Run;
use crate::booking::identity::Amka;
use crate::nlu::understanding::EntityValue;

/// The digits of a social security number.
const DIGITS: usize = 11;

/// Reads the digits as a social security number.
pub fn read(scene: &Scene<'_>, run: &Run) -> Option<EntityValue> {
    let amka = Amka::parse(&run.of_length(scene, DIGITS)?.digits).ok()?;
    Some(EntityValue::Amka(amka.into()))
}
