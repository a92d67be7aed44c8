//! Bulk invalidation: counted, run while signing goes on, cancelled, undone, overlapping, and going on after a crash.

use std::collections::BTreeMap;

use prost::Message as _;
use radslag_eventlog::Record;
use radslag_kernel::{AggregateId, Role};
use radslag_petitions::{
    bulk::{Conditions, Phase},
    shell::{Asked, bulk::Wanted, petition::Staff, signature::mailbox_stream},
    signature::{Act, Standing},
};
use radslag_proto::petitions::{BulkStarted, SignatureInvalidated};
use serde_json::{Value, json};

use crate::house::House;

fn staff(subject: &str) -> Staff<'_> {
    Staff { role: Role::Official, subject, ground: "Rules, 4".into() }
}

async fn prepared(house: &House, conditions: Conditions) -> (AggregateId, u64) {
    let wanted = Wanted { conditions, notice: "Signed by a program.".into() };
    let asked = Asked::by_system();
    let (id, matched, _) = house.office.prepare_bulk(&asked, &staff("olga"), &wanted).await.unwrap();
    (id, matched.number)
}

async fn started(house: &House, conditions: Conditions) -> AggregateId {
    let (id, _) = prepared(house, conditions).await;
    let second = staff("otto");
    let asked = Asked::by_system();
    house.office.start_bulk(id, &asked, &staff("olga"), Some(&second)).await.unwrap();
    id
}

/// Does all there is to do of one.
async fn run(house: &House, id: AggregateId, most: usize) {
    while house.office.step_bulk(id, most).await.unwrap() {}
    house.settled().await;
}

fn of_domain(domain: &str) -> Conditions {
    Conditions { domain: domain.into(), ..Conditions::default() }
}

fn standing(house: &House, petition: AggregateId, mailbox: &str) -> Standing {
    house.page(petition, mailbox).slots[0].standing
}

