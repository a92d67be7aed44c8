//! The bytes of each event as they were first released: `fixtures/events.txt`, which must decode forever. A line is
//! `kind schema public field:keys:committed:value ...`, all in hexadecimal. `line` makes one for a new event.

use std::fmt::Write as _;

use radslag_kernel::{Encoded, KeyRef, Plain};

use super::{encode, tests};

const RELEASED: &str = include_str!("../../fixtures/events.txt");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn line(encoded: &Encoded) -> String {
    let mut line = format!("{} {} {}", encoded.kind, encoded.schema, hex(&encoded.public));
    for Plain { field, under, committed, value } in &encoded.sealed {
        let keys: Vec<_> = under.iter().map(|key| key.0.to_string()).collect();
        let _ = write!(line, " {field}:{}:{committed}:{}", keys.join("+"), hex(value));
    }
    line
}

fn parsed(line: &str, kind: &'static str) -> Encoded {
    let mut parts = line.split(' ');
    assert_eq!(parts.next(), Some(kind));
    let (schema, public) = (parts.next().unwrap().parse().unwrap(), unhex(parts.next().unwrap()));
    let sealed = parts.map(|part| {
        let mut parts = part.split(':');
        let field = parts.next().unwrap().parse().unwrap();
        let under = parts.next().unwrap().split('+').map(|key| KeyRef(key.parse().unwrap())).collect();
        let committed = parts.next() == Some("true");
        Plain { field, under, committed, value: unhex(parts.next().unwrap()) }
    });
    Encoded { kind, schema, public, sealed: sealed.collect() }
}

#[test]
fn released_bytes_decode_forever() {
    let events = tests::every_event();
    assert_eq!(RELEASED.lines().count(), events.len());
    for (event, released) in events.into_iter().zip(RELEASED.lines()) {
        let encoded = encode(&event);
        assert_eq!(tests::stored_again(&event, &parsed(released, encoded.kind), &|_| false), Ok(event));
    }
}

#[test]
fn what_is_written_today_is_what_was_released() {
    let today: Vec<_> = tests::every_event().iter().map(|event| line(&encode(event))).collect();
    assert_eq!(today.join("\n"), RELEASED.trim_end());
}
