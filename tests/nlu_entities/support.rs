//! The understander that is tested, and how its entities are told.

use std::sync::LazyLock;

use ariadni::app::lexicon::lexicon;
use ariadni::booking::catalogue::Catalogue;
use ariadni::nlu::{Context, Entity, EntityValue, Number, Understander};

/// Monday, as the data files assume.
const NOW: &str = "2026-11-23T09:00:00";

/// With the bundled catalogue and procedures.
pub static UNDERSTANDER: LazyLock<Understander> = LazyLock::new(|| {
    let procedures = ariadni::procedures::ingest::bundled();
    Understander::bundled(lexicon(&Catalogue::bundled(), &procedures)).expect("the bundled model and lists")
});

/// A conversation that has just begun, or one in which a slot is asked for.
pub fn context(awaiting: Option<&str>) -> Context {
    Context { now: NOW.parse().expect("a time"), awaiting: awaiting.map(str::to_owned) }
}

/// The entities of an utterance where no question is open.
pub fn entities(text: &str) -> Vec<Entity> {
    UNDERSTANDER.parse(text, &context(None)).entities
}

/// The kind of an entity.
pub fn kind(entity: &Entity) -> String {
    let json = serde_json::to_value(entity).expect("serialises");
    json["type"].as_str().expect("a kind").to_owned()
}

/// Its value in the words of the data files.
pub fn value(entity: &Entity) -> String {
    let json = serde_json::to_value(entity).expect("serialises");
    match &entity.value {
        EntityValue::Number(Number::Invalid { invalid, .. }) => format!("invalid {invalid}"),
        EntityValue::When(_) => "-".to_owned(),
        _ => match &json["value"] {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(object) => ["id", "municipality", "name"]
                .iter()
                .find_map(|key| object.get(*key)?.as_str())
                .unwrap_or_default()
                .to_owned(),
            other => other.to_string(),
        },
    }
}
