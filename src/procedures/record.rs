//! One record of the national registry, as its public interface answers it, read into a [`Procedure`].
//!
//! The registry's records are filled in by many hands: any field may be missing, null or of another type, and any text
//! may be a plain string or one per language. Only a record without a number or a title is of no use.

use serde_json::Value;

use super::duration::in_words;
use super::page::web_address;
use super::procedure::{Condition, Page, Procedure, Step, Ways};
use super::provision::{by_video, is_place, organisation_of, service_of};
use super::words::{self, shorten};
use crate::booking::id::ServiceId;
use crate::greek::fold::fold;

mod costs;
mod evidence;
mod steps;
mod value;

use value::{is_true, names, number, objects, text, texts};

/// How much of a record this program takes in. Count it up when it takes in more: what was kept with less is read again.
pub const READS: u32 = 1;

/// The longest title, characters.
const LONGEST_TITLE: usize = 300;
/// The longest summary that is kept, characters.
const LONGEST_SUMMARY: usize = 900;
/// The longest of what else one should know, characters.
const LONGEST_REMARKS: usize = 600;
/// The longest condition, characters.
const LONGEST_CONDITION: usize = 400;
/// The most of each list that is taken in.
const LISTED: usize = 40;
/// What says that the citizen has to come, folded.
const BY_ONESELF: [&str; 3] = ["αυτοπροσωπη παρουσια", "αυτοπροσωπησ παρουσιασ", "δακτυλικ"];

/// Reads a record, with or without its `data` envelope.
///
/// # Errors
/// Says what a record lacks that is of no use without it.
pub fn to_procedure(value: &Value) -> Result<Procedure, String> {
    let data = value.get("data").filter(|d| d.is_object()).unwrap_or(value);
    if !data.is_object() {
        return Err("not an object".into());
    }
    let metadata = &data["metadata"];
    let process = &metadata["process"];
    let id = number_of(value).ok_or("it has no registry number")?;
    let title = text(&data["title"]).or_else(|| text(&process["official_title"])).ok_or("it has no title")?;
    let title = shorten(&title, LONGEST_TITLE);
    let mut aliases = texts(&process["alternative_titles"]);
    aliases.extend(text(&process["official_title"]));
    aliases.retain(|alias| *alias != title);
    aliases.dedup();
    let groups = groups(metadata);
    let fees = costs::fees(metadata);
    let steps = steps::steps(metadata);
    let pages = pages(metadata, &steps);
    let service = service_of(&title, &providers(process, &groups));
    Ok(Procedure {
        aliases: aliases.into_iter().take(LISTED).map(|alias| shorten(&alias, LONGEST_TITLE)).collect(),
        summary: text(&process["description"]).map(|text| shorten(&text, LONGEST_SUMMARY)),
        who_may: who_may(process),
        conditions: conditions(metadata),
        documents: evidence::documents(&metadata["process_evidences"]),
        cost: costs::cost(metadata, &fees),
        fees,
        duration: duration(process),
        validity: text(&process["validity_duration"])
            .and_then(|iso| in_words(&iso))
            .map(|it| format!("Ισχύει για {it}.")),
        ways: ways(metadata, &pages, &groups, service.as_ref()),
        steps,
        place: place(&groups),
        organisation: organisation_of(&owners(process, &groups)),
        groups,
        pages,
        remarks: remarks(process),
        languages: names(&process["provided_language"], LISTED),
        life_events: names(&process["life_events"], LISTED),
        service,
        last_updated: text(&data["last_updated"]),
        reads: READS,
        id,
        title,
        ..Procedure::default()
    })
}

/// The registry number of a record, with or without its `data` envelope.
#[must_use]
pub fn number_of(value: &Value) -> Option<String> {
    let data = value.get("data").filter(|d| d.is_object()).unwrap_or(value);
    number(&data["id"]).or_else(|| number(&data["metadata"]["process"]["id"]))
}

fn who_may(process: &Value) -> Option<String> {
    let to = names(&process["provided_to"], LISTED);
    (!to.is_empty()).then(|| format!("{}.", to.join(", ").trim_end_matches('.')))
}

fn conditions(metadata: &Value) -> Vec<Condition> {
    let mut found: Vec<Condition> = Vec::new();
    for entry in objects(&metadata["process_conditions"]) {
        let Some(text) = text(&entry["conditions_name"]) else { continue };
        let alternative = is_true(&entry["conditions_alternative"]);
        let condition = Condition { text: shorten(&text, LONGEST_CONDITION), alternative };
        if !found.contains(&condition) && found.len() < LISTED {
            found.push(condition);
        }
    }
    found
}

/// How long it may take and how long it usually takes; what is no stretch of time is told as it is written, when it is short.
fn duration(process: &Value) -> Option<String> {
    let [most, usual] = ["deadline_duration", "estimated_implementation_time"].map(|field| text(&process[field]));
    let words = |stated: &Option<String>| stated.as_deref().and_then(in_words);
    match (words(&most), words(&usual)) {
        (Some(most), Some(usual)) if most != usual => Some(format!("Διαρκεί έως {most}, συνήθως {usual}.")),
        (Some(most), _) => Some(format!("Διαρκεί έως {most}.")),
        (None, Some(usual)) => Some(format!("Συνήθως διαρκεί {usual}.")),
        (None, None) => [most, usual]
            .into_iter()
            .flatten()
            .find(|text| is_stated(text))
            .map(|text| format!("Διάρκεια: {}.", text.trim_end_matches('.'))),
    }
}

