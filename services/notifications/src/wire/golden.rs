//! The bytes of each event as they were first released: `fixtures/events.txt`, which must decode forever. `golden::line`
//! makes a line for a new event.

use radslag_kernel::golden::{line, parse};

use super::{encode, tests};

const RELEASED: &str = include_str!("../../fixtures/events.txt");

#[test]
fn released_bytes_decode_forever() {
    let events = tests::every_event();
    assert_eq!(RELEASED.lines().count(), events.len());
    for (event, released) in events.into_iter().zip(RELEASED.lines()) {
        let encoded = encode(&event);
        assert_eq!(
            tests::stored_again(&event, &parse(released, encoded.kind).unwrap(), &|_| false),
            Ok(event)
        );
    }
}

#[test]
fn what_is_written_today_is_what_was_released() {
    let today: Vec<_> = tests::every_event().iter().map(|event| line(&encode(event))).collect();
    assert_eq!(today.join("\n"), RELEASED.trim_end());
}
