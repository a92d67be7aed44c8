//! Tags: what rules compare instead of names and addresses. Made by the shell under the petition's tag key.

use std::fmt;

/// 16 bytes of an HMAC under a petition's tag key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub [u8; 16]);

impl Tag {
    /// From bytes of unknown length; `None` unless there are exactly 16.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Tag {
    /// 32 hexadecimal digits, as in a stream's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Tag {
    /// Never shows the tag: with the key at hand it points at a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag(..)")
    }
}

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

    #[test]
    fn a_tag_does_not_show_itself() {
        assert_eq!(format!("{:?}", Tag([7; 16])), "Tag(..)");
        assert_eq!(Tag([0xab; 16]).to_string(), "ab".repeat(16));
        assert_eq!(Tag::from_slice(&[1; 15]), None);
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
