//! What is tagged of a person: rules compare tags instead of names and addresses. Made by the shell under the petition's tag key.

pub use radslag_kernel::Tag;

/// What a name is tagged as: trimmed, inner spaces single, lower case.
#[must_use]
pub fn name(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What a postcode is tagged as: letters and digits only, upper case ("211 44" = "21144", "sw1a 2aa" = "SW1A2AA").
#[must_use]
pub fn postcode(typed: &str) -> String {
    typed.to_uppercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What a person is tagged as, so that signatures by different methods can be compared; `None` without a postcode.
#[must_use]
pub fn person(typed_name: &str, typed_postcode: &str) -> Option<String> {
    let postcode = postcode(typed_postcode);
    (!postcode.is_empty()).then(|| format!("{}\n{postcode}", name(typed_name)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_name_typed_differently_is_one_name() {
        assert_eq!(name("  ÅSA   Öberg\t"), "åsa öberg");
        assert_eq!(postcode("211 44"), postcode("211-44"));
        assert_eq!(person("Åsa", " "), None);
        assert_eq!(person(" åsa  öberg", "211 44"), person("Åsa Öberg", "21144"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn normalising_twice_is_normalising_once(typed in "\\PC{0,40}") {
            let (once, code) = (name(&typed), postcode(&typed));
            prop_assert_eq!(name(&once), once);
            prop_assert_eq!(postcode(&code), code);
        }
    }
}
