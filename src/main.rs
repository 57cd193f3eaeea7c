//! The `ariadni` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ariadni::cli::main()
}
