//! Numbers for names: claims say the same few offices, resources, services and channels over and over.

use std::collections::HashMap;
use std::hash::Hash;

/// Gives every name a number, in the order of their appearance.
#[derive(Debug, Clone)]
pub(super) struct Names<T> {
    numbers: HashMap<T, u32>,
    names: Vec<T>,
}

impl<T: Clone + Eq + Hash> Names<T> {
    pub(super) fn new() -> Self {
        Self { numbers: HashMap::new(), names: Vec::new() }
    }

    /// The number of a name, a new one for a new name.
    pub(super) fn number(&mut self, name: &T) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = u32::try_from(self.names.len()).expect("fewer than four billion names");
        self.numbers.insert(name.clone(), number);
        self.names.push(name.clone());
        number
    }

    /// The name of a number that [`Self::number`] gave.
    pub(super) fn name(&self, number: u32) -> &T {
        &self.names[number as usize]
    }
}

/// 128 bits that stand for an id: those of a UUID, else the head of a digest.
pub(super) fn key_of(id: &str) -> [u64; 2] {
    use sha2::{Digest, Sha256};
    if let Ok(uuid) = uuid::Uuid::try_parse(id) {
        let (high, low) = uuid.as_u64_pair();
        return [high, low];
    }
    let digest = Sha256::digest(id.as_bytes());
    let half = |at: usize| digest[at..at + 8].iter().fold(0, |all, &byte| all << 8 | u64::from(byte));
    [half(0), half(8)]
}
