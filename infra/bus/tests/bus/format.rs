//! What others see on the wire.

use std::fmt::Write as _;

use radslag_bus::{Address, Checkpoint, Subscription};
use radslag_eventlog::{Append, NewEvent, Write};
use radslag_kernel::{Actor, Encoded, Plain, Role, SubjectId};
use radslag_kit::Nats;

use crate::world::{Running, World, connect, take};

/// A message as text, with what differs from run to run named instead.
fn shown(world: &World, message: &async_nats::jetstream::message::StreamMessage) -> String {
    let record = world.log.read_at(0).unwrap();
    let mut lines: Vec<String> = message
        .headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| format!("{name}: {}", value.as_str())))
        .collect();
    lines.sort();
    let mut text = format!("{}\n", message.subject);
    for line in lines {
        writeln!(text, "{}", if line.starts_with("radslag-header") { "radslag-header: ..." } else { &line })
            .unwrap();
    }
    let occurred_at = radslag_kernel::Instant::from_millis(record.header.occurred_at).to_string();
    text.replace(&record.id().to_string(), "<event id>")
        .replace(&world.log.id().to_string(), "<log id>")
        .replace(&occurred_at, "<occurred at>")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_a_cloud_event_without_anything_private() {
    let nats = Nats::start().unwrap();
    let jetstream = connect(nats.url()).await;
    let address = Address::new("malmo", "petitions").unwrap();
    let world = World::new();
    let new = world.log.vault().reserve();
    let sealed =
        Plain { field: 1, under: vec![new.reference], committed: true, value: b"Ada Lovelace".to_vec() };
    let encoded =
        Encoded { kind: "petition.opened", schema: 2, public: b"public".to_vec(), sealed: vec![sealed] };
    let mut context = world.context();
    context.trace = Some(*b"a trace of a man");
    context.actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes([6; 16]) };
    let event = NewEvent::seal(encoded, &context, world.log.vault(), std::slice::from_ref(&new)).unwrap();
    let writes = vec![Write { stream: "petition/secret-stream".into(), expected: 0, events: vec![event] }];
    world.log.append(Append { writes, guards: vec![], keys: vec![new] }).await.unwrap();
    Running::start(world.relay(&jetstream, &address)).reached(1).await;

    let stream = jetstream.get_stream(address.stream(0)).await.unwrap();
    let message = stream.get_raw_message(1).await.unwrap();
    assert_eq!(&message.payload[..], b"public");
    expect_test::expect![[r#"
        radslag.malmo.petitions.0.petition.opened
        Nats-Expected-Last-Sequence: 0
        Nats-Msg-Id: <log id>:0:0
        ce-dataref: https://malmo.example/malmo/log/petitions/disclosed?at=0.0
        ce-dataschema: https://dialog.example/schemas/petitions/petition.opened/2
        ce-id: <event id>
        ce-source: https://dialog.example/malmo/petitions
        ce-specversion: 1.0
        ce-subject: 07070707070707070707070707070707
        ce-time: <occurred at>
        ce-type: radslag.petitions.petition.opened
        content-type: application/protobuf
        radslag-header: ...
    "#]]
    .assert_eq(&shown(&world, &message));
    let everything = format!("{message:?} {:?}", decoded_header(&message));
    for private in ["Ada", "secret-stream", "a trace of a man", "YSB0cmFjZSBvZiBhIG1hbg"] {
        assert!(!everything.contains(private), "{private} travels");
    }
}

fn decoded_header(message: &async_nats::jetstream::message::StreamMessage) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encoded = message.headers.get("radslag-header").unwrap();
    String::from_utf8_lossy(&STANDARD.decode(encoded.as_str()).unwrap()).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trace_of_an_officials_act_is_carried_on() {
    let nats = Nats::start().unwrap();
    let jetstream = connect(nats.url()).await;
    let address = Address::new("malmo", "petitions").unwrap();
    let world = World::new();
    let trace = *b"what Anna decide";
    let roles = [Role::Moderator, Role::System, Role::Initiator];
    for (n, role) in roles.into_iter().enumerate() {
        let mut context = world.context();
        context.trace = Some(trace);
        context.actor = Actor { role, subject: SubjectId::from_bytes([6; 16]) };
        let encoded = Encoded { kind: "petition.opened", schema: 1, public: vec![], sealed: vec![] };
        let event = NewEvent::seal(encoded, &context, world.log.vault(), &[]).unwrap();
        let writes = vec![Write { stream: format!("petition/{n}"), expected: 0, events: vec![event] }];
        world.log.append(Append { writes, guards: vec![], keys: vec![] }).await.unwrap();
    }
    Running::start(world.relay(&jetstream, &address)).reached(3).await;
    let stream = jetstream.get_stream(address.stream(0)).await.unwrap();
    let message = stream.get_raw_message(1).await.unwrap();
    let parent = &world.log.read_at(0).unwrap().id().to_string()[16..];
    let header = message.headers.get("ce-traceparent").unwrap();
    assert_eq!(header.as_str(), format!("00-{:032x}-{parent}-01", u128::from_be_bytes(trace)));
    for mut subscription in [
        Subscription::local(&world.log, Checkpoint::START),
        Subscription::remote(jetstream.clone(), &address, Checkpoint::START),
    ] {
        let traces = take(&mut subscription, 3).await.into_iter().map(|event| event.trace);
        assert_eq!(traces.collect::<Vec<_>>(), [Some(trace), Some(trace), None]);
    }
}
