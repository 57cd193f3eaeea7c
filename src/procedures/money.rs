//! Amounts of euros in Greek.

use super::procedure::Fee;

/// What no fee of the registry reaches, euros.
const GREATEST: f64 = 100_000_000.0;

/// Whether a number can be an amount of euros.
#[must_use]
pub fn is_amount(amount: f64) -> bool {
    (0.0..GREATEST).contains(&amount)
}

/// Euros as people write them: `10`, `2,50`.
fn euros(amount: f64) -> String {
    let written = format!("{amount:.2}");
    written.strip_suffix(".00").map_or_else(|| written.replace('.', ","), str::to_owned)
}

/// «10 ευρώ», «από 10 έως 20 ευρώ», «έως 20 ευρώ»; nothing where no amount is known.
#[must_use]
pub fn between(least: Option<f64>, most: Option<f64>) -> Option<String> {
    let (least, most) = (least.filter(|it| is_amount(*it)), most.filter(|it| is_amount(*it)));
    Some(match (least, most) {
        (None, None) => return None,
        (Some(0.0), Some(0.0)) => "δωρεάν".to_owned(),
        (Some(0.0) | None, Some(most)) if most > 0.0 => format!("έως {} ευρώ", euros(most)),
        (Some(least), Some(most)) if least != most => {
            format!("από {} έως {} ευρώ", euros(least.min(most)), euros(least.max(most)))
        }
        (Some(price), _) | (None, Some(price)) => format!("{} ευρώ", euros(price)),
    })
}

/// What a whole procedure costs, a sentence; that it costs nothing is said only where the greatest amount is nothing.
#[must_use]
pub fn total(least: Option<f64>, most: Option<f64>) -> Option<String> {
    match (least, most) {
        (None | Some(0.0), Some(0.0)) => Some("Δεν κοστίζει τίποτα.".to_owned()),
        (Some(0.0), None) => None,
        _ => between(least, most).map(|amount| format!("Κοστίζει {amount}.")),
    }
}

/// The amount of a fee in words, where it is known.
#[must_use]
pub fn of_fee(fee: &Fee) -> Option<String> {
    between(fee.least, fee.most)
}

/// The fees whose amount is known, in a sentence: «Παράβολο 16,50 ευρώ, χαρτόσημο 2 ευρώ.»
#[must_use]
pub fn sentence(fees: &[Fee]) -> Option<String> {
    let amounts: Vec<String> = fees.iter().filter_map(|fee| Some(format!("{} {}", fee.name, of_fee(fee)?))).collect();
    (!amounts.is_empty()).then(|| format!("{}.", amounts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_as_they_are() {
        for (least, most, words) in [
            (None, None, None),
            (Some(16.5), None, Some("16,50 ευρώ")),
            (Some(10.0), Some(10.0), Some("10 ευρώ")),
            (Some(10.0), Some(12.5), Some("από 10 έως 12,50 ευρώ")),
            (Some(20.0), Some(10.0), Some("από 10 έως 20 ευρώ")),
            (None, Some(20.0), Some("έως 20 ευρώ")),
            (Some(0.0), Some(0.0), Some("δωρεάν")),
            (Some(f64::NAN), Some(f64::INFINITY), None),
            (Some(-5.0), Some(3.0), Some("έως 3 ευρώ")),
            (Some(1e12), None, None),
        ] {
            assert_eq!(between(least, most).as_deref(), words, "{least:?} {most:?}");
        }
        assert_eq!(total(Some(0.0), None), None, "a least amount of nothing does not say that it is free");
        assert_eq!(total(Some(0.0), Some(0.0)).as_deref(), Some("Δεν κοστίζει τίποτα."));
    }
}
