//! Understanding as a whole: the classifier, the safety net and the entities, read in the light of the open question.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use super::NluError;
use super::classifier::{Classifier, IntentClassifier, best, softmax};
use super::emergency::{Danger, SafetyNet};
use super::entities::{self, Finders, Found, Scene};
use super::gazetteer::sound;
use super::lexicon::{Lexicon, LexiconIndex};
use super::understanding::{Context, EntityValue, Intent, RankedIntent, Understanding};
use super::utterance::Utterance;
use crate::booking::people::Guest;
use crate::greek::fold::Token;
use crate::greek::name::first_name_gender;
use crate::greek::{number, spell};

/// How many intents are ranked.
const RANKED: usize = 5;
/// What an answer that is nothing but values gains towards `inform`: in general, and where a slot was asked for.
const ONLY_VALUES: f32 = 3.0;
const ONLY_VALUES_ASKED: f32 = 5.0;
/// What a yes, a no or a correction gains at a read-back, where few words are said.
const AT_CONFIRM: f32 = 1.5;
/// What danger in words adds: it outweighs everything.
const SURE_DANGER: f32 = 30.0;
/// What danger in words adds beside words of paperwork.
const DOUBTFUL_DANGER: f32 = 1.0;
/// From this confidence on the classifier alone calls an emergency: a false alarm is mended by a word, a missed one is not.
const MAYBE_DANGER: f32 = 0.3;
/// What that adds.
const LIKELY_DANGER: f32 = 4.0;
/// What everyday words beside no words of danger take from it.
const CALM: f32 = 5.0;
/// Slots whose answers are no everyday words.
const NAMES_AND_CODES: &[&str] = &["beneficiary_name", "requester_name", "employee", "email", "reference"];
/// Of words shorter than this only a slip in the smallest is mended: what is left of another word is mostly chance.
const SHORTEST_MENDED: usize = 4;
const SMALLEST: &[&str] = &[
    "το", "του", "τησ", "των", "τον", "την", "τη", "τα", "οι", "τουσ", "τισ", "στο", "στη", "στην", "στον", "στα",
    "στισ", "για", "και", "κι", "με", "σε", "απο", "να", "θα", "δεν", "μου", "μασ", "σασ", "που", "ενα", "μια",
];
/// Words of numbers; a name that sounds the same is rarer («δίο», «Δίον»).
static NUMBER_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| number::words_known().collect());
/// Words that join a second wish.
const JOINTS: &[&str] = &["και", "κι", "μετα", "επισησ"];
/// The fewest words on either side of them.
const SHORTEST_WISH: usize = 3;
/// The fewest words of a story.
const SHORTEST_STORY: usize = 25;
/// How sure the wish in one of its sentences must be, and what it gains.
const CLEAR_WISH: f32 = 0.8;
const STORY_WISH: f32 = 6.0;
/// How sure a second wish must be, and its confidence beside the first one's.
const HALF_HEARD: f32 = 0.2;
const SECOND_SHARE: f32 = 0.4;
/// What an utterance of wholly unknown words gains towards `out_of_scope`.
const UNKNOWN_WORDS: f32 = 3.0;
/// What an utterance that says what is needed beside a time gains towards `inform`.
const TELLS_NEEDS: f32 = 2.5;
/// What the value that was asked for gains towards `inform`, and takes from a wish for a person: «καλέστε με στο 69…» tells a
/// telephone and «να με πάρετε τηλέφωνο» a way to be served.
const ANSWERS: f32 = 4.0;
const NO_PERSON: f32 = 20.0;
/// What another time takes from a wish for a moment at a read-back: «μισό λεπτό, γίνεται την Πέμπτη;» changes the time.
const NO_PAUSE: f32 = 20.0;
/// Below this a name may be read where a name was asked for, though the words look like another intent.
const SURE_OF_ANOTHER: f32 = 0.6;

/// Turns Greek text into an [`Understanding`]. Pure: the same text and context give the same answer.
///
/// Confidence is calibrated: of the utterances understood with 0.8, eight in ten are right. Below 0.35 the best guess is
/// rarely worth acting upon: ask again. Between 0.35 and 0.6 a guess is worth confirming.
pub struct Understander {
    /// Ranks the intents.
    classifier: Arc<dyn IntentClassifier>,
    /// Knows which words are ordinary ones.
    words: Arc<Classifier>,
    intents: Vec<Intent>,
    net: SafetyNet,
    finders: Finders,
}

