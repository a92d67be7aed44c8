//! When two typed addresses are one mailbox. Only for comparing: mail goes to the address as typed.

/// How a large provider treats what stands before the `@`. Every domain drops what follows a `+`.
struct Provider {
    domains: &'static [&'static str],
    /// The domain they are compared under.
    same_as: &'static str,
    /// Dots before the `@` mean nothing.
    dotless: bool,
}

const PROVIDERS: &[Provider] =
    &[Provider { domains: &["gmail.com", "googlemail.com"], same_as: "gmail.com", dotless: true }];

/// The form under which a mailbox is compared: lower case, without `+tag`, dots dropped where the provider drops them.
/// A lone `+` is kept. A malformed address is compared as it is, in lower case.
#[must_use]
pub fn canonical(typed: &str) -> String {
    let lower = typed.trim().to_lowercase();
    let Some((local, domain)) = lower.rsplit_once('@') else { return lower };
    if local.is_empty() || domain.is_empty() || local.contains('@') || lower.contains(char::is_whitespace) {
        return lower;
    }
    let known = PROVIDERS.iter().find(|known| known.domains.contains(&domain));
    let plain = untagged(local);
    let local = match known {
        Some(known) if known.dotless => undotted(plain),
        Some(_) | None => plain.to_owned(),
    };
    format!("{local}@{}", known.map_or(domain, |known| known.same_as))
}

/// The domain under which a mailbox is compared; `None` without one.
#[must_use]
pub fn domain(typed: &str) -> Option<String> {
    let canonical = canonical(typed);
    let (_, domain) = canonical.rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_owned())
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
    fn the_domain_is_the_canonical_ones() {
        assert_eq!(domain("Anna@GoogleMail.com"), Some("gmail.com".into()));
        assert_eq!((domain("anna"), domain("anna@")), (None, None));
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
