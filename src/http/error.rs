//! The one place that turns a refusal into HTTP: status, public code, English for the log, Greek for the citizen.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::booking::refusal::Refusal;
use crate::conversation::ConversationError;
use crate::wire::LocalTime;
pub use crate::wire::{ErrorBody, ErrorDetail};

/// An error on its way out.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// What is in the body.
    pub body: ErrorBody,
}

impl ApiError {
    /// An error with everything said.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>, message_el: impl Into<String>) -> Self {
        let (message, message_el) = (message.into(), message_el.into());
        let error = ErrorDetail { code: code.to_owned(), message, message_el, detail: None };
        Self { status, body: ErrorBody { error } }
    }

    /// The same with what the code alone does not say.
    #[must_use]
    pub fn with_detail(mut self, detail: Option<Value>) -> Self {
        self.body.error.detail = detail;
        self
    }

    /// Nobody showed a secret that opens this.
    pub fn unauthorised() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            "a valid Authorization: Bearer token is needed",
            "Δεν έχετε πρόσβαση εδώ.",
        )
    }

    /// There is nothing under this name; `what` in English, such as `office`.
    pub fn not_found(what: &str) -> Self {
        let message = format!("no such {what}");
        Self::new(StatusCode::NOT_FOUND, "not_found", message, "Δεν βρέθηκε αυτό που ζητήσατε.")
    }

    /// A field of a well-formed request has a value that cannot be.
    pub fn invalid(field: &str, message: &str, message_el: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", format!("invalid {field}: {message}"), message_el)
            .with_detail(Some(json!({ "field": field, "problem": message })))
    }

    /// What is asked is done by officials only, and the caller speaks for a citizen.
    pub fn staff_only() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "staff_only",
            "this is for officials: leave the headers Ariadni-Channel and Ariadni-Conversation out",
            "Αυτό το κάνει μόνο η υπηρεσία.",
        )
    }

    /// What is asked is done where the appointments are kept.
    pub fn desk_elsewhere(core: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "desk_elsewhere",
            format!("the appointments are kept by another Ariadni: ask {core}"),
            "Αυτό γίνεται στο κεντρικό σύστημα των ραντεβού.",
        )
        .with_detail(Some(json!({ "url": core })))
    }

    /// A parameter of the address cannot be read.
    pub fn bad_parameters(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message, "Τα στοιχεία της αναζήτησης δεν είναι σωστά.")
    }

    /// The error that belongs to a bare status, for what the framework itself refuses.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, message, greek) = match status {
            StatusCode::BAD_REQUEST => ("bad_request", "the request cannot be read", "Το αίτημα δεν διαβάζεται."),
            StatusCode::NOT_FOUND => ("not_found", "no such page", "Η σελίδα δεν βρέθηκε."),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "this method is not allowed here", "Αυτή η ενέργεια δεν γίνεται εδώ.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("too_large", "the body is larger than 16 kB", "Το μήνυμα είναι πολύ μεγάλο. Γράψτε το πιο σύντομα.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("unsupported_media_type", "send Content-Type: application/json", "Το αίτημα δεν έχει σωστή μορφή.")
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                ("invalid", "a value is not allowed", "Κάποιο στοιχείο δεν είναι σωστό.")
            }
            StatusCode::TOO_MANY_REQUESTS => (
                "too_many_requests",
                "too many requests; wait a little",
                "Έγιναν πολλές προσπάθειες. Περιμένετε ένα λεπτό και δοκιμάστε ξανά.",
            ),
            StatusCode::SERVICE_UNAVAILABLE => (
                "unavailable",
                "the service does not answer now; try again",
                "Η υπηρεσία δεν απαντά αυτή τη στιγμή. Δοκιμάστε ξανά σε λίγο.",
            ),
            _ => (
                "internal",
                "something went wrong on our side",
                "Κάτι πήγε στραβά από τη μεριά μας. Δοκιμάστε ξανά σε λίγο.",
            ),
        };
        Self::new(status, code, message, greek)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let seconds = match self.status {
            StatusCode::SERVICE_UNAVAILABLE => Some("1"),
            StatusCode::TOO_MANY_REQUESTS => Some("2"),
            _ => None,
        };
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}

