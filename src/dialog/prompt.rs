//! Wording: templates for the eye and the ear, and the buttons that go with them.

use minijinja::{Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use super::facts::Facts;
use crate::channel::turn::{Choice, Reply};
use crate::greek;

/// Where a question takes its buttons from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceSource {
    /// Organisations, or the services of the known organisation, or the readings of an unclear word.
    Services,
    /// Offices that offer the service.
    Offices,
    /// Modes in which the service is served.
    Modes,
    /// The offered times.
    Offers,
    /// Appointments proven in this conversation.
    Appointments,
    /// What can be changed at a read-back.
    Fields,
    /// What one can do with the thing that was named.
    Purposes,
}

/// One message: its templates by name, its buttons.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// Name of the display template.
    pub display: String,
    /// Name of the speak template; when absent the displayed sentence is made sayable.
    pub speak: Option<String>,
    /// Fixed buttons.
    pub choices: Vec<Choice>,
    /// Buttons made from facts; they come first.
    pub choices_from: Option<ChoiceSource>,
}

/// All templates, compiled.
pub struct Wording {
    environment: Environment<'static>,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wording")
    }
}

impl Default for Wording {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.add_filter("digits", |text: String| greek::speak::digits(&text));
        environment.add_filter("code", |text: String| greek::speak::code(&text));
        environment.add_filter("sayable", |text: String| greek::speak::text(&text));
        environment.add_filter("capital", |text: String| capital(&text));
        Self { environment }
    }
}

impl Wording {
    /// Adds a template.
    ///
    /// # Errors
    /// The line inside the template and what is wrong with it.
    pub fn add(&mut self, name: &str, source: &str) -> Result<(), (u64, String)> {
        let wrong = |e: &minijinja::Error| (e.line().map_or(0, |l| l as u64 - 1), e.to_string());
        self.environment.add_template_owned(name.to_owned(), source.to_owned()).map_err(|e| wrong(&e))?;
        let template = self.environment.get_template(name).map_err(|e| wrong(&e))?;
        let mut unknown: Vec<String> =
            template.undeclared_variables(false).into_iter().filter(|v| !Facts::NAMES.contains(&v.as_str())).collect();
        unknown.sort();
        match unknown.first() {
            Some(name) => Err((0, format!("unknown fact `{name}`; known: {}", Facts::NAMES.join(", ")))),
            None => Ok(()),
        }
    }

    /// Renders a message; `made` are the buttons that its `choices_from` gave.
    ///
    /// # Panics
    /// Never on checked flows with the facts their place provides; a template that asks for an absent fact says so in the
    /// log and is replaced by an apology, so that a citizen is never left without an answer.
    #[must_use]
    pub fn render(&self, prompt: &Prompt, facts: &Facts, made: Vec<Choice>) -> Reply {
        let display = self.fill(&prompt.display, facts);
        let speak = match &prompt.speak {
            Some(name) => self.fill(name, facts),
            None => greek::speak::text(&display),
        };
        let choices = made.into_iter().chain(prompt.choices.iter().cloned()).collect();
        Reply { display, speak, choices }
    }

    fn fill(&self, name: &str, facts: &Facts) -> String {
        let rendered =
            self.environment.get_template(name).and_then(|template| template.render(minijinja::value::Serde(facts)));
        match rendered {
            Ok(text) => text.split_whitespace_keeping_lines(),
            Err(error) => {
                tracing::error!(template = name, %error, "a message could not be worded");
                "Συγγνώμη, κάτι δεν πήγε καλά. Μπορείτε να το πείτε ξανά;".to_owned()
            }
        }
    }
}

/// Text without doubled spaces that conditional parts of templates leave, its lines kept.
trait KeepLines {
    fn split_whitespace_keeping_lines(&self) -> String;
}

impl KeepLines for String {
    fn split_whitespace_keeping_lines(&self) -> String {
        let lines = self.trim().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>().join("\n").replace(" .", ".").replace(" ,", ",").replace(" ;", ";")
    }
}

/// The text with its first letter a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
