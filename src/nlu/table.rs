//! The features that a model knows, with their weights in one byte each.

use std::borrow::Cow;

/// How many of the upper bits of a hash tell where to look.
const INDEXED_BITS: u32 = 16;
/// What one step of a rarity is worth.
const RARITY_STEP: f32 = 1.0 / 16.0;

/// Known features, sorted by hash, each with how rare it is and one weight for each label.
#[derive(Debug, Clone)]
pub(super) struct Table {
    labels: usize,
    hashes: Vec<u32>,
    rarities: Vec<u8>,
    /// Feature by feature, one signed byte for each label.
    weights: Cow<'static, [u8]>,
    /// For each value of the upper bits the first feature that has it, and one past the last.
    index: Vec<u32>,
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.hashes == other.hashes && self.rarities == other.rarities && self.weights == other.weights
    }
}

impl Table {
    /// A table of features sorted by hash; `None` where the parts do not fit each other.
    pub fn new(labels: usize, hashes: Vec<u32>, rarities: Vec<u8>, weights: Cow<'static, [u8]>) -> Option<Self> {
        let fits = hashes.len() == rarities.len()
            && weights.len() == hashes.len() * labels
            && hashes.is_sorted_by(|a, b| a < b)
            && u32::try_from(hashes.len()).is_ok();
        fits.then(|| Self { labels, index: index(&hashes), hashes, rarities, weights })
    }

    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    pub fn rarities(&self) -> &[u8] {
        &self.rarities
    }

    pub fn weights(&self) -> &[u8] {
        &self.weights
    }

    /// How rare a feature is, and its weights; `None` when it is not known.
    pub fn get(&self, hash: u32) -> Option<(f32, &[u8])> {
        let upper = (hash >> (32 - INDEXED_BITS)) as usize;
        let (from, to) = (self.index[upper] as usize, self.index[upper + 1] as usize);
        let at = from + self.hashes[from..to].iter().position(|known| *known == hash)?;
        Some((rarity(self.rarities[at]), &self.weights[at * self.labels..(at + 1) * self.labels]))
    }
}

/// How rare a feature is that `with` of `all` examples have: 1 for one that all have.
pub(super) fn rarity_byte(with: usize, all: usize) -> u8 {
    #[expect(clippy::cast_precision_loss, reason = "counts of examples are small")]
    let rarity = ((1 + all) as f32 / (1 + with) as f32).ln() + 1.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let byte = (rarity / RARITY_STEP).round().clamp(0.0, 255.0) as u8;
    byte
}

/// What a byte of [`rarity_byte`] means.
pub(super) fn rarity(byte: u8) -> f32 {
    f32::from(byte) * RARITY_STEP
}

fn index(hashes: &[u32]) -> Vec<u32> {
    let mut index = vec![0_u32; (1 << INDEXED_BITS) + 1];
    for hash in hashes {
        index[(hash >> (32 - INDEXED_BITS)) as usize + 1] += 1;
    }
    for at in 1..index.len() {
        index[at] += index[at - 1];
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_table_is_found_and_nothing_else() {
        let hashes = vec![0, 1, 0x0001_0000, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff];
        let weights: Vec<u8> = (0..12).collect();
        let table = Table::new(2, hashes.clone(), vec![16; 6], Cow::Owned(weights)).expect("fits");
        for (at, hash) in hashes.iter().enumerate() {
            let (rarity, weights) = table.get(*hash).expect("is there");
            assert!((rarity - 1.0).abs() < 1e-6);
            assert_eq!(usize::from(weights[0]), at * 2);
        }
        assert!([2, 0x0001_0001, 0x8000_0000, 0xffff_fffd].into_iter().all(|hash| table.get(hash).is_none()));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        assert!(Table::new(2, vec![1, 2], vec![1], Cow::Owned(vec![0; 4])).is_none());
        assert!(Table::new(2, vec![2, 1], vec![1, 1], Cow::Owned(vec![0; 4])).is_none());
        assert!(Table::new(2, vec![1, 2], vec![1, 1], Cow::Owned(vec![0; 5])).is_none());
    }
}
