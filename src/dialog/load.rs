//! Reads and checks the flow files; every complaint names file and line.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::apart::{Apart, FactSource};
use super::flow::{Action, Condition, Flow, Flows, SlotName, Step, StepKind};
use super::prompt::{ChoiceSource, Prompt, Wording};
use super::repair::SHARED_MESSAGES;
use crate::assets;
use crate::channel::turn::Choice;
use crate::nlu::Intent;
use crate::procedures::analysis::terms;

/// Something wrong in a flow file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct FlowError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong and what is expected.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowSource {
    flow: Spanned<String>,
    title: String,
    #[serde(default)]
    starts_on: Vec<Intent>,
    steps: Vec<Spanned<StepSource>>,
    #[serde(default)]
    messages: BTreeMap<String, PromptSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedSource {
    messages: BTreeMap<String, PromptSource>,
    #[serde(default)]
    questions: BTreeMap<String, Vec<PromptSource>>,
    #[serde(default)]
    fields: HashMap<SlotName, Vec<String>>,
    #[serde(default)]
    phrases: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepSource {
    ask: Option<SlotName>,
    #[serde(rename = "do")]
    action: Option<Action>,
    #[serde(default)]
    confirm: bool,
    #[serde(default)]
    continue_with_booking: bool,
    only_if: Option<Condition>,
    #[serde(default)]
    questions: Vec<PromptSource>,
    /// The name of questions that several flows share.
    shared_questions: Option<String>,
    why: Option<PromptSource>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct PromptSource {
    display: Spanned<String>,
    speak: Option<Spanned<String>>,
    #[serde(default)]
    choices: Vec<Choice>,
    choices_from: Option<ChoiceSource>,
}

impl Flows {
    /// The flows carried inside the binary.
    ///
    /// # Errors
    /// The first thing that is wrong in them, with file and line.
    pub fn bundled() -> Result<Self, FlowError> {
        Self::parse(&assets::texts::<assets::Dialogs>("", ".yaml"))
    }

    /// Reads flows from named texts: `shared.yaml`, `facts.yaml` and one file a flow.
    ///
    /// # Errors
    /// The first thing that is wrong in them, with file and line.
    pub fn parse(files: &[(String, String)]) -> Result<Self, FlowError> {
        let mut loader = Loader::default();
        let (shared, flows): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name.ends_with("shared.yaml"));
        let (facts, flows): (Vec<_>, Vec<_>) = flows.into_iter().partition(|(name, _)| name.ends_with("facts.yaml"));
        for (file, text) in facts {
            loader.facts(file, yaml(file, text)?)?;
        }
        let (file, text) = shared.first().ok_or_else(|| complaint("shared.yaml", 1, "the file is missing"))?;
        let shared: SharedSource = yaml(file, text)?;
        loader.shared(file, shared)?;
        for (file, text) in flows {
            let source: FlowSource = yaml(file, text)?;
            loader.flow(file, source)?;
        }
        loader.finish(file)
    }
}

fn complaint(file: &str, line: u64, message: impl Into<String>) -> FlowError {
    FlowError { file: file.to_owned(), line, message: message.into() }
}

fn yaml<'a, T: Deserialize<'a>>(file: &str, text: &'a str) -> Result<T, FlowError> {
    serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |l| l.line());
        let message = error.to_string();
        complaint(file, line, message.lines().next().unwrap_or("not valid YAML"))
    })
}

#[derive(Default)]
struct Loader {
    flows: BTreeMap<String, Flow>,
    shared: BTreeMap<String, Prompt>,
    questions: BTreeMap<String, Vec<Prompt>>,
    fields: HashMap<SlotName, Vec<String>>,
    phrases: HashMap<String, Vec<String>>,
    apart: Apart,
    wording: Wording,
    compiled: usize,
}

impl Loader {
    fn shared(&mut self, file: &str, source: SharedSource) -> Result<(), FlowError> {
        for (name, prompt) in source.messages {
            let prompt = self.prompt(file, prompt)?;
            self.shared.insert(name, prompt);
        }
        for (name, prompts) in source.questions {
            let prompts = self.prompts(file, prompts)?;
            self.questions.insert(name, prompts);
        }
        (self.fields, self.phrases) = (source.fields, source.phrases);
        Ok(())
    }

    fn facts(&mut self, file: &str, sources: Vec<Spanned<FactSource>>) -> Result<(), FlowError> {
        let lines: HashMap<String, u64> =
            sources.iter().map(|source| (source.value.fact.clone(), source.referenced.line())).collect();
        let facts = sources.into_iter().map(|source| source.value).collect();
        self.apart = Apart::of(facts).map_err(|(fact, message)| {
            complaint(file, lines.get(&fact).copied().unwrap_or(1), format!("`{fact}`: {message}"))
        })?;
        Ok(())
    }

