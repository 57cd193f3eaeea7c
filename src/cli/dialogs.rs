//! `ariadni dialogs check` and `ariadni dialogs graph`.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};

use super::print_line;
use crate::dialog::{Flows, graph};

/// Checks the flows, or draws them.
#[derive(Debug, Args)]
pub struct DialogsArguments {
    #[command(subcommand)]
    command: DialogsCommand,
}

#[derive(Debug, Subcommand)]
enum DialogsCommand {
    /// Checks flow files; every complaint names file and line
    Check {
        /// The folder of the flows [default: those inside the program]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Draws every flow as SVG
    Graph {
        /// Where the drawings go, one file a flow
        #[arg(short, long, value_name = "DIR", default_value = "dialogs-graph")]
        out: PathBuf,
        /// The folder of the flows [default: those inside the program]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

impl DialogsArguments {
    /// Runs the sub-command.
    ///
    /// # Errors
    /// The first thing that is wrong in a flow, with file and line; or a file cannot be read or written.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            DialogsCommand::Check { folder } => {
                let flows = load(folder.as_deref())?;
                let steps: usize = flows.iter().map(|flow| flow.steps.len()).sum();
                print_line(format!("{} flows, {steps} steps: all right", flows.iter().count()))
            }
            DialogsCommand::Graph { out, folder } => {
                let flows = load(folder.as_deref())?;
                std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
                for flow in flows.iter() {
                    let path = out.join(format!("{}.svg", flow.name));
                    let drawing = graph::svg(flow).map_err(|e| anyhow!("cannot draw {}: {e}", flow.name))?;
                    std::fs::write(&path, drawing).with_context(|| format!("cannot write {}", path.display()))?;
                    print_line(path.display())?;
                }
                Ok(())
            }
        }
    }
}

fn load(folder: Option<&Path>) -> anyhow::Result<Flows> {
    let Some(folder) = folder else { return Ok(Flows::bundled()?) };
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    Ok(Flows::parse(&files)?)
}
