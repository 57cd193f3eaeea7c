//! Makes a sentence that was written for the eye sayable.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::link::link;
use crate::greek::Gender;
use crate::greek::fold;
use crate::greek::name::first_name_gender;
use crate::greek::number;

mod figure;

static SAYINGS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    crate::greek::table(include_str!("../data/sayings.tsv"))
        .filter_map(|row| Some((fold::fold(row[0]), *row.get(1)?)))
        .collect()
});

/// How a word or abbreviation is said, when not as it is written.
pub(super) fn saying(word: &str) -> Option<&'static str> {
    SAYINGS.get(fold::fold(word).as_str()).copied()
}

/// Any sentence for the eye, as it is said: dates, times, telephones, references, amounts, percentages, ordinals,
/// abbreviations and addresses in words; quotes, bullets and emoji left out.
///
/// Text that holds none of these comes back as it is.
#[must_use]
pub fn text(display: &str) -> String {
    let mut reader = Reader { chars: display.chars().collect(), at: 0, said: String::with_capacity(display.len() * 2) };
    while reader.at < reader.chars.len() {
        reader.step();
    }
    tidy(&reader.said)
}

/// Reads the display text from left to right and writes what is said.
struct Reader {
    chars: Vec<char>,
    at: usize,
    said: String,
}

