//! A server with one small office in Patras, whose every rule a test may change; asked as a citizen on the web unless a test says
//! otherwise.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, STAFF, TestApp};

pub const SERVICE: &str = "kep.help";
pub const OFFICE: &str = "kep-patreon";
pub const DESK: &str = "kep-patreon-1";

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    /// A citizen through this channel.
    Citizen(&'static str),
    /// An official.
    Staff,
}

/// A citizen on the web.
pub const WEB: Who = Who::Citizen("web");

pub struct Small {
    pub app: TestApp,
}

/// One service of half an hour, one desk, Monday to Friday 09:00–11:00, no lead, 30 days ahead, no cooldown.
fn catalogue() -> Value {
    json!({
        "organisations": [{
            "id": "kep", "name": "ΚΕΠ", "title": "Κέντρα Εξυπηρέτησης Πολιτών", "at": "στο ΚΕΠ",
            "which_office": "ποιο ΚΕΠ", "platform": "myKEPlive", "phone": "1500", "url": "https://www.kep.gov.gr",
        }],
        "services": [{
            "id": SERVICE, "organisation": "kep", "name": "Βοήθεια", "for_what": "βοήθεια",
            "description": "Ένας υπάλληλος σας βοηθά.",
            "modes": [{"mode": "in_person", "minutes": 30}, {"mode": "video", "minutes": 30}],
            "rules": {
                "lead_minutes": 0, "horizon_days": 30, "cancel_limit_minutes": 0,
                "limits": {"per_beneficiary": 50}, "cooldown": {"from_minutes": 0, "to_minutes": 0},
            },
        }],
        "offices": [{
            "id": OFFICE, "organisation": "kep", "name": "ΚΕΠ Πατρέων", "at": "στο ΚΕΠ Πατρέων",
            "municipality": "Πάτρα", "address": "Μαιζώνος 108, 262 21 Πάτρα", "position": [38.2466, 21.7346],
            "phone": "2610390900",
            "opening": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "11:00"}],
            "resources": [{"id": DESK, "name": "Θυρίδα 1"}],
            "services": [SERVICE],
        }],
    })
}

/// The one office of the catalogue.
pub fn office(catalogue: &mut Value) -> &mut Value {
    &mut catalogue["offices"][0]
}

/// The rules of its one service.
pub fn rules(catalogue: &mut Value) -> &mut Value {
    &mut catalogue["services"][0]["rules"]
}

/// A second desk, like the first.
pub fn second_desk(catalogue: &mut Value) {
    let mut desk = office(catalogue)["resources"][0].clone();
    desk["id"] = json!("kep-patreon-2");
    office(catalogue)["resources"].as_array_mut().expect("resources").push(desk);
}

impl Small {
    /// Starts a server and puts the small catalogue in force with some changes made to it.
    pub async fn with(change: impl FnOnce(&mut Value)) -> Self {
        let small = Self { app: TestApp::start().await };
        let mut catalogue = catalogue();
        change(&mut catalogue);
        small.put(&catalogue).await;
        small
    }

    /// Changes the catalogue that is in force.
    pub async fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut catalogue = self.app.staff_get("/api/v1/catalogue").await.body;
        change(&mut catalogue);
        self.put(&catalogue).await;
    }

    async fn put(&self, catalogue: &Value) {
        let put = self.app.request(Method::PUT, "/api/v1/catalogue").bearer_auth(STAFF).json(catalogue);
        let answer = Answer::of(put).await;
        assert_eq!((answer.status, &answer.body["in_force"]), (200, &json!(true)), "{}", answer.body);
    }

    /// Calls as somebody.
    pub async fn call(&self, who: Who, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.app.request(method, path).bearer_auth(STAFF);
        if let Who::Citizen(channel) = who {
            request = request.header("Ariadni-Channel", channel).header("Ariadni-Conversation", "c-1");
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request).await
    }

    /// What a search answers somebody.
    pub async fn search(&self, who: Who, query: &str) -> Value {
        let path = format!("/api/v1/availability?service={SERVICE}&limit=500&{query}");
        let answer = self.call(who, Method::GET, &path, None).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.body
    }

    /// The free starts in person on a date, `09:00`.
    pub async fn times(&self, date: &str) -> Vec<String> {
        self.times_of(WEB, &format!("mode=in_person&window={date}")).await
    }

    /// The free starts of a query.
    pub async fn times_of(&self, who: Who, query: &str) -> Vec<String> {
        let found = self.search(who, query).await;
        let slots = found["slots"].as_array().expect("slots").iter();
        slots.map(|slot| slot["start"].as_str().expect("a start")[11..16].to_owned()).collect()
    }

    /// Why nothing is free in person on a date: the code.
    pub async fn why(&self, date: &str) -> Value {
        self.search(WEB, &format!("mode=in_person&window={date}")).await["empty_because"]["code"].clone()
    }

    /// How many appointments can still be made in person on each day of a range.
    pub async fn days(&self, who: Who, from: &str, to: &str) -> Vec<u64> {
        let path = format!("/api/v1/availability/days?service={SERVICE}&mode=in_person&from={from}&to={to}");
        let answer = self.call(who, Method::GET, &path, None).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let days = answer.body["days"].as_array().expect("days").iter();
        days.map(|day| day["free"].as_u64().expect("a number")).collect()
    }

    /// Keeps a time in person; `more` is added to what is asked.
    pub async fn hold(&self, who: Who, start: &str, more: Value) -> Answer {
        let body = json!({"service": SERVICE, "office": OFFICE, "mode": "in_person", "start": start});
        self.call(who, Method::POST, "/api/v1/holds", Some(merged(body, more))).await
    }

    /// Books a time in person in one step; `more` is added to what is asked.
    pub async fn book(&self, who: Who, start: &str, more: Value) -> Answer {
        let body = json!({
            "service": SERVICE, "office": OFFICE, "mode": "in_person", "start": start,
            "beneficiary": {"name": "Μαρία Παπαδοπούλου"},
            "requester": {"name": "Μαρία Παπαδοπούλου", "phone": "6944123456"},
        });
        self.call(who, Method::POST, "/api/v1/appointments", Some(merged(body, more))).await
    }

    /// The same where it must go well.
    pub async fn booked(&self, who: Who, start: &str, more: Value) -> Value {
        let answer = self.book(who, start, more).await;
        assert_eq!(answer.status, 201, "{start}: {}", answer.body);
        answer.body
    }

    /// Cancels an appointment.
    pub async fn cancel(&self, who: Who, appointment: &Value) -> Answer {
        self.call(who, Method::DELETE, &path_of(appointment), None).await
    }

    /// Shuts the office, or one of its desks, for a whole day.
    pub async fn close(&self, date: &str, desk: Option<&str>) -> Value {
        let mut body = json!({"office": OFFICE, "from": date, "to": format!("{date}T23:59"), "reason": "Απεργία"});
        if let Some(desk) = desk {
            body["resource"] = desk.into();
        }
        let answer = self.app.staff_post("/api/v1/closures", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body
    }

    /// Lets the clock go on to an instant.
    pub fn wait_until(&self, instant: &str) {
        let instant: chrono::DateTime<chrono::Utc> = instant.parse().expect("an instant");
        self.app.clock.advance(instant - self.app.clock.now());
    }
}

/// Where an appointment is found.
pub fn path_of(appointment: &Value) -> String {
    format!("/api/v1/appointments/{}", appointment["reference"].as_str().expect("a reference"))
}

fn merged(mut body: Value, more: Value) -> Value {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}
