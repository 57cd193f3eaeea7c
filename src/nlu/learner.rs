//! Learns the weights: one linear support vector machine a label, all learned together, by dual coordinate descent.
//!
//! Each example pushes the weights of a label until its score is beyond ±1 or it has pushed with all that `cost` allows.
//! The weights of one feature for all labels lie side by side, so one pass serves every label.

/// Passes over the examples at most.
const PASSES: usize = 24;
/// A push smaller than this is none.
const SETTLED: f32 = 1e-3;
/// An example that pushed nothing is left alone for as many passes as it was quiet, at most this many.
const LONGEST_REST: u8 = 4;

/// An example as numbers.
pub(super) struct Row {
    /// Places of its features in the table of weights, with their values; together of length 1.
    pub features: Vec<(u32, f32)>,
    /// The place of its label.
    pub label: usize,
    /// How far it may push.
    pub cost: f32,
}

/// The weights learned.
pub(super) struct Weights {
    /// How many labels.
    pub labels: usize,
    /// Feature by feature, one weight for each label.
    pub weights: Vec<f32>,
    /// One for each label.
    pub bias: Vec<f32>,
}

impl Weights {
    /// The score of each label.
    pub fn scores(&self, features: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (place, value) in features {
            let start = *place as usize * self.labels;
            for (score, weight) in scores.iter_mut().zip(&self.weights[start..start + self.labels]) {
                *score += value * weight;
            }
        }
        scores
    }

    fn push(&mut self, features: &[(u32, f32)], by: &[f32]) {
        for (place, value) in features {
            let start = *place as usize * self.labels;
            for (weight, by) in self.weights[start..start + self.labels].iter_mut().zip(by) {
                *weight += value * by;
            }
        }
        for (bias, by) in self.bias.iter_mut().zip(by) {
            *bias += by;
        }
    }
}

/// Learns from rows over `features` features and `labels` labels. Deterministic.
pub(super) fn learn(rows: &[Row], features: usize, labels: usize) -> Weights {
    let mut learned = Weights { labels, weights: vec![0.0; features * labels], bias: vec![0.0; labels] };
    let mut pushed = vec![0.0_f32; rows.len() * labels];
    let mut resting = vec![(0_u8, 0_u8); rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut by = vec![0.0_f32; labels];
    for _ in 0..PASSES {
        random.shuffle(&mut order);
        let mut moved = false;
        for at in &order {
            let (rest, quiet) = &mut resting[*at];
            if *rest > 0 {
                *rest -= 1;
                continue;
            }
            let pushed = &mut pushed[at * labels..(at + 1) * labels];
            if step(&mut learned, &rows[*at], pushed, &mut by) {
                (*rest, *quiet) = (0, 0);
                moved = true;
            } else {
                *quiet = (*quiet + 1).min(LONGEST_REST);
                *rest = *quiet;
            }
        }
        if !moved {
            break;
        }
    }
    learned
}

/// One example pushes; whether it had to.
fn step(learned: &mut Weights, row: &Row, pushed: &mut [f32], by: &mut [f32]) -> bool {
    let scores = learned.scores(&row.features);
    let softness = 0.5 / row.cost;
    // Its features are of length 1, and so is the constant one of the bias.
    let steepness = 2.0 + softness;
    let mut moves = false;
    for (label, score) in scores.into_iter().enumerate() {
        let side = if label == row.label { 1.0 } else { -1.0 };
        let slope = side * score - 1.0 + pushed[label] * softness;
        let next = (pushed[label] - slope / steepness).max(0.0);
        let change = next - pushed[label];
        by[label] = if change.abs() > SETTLED { change * side } else { 0.0 };
        if by[label] != 0.0 {
            pushed[label] = next;
            moves = true;
        }
    }
    if moves {
        learned.push(&row.features, by);
    }
    moves
}

/// A small deterministic generator (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            #[expect(clippy::cast_possible_truncation, reason = "a remainder below the length")]
            let other = (self.next() % (last as u64 + 1)) as usize;
            order.swap(last, other);
        }
    }
}