impl Reader {
    fn step(&mut self) {
        let c = self.chars[self.at];
        let begins_word = self.at == 0 || !self.chars[self.at - 1].is_alphabetic();
        if c.is_ascii_digit() || (matches!(c, '+' | '€') && self.peek(1).is_some_and(|c| c.is_ascii_digit())) {
            figure::say(self);
        } else if c.is_alphabetic() && begins_word {
            self.word();
        } else {
            self.symbol(c);
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn slice(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }

    /// The last word said so far, as written.
    fn last_word(&self) -> &str {
        self.said.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
    }

    /// The word after `from`, past spaces, lower case.
    fn next_word(&self, from: usize) -> String {
        let rest = &self.chars[from.min(self.chars.len())..];
        rest.iter()
            .skip_while(|c| **c == ' ')
            .take_while(|c| c.is_alphabetic())
            .flat_map(|c| c.to_lowercase())
            .collect()
    }

    fn push(&mut self, words: &str, end: usize) {
        self.said.push_str(words);
        self.at = end;
    }

    fn word(&mut self) {
        let start = self.at;
        if let Some(end) = self.link_end() {
            return self.push(&link(&self.slice(start, end)), end);
        }
        if let Some(end) = self.reference_end() {
            return self.push(&super::code(&self.slice(start, end)), end);
        }
        if let Some(name) = self.letter_numeral() {
            return self.push(name, start + 2);
        }
        if let Some(said) = self.letter_at_figure() {
            return self.push(&said, start + 1);
        }
        let dotted = self.run(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
        if let Some((said, end)) = self.abbreviation(start, dotted) {
            return self.push(&said, end);
        }
        let whole = self.run(char::is_alphanumeric);
        // Digits that belong to a known name stay with it (ΚΠΑ2); others are said as figures.
        let end = if saying(&self.slice(start, whole)).is_some() { whole } else { self.run(char::is_alphabetic) };
        let word = self.slice(start, end);
        let said = match saying(&word)
            .map(|said| if matches!(self.last_word(), "του" | "της") { genitive(said) } else { said })
        {
            // Words of the table that are also ordinary words are abbreviations only in capitals.
            Some(said)
                if is_capitals(&word) || !word.chars().all(fold::is_greek_letter) || word.chars().count() < 4 =>
            {
                said.to_owned()
            }
            _ if is_capitals(&word) && word.chars().all(char::is_alphabetic) => capitals(&word),
            _ => word,
        };
        self.push(&said, end);
    }

    /// «Α΄», «Β'»: a letter that numbers. «Σ'» and «Θ'» are words cut short.
    fn letter_numeral(&self) -> Option<&'static str> {
        let is_numeral = matches!(self.chars[self.at], 'Α'..='Η' | 'Ι'..='Ρ' | 'Τ'..='Ω');
        let is_marked = matches!(self.peek(1), Some('΄' | '\'' | '’' | '´' | 'ʹ'));
        let is_alone = !self.peek(2).is_some_and(char::is_alphanumeric);
        (is_numeral && is_marked && is_alone).then(|| super::letter_name(self.chars[self.at]))?
    }

    /// «έντυπο Ε9», «παράγραφος 9Α»: a capital that touches a figure; «4x6» is a product.
    fn letter_at_figure(&self) -> Option<String> {
        let before = self.at > 0 && self.chars[self.at - 1].is_ascii_digit();
        let after = self.peek(1).is_some_and(|c| c.is_ascii_digit());
        let is_alone = after || !self.peek(1).is_some_and(char::is_alphanumeric);
        match self.chars[self.at] {
            'x' | 'χ' | 'X' | 'Χ' if before && after => Some("επί ".to_owned()),
            c if c.is_uppercase() && is_alone && (before || after) => {
                super::letter_name(c).map(|name| format!("{name}{}", if after { " " } else { "" }))
            }
            _ => None,
        }
    }

    /// Where the run of characters that satisfy `belongs` from here on ends.
    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        (self.at..self.chars.len()).find(|i| !belongs(self.chars[*i])).unwrap_or(self.chars.len())
    }

    /// An abbreviation with dots or a hyphen inside, or one followed by its dot.
    fn abbreviation(&self, start: usize, end: usize) -> Option<(String, usize)> {
        let whole = self.slice(start, end);
        if whole == "κ." || whole == "κ" {
            return Some((self.mister(), end));
        }
        if let "κα" | "κας" | "κ.κ." = whole.trim_end_matches('.') {
            let said = if whole.starts_with("κας") { "κυρίας" } else { "κυρία" };
            return self.next_is_name(end).then(|| (said.to_owned(), end));
        }
        if !whole.contains(['.', '-']) {
            return None;
        }
        // «ν.344/1976»
        if (whole.starts_with("ν.") || whole.starts_with("Ν.")) && self.peek(2).is_some_and(|c| c.is_ascii_digit()) {
            return Some((format!("{} ", self.law()), start + 2));
        }
        if let "Αγ." | "Ν." | "ν." = whole.as_str() {
            let next = self.chars[end..].iter().find(|c| !c.is_whitespace())?;
            return Some((self.short_of_name(&whole, next.is_ascii_digit(), end)?.to_owned(), end));
        }
        let without_dot = whole.trim_end_matches(['.', '-']);
        let ends_sentence = whole.ends_with('.') && self.ends_sentence(end);
        let found = saying(&whole).or_else(|| {
            (without_dot.contains(['.', '-']))
                .then(|| saying(&format!("{without_dot}.")).or_else(|| saying(without_dot)))?
        })?;
        let found = if matches!(self.last_word(), "του" | "της") { genitive(found) } else { found };
        Some((if ends_sentence { format!("{found}.") } else { found.to_owned() }, end))
    }

    /// «Αγ.», «Ν.» of places, «ν.» of laws.
    fn short_of_name(&self, whole: &str, before_digit: bool, end: usize) -> Option<&'static str> {
        match whole {
            "Αγ." => Some(self.saint(end)),
            "ν." | "Ν." if before_digit => Some(self.law()),
            "ν." => None,
            _ => self.new_place(end),
        }
    }

