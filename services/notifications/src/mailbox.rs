//! When two mailboxes count as one: for tags and caps. Letters go to the address as it was typed.

/// Providers that ignore dots in what stands before the `@`.
const DOTLESS: &[&str] = &["gmail.com", "googlemail.com"];

/// Lower case, without what follows a `+`; a lone `+` is kept, and what isn't an address is compared as it is.
#[must_use]
pub fn canonical(typed: &str) -> String {
    let lower = typed.trim().to_lowercase();
    let Some((local, domain)) = lower.rsplit_once('@') else { return lower };
    let plain = match local.split_once('+') {
        Some(("", _)) | None => local,
        Some((plain, _)) => plain,
    };
    if DOTLESS.contains(&domain) {
        return format!("{}@gmail.com", plain.replace('.', ""));
    }
    format!("{plain}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_mailbox_are_one() {
        for (typed, one) in [
            (" Planted@Malmo.SE ", "planted@malmo.se"),
            ("planted+list@malmo.se", "planted@malmo.se"),
            ("+@malmo.se", "+@malmo.se"),
            ("p.lan.ted+x@googlemail.com", "planted@gmail.com"),
            ("p.lanted@malmo.se", "p.lanted@malmo.se"),
            ("nonsense", "nonsense"),
            ("", ""),
        ] {
            assert_eq!(canonical(typed), one);
        }
    }
}
