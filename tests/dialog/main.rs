//! Whole conversations, as data: each YAML file under `tests/conversations` runs through the engine over a real database.
//!
//! With `ARIADNI_TRANSCRIPT=1` each prints what was said.

mod engine;
mod http;
mod remote;
mod script;

datatest_stable::harness! {
    { test = engine::plays, root = "tests/conversations", pattern = r"\.yaml$" },
    // A telephone is no way in over HTTP.
    { test = http::plays, root = "tests/conversations", pattern = r"^(?!.*voice_).*\.yaml$" },
    // The waiting list is kept with the appointments; where those are elsewhere nothing is said of it. A registry is imported into one folder.
    { test = remote::plays, root = "tests/conversations", pattern = r"^(?!.*(waiting_|voice_|registry_)).*\.yaml$" },
}
