//! Texts of the registry: what in them is not text is left out, and they are shortened where they are too long.
//!
//! A text of the registry is data. It was filled in by many hands, may hold pieces of pages, and is never obeyed.

/// The longest text that is looked at, characters; what is longer was pasted by mistake.
const LONGEST: usize = 20_000;
/// The signs that pages write by name and that occur in the registry.
const NAMED: [(&str, char); 10] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ndash", '–'),
    ("mdash", '—'),
    ("laquo", '«'),
    ("raquo", '»'),
];
/// Short words with a point that end no sentence, folded.
const POINTED: [&str; 18] = [
    "αρ",
    "αρθ",
    "αριθ",
    "αριθμ",
    "παρ",
    "περ",
    "υποπαρ",
    "εδ",
    "κεφ",
    "στοιχ",
    "σελ",
    "τηλ",
    "βλ",
    "πρωτ",
    "δηλ",
    "κλπ",
    "λπ",
    "χιλ",
];
/// Words with which a name breaks off badly, folded.
const HANGING: [&str; 34] = [
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
    "τουσ",
    "τισ",
    "και",
    "ή",
    "σε",
    "στο",
    "στον",
    "στη",
    "στην",
    "στα",
    "στισ",
    "στουσ",
    "απο",
    "για",
    "με",
    "περι",
    "κατα",
    "προσ",
    "ωσ",
    "εκ",
    "ειτε",
    "δυο",
    "αν",
    "να",
];
/// Beginnings of what is a remark and no more the name of a thing.
const REMARKS: [&str; 13] = [
    " ότι ",
    " όπου ",
    " που ",
    " εφόσον ",
    " ώστε ",
    " όταν ",
    " εάν ",
    " αν ",
    " σε περίπτωση ",
    " στην περίπτωση ",
    " από το οποίο ",
    " από την οποία ",
    " από τα οποία ",
];

/// A text without tags, named signs, control signs, signs that turn the direction of writing and signs that nobody sees;
/// white space in one.
#[must_use]
pub fn clean(text: &str) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    let plain = without_tags(&with_signs(&text));
    let seen: String = plain.chars().filter_map(seen).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A sign as it is kept: white space for what only divides, nothing for what nobody sees.
fn seen(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => None,
        c if c.is_control() || c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// A text with the signs that pages write by name or by number.
fn with_signs(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let name: String = after.chars().take(8).take_while(|c| *c != ';').collect();
        let is_closed = after[name.len()..].starts_with(';');
        match sign(&name).filter(|_| is_closed) {
            Some(sign) => {
                plain.push(sign);
                rest = &after[name.len() + 1..];
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn sign(name: &str) -> Option<char> {
    match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, sign)| *sign),
    }
}

/// A text without HTML tags and without what stands in scripts and styles; a lone `<` is a sign like any other.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match after.split_once('>') {
            Some((tag, behind)) if is_tag => {
                plain.push(' ');
                rest = behind_unread(tag, behind);
            }
            _ => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// What comes after a tag: after a script or a style, what comes after its end.
fn behind_unread<'a>(tag: &str, behind: &'a str) -> &'a str {
    let name = tag.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    if !["script", "style"].contains(&name.as_str()) {
        return behind;
    }
    behind.to_ascii_lowercase().find(&format!("</{name}")).map_or("", |end| &behind[end..])
}

/// A text and whether something of it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// Whole sentences, or the words of the first one, without a sign at the end that says so.
    pub text: String,
    /// Whether there was more.
    pub cut: bool,
}

/// Whole sentences up to so many characters; of a first sentence that is longer, its whole words.
#[must_use]
pub fn fit(text: &str, longest: usize) -> Fitted {
    if text.chars().count() <= longest {
        return Fitted { text: text.to_owned(), cut: false };
    }
    let mut kept = 0;
    for sentence in sentences(text) {
        let end = kept + sentence.len();
        if text[..end].trim_end().chars().count() > longest {
            break;
        }
        kept = end;
    }
    if kept > 0 {
        return Fitted { text: text[..kept].trim_end().to_owned(), cut: true };
    }
    let words = whole_words(text, longest);
    Fitted { text: words.trim_end_matches([',', ';', ':', '·', '-', '–', '(', ' ']).to_owned(), cut: true }
}

/// Whole sentences, and the sign of what is missing where even the first is too long.
#[must_use]
pub fn shorten(text: &str, longest: usize) -> String {
    let fitted = fit(text, longest);
    let is_whole = !fitted.cut || fitted.text.ends_with(['.', '!', ';', '?']);
    if is_whole { fitted.text } else { format!("{}…", fitted.text) }
}

/// The sentences of a text with the space after each: together they are the text.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = sentence_end(rest);
        let (sentence, behind) = rest.split_at(end);
        rest = behind;
        (!sentence.is_empty()).then_some(sentence)
    })
}

fn sentence_end(text: &str) -> usize {
    let mut word = String::new();
    let mut signs = text.char_indices().peekable();
    while let Some((at, c)) = signs.next() {
        if matches!(c, '.' | '!' | ';' | '?' | '…') {
            let after = &text[at + c.len_utf8()..];
            let next = after.trim_start();
            let begins = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "«\"(•-–".contains(c));
            let ends_word = c != '.' || ends_sentence(&word);
            if after.starts_with(' ') && begins && ends_word {
                return text.len() - next.len();
            }
        }
        if c.is_alphanumeric() {
            word.push(c);
        } else if c != '.' || signs.peek().is_none_or(|(_, next)| !next.is_alphanumeric()) {
            word.clear();
        }
    }
    text.len()
}