/// How often each signature was struck out and restored.
fn acts(house: &House) -> BTreeMap<(String, Vec<u8>), u32> {
    let mut acts = BTreeMap::new();
    for record in house.records(0) {
        if ["signature.invalidated", "signature.restored"].contains(&record.header.r#type.as_str()) {
            *acts.entry((record.header.r#type.clone(), record.header.item.to_vec())).or_default() += 1;
        }
    }
    acts
}

fn count(house: &House, petition: AggregateId) -> i64 {
    house.office.counts.get(petition).unwrap().count
}

async fn a_long_count_is_seen(house: &House, official: &str) {
    let waiting = std::sync::Arc::new(tokio::sync::Notify::new());
    let (id, wake) = (radslag_kernel::AggregateId::from_bytes([9; 16]), waiting.clone());
    let long = house.office.counting.clone();
    let long = tokio::spawn(async move {
        let count = async move {
            wake.notified().await;
            Ok(())
        };
        long.run(id, count).await.is_ok()
    });
    let under_way = async || house.ask("GET", &format!("/bulk/{id}"), official, "").await;
    while under_way().await.status == 404 {
        tokio::task::yield_now().await;
    }
    assert_eq!(under_way().await.json()["state"], "counting");
    waiting.notify_one();
    assert!(long.await.unwrap());
    while under_way().await.status != 404 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_is_counted_started_told_to_everybody_and_undone_over_http() {
    let house = House::new().await;
    let petition = house.petition().await;
    for name in ["ann", "boe", "cia"] {
        house.signed(petition, name, &format!("{name}@spam.example")).await;
    }
    house.signed(petition, "dan", "dan@good.example").await;
    let official = house.token(Role::Official, "olga");
    let body = |change: Value| {
        let mut body = json!({ "ground": "Rules, 4", "notice": "Signed by a program." });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body.to_string()
    };
    let refused = house.ask("POST", "/bulk", &official, &body(json!({}))).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "conditions-missing"));
    let made = house.ask("POST", "/bulk", &official, &body(json!({ "domain": "spam.*" }))).await.json();
    assert_eq!((made["matched"].as_u64(), made["takes_two"].as_bool()), (Some(3), Some(false)));
    assert_eq!(made["sample"].as_array().unwrap().len(), 3);
    assert_eq!(count(&house, petition), 5, "a count changes nothing");
    a_long_count_is_seen(&house, &official).await;
    let bulk = format!("/bulk/{}", made["bulk"].as_str().unwrap());
    let moderator = house.token(Role::Moderator, "mona");
    assert_eq!(house.ask("POST", &format!("{bulk}/start"), &moderator, "").await.status, 403);
    assert_eq!(house.ask("POST", &format!("{bulk}/start"), &official, "").await.status, 200);
    let reached = async |state: &str| {
        while house.ask("GET", &bulk, &official, "").await.json()["state"] != state {
            tokio::task::yield_now().await;
        }
        house.settled().await;
    };
    reached("finished").await;
    assert_eq!(count(&house, petition), 2);
    let told =
        house.ask_from("192.0.2.1", ("GET", &format!("/petitions/{petition}/corrections")), &[], "").await;
    let first = &told.json()[0];
    assert_eq!((&first["number"], &first["before"], &first["after"]), (&json!(3), &json!(5), &json!(2)));
    assert_eq!(
        (&first["notice"], &first["decided_by"]),
        (&json!("Signed by a program."), &json!("official"))
    );
    let ground = r#"{"ground":"they were people"}"#;
    assert_eq!(house.ask("POST", &format!("{bulk}/undo"), &official, ground).await.status, 200);
    reached("undone").await;
    assert_eq!(count(&house, petition), 5);
    let told = house.ask_from("192.0.2.1", ("GET", "/corrections"), &[], "").await.json();
    assert_eq!(
        (&told[0]["kind"], &told[0]["after"], &told[1]["kind"]),
        (&json!("restored"), &json!(5), &json!("struck_out"))
    );
    assert_eq!(house.ask("GET", "/bulk", &official, "").await.json()[0]["restored"], 3);
    let again = house.ask("POST", &format!("{bulk}/undo"), &official, ground).await;
    assert_eq!(again.code(), "bulk-not-finished");
}

#[tokio::test]
async fn conditions_that_match_nothing_are_not_started_and_those_that_match_everything_take_all() {
    let house = House::still().await;
    let petition = house.petition().await;
    for name in ["ann", "boe"] {
        house.signed(petition, name, &format!("{name}@a.example")).await;
    }
    let (nothing, matched) = prepared(&house, of_domain("b.example")).await;
    assert_eq!(matched, 0);
    assert!(house.office.start_bulk(nothing, &Asked::by_system(), &staff("olga"), None).await.is_err());
    let all = Conditions { petition: Some(petition), ..Conditions::default() };
    let id = started(&house, all).await;
    run(&house, id, 1_000).await;
    assert_eq!(count(&house, petition), 1, "the initiator counts without a signature");
    let bulk = house.office.bulk(id).unwrap().0.unwrap();
    assert_eq!((bulk.phase, bulk.total(), bulk.skipped), (Phase::Finished, 2, 0));
}

#[tokio::test]
async fn more_than_a_hundred_take_two_and_every_served_count_is_the_fold_while_signing_goes_on() {
    let house = House::new().await;
    let petition = house.petition().await;
    for number in 0..101 {
        house.signed(petition, "Bot", &format!("bot{number}@spam.example")).await;
    }
    house.settled().await;
    let (id, matched) = prepared(&house, of_domain("spam.example")).await;
    assert_eq!(matched, 101);
    let alone = house.office.start_bulk(id, &Asked::by_system(), &staff("olga"), None).await;
    assert!(format!("{alone:?}").contains("SecondOfficialMissing"), "{alone:?}");
    let twice = staff("olga");
    let twice = house.office.start_bulk(id, &Asked::by_system(), &staff("olga"), Some(&twice)).await;
    assert!(format!("{twice:?}").contains("SamePersonTwice"), "{twice:?}");
    let second = staff("otto");
    let asked = Asked::by_system();
    house.office.start_bulk(id, &asked, &staff("olga"), Some(&second)).await.unwrap();
    let mut served = Vec::new();
    let sample = || house.office.counts.get(petition).unwrap();
    let mut number = 0;
    while house.office.bulk(id).unwrap().0.unwrap().phase != Phase::Finished || number < 30 {
        house.signed(petition, "Person", &format!("person{number}@good.example")).await;
        served.push(sample());
        number += 1;
    }
    house.settled().await;
    served.push(sample());
    let (mut folded, mut at) = (0, BTreeMap::new());
    for record in house.records(0) {
        folded += match record.header.r#type.as_str() {
            "signature.confirmed" | "petition.opened" => 1,
            "signature.invalidated" => -1,
            _ => 0,
        };
        at.insert(record.position(), folded);
    }
    for count in &served {
        assert_eq!(at[&count.position.unwrap().1], count.count, "at {:?}", count.position);
    }
    assert_eq!(served.last().unwrap().count, 1 + number);
}

