//! The house rules that a machine can watch (the walls of ARCHITECTURE.md and the habits of CONTRIBUTING.md).
//!
//! Every rule names the file and the line that broke it, and what to do instead.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One module and the only paths of this crate that it may name. `assets` is allowed to all but `greek`: files carried
/// inside the binary are constants, reading them is no input.
struct Wall {
    module: &'static str,
    may_name: &'static [&'static str],
}

const WALLS: &[Wall] = &[
    Wall { module: "greek", may_name: &["greek"] },
    Wall {
        module: "nlu",
        may_name: &[
            "nlu",
            "greek",
            "assets",
            "booking::id",
            "booking::people",
            "booking::identity",
            "booking::reference",
        ],
    },
    Wall { module: "booking", may_name: &["booking", "greek", "clock", "assets"] },
    Wall { module: "wire", may_name: &["wire", "booking", "clock"] },
    Wall { module: "request", may_name: &["request"] },
    Wall {
        module: "dialog",
        may_name: &[
            "dialog",
            "nlu",
            "booking",
            "procedures",
            "greek",
            "assets",
            // The zone, not the clock: the engine is told what time it is.
            "clock::ATHENS",
            "clock::to_athens",
            "clock::from_athens",
            "channel::turn::Reply",
            "channel::turn::Choice",
            "channel::turn::Event",
            "channel::turn::Status",
        ],
    },
];

/// Modules that know nothing of the outside, and the crates that would be the outside.
const PURE: [&str; 4] = ["greek", "nlu", "booking", "dialog"];
const OUTSIDE: [&str; 5] = ["tokio", "sqlx", "axum", "reqwest", "tower_http"];

/// One module and the paths of this crate that it may not name; [`SHARED`] is for all.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("store", &["gateway", "channel", "http", "worker", "dialog", "cli"]),
    ("gateway", &["store", "channel", "http", "worker", "dialog", "cli"]),
    ("channel", &["store", "http", "worker", "cli"]),
    ("procedures", &["store", "channel", "http", "worker", "dialog", "cli", "nlu"]),
    ("worker", &["channel", "http", "dialog", "cli"]),
    ("http", &["dialog", "cli", "worker"]),
];

/// The turn in its public form, which every rim speaks.
const SHARED: &str = "channel::turn";

/// What has one home each: the words, where they may stand, and what to do elsewhere.
const HOMES: &[(&[&str], &str, &str)] = &[
    (&["Utc::now", "Local::now", "SystemTime::now"], "src/clock.rs", "ask the Clock"),
    (&["env::var"], "src/config.rs", "make it a setting of config.rs"),
    (&["println!(", "eprintln!(", "print!(", "eprint!("], "src/cli/", "log it, or return it to the command line"),
    (&["sqlx::"], "src/store/", "give the store a function with a name"),
    (&["reqwest::", "Client::new"], "src/gateway/", "make it a trait of gateway"),
];

/// The wall of a source file, lines.
const LONGEST_FILE: usize = 800;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the tree with its path relative to the root, without what is built or kept.
fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root(), &mut found);
    found.sort();
    assert!(found.len() > 50, "the tree was not found under {}", root().display());
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let skipped = ["target", ".git", "node_modules", ".venv", "LICENSE"].contains(&name.as_str());
        if skipped || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let relative = path.strip_prefix(root()).expect("inside the root").to_string_lossy().replace('\\', "/");
            found.push((relative, text));
        }
    }
}

/// The Rust files of the library, as (path, code): without comments and without tests (`mod tests` at the end of a file,
/// or `tests.rs`).
fn library() -> Vec<(String, String)> {
    let files = texts().into_iter().filter(|(path, _)| is_code_of_library(path));
    files.map(|(path, text)| (path, code_of(&text))).collect()
}

fn is_code_of_library(path: &str) -> bool {
    path.starts_with("src/") && path.ends_with(".rs") && !path.ends_with("/tests.rs")
}

fn code_of(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let code = before_tests.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    code.collect::<Vec<_>>().join("\n")
}

fn is_of(path: &str, module: &str) -> bool {
    path == format!("src/{module}.rs") || path.starts_with(&format!("src/{module}/"))
}

/// Every path of this crate that the code names, without the leading `crate::`, with its line.
fn named(code: &str) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for (position, start) in code.match_indices("crate::") {
        let line = code[..position].matches('\n').count() + 1;
        let mut paths = Vec::new();
        expand(&code[position + start.len()..], "", &mut paths);
        all.extend(paths.into_iter().map(|path| (line, path)));
    }
    all
}

