//! One-time codes, 4 to 8 digits.

use super::Scene;
use super::digits::Run;
use crate::nlu::understanding::EntityValue;

/// Reads the digits as a code.
pub fn read(run: &Run) -> Option<EntityValue> {
    (4..=8).contains(&run.digits.len()).then(|| EntityValue::Otp(run.digits.clone()))
}

/// Reads the digits as a code where they are called one, or where they came in a message.
pub fn named(scene: &Scene<'_>, run: &Run) -> Option<EntityValue> {
    let named = (0..run.from).any(|at| {
        let word = scene.word(at);
        word.starts_with("κωδικ") || word.starts_with("kodik") || word == "μηνυμα" || word == "sms"
    });
    // Not the digits of a reference, which letters begin.
    if named && scene.awaits("reference") { None } else { named.then(|| read(run)).flatten() }
}
