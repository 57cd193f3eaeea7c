//! What is refused: «όχι Τρίτη», «εκτός Παρασκευής», «την Τρίτη δεν μπορώ»; and what only looks like a day: a name.

use super::parser::{Gap, Parser};
use super::word::is_article;

impl Parser<'_> {
    /// Whether the time in tokens `start..end` is what somebody does not want.
    pub(super) fn is_refused(&self, start: usize, end: usize) -> bool {
        self.refused_before(start) || self.refused_after(end) || self.is_left(start, end)
    }

    /// «να το αλλάξω από Τρίτη σε Πέμπτη»: the Tuesday is given up.
    fn is_left(&self, start: usize, end: usize) -> bool {
        let before = (start.saturating_sub(2)..start).rev().find(|at| !is_article(self.word(*at)));
        before.is_some_and(|at| self.word(at) == "απο") && self.moves_to(end)
    }

    /// Whether «σε Πέμπτη», «στις 11» follows, the other end of a move.
    pub(super) fn moves_to(&self, at: usize) -> bool {
        match self.word(at) {
            "σε" => self.some_days(self.after_articles(at + 1)).is_some(),
            "στη" | "στην" | "στο" | "στισ" => {
                let announced = self.some_days(at).or_else(|| self.some_days(at + 1)).is_some();
                announced || self.clock_time(at + 1, true).is_some()
            }
            _ => false,
        }
    }

    fn refused_before(&self, start: usize) -> bool {
        let mut at = start;
        // Back over what may stand between the refusal and the time, within one sentence.
        for _ in 0..6 {
            if at == 0 || matches!(self.gap(at), Gap::Stop | Gap::Comma) {
                return false;
            }
            at -= 1;
            match self.word(at) {
                "οχι" | "αντι" | "εκτοσ" | "πλην" | "αποκλειεται" | "μη" | "μην" | "δε" | "δεν" | "ουτε" | "χωρισ" =>
                {
                    return true;
                }
                word if is_article(word) || is_passed_over(word) => {}
                _ => return false,
            }
        }
        false
    }

    fn refused_after(&self, end: usize) -> bool {
        // «την Τρίτη όχι», but «την Τρίτη, όχι την Τετάρτη»
        if self.word(end) == "οχι" && self.gap(end) == Gap::Space {
            return matches!(self.gap(end + 1), Gap::Comma | Gap::Stop);
        }
        if self.gap(end) == Gap::Stop || !matches!(self.word(end), "δε" | "δεν" | "αποκλειεται") {
            return false;
        }
        let verb = if matches!(self.word(end + 1), "με" | "μου" | "μασ" | "θα" | "τον" | "την") {
            end + 2
        } else {
            end + 1
        };
        let verb = if matches!(self.word(verb), "με" | "μου" | "μασ") { verb + 1 } else { verb };
        self.word(end) == "αποκλειεται" || is_suiting(self.word(verb))
    }

    /// «Με λένε Κυριακή», «ΚΕΠ Αγίας Παρασκευής», «οδός 3ης Σεπτεμβρίου».
    pub(super) fn is_name(&self, start: usize) -> bool {
        let Some(before) = start.checked_sub(1) else { return false };
        if matches!(self.gap(start), Gap::Stop | Gap::Comma) {
            return false;
        }
        let word = self.word(before);
        if matches!(
            word,
            "λενε"
                | "λεγομαι"
                | "ονομαζομαι"
                | "ονομα"
                | "κυρια"
                | "κα"
                | "κυριασ"
                | "αγια"
                | "αγιασ"
                | "αγ"
        ) {
            return true;
        }
        if matches!(word, "οδοσ" | "οδου" | "οδο" | "λεωφοροσ" | "λεωφορο" | "λεωφορου" | "πλατεια" | "πλατειασ")
        {
            return true;
        }
        let office = matches!(
            word,
            "κεπ"
                | "δημοσ"
                | "δημου"
                | "δημο"
                | "δημαρχειο"
                | "δου"
                | "τμημα"
                | "νοσοκομειο"
                | "ενορια"
                | "εφορια"
                | "δημαρχειου"
        );
        let of_street = word == "στην"
            && self.word(start).ends_with("ησ")
            && self.word(start).starts_with(|c: char| c.is_ascii_digit());
        (office && matches!(self.word(start), "του" | "τησ" | "αγιου" | "των")) || of_street
    }
}

/// Words between a refusal and its time: «δεν μπορώ να έρθω την Τρίτη».
fn is_passed_over(word: &str) -> bool {
    is_suiting(word)
        || matches!(
            word,
            "απο"
                | "στισ"
                | "για"
                | "να"
                | "με"
                | "μου"
                | "μασ"
                | "ειναι"
                | "ερθω"
                | "παω"
                | "ειμαι"
                | "αυτη"
                | "τα"
                | "μονο"
                | "πολυ"
        )
}

fn is_suiting(word: &str) -> bool {
    matches!(
        word,
        "μπορω"
            | "μπορουμε"
            | "βολευει"
            | "βολευουν"
            | "γινεται"
            | "κανει"
            | "θελω"
            | "θελουμε"
            | "ευκαιρω"
            | "προλαβαινω"
            | "εξυπηρετει"
            | "λεει"
    )
}
