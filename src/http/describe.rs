//! What the description of every route says, so that no route has to: what the layers around it may answer, what an
//! idempotency key may be, and where to go on with what an answer names.

use serde_json::json;
use utoipa::openapi::link::Link;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Required, Response, Schema};

use crate::wire::header;

/// What names the place of a booking that has no hold.
const PLACE: [&str; 4] = ["service", "office", "mode", "start"];
/// What may be said of such a place besides.
const OF_THE_PLACE: [&str; 3] = ["persons", "language", "employee"];

/// Completes a description.
pub fn complete(openapi: &mut OpenApi) {
    say_that_a_place_is_named_once(openapi);
    let of_one_appointment = operations_of_one_appointment(openapi);
    for (path, item) in &mut openapi.paths.paths {
        for operation in operations(item) {
            say_of_which_reference(path, operation);
            say_for_whom(operation);
            say_how_it_may_be_refused(operation);
            say_where_to_go_on(operation, &of_one_appointment);
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    say_what_it_may_be(parameter);
                }
            }
        }
    }
}

/// A booking has a hold or a place: two bodies, which one type reads.
fn say_that_a_place_is_named_once(openapi: &mut OpenApi) {
    let schemas = openapi.components.as_mut().map(|components| &mut components.schemas);
    let Some(body) = schemas.and_then(|schemas| schemas.get_mut("BookBody")) else { return };
    let RefOr::T(Schema::Object(either)) = body else { return };
    let with_hold = with(either, &["hold"], &[PLACE.as_slice(), &OF_THE_PLACE].concat());
    let with_place = with(either, &PLACE, &["hold"]);
    let described = OneOfBuilder::new().description(either.description.take());
    *body = described.item(with_hold).item(with_place).into();
}

/// The same object with properties that must be there and without others.
fn with(object: &Object, needed: &[&str], absent: &[&str]) -> Object {
    let mut object = object.clone();
    object.description = None;
    object.properties.retain(|name, _| !absent.contains(&name.as_str()));
    for name in needed {
        object.required.push((*name).to_owned());
        if let Some(property) = object.properties.get_mut(*name)
            && let RefOr::T(Schema::OneOf(or_null)) = &*property
            && let Some(there) = or_null.items.first()
        {
            *property = there.clone();
        }
    }
    object
}

/// References are written alike wherever an address holds one.
fn say_of_which_reference(path: &str, operation: &mut Operation) {
    if !path.contains("{reference}") {
        return;
    }
    let parameter = ParameterBuilder::new()
        .name("reference")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("Greek or Latin letters, with or without the dash."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
    operation.parameters.get_or_insert_default().insert(0, parameter.build().into());
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// The ids of the operations that take the reference of an appointment.
fn operations_of_one_appointment(openapi: &mut OpenApi) -> Vec<String> {
    let paths = openapi.paths.paths.iter_mut().filter(|(path, _)| path.contains("/appointments/{reference}"));
    paths.flat_map(|(_, item)| operations(item)).filter_map(|operation| operation.operation_id.clone()).collect()
}

/// A hold is there to be booked, and whatever answers with an appointment names it for all that can be done with it.
fn say_where_to_go_on(operation: &mut Operation, of_one_appointment: &[String]) {
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        if answers_with(response, "Held") {
            let body = json!({ "hold": "$response.body#/hold" });
            let link = Link::builder().operation_id("bookAppointment").request_body(Some(body));
            response.links.insert("bookAppointment".to_owned(), link.build().into());
        } else if answers_with(response, "AppointmentView") {
            for id in of_one_appointment {
                let link = Link::builder().operation_id(id).parameter("reference", "$response.body#/reference");
                response.links.insert(id.clone(), link.build().into());
            }
        }
    }
}

fn answers_with(response: &Response, schema: &str) -> bool {
    let named = |content: &RefOr<Content>| {
        let RefOr::T(Content { schema: Some(RefOr::Ref(reference)), .. }) = content else { return false };
        reference.ref_location.ends_with(&format!("/{schema}"))
    };
    response.content.values().any(named)
}

/// Whoever has a secret may say for whom a call is made; what only officials do is tagged `desk`.
fn say_for_whom(operation: &mut Operation) {
    let has_secret = operation
        .security
        .iter()
        .flatten()
        .any(|needed| serde_json::to_string(needed).is_ok_and(|s| s.contains("staff")));
    if !has_secret {
        return;
    }
    let for_officials = operation.tags.iter().flatten().any(|tag| tag == "desk");
    let official =
        (header::OFFICIAL, "^[A-Za-z0-9_./-]{1,64}$", "The official who acts, by a user name, for the audit.");
    let citizen = [
        (
            header::CHANNEL,
            "^[a-z0-9_-]{1,32}$",
            "From a trusted front: the channel of the citizen it speaks for, such as \
          `web`; then citizens' rules hold. Not `staff` or `system`; together with `Ariadni-Conversation`.",
        ),
        (header::CONVERSATION, "^[A-Za-z0-9_-]{1,64}$", "From a trusted front: the conversation of that citizen."),
    ];
    let headers = [official].into_iter().chain(citizen.into_iter().filter(|_| !for_officials));
    for (name, pattern, description) in headers {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        let parameter = ParameterBuilder::new()
            .name(name.split('-').map(capital).collect::<Vec<_>>().join("-"))
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(text));
        operation.parameters.get_or_insert_default().push(parameter.build().into());
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is refused before a handler runs, or instead of its answer, where the route itself does not say it.
fn say_how_it_may_be_refused(operation: &mut Operation) {
    let body = operation.request_body.is_some();
    let in_path =
        |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(p) if p.parameter_in == ParameterIn::Path);
    let readable = operation.parameters.iter().flatten().all(in_path);
    let secret = operation.security.is_some();
    let refusals = [
        (body || !readable, "400", "A body, a parameter or a header cannot be read"),
        (secret, "401", "No valid token"),
        (secret, "409", "`staff_only`, `desk_elsewhere`: it is done by officials, or elsewhere"),
        (secret, "422", "A value is not allowed, or the headers that say who acts contradict each other"),
        (body, "413", "The body is larger than 16 kB"),
        (body, "415", "The body is not `application/json`"),
        (true, "503", "The service does not answer now; try again"),
    ];
    for (_, status, description) in refusals.into_iter().filter(|(applies, ..)| *applies) {
        let refusal = || RefOr::T(refusal(description));
        operation.responses.responses.entry(status.to_owned()).or_insert_with(refusal);
    }
}

fn refusal(description: &str) -> Response {
    let mut response = Response::new(description);
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    response.content.insert("application/json".to_owned(), body.into());
    response
}

/// Keys are visible ASCII. An optional parameter is left out, for there is no null in an address or a header.
fn say_what_it_may_be(parameter: &mut Parameter) {
    if parameter.name == "Idempotency-Key" {
        let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
        parameter.schema = Some(key.pattern(Some("^[!-~]+$")).into());
    } else if let Some(RefOr::T(schema)) = &mut parameter.schema {
        never_null(schema);
    }
}

fn never_null(schema: &mut Schema) {
    let Schema::Object(object) = schema else { return };
    if let SchemaType::Array(types) = &mut object.schema_type {
        types.retain(|kind| *kind != Type::Null);
        if let [only] = types.as_slice() {
            object.schema_type = SchemaType::Type(only.clone());
        }
    }
}