    /// «Ν. Σμύρνη», «Ν. Ηρακλείου»; `None` before what is no such place.
    fn new_place(&self, end: usize) -> Option<&'static str> {
        const PLACES: [&str; 12] = [
            "σμυρν",
            "ιωνι",
            "φιλαδελφ",
            "ερυθραι",
            "πεντελ",
            "χαλκηδ",
            "μακρη",
            "περαμ",
            "μουδαν",
            "ηρακλει",
            "ψυχικ",
            "κηφισι",
        ];
        let name = fold::fold(&self.next_word(end));
        PLACES.iter().any(|place| name.starts_with(place)).then(|| match name.chars().last() {
            Some('σ') => "Νέας",
            Some('ο') => "Νέο",
            Some('υ') => "Νέου",
            _ => "Νέα",
        })
    }

    /// «ν.» before the number of a law, in the case that the word before it asks for.
    fn law(&self) -> &'static str {
        match self.last_word().to_lowercase().as_str() {
            "του" => "νόμου",
            "τον" | "στον" | "το" | "στο" | "με" | "από" => "νόμο",
            _ => "νόμος",
        }
    }

    /// «Αγ.» as the name after it asks for: Αγίας Παρασκευής, Άγιος Δημήτριος, Αγίων Αναργύρων.
    fn saint(&self, end: usize) -> &'static str {
        let name = self.next_word(end);
        let folded = fold::fold(&name);
        let ends = |ending: &str| folded.ends_with(ending);
        let is_man = first_name_gender(&name) == Some(Gender::Masculine);
        match () {
            () if ends("ων") => "Αγίων",
            () if ends("ουσ") => "Αγίους",
            () if ends("οι") => "Άγιοι",
            () if ends("οσ") => "Άγιος",
            () if ends("ο") => "Άγιο",
            () if is_man && (ends("ασ") || ends("ησ")) => "Άγιος",
            () if ends("ασ") || ends("ησ") => "Αγίας",
            () if is_man && matches!(self.last_word(), "τον" | "στον") => "Άγιο",
            () if !is_man && (ends("α") || ends("η")) => "Αγία",
            () => "Αγίου",
        }
    }

    /// Nothing follows, or a capital does, after a space.
    fn ends_sentence(&self, end: usize) -> bool {
        self.chars[end..].iter().all(|c| c.is_whitespace())
    }

    fn next_is_name(&self, end: usize) -> bool {
        self.chars[end..].iter().find(|c| !c.is_whitespace()).is_some_and(|c| c.is_uppercase())
    }

    /// «κ.» in the case that the word before it asks for.
    fn mister(&self) -> String {
        match self.last_word().to_lowercase().as_str() {
            "του" => "κυρίου",
            "τον" | "στον" => "κύριο",
            "η" => "κυρία",
            "την" | "στην" | "τη" | "στη" => "κυρία",
            "της" => "κυρίας",
            "ο" => "κύριος",
            _ => "κύριε",
        }
        .to_owned()
    }

    /// The end of an address such as `gov.gr/x` or a mailbox that begins here.
    fn link_end(&self) -> Option<usize> {
        let belongs =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | ':' | '_' | '-' | '@' | '?' | '=' | '&');
        let mut end = self.run(belongs);
        while end > self.at && !self.chars[end - 1].is_ascii_alphanumeric() {
            end -= 1;
        }
        let word = self.slice(self.at, end);
        let has_domain = word.split(['.', '/']).skip(1).any(|label| {
            label.len() > 1 && label.bytes().all(|b| b.is_ascii_alphabetic()) && word.contains(&format!(".{label}"))
        });
        (has_domain || word.contains('@') && word.contains('.')).then_some(end)
    }

    /// The end of `KTA-48273`, in Latin or Greek capitals.
    fn reference_end(&self) -> Option<usize> {
        let letters = (0..3).all(|i| self.peek(i).is_some_and(|c| c.is_uppercase()));
        let digits = (4..9).all(|i| self.peek(i).is_some_and(|c| c.is_ascii_digit()));
        let alone = !self.peek(9).is_some_and(char::is_alphanumeric);
        (letters && digits && alone && self.peek(3) == Some('-')).then_some(self.at + 9)
    }

    fn symbol(&mut self, c: char) {
        let next = self.at + 1;
        let spaced = self.at > 0 && self.chars[self.at - 1].is_whitespace();
        match c {
            '\n' => self.line_break(),
            '(' if self.repeats_the_number() => {
                let close = self.chars[next..].iter().position(|c| *c == ')').map_or(next, |ahead| next + ahead + 1);
                return self.at = close;
            }
            '(' | ')' | '[' | ']' => self.pause(),
            '–' | '—' if spaced => self.pause(),
            '-' if self.said.trim_end().is_empty() || self.said.ends_with(['\n', '.']) => {}
            '-' if spaced && self.peek(1) == Some(' ') => self.pause(),
            // «Δευτέρα–Παρασκευή»
            '–' | '—' if self.said.ends_with(char::is_alphabetic) => self.said.push_str(" έως "),
            '-' | '–' | '—' => self.said.push(' '),
            '/' => self.slash(),
            '&' => self.said.push_str(" και "),
            '€' => self.said.push_str(" ευρώ"),
            '%' => self.said.push_str(" τοις εκατό"),
            '@' => self.said.push_str(" παπάκι "),
            '½' if self.said.trim_end().ends_with(char::is_alphabetic) && !spaced => self.said.push_str(" και μισό"),
            '½' => self.said.push_str("μισό"),
            '¼' => self.said.push_str("ένα τέταρτο"),
            '¾' => self.said.push_str("τρία τέταρτα"),
            '…' => self.said.push('.'),
            '.' | ':' | ',' | ';' | '!' | '?' | '·' | '\u{37E}' | '\'' | '’' | ' ' | '΄' => self.said.push(c),
            c if c.is_whitespace() => self.said.push(' '),
            c if c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36F}') => self.said.push(c),
            // Quotes, bullets, emoji, marks of emphasis.
            _ => {}
        }
        self.at = next;
    }

    /// «πατέρας/μητέρα» is a choice; «και/ή» already says so.
    fn slash(&mut self) {
        let joins = self.peek(1).is_some_and(char::is_alphanumeric) && self.next_word(self.at + 1) != "ή";
        let said = if joins { " ή " } else { " " };
        self.said.push_str(said);
    }

    /// «ένας (1) μάρτυρας», «δέκα (10) ετών»: the bracket says again in figures what was said in words.
    fn repeats_the_number(&self) -> bool {
        let inside: Vec<char> = self.chars[self.at + 1..].iter().copied().take(8).take_while(|c| *c != ')').collect();
        let is_closed = self.peek(inside.len() + 1) == Some(')');
        let figures = inside.iter().take_while(|c| c.is_ascii_digit()).count();
        let is_number = figures > 0 && inside[figures..].iter().all(|c| c.is_alphabetic());
        let last = fold::tokens(self.last_word());
        let in_words = number::cardinal(&last, 0).is_some() || number::ordinal(&last, 0).is_some();
        is_closed && is_number && in_words
    }

    fn pause(&mut self) {
        if self.said.trim_end().ends_with(char::is_alphanumeric) {
            let kept = self.said.trim_end().len();
            self.said.truncate(kept);
            self.said.push_str(", ");
        }
    }

    fn line_break(&mut self) {
        let kept = self.said.trim_end().len();
        self.said.truncate(kept);
        if self.said.ends_with(char::is_alphanumeric) {
            self.said.push('.');
        }
        self.said.push(' ');
    }
}

