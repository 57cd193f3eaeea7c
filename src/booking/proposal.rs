//! Proposals (προτάσεις νέου ραντεβού): another place for an appointment that the office cannot keep, kept until the citizen
//! answers.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a proposed place is kept at most.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(48);

/// How long before the appointment that cannot be kept an answer is wanted, so that nobody sets out in vain.
pub const ANSWER_BEFORE: TimeDelta = TimeDelta::hours(2);

/// How long a proposed place is kept at least, even when the appointment is at hand: a sudden closure is nobody's fault.
pub const KEPT_AT_LEAST: TimeDelta = TimeDelta::hours(2);

/// How many days after the appointment that cannot be kept another place is looked for.
pub const WITHIN_DAYS: i64 = 30;

/// Until when the place proposed instead of an appointment that starts at `start` is kept.
#[must_use]
pub fn deadline(now: DateTime<Utc>, start: DateTime<Utc>) -> DateTime<Utc> {
    (now + KEPT_FOR).min(start - ANSWER_BEFORE).max(now + KEPT_AT_LEAST)
}

/// How far two places given by latitude and longitude, degrees, are from each other as the crow flies, kilometres.
#[must_use]
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    const EARTH_RADIUS_KM: f64 = 6_371.0;
    let ((north_a, east_a), (north_b, east_b)) =
        ((a.0.to_radians(), a.1.to_radians()), (b.0.to_radians(), b.1.to_radians()));
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let chord = half(north_b - north_a) + north_a.cos() * north_b.cos() * half(east_b - east_a);
    2.0 * EARTH_RADIUS_KM * chord.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_two_days_but_not_past_two_hours_before_and_never_less_than_two_hours() {
        let now: DateTime<Utc> = "2026-11-23T08:00:00Z".parse().expect("an instant");
        for (hours_ahead, kept_hours) in
            [(200, 48), (51, 48), (50, 48), (49, 47), (10, 8), (4, 2), (3, 2), (0, 2), (-5, 2)]
        {
            let kept = deadline(now, now + TimeDelta::hours(hours_ahead)) - now;
            assert_eq!(kept, TimeDelta::hours(kept_hours), "{hours_ahead} hours ahead");
        }
    }
}