impl Understander {
    /// The understander with the model and the lists carried inside the binary.
    ///
    /// # Errors
    /// [`NluError`] when the model or a list is missing or damaged.
    pub fn bundled(lexicon: Lexicon) -> Result<Self, NluError> {
        Self::with(Classifier::bundled()?, lexicon)
    }

    /// The understander with another model; its labels must be intents.
    ///
    /// # Errors
    /// [`NluError`] when a label is no intent, or a list is missing or damaged.
    pub fn with(classifier: Classifier, lexicon: Lexicon) -> Result<Self, NluError> {
        let intents = intents(&classifier)?;
        let finders = Finders::bundled(LexiconIndex::new(lexicon))?;
        let words = Arc::new(classifier);
        Ok(Self { classifier: words.clone(), words, intents, net: SafetyNet::bundled()?, finders })
    }

    /// The same with another classifier for the intents; the safety net, the context and the values stay as they are.
    ///
    /// # Errors
    /// [`NluError::UnknownIntent`] when one of its labels is no intent.
    pub fn ranked_by(self, classifier: Arc<dyn IntentClassifier>) -> Result<Self, NluError> {
        Ok(Self { intents: intents(classifier.as_ref())?, classifier, ..self })
    }

    /// Whether an utterance is to be understood on a thread of its own; see [`IntentClassifier::is_slow`].
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.classifier.is_slow()
    }

    /// Understands one utterance; of a text over 2,000 characters only the beginning is read.
    #[must_use]
    pub fn parse(&self, text: &str, context: &Context) -> Understanding {
        let utterance = Utterance::new(text);
        let mut scores = self.classifier.scores(&utterance);
        let mut alone = scores.clone();
        softmax(&mut alone);
        let found = self.find(&utterance, context, &alone);
        self.weigh(&mut scores, &utterance, context, &found);
        self.weigh_danger(&mut scores, &utterance, &alone);
        self.weigh_story(&mut scores, &utterance);
        self.weigh_second_wish(&mut scores, &utterance);
        softmax(&mut scores);
        let ranking = self.ranking(&scores, &utterance);
        let entities = entities::entities(&utterance, found);
        Understanding { text: text.to_owned(), intent: ranking[0], ranking, entities }
    }

    fn find(&self, utterance: &Utterance<'_>, context: &Context, alone: &[f32]) -> Vec<Found> {
        let another = self.intents.iter().zip(alone).any(|(intent, confidence)| {
            !matches!(intent, Intent::Inform | Intent::Correct | Intent::OutOfScope | Intent::Greet)
                && *confidence > SURE_OF_ANOTHER
        });
        let ordinary = |word: &str| self.words.knows(word);
        let meant = self.as_meant(utterance, context);
        let scene = Scene {
            utterance: &meant,
            context,
            ordinary: &ordinary,
            may_be_name: !another && !utterance.is_question(),
        };
        self.finders.find(&scene)
    }

    /// The utterance with misspelt everyday words as they were meant. Names and codes stay as they are; where one is asked for,
    /// everything does.
    fn as_meant<'a>(&self, utterance: &Utterance<'a>, context: &Context) -> Utterance<'a> {
        let mut meant = utterance.clone();
        if context.awaiting.as_deref().is_some_and(|slot| NAMES_AND_CODES.contains(&slot)) {
            return meant;
        }
        for at in 0..meant.words.len() {
            if let Some(mended) = self.mended(&utterance.words, at) {
                mended.clone_into(&mut meant.words[at].text);
            }
        }
        meant
    }

    /// The everyday word that was meant by the word at `at`; `None` where it is as it should be, or nobody can tell.
    fn mended(&self, words: &[Token], at: usize) -> Option<&str> {
        let word = &words[at];
        let before_digits = words.get(at + 1).is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit()));
        let is_code = before_digits || !word.raw.chars().any(char::is_lowercase);
        let mended = self.words.speller.mended(&word.text).filter(|_| !is_code)?;
        let heard_so = sound(mended) == sound(&word.text);
        if heard_so && NUMBER_WORDS.contains(mended) {
            return Some(mended);
        }
        let short = word.text.chars().count() < SHORTEST_MENDED;
        let is_right = (short && !heard_so && !SMALLEST.contains(&mended))
            || self.finders.knows_name(&word.text)
            || (!heard_so && self.finders.knows_phrase(&word.text))
            || first_name_gender(&word.text).is_some()
            || number::cardinal(words, at).is_some()
            || number::ordinal(words, at).is_some()
            || spell::letter(&word.text).is_some();
        (!is_right).then_some(mended)
    }

    /// Shifts the scores by what the classifier cannot see: the values, the open question, unknown words.
    fn weigh(&self, scores: &mut [f32], utterance: &Utterance<'_>, context: &Context, found: &[Found]) {
        let mut gain = |intent: Intent, by: f32| {
            if let Some(at) = self.intents.iter().position(|known| *known == intent) {
                scores[at] += by;
            }
        };
        let asked = context.awaiting.as_deref();
        let at_confirm = asked == Some("confirm") || asked == Some("on_behalf");
        let words = utterance.words.len();
        if at_confirm && words <= 4 {
            gain(Intent::Affirm, AT_CONFIRM);
            gain(Intent::Deny, AT_CONFIRM);
        }
        if asked == Some("confirm") && !found.is_empty() {
            gain(Intent::Correct, AT_CONFIRM);
        }
        if asked == Some("confirm") && found.iter().any(|f| matches!(f.value, EntityValue::When(_))) {
            gain(Intent::Wait, -NO_PAUSE);
        }
        let only_values =
            !found.is_empty() && !utterance.is_question() && Self::is_only_values(utterance, found, asked.is_some());
        if only_values {
            gain(
                Intent::Inform,
                if asked.is_some_and(|slot| slot != "confirm") { ONLY_VALUES_ASKED } else { ONLY_VALUES },
            );
        }
        if found.iter().any(|f| answers(&f.value, asked)) {
            gain(Intent::Inform, ANSWERS);
            gain(Intent::TalkToHuman, -NO_PERSON);
        }
        if found.iter().any(|f| tells_needs(&f.value)) {
            gain(Intent::Inform, TELLS_NEEDS);
        }
        if found.is_empty() && words > 0 {
            let unknown = utterance.words.iter().filter(|word| !self.words.knows(&word.text)).count();
            #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
            let share = unknown as f32 / words as f32;
            gain(Intent::OutOfScope, UNKNOWN_WORDS * share * share);
        }
    }

    /// Shifts the score of an emergency by the safety net, and by what the classifier thinks alone.
    fn weigh_danger(&self, scores: &mut [f32], utterance: &Utterance<'_>, alone: &[f32]) {
        let Some(at) = self.intents.iter().position(|known| *known == Intent::Emergency) else { return };
        let likely = if alone[at] >= MAYBE_DANGER { LIKELY_DANGER } else { 0.0 };
        scores[at] += match self.net.danger(utterance) {
            Danger::Sure => SURE_DANGER,
            Danger::Doubtful => DOUBTFUL_DANGER + likely,
            Danger::Calm => -CALM,
            Danger::None => likely,
        };
    }

    /// Of a long story one sentence tells what is wanted: «… Γι' αυτό θέλω ένα ραντεβού να τελειώνω.»
    fn weigh_story(&self, scores: &mut [f32], utterance: &Utterance<'_>) {
        if utterance.words.len() < SHORTEST_STORY {
            return;
        }
        let letters: Vec<char> = utterance.text.chars().collect();
        let ends = |one: &Token, next: &Token| {
            letters.get(one.end..next.start).is_some_and(|between| between.iter().any(|c| ".;!?".contains(*c)))
        };
        for sentence in utterance.words.chunk_by(|one, next| !ends(one, next)) {
            if sentence.len() < SHORTEST_WISH || sentence.len() == utterance.words.len() {
                continue;
            }
            let mut alone = self.classifier.scores(&Utterance { text: utterance.text, words: sentence.to_vec() });
            softmax(&mut alone);
            let wish = best(&alone);
            if is_wish(self.intents[wish]) && alone[wish] >= CLEAR_WISH {
                scores[wish] += STORY_WISH;
            }
        }
    }

    /// «… και να κλείσω ένα καινούργιο»: what is wanted after the «και» is ranked behind what is wanted before it.
    fn weigh_second_wish(&self, scores: &mut [f32], utterance: &Utterance<'_>) {
        let is_joint = |at: &usize| JOINTS.contains(&utterance.word(*at));
        let Some(joint) = (SHORTEST_WISH..utterance.words.len()).find(is_joint) else { return };
        if utterance.words.len() <= joint + SHORTEST_WISH {
            return;
        }
        let rest = Utterance { text: utterance.text, words: utterance.words[joint + 1..].to_vec() };
        let mut second = self.classifier.scores(&rest);
        softmax(&mut second);
        let first = best(scores);
        for (at, confidence) in second.into_iter().enumerate() {
            if at != first && confidence >= HALF_HEARD && is_wish(self.intents[at]) {
                scores[at] = scores[at].max(scores[first] + (SECOND_SHARE * confidence).ln());
            }
        }
    }

    /// Whether nothing but small words stands beside the values.
    fn is_only_values(utterance: &Utterance<'_>, found: &[Found], asked: bool) -> bool {
        let telling = asked || found.iter().any(|f| !matches!(f.value, EntityValue::Preference(_)));
        let covered = |at: usize| found.iter().any(|f| f.from <= at && at < f.to);
        let is_small = |word: &str| SMALL.contains(&word) || (asked && WISHES.contains(&word));
        telling && (0..utterance.words.len()).all(|at| covered(at) || is_small(utterance.word(at)))
    }

    fn ranking(&self, scores: &[f32], utterance: &Utterance<'_>) -> Vec<RankedIntent> {
        if utterance.words.is_empty() {
            return vec![RankedIntent { name: Intent::OutOfScope, confidence: 1.0 }];
        }
        let pairs = self.intents.iter().zip(scores);
        let mut ranking: Vec<RankedIntent> =
            pairs.map(|(name, confidence)| RankedIntent { name: *name, confidence: *confidence }).collect();
        ranking.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        ranking.truncate(RANKED);
        ranking
    }
}

