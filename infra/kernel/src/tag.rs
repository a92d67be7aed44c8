//! Tags: what rules compare instead of names and addresses. Made by the shell under a key of a petition, panel or log.

use std::fmt;

/// 16 bytes of an HMAC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_does_not_show_itself() {
        assert_eq!(format!("{:?}", Tag([7; 16])), "Tag(..)");
        assert_eq!(Tag([0xab; 16]).to_string(), "ab".repeat(16));
        assert_eq!(Tag::from_slice(&[1; 15]), None);
    }
}
