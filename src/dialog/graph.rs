//! Draws a flow as SVG: its steps from the top, with the conditions under which they apply.

use std::fmt::Write;

use layout::backends::svg::SVGWriter;
use layout::gv::{DotParser, GraphBuilder};

use super::flow::{Condition, Flow, Step, StepKind};

/// A flow as an SVG document.
///
/// # Errors
/// When the layout cannot read the graph it was given.
pub fn svg(flow: &Flow) -> Result<String, String> {
    let source = dot(flow);
    let graph = DotParser::new(&source).process()?;
    let mut builder = GraphBuilder::new();
    builder.visit_graph(&graph);
    let mut drawing = builder.get();
    let mut writer = SVGWriter::new();
    drawing.do_it(false, false, false, &mut writer);
    Ok(writer.finalize())
}

/// A flow in the Graphviz language.
#[must_use]
pub fn dot(flow: &Flow) -> String {
    let mut text = format!("digraph {} {{\n", flow.name);
    let starts: Vec<&str> = flow.starts_on.iter().map(|intent| intent.as_str()).collect();
    let label = if starts.is_empty() { flow.name.clone() } else { format!("{}: {}", flow.name, starts.join(" ")) };
    let _ = writeln!(text, "  start [label=\"{label}\" shape=circle];");
    for (i, step) in flow.steps.iter().enumerate() {
        let (label, shape) = describe(step);
        let _ = writeln!(text, "  s{i} [label=\"{label}\" shape={shape}];");
    }
    arrows(&mut text, "start", None, &flow.steps, 0);
    for (i, step) in flow.steps.iter().enumerate() {
        arrows(&mut text, &format!("s{i}"), step.only_if, &flow.steps, i + 1);
    }
    text.push_str("}\n");
    text
}

/// Arrows to every step that may come next: those with a condition can be passed by, the first certain one cannot.
fn arrows(text: &mut String, from: &str, under: Option<Condition>, steps: &[Step], first: usize) {
    for (i, step) in steps.iter().enumerate().skip(first) {
        match step.only_if {
            Some(condition) if excludes(under, condition) => {}
            Some(condition) if under == Some(condition) => {
                let _ = writeln!(text, "  {from} -> s{i};");
                return;
            }
            Some(condition) => {
                let _ = writeln!(text, "  {from} -> s{i} [label=\"{}\"];", name(condition));
            }
            None => {
                let _ = writeln!(text, "  {from} -> s{i};");
                return;
            }
        }
    }
}

/// Whether a step under one condition is never followed by one under the other.
fn excludes(under: Option<Condition>, other: Condition) -> bool {
    use Condition::{ForSelf, OnBehalf};
    matches!((under, other), (Some(OnBehalf), ForSelf) | (Some(ForSelf), OnBehalf))
}

fn describe(step: &Step) -> (String, &'static str) {
    match step.kind {
        StepKind::Ask(slot) => (format!("ask {}", slot.as_str()), "box"),
        StepKind::Confirm => ("confirm: yes or no".to_owned(), "box"),
        StepKind::Do(action) => (format!("do {}", name(action)), "ellipse"),
        StepKind::ContinueWithBooking => ("continue with book_appointment".to_owned(), "ellipse"),
    }
}

/// The name in the flow file.
fn name(word: impl serde::Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