#[tokio::test]
async fn after_a_crash_it_goes_on_and_strikes_nothing_out_twice() {
    let house = House::still().await;
    let petition = house.petition().await;
    for number in 0..10 {
        house.signed(petition, "Bot", &format!("bot{number}@spam.example")).await;
    }
    let id = started(&house, of_domain("spam.example")).await;
    assert!(house.office.step_bulk(id, 4).await.unwrap());
    let house = house.crash().await;
    assert_eq!(house.office.bulk(id).unwrap().0.unwrap().total(), 4);
    run(&house, id, 4).await;
    assert_eq!(house.office.bulk(id).unwrap().0.unwrap().total(), 10);
    assert!(acts(&house).len() == 10 && acts(&house).values().all(|times| *times == 1));
    house.office.undo_bulk(id, &Asked::by_system(), &staff("olga"), None).await.unwrap();
    assert!(house.office.step_bulk(id, 4).await.unwrap());
    let house = house.crash().await;
    run(&house, id, 4).await;
    assert!(acts(&house).len() == 20 && acts(&house).values().all(|times| *times == 1));
    assert_eq!(count(&house, petition), 11);
}

#[tokio::test]
async fn of_two_that_overlap_each_takes_what_the_other_has_not_and_undoing_one_leaves_the_others() {
    let house = House::still().await;
    let petition = house.petition().await;
    for (name, domain) in [("ann", "spam"), ("bot", "spam"), ("bot2", "good"), ("cia", "good")] {
        house.signed(petition, name, &format!("{name}@{domain}.example")).await;
    }
    let first = started(&house, of_domain("spam.example")).await;
    let named = Conditions { name: "bot*".into(), ..Conditions::default() };
    let second = started(&house, named).await;
    assert!(house.office.step_bulk(first, 1_000).await.unwrap());
    run(&house, second, 1_000).await;
    run(&house, first, 1_000).await;
    let total = |id| house.office.bulk(id).unwrap().0.unwrap().total();
    assert_eq!((total(first), total(second)), (2, 1));
    house.office.undo_bulk(first, &Asked::by_system(), &staff("olga"), None).await.unwrap();
    run(&house, first, 1_000).await;
    let stands = |mailbox| standing(&house, petition, mailbox);
    assert_eq!(stands("ann@spam.example"), Standing::Confirmed);
    assert_eq!(stands("bot@spam.example"), Standing::Confirmed);
    assert_eq!(stands("bot2@good.example"), Standing::Invalidated);
    assert_eq!(stands("cia@good.example"), Standing::Confirmed);
}