fn is_stated(text: &str) -> bool {
    let has_greek = text.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    has_greek && text.chars().count() <= 120
}

/// The kinds of places that serve it; where none is named, those that the registry shows at a glance, then the providers.
fn groups(metadata: &Value) -> Vec<String> {
    let process = &metadata["process"];
    let points = || {
        let points = objects(&metadata["glance"]["service_points"]["value"]);
        points.filter_map(|point| text(&point["title"])).map(|name| shorten(&name, 120)).take(LISTED).collect()
    };
    let lists = [names(&process["provision_org_group"], LISTED), points(), names(&process["provision_org"], LISTED)];
    lists.into_iter().find(|list: &Vec<String>| !list.is_empty()).unwrap_or_default()
}

fn place(groups: &[String]) -> Option<String> {
    (!groups.is_empty()).then(|| format!("Γίνεται εδώ: {}.", groups.join(", ").trim_end_matches('.')))
}

/// Every page where it is done online, each address once.
fn pages(metadata: &Value, steps: &[Step]) -> Vec<Page> {
    let page = |title: &Value, url: &Value| {
        let title = text(title).filter(|title| web_address(title).is_none()).map(|title| shorten(&title, 120));
        Some(Page { title, url: web_address(&text(url)?)? })
    };
    let locations = objects(&metadata["process_provision_digital_locations"])
        .filter_map(|at| page(&at["provision_digital_location_title"], &at["provision_digital_location_url"]));
    let codes = objects(&metadata["process"]["govgr_codes"]).filter_map(|code| page(&code["title"], &code["url"]));
    let of_steps = steps.iter().filter(|step| step.online).filter_map(|step| step.page.clone());
    let mut found: Vec<Page> = Vec::new();
    for page in locations.chain(codes).chain(of_steps.map(|url| Page { title: None, url })) {
        if found.len() < LISTED && found.iter().all(|known| known.url != page.url) {
            found.push(page);
        }
    }
    found
}

/// Only what the record states: a page where it is done online, places where one goes, and that one has to come oneself. A
/// record never says that it is done by video; our service may, where nothing speaks against it.
fn ways(metadata: &Value, pages: &[Page], groups: &[String], service: Option<&ServiceId>) -> Option<Ways> {
    let online = pages.first().map(|page| page.url.clone());
    if asks_for_presence(metadata) {
        let note = Some("Δεν γίνεται με βιντεοκλήση, γιατί χρειάζεται να έρθετε οι ίδιοι.".to_owned());
        return Some(Ways { online, video: false, in_person: true, note });
    }
    online.as_ref()?;
    // A page is no proof that one may not come; where no place is named, only the page is told.
    let only_page = !groups.iter().any(|group| is_place(group)) && service.is_none();
    let note = only_page.then(|| "Γίνεται από το διαδίκτυο.".to_owned());
    Some(Ways { online, video: service.is_some_and(by_video), in_person: true, note })
}

/// Whether the record says that the citizen has to come; a way out in the same sentence speaks against it.
fn asks_for_presence(metadata: &Value) -> bool {
    let process = &metadata["process"];
    let entries = [("process_conditions", "conditions_name"), ("process_steps", "step_description")];
    let listed =
        entries.iter().flat_map(|(list, field)| objects(&metadata[*list]).filter_map(|entry| text(&entry[*field])));
    let stated = ["description", "remarks", "application_note"].iter().filter_map(|field| text(&process[*field]));
    stated.chain(listed).any(|text| {
        words::sentences(&text).any(|sentence| {
            let sentence = fold(sentence);
            let speaks_against =
                [" η μεσω", "εξουσιοδοτ", "δεν απαιτειται", "δεν χρειαζεται", "χωρισ", " ειτε ", "ηλεκτρονικα"];
            BY_ONESELF.iter().any(|sign| sentence.contains(sign))
                && !speaks_against.iter().any(|sign| sentence.contains(sign))
        })
    })
}

fn remarks(process: &Value) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    for text in ["remarks", "application_note"].iter().filter_map(|field| value::words(&process[*field])) {
        if !said.contains(&text) {
            said.push(text);
        }
    }
    (!said.is_empty()).then(|| shorten(&said.join(" "), LONGEST_REMARKS))
}

/// Who serves it: the kinds of places, and who provides it.
fn providers(process: &Value, groups: &[String]) -> Vec<String> {
    groups.iter().cloned().chain(names(&process["provision_org"], LISTED)).collect()
}

/// Who stands behind it: who serves it, and whose it is.
fn owners(process: &Value, groups: &[String]) -> Vec<String> {
    providers(process, groups).into_iter().chain(names(&process["org_owner"], LISTED)).collect()
}