/// The fallback of the router.
pub async fn no_such_route() -> ApiError {
    ApiError::of_status(StatusCode::NOT_FOUND)
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        if let Refusal::Unavailable(cause) = &refusal {
            tracing::error!(error.cause = %cause, "the availability core did not answer");
            return Self::of_status(StatusCode::SERVICE_UNAVAILABLE);
        }
        let because = match &refusal {
            Refusal::OnDate { because, .. } => because,
            other => other,
        };
        let status = match because {
            Refusal::NotFound | Refusal::NotOffered(_) => StatusCode::NOT_FOUND,
            Refusal::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, refusal.code(), refusal.to_string(), greek(&refusal))
            .with_detail(crate::wire::refusal::detail(&refusal))
    }
}

/// What a citizen is told about a refusal.
fn greek(refusal: &Refusal) -> String {
    match refusal {
        Refusal::SlotTaken => "Μόλις το έκλεισε κάποιος άλλος. Διαλέξτε άλλη ώρα.".into(),
        Refusal::HoldExpired => "Πέρασε ο χρόνος που κρατούσαμε την ώρα. Διαλέξτε ξανά.".into(),
        Refusal::LimitReached(1) => "Υπάρχει ήδη ραντεβού για αυτή την υπηρεσία στο ίδιο όνομα.".into(),
        Refusal::LimitReached(n) => format!("Υπάρχουν ήδη {n} ραντεβού για αυτή την υπηρεσία στο ίδιο όνομα."),
        Refusal::StillFree => "Υπάρχουν ελεύθερες ώρες για αυτό που ζητάτε. Κλείστε μία από αυτές.".into(),
        Refusal::AlreadyWaits => "Υπάρχει ήδη θέση στη λίστα αναμονής για αυτή την υπηρεσία στο ίδιο όνομα.".into(),
        Refusal::TooLate(until) => {
            format!("Η αλλαγή γινόταν έως {}. Τώρα μόνο η υπηρεσία μπορεί να σας βοηθήσει.", LocalTime(*until).greek())
        }
        Refusal::Closed(why) if why.is_empty() => "Η υπηρεσία είναι κλειστή τότε.".into(),
        Refusal::Closed(why) => format!("Η υπηρεσία είναι κλειστή τότε: {why}."),
        Refusal::TooSoon(first) => {
            format!("Είναι πολύ νωρίς για ραντεβού. Το πιο κοντινό είναι από {}.", LocalTime(*first).greek())
        }
        Refusal::BeyondHorizon(days) => format!("Τα ραντεβού κλείνουν έως {days} ημέρες πριν."),
        Refusal::NotYetOpen(at) => {
            format!("Τα ραντεβού για εκείνη την ημέρα ανοίγουν {}.", LocalTime(*at).greek())
        }
        Refusal::KeptForOthers => "Οι θέσεις που μένουν εκείνη την ημέρα δεν κλείνονται από εδώ.".into(),
        Refusal::NobodyServes(_) => "Δεν υπάρχει εκεί υπάλληλος για αυτό που ζητάτε.".into(),
        Refusal::NotASlot => "Δεν υπάρχει ραντεβού που να αρχίζει αυτή την ώρα.".into(),
        Refusal::NotOffered(_) => "Αυτό δεν προσφέρεται εκεί.".into(),
        Refusal::NotFound => "Δεν βρέθηκε ραντεβού με αυτόν τον αριθμό.".into(),
        Refusal::WrongState("cancelled") => "Το ραντεβού έχει ήδη ακυρωθεί.".into(),
        Refusal::WrongState(_) => "Το ραντεβού δεν αλλάζει πια.".into(),
        Refusal::Invalid { .. } => "Κάποιο στοιχείο δεν είναι σωστό.".into(),
        Refusal::OnDate { date, because } => format!("Στις {}: {}", date.format("%-d/%-m/%Y"), greek(because)),
        Refusal::Unavailable(_) => "Η υπηρεσία δεν απαντά αυτή τη στιγμή. Δοκιμάστε ξανά σε λίγο.".into(),
    }
}

