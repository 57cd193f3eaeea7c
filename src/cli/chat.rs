//! `ariadni chat`: the engine in the terminal, for a person or, with `--jsonl`, for a program.

use std::io::{BufRead, Write};

use anyhow::Context;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::Setup;
use crate::app::App;
use crate::channel::terminal::{self, Typed};
use crate::channel::turn::{Channel, Inbound, Outbound, Status};
use crate::conversation::{ConversationError, Conversations, Started};
use crate::http::{ApiError, ErrorBody};

/// Talk with Ariadni here; `/telos` or Ctrl-D ends
#[derive(Debug, clap::Args)]
pub struct Chat {
    /// One JSON object a line on stdin and on stdout (section 3 of the contract)
    #[arg(long)]
    jsonl: bool,
}

impl Chat {
    /// Holds one conversation to its end.
    ///
    /// # Errors
    /// The application cannot be opened, the conversation cannot begin, or stdin or stdout breaks.
    pub async fn run(self, setup: &Setup) -> anyhow::Result<()> {
        let app = App::open(setup.config.clone(), setup.clock.clone()).await?;
        let started = app.conversations.start(Channel::Terminal).await.context("cannot begin a conversation")?;
        let greeting = started.greeting.clone();
        let citizen = Here { conversations: &app.conversations, started };
        let mut stdout = std::io::stdout();
        if self.jsonl {
            in_json_lines(&citizen, &greeting, std::io::stdin().lock(), &mut stdout).await
        } else {
            with_a_person(&citizen, greeting, &mut stdout).await
        }
    }
}

/// Somebody who answers turns: the running application, or a script in the tests.
trait Answers {
    async fn answer(&self, inbound: Inbound) -> Result<Outbound, ConversationError>;
}

/// The one conversation of this terminal.
struct Here<'a> {
    conversations: &'a Conversations,
    started: Started,
}

impl Answers for Here<'_> {
    async fn answer(&self, inbound: Inbound) -> Result<Outbound, ConversationError> {
        self.conversations.turn(&self.started.id, &self.started.token, None, inbound).await
    }
}

/// One line out for each line in; a line that cannot be read or run is answered with an error and the conversation goes on.
async fn in_json_lines(
    citizen: &impl Answers,
    greeting: &Outbound,
    input: impl BufRead,
    output: &mut impl Write,
) -> anyhow::Result<()> {
    write_json(output, greeting)?;
    for line in input.split(b'\n') {
        let line = line.context("cannot read stdin")?;
        let answer = match serde_json::from_slice::<Inbound>(&line) {
            Ok(inbound) => citizen.answer(inbound).await.map_err(|error| ApiError::from(error).body),
            Err(error) => Err(malformed(&error)),
        };
        match answer {
            Ok(outbound) => write_json(output, &outbound)?,
            Err(error) => write_json(output, &error)?,
        }
    }
    Ok(())
}

fn write_json(output: &mut impl Write, value: &impl serde::Serialize) -> anyhow::Result<()> {
    let line = serde_json::to_string(value).context("cannot write the answer as JSON")?;
    writeln!(output, "{line}").and_then(|()| output.flush()).context("cannot write to stdout")
}

fn malformed(error: &serde_json::Error) -> ErrorBody {
    let mut refusal = ApiError::of_status(axum::http::StatusCode::BAD_REQUEST).body;
    refusal.error.message =
        format!("the line is not one of {{\"text\"}}, {{\"choice\"}}, {{\"dtmf\"}}, {{\"silence\"}}: {error}");
    refusal
}

/// Reads lines with editing; the history is kept in memory only, because it holds personal data.
async fn with_a_person(citizen: &impl Answers, greeting: Outbound, output: &mut impl Write) -> anyhow::Result<()> {
    let mut editor = DefaultEditor::new().context("cannot read from this terminal; for programs there is --jsonl")?;
    let mut last = greeting;
    loop {
        writeln!(output, "\n{}\n", terminal::render(&last)).context("cannot write to stdout")?;
        if last.status == Status::Ended {
            return Ok(());
        }
        last = loop {
            let line = match editor.readline("› ") {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => line,
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(()),
                Err(error) => return Err(error).context("cannot read from the terminal"),
            };
            // A history that is full or off is no reason to stop.
            let _ = editor.add_history_entry(&line);
            let Typed::Turn(inbound) = terminal::read(&line, &terminal::choices(&last)) else { return Ok(()) };
            match citizen.answer(inbound).await {
                Ok(outbound) => break outbound,
                Err(error) => writeln!(output, "\n{}\n", ApiError::from(error).body.error.message_el)
                    .context("cannot write to stdout")?,
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Answers a text with itself; refuses everything after «τέλος».
    struct Echo(std::cell::Cell<u32>);

    impl Answers for Echo {
        async fn answer(&self, inbound: Inbound) -> Result<Outbound, ConversationError> {
            match inbound {
                Inbound::Text(text) if text == "τέλος" => Err(ConversationError::Ended),
                other => {
                    self.0.set(self.0.get() + 1);
                    Ok(outbound(self.0.get(), &format!("{other:?}")))
                }
            }
        }
    }

    fn outbound(turn: u32, display: &str) -> Outbound {
        serde_json::from_value(serde_json::json!({
            "turn": turn, "replies": [{"display": display, "speak": display}], "flow": null, "awaiting": null,
            "slots": {}, "events": [], "status": "open",
        }))
        .expect("an answer")
    }

    async fn lines(input: &str) -> Vec<Value> {
        let mut output = Vec::new();
        let echo = Echo(std::cell::Cell::new(0));
        in_json_lines(&echo, &outbound(0, "Καλημέρα σας"), input.as_bytes(), &mut output).await.expect("written");
        let text = String::from_utf8(output).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    #[tokio::test]
    async fn one_line_goes_out_for_each_line_in_after_the_greeting() {
        let out = lines("{\"text\":\"γεια\"}\n{\"choice\":\"s1\"}\n{\"dtmf\":\"1#\"}\n{\"silence\":true}").await;
        let turns: Vec<_> = out.iter().map(|line| line["turn"].as_u64()).collect();
        assert_eq!(turns, [Some(0), Some(1), Some(2), Some(3), Some(4)]);
    }

    #[tokio::test]
    async fn what_cannot_be_read_or_run_is_answered_and_the_conversation_goes_on() {
        let out =
            lines("not json\n{\"text\":\"a\",\"choice\":\"b\"}\n\n{\"text\":\"τέλος\"}\n{\"text\":\"γεια\"}\n").await;
        let codes: Vec<_> = out.iter().map(|line| line["error"]["code"].as_str()).collect();
        let bad = Some("bad_request");
        assert_eq!(codes, [None, bad, bad, bad, Some("conversation_ended"), None]);
        assert!(out[1]["error"]["message_el"].as_str().is_some_and(|greek| !greek.is_empty()));
        assert_eq!(out[5]["turn"], 1);
    }
}