/// Reads one path at the head of `rest`, opening `{a, b::c}`; returns how many bytes it took.
fn expand(rest: &str, prefix: &str, paths: &mut Vec<String>) -> usize {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
    let path = format!("{prefix}{}", &rest[..end]);
    if !rest[end..].starts_with('{') {
        paths.push(path);
        return end;
    }
    let mut at = end + 1;
    while at < rest.len() && !rest[at..].starts_with('}') {
        let skipped = rest[at..].find(|c: char| !c.is_whitespace() && c != ',').unwrap_or(rest.len() - at);
        at += skipped;
        if rest[at..].starts_with('}') {
            break;
        }
        let taken = expand(&rest[at..], &path, paths);
        // A rename or a glob is not part of a path: go on behind it.
        let behind = rest[at + taken..].find([',', '}']).unwrap_or(rest.len() - at - taken);
        at += taken + behind;
    }
    at + 1
}

/// Whether `path` is `prefix` or lies below it.
fn lies_in(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn assert_none(broken: &[String]) {
    assert!(broken.is_empty(), "{} broken rule(s):\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn modules_name_only_what_they_may() {
    let mut broken = Vec::new();
    for (path, code) in library() {
        for wall in WALLS.iter().filter(|wall| is_of(&path, wall.module)) {
            for (line, name) in named(&code) {
                if !wall.may_name.iter().any(|allowed| lies_in(&name, allowed)) {
                    broken.push(format!("{path}:{line}: {} may not name crate::{name}", wall.module));
                }
            }
        }
        for (module, forbidden) in FORBIDDEN.iter().filter(|(module, _)| is_of(&path, module)) {
            for (line, name) in named(&code) {
                if !lies_in(&name, SHARED) && forbidden.iter().any(|other| lies_in(&name, other)) {
                    broken.push(format!("{path}:{line}: {module} may not name crate::{name}"));
                }
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn pure_modules_do_no_input_and_output() {
    let mut broken = Vec::new();
    for (path, code) in library() {
        if !PURE.iter().any(|module| is_of(&path, module)) {
            continue;
        }
        for (number, line) in code.lines().enumerate() {
            for outside in OUTSIDE.iter().filter(|outside| line.contains(&format!("{outside}::"))) {
                broken
                    .push(format!("{path}:{}: no {outside} here; give the work to conversation or store", number + 1));
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn what_has_one_home_stays_there() {
    let mut broken = Vec::new();
    for (path, code) in library() {
        for (words, home, instead) in HOMES.iter().filter(|(_, home, _)| !path.starts_with(home)) {
            for (number, line) in code.lines().enumerate() {
                for word in words.iter().filter(|word| stands_alone(line, word)) {
                    broken.push(format!("{path}:{}: `{word}` belongs to {home}; {instead}", number + 1));
                }
            }
        }
    }
    assert_none(&broken);
}

/// Whether `word` stands in the line as a word of its own, not as the end of a longer one.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn no_source_file_grows_over_the_wall() {
    let ends = [".rs", ".js", ".mjs", ".css", ".html", ".sh"];
    let long = texts().into_iter().filter(|(path, _)| ends.iter().any(|end| path.ends_with(end)));
    let broken: Vec<_> = long
        .filter(|(_, text)| text.lines().count() > LONGEST_FILE)
        .map(|(path, text)| format!("{path}: {} lines; part it, the wall is {LONGEST_FILE}", text.lines().count()))
        .collect();
    assert_none(&broken);
}

#[test]
fn nothing_is_left_unfinished_or_skipped() {
    // Put together here, so that this file does not break its own rule.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("todo", "!("),
        concat!("unimpl", "emented!("),
        concat!("#[ign", "ore"),
        concat!("test.sk", "ip("),
    ];
    assert_none(&lines_with(&marks, |path| path != "Cargo.lock", "finish it, or open an issue"));
}

#[test]
fn nothing_names_a_machine_or_a_registry() {
    let marks = [
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("static.crates", ".io"),
        concat!("index.crates", ".io"),
        concat!("registry.npm", "js.org"),
        concat!("deb.deb", "ian.org"),
    ];
    assert_none(&lines_with(&marks, |path| path != "Cargo.lock", "a checkout must work anywhere"));
}

fn lines_with(marks: &[&str], of: impl Fn(&str) -> bool, instead: &str) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in texts().into_iter().filter(|(path, _)| of(path)) {
        for (number, line) in text.lines().enumerate() {
            for mark in marks.iter().filter(|mark| stands_alone(line, mark)) {
                broken.push(format!("{path}:{}: `{mark}`; {instead}", number + 1));
            }
        }
    }
    broken
}

#[test]
fn every_migration_exists_for_both_engines() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(engine);
        let entries = std::fs::read_dir(folder).expect("a folder of migrations");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".sql")).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres, "a migration is missing for one engine");
    for (expected, name) in (1..).zip(&sqlite) {
        let number = name.split('_').next().and_then(|number| number.parse::<u32>().ok());
        assert_eq!(number, Some(expected), "{name}: numbers run from 0001 without gaps, NNNN_verb_object.sql");
    }
}

/// The rows of the tables of a document, cell by cell, with their line; heads and rules left out.
fn rows_of(document: &str) -> Vec<(usize, Vec<&str>)> {
    let rows = document.lines().enumerate().filter(|(_, line)| line.starts_with("| "));
    rows.map(|(at, line)| (at + 1, line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>()))
        .filter(|(_, cells)| cells.last() != Some(&"test"))
        .collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether a test or a conversation is there: `http/hours::name` is a function of `tests/http/hours.rs`, `conversations/name` a file.
fn is_test(name: &str) -> bool {
    let tests = root().join("tests");
    let Some((file, function)) = name.split_once("::") else {
        return name.starts_with("conversations/") && tests.join(format!("{name}.yaml")).is_file();
    };
    let text = std::fs::read_to_string(tests.join(format!("{file}.rs"))).unwrap_or_default();
    text.contains(&format!("fn {function}("))
}

#[test]
fn every_rule_names_a_key_a_file_and_a_test_that_exist() {
    let document = std::fs::read_to_string(root().join("docs/RULES.md")).expect("the table of rules");
    let types: String =
        library().into_iter().filter(|(path, _)| is_of(path, "booking")).map(|(_, code)| code).collect();
    let mut broken = Vec::new();
    let mut files = BTreeSet::new();
    for (line, cells) in rows_of(&document) {
        let [_, keys, code, tests] = cells[..] else {
            broken.push(format!("docs/RULES.md:{line}: a row has rule, key, code and test"));
            continue;
        };
        if quoted(code).is_empty() || quoted(tests).is_empty() {
            broken.push(format!("docs/RULES.md:{line}: name the code, and a test that fails without it"));
        }
        for key in quoted(keys).into_iter().filter(|key| key.contains('.')) {
            let field = key.rsplit('.').next().unwrap_or(key);
            let variant = format!("{}{} {{", field[..1].to_uppercase(), &field[1..]);
            if !types.contains(&format!("pub {field}: ")) && !types.contains(&variant) {
                broken.push(format!("docs/RULES.md:{line}: nothing in a catalogue is called `{key}`"));
            }
        }
        for file in quoted(code) {
            files.insert(file.to_owned());
            if !root().join("src").join(file).is_file() {
                broken.push(format!("docs/RULES.md:{line}: there is no src/{file}"));
            }
        }
        for test in quoted(tests).into_iter().filter(|test| !is_test(test)) {
            broken.push(format!("docs/RULES.md:{line}: there is no test {test}"));
        }
    }
    for entry in std::fs::read_dir(root().join("src/booking/rule")).expect("a folder of rules") {
        let file = format!("booking/rule/{}", entry.expect("an entry").file_name().to_string_lossy());
        if !files.contains(&file) && !file.ends_with("/mod.rs") {
            broken.push(format!("docs/RULES.md: src/{file} has no row"));
        }
    }
    assert!(files.len() > 20, "the tables were not read");
    assert_none(&broken);
}

#[test]
fn the_reader_of_paths_opens_braces_and_renames() {
    let code =
        "use crate::booking::{id::OfficeId, people::{Mode, Guest as Other}};\nlet x = crate::store::Store::open();";
    let expected = ["booking::id::OfficeId", "booking::people::Mode", "booking::people::Guest", "store::Store::open"];
    let found: Vec<_> = named(code).into_iter().map(|(_, path)| path).collect();
    assert_eq!(found, expected);
    assert_eq!(named(code)[3].0, 2);
    assert!(lies_in("store::Store::open", "store") && !lies_in("stores", "store"));
    assert!(stands_alone("std::env::var(x)", "env::var") && !stands_alone("eprintln!()", "println!("));
}
