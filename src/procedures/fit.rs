//! How well a procedure's names fit a question, looked at in several ways.

use super::index::{Entry, Name};
use super::question::Question;

/// How many ways of fitting are looked at.
pub(super) const WAYS: usize = 8;

/// The ways in which a procedure fits, each 0 to 1; `text` is how well all of its text does.
///
/// In order: all of its text; the name that fits best; the three next, which tell a procedure that is often spoken of so
/// from one that shares a phrase by chance; the best of its official names; a telling name that the question covers wholly,
/// however long the question is; the words of the question that all names cover together; the same for words that were
/// surely meant, no synonyms and no families; and how often they cover them.
pub(super) fn ways(entry: &Entry, question: &Question, text: f32) -> [f32; WAYS] {
    let mut cover = Cover::of(question);
    let mut fits: Vec<f32> = Vec::with_capacity(entry.names.len());
    let (mut official, mut whole) = (0.0_f32, 0.0_f32);
    for (place, name) in entry.names.iter().enumerate() {
        let Some(covered) = cover.by(name) else { continue };
        let fit = covered.question.powf(QUESTION) * covered.name.powf(NAME);
        if place < entry.official {
            official = official.max(fit);
        }
        whole = whole.max(covered.name.powi(3) * covered.telling);
        fits.push(fit);
    }
    fits.sort_by(|a, b| b.total_cmp(a));
    let first = fits.first().copied().unwrap_or(0.0);
    let next = fits.iter().skip(1).take(NEXT).sum::<f32>() / NEXT as f32;
    let together = cover.share(|word| word.best);
    let surely = cover.share(|word| f32::from(u8::from(word.best > SURELY)));
    let often = cover.share(|word| word.sum / (word.sum + OFTEN));
    [text, first, next, official, whole, together, surely, often]
}

/// How much it counts for a name's fit that it covers the question, and that the question covers it.
const QUESTION: f32 = 0.4;
const NAME: f32 = 0.4;
/// How many names after the best are looked at.
const NEXT: usize = 3;
/// The likeness above which a word is no synonym and none of the same family.
const SURELY: f32 = 0.75;
/// How many names must have a word for half of what often can give.
const OFTEN: f32 = 1.5;
/// The weight of a covered name that is half as telling as can be: about that of one rare word.
const TELLING: f32 = 8.0;

/// How the names of a procedure cover the words of a question.
struct Cover<'a> {
    question: &'a Question,
    words: Vec<CoveredWord>,
}

#[derive(Clone, Copy, Default)]
struct CoveredWord {
    /// By the name that is being looked at.
    now: f32,
    /// By the best name.
    best: f32,
    /// By all names together.
    sum: f32,
}

struct Covered {
    /// How much of the question a name covers, 0 to 1.
    question: f32,
    /// How much of the name the question covers, 0 to 1.
    name: f32,
    /// How telling the covered words of the name are together, 0 to 1.
    telling: f32,
}

impl<'a> Cover<'a> {
    fn of(question: &'a Question) -> Self {
        Self { question, words: vec![CoveredWord::default(); question.words.len()] }
    }

    /// Takes in one more name; nothing when it covers nothing.
    fn by(&mut self, name: &Name) -> Option<Covered> {
        let mut of_name = 0.0;
        for (word, weight) in &name.words {
            let mut best = 0.0_f32;
            for (place, likeness) in self.question.answered_by(*word) {
                let covered = &mut self.words[*place];
                covered.now = covered.now.max(*likeness);
                best = best.max(*likeness);
            }
            of_name += best * weight;
        }
        if of_name <= 0.0 {
            return None;
        }
        let mut of_question = 0.0;
        for (covered, asked) in self.words.iter_mut().zip(&self.question.words) {
            of_question += covered.now * asked.weight;
            covered.best = covered.best.max(covered.now);
            covered.sum += covered.now;
            covered.now = 0.0;
        }
        Some(Covered {
            question: of_question / self.question.weight,
            name: of_name / name.weight,
            telling: of_name / (of_name + TELLING),
        })
    }

    /// The share of the question that is covered, each word as much as it is telling.
    fn share(&self, cover: impl Fn(&CoveredWord) -> f32) -> f32 {
        let words = self.words.iter().zip(&self.question.words);
        let covered: f32 = words.map(|(covered, asked)| cover(covered) * asked.weight).sum();
        if covered > 0.0 { covered / self.question.weight } else { 0.0 }
    }
}
