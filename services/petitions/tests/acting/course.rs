//! What officials do to a petition's course: a register count, a redirection, a debate, and the list of the unfinished.

use radslag_kernel::{AggregateId, Role};
use radslag_petitions::petition::{Act, Threshold};
use serde_json::{Value, json};

use crate::house::House;

/// Hands in by eID; its id.
async fn hand_in(house: &House, token: &str, length: Value) -> AggregateId {
    let texts = json!({ "title": "A bench in every park", "body": "Nowhere to sit.",
        "url_key": "a-bench-in-every-park", "length": length });
    let body = json!({ "texts": texts, "initiator": { "name": "", "mailbox": "ines@example.org" } });
    let made = house.ask("POST", "/petitions", token, &body.to_string()).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    house.settled().await;
    made.json()["id"].as_str().unwrap().parse().unwrap()
}

async fn approve(house: &House, petition: AggregateId) {
    let moderator = house.token(Role::Moderator, "mona");
    let path = format!("/petitions/{petition}/approve");
    let approved = house.ask("POST", &path, &moderator, r#"{"ground":"fine"}"#).await;
    assert_eq!(approved.status, 200, "{:?}", approved.json());
    house.settled().await;
}

async fn shown(house: &House, petition: AggregateId) -> Value {
    let moderator = house.token(Role::Moderator, "mona");
    house.ask("GET", &format!("/petitions/{petition}"), &moderator, "").await.json()
}

#[tokio::test]
async fn an_answer_takes_a_tenth_of_a_register_count_that_is_entered_once() {
    let house = House::under("folkinitiativ").await;
    let today = house.office.calendar.date(house.office.now());
    let until = radslag_kernel::time::plus_months(today, 6).to_string();
    let petition = hand_in(&house, &house.token(Role::Citizen, "ines"), json!({ "until": until })).await;
    approve(&house, petition).await;
    assert_eq!(shown(&house, petition).await["answer_at"], 0);
    let path = format!("/petitions/{petition}/electorate");
    let fix = async |token: &str, voters: u64| {
        let body = json!({ "voters": voters, "ground": "Register of 1 March" }).to_string();
        let done = house.ask("POST", &path, token, &body).await;
        house.settled().await;
        done
    };
    let official = house.token(Role::Official, "olga");
    assert_eq!(fix(&house.token(Role::Moderator, "mona"), 12_345).await.status, 403);
    assert_eq!(fix(&official, 0).await.code(), "electorate-empty");
    assert_eq!(fix(&official, 12_345).await.status, 200);
    assert_eq!(shown(&house, petition).await["answer_at"], 1_235, "a share is rounded up");
    assert_eq!(fix(&official, 99_999).await.code(), "electorate-frozen");
    assert_eq!(shown(&house, petition).await["answer_at"], 1_235);
}

#[tokio::test]
async fn a_petition_goes_elsewhere_with_its_initiators_yes_and_is_reviewed_without_it() {
    let house = House::new().await;
    let moderator = house.token(Role::Moderator, "mona");
    for (act, state) in [("decline_redirect", "in_review"), ("accept_redirect", "redirected")] {
        let petition = house.in_review("A hole in the road").await;
        let path = format!("/petitions/{petition}/redirect");
        let body = json!({ "instead": "fault_report", "to": "The street office", "ground": "Rules, 7" });
        assert_eq!(house.ask("POST", &path, &moderator, &body.to_string()).await.status, 200);
        assert_eq!(house.mails("The street office").await, 1, "the initiator is asked");
        let link = house.link_of(petition, "ines@example.org");
        let told = house.follow(&link, json!({ "act": act })).await;
        assert_eq!((told.status.as_u16(), &told.json()["state"]), (200, &json!(state)));
        house.settled().await;
        assert_eq!(shown(&house, petition).await["state"], state);
        assert_eq!(house.follow(&link, json!({ "act": act })).await.code(), "no-redirect-proposed");
        let seen = house.ask_from("192.0.2.1", ("GET", &format!("/petitions/{petition}")), &[], "").await;
        assert_eq!(seen.status, 404, "it was never public");
    }
}

#[tokio::test]
async fn a_debate_is_scheduled_ahead_held_and_its_recording_published() {
    let house = House::under("uk").await;
    let petition = house.in_review("A bench in every park").await;
    for n in 0..5 {
        let citizen = house.token(Role::Citizen, &format!("carl{n}"));
        let path = format!("/petitions/{petition}/supporters");
        assert_eq!(house.ask("POST", &path, &citizen, "{}").await.status, 201);
    }
    approve(&house, petition).await;
    house.reacted().await;
    let reach = Act::ReachThreshold { threshold: Threshold::Debate, count: 100_000, count_position: 1 };
    house.office.by_system(petition, reach).await.unwrap();
    house.settled().await;
    assert_eq!(shown(&house, petition).await["hearing"], "awaiting");
    let secretary = house.token(Role::Secretary, "sara");
    let act = async |what: &str, body: Value| {
        let path = format!("/petitions/{petition}/hearing/{what}");
        let done = house.ask("POST", &path, &secretary, &body.to_string()).await;
        house.settled().await;
        done
    };
    let ground = "The calendar";
    let early = json!({ "starts_at": "2008-11-05T15:00:00Z", "place": "Westminster Hall", "ground": ground });
    assert_eq!(act("schedule", early).await.code(), "hearing-in-the-past");
    let starts = jiff_in_a_day(&house);
    let ahead = json!({ "starts_at": starts, "place": "Westminster Hall", "ground": ground });
    let scheduled = act("schedule", ahead).await;
    assert_eq!(scheduled.status, 200, "{:?}", scheduled.json());
    assert_eq!(house.mails("Westminster Hall").await, 1, "the initiator is told");
    let held = json!({ "link": "https://parliament.example/tv", "ground": ground });
    assert_eq!(act("held", held.clone()).await.code(), "hearing-not-yet");
    house.later(2 * 86_400);
    let now_held = act("held", held).await;
    assert_eq!(now_held.status, 200, "{:?}", now_held.json());
    let seen = shown(&house, petition).await;
    assert_eq!(
        (&seen["hearing"], &seen["debate"]["recording"]),
        (&json!("held"), &json!("https://parliament.example/tv"))
    );
}

/// A moment a day from now, RFC 3339.
fn jiff_in_a_day(house: &House) -> String {
    let tomorrow = house.office.now().plus_hours(24);
    jiff::Timestamp::from_millisecond(i64::try_from(tomorrow.millis()).unwrap()).unwrap().to_string()
}

#[tokio::test]
async fn the_half_yearly_list_has_what_is_to_be_decided_and_is_not() {
    let house = House::under("medborgarforslag").await;
    let petition = hand_in(&house, &house.resident("ines"), json!({ "months": 1 })).await;
    let moderator = house.token(Role::Moderator, "mona");
    let listed = async || house.ask("GET", "/unfinished", &moderator, "").await.json();
    assert_eq!(listed().await, json!([]), "it isn't published yet");
    approve(&house, petition).await;
    let unfinished = listed().await;
    let today = house.office.calendar.date(house.office.now());
    let decide_by = radslag_kernel::time::plus_months(today, 12).to_string();
    assert_eq!(
        (&unfinished[0]["id"], &unfinished[0]["decide_by"]),
        (&json!(petition.to_string()), &json!(decide_by))
    );
    assert_eq!(unfinished[0]["title"], "A bench in every park");
    assert_eq!(house.ask("GET", "/unfinished", &house.token(Role::Citizen, "carl"), "").await.status, 403);
}
