//! Messages of the bus.

use bytes::Bytes;

use radslag_bus::fuzzing;

use crate::{input::Input, log::LOG};

/// A message that is an event is sent and received as the same.
pub fn message(data: &[u8]) {
    let mut input = Input(data);
    let (sequence, made) = (input.long(), input.byte() % 2 == 1);
    let (id, header) = (String::from_utf8_lossy(input.part()), input.part());
    let id = if made { fuzzing::message_id(LOG, 0, sequence.wrapping_sub(1)) } else { id.into_owned() };
    let header = if made {
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, header)
    } else {
        String::from_utf8_lossy(header).into_owned()
    };
    let headers = [("Nats-Msg-Id", &*id), ("radslag-header", &*header)];
    let Ok(delivery) = fuzzing::decode(&headers, Bytes::copy_from_slice(input.0), sequence) else { return };
    assert_eq!((delivery.position + 1, &delivery.public[..]), (sequence, input.0));
    let again = fuzzing::again(&delivery);
    assert!(again.is_err() || again == Ok(delivery), "{again:?}");
}
