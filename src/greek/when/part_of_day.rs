//! Parts of the day: «το πρωί», «αργά το απόγευμα», «πρωινές ώρες».

use super::parser::Parser;
use super::phrase::Phrase;
use super::word::is_article;

/// A part of the day with its hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// Minutes from midnight.
    pub(super) from: i64,
    /// Minutes from midnight, exclusive.
    pub(super) to: i64,
}

/// The parts of the day, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ξημερώματα
    Dawn,
    /// πρωί
    Morning,
    /// μεσημέρι
    Noon,
    /// απόγευμα
    Afternoon,
    /// βράδυ
    Evening,
}

impl Part {
    pub(super) fn new(kind: Kind) -> Self {
        let (from, to) = match kind {
            Kind::Dawn => (0, 6),
            Kind::Morning => (6, 12),
            Kind::Noon => (12, 16),
            Kind::Afternoon => (16, 20),
            Kind::Evening => (20, 24),
        };
        Self { kind, from: from * 60, to: to * 60 }
    }

    fn half(self, late: bool) -> Self {
        let middle = i64::midpoint(self.from, self.to);
        if late { Self { from: middle, ..self } } else { Self { to: middle, ..self } }
    }
}

pub(super) fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "ξημερωματα" | "χαραματα" | "ξημερωμα" => Kind::Dawn,
        "πρωι" | "πρωινο" | "πρωινη" | "πρωινησ" | "πρωινεσ" | "πρωινα" | "πρωινου" | "πρωινων" | "πρωιου" => {
            Kind::Morning
        }
        "μεσημερι"
        | "μεσημερια"
        | "μεσημεριου"
        | "μεσημερακι"
        | "μεσημεριανο"
        | "μεσημεριανη"
        | "μεσημεριανεσ"
        | "μεσημεριατικα" => Kind::Noon,
        "απογευμα"
        | "απογευματα"
        | "απογευματοσ"
        | "απογευματακι"
        | "απογευματινο"
        | "απογευματινη"
        | "απογευματινεσ"
        | "απογευματινα"
        | "απογευματινων"
        | "δειλινο" => Kind::Afternoon,
        "βραδυ" | "βραδια" | "βραδυα" | "βραδιου" | "βραδακι" | "βραδυνο" | "βραδινο" | "βραδινη" | "βραδινεσ"
        | "βραδινα" | "νυχτα" | "μεσανυχτα" => Kind::Evening,
        _ => return None,
    })
}

impl Parser<'_> {
    /// «πρωί», «νωρίς το πρωί», «πρωινές ώρες».
    pub(super) fn part_of_day(&self, at: usize) -> Option<(Part, usize)> {
        let late = match self.word(at) {
            "νωρισ" | "νωριτερα" => Some(false),
            "αργα" => Some(true),
            _ => None,
        };
        let Some(late) = late else { return self.plain_part(at) };
        let begin = if is_article(self.word(at + 1)) { at + 2 } else { at + 1 };
        self.plain_part(begin).map(|(part, end)| (part.half(late), end))
    }

    /// «πρωί», «πρωινές ώρες», without more.
    pub(super) fn plain_part(&self, at: usize) -> Option<(Part, usize)> {
        let found = kind(self.word(at))?;
        let mut end = at + 1;
        // «πρωί πρωί», «πρωινές ώρες»
        if kind(self.word(end)) == Some(found) || matches!(self.word(end), "ωρεσ" | "ωρα" | "ωρων") {
            end += 1;
        }
        Some((Part::new(found), end))
    }

    /// A part of the day right after a clock time, with or without its article: «το πρωί».
    pub(super) fn part_after(&self, at: usize) -> Option<(Part, usize)> {
        if matches!(self.word(at), "το" | "τα" | "του" | "τη") {
            return self.plain_part(at + 1);
        }
        self.plain_part(at)
    }

    pub(super) fn part_piece(&self, at: usize) -> Option<(Phrase, usize)> {
        self.part_of_day(at).map(|(part, end)| (part.into(), end))
    }
}
