//! Logging to stderr, and what may never be logged.
//!
//! **Invariant:** a field whose name begins with `pii.` (personal data: names, telephones, what a citizen wrote) never
//! reaches the log unless `log.personal_data` is on, in the text form and in the JSON form alike.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use crate::config::Log;

/// Fields whose names begin so carry personal data.
const PERSONAL: &str = "pii.";

/// Whether `level` can be used as `log.level`.
#[must_use]
pub fn is_filter(level: &str) -> bool {
    EnvFilter::builder().parse(level).is_ok()
}

/// Sends what is logged to stderr from now on; in one process only the first call has an effect.
pub fn init(log: &Log) {
    // A second subscriber (several tests in one process) is no fault worth stopping for.
    let _ = tracing::subscriber::set_global_default(subscriber(log, std::io::stderr));
}

fn subscriber<W>(log: &Log, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let personal_data = log.personal_data;
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&log.level))
        .with_writer(writer)
        .with_ansi(false)
        .fmt_fields(Fields { personal_data })
        .event_format(Line { json: log.json, personal_data, text: tracing_subscriber::fmt::format() })
        .finish()
}

/// Writes the fields of a span or of an event as text, without those that may not be written.
struct Fields {
    personal_data: bool,
}

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut text = Text { personal_data: self.personal_data, written: String::new() };
        fields.record(&mut text);
        writer.write_str(&text.written)
    }
}

struct Text {
    personal_data: bool,
    written: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name().starts_with(PERSONAL) && !self.personal_data {
            return;
        }
        if !self.written.is_empty() {
            self.written.push(' ');
        }
        self.written.push_str(&match field.name() {
            "message" => format!("{value:?}"),
            name => format!("{name}={value:?}"),
        });
    }
}

/// One line of the log: the usual text, or one JSON object.
struct Line {
    json: bool,
    personal_data: bool,
    text: Format,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if !self.json {
            return self.text.format_event(context, writer, event);
        }
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let mut object = Object { personal_data: self.personal_data, members: Map::new() };
        object.members.insert("timestamp".to_owned(), time.into());
        object.members.insert("level".to_owned(), event.metadata().level().as_str().into());
        object.members.insert("target".to_owned(), event.metadata().target().into());
        event.record(&mut object);
        let spans: Vec<Value> = context
            .event_scope()
            .into_iter()
            .flat_map(|scope| scope.from_root())
            .map(|span| match span.extensions().get::<FormattedFields<N>>() {
                Some(fields) => format!("{} {fields}", span.name()).trim_end().into(),
                None => span.name().into(),
            })
            .collect();
        if !spans.is_empty() {
            object.members.insert("spans".to_owned(), spans.into());
        }
        writeln!(writer, "{}", Value::Object(object.members))
    }
}

struct Object {
    personal_data: bool,
    members: Map<String, Value>,
}

impl Object {
    fn keep(&mut self, field: &Field, value: Value) {
        if self.personal_data || !field.name().starts_with(PERSONAL) {
            self.members.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Object {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("not poisoned").write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(json: bool, personal_data: bool) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let log = Log { level: "info".to_owned(), json, personal_data };
        tracing::subscriber::with_default(subscriber(&log, move || writer.clone()), || {
            let span = tracing::info_span!("turn", conversation.id = "c1", pii.name = "Ελένη Δήμου");
            let _inside = span.enter();
            tracing::info!(pii.phone = "6912345678", turn.number = 3, "the turn was run");
        });
        let bytes = kept.0.lock().expect("not poisoned").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn personal_data_is_dropped_from_spans_and_events_in_both_forms() {
        for json in [false, true] {
            let line = logged(json, false);
            assert!(!line.contains("6912345678") && !line.contains("Ελένη"), "{line}");
            assert!(line.contains("the turn was run") && line.contains("turn.number"), "{line}");
            assert!(line.contains("conversation.id"), "{line}");
        }
    }

    #[test]
    fn the_development_switch_shows_it() {
        for json in [false, true] {
            let line = logged(json, true);
            assert!(line.contains("6912345678") && line.contains("Ελένη"), "{line}");
        }
    }

    #[test]
    fn a_json_line_is_one_object() {
        let object: Value = serde_json::from_str(&logged(true, false)).expect("JSON");
        assert_eq!(object["turn.number"], 3);
        assert_eq!(object["message"], "the turn was run");
        assert_eq!(object["level"], "INFO");
    }

    #[test]
    fn a_filter_is_known_by_its_form() {
        assert!(is_filter("info,ariadni::store=debug"));
        assert!(!is_filter("a=b=c"));
    }
}
