//! The service as a whole over a real log and real tables: a panel is planned, decided, started, and people join it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]
#![allow(unreachable_pub, reason = "one binary")]

mod accessibility;
mod draws;
mod life;
mod pages;
mod representing;
mod staging;
mod world;

use radslag_kernel::{AggregateId, ItemId, Tag};
use radslag_panels::shell::links::Link;
use serde_json::{Value, json};
use world::{AUDITOR, LEADER, OFFICIAL, World};

pub(crate) fn form() -> Value {
    json!({"age_min": 16, "fields": [
        {"ask": "name", "required": true}, {"ask": "birth_year", "required": true}, {"ask": "gender", "required": true},
    ]})
}

pub(crate) fn strata() -> Value {
    let feature = |key: &str, population: u64| json!({"key": key, "label_sv": key, "label_en": key, "population": population});
    let features = [feature("woman", 500), feature("man", 500)];
    json!({"categories": [
        {"key": "gender", "label_sv": "kön", "label_en": "gender", "attribute": "gender", "features": features},
    ]})
}

pub(crate) fn somebody(mailbox: &str, gender: &str) -> Value {
    json!({"mailbox": mailbox, "name": "Planted Person", "birth_year": 1970, "gender": gender})
}

/// Where the newest submission leads to: what is carried out meanwhile writes too.
pub(crate) fn link(world: &World) -> String {
    let back = (0..world.office.log.watermark()).rev();
    let mut read = back.map(|position| world.office.log.read_at(position).unwrap());
    let record = read.find(|record| record.header.r#type == "member.submitted").unwrap();
    let parts: Vec<&str> = record.private.stream.rsplitn(2, '-').collect();
    let tag: Vec<u8> =
        (0..32).step_by(2).map(|at| u8::from_str_radix(&parts[0][at..at + 2], 16).unwrap()).collect();
    world.office.links.write(&Link {
        panel: AggregateId::from_slice(&record.header.aggregate).unwrap(),
        person: Tag::from_slice(&tag).unwrap(),
        item: ItemId::from_slice(&record.header.item).unwrap(),
    })
}

/// A panel that people can join, by its path.
pub(crate) async fn started(world: &World) -> String {
    started_with(world, [("form", form()), ("strata", strata())]).await
}

/// The same with a form and strata of its own.
pub(crate) async fn started_with(world: &World, parts: [(&str, Value); 2]) -> String {
    let texts = json!({"name": "Panelen", "purpose": "Att höra folk"});
    let (status, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    assert_eq!(status, 201, "{planned}");
    let path = format!("/panels/{}", planned["id"].as_str().unwrap());
    for number in 1..=11 {
        let answered =
            world.ask(LEADER, "PUT", &format!("{path}/questions/{number}"), &json!({"text": "Ja"})).await;
        assert_eq!(answered.0, 200, "{answered:?}");
    }
    for (part, body) in parts {
        let set = world.ask(LEADER, "PUT", &format!("{path}/{part}"), &body).await;
        assert_eq!(set.0, 200, "{set:?}");
    }
    let decision = json!({"size": 168, "enrols": true, "replacement": "none", "who": "Kommunstyrelsen"});
    let decided = world.ask(LEADER, "POST", &format!("{path}/decision"), &decision).await;
    assert_eq!(decided.0, 200, "{decided:?}");
    let begun = world.ask(LEADER, "POST", &format!("{path}/course"), &json!({"to": "recruiting"})).await;
    assert_eq!(begun.0, 200, "{begun:?}");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_is_private_until_it_is_decided() {
    let world = World::open().await;
    let texts = json!({"name": "Panelen", "purpose": "Att höra folk"});
    assert_eq!(world.ask(None, "POST", "/panels", &texts).await.0, 401);
    assert_eq!(world.ask(AUDITOR, "POST", "/panels", &texts).await.0, 403);
    let (_, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    let path = format!("/panels/{}", planned["id"].as_str().unwrap());
    world.read_up().await;
    assert_eq!(world.ask(None, "GET", &path, &Value::Null).await.0, 404);
    assert_eq!(world.ask(None, "GET", "/panels", &Value::Null).await, (200, json!([])));
    assert_eq!(world.ask(AUDITOR, "GET", &path, &Value::Null).await.0, 200);
    assert_eq!(world.ask(AUDITOR, "GET", "/panels", &Value::Null).await.1[0]["phase"], "planned");
    let decision = json!({"size": 9, "enrols": true, "replacement": "none", "who": "Kommunstyrelsen"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{path}/decision"), &decision).await.0, 200);
    world.read_up().await;
    let (status, shown) = world.ask(None, "GET", &path, &Value::Null).await;
    assert_eq!((status, &shown["name"], &shown["size"]), (200, &json!("Panelen"), &json!(9)));
    assert_eq!(world.ask(None, "GET", "/panels", &Value::Null).await.1[0]["name"], "Panelen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_refused_while_a_question_is_open_and_names_it() {
    let world = World::open().await;
    let texts = json!({"name": "Panelen", "purpose": "Att höra folk"});
    let (_, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    let path = format!("/panels/{}", planned["id"].as_str().unwrap());
    let start = json!({"to": "recruiting"});
    let (status, problem) = world.ask(LEADER, "POST", &format!("{path}/course"), &start).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("panel-not-decided")));
    let decision = json!({"size": 9, "enrols": true, "replacement": "none", "who": "Kommunstyrelsen"});
    world.ask(LEADER, "POST", &format!("{path}/decision"), &decision).await;
    let (status, problem) = world.ask(LEADER, "POST", &format!("{path}/course"), &start).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("question-open")), "{problem}");
    assert!(problem.to_string().contains("geographic-area"), "{problem}");
    assert_eq!(world.ask(OFFICIAL, "POST", &format!("{path}/course"), &start).await.0, 403);
    let wrong = world.ask(LEADER, "PUT", &format!("{path}/questions/12"), &json!({"text": "Ja"})).await;
    assert_eq!(wrong.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_confirms_a_mailbox_joins_and_is_counted() {
    let world = World::open().await;
    let path = started(&world).await;
    let join = async |body: &Value| world.ask(None, "POST", &format!("{path}/members"), body).await;
    let act = async |link: &str, act: &str| {
        world.ask(None, "POST", &format!("/panel-memberships/{link}"), &json!({"act": act})).await
    };
    let first = join(&somebody("anna@a.example", "woman")).await;
    assert_eq!(first, (202, json!({"status": "check_your_mailbox"})));
    let anna = link(&world);
    assert_eq!(act(&anna, "confirm").await.0, 204);
    // Who is in already, in whatever way it is typed, gets the same answer as anybody.
    assert_eq!(join(&somebody("Anna+x@a.example", "woman")).await, first);
    let (status, problem) = act(&link(&world), "confirm").await;
    assert_eq!(status, 404, "{problem}");
    for (mailbox, gender) in [("bo@a.example", "man"), ("eva@a.example", "woman")] {
        assert_eq!(join(&somebody(mailbox, gender)).await, first);
        assert_eq!(act(&link(&world), "confirm").await.0, 204);
    }
    world.read_up().await;
    let (_, shown) = world.ask(None, "GET", &path, &Value::Null).await;
    assert_eq!(shown["standings"], json!({"active": 3, "submitted": 1}));

    assert_eq!(act(&anna, "pause").await.0, 204);
    assert_eq!(act(&anna, "resume").await.0, 204);
    assert_eq!(act(&anna, "leave").await.0, 204);
    let (status, problem) = act(&anna, "leave").await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("left-already")));
    assert_eq!(act("nonsense", "leave").await.0, 404);
    world.read_up().await;
    let (_, shown) = world.ask(None, "GET", &path, &Value::Null).await;
    assert_eq!(shown["standings"], json!({"active": 2, "left": 1, "submitted": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_form_shows_is_told_at_once_and_nothing_is_written() {
    let world = World::open().await;
    let path = started(&world).await;
    let end = world.office.log.watermark();
    for (field, value, at, why) in [
        ("birth_year", json!(world.office.year() - 15), "/birth_year", "too-young"),
        ("name", json!(""), "/fields/0", "missing"),
        ("mailbox", json!("nobody"), "/mailbox", "missing"),
    ] {
        let mut body = somebody("anna@a.example", "woman");
        body[field] = value;
        let (status, problem) = world.ask(None, "POST", &format!("{path}/members"), &body).await;
        assert_eq!((status, problem["code"].as_str()), (422, Some("form-lacking")), "{problem}");
        assert!(problem.to_string().contains(at) && problem.to_string().contains(why), "{problem}");
    }
    assert_eq!(world.office.log.watermark(), end);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_nobody_confirms_expires_and_its_data_are_destroyed() {
    let world = World::open().await;
    let path = started(&world).await;
    world.ask(None, "POST", &format!("{path}/members"), &somebody("anna@a.example", "woman")).await;
    let anna = link(&world);
    world.read_up().await;
    assert_eq!(world.office.expire().await.unwrap(), 0);
    world.office.log.set_clock(world.office.now().plus_hours(73));
    assert_eq!(world.office.expire().await.unwrap(), 1);
    assert_eq!(world.office.expire().await.unwrap(), 0);
    let confirm = json!({"act": "confirm"});
    let (status, problem) = world.ask(None, "POST", &format!("/panel-memberships/{anna}"), &confirm).await;
    assert_eq!((status, problem["code"].as_str()), (410, Some("submission-expired")));
    let (_, shown) = world.ask(None, "GET", &path, &Value::Null).await;
    assert_eq!(shown["standings"], json!({"expired": 1}));
}
