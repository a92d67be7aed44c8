//! Whoever reads for one tenant reads that tenant's streams, and can do nothing else.

use std::time::Duration;

use async_nats::{
    Client,
    jetstream::consumer::{AckPolicy, DeliverPolicy, pull, push},
};
use futures_util::StreamExt as _;
use radslag_bus::{
    Address, Checkpoint, ConnectOptions, JetStream, Subscription,
    accounts::{Access, accounts, new_seed, public_key},
};
use radslag_kit::Nats;

use crate::world::{Running, World, assert_stream_is_log, soon, state, take};

const TENANTS: [&str; 2] = ["malmo", "lund"];

/// A tenant with its log in its stream, and somebody who reads for it.
struct Tenant {
    address: Address,
    world: World,
    relay: Running,
    owner: JetStream,
    reader: JetStream,
}

impl Tenant {
    /// A reader's plain connection.
    fn client(&self) -> Client {
        self.reader.client()
    }

    fn stream(&self) -> String {
        self.address.stream(0)
    }

    async fn assert_nothing_changed(&self) {
        assert_stream_is_log(&self.world, &self.owner, &self.address).await;
    }
}

/// A server with both tenants, three events in each stream.
async fn house() -> (Nats, [Tenant; 2]) {
    let seeds: Vec<[String; 2]> = TENANTS.map(|_| [new_seed().unwrap(), new_seed().unwrap()]).into();
    let access = |(tenant, [owner, reader]): (&str, &[String; 2])| Access {
        tenant: tenant.to_owned(),
        owners: vec![public_key(owner).unwrap()],
        readers: vec![("statistics".to_owned(), public_key(reader).unwrap())],
    };
    let access: Vec<Access> = TENANTS.into_iter().zip(&seeds).map(access).collect();
    let nats = Nats::start_with_accounts(&accounts(&access)).unwrap();
    let mut tenants = Vec::new();
    for (tenant, [owner, reader]) in TENANTS.into_iter().zip(seeds) {
        let connect = async |seed: String| {
            // What isn't allowed isn't answered.
            let options = ConnectOptions::with_nkey(seed).request_timeout(Some(Duration::from_secs(1)));
            radslag_bus::connect_with(&nats.url(), options, Duration::from_secs(1)).await.unwrap()
        };
        let (owner, reader) = (connect(owner).await, connect(reader).await);
        let (address, world) = (Address::new(tenant, "petitions").unwrap(), World::new());
        world.append(3).await;
        let mut relay = Running::start(world.relay(&owner, &address));
        relay.reached(3).await;
        tenants.push(Tenant { address, world, relay, owner, reader });
    }
    let tenants = tenants.try_into().unwrap_or_else(|_| panic!("two tenants"));
    (nats, tenants)
}

