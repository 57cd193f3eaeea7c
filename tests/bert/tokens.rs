//! From utterances to word pieces.

use ariadni::nlu::bert::tokenizer::Tokenizer;
use ariadni::nlu::bert::vocabulary::{Spelling, Vocabulary};
use ariadni::nlu::utterance::Utterance;

/// Numbered from 0: `[PAD]` 0, `[UNK]` 1, `[CLS]` 2, `[SEP]` 3, the words from 4.
fn vocabulary(words: &[&str]) -> Vocabulary {
    let text = format!("[PAD]\n[UNK]\n[CLS]\n[SEP]\n{}\n", words.join("\n"));
    Vocabulary::parse(&text).expect("a vocabulary")
}

#[test]
fn words_are_cut_into_the_longest_pieces() {
    let vocabulary = vocabulary(&["ραντ", "ραντεβου", "##εβου", "##δακι", "##δ"]);
    let cases: &[(&str, &[i64])] =
        &[("ραντεβου", &[5]), ("ραντεβουδακι", &[5, 7]), ("ραντεβουδ", &[5, 8]), ("ραντεβουλα", &[1]), ("", &[])];
    for (word, pieces) in cases {
        assert_eq!(vocabulary.cut(word), *pieces, "{word}");
    }
    assert_eq!(vocabulary.cut(&"ραντ".repeat(26)), [1], "over a hundred letters");
    assert_eq!(vocabulary.size(), 9);
}

#[test]
fn how_words_are_spelt_is_seen_from_the_vocabulary() {
    let bare = vocabulary(&["καλημερα", "##ας", "ναι"]).spelling();
    assert_eq!(bare, Spelling { lower_case: true, no_accents: true });
    assert_eq!(bare.apply("ΚΑΛΗΜΈΡΑ ΣΑΣ, Ναΐ"), "καλημερα σας, ναι");
    let written = vocabulary(&["Καλημέρα", "καλημέρα", "ναι", "Όχι"]).spelling();
    assert_eq!(written, Spelling { lower_case: false, no_accents: false });
    assert_eq!(written.apply("Καλημε\u{301}ρα"), "Καλημέρα");
    let small = vocabulary(&["καλημέρα", "όχι", "ναι"]).spelling();
    assert_eq!(small, Spelling { lower_case: true, no_accents: false });
    let few = std::iter::repeat_n("ναι", 60).chain(["É", "ή"]).collect::<Vec<_>>();
    assert_eq!(vocabulary(&few).spelling(), bare, "a stranger among many");
}

#[test]
fn a_file_that_is_no_vocabulary_says_what_it_lacks() {
    let error = Vocabulary::parse("[PAD]\n[UNK]\n[CLS]\nναι\n").expect_err("no [SEP]");
    assert!(error.contains("[SEP]"), "{error}");
}

#[test]
fn utterances_stand_between_the_marks_and_punctuation_alone() {
    let tokenizer = Tokenizer::new(vocabulary(&["ναι", ",", ";", "σας", "ευχαριστω", "που"]), 16);
    let cases: &[(&str, &[i64])] = &[
        ("Ναι, ΕΥΧΑΡΙΣΤΏ ΣΑΣ", &[2, 4, 5, 8, 7, 3]),
        ("πού;", &[2, 9, 6, 3]),
        ("nai, efxaristo sas", &[2, 4, 5, 8, 7, 3]),
        ("", &[2, 3]),
        ("  \t\n", &[2, 3]),
        (";;", &[2, 6, 6, 3]),
        ("\u{0}\u{301}🙂🙂", &[2, 1, 1, 3]),
    ];
    for (text, pieces) in cases {
        assert_eq!(tokenizer.encode(&Utterance::new(text)), *pieces, "{text:?}");
    }
}

#[test]
fn what_is_too_long_loses_its_end_and_keeps_its_marks() {
    let tokenizer = Tokenizer::new(vocabulary(&["ναι", "οχι"]), 6);
    let text = "ναι όχι ".repeat(2_000);
    assert_eq!(tokenizer.encode(&Utterance::new(&text)), [2, 4, 5, 4, 5, 3]);
}

#[test]
fn of_an_utterance_without_its_beginning_only_the_rest_is_read() {
    let tokenizer = Tokenizer::new(vocabulary(&["ναι", "και", "ποσο", ";"]), 16);
    let whole = Utterance::new("ναι και πόσο;");
    let rest = Utterance { text: whole.text, words: whole.words[2..].to_vec() };
    assert_eq!(tokenizer.encode(&rest), [2, 6, 7, 3]);
}
