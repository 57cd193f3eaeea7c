//! Settings: one small struct per concern, and the one place that reads the environment.
//!
//! Four sources, the later the stronger: the defaults below, the TOML file named by `--config`, environment variables
//! (`ARIADNI_SECTION__KEY`), the command line. Every error names the key, where its value came from and what to do.

mod messages;

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, Datelike, NaiveTime, Utc};
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Deserializer, Serialize};

use crate::booking::catalogue::{Day, hour_minute};
use crate::clock::to_athens;
pub use messages::Messages;

/// Every setting of Ariadni.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder of the embedded database and of everything else that is kept. Default `./data`.
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`. Default `sqlite://<data_dir>/ariadni.db`; read it with [`Config::database_url`].
    pub database_url: Option<String>,
    /// The web server.
    pub server: Server,
    /// Staff and machine calls.
    pub api: Api,
    /// The availability core.
    pub booking: Booking,
    /// Calendars of other programs.
    pub calendars: Calendars,
    /// Another Ariadni as the availability core.
    pub availability: Availability,
    /// The national registry of procedures.
    pub procedures: Procedures,
    /// How procedures are explained.
    pub explain: Explain,
    /// Where a citizen reaches a person.
    pub support: Support,
    /// Short messages to citizens.
    pub messages: Messages,
    /// Conversations with citizens.
    pub conversation: Conversation,
    /// Understanding of what citizens say.
    pub nlu: Nlu,
    /// What is logged.
    pub log: Log,
}

/// The web server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port it listens on. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Sites that may embed the widget, such as `https://www.example.gr`; `*` is every site. Default none: only this
    /// server's own pages.
    #[serde(deserialize_with = "one_or_more")]
    pub allowed_origins: Vec<String>,
    /// How others reach this server, such as `https://www.example.gr`, for links it gives out. Default none: as the request
    /// came.
    pub public_url: Option<String>,
}

/// Staff and machine calls.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// The bearer tokens that are let in. Default none: every such call is refused.
    #[serde(deserialize_with = "one_or_more")]
    pub tokens: Vec<String>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api {{ tokens: {} of them }}", self.tokens.len())
    }
}

/// The availability core.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// How long a slot is kept while a citizen decides, minutes, 1 to 120. Default 10.
    pub hold_minutes: u32,
}

/// Calendars of other programs, whose busy times shut a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendars {
    /// How long a calendar is left alone after it was asked for, minutes, 1 to 1440. Default 15.
    pub refresh_minutes: u32,
    /// Whether addresses of this machine and of private networks may be asked. Default false: only what everybody can reach.
    pub private_addresses: bool,
}

/// Another Ariadni as the availability core of this one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// Its address, such as `https://core.example.gr`. Default none: this program's own database is the core.
    pub url: Option<String>,
    /// One of its `api.tokens`. Default none.
    pub token: Option<String>,
    /// How long one call to it may take in all, tries and pauses included, seconds, 1 to 10. Default 5.
    pub timeout_seconds: u32,
}

impl Default for Availability {
    fn default() -> Self {
        Self { url: None, token: None, timeout_seconds: 5 }
    }
}

impl std::fmt::Debug for Availability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = if self.token.is_some() { "with" } else { "without" };
        write!(f, "Availability {{ {:?} {token} a token, {} s }}", self.url, self.timeout_seconds)
    }
}

/// The national registry of procedures (Μίτος).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedures {
    /// The address of its public interface. Default `https://api.digigov.grnet.gr/v1`.
    pub registry_url: String,
    /// How many records are asked for at once, 1 to 16. Default 4.
    pub at_once: usize,
    /// Whether what was once read from it is refreshed every night, between 02:00 and 05:00 in Athens. Default true.
    pub nightly: bool,
}

impl Default for Procedures {
    fn default() -> Self {
        Self { registry_url: "https://api.digigov.grnet.gr/v1".to_owned(), at_once: 4, nightly: true }
    }
}

