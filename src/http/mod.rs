//! The HTTP rim: sections 3 and 4 of the contract, the web widget, health and metrics.
//!
//! Every answer that is an error has the one shape of `error.rs`; every route is described by [`openapi`], and a test calls
//! each route that is described.

mod appointment_list;
mod appointments;
mod attendance;
mod auth;
mod availability;
mod body;
mod busy_calendars;
mod calendar_feeds;
mod catalogue;
mod closures;
mod conversations;
mod describe;
mod employees;
mod error;
mod filter;
mod holds;
mod idempotency;
mod layers;
mod metrics;
mod pages;
mod people;
mod probes;
mod proposals;
mod rate;
mod rules;
mod series;
mod serve;
mod stream;
mod trail;
mod transfer;
mod waiting_list;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::app::App;
use crate::booking::core::AvailabilityCore;
use crate::booking::desk::AppointmentDesk;
use crate::booking::in_force::CatalogueInForce;
use crate::booking::waiting::WaitingList;
use crate::clock::Clock;
use crate::conversation::Conversations;
use crate::procedures::ProceduresInForce;
use crate::store::{LocalCore, Store};

pub use error::{ApiError, ErrorBody, ErrorDetail};
pub use serve::serve;

/// What the HTTP rim needs of the application.
#[derive(Clone)]
pub struct HttpState {
    /// Runs the turns of citizens.
    pub conversations: Arc<Conversations>,
    /// Searches, holds, books, moves and cancels for staff and machines.
    pub core: Arc<dyn AvailabilityCore>,
    /// What officials do; absent where another Ariadni keeps the appointments.
    pub desk: Option<Arc<dyn AppointmentDesk>>,
    /// The address of the Ariadni that keeps the appointments; absent where this one does.
    pub core_url: Option<String>,
    /// The waiting list, where this program keeps the appointments itself.
    pub waiting: Option<Arc<dyn WaitingList>>,
    /// Offices and services, as they are in force.
    pub catalogue: CatalogueInForce,
    /// Where a catalogue is put in force; absent where another Ariadni keeps it.
    pub keeper: Option<LocalCore>,
    /// The procedures people ask for, as they are in force.
    pub procedures: ProceduresInForce,
    /// Asked whether it answers, and keeper of the answers to idempotency keys.
    pub store: Store,
    /// The only now.
    pub clock: Clock,
    /// Secrets that open the staff and machine calls (`api.tokens`); with none of them every such call is refused.
    pub tokens: Vec<String>,
    /// Origins, such as `https://www.example.gr`, whose pages may call the API (`*` for all); same-origin pages always may.
    pub allowed_origins: Vec<String>,
    /// How others reach this server, for links; as the request came when absent.
    pub public_url: Option<String>,
}

impl From<&App> for HttpState {
    fn from(app: &App) -> Self {
        Self {
            conversations: Arc::clone(&app.conversations),
            core: Arc::clone(&app.core),
            desk: app.desk.clone(),
            core_url: app.config.availability.url.clone(),
            waiting: app.waiting.clone(),
            catalogue: app.catalogue.clone(),
            keeper: app.keeper.clone(),
            procedures: app.procedures.clone(),
            store: app.store.clone(),
            clock: app.clock.clone(),
            tokens: app.config.api.tokens.clone(),
            allowed_origins: app.config.server.allowed_origins.clone(),
            public_url: app.config.server.public_url.clone(),
        }
    }
}

impl HttpState {
    /// What officials do, where the appointments are kept here.
    fn desk(&self) -> Result<Arc<dyn AppointmentDesk>, ApiError> {
        let elsewhere = || ApiError::desk_elsewhere(self.core_url.as_deref().unwrap_or("the availability core"));
        self.desk.clone().ok_or_else(elsewhere)
    }
}

/// The application with what the rim itself remembers.
struct Rim {
    app: HttpState,
    tokens: auth::Tokens,
    starts: rate::PerAddress,
    begun: idempotency::Begun,
}

/// The state that handlers take.
type Shared = State<Arc<Rim>>;

/// Every route, with the layers that guard them all.
pub fn router(state: HttpState) -> Router {
    metrics::install();
    let rim = Arc::new(Rim {
        tokens: auth::Tokens::new(&state.tokens),
        starts: rate::PerAddress::default(),
        begun: idempotency::Begun::default(),
        app: state,
    });
    let (documented, _) = documented().split_for_parts();
    let routes = documented.merge(pages::routes()).fallback(error::no_such_route);
    layers::around(routes, &rim.app).with_state(rim)
}

/// The description of every documented route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut openapi = documented().into_openapi();
    describe::complete(&mut openapi);
    openapi
}

fn documented() -> OpenApiRouter<Arc<Rim>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(conversations::start))
        .routes(routes!(conversations::turn, conversations::replay))
        .routes(routes!(stream::events))
        .routes(routes!(availability::search))
        .routes(routes!(availability::days))
        .routes(routes!(holds::hold))
        .routes(routes!(holds::release))
        .routes(routes!(appointments::book, appointment_list::list))
        .routes(routes!(appointments::find))
        .routes(routes!(appointments::get, appointments::cancel))
        .routes(routes!(appointments::reschedule))
        .routes(routes!(waiting_list::counts, waiting_list::join))
        .routes(routes!(waiting_list::leave))
        .routes(routes!(waiting_list::accept))
        .routes(routes!(waiting_list::decline))
        .routes(routes!(proposals::answer))
        .routes(routes!(rules::read, rules::replace).layer(DefaultBodyLimit::max(rules::LARGEST)))
        .routes(routes!(attendance::check_in))
        .routes(routes!(attendance::start))
        .routes(routes!(attendance::finish))
        .routes(routes!(attendance::missed))
        .routes(routes!(trail::trail))
        .routes(routes!(transfer::transfer))
        .routes(routes!(series::book))
        .routes(routes!(series::cancel))
        .routes(routes!(closures::close, closures::list))
        .routes(routes!(closures::reopen))
        .routes(routes!(closures::propose))
        .routes(routes!(employees::employees))
        .routes(routes!(calendar_feeds::create, calendar_feeds::list))
        .routes(routes!(calendar_feeds::revoke))
        .routes(routes!(calendar_feeds::read))
        .routes(routes!(busy_calendars::follow, busy_calendars::list))
        .routes(routes!(busy_calendars::forget))
        .routes(routes!(catalogue::offices))
        .routes(routes!(catalogue::services))
        .routes(routes!(catalogue::procedures))
        .routes(routes!(catalogue::procedure))
        .routes(routes!(probes::alive))
        .routes(routes!(probes::ready))
        .routes(routes!(probes::metrics))
        .routes(routes!(probes::description))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ariadni",
        description = "A Greek-language bot that books appointments in public services. Local times are Europe/Athens, \
                       without an offset; RFC 3339 times with an offset are read too. Every error is \
                       `{\"error\":{\"code\",\"message\",\"message_el\"}}`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "conversations", description = "What a citizen's channel calls."),
        (name = "appointments", description = "What staff and machines call; Bearer one of `api.tokens`."),
        (name = "desk", description = "What officials do; Bearer one of `api.tokens`."),
        (name = "catalogue", description = "What can be booked and what procedures need; public."),
        (name = "operation", description = "Health, metrics and this description.")
    ),
    modifiers(&Secrets)
)]
struct Description;

/// The two kinds of Bearer secret.
struct Secrets;

impl utoipa::Modify for Secrets {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = |what: &str| {
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(what)).build())
        };
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme("conversation", bearer("The token that started the conversation."));
        components.add_security_scheme("staff", bearer("One of api.tokens."));
    }
}
