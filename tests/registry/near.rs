//! What the dialog takes a question for, over the whole registry: one procedure, or a few that it asks about.

use crate::search::{rows, whole_book};

/// The most questions, of a hundred, that may be answered with the wrong procedure, or asked about without the right one among the choices.
const WRONG: f64 = 7.5;
/// The most, of a hundred, about which it may be asked.
const ASKED: f64 = 36.0;

#[test]
fn few_questions_are_taken_for_another_and_most_are_not_asked_about() {
    let Some(book) = whole_book() else { return };
    let sets = [
        ("dev", include_str!("../procedures/queries.dev.tsv")),
        ("test", include_str!("../procedures/queries.test.tsv")),
    ];
    for (set, table) in sets {
        let (mut asked, mut wrong, mut missing, mut all) = (0.0, 0.0, 0.0, 0.0);
        for row in rows(table) {
            let near = book.near(row.query);
            let right = near.iter().any(|hit| row.ids.contains(&hit.id.as_str()));
            all += 1.0;
            asked += f64::from(u8::from(near.len() > 1));
            wrong += f64::from(u8::from(near.len() == 1 && !right));
            missing += f64::from(u8::from(near.len() != 1 && !right));
        }
        let share = |count: f64| count * 100.0 / all;
        println!(
            "{set}: {all} questions; asked about {:.1} %, wrong answer {:.1} %, right one not among the choices {:.1} %",
            share(asked),
            share(wrong),
            share(missing)
        );
        assert!(share(wrong) <= WRONG && share(missing) <= WRONG, "{set}");
        assert!(share(asked) <= ASKED, "{set}");
    }
}
