//! Rules that hold whatever else happens to a petition, as everybody meets them.

use radslag_kernel::{AggregateId, Role};
use radslag_petitions::petition::Act;
use serde_json::{Value, json};

use crate::house::{Answer, House};

const SIGN: &str = r#"{"postcode":"211 45"}"#;

async fn shown(house: &House, petition: AggregateId) -> Answer {
    house.settled().await;
    house.ask_from("192.0.2.1", ("GET", &format!("/petitions/{petition}")), &[], "").await
}

/// An act of two officials.
async fn by_two(house: &House, path: &str, (role, body): (Role, &Value)) -> Answer {
    let first = format!("authorization: Bearer {}", house.token(role, "first"));
    let second = format!("second-authorization: Bearer {}", house.token(role, "second"));
    let done = house.ask_from("198.51.100.1", ("POST", path), &[&first, &second], &body.to_string()).await;
    house.settled().await;
    done
}

fn count(house: &House, petition: AggregateId) -> i64 {
    house.office.counts.get(petition).unwrap().count
}

#[tokio::test]
async fn where_the_initiator_counts_the_count_never_falls_below_one() {
    let house = House::new().await;
    let petition = house.petition().await;
    let carl = house.token(Role::Citizen, "carl");
    let path = format!("/petitions/{petition}/signatures");
    assert_eq!(house.ask("POST", &path, &carl, SIGN).await.status, 201);
    assert_eq!(house.ask("DELETE", &format!("{path}/mine"), &carl, "").await.status, 200);
    house.settled().await;
    assert_eq!(count(&house, petition), 1, "the signer took theirs back");
    let item = house.signed(petition, "Dora", "dora@example.org").await;
    house.settled().await;
    assert_eq!(count(&house, petition), 2);
    let official = house.token(Role::Official, "olga");
    let strike = format!("{path}/{item}/invalidate");
    assert_eq!(house.ask("POST", &strike, &official, r#"{"ground":"odd"}"#).await.status, 200);
    house.settled().await;
    assert_eq!(count(&house, petition), 1, "an official struck one out");
    let erase = json!({ "what": "initiator", "ground": "decided" });
    let done = by_two(&house, &format!("/petitions/{petition}/erase"), (Role::Archivist, &erase)).await;
    assert_eq!(done.status, 200, "{:?}", done.json());
    assert_eq!(count(&house, petition), 1, "who is erased keeps their place");
    let everything = json!({ "ground": "Rules", "notice": "All.", "petition": petition.to_string() });
    let bulk = house.ask("POST", "/bulk", &official, &everything.to_string()).await;
    assert_eq!(bulk.json()["matched"], 0, "who counts without signing isn't struck out: {:?}", bulk.json());
}

#[tokio::test]
async fn the_opening_time_is_set_once() {
    let house = House::new().await;
    let petition = house.petition().await;
    let fixed = |told: &Answer| ["opened_at", "url_key", "deadline"].map(|field| told.json()[field].clone());
    let opened = fixed(&shown(&house, petition).await);
    assert!(opened.iter().all(Value::is_string), "{opened:?}");
    let down = json!({ "fate": "hidden", "codes": ["libellous"], "text": "", "ground": "Rules, 2" });
    let done = by_two(&house, &format!("/petitions/{petition}/take-down"), (Role::Moderator, &down)).await;
    assert_eq!(done.status, 200, "{:?}", done.json());
    house.later(3 * 86_400);
    let administrator = house.token(Role::TenantAdministrator, "adam");
    let ground = r#"{"ground":"a mistake"}"#;
    let restored = house.ask("POST", &format!("/petitions/{petition}/restore"), &administrator, ground).await;
    assert_eq!(restored.status, 200, "{:?}", restored.json());
    house.settled().await;
    let approve = format!("/petitions/{petition}/approve");
    let approved = house.ask("POST", &approve, &house.token(Role::Moderator, "mia"), ground).await;
    assert_eq!(approved.status, 200, "{:?}", approved.json());
    let again = shown(&house, petition).await;
    assert_eq!(again.json()["state"], "open");
    assert_eq!(fixed(&again), opened, "days later it is open as it was opened");
}

#[tokio::test]
async fn a_policy_change_leaves_petitions_under_the_policy_they_were_handed_in_under() {
    let house = House::still().await;
    let (old, waiting) = (house.petition().await, house.in_review("A tree in every street").await);
    let house = house.restart_under("malmo-2008").await;
    assert_eq!(house.office.policy().unwrap().id, "malmo-2008");
    let told = shown(&house, old).await.json();
    assert_eq!((&told["policy"], &told["answer_at"]), (&json!("open/2"), &json!(0)));
    // The new policy takes no eID; the old petition still does.
    let path = format!("/petitions/{old}/signatures");
    assert_eq!(house.ask("POST", &path, &house.token(Role::Citizen, "carl"), SIGN).await.status, 201);
    let moderator = house.token(Role::Moderator, "mona");
    let body = json!({ "ground": "fine", "url_key": "a-tree-in-every-street" }).to_string();
    let approved = house.ask("POST", &format!("/petitions/{waiting}/approve"), &moderator, &body).await;
    assert_eq!(approved.status, 200, "{:?}", approved.json());
    let told = shown(&house, waiting).await.json();
    assert_eq!((&told["policy"], &told["signatures"]), (&json!("open/2"), &json!(1)), "the initiator counts");
}

#[tokio::test]
async fn a_hidden_codes_text_is_shown_nowhere_and_a_rejected_one_is_readable_and_unsignable() {
    let house = House::new().await;
    let moderator = house.token(Role::Moderator, "mona");
    let refuse = async |what: &str, title: &str, code: &str| {
        let petition = house.in_review(title).await;
        let body = json!({ "codes": [code], "text": "No.", "ground": "Rules" }).to_string();
        let path = format!("/petitions/{petition}/{what}");
        assert_eq!(house.ask("POST", &path, &moderator, &body).await.status, 200);
        house.settled().await;
        petition
    };
    let hidden = refuse("hide", "Zzlander in the park", "libellous").await;
    let path = |rest: &str| format!("/petitions/{hidden}{rest}");
    for path in
        ["", "/signatures", "/comments", "/state", "/history", "/areas", "/count", "/corrections"].map(path)
    {
        assert_eq!(house.ask_from("192.0.2.1", ("GET", &path), &[], "").await.status, 404, "{path}");
    }
    for path in [
        "/petitions",
        "/petitions?list=inactive",
        "/petitions?q=zzlander",
        "/petitions?q=zzlander&list=inactive",
        "/petitions/similar?title=Zzlander",
        "/embed",
    ] {
        let told = house.ask_from("192.0.2.1", ("GET", path), &[], "").await;
        assert!(!told.json().to_string().contains("Zzlander"), "{path}");
    }
    for path in
        ["/malmo", "/malmo/petitions?list=inactive", "/malmo/feed.atom", "/malmo/log/petitions/disclosed"]
    {
        assert!(!house.page_of(path).await.1.contains("Zzlander"), "{path}");
    }
    assert_eq!(house.page_of(&format!("/malmo/petitions/{hidden}")).await.0, 404);
    let rejected = refuse("reject", "Yylander in the park", "no-action").await;
    let told = shown(&house, rejected).await;
    assert_eq!(
        (&told.json()["state"], &told.json()["title"]),
        (&json!("rejected"), &json!("Yylander in the park"))
    );
    let sign = format!("/petitions/{rejected}/signatures");
    let refused = house.ask("POST", &sign, &house.token(Role::Citizen, "carl"), SIGN).await;
    assert_eq!(refused.code(), "not-open");
}

#[tokio::test]
async fn no_staff_role_reads_a_draft() {
    let house = House::new().await;
    let carl = house.token(Role::Citizen, "carl");
    let texts = json!({ "title": "Zzlander in the park", "body": "Later.", "url_key": "zzlander-in-the-park",
        "length": { "months": 6 } });
    let made = house.ask("POST", "/drafts", &carl, &texts.to_string()).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let own = format!("/drafts/{id}");
    assert_eq!(house.ask("GET", &own, &carl, "").await.json()["title"], "Zzlander in the park");
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::System | Role::Initiator)) {
        let token = house.token(*role, "sam");
        assert_eq!(house.ask("GET", &own, &token, "").await.status, 404, "{role:?}");
        for path in [format!("/petitions/{id}"), "/queue".into(), "/petitions?q=zzlander".into()] {
            let told = house.ask("GET", &path, &token, "").await;
            assert!(!String::from_utf8(told.body).unwrap().contains("Zzlander"), "{path} as {role:?}");
        }
    }
}

