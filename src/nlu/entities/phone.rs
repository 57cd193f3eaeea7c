//! Telephones: «6944 12 34 56», «εξήντα εννιά σαράντα τέσσερα …», `+49 711 …`.

use super::Scene;
use super::digits::Run;
use crate::booking::identity::Phone;
use crate::nlu::understanding::EntityValue;

/// The digits of a telephone in Greece.
const DIGITS: usize = 10;

/// Reads the digits as a telephone.
pub fn read(scene: &Scene<'_>, run: &Run) -> Option<EntityValue> {
    let whole = Phone::parse(&run.digits).ok();
    let national = || Phone::parse(&run.of_length(scene, DIGITS)?.digits).ok();
    whole.or_else(national).map(|phone| EntityValue::Phone(phone.into()))
}
