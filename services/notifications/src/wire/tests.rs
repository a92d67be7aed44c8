//! Every event survives its bytes; no text stands in a public payload; all that happens to a delivery looks alike.

use std::collections::BTreeSet;

use radslag_kernel::{Encoded, Happens as _, Instant, KeyRef, Malformed, Opened, SubjectId, golden};

use super::*;
use crate::{
    delivery::{self, samples as d},
    mailing, optout, subscription, wording,
};

/// One of each, with planted texts wherever texts are.
pub(crate) fn every_event() -> Vec<Event> {
    let at = Instant::from_millis(1_224_108_000_000);
    d::every_event()
        .into_iter()
        .map(Event::Delivery)
        .chain(subscription::samples::every_event().into_iter().map(Event::Subscription))
        .chain([optout::Event::Stated { at }, optout::Event::Lifted { at }].map(Event::Optout))
        .chain(mailing::samples::every_event().into_iter().map(Event::Mailing))
        .chain(wording::tests::every_event().into_iter().map(Event::Wording))
        .collect()
}

fn by(event: &Event) -> SubjectId {
    match event {
        Event::Mailing(
            mailing::Event::Drafted { by, .. }
            | mailing::Event::Started { by, .. }
            | mailing::Event::Cancelled { by, .. },
        )
        | Event::Wording(wording::Event::Edited { by, .. } | wording::Event::Reset { by, .. }) => *by,
        Event::Mailing(_) | Event::Delivery(_) | Event::Subscription(_) | Event::Optout(_) => {
            SubjectId::default()
        }
    }
}

/// What the log would hand back, with the keys for which `gone` says so destroyed.
pub(super) fn stored_again(
    event: &Event,
    encoded: &Encoded,
    gone: &dyn Fn(KeyRef) -> bool,
) -> Result<Event, Malformed> {
    golden::stored_again((event, by(event)), encoded, gone, decode)
}

#[test]
fn every_event_survives_its_bytes() {
    let mut kinds = BTreeSet::new();
    for event in every_event() {
        let encoded = encode(&event);
        assert_eq!(stored_again(&event, &encoded, &|_| false), Ok(event.clone()), "{}", encoded.kind);
        kinds.insert(encoded.kind);
    }
    assert_eq!(kinds.len(), 16);
}

#[test]
fn an_event_whose_keys_are_gone_still_decodes() {
    for event in every_event() {
        let encoded = encode(&event);
        let decoded = stored_again(&event, &encoded, &|_| true).unwrap();
        assert_eq!(
            (decoded.at(), decoded.item(), decoded.erases()),
            (event.at(), event.item(), event.erases())
        );
        if encoded.sealed.iter().any(|plain| !plain.value.is_empty()) {
            assert_ne!(decoded, event, "{}", encoded.kind);
        }
    }
}

#[test]
fn no_text_stands_in_a_public_payload() {
    for event in every_event() {
        let public = encode(&event).public;
        for planted in ["lanted", "approved", "newsletter", "petitions"] {
            let found = public.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {event:?}");
        }
    }
}

#[test]
fn all_that_happens_to_a_delivery_has_one_public_shape() {
    let shapes: BTreeSet<_> = d::every_event()
        .into_iter()
        .filter(|event| matches!(event, delivery::Event::Moved { .. }))
        .map(|event| encode(&Event::Delivery(event)))
        .map(|encoded| (encoded.kind, encoded.public, encoded.sealed.len()))
        .collect();
    assert_eq!(shapes.len(), 1, "{shapes:?}");
    let silent =
        delivery::Letter { template: String::new(), ..d::letter(crate::letter::Class::Confirmation) };
    let planned = |letter| {
        let event = delivery::Event::Planned { at: d::minute(0), key: d::KEY, letter: Opened::Known(letter) };
        encode(&Event::Delivery(event)).public
    };
    assert_eq!(planned(silent), planned(d::letter(crate::letter::Class::Mass)));
}

#[test]
fn bytes_that_no_version_wrote_are_malformed() {
    let event = Event::Delivery(d::attempting(1, 1));
    let encoded = encode(&event);
    for wrong in [
        Encoded { kind: "delivery.dreamt", ..encoded.clone() },
        Encoded { kind: "dream", ..encoded.clone() },
        Encoded { schema: 2, ..encoded.clone() },
        Encoded { public: vec![0xff], ..encoded.clone() },
    ] {
        assert!(stored_again(&event, &wrong, &|_| false).is_err(), "{}", wrong.kind);
    }
    let mut hostile = encoded;
    for bytes in [vec![], vec![0xff; 9], vec![0x0a, 0x00], vec![0x2a, 0x02, 0x08, 0x63]] {
        hostile.sealed[0].value = bytes;
        let _ = stored_again(&event, &hostile, &|_| false);
    }
}