/// Whether a point after this word may end a sentence: it does not after one or two letters or a known short word.
fn ends_sentence(word: &str) -> bool {
    let folded = crate::greek::fold::fold(word);
    let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    is_number || (word.chars().count() > 2 && !POINTED.contains(&folded.as_str()))
}

fn whole_words(text: &str, longest: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(longest) else { return text };
    match text[..end].rsplit_once(' ') {
        Some((words, _)) => words,
        None => &text[..end],
    }
}

/// The beginning of a description as the name of the thing: a clause of at most so many characters, in whole words, without
/// what hangs at its end.
#[must_use]
pub fn first_clause(text: &str, longest: usize) -> String {
    let first = sentences(text).next().unwrap_or_default();
    let stops = first.char_indices().filter(|(_, c)| matches!(c, ',' | ';' | ':' | '·' | '(' | '[')).map(|(at, _)| at);
    let remarks = REMARKS.iter().filter_map(|remark| first.find(remark));
    let dashes = [" - ", " – ", " / "].iter().filter_map(|dash| first.find(dash));
    // A clause of a letter or two, as in «α) …», is no name.
    let end = stops.chain(remarks).chain(dashes).filter(|at| first[..*at].chars().count() >= 8).min();
    let clause = first[..end.unwrap_or(first.len())].trim();
    let is_cut = clause.chars().count() > longest;
    let mut name = whole_words(clause, longest).trim();
    while is_cut && let Some((before, last)) = name.rsplit_once(' ') {
        if !HANGING.contains(&crate::greek::fold::fold(last).as_str()) && last != "ή" {
            break;
        }
        name = before;
    }
    let ends_in_point =
        name.ends_with('.') && ends_sentence(name.trim_end_matches('.').rsplit(' ').next().unwrap_or(name));
    let name = if ends_in_point { name.trim_end_matches('.') } else { name };
    capital(name.trim_end_matches([' ', '/', '-', '–', '&']))
}

/// A text with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_left_out() {
        for (text, cleaned) in [
            ("<p>Για παιδιά <b>κάτω</b> των 5, δηλαδή ηλικία < 5.</p>", "Για παιδιά κάτω των 5, δηλαδή ηλικία < 5."),
            ("α<script>alert('x')</script>β<style>p{}</style>γ", "α β γ"),
            ("<script>χωρίς τέλος", ""),
            ("Α &amp; Β&nbsp;&#8211;&#x3b3; &άλλο; &#99999999; 5 & 6", "Α & Β –γ &άλλο; &#99999999; 5 & 6"),
            ("&lt;b&gt;έντονο&lt;/b&gt;", "έντονο"),
            ("α\u{202e}β\u{2066}γ\u{200b}δ\u{feff}\u{7}\r\nε", "αβγδ ε"),
            ("{name} {{ 7*7 }} ${x}", "{name} {{ 7*7 }} ${x}"),
        ] {
            assert_eq!(clean(text), cleaned, "{text}");
        }
        assert!(clean(&"<a".repeat(100_000)).len() <= LONGEST, "long and hostile, and still quick");
    }

    #[test]
    fn sentences_end_where_they_do() {
        let text = "Κατά το αρ. 5 του ν. 1599/1986. Ισχύει π.χ. Για όλους; Ναι. τέλος 10. Και";
        let found: Vec<&str> = sentences(text).map(str::trim).collect();
        let expected = ["Κατά το αρ. 5 του ν. 1599/1986.", "Ισχύει π.χ. Για όλους;", "Ναι. τέλος 10.", "Και"];
        assert_eq!(found, expected);
        assert_eq!(sentences(text).collect::<String>(), text);
    }

    #[test]
    fn long_texts_keep_whole_sentences_or_whole_words() {
        assert_eq!(shorten("Πρώτη πρόταση. Δεύτερη πρόταση.", 20), "Πρώτη πρόταση.");
        assert_eq!(shorten("Μια πολύ μακριά, πρόταση", 18), "Μια πολύ μακριά…");
        assert_eq!(shorten("Ως έχει", 7), "Ως έχει");
        assert_eq!(shorten(&"α".repeat(50), 10).chars().count(), 11);
        assert!(fit("Πρώτη. Δεύτερη.", 8).cut);
    }

    #[test]
    fn a_clause_makes_a_name() {
        for (text, name) in [
            (
                "Έγγραφο εννόμου συμφέροντος, σε περίπτωση που ο αιτών δεν είναι διάδικος.",
                "Έγγραφο εννόμου συμφέροντος",
            ),
            ("πρόσφατος λογαριασμός ρεύματος.", "Πρόσφατος λογαριασμός ρεύματος"),
            ("Έγγραφο που αποδεικνύει το έννομο συμφέρον", "Έγγραφο που αποδεικνύει το έννομο συμφέρον"),
            ("Βεβαίωση εργοδότη ότι εργάζεστε", "Βεβαίωση εργοδότη"),
            (
                "Βεβαίωση του αρμόδιου φορέα για την εγγραφή σας στα μητρώα της υπηρεσίας",
                "Βεβαίωση του αρμόδιου φορέα για την εγγραφή σας στα μητρώα",
            ),
            ("", ""),
        ] {
            assert_eq!(first_clause(text, 60), name);
        }
    }
}