fn pulling() -> pull::Config {
    pull::Config {
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: 1 },
        ack_policy: AckPolicy::None,
        ..pull::Config::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_reads_its_tenants_stream_from_any_position() {
    let (_nats, [malmo, lund]) = house().await;
    for tenant in [&malmo, &lund] {
        let mut all = Subscription::remote(tenant.reader.clone(), &tenant.address, Checkpoint::START);
        assert!(take(&mut all, 3).await == tenant.world.expected());
        let mut from = Subscription::remote(tenant.reader.clone(), &tenant.address, Checkpoint::at(2));
        assert!(take(&mut from, 1).await == tenant.world.expected()[2..]);
        let (next, ()) = tokio::join!(soon(from.next()), tenant.world.append(1));
        assert_eq!(next.unwrap().position, 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_cant_see_subscribe_to_consume_or_purge_anothers_stream() {
    let (_nats, [malmo, mut lund]) = house().await;
    let theirs = lund.stream();
    // A consumer that somebody else has there, whose name leaked.
    let known = pull::Config { name: Some("leaked".into()), ..pulling() };
    let stream = lund.owner.get_stream(&theirs).await.unwrap();
    stream.create_consumer(known.clone()).await.unwrap();

    assert!(malmo.reader.get_stream(&theirs).await.is_err(), "it sees the stream");
    let names: Vec<_> = malmo.reader.stream_names().collect().await;
    assert!(names.iter().all(|name| name.as_ref().is_ok_and(|name| *name == malmo.stream())), "{names:?}");
    assert!(malmo.reader.create_consumer_on_stream(pulling(), &theirs).await.is_err(), "it consumes");
    let pull = format!("$JS.API.CONSUMER.MSG.NEXT.{theirs}.leaked");
    assert!(soon(malmo.client().request(pull, "1".into())).await.is_err(), "it pulls");
    for act in ["PURGE", "DELETE", "INFO", "UPDATE"] {
        let subject = format!("$JS.API.STREAM.{act}.{theirs}");
        let answer = soon(malmo.client().request(subject, "".into()))
            .await
            .map(|answer| String::from_utf8_lossy(&answer.payload).into_owned());
        assert!(!matches!(&answer, Ok(answer) if !answer.contains("error")), "{act}: {answer:?}");
    }
    let mut heard = malmo.client().subscribe("radslag.>").await.unwrap();
    let mut everything = malmo.client().subscribe(">").await.unwrap();
    malmo
        .client()
        .publish(lund.address.subject(0, "petition.opened").unwrap(), "forged".into())
        .await
        .unwrap();
    malmo.client().flush().await.unwrap();
    lund.world.append(2).await;
    lund.relay.reached(5).await;
    malmo.client().flush().await.unwrap();
    for subscriber in [&mut heard, &mut everything] {
        let message = tokio::time::timeout(Duration::from_millis(50), subscriber.next()).await;
        assert!(!matches!(message, Ok(Some(_))), "it hears {message:?}");
    }
    lund.assert_nothing_changed().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_cant_write_into_its_own_tenants_stream_either() {
    let (_nats, [malmo, _lund]) = house().await;
    let (stream, subject) = (malmo.stream(), malmo.address.subject(0, "petition.opened").unwrap());
    let client = malmo.client();
    client.publish(subject.clone(), "forged".into()).await.unwrap();
    for act in ["PURGE", "DELETE", "UPDATE", "MSG.DELETE"] {
        let asked = client.request(format!("$JS.API.STREAM.{act}.{stream}"), "{\"seq\":1}".into());
        assert!(soon(asked).await.is_err(), "{act} was answered");
    }
    // An answer that is to be sent to the stream's subject.
    for question in ["INFO", "STREAM.NAMES", &format!("STREAM.INFO.{stream}")] {
        let question = format!("$JS.API.{question}");
        client.publish_with_reply(question, subject.clone(), "".into()).await.unwrap();
    }
    let consumer = pull::Config { name: Some("mine".into()), ..pulling() };
    malmo.reader.create_consumer_on_stream(consumer, &stream).await.unwrap();
    for body in ["1", r#"{"batch":1,"no_wait":true}"#, "nonsense"] {
        let next = format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.mine");
        client.publish_with_reply(next, subject.clone(), body.into()).await.unwrap();
    }
    // A consumer that pushes to it.
    let pushing = push::Config {
        deliver_subject: subject.clone(),
        idle_heartbeat: Duration::from_millis(100),
        ack_policy: AckPolicy::None,
        ..push::Config::default()
    };
    assert!(
        malmo.reader.create_consumer_on_stream(pushing, &stream).await.is_err(),
        "it pushes into the stream"
    );
    client.flush().await.unwrap();
    malmo.world.append(1).await;
    let mut relay = malmo.relay;
    relay.reached(4).await;
    assert_eq!(state(&malmo.owner, &malmo.address).await.messages, 4);
    assert!(!relay.task.is_finished());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_without_a_key_is_let_in() {
    let (nats, _tenants) = house().await;
    let stranger = ConnectOptions::with_nkey(new_seed().unwrap());
    assert!(soon(stranger.connect(nats.url())).await.is_err());
    assert!(soon(ConnectOptions::new().connect(nats.url())).await.is_err());
}