    fn flow(&mut self, file: &str, source: FlowSource) -> Result<(), FlowError> {
        let (name, line) = (source.flow.value, source.flow.referenced.line());
        if let Some(other) = self.flows.get(&name) {
            return Err(complaint(file, line, format!("flow `{name}` is already in {}", other.file)));
        }
        let taken = source.starts_on.iter().find(|i| self.flows.values().any(|f| f.starts_on.contains(i)));
        if let Some(intent) = taken {
            return Err(complaint(file, line, format!("`{}` already starts another flow", intent.as_str())));
        }
        let steps = source.steps.into_iter().map(|step| self.step(file, step)).collect::<Result<Vec<_>, _>>()?;
        check_order(file, &steps)?;
        let mut messages = BTreeMap::new();
        for (name, prompt) in source.messages {
            messages.insert(name, self.prompt(file, prompt)?);
        }
        let flow = Flow {
            name: name.clone(),
            title: source.title,
            starts_on: source.starts_on,
            steps,
            messages,
            file: file.to_owned(),
        };
        self.needs_messages(&flow)?;
        self.flows.insert(name, flow);
        Ok(())
    }

    fn step(&mut self, file: &str, source: Spanned<StepSource>) -> Result<Step, FlowError> {
        let (line, source) = (source.referenced.line(), source.value);
        let kinds = [
            source.ask.map(StepKind::Ask),
            source.action.map(StepKind::Do),
            source.confirm.then_some(StepKind::Confirm),
            source.continue_with_booking.then_some(StepKind::ContinueWithBooking),
        ];
        let mut kinds = kinds.into_iter().flatten();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            return Err(complaint(file, line, "a step is exactly one of ask, do, confirm, continue_with_booking"));
        };
        let mut questions = self.prompts(file, source.questions)?;
        if let Some(name) = source.shared_questions {
            let shared = self.questions.get(&name);
            questions =
                shared.cloned().ok_or_else(|| complaint(file, line, format!("no shared questions `{name}`")))?;
        }
        let asks = matches!(kind, StepKind::Ask(_) | StepKind::Confirm);
        if asks && questions.len() < 2 {
            return Err(complaint(
                file,
                line,
                "a question needs at least two wordings: nobody is asked twice in the same words",
            ));
        }
        if !asks && !questions.is_empty() {
            return Err(complaint(file, line, "only ask and confirm have questions"));
        }
        let why = source.why.map(|why| self.prompt(file, why)).transpose()?;
        Ok(Step { kind, only_if: source.only_if, questions, why, line })
    }

    fn prompts(&mut self, file: &str, sources: Vec<PromptSource>) -> Result<Vec<Prompt>, FlowError> {
        sources.into_iter().map(|source| self.prompt(file, source)).collect()
    }

    fn prompt(&mut self, file: &str, source: PromptSource) -> Result<Prompt, FlowError> {
        let display = self.template(file, &source.display)?;
        let speak = source.speak.as_ref().map(|speak| self.template(file, speak)).transpose()?;
        Ok(Prompt { display, speak, choices: source.choices, choices_from: source.choices_from })
    }

    fn template(&mut self, file: &str, text: &Spanned<String>) -> Result<String, FlowError> {
        let line = text.referenced.line();
        if text.value.trim().is_empty() {
            return Err(complaint(file, line, "the wording is empty"));
        }
        self.compiled += 1;
        let name = format!("{file}:{line}#{}", self.compiled);
        self.wording.add(&name, &text.value).map_err(|(inner, message)| complaint(file, line + inner, message))?;
        Ok(name)
    }

    fn needs_messages(&self, flow: &Flow) -> Result<(), FlowError> {
        for step in &flow.steps {
            let StepKind::Do(action) = step.kind else { continue };
            for needed in super::action::messages_of(action) {
                if !flow.messages.contains_key(*needed) && !self.shared.contains_key(*needed) {
                    return Err(complaint(
                        &flow.file,
                        step.line,
                        format!("`{action:?}` says `{needed}`: no such message"),
                    ));
                }
            }
        }
        Ok(())
    }

    fn finish(self, shared_file: &str) -> Result<Flows, FlowError> {
        if let Some(missing) = SHARED_MESSAGES.iter().find(|name| !self.shared.contains_key(**name)) {
            return Err(complaint(shared_file, 1, format!("the shared message `{missing}` is missing")));
        }
        let Self { flows, shared, fields, phrases, apart, wording, .. } = self;
        let follow_up = phrases.get("follow_up").into_iter().flatten().flat_map(|words| terms(words)).collect();
        Ok(Flows { flows, shared, fields, phrases, apart, follow_up, wording })
    }
}

/// **Invariant:** nothing is written without a yes: booking, cancelling, moving, and what is done to the waiting list come after a
/// confirm.
fn check_order(file: &str, steps: &[Step]) -> Result<(), FlowError> {
    let mut confirmed = false;
    for step in steps {
        match step.kind {
            StepKind::Confirm => confirmed = true,
            StepKind::Do(action) if writes(action) && !confirmed => {
                return Err(complaint(file, step.line, format!("`{action:?}` writes and must come after a confirm")));
            }
            _ => {}
        }
    }
    Ok(())
}

fn writes(action: Action) -> bool {
    use Action::{AcceptOffer, AcceptProposal, Book, Cancel, JoinWaitingList, LeaveWaitingList, Reschedule};
    matches!(action, Book | Cancel | Reschedule | JoinWaitingList | AcceptOffer | LeaveWaitingList | AcceptProposal)
}
