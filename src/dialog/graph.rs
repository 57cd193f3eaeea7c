//! Draws a flow as SVG: its steps from the top, with the conditions under which they apply.

use std::fmt::Write;

use layout::backends::svg::SVGWriter;
use layout::gv::{DotParser, GraphBuilder};

use super::flow::{Action, Flow, Step, StepKind};

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
    let mut previous = "start".to_owned();
    for (i, step) in flow.steps.iter().enumerate() {
        let (label, shape) = describe(step);
        let _ = writeln!(text, "  s{i} [label=\"{label}\" shape={shape}];");
        let condition = step.only_if.map(|c| format!(" [label=\"{c:?}\"]")).unwrap_or_default();
        let _ = writeln!(text, "  {previous} -> s{i}{condition};");
        if let Some(after) = flow.steps.get(i + 1).filter(|_| step.only_if.is_some()) {
            // A step with a condition can be passed by.
            if after.only_if.is_none() {
                let _ = writeln!(text, "  {previous} -> s{};", i + 1);
            }
        }
        previous = format!("s{i}");
    }
    text.push_str("}\n");
    text
}

fn describe(step: &Step) -> (String, &'static str) {
    match step.kind {
        StepKind::Ask(slot) => (format!("ask {}", slot.as_str()), "box"),
        StepKind::Confirm => ("confirm: yes or no".to_owned(), "box"),
        StepKind::Do(action) => (format!("do {}", name(action)), "ellipse"),
        StepKind::ContinueWithBooking => ("continue with book_appointment".to_owned(), "ellipse"),
    }
}

fn name(action: Action) -> String {
    serde_json::to_value(action).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
