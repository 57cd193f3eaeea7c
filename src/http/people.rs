//! The people of a booking, and the place that a body without a hold names: checked before the core is asked.

use super::error::ApiError;
use super::holds::at_least_one;
use crate::booking::core::{BookingRequest, HoldRequest, Needs};
use crate::booking::id::HoldId;
use crate::booking::identity::{Afm, Amka, Email, Phone};
use crate::wire::booking::{BeneficiaryBody, BookBody};

/// The longest name, characters.
const LONGEST_NAME: usize = 120;
/// The longest registry number, characters.
const LONGEST_PROCEDURE: usize = 64;

/// The place to keep and book in one step; `None` where a hold is to be booked.
pub fn place(body: &BookBody) -> Result<Option<HoldRequest>, ApiError> {
    let needs = body.persons.is_some() || body.language.is_some() || body.employee.is_some();
    let named = (&body.service, &body.office, body.mode, body.start);
    match (&body.hold, named) {
        (Some(_), (None, None, None, None)) if !needs => Ok(None),
        (Some(_), _) => Err(ApiError::invalid(
            "hold",
            "a hold says where and when; leave the rest out",
            "Η ώρα δηλώθηκε δύο φορές. Διαλέξτε την ξανά.",
        )),
        (None, (Some(service), Some(office), Some(mode), Some(start))) => {
            let persons = body.persons.unwrap_or(1);
            at_least_one(persons)?;
            let needs = Needs { persons, language: body.language, resource: body.employee.clone() };
            Ok(Some(HoldRequest { service: service.clone(), office: office.clone(), mode, start: start.0, needs }))
        }
        (None, _) => Err(ApiError::invalid(
            "hold",
            "give hold, or all of service, office, mode and start",
            "Διαλέξτε πρώτα υπηρεσία, γραφείο και ώρα.",
        )),
    }
}

/// The people; without a hold its hold is empty, since the place stands beside it.
pub fn request(body: BookBody) -> Result<BookingRequest, ApiError> {
    let phone = Phone::parse(&body.requester.phone)
        .map_err(|_| ApiError::invalid("requester.phone", "not a telephone number", "Το τηλέφωνο δεν είναι σωστό."))?;
    let email = body.requester.email.as_deref().map(Email::parse).transpose().map_err(|_| {
        ApiError::invalid("requester.email", "not an e-mail address", "Η διεύθυνση e-mail δεν είναι σωστή.")
    })?;
    if body.procedure.as_ref().is_some_and(|id| id.chars().count() > LONGEST_PROCEDURE) {
        return Err(ApiError::invalid(
            "procedure",
            "at most 64 characters",
            "Ο αριθμός της διαδικασίας δεν είναι σωστός.",
        ));
    }
    Ok(BookingRequest {
        identity: identity(&body.beneficiary)?,
        hold: body.hold.unwrap_or_else(|| HoldId::new("")),
        beneficiary: name("beneficiary.name", &body.beneficiary.name)?,
        requester: name("requester.name", &body.requester.name)?,
        phone,
        email,
        on_behalf: body.on_behalf,
        relation: body.relation,
        guests: body.guests,
        procedure: body.procedure,
    })
}

/// One number at most, with its check digit.
fn identity(beneficiary: &BeneficiaryBody) -> Result<Option<String>, ApiError> {
    match (&beneficiary.afm, &beneficiary.amka) {
        (None, None) => Ok(None),
        (Some(afm), None) => Afm::parse(afm)
            .map(|afm| Some(afm.into()))
            .map_err(|e| ApiError::invalid("beneficiary.afm", &e.to_string(), "Ο ΑΦΜ δεν είναι σωστός.")),
        (None, Some(amka)) => Amka::parse(amka)
            .map(|amka| Some(amka.into()))
            .map_err(|e| ApiError::invalid("beneficiary.amka", &e.to_string(), "Ο ΑΜΚΑ δεν είναι σωστός.")),
        (Some(_), Some(_)) => {
            Err(ApiError::invalid("beneficiary.amka", "one number is enough", "Δώστε μόνο ΑΦΜ ή μόνο ΑΜΚΑ."))
        }
    }
}

fn name(field: &str, text: &str) -> Result<String, ApiError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let control = text.chars().any(char::is_control);
    if text.chars().any(char::is_alphabetic) && !control && text.chars().count() <= LONGEST_NAME {
        Ok(text)
    } else {
        Err(ApiError::invalid(field, "1 to 120 characters, with letters", "Το όνομα δεν είναι σωστό."))
    }
}