#[tokio::test]
async fn the_newest_five_and_the_most_popular_five_come_first() {
    let house = House::new().await;
    let mut petitions = Vec::new();
    for signatures in [3, 0, 5, 1, 4, 2] {
        let petition = house.petition_called(&format!("With {signatures}")).await;
        for n in 0..signatures {
            let path = format!("/petitions/{petition}/signatures");
            let signer = house.token(Role::Citizen, &format!("signer-{n}"));
            assert_eq!(house.ask("POST", &path, &signer, SIGN).await.status, 201);
        }
        petitions.push(petition);
        house.later(60);
    }
    house.settled().await;
    let told = house.ask_from("192.0.2.1", ("GET", "/embed"), &[], "").await.json();
    let titles = |list: &str| -> Vec<String> {
        told[list].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles("newest"), ["With 2", "With 4", "With 1", "With 5", "With 0"]);
    assert_eq!(titles("popular"), ["With 5", "With 4", "With 3", "With 2", "With 1"]);
}

#[tokio::test]
async fn comments_are_put_away_after_closing_where_the_policy_says_so() {
    let house = House::under("malmo-2008").await;
    let until = radslag_kernel::time::plus_days(house.office.calendar.date(house.office.now()), 60);
    let texts = json!({ "title": "A bench in every park", "body": "Nowhere to sit.",
        "url_key": "a-bench-in-every-park", "length": { "until": until.to_string() } });
    let body = json!({ "texts": texts, "initiator": { "mailbox": "ines@example.org" } }).to_string();
    let made = house.ask("POST", "/petitions", &house.token(Role::Citizen, "ines"), &body).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    house.settled().await;
    let petition: AggregateId = made.json()["id"].as_str().unwrap().parse().unwrap();
    let own = format!("/petitions/{petition}");
    let moderator = house.token(Role::Moderator, "mona");
    let approved = house.ask("POST", &format!("{own}/approve"), &moderator, r#"{"ground":"fine"}"#).await;
    assert_eq!(approved.status, 200, "{:?}", approved.json());
    house.settled().await;
    let said = json!({ "text": "Yes, benches." }).to_string();
    let done =
        house.ask("POST", &format!("{own}/comments"), &house.token(Role::Citizen, "carl"), &said).await;
    assert_eq!(done.status, 201, "{:?}", done.json());
    house.settled().await;
    let comments = async || {
        let told = house.ask_from("192.0.2.1", ("GET", &format!("{own}/comments")), &[], "").await.json();
        (told["published"].clone(), told["hidden"].clone())
    };
    assert_eq!(comments().await, (json!(1), json!(false)), "shown at once");
    let administrator = house.token(Role::TenantAdministrator, "adam");
    let early = house.ask("POST", "/signing/close-early", &administrator, r#"{"ground":"election"}"#).await;
    assert_eq!(early.status, 200, "{:?}", early.json());
    house.reacted().await;
    house.later(25 * 3_600);
    house.office.by_system(petition, Act::Lapse).await.unwrap();
    house.settled().await;
    assert_eq!(comments().await, (json!(0), json!(true)));
}