/// The genitive of what an abbreviation means: «της παρ. 3», «του π.δ.».
fn genitive(said: &'static str) -> &'static str {
    match said {
        "παράγραφος" => "παραγράφου",
        "άρθρο" => "άρθρου",
        "προεδρικό διάταγμα" => "προεδρικού διατάγματος",
        "νομοθετικό διάταγμα" => "νομοθετικού διατάγματος",
        "αστυνομικό τμήμα" => "αστυνομικού τμήματος",
        "υπουργική απόφαση" => "υπουργικής απόφασης",
        "κοινή υπουργική απόφαση" => "κοινής υπουργικής απόφασης",
        "αριθμός" => "αριθμού",
        other => other,
    }
}

fn is_capitals(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Unknown capitals: spelled where they cannot be read as a word, left as a word otherwise.
fn capitals(word: &str) -> String {
    let lower = word.to_lowercase();
    let has_vowel = fold::fold(&lower).contains(['α', 'ε', 'η', 'ι', 'ο', 'υ', 'ω', 'a', 'e', 'i', 'o', 'u', 'y']);
    if has_vowel { lower } else { super::code(word).replace(',', "") }
}

/// Single spaces, none before punctuation, no doubled marks.
fn tidy(said: &str) -> String {
    let mut tidied = String::with_capacity(said.len());
    for c in said.chars() {
        let mark = matches!(c, '.' | ',' | ';' | '!' | '?' | ':' | '·');
        if mark {
            tidied.truncate(tidied.trim_end().len());
            if c == ',' && tidied.ends_with(['.', ',', '!', ';', ':']) || c == '.' && tidied.ends_with(['.', '!', ';'])
            {
                continue;
            }
            if tidied.ends_with(',') {
                tidied.pop();
            }
            if tidied.is_empty() {
                continue;
            }
            tidied.push(c);
        } else if c == ' ' {
            if !tidied.is_empty() && !tidied.ends_with(' ') {
                tidied.push(' ');
            }
        } else {
            tidied.push(c);
        }
    }
    let kept = tidied.trim_end().trim_end_matches(',').len();
    tidied.truncate(kept);
    tidied
}