/// How procedures are explained: a language model that shortens long explanations.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The address of a server in the shape of OpenAI's chat completions, such as `http://127.0.0.1:8000/v1`; calls go to
    /// `chat/completions` below it. Default none: nothing is sent to anybody.
    pub endpoint: Option<String>,
    /// The model's name there. Default none; needed with an endpoint.
    pub model: Option<String>,
    /// The key that opens it, sent as a bearer token. Default none.
    pub api_key: Option<String>,
    /// Only explanations with more characters are shortened, 100 to 10000. Default 600.
    pub longer_than: usize,
    /// How long a turn may wait for it, seconds, 1 to 10. Default 4.
    pub patience: u32,
}

impl Default for Explain {
    fn default() -> Self {
        Self { endpoint: None, model: None, api_key: None, longer_than: 600, patience: 4 }
    }
}

impl std::fmt::Debug for Explain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = if self.api_key.is_some() { "with" } else { "without" };
        let Self { endpoint, model, longer_than, patience, .. } = self;
        write!(f, "Explain {{ {endpoint:?} {model:?} {key} a key, over {longer_than} characters, {patience} s }}")
    }
}

/// Where a citizen reaches a person, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// What the line is called, nominative with its article. Default «η γραμμή εξυπηρέτησης πολιτών».
    pub name: String,
    /// National digits, a short code, or `+…`. Default `1500`.
    pub phone: String,
    /// Days on which somebody answers, `mon` … `sun`. Default Monday to Friday.
    #[serde(deserialize_with = "one_or_more")]
    pub days: Vec<Day>,
    /// From when, Athens wall clock. Default `08:00`.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// Until when, Athens wall clock, exclusive. Default `20:00`.
    #[serde(with = "hour_minute")]
    pub to: NaiveTime,
}

/// Conversations with citizens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// The longest message taken, Unicode characters, 100 to 20000. Default 2000.
    pub max_text: usize,
    /// After how many days without a turn a conversation is deleted, 1 to 3650. Default 90.
    pub retention_days: u32,
}

/// Understanding of what citizens say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nlu {
    /// The folder of a fine-tuned transformer that ranks intents together with the linear classifier. Default none. Needs a
    /// build with the feature `bert`.
    pub bert: Option<PathBuf>,
    /// How many threads the transformer uses for one utterance, 1 to 64. Default 1.
    pub bert_threads: u16,
}

/// What is logged, to stderr.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or finer such as `info,ariadni::store=debug`. Default `info`.
    pub level: String,
    /// One JSON object a line instead of text. Default false.
    pub json: bool,
    /// Whether personal data (fields beginning with `pii.`) is written: for development only. Default false.
    pub personal_data: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            database_url: None,
            server: Server {
                listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
                allowed_origins: Vec::new(),
                public_url: None,
            },
            api: Api::default(),
            booking: Booking { hold_minutes: 10 },
            calendars: Calendars { refresh_minutes: 15, private_addresses: false },
            availability: Availability::default(),
            procedures: Procedures::default(),
            explain: Explain::default(),
            support: Support::default(),
            messages: Messages::default(),
            conversation: Conversation { max_text: 2000, retention_days: 90 },
            nlu: Nlu { bert: None, bert_threads: 1 },
            log: Log { level: "info".to_owned(), json: false, personal_data: false },
        }
    }
}

impl Default for Support {
    fn default() -> Self {
        Self {
            name: "η γραμμή εξυπηρέτησης πολιτών".to_owned(),
            phone: "1500".to_owned(),
            days: vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri],
            from: NaiveTime::from_hms_opt(8, 0, 0).expect("a time of day"),
            to: NaiveTime::from_hms_opt(20, 0, 0).expect("a time of day"),
        }
    }
}

impl Support {
    /// Whether somebody answers at `instant`.
    #[must_use]
    pub fn is_open(&self, instant: DateTime<Utc>) -> bool {
        let local = to_athens(instant);
        self.days.contains(&Day::from(local.weekday())) && (self.from..self.to).contains(&local.time())
    }
}

