//! Stretches of time as the registry writes them (ISO 8601), in Greek words after «έως».

/// `P1D`, `PT2H30M`, `P50D` as «1 ημέρα», «2 ώρες και 30 λεπτά», «50 ημέρες»; `None` for what is not one.
#[must_use]
pub fn in_words(iso: &str) -> Option<String> {
    let body = iso.trim().strip_prefix('P')?;
    let (date, time) = body.split_once('T').unwrap_or((body, ""));
    let mut parts = Vec::new();
    for (text, units) in [(date, &DATE_UNITS[..]), (time, &TIME_UNITS[..])] {
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let count: u32 = rest[..end].parse().ok()?;
            let (_, one, many) = units.iter().find(|(letter, ..)| rest[end..].starts_with(*letter))?;
            if count > 0 {
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
            rest = &rest[end + 1..];
        }
    }
    (!parts.is_empty()).then(|| parts.join(" και "))
}

const DATE_UNITS: [(char, &str, &str); 4] =
    [('Y', "έτος", "έτη"), ('M', "μήνα", "μήνες"), ('W', "εβδομάδα", "εβδομάδες"), ('D', "ημέρα", "ημέρες")];
const TIME_UNITS: [(char, &str, &str); 3] =
    [('H', "ώρα", "ώρες"), ('M', "λεπτό", "λεπτά"), ('S', "δευτερόλεπτο", "δευτερόλεπτα")];

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn durations_are_said_in_greek() {
        for (iso, words) in [
            ("P1D", Some("1 ημέρα")),
            ("P50D", Some("50 ημέρες")),
            ("PT2H30M", Some("2 ώρες και 30 λεπτά")),
            ("P1M", Some("1 μήνα")),
            ("P1Y2M", Some("1 έτος και 2 μήνες")),
            ("P0D", None),
            ("P", None),
            ("PD", None),
            ("30 ημέρες", None),
            ("PT5X", None),
        ] {
            assert_eq!(in_words(iso).as_deref(), words, "{iso}");
        }
    }
}