/// The labels of a classifier as intents.
fn intents(classifier: &dyn IntentClassifier) -> Result<Vec<Intent>, NluError> {
    let parse = |label: &String| Intent::parse(label).ok_or_else(|| NluError::UnknownIntent(label.clone()));
    classifier.labels().iter().map(parse).collect()
}

/// Whether a value is what was asked for, where the same words could ask for a call.
fn answers(value: &EntityValue, asked: Option<&str>) -> bool {
    matches!((value, asked), (EntityValue::Phone(_), Some("phone")) | (EntityValue::Mode(_), Some("mode")))
}

/// Whether a value says what is needed beside a time: such sentences are unlike all others and are otherwise guessed at.
fn tells_needs(value: &EntityValue) -> bool {
    matches!(
        value,
        EntityValue::Language(_)
            | EntityValue::Persons(_)
            | EntityValue::Employee { .. }
            | EntityValue::Guest(Guest::SignLanguageInterpreter)
    )
}

/// Whether it is a task of its own that may wait for its turn.
fn is_wish(intent: Intent) -> bool {
    use Intent::{
        AskAvailability, AskDocuments, BookAppointment, CancelAppointment, CheckAppointment, RequestCertificate,
        RescheduleAppointment, SubmitApplication, TrackRequest,
    };
    matches!(
        intent,
        AskAvailability
            | AskDocuments
            | BookAppointment
            | CancelAppointment
            | CheckAppointment
            | RequestCertificate
            | RescheduleAppointment
            | SubmitApplication
            | TrackRequest
    )
}