/// What the command line says about settings; it wins over every other source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`: the TOML file to read.
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--database-url`
    pub database_url: Option<String>,
    /// `--listen`
    pub listen: Option<String>,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the setting {key} {problem} (it came from {origin}); {advice}")]
pub struct ConfigError {
    /// The key, `section.key`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
    /// Where the value came from.
    pub origin: String,
    /// What to do.
    pub advice: String,
}

impl Config {
    /// Reads every source of this process.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::from_sources(overrides, variables)
    }

    /// Reads the given sources: what [`Config::load`] does, with the environment handed in.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn from_sources(
        overrides: &Overrides,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = &overrides.config {
            if !file.is_file() {
                return Err(missing_file(file));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment.merge(Words::of_environment(variables)).merge(Words::of_command_line(overrides));
        let config: Self = figment.extract_lossy().map_err(|error| in_plain_words(&error))?;
        config.check(&figment)?;
        Ok(config)
    }

    /// The database: the one that was set, or the embedded one in the data folder.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite://{}/ariadni.db", self.data_dir.display()))
    }

    /// What types alone cannot refuse.
    fn check(&self, figment: &Figment) -> Result<(), ConfigError> {
        let refuse = |key: &str, problem: &str, advice: &str| ConfigError {
            key: key.to_owned(),
            problem: problem.to_owned(),
            origin: origin(figment.find_metadata(key), key),
            advice: advice.to_owned(),
        };
        let rules = [
            (
                "database_url",
                ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| self.database_url().starts_with(scheme)),
                "names no known database",
                "write sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE",
            ),
            (
                "api.tokens",
                self.api.tokens.iter().all(|token| !token.contains(char::is_whitespace)),
                "has a token with a space in it",
                "write tokens without spaces, separated by commas",
            ),
            (
                "booking.hold_minutes",
                (1..=120).contains(&self.booking.hold_minutes),
                "is out of range",
                "write a number from 1 to 120",
            ),
            (
                "server.public_url",
                self.server
                    .public_url
                    .as_ref()
                    .is_none_or(|url| url.starts_with("https://") || url.starts_with("http://")),
                "is no web address",
                "write an address such as https://www.example.gr",
            ),
            (
                "calendars.refresh_minutes",
                (1..=1440).contains(&self.calendars.refresh_minutes),
                "is out of range",
                "write a number from 1 to 1440",
            ),
            (
                "support.to",
                self.support.from < self.support.to,
                "is not after support.from",
                "write two times of one day such as 08:00 and 20:00",
            ),
            (
                "conversation.max_text",
                (100..=20_000).contains(&self.conversation.max_text),
                "is out of range",
                "write a number from 100 to 20000",
            ),
            (
                "conversation.retention_days",
                (1..=3650).contains(&self.conversation.retention_days),
                "is out of range",
                "write a number from 1 to 3650",
            ),
            (
                "log.level",
                crate::telemetry::is_filter(&self.log.level),
                "is no log level",
                "write error, warn, info, debug or trace",
            ),
        ];
        match rules
            .into_iter()
            .chain(self.availability.rules())
            .chain(self.procedures.rules())
            .chain(self.explain.rules())
            .chain(self.messages.rules())
            .chain(self.nlu.rules())
            .find(|(_, holds, _, _)| !holds)
        {
            Some((key, _, problem, advice)) => Err(refuse(key, problem, advice)),
            None => Ok(()),
        }
    }
}

impl Nlu {
    /// What types alone cannot refuse.
    fn rules(&self) -> [Rule; 1] {
        let threads = (1..=64).contains(&self.bert_threads);
        [("nlu.bert_threads", threads, "is out of range", "write a number from 1 to 64")]
    }
}

impl Explain {
    /// What types alone cannot refuse.
    fn rules(&self) -> [Rule; 5] {
        let address = |url: &String| {
            let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
            // A key inside the address would be shown with it.
            !host.is_empty() && !host.starts_with('/') && !host.contains(['@', '?', '#', ' '])
        };
        [
            (
                "explain.endpoint",
                self.endpoint.as_ref().is_none_or(address),
                "is no address of a language model",
                "write one such as http://127.0.0.1:8000/v1, without a key in it, or leave it out to shorten nothing",
            ),
            (
                "explain.model",
                self.endpoint.is_none() || self.model.as_ref().is_some_and(|model| !model.trim().is_empty()),
                "names no model for explain.endpoint",
                "write the name by which the server at explain.endpoint knows its model",
            ),
            (
                "explain.api_key",
                self.api_key.as_deref().is_none_or(secret),
                "is no key",
                "write it without spaces, or leave it out where none is asked for",
            ),
            (
                "explain.longer_than",
                (100..=10_000).contains(&self.longer_than),
                "is out of range",
                "write a number from 100 to 10000",
            ),
            ("explain.patience", (1..=10).contains(&self.patience), "is out of range", "write a number from 1 to 10"),
        ]
    }
}

impl Procedures {
    /// What types alone cannot refuse.
    fn rules(&self) -> [Rule; 2] {
        let address = self.registry_url.starts_with("https://") || self.registry_url.starts_with("http://");
        [
            (
                "procedures.registry_url",
                address,
                "is no web address",
                "write one such as https://api.digigov.grnet.gr/v1",
            ),
            ("procedures.at_once", (1..=16).contains(&self.at_once), "is out of range", "write a number from 1 to 16"),
        ]
    }
}

/// Whether a secret can be put into a header.
fn secret(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

impl Availability {
    /// What types alone cannot refuse.
    fn rules(&self) -> [Rule; 3] {
        let address = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        [
            (
                "availability.url",
                self.url.as_ref().is_none_or(address),
                "is no address",
                "write one such as https://core.example.gr, or leave it out to keep appointments here",
            ),
            (
                "availability.token",
                self.url.is_none() || self.token.as_deref().is_some_and(secret),
                "does not open the core at availability.url",
                "write one of the api.tokens of that core",
            ),
            (
                "availability.timeout_seconds",
                (1..=10).contains(&self.timeout_seconds),
                "is out of range",
                "write a number from 1 to 10",
            ),
        ]
    }
}

/// A key, whether its value holds, what is wrong with it otherwise, what to do.
type Rule = (&'static str, bool, &'static str, &'static str);

/// Keys with their values as written, from the environment or the command line.
struct Words {
    origin: &'static str,
    values: Vec<(String, String)>,
}

const ENVIRONMENT: &str = "environment";
const COMMAND_LINE: &str = "command line";

/// The keys outside sections, which may be set by environment variables with a single name.
const TOP_KEYS: [&str; 2] = ["data_dir", "database_url"];

impl Words {
    /// `ARIADNI_SECTION__KEY`; other variables that begin with `ARIADNI_` are none of ours.
    fn of_environment(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let key = |name: String| {
            let key = name.strip_prefix("ARIADNI_")?.to_lowercase();
            (key.contains("__") || TOP_KEYS.contains(&key.as_str())).then(|| key.replace("__", "."))
        };
        let values = variables.into_iter().filter_map(|(name, value)| Some((key(name)?, value))).collect();
        Self { origin: ENVIRONMENT, values }
    }

    fn of_command_line(overrides: &Overrides) -> Self {
        let data_dir = overrides.data_dir.as_ref().map(|path| path.display().to_string());
        let values = [
            ("data_dir", data_dir),
            ("database_url", overrides.database_url.clone()),
            ("server.listen", overrides.listen.clone()),
        ];
        let values = values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
        Self { origin: COMMAND_LINE, values }
    }
}

impl Provider for Words {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin)
    }

    fn data(&self) -> figment::error::Result<Map<Profile, Dict>> {
        let mut dict = Dict::new();
        for (key, value) in &self.values {
            let (section, key) =
                key.split_once('.').map_or((None, key.as_str()), |(section, key)| (Some(section), key));
            match section {
                None => dict.insert(key.to_owned(), value.as_str().into()),
                Some(section) => match dict.entry(section.to_owned()).or_insert_with(|| Dict::new().into()) {
                    Value::Dict(_, inner) => inner.insert(key.to_owned(), value.as_str().into()),
                    _ => None,
                },
            };
        }
        Ok(Profile::Default.collect(dict))
    }
}

/// A list as TOML writes it, or words separated by commas as an environment variable can say it.
fn one_or_more<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Words(String),
        List(Vec<String>),
    }
    let words = match Written::deserialize(deserializer)? {
        Written::Words(words) => words.split(',').map(|word| word.trim().to_owned()).collect(),
        Written::List(list) => list,
    };
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| T::deserialize(serde::de::value::StringDeserializer::<D::Error>::new(word)))
        .collect()
}

fn missing_file(file: &std::path::Path) -> ConfigError {
    ConfigError {
        key: "--config".to_owned(),
        problem: format!("names {}, which is not a file", file.display()),
        origin: "the command line".to_owned(),
        advice: "give the path of a TOML file, or leave the option out to use the defaults".to_owned(),
    }
}

fn in_plain_words(error: &figment::Error) -> ConfigError {
    use figment::error::Kind;
    let unknown = |field: &str| if error.path.is_empty() { field.to_owned() } else { error.path.join(".") };
    let (key, problem, advice) = match &error.kind {
        Kind::UnknownField(field, known) => {
            let mut path = error.path.clone();
            if path.last().is_none_or(|last| last != field) {
                path.push(field.clone());
            }
            (path.join("."), "is not known".to_owned(), format!("use one of: {}", known.join(", ")))
        }
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            (unknown("of the file"), format!("is {found}"), format!("write {wanted}"))
        }
        other => (unknown("file"), format!("cannot be read: {other}"), "correct it".to_owned()),
    };
    ConfigError { origin: origin(error.metadata.as_ref(), &key), key, problem, advice }
}

/// Where the value of `key` came from, as its author would look for it.
fn origin(metadata: Option<&Metadata>, key: &str) -> String {
    match metadata {
        Some(from) if from.name == ENVIRONMENT => {
            format!("the environment variable ARIADNI_{}", key.replace('.', "__").to_uppercase())
        }
        Some(from) if from.name == COMMAND_LINE => {
            format!("the option --{}", key.trim_start_matches("server.").replace('_', "-"))
        }
        Some(from) => match from.source.as_ref().and_then(figment::Source::file_path) {
            Some(path) => format!("the file {}", path.display()),
            None => "the defaults".to_owned(),
        },
        None => "the configuration".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, variables: &[(&str, &str)], mut overrides: Overrides) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        if !file.is_empty() {
            let path = folder.path().join("settings.toml");
            std::fs::write(&path, file).expect("written");
            overrides.config = Some(path);
        }
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_sources(&overrides, variables)
    }

    #[test]
    fn with_nothing_said_the_defaults_hold() {
        let config = read("", &[], Overrides::default()).expect("defaults");
        assert_eq!(config, Config::default());
        assert_eq!(config.database_url(), "sqlite://./data/ariadni.db");
    }

    #[test]
    fn the_command_line_wins_over_the_environment_and_that_over_the_file() {
        let file = "data_dir = '/one'\n[server]\nlisten = '127.0.0.1:1'\n[booking]\nhold_minutes = 5\n";
        let variables = [("ARIADNI_SERVER__LISTEN", "127.0.0.1:2"), ("ARIADNI_DATA_DIR", "/two")];
        let overrides = Overrides { listen: Some("127.0.0.1:3".to_owned()), ..Overrides::default() };
        let config = read(file, &variables, overrides).expect("good settings");
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.data_dir, PathBuf::from("/two"));
        assert_eq!(config.booking.hold_minutes, 5);
        assert_eq!(config.database_url(), "sqlite:///two/ariadni.db");
    }

    #[test]
    fn lists_and_numbers_and_codes_can_be_said_by_the_environment() {
        let variables = [
            ("ARIADNI_API__TOKENS", "a, 123,"),
            ("ARIADNI_SUPPORT__DAYS", "mon,sat"),
            ("ARIADNI_SUPPORT__PHONE", "0800"),
            ("ARIADNI_LOG__JSON", "true"),
            ("ARIADNI_CONVERSATION__MAX_TEXT", "500"),
            ("ARIADNI_TEST_POSTGRES", "not a setting"),
        ];
        let config = read("", &variables, Overrides::default()).expect("good settings");
        assert_eq!(config.api.tokens, ["a", "123"]);
        assert_eq!(config.support.days, [Day::Mon, Day::Sat]);
        assert_eq!(config.support.phone, "0800");
        assert!(config.log.json);
        assert_eq!(config.conversation.max_text, 500);
    }

    #[test]
    fn a_bad_value_is_reported_with_its_key_its_origin_and_what_to_do() {
        let none: &[(&str, &str)] = &[];
        let cases = [
            ("[booking]\nhold_minutes = 0\n", none, "booking.hold_minutes", "settings.toml", "from 1 to 120"),
            ("[booking]\nhold_minutes = 'ten'\n", none, "booking.hold_minutes", "settings.toml", "u32"),
            ("[bookings]\nhold = 1\n", none, "bookings", "settings.toml", "booking"),
            (
                "",
                &[("ARIADNI_SERVER__LISTEN", "here")][..],
                "server.listen",
                "ARIADNI_SERVER__LISTEN",
                "socket address",
            ),
            ("", &[("ARIADNI_DATABASE_URL", "mysql://x")][..], "database_url", "ARIADNI_DATABASE_URL", "sqlite://"),
            ("", &[("ARIADNI_LOG__LEVEL", "a=b=c")][..], "log.level", "ARIADNI_LOG__LEVEL", "warn"),
            ("[availability]\nurl = 'core.gr'\n", none, "availability.url", "settings.toml", "https://"),
            ("[availability]\nurl = 'https://core.gr'\n", none, "availability.token", "defaults", "api.tokens"),
            (
                "[availability]\ntimeout_seconds = 60\n",
                none,
                "availability.timeout_seconds",
                "settings.toml",
                "1 to 10",
            ),
            ("[explain]\nendpoint = 'model.gr'\n", none, "explain.endpoint", "settings.toml", "http://"),
            (
                "",
                &[("ARIADNI_EXPLAIN__ENDPOINT", "https://me:s3cret@model.gr/v1")][..],
                "explain.endpoint",
                "ARIADNI_EXPLAIN__ENDPOINT",
                "without a key",
            ),
            ("[explain]\nendpoint = 'https://model.gr/v1'\n", none, "explain.model", "defaults", "name"),
            ("[explain]\napi_key = 'a b'\n", none, "explain.api_key", "settings.toml", "without spaces"),
            ("[explain]\nlonger_than = 10\n", none, "explain.longer_than", "settings.toml", "100 to 10000"),
            ("", &[("ARIADNI_EXPLAIN__PATIENCE", "60")][..], "explain.patience", "EXPLAIN__PATIENCE", "1 to 10"),
            ("[messages]\nsms_endpoint = 'sms.gr'\n", none, "messages.sms_endpoint", "settings.toml", "https://"),
            ("[messages]\nsms_endpoint = 'https://sms.gr'\n", none, "messages.sms_token", "defaults", "secret"),
            ("[messages]\nsender = 'Αριάδνη'\n", none, "messages.sender", "settings.toml", "Latin"),
            ("[messages]\nsender = 'ABCDEFGHIJKL'\n", none, "messages.sender", "settings.toml", "11"),
        ];
        for (file, variables, key, origin, advice) in cases {
            let error = read(file, variables, Overrides::default()).expect_err(key);
            assert_eq!(error.key, key, "{error}");
            assert!(error.origin.contains(origin), "{error}");
            assert!(error.to_string().contains(advice), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error() {
        let overrides = Overrides { config: Some("nowhere.toml".into()), ..Overrides::default() };
        assert_eq!(Config::from_sources(&overrides, []).expect_err("missing").key, "--config");
    }

    #[test]
    fn tokens_do_not_show_in_debug_output() {
        let file = "[api]\ntokens = ['s3cret']\n[explain]\napi_key = 's3cret'\n";
        let config = read(file, &[], Overrides::default()).expect("good settings");
        assert_eq!(config.explain.api_key.as_deref(), Some("s3cret"));
        assert!(!format!("{config:?}").contains("s3cret"));
        let file = "[messages]\nsms_endpoint = 'https://sms.gr'\nsms_token = 's3cret'\nsender = '302101234567'\n";
        let config = read(file, &[], Overrides::default()).expect("good settings");
        assert!(!format!("{config:?}").contains("s3cret"));
    }

    #[test]
    fn somebody_answers_on_weekdays_until_the_evening() {
        let support = Support::default();
        let at = |text: &str| support.is_open(text.parse().expect("an instant"));
        assert!(at("2026-11-23T06:00:00Z"), "Monday 08:00 in Athens");
        assert!(!at("2026-11-23T18:00:00Z"), "Monday 20:00 in Athens");
        assert!(!at("2026-11-22T10:00:00Z"), "Sunday");
    }
}
