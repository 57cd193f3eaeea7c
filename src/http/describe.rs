//! What the description of every route says, so that no route has to: what the layers around it may answer, what an
//! idempotency key may be, and where to go on with what an answer names.

use serde_json::json;
use utoipa::openapi::link::Link;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, Schema};

/// Completes a description.
pub fn complete(openapi: &mut OpenApi) {
    let of_one_appointment = operations_of_one_appointment(openapi);
    for item in openapi.paths.paths.values_mut() {
        for operation in operations(item) {
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
    use utoipa::openapi::schema::SchemaType;
    let Schema::Object(object) = schema else { return };
    if let SchemaType::Array(types) = &mut object.schema_type {
        types.retain(|kind| *kind != Type::Null);
        if let [only] = types.as_slice() {
            object.schema_type = SchemaType::Type(only.clone());
        }
    }
}