/// Words that only wrap a value where one was asked for.
const WISHES: &[&str] = &[
    "θελω",
    "θα",
    "ηθελα",
    "προτιμω",
    "προτιμουσα",
    "καλυτερα",
    "βολευει",
    "που",
    "γινεται",
    "δυνατον",
    "δυνατο",
    "γραψτε",
    "βαλτε",
    "βαλε",
    "ναι",
];

/// Words that say nothing beside a value.
const SMALL: &[&str] = &[
    "ο",
    "η",
    "το",
    "οι",
    "τα",
    "του",
    "τησ",
    "των",
    "τον",
    "την",
    "τη",
    "τουσ",
    "τισ",
    "στο",
    "στη",
    "στην",
    "στον",
    "στα",
    "στισ",
    "στουσ",
    "σε",
    "για",
    "με",
    "απο",
    "και",
    "κι",
    "να",
    "μου",
    "ειναι",
    "ενα",
    "μια",
    "εναν",
    "στησ",
    "στου",
    "λοιπον",
    "παρακαλω",
    "ε",
    "εε",
    "αριθμοσ",
    "τηλεφωνο",
    "κινητο",
    "αφμ",
    "αμκα",
    "ονομα",
    "κωδικοσ",
    "mail",
    "email",
    "λενε",
    "ωρα",
    "μερα",
    "ημερα",
    "κατα",
    "μαζι",
    "εγω",
    "ειμαι",
    "εδω",
    "κυριοσ",
    "κυρια",
    "κυριο",
    "gia",
    "ton",
    "tin",
    "ti",
    "sto",
    "stin",
    "mou",
    "to",
];
