//! The bytes of each event as they were first released: `fixtures/events.txt`, which must decode forever. `golden::line`
//! makes a line for a new event. A line whose
//! event is written with a further field from now on moves to `fixtures/events_before.txt`.

use radslag_kernel::golden::{line, parse};

use super::{encode, tests};

const RELEASED: &str = include_str!("../../fixtures/events.txt");
/// Lines of events that are written with more by now.
const BEFORE: &str = include_str!("../../fixtures/events_before.txt");

#[test]
fn released_bytes_decode_forever() {
    let events = tests::every_event();
    assert_eq!(RELEASED.lines().count(), events.len());
    for (event, released) in events.into_iter().zip(RELEASED.lines()) {
        let encoded = encode(&event, None);
        assert_eq!(
            tests::stored_again(&event, &parse(released, encoded.kind).unwrap(), &|_| false),
            Ok(event)
        );
    }
}

#[test]
fn what_is_written_with_more_by_now_decodes_as_what_it_was() {
    let events = tests::every_event();
    for released in BEFORE.lines() {
        let kind = released.split(' ').next().unwrap();
        let alike = events.iter().filter(|event| encode(event, None).kind == kind);
        let mut decoded = alike.map(|event| {
            let of = encode(event, None).kind;
            (tests::stored_again(event, &parse(released, of).unwrap(), &|_| false), Ok(event.clone()))
        });
        assert!(decoded.any(|(decoded, event)| decoded == event), "{kind}");
    }
}

#[test]
fn what_is_written_today_is_what_was_released() {
    let today: Vec<_> = tests::every_event().iter().map(|event| line(&encode(event, None))).collect();
    assert_eq!(today.join("\n"), RELEASED.trim_end());
}
