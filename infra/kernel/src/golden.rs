//! The bytes of events as they were released, a line each: how every service's tests hold that they decode for ever. A line
//! is `kind schema public field:keys:committed:value ...`, bytes in hexadecimal.

use std::fmt::Write as _;

use crate::{Encoded, Happens, KeyRef, Malformed, Opened, Plain, Stored, SubjectId};

/// An event's line.
#[must_use]
pub fn line(encoded: &Encoded) -> String {
    let mut line = format!("{} {} {}", encoded.kind, encoded.schema, hex(&encoded.public));
    for Plain { field, under, committed, value } in &encoded.sealed {
        let keys: Vec<_> = under.iter().map(|key| key.0.to_string()).collect();
        let _ = write!(line, " {field}:{}:{committed}:{}", keys.join("+"), hex(value));
    }
    line
}

/// An event of its line, if that is of this kind.
#[must_use]
pub fn parse(line: &str, kind: &'static str) -> Option<Encoded> {
    let mut parts = line.split(' ');
    parts.next().filter(|named| *named == kind)?;
    let (schema, public) = (parts.next()?.parse().ok()?, unhex(parts.next()?)?);
    let sealed = parts.map(|part| {
        let mut parts = part.split(':');
        let field = parts.next()?.parse().ok()?;
        let under =
            parts.next()?.split('+').map(|key| key.parse().ok().map(KeyRef)).collect::<Option<_>>()?;
        let committed = parts.next()? == "true";
        Some(Plain { field, under, committed, value: unhex(parts.next()?)? })
    });
    Some(Encoded { kind, schema, public, sealed: sealed.collect::<Option<_>>()? })
}

/// What the log would hand a service's `decode` of an event by somebody, with the keys for which `gone` says so destroyed.
///
/// # Errors
/// As `decode`.
pub fn stored_again<E: Happens>(
    (event, by): (&E, SubjectId),
    encoded: &Encoded,
    gone: &dyn Fn(KeyRef) -> bool,
    decode: impl FnOnce(&Stored<'_>) -> Result<E, Malformed>,
) -> Result<E, Malformed> {
    let field = |number| {
        let plain = encoded.sealed.iter().find(|plain| plain.field == number)?;
        let erased = plain.under.iter().any(|key| gone(*key));
        Some(if erased { Opened::Gone } else { Opened::Known(plain.value.clone()) })
    };
    let under = |number| encoded.sealed.iter().find(|plain| plain.field == number)?.under.first().copied();
    decode(&Stored {
        kind: encoded.kind,
        schema: encoded.schema,
        at: event.at(),
        item: event.item(),
        by,
        public: &encoded.public,
        erased: &event.erases(),
        field: &field,
        under: &under,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
    (0..text.len().div_ceil(2)).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let sealed = |field, under: &[u64], committed| Plain {
            field,
            under: under.iter().copied().map(KeyRef).collect(),
            committed,
            value: vec![field as u8; 2],
        };
        let sealed = vec![sealed(1, &[3], true), sealed(2, &[4, 5], false)];
        let encoded = Encoded { kind: "panel.planned", schema: 1, public: vec![0, 255], sealed };
        assert_eq!(line(&encoded), "panel.planned 1 00ff 1:3:true:0101 2:4+5:false:0202");
        assert_eq!(parse(&line(&encoded), "panel.planned"), Some(encoded));
        for broken in ["panel.planned 1 0", "panel.planned x 00", "panel.ended 1 00", "panel.planned 1 00 1"]
        {
            assert_eq!(parse(broken, "panel.planned"), None, "{broken}");
        }
    }
}
