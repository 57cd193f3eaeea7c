//! Addresses of pages, as the registry writes them.

/// The longest address that is shown, characters.
const LONGEST: usize = 500;

/// The address of a page on the web, when the text is one and nothing else: `http` or `https`, a name of a computer with a dot
/// in it, and neither a user before it nor a sign that no address holds.
#[must_use]
pub fn web_address(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = strip_scheme(text)?;
    let is_sound = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"'`\\^{}|[]".contains(c);
    if text.chars().count() > LONGEST || !text.chars().all(is_sound) || super::words::clean(text) != text {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_port = port.is_none_or(|port| !port.is_empty() && port.parse::<u16>().is_ok());
    (is_port && is_host(host)).then(|| text.to_owned())
}

fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()).then_some(rest)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.len() <= 253 && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::web_address;

    #[test]
    fn only_addresses_of_pages_are_addresses() {
        for sound in
            ["https://www.gov.gr/ipiresies?x=1#a", "HTTP://gov.gr", "https://gov.gr:8443/α/β", " https://ε.gr "]
        {
            assert_eq!(web_address(sound).as_deref(), Some(sound.trim()));
        }
        for other in [
            "",
            "www.gov.gr",
            "javascript:alert(1)",
            "ftp://gov.gr/x",
            "https://",
            "https://localhost/x",
            "https://gov.gr@evil.example/",
            "https://gov.gr/α β",
            "https://gov.gr/\"onclick=",
            "https://gov.gr/<b>",
            "https://gov.gr:99999/",
            "https://-gov.gr/",
            "https://gov.gr/\u{202e}",
            "δείτε https://gov.gr",
            "https://gov.gr/{name}",
        ] {
            assert_eq!(web_address(other), None, "{other}");
        }
    }
}
