//! More examples from the ones there are: each as it would be misspelt, mistyped or misheard.

use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::greek::noise::{Hand, Noise};

/// What is done to each example, once each.
const COPIES: &[Noise] =
    &[Noise::Greeklish, Noise::Itacism, Noise::Keyboard, Noise::Keyboard, Noise::Hearing, Noise::Hearing];

/// The noisy copies of an example; `at` is its place among the examples, so that each is spoilt in its own way and every
/// training in the same. Copies that came out unchanged are left out.
#[must_use]
pub fn copies(text: &str, at: usize) -> Vec<String> {
    let mut rng = StdRng::seed_from_u64(at as u64);
    let noisy = COPIES.iter().map(|kind| {
        let hand = Hand::draw(&mut rng);
        kind.apply(&mut rng, hand, text, "")
    });
    noisy.filter(|copy| copy != text).collect()
}