impl From<ConversationError> for ApiError {
    fn from(error: ConversationError) -> Self {
        let message = error.to_string();
        match error {
            // A wrong token and a wrong id look alike, so that nobody learns which conversations exist.
            ConversationError::NotFound => Self::new(
                StatusCode::UNAUTHORIZED,
                "unauthorised",
                "no such conversation, or the token is not its own",
                "Αυτή η συνομιλία δεν υπάρχει πια. Αρχίστε μια καινούργια.",
            ),
            ConversationError::Ended => Self::new(
                StatusCode::CONFLICT,
                "conversation_ended",
                message,
                "Η συνομιλία τελείωσε. Αρχίστε μια καινούργια.",
            ),
            ConversationError::TooLong(limit) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "too_long",
                message,
                format!("Το μήνυμα είναι μεγάλο. Γράψτε έως {limit} χαρακτήρες."),
            ),
            ConversationError::KeyReused => Self::key_reused(),
            ConversationError::Conflict => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                message,
                "Ήρθαν δύο μηνύματα μαζί. Στείλτε ξανά το τελευταίο.",
            ),
            ConversationError::Store(cause) => {
                tracing::error!(error.cause = %cause, "a turn was not run: the store did not answer");
                Self::of_status(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }
}

impl ApiError {
    /// The idempotency key came before, with something else.
    pub fn key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "key_reused",
            "the idempotency key was used with another request",
            "Αυτό το αίτημα δεν ταιριάζει με το προηγούμενο. Δοκιμάστε ξανά.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::refusal::refusal;

    /// Every variant once; whoever adds one is told here by the compiler to add it to the list below.
    fn is_listed(refusal: &Refusal) {
        match refusal {
            Refusal::SlotTaken
            | Refusal::HoldExpired
            | Refusal::LimitReached(_)
            | Refusal::StillFree
            | Refusal::AlreadyWaits
            | Refusal::OnDate { .. }
            | Refusal::TooLate(_)
            | Refusal::Closed(_)
            | Refusal::TooSoon(_)
            | Refusal::BeyondHorizon(_)
            | Refusal::NotYetOpen(_)
            | Refusal::KeptForOthers
            | Refusal::NobodyServes(_)
            | Refusal::NotASlot
            | Refusal::NotOffered(_)
            | Refusal::NotFound
            | Refusal::WrongState(_)
            | Refusal::Invalid { .. }
            | Refusal::Unavailable(_) => {}
        }
    }

    #[test]
    fn every_refusal_comes_back_over_http_as_it_was_sent() {
        // The second 03:30 of the autumn change: a wall clock alone would name another instant.
        let at = "2026-10-25T01:30:00Z".parse().expect("an instant");
        let refusals = [
            Refusal::SlotTaken,
            Refusal::HoldExpired,
            Refusal::LimitReached(3),
            Refusal::TooLate(at),
            Refusal::Closed("Διακοπή ρεύματος".to_owned()),
            Refusal::TooSoon(at),
            Refusal::BeyondHorizon(60),
            Refusal::NotYetOpen(at),
            Refusal::KeptForOthers,
            Refusal::NobodyServes("gss".to_owned()),
            Refusal::NotASlot,
            Refusal::NotOffered("office kep-x".to_owned()),
            Refusal::NotFound,
            Refusal::WrongState("checked_in"),
            Refusal::Invalid { field: "windows", message: "end before they begin".to_owned() },
            Refusal::StillFree,
            Refusal::AlreadyWaits,
            Refusal::OnDate {
                date: chrono::NaiveDate::from_ymd_opt(2026, 12, 25).expect("a date"),
                because: Box::new(Refusal::Closed("Χριστούγεννα".to_owned())),
            },
        ];
        for sent in refusals {
            is_listed(&sent);
            let error = ApiError::from(sent.clone());
            let json = serde_json::to_string(&error.body).expect("JSON");
            let read: ErrorBody = serde_json::from_str(&json).expect("an error");
            assert!(error.status.is_client_error() && read.error.message_el.ends_with('.'), "{json}");
            assert_eq!(refusal(&read.error), Some(sent), "{json}");
        }
        let away = ApiError::from(Refusal::Unavailable("the store".to_owned()));
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refusal(&away.body.error), None, "it is tried again, and is no answer");
        assert!(!away.body.error.message.contains("the store"));
    }

    #[test]
    fn what_is_no_refusal_of_a_core_is_not_taken_for_one() {
        let page = ApiError::of_status(StatusCode::NOT_FOUND).body.error;
        let unknown = ApiError::new(StatusCode::CONFLICT, "strike", "on strike", "Απεργία.").body.error;
        let lost = ErrorDetail { detail: None, ..ApiError::from(Refusal::LimitReached(1)).body.error };
        for error in [page, unknown, lost] {
            assert_eq!(refusal(&error), None, "{error:?}");
        }
    }
}