#[tokio::test]
async fn what_others_changed_meanwhile_is_left_and_undoing_leaves_what_somebody_touched() {
    let house = House::still().await;
    let petition = house.petition().await;
    let mut items = Vec::new();
    for name in ["ann", "boe", "cia"] {
        items.push(house.signed(petition, name, &format!("{name}@spam.example")).await);
    }
    let id = started(&house, of_domain("spam.example")).await;
    let on = async |mailbox: &str, act: &(dyn Fn(radslag_petitions::petition::Official) -> Act + Sync)| {
        let tag = house.office.tags(petition).unwrap().mailbox(mailbox);
        let stream = mailbox_stream(petition, tag);
        let asked = Asked::by_system();
        house.office.on_signature(petition, &stream, &asked, &staff("olga"), act).await.unwrap();
    };
    let ann = items[0];
    on("ann@spam.example", &|by| Act::Invalidate { item: ann, by, batch: None }).await;
    run(&house, id, 1_000).await;
    assert_eq!(house.office.bulk(id).unwrap().0.unwrap().total(), 2);
    let boe = items[1];
    on("boe@spam.example", &|by| Act::Restore { item: boe, by, batch: None }).await;
    on("boe@spam.example", &|by| Act::Invalidate { item: boe, by, batch: None }).await;
    house.office.undo_bulk(id, &Asked::by_system(), &staff("olga"), None).await.unwrap();
    run(&house, id, 1_000).await;
    assert_eq!(standing(&house, petition, "ann@spam.example"), Standing::Invalidated);
    assert_eq!(standing(&house, petition, "boe@spam.example"), Standing::Invalidated);
    assert_eq!(standing(&house, petition, "cia@spam.example"), Standing::Confirmed);
    let bulk = house.office.bulk(id).unwrap().0.unwrap();
    assert_eq!((bulk.phase, bulk.restored.values().sum::<u64>(), bulk.skipped), (Phase::Undone, 1, 1));
}

#[tokio::test]
async fn cancelled_it_goes_no_further_and_everybody_is_told_of_what_was_done() {
    let house = House::still().await;
    let petition = house.petition().await;
    for number in 0..5 {
        house.signed(petition, "Bot", &format!("bot{number}@spam.example")).await;
    }
    let id = started(&house, of_domain("spam.example")).await;
    assert!(house.office.step_bulk(id, 2).await.unwrap());
    house.office.cancel_bulk(id, &Asked::by_system(), &staff("olga")).await.unwrap();
    run(&house, id, 2).await;
    assert_eq!(count(&house, petition), 4);
    let told = house.ask_from("192.0.2.1", ("GET", "/corrections"), &[], "").await.json();
    assert_eq!((&told[0]["number"], &told[0]["after"]), (&json!(2), &json!(4)));
}

#[tokio::test]
async fn who_signed_one_of_them_does_not_strike_them_out() {
    let house = House::still().await;
    let petition = house.petition().await;
    house.signed(petition, "Bot", "bot@spam.example").await;
    let citizen = house.token(Role::Citizen, "olga");
    let path = format!("/petitions/{petition}/signatures");
    assert_eq!(house.ask("POST", &path, &citizen, r#"{"postcode":"21144"}"#).await.status, 201);
    let wanted = Wanted { conditions: of_domain("spam.example"), notice: "A program.".into() };
    let asked = Asked::by_system();
    let refused = house.office.prepare_bulk(&asked, &staff("olga"), &wanted).await;
    assert!(format!("{refused:?}").contains("ConflictOfInterest"), "{refused:?}");
}

#[tokio::test]
async fn each_signature_struck_out_leads_to_both_who_decided() {
    let house = House::still().await;
    let petition = house.petition().await;
    for name in ["ann", "boe"] {
        house.signed(petition, name, &format!("{name}@spam.example")).await;
    }
    house.settled().await;
    let id = started(&house, of_domain("spam.example")).await;
    run(&house, id, 1_000).await;
    let records = house.records(0);
    let of = |kind: &'static str| records.iter().filter(move |record| record.header.r#type == kind);
    let public = |record: &Record| record.with(|_, public| Ok::<_, ()>(public.to_vec())).unwrap().event;
    let (olga, otto) = (house.office.staff("olga"), house.office.staff("otto"));
    let struck: Vec<&Record> = of("signature.invalidated").collect();
    assert_eq!(struck.len(), 2);
    for record in struck {
        // The first stands on the signature, and its batch names the run.
        assert_eq!(record.header.actor[..], olga.as_bytes()[..]);
        let said = SignatureInvalidated::decode(&*public(record)).unwrap();
        let batch = AggregateId::from_slice(&said.batch.unwrap()).unwrap();
        assert_eq!(batch, id);
        // The run names both, to anybody.
        let run =
            of("bulk.started").find(|record| record.header.aggregate[..] == batch.as_bytes()[..]).unwrap();
        let said = BulkStarted::decode(&*public(run)).unwrap();
        assert_eq!(run.header.actor[..], olga.as_bytes()[..]);
        assert_eq!(said.second.as_deref(), Some(&otto.as_bytes()[..]));
    }
}
