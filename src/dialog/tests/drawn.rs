//! Every flow can be drawn.

use crate::dialog::{Flows, graph};

#[test]
fn every_flow_is_drawn_with_all_its_steps() {
    let flows = Flows::bundled().expect("the bundled flows are right");
    assert!(flows.iter().count() >= 8);
    for flow in flows.iter() {
        let dot = graph::dot(flow);
        let drawn = dot.lines().filter(|line| line.trim_start().starts_with('s') && line.contains("[label=")).count();
        assert!(drawn > flow.steps.len(), "{}: {drawn} nodes for {} steps", flow.name, flow.steps.len());
        let svg = graph::svg(flow).unwrap_or_else(|e| panic!("{}: {e}", flow.name));
        assert!(svg.contains("<svg") && svg.trim_end().ends_with("</svg>"), "{}", flow.name);
        assert!(svg.contains(&flow.name), "{}: its name is not in the drawing", flow.name);
    }
}
