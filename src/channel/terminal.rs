//! The terminal as a channel: what a citizen types becomes `Inbound`, what the bot answers becomes text.

use super::turn::{Choice, Inbound, Outbound, Status};

/// What a citizen's line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A turn.
    Turn(Inbound),
    /// Enough of it: `/telos`, `/τέλος`.
    End,
}

/// Reads a typed line; a bare number picks the choice with that number among the last `offered`.
#[must_use]
pub fn read(line: &str, offered: &[Choice]) -> Typed {
    let line = line.trim();
    if ["/telos", "/τελος", "/τέλος", "/quit", "/exit"].contains(&line.to_lowercase().as_str()) {
        return Typed::End;
    }
    let number = line.trim_end_matches('.').parse::<usize>().ok().filter(|number| *number > 0);
    match number.and_then(|number| offered.get(number - 1)) {
        Some(choice) => Typed::Turn(Inbound::Choice(choice.value.clone())),
        None => Typed::Turn(Inbound::Text(line.to_owned())),
    }
}

/// The choices of an answer, in the order in which [`render`] numbers them.
#[must_use]
pub fn choices(outbound: &Outbound) -> Vec<Choice> {
    outbound.replies.iter().flat_map(|reply| reply.choices.iter().cloned()).collect()
}

/// The text of an answer: each reply on its own lines, its choices numbered «1. …» through the whole answer.
#[must_use]
pub fn render(outbound: &Outbound) -> String {
    let mut lines = Vec::new();
    let mut number = 0;
    for reply in &outbound.replies {
        if !reply.display.is_empty() {
            lines.push(reply.display.clone());
        }
        for choice in &reply.choices {
            number += 1;
            lines.push(format!("  {number}. {}", choice.title));
        }
    }
    match outbound.status {
        Status::Open => {}
        Status::Ended => lines.push("(Η συνομιλία τελείωσε.)".to_owned()),
        Status::HandedOff => lines.push("(Τη συνομιλία συνεχίζει υπάλληλος.)".to_owned()),
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::turn::Reply;
    use super::*;

    fn choice(title: &str, value: &str) -> Choice {
        Choice { title: title.to_owned(), value: value.to_owned() }
    }

    fn answer(replies: Vec<Reply>, status: Status) -> Outbound {
        Outbound {
            turn: 1,
            replies,
            flow: None,
            awaiting: None,
            slots: serde_json::Map::new(),
            events: Vec::new(),
            status,
        }
    }

    fn two_replies() -> Vec<Reply> {
        let reply = |display: &str, choices| Reply { display: display.to_owned(), speak: String::new(), choices };
        vec![
            reply("Η πρώτη ελεύθερη ώρα είναι την Πέμπτη.", vec![]),
            reply("Ποια ώρα θέλετε;", vec![choice("Πέμπτη στις 10:15", "s1"), choice("Άλλη μέρα", "other_day")]),
        ]
    }

    #[test]
    fn replies_stand_in_order_and_choices_are_numbered() {
        let expected =
            "Η πρώτη ελεύθερη ώρα είναι την Πέμπτη.\nΠοια ώρα θέλετε;\n  1. Πέμπτη στις 10:15\n  2. Άλλη μέρα";
        assert_eq!(render(&answer(two_replies(), Status::Open)), expected);
    }

    #[test]
    fn an_end_is_said() {
        assert!(render(&answer(two_replies(), Status::Ended)).ends_with("(Η συνομιλία τελείωσε.)"));
    }

    #[test]
    fn a_bare_number_picks_the_choice_and_any_other_number_is_text() {
        let offered = choices(&answer(two_replies(), Status::Open));
        assert_eq!(read(" 2 ", &offered), Typed::Turn(Inbound::Choice("other_day".to_owned())));
        assert_eq!(read("1.", &offered), Typed::Turn(Inbound::Choice("s1".to_owned())));
        for text in ["3", "0", "6912345678", "στις 10"] {
            assert_eq!(read(text, &offered), Typed::Turn(Inbound::Text(text.to_owned())));
        }
    }

    #[test]
    fn the_end_can_be_asked_for_in_both_scripts() {
        assert_eq!(read("/telos", &[]), Typed::End);
        assert_eq!(read("/Τέλος", &[]), Typed::End);
        assert_eq!(read("τέλος", &[]), Typed::Turn(Inbound::Text("τέλος".to_owned())));
    }
}
