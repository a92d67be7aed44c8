//! Members as officials help them, the line for places that became free, terms, waves and meetings.

use serde_json::{Value, json};

use crate::{
    draws::{finished, genders, import, people, recruiting, until},
    world::{AUDITOR, DPO, LEADER, OFFICIAL, World},
};

fn act(what: &str) -> Value {
    json!({"act": what, "channel": "phone", "ground": "ringde"})
}

async fn members(world: &World, path: &str, standing: &str) -> Vec<String> {
    world.read_up().await;
    let path = format!("{path}/members?standing={standing}");
    let (status, listed) = world.ask(LEADER, "GET", &path, &Value::Null).await;
    assert_eq!(status, 200, "{listed}");
    let listed = listed["members"].as_array().unwrap();
    listed.iter().map(|one| one["member"].as_str().unwrap().to_owned()).collect()
}

/// A panel of six drawn from thirty volunteers, with four in line.
async fn drawn(world: &World, replacement: &str) -> String {
    let decision = json!({"size": 6, "drawn": true, "replacement": replacement, "who": "Nämnden",
        "term_months": 12});
    let path = recruiting(world, &genders(&json!({}), &json!({})), &decision).await;
    assert_eq!(import(world, &path, "volunteers", &people(30)).await.0, 201);
    until(world, &path, "volunteered", 30).await;
    let body = json!({"kind": "sortition", "places": 6, "reserves": 4, "source": "Tärningar inför vittnen"});
    let (status, draw) = world.ask(LEADER, "POST", &format!("{path}/draws"), &body).await;
    assert_eq!(status, 201, "{draw}");
    let at = format!("{path}/draws/{}", draw["draw"].as_str().unwrap());
    assert_eq!(world.ask(OFFICIAL, "POST", &format!("{at}/value"), &json!({"text": "3 5 1"})).await.0, 200);
    finished(world, &at).await;
    until(world, &path, "reserved", 4).await;
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_types_in_answers_and_gives_a_free_place_to_the_next_in_line() {
    let world = World::open().await;
    let path = drawn(&world, "asked").await;
    let all = members(&world, &path, "drawn").await;
    let on = |member: &str, route: &str| format!("{path}/members/{member}/{route}");
    for member in &all[1..] {
        assert_eq!(world.ask(LEADER, "POST", &on(member, "acts"), &act("accept")).await.0, 200);
    }
    let early = world.ask(LEADER, "POST", &on(&all[1], "replacement"), &Value::Null).await;
    assert_eq!((early.0, &early.1["code"]), (409, &json!("has-not-left")));
    let no_ground = json!({"act": "decline", "channel": "paper", "ground": ""});
    assert_eq!(world.ask(LEADER, "POST", &on(&all[0], "acts"), &no_ground).await.0, 422);
    assert_eq!(world.ask(AUDITOR, "POST", &on(&all[0], "acts"), &act("decline")).await.0, 403);
    assert_eq!(world.ask(LEADER, "POST", &on(&all[0], "acts"), &act("decline")).await.0, 200);
    let (status, replaced) = world.ask(LEADER, "POST", &on(&all[0], "replacement"), &Value::Null).await;
    assert_eq!(status, 200, "{replaced}");
    until(&world, &path, "reserved", 3).await;
    assert_eq!(members(&world, &path, "drawn").await, [replaced["member"].as_str().unwrap()]);
    let again = world.ask(LEADER, "POST", &on(&all[0], "replacement"), &Value::Null).await;
    assert_eq!((again.0, &again.1["code"]), (409, &json!("replaced-already")));
    let leave = json!({"act": "leave", "reason": "moved", "channel": "counter", "ground": "flyttar"});
    assert_eq!(world.ask(LEADER, "POST", &on(&all[1], "acts"), &leave).await.0, 200);
    let twice = world.ask(LEADER, "POST", &on(&all[1], "acts"), &leave).await;
    assert_eq!((twice.0, &twice.1["code"]), (409, &json!("left-already")));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_panel_says_so_a_free_place_goes_to_the_next_in_line_at_once_until_nobody_is() {
    let world = World::open().await;
    let path = drawn(&world, "automatic").await;
    let all = members(&world, &path, "drawn").await;
    for member in &all {
        let acts = format!("{path}/members/{member}/acts");
        assert_eq!(world.ask(LEADER, "POST", &acts, &act("decline")).await.0, 200);
    }
    until(&world, &path, "replaced", 4).await;
    assert_eq!(members(&world, &path, "drawn").await.len(), 4);
    let left = members(&world, &path, "declined").await;
    let on = format!("{path}/members/{}/replacement", left[0]);
    let (status, empty) = world.ask(LEADER, "POST", &on, &Value::Null).await;
    assert_eq!((status, &empty["code"]), (409, &json!("reserve-empty")));
    let (_, wave) = world.ask(LEADER, "GET", &format!("{path}/waves"), &Value::Null).await;
    // Nobody said yes: nothing can be expected of more.
    assert_eq!((&wave["free"], &wave["rate"], &wave["invite"]), (&json!(6), &json!(0.0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_joins_at_the_counter_is_corrected_taken_out_and_erased() {
    let world = World::open().await;
    let decision = json!({"size": 9, "enrols": true, "replacement": "none", "who": "Nämnden"});
    let path = recruiting(&world, &genders(&json!({}), &json!({})), &decision).await;
    let body = json!({"person": {"name": "Planted Anna", "gender": "woman", "birth_year": 1970},
        "channel": "counter", "ground": "kom till disken"});
    let (status, joined) = world.ask(OFFICIAL, "POST", &format!("{path}/members/assisted"), &body).await;
    assert_eq!(status, 201, "{joined}");
    let member = format!("{path}/members/{}", joined["member"].as_str().unwrap());
    until(&world, &path, "active", 1).await;
    let corrected = json!({"gender": "man", "name": "Planted Anders"});
    assert_eq!(world.ask(OFFICIAL, "PATCH", &member, &corrected).await.0, 200);
    world.read_up().await;
    let (_, listed) = world.ask(LEADER, "GET", &format!("{path}/members"), &Value::Null).await;
    assert_eq!(listed["members"][0]["name"], "Planted Anders", "{listed}");
    assert_eq!(listed["members"][0]["birth_year"], 1970);
    let bare = world.ask(LEADER, "POST", &format!("{member}/removal"), &json!({})).await;
    assert_eq!(bare.0, 422, "{bare:?}");
    let removal = json!({"ground": "anmälde någon annan"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{member}/removal"), &removal).await.0, 200);
    assert_eq!(world.ask(LEADER, "POST", &format!("{member}/erasure"), &json!({})).await.0, 403);
    assert_eq!(world.ask(DPO, "POST", &format!("{member}/erasure"), &json!({})).await.0, 200);
    world.read_up().await;
    let (_, listed) = world.ask(LEADER, "GET", &format!("{path}/members"), &Value::Null).await;
    assert!(!listed.to_string().contains("Planted"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_under_protected_identity_is_named_to_officials() {
    let world = World::open().await;
    let decision = json!({"size": 9, "drawn": true, "replacement": "none", "who": "Nämnden"});
    let path = recruiting(&world, &genders(&json!({}), &json!({})), &decision).await;
    let file = "namn;kön;skyddad;adress\nPlanted Dold;K;ja;Planted 1\nSynlig;M;;Gatan 2\n";
    assert_eq!(import(&world, &path, "volunteers", file).await.0, 201);
    until(&world, &path, "volunteered", 2).await;
    let (_, listed) = world.ask(LEADER, "GET", &format!("{path}/members"), &Value::Null).await;
    let text = listed.to_string();
    assert!(text.contains("Synlig") && text.contains("\"protected\":true"), "{text}");
    assert!(!text.contains("Planted"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_asks_members_whether_they_stay_and_a_reminder_goes_once() {
    let world = World::open().await;
    let path = drawn(&world, "none").await;
    let all = members(&world, &path, "drawn").await;
    for member in &all {
        let acts = format!("{path}/members/{member}/acts");
        assert_eq!(world.ask(LEADER, "POST", &acts, &act("accept")).await.0, 200);
    }
    let active = json!({"to": "active"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{path}/course"), &active).await.0, 200);
    let term = |ends: &str, renew: &str| json!({"ends_on": ends, "renew_by": renew});
    let terms = format!("{path}/terms");
    assert_eq!(world.ask(LEADER, "POST", &terms, &json!({"ends_on": "2099-12-31"})).await.0, 200);
    let wrong = world.ask(LEADER, "POST", &terms, &term("2099-12-31", "2001-01-01")).await;
    assert_eq!((wrong.0, &wrong.1["code"]), (422, &json!("term-dates-not-allowed")));
    let second = world.ask(LEADER, "POST", &terms, &term("2099-12-31", "2098-01-01")).await;
    assert_eq!(second.0, 200, "{second:?}");
    let acts = format!("{path}/members/{}/acts", all[0]);
    assert_eq!(world.ask(LEADER, "POST", &acts, &act("renew")).await.0, 200);
    let third = world.ask(LEADER, "POST", &terms, &term("2099-12-31", "2098-01-01")).await;
    assert_eq!((third.0, &third.1["code"]), (409, &json!("term-not-settled")));
    let (_, draws) = world.ask(None, "GET", &format!("{path}/draws"), &Value::Null).await;
    let reminder = format!("{path}/draws/{}/reminder", draws[0]["draw"].as_str().unwrap());
    assert_eq!(world.ask(LEADER, "POST", &reminder, &Value::Null).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_planned_told_of_and_noted() {
    let world = World::open().await;
    let path = drawn(&world, "none").await;
    let panel = path.rsplit('/').next().unwrap();
    let plan = json!({"panel": panel, "starts_at": "2099-05-01T17:00:00Z", "title": "Budgeten", "place": "Stadshuset"});
    let past = json!({"panel": panel, "starts_at": "2001-05-01T17:00:00Z", "title": "Budgeten"});
    let refused = world.ask(LEADER, "POST", "/meetings", &past).await;
    assert_eq!((refused.0, &refused.1["code"]), (422, &json!("meeting-in-the-past")));
    let (status, planned) = world.ask(LEADER, "POST", "/meetings", &plan).await;
    assert_eq!(status, 201, "{planned}");
    let at = format!("/meetings/{}", planned["meeting"].as_str().unwrap());
    assert_eq!(world.ask(LEADER, "POST", &format!("{at}/invitation"), &Value::Null).await.0, 200);
    let twice = world.ask(LEADER, "POST", &format!("{at}/invitation"), &Value::Null).await;
    assert_eq!((twice.0, &twice.1["code"]), (409, &json!("meeting-invited-already")));
    let early = world.ask(LEADER, "POST", &format!("{at}/held"), &json!({"attended": 5})).await;
    assert_eq!((early.0, &early.1["code"]), (409, &json!("meeting-not-begun")));
    let point = json!({"text": "Fler cykelvägar"});
    let raised = world.ask(LEADER, "POST", &format!("{at}/points"), &point).await;
    let document = json!({"title": "Underlag", "address": "https://tyreso.se/underlag"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{at}/documents"), &document).await.0, 200);
    world.read_up().await;
    let (_, shown) = world.ask(None, "GET", &at, &Value::Null).await;
    assert_eq!((&shown["title"], &shown["invited"]), (&json!("Budgeten"), &json!(0)), "{shown}");
    assert_eq!(shown["documents"][0]["title"], "Underlag");
    assert_eq!(shown["points"].as_array().unwrap().len(), usize::from(raised.0 == 200));
    let (_, listed) = world.ask(None, "GET", &format!("{path}/meetings"), &Value::Null).await;
    assert_eq!(listed[0]["title"], "Budgeten", "{listed}");
}
