//! When two typed addresses are one mailbox. Only for comparing: mail goes to the address as typed.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Domains {
    domain: Vec<Domain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Domain {
    names: Vec<String>,
    same_as: String,
    dots: bool,
}

/// Empty only if the shipped table were broken, which a test forbids.
static DOMAINS: LazyLock<Vec<Domain>> = LazyLock::new(|| {
    toml::from_str::<Domains>(include_str!("../mailboxes.toml")).map(|table| table.domain).unwrap_or_default()
});

/// The form under which a mailbox is compared: lower case, without `+tag`, dots dropped where the provider drops them.
/// A lone `+` is kept. A malformed address is compared as it is, in lower case.
#[must_use]
pub fn canonical(typed: &str) -> String {
    let lower = typed.trim().to_lowercase();
    let Some((local, domain)) = lower.rsplit_once('@') else { return lower };
    if local.is_empty() || domain.is_empty() || local.contains('@') || lower.contains(char::is_whitespace) {
        return lower;
    }
    let known = DOMAINS.iter().find(|known| known.names.iter().any(|name| name == domain));
    let plain = untagged(local);
    let local = match known {
        Some(known) if known.dots => undotted(plain),
        Some(_) | None => plain.to_owned(),
    };
    format!("{local}@{}", known.map_or(domain, |known| known.same_as.as_str()))
}

/// Without `+tag`; a `+` that begins or ends the part is a lone one, not a tag.
fn untagged(local: &str) -> &str {
    match local.split_once('+') {
        Some((front, tag)) if !front.is_empty() && !tag.is_empty() => front,
        Some(_) | None => local,
    }
}

/// Without dots, unless nothing else is there.
fn undotted(local: &str) -> String {
    let plain = local.replace('.', "");
    if untagged(&plain).len() == plain.len() && !plain.is_empty() { plain } else { local.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shipped_table_can_be_read() {
        assert!(!DOMAINS.is_empty());
    }

    #[test]
    fn one_mailbox_typed_differently_is_one_mailbox() {
        for (typed, same) in [
            ("Anna.Berg+list@GoogleMail.com", "annaberg@gmail.com"),
            ("a.n.n.a@gmail.com", "anna@gmail.com"),
            ("Anna.Berg+x+y@malmo.se", "anna.berg@malmo.se"),
            (" anna@malmo.se ", "anna@malmo.se"),
        ] {
            assert_eq!(canonical(typed), same);
        }
    }

    #[test]
    fn a_lone_plus_is_kept() {
        assert_eq!(canonical("+@malmo.se"), "+@malmo.se");
        assert_eq!(canonical("anna+@malmo.se"), "anna+@malmo.se");
        assert_eq!(canonical("+anna@malmo.se"), "+anna@malmo.se");
    }

    #[test]
    fn a_malformed_address_is_compared_as_it_is() {
        for typed in [
            "",
            "@",
            "anna",
            "anna@",
            "@gmail.com",
            "a@b@gmail.com",
            "...@gmail.com",
            ". @gmail.com",
            "a .b@gmail.com",
        ] {
            assert_eq!(canonical(typed), typed);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn never_panics(typed in "\\PC{0,40}") {
            let _ = canonical(&typed);
        }

        #[test]
        fn twice_is_once(typed in "[a-cA-C.+@ åß]{0,12}@?(gmail.com|googlemail.com|malmo.se|x)?") {
            let once = canonical(&typed);
            prop_assert_eq!(canonical(&once), once);
        }
    }
}
