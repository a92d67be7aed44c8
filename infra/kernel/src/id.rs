//! Every id of the product, from one registry: 16 bytes, shown as 32 lower-case hexadecimal digits.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From its 16 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self { Self(bytes) }
            /// Its 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] { &self.0 }
            /// From bytes of unknown length; `None` unless there are exactly 16.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> { bytes.try_into().ok().map(Self) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { hex(&self.0, f) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { hex(&self.0, f) }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { unhex(text).map(Self).ok_or(NotAnId) }
        }
    )*};
}

ids! {
    /// A petition, panel or poll.
    AggregateId;
    /// One signature, answer or member within an aggregate; random, so that recounts can follow it.
    ItemId;
    /// Whose key seals, and who acts: random, one per signature, member, answer or document.
    SubjectId;
    /// A UUIDv7.
    EventId;
    /// What makes a repeated command the same command.
    CommandId;
    /// A log: random, made with it.
    LogId;
}

impl EventId {
    /// A UUIDv7 of a moment (milliseconds since 1970) and ten random bytes.
    #[must_use]
    pub fn v7(millis: u64, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Self(bytes)
    }
}

/// The text isn't 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 32 hexadecimal digits")
    }
}

impl std::error::Error for NotAnId {}

fn hex(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Bytes from their hexadecimal digits, a-f in lower case; `None` unless the text is just those of so many bytes.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = ItemId::from_bytes([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn a_text_that_is_not_an_id_is_refused() {
        for text in ["", "ab", &"g".repeat(32), &"AB".repeat(16), &"ö".repeat(16)] {
            assert_eq!(text.parse::<ItemId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn an_event_id_is_a_uuid_of_version_7() {
        let id = EventId::v7(1_224_806_400_000, [0xff; 10]);
        assert_eq!(id.to_string(), "011d2c2680007fffbfffffffffffffff");
    }
}
