//! How an owner is heard of and asked: by its log within a process, over mutual TLS between processes.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use radslag_notifications::{
    letter::{Class, Opened},
    shell::{
        asking::{Remote, Within},
        hearing::Hearing,
        owner::{Ask, Owner, Purpose},
    },
};
use radslag_proto::notifications as proto;
use radslag_runtime::{
    config::Internal,
    http::Metrics,
    internal::{self, Caller, Certified},
    letters::{Counted, Opening, Opens, routes},
    reaction::React as _,
    serve::Shutdown,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::world::{Watched, World, letter};

/// The petitions service, as notifications sees it.
#[derive(Default)]
struct Petitions(Mutex<Vec<proto::Open>>);

impl Opens for Petitions {
    fn open(&self, ask: proto::Open) -> Opening<'_> {
        self.0.lock().unwrap().push(ask);
        let letters = vec![letter("planted@a.example", Class::Decision)];
        Box::pin(async move { Ok(Opened { letters, withdrawn: Vec::new() }.to_proto()) })
    }
}

fn certified(folder: &Path) -> Certified {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let file = |name: &str, text: String| {
        std::fs::write(folder.join(name), text).unwrap();
        Some(folder.join(name))
    };
    Certified::open(&Internal {
        certificate_file: file("own.pem", own.pem()),
        key_file: file("key.pem", key.serialize_pem()),
        ca_file: file("ca.pem", authority.pem()),
        ..Internal::default()
    })
    .unwrap()
}

fn ask(purpose: Purpose) -> Ask {
    let (tenant, service) = ("malmo".into(), "petitions".into());
    Ask { tenant, service, origin: 0, position: 17, purpose, subject: None }
}

#[tokio::test]
async fn an_owner_answers_the_same_within_a_process_and_over_tls_and_tells_nobody_to_plan() {
    let folder = tempfile::tempdir().unwrap();
    let (petitions, metrics) = (Arc::new(Petitions::default()), Metrics::default());
    let counted = Counted::new(petitions.clone(), &metrics);
    let (certified, shutdown) = (certified(folder.path()), Shutdown::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (side, app, end) =
        (certified.clone(), routes(BTreeMap::from([("petitions", counted.clone())])), shutdown.clone());
    tokio::spawn(async move { internal::serve(listener, &side, app, end).await });
    let remote = Remote(Caller::new(certified, &url).unwrap());
    let within = Within(counted);
    for (purpose, told) in [(Purpose::Plan, false), (Purpose::Send, true)] {
        let over_tls = remote.open(&ask(purpose)).await.unwrap();
        assert_eq!(over_tls, within.open(&ask(purpose)).await.unwrap());
        assert_eq!(over_tls.letters[0].to.is_some(), told, "{purpose:?}");
    }
    assert_eq!(petitions.0.lock().unwrap().iter().filter(|open| open.position == 17).count(), 4);
    shutdown.begin();
    let away = radslag_kit::eventually("the owner to end", async || {
        Ok(remote.open(&ask(Purpose::Send)).await.err())
    });
    let said = away.await.unwrap().to_string();
    assert!(!said.contains("planted"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_may_lead_to_letters_is_heard_of_from_its_log_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::open(folder.path(), Arc::new(Watched::default())).await;
    // Any log will do: this one has an event that may lead to letters, and one that may not.
    let asked = radslag_notifications::shell::Asked::by_system();
    world.office.subscribe(&asked, "anna@a.example", "sv", "newsletter").await.unwrap();
    let records = world.office.log.read(0, 1 << 20).unwrap();
    let hearing = |types| Hearing { office: world.office.clone(), service: "petitions", types };
    hearing(&["nothing"]).react(&records).await.unwrap();
    assert_eq!(world.says.asked.lock().unwrap().len(), 0);
    let last = records.last().unwrap().position();
    world
        .says
        .of(last, Opened { letters: vec![letter("anna@a.example", Class::Decision)], withdrawn: Vec::new() });
    hearing(&["subscription.requested"]).react(&records).await.unwrap();
    hearing(&["subscription.requested"]).react(&records).await.unwrap();
    let asked = world.says.asked.lock().unwrap().clone();
    assert_eq!(
        asked.iter().map(|ask| (ask.position, ask.purpose)).collect::<Vec<_>>(),
        [(last, Purpose::Plan); 2]
    );
    let planned = world.office.log.read(0, 1 << 20).unwrap();
    assert_eq!(planned.iter().filter(|record| record.header.r#type == "delivery.planned").count(), 1);
}
