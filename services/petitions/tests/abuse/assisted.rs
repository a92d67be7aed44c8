//! Officials and e-services that act for a named citizen.

use radslag_kernel::{AggregateId, Role};
use serde_json::{Value, json};

use crate::house::{Answer, House};

/// Valid, of nobody.
const ANN: &str = "19811218-9876";

fn behalf(channel: &str, identified: &str, assurance: &str) -> Value {
    json!({ "number": ANN, "channel": channel, "identified": identified, "assurance": assurance })
}

async fn signs(house: &House, petition: AggregateId, token: &str, behalf: &Value) -> Answer {
    let body = json!({ "name": "Ann Ek", "postcode": "211 45", "on_behalf_of": behalf }).to_string();
    let done = house.ask("POST", &format!("/petitions/{petition}/signatures"), token, &body).await;
    house.settled().await;
    done
}

#[tokio::test]
async fn an_official_signs_for_a_named_citizen_and_the_public_sees_an_ordinary_signature() {
    let house = House::new().await;
    let petition = house.petition().await;
    let official = house.token(Role::Official, "olga");
    let before = house.office.log.watermark();
    let done = signs(&house, petition, &official, &behalf("counter", "id-document", "high")).await;
    assert_eq!(done.status, 201, "{}", String::from_utf8_lossy(&done.body));
    assert_eq!(house.office.counts.get(petition).unwrap().count, 2);
    let record = &house.records(before)[0];
    assert_eq!((record.header.r#type.as_str(), record.header.role), ("signature.signed", 1), "a citizen's");
    let facts = record.open(6, house.office.log.vault()).unwrap();
    let radslag_kernel::Opened::Known(facts) = facts else { panic!("sealed under a key that is there") };
    let olga = *house.office.staff("olga").as_bytes();
    assert!(facts.windows(16).any(|part| part == olga), "who acted is kept");
    let public = record.with(|_, public| Ok::<_, ()>(public.to_vec())).unwrap().event.to_vec();
    assert!(!public.windows(16).any(|part| part == olga), "and told to nobody");
    // By eID she has signed.
    let ann = house.token(Role::Citizen, "198112189876");
    let mine = house.ask("GET", &format!("/petitions/{petition}/signatures/mine"), &ann, "").await;
    assert_eq!(mine.json()["state"], "confirmed");
}

#[tokio::test]
async fn a_refusal_is_told_to_the_official_at_once_and_writes_nothing() {
    let house = House::new().await;
    let petition = house.petition().await;
    let (official, service) = (house.token(Role::Official, "olga"), house.token(Role::Integration, "e-1"));
    let counter = behalf("counter", "id-document", "high");
    assert_eq!(signs(&house, petition, &official, &counter).await.status, 201);
    let before = house.office.log.watermark();
    let mut wrong = counter.clone();
    wrong["number"] = json!("19811218-9877");
    for (token, behalf, status, code) in [
        (&official, counter.clone(), 409, "already-signed"),
        (&official, wrong, 422, "invalid"),
        (&official, behalf("e-service", "eid", "high"), 422, "channel-not-yours"),
        (&service, counter.clone(), 422, "channel-not-yours"),
        (&official, behalf("phone", "id-document", "low"), 422, "identification-impossible"),
        (&official, behalf("phone", "questions", "high"), 422, "assurance-too-high"),
        (&house.token(Role::Moderator, "mona"), counter.clone(), 403, "not-permitted"),
        (&house.token(Role::Citizen, "carl"), counter.clone(), 403, "not-permitted"),
    ] {
        let done = signs(&house, petition, token, &behalf).await;
        assert_eq!((done.status.as_u16(), done.code().as_str()), (status, code), "{behalf}");
    }
    let body = json!({ "name": "Ann Ek", "on_behalf_of": counter }).to_string();
    let path = format!("/petitions/{petition}/signatures");
    let nobody = house.ask_from("192.0.2.9", ("POST", &path), &[], &body).await;
    assert_eq!((nobody.status.as_u16(), nobody.code().as_str()), (401, "token-missing"));
    assert_eq!(house.office.log.watermark(), before);
}

#[tokio::test]
async fn an_e_service_acts_for_a_citizen_with_a_level_of_assurance_and_never_for_itself() {
    let house = House::new().await;
    let petition = house.petition().await;
    let service = house.token(Role::Integration, "e-1");
    let own = json!({ "name": "E-service", "postcode": "211 45" }).to_string();
    let path = format!("/petitions/{petition}/signatures");
    assert_eq!(house.ask("POST", &path, &service, &own).await.status, 403);
    let done = signs(&house, petition, &service, &behalf("e-service", "eid", "substantial")).await;
    assert_eq!(done.status, 201, "{}", String::from_utf8_lossy(&done.body));
}

#[tokio::test]
async fn an_official_who_signed_a_petition_helps_nobody_with_it() {
    let house = House::new().await;
    let petition = house.petition().await;
    let own = json!({ "name": "Olga", "postcode": "211 45" }).to_string();
    let path = format!("/petitions/{petition}/signatures");
    assert_eq!(house.ask("POST", &path, &house.token(Role::Citizen, "olga"), &own).await.status, 201);
    let olga = house.token(Role::Official, "olga");
    let done = signs(&house, petition, &olga, &behalf("counter", "id-document", "high")).await;
    assert_eq!((done.status.as_u16(), done.code().as_str()), (403, "conflict-of-interest"));
}

#[tokio::test]
async fn a_signature_by_mailbox_is_taken_back_at_a_counter_by_who_is_surely_known() {
    let house = House::new().await;
    let petition = house.petition().await;
    let item = house.signed(petition, "Ann Ek", "ann@example.org").await;
    house.settled().await;
    let official = house.token(Role::Official, "olga");
    let path = format!("/petitions/{petition}/signatures/{item}/withdraw");
    let back = async |name: &str, behalf: Value| {
        let body = json!({ "name": name, "on_behalf_of": behalf }).to_string();
        let done = house.ask("POST", &path, &official, &body).await;
        house.settled().await;
        (done.status.as_u16(), done)
    };
    let (status, said) = back("Ann Ek", behalf("phone", "questions", "low")).await;
    assert_eq!((status, said.code().as_str()), (422, "assurance-too-low"));
    let (status, said) = back("Bo Ek", behalf("counter", "id-document", "high")).await;
    assert_eq!((status, said.code().as_str()), (409, "not-the-signer"));
    assert_eq!(house.office.counts.get(petition).unwrap().count, 2);
    assert_eq!(back("ann  ek", behalf("counter", "id-document", "high")).await.0, 200);
    assert_eq!(house.office.counts.get(petition).unwrap().count, 1);
}

#[tokio::test]
async fn a_petition_is_started_and_commented_on_for_a_named_citizen() {
    let house = House::new().await;
    let official = house.token(Role::Registrar, "rut");
    let at_counter = behalf("counter", "id-document", "high");
    let body = json!({
        "texts": { "title": "More trees", "body": "Shade.", "url_key": "more-trees", "length": { "months": 6 } },
        "initiator": { "name": "Ann Ek", "postcode": "211 45" }, "on_behalf_of": at_counter,
    });
    let made = house.ask("POST", "/petitions", &official, &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    let id: AggregateId = made.json()["id"].as_str().unwrap().parse().unwrap();
    let (_, state) = house.office.petition(id).unwrap();
    let filed = state.0.as_ref().unwrap().filed.clone().unwrap();
    let kept = filed.tags.known().unwrap().assisted.unwrap();
    assert_eq!((kept.by, kept.role), (house.office.staff("rut"), Role::Registrar));
    // By eID she is its initiator.
    let ann = house.token(Role::Citizen, "198112189876");
    let back = house.ask("POST", &format!("/petitions/{id}/withdraw"), &ann, r#"{"reason":"done"}"#).await;
    assert_eq!(back.status, 200, "{}", String::from_utf8_lossy(&back.body));
    let petition = house.petition().await;
    let comment = json!({ "text": "Good.", "name": "Ann Ek", "on_behalf_of": at_counter }).to_string();
    let path = format!("/petitions/{petition}/comments");
    let said = house.ask("POST", &path, &official, &comment).await;
    assert_eq!(said.status, 201, "{}", String::from_utf8_lossy(&said.body));
    let again = house.ask("POST", &path, &official, &comment).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "said-before"));
}

#[tokio::test]
async fn what_a_citizen_did_is_taken_back_and_changed_for_them_by_who_surely_knows_them() {
    let house = House::new().await;
    let (official, at_counter) =
        (house.token(Role::Official, "olga"), behalf("counter", "id-document", "high"));
    let ann = house.token(Role::Citizen, "198112189876");
    let petition = house.petition().await;
    let item = house.signed(petition, "Ann Ek", "ann@example.org").await;
    let comment = json!({ "text": "Good.", "name": "Ann Ek" }).to_string();
    let path = format!("/petitions/{petition}/comments");
    let comment = house.ask("POST", &path, &ann, &comment).await.json()["item"].as_str().unwrap().to_owned();
    house.settled().await;
    let does = async |path: &str, body: Value| {
        let done =
            house.ask("POST", &format!("/petitions/{petition}/{path}"), &official, &body.to_string()).await;
        house.settled().await;
        (done.status.as_u16(), if done.status.is_success() { String::new() } else { done.code() })
    };
    let done = || (200, String::new());
    let name =
        |name: &str, behalf: &Value| json!({ "name": name, "shown": "anonymous", "on_behalf_of": behalf });
    let shown = format!("signatures/{item}/name");
    let by_phone = behalf("phone", "questions", "low");
    assert_eq!(does(&shown, name("Ann Ek", &by_phone)).await, (422, "assurance-too-low".into()));
    assert_eq!(does(&shown, name("Bo Ek", &at_counter)).await, (409, "not-the-signer".into()));
    assert_eq!(does(&shown, name("Ann Ek", &at_counter)).await, done());
    let listed = house.ask("GET", &format!("/petitions/{petition}/signatures"), &official, "").await.json();
    assert_eq!(listed["signatures"][0]["name"], Value::Null);
    let written = format!("comments/{comment}/withdraw");
    let mut other = at_counter.clone();
    other["number"] = json!("19700101-0003");
    let back = |behalf: &Value| json!({ "name": "Person 198112189876", "on_behalf_of": behalf });
    assert_eq!(does(&written, back(&other)).await, (409, "not-the-author".into()));
    assert_eq!(does(&written, back(&at_counter)).await, done());
    let mine = |name: &str| json!({ "reason": "Moved.", "name": name, "on_behalf_of": at_counter });
    assert_eq!(does("withdraw", mine("Ann Ek")).await, (409, "not-their-petition".into()));
    let moderator = house.token(Role::Moderator, "mona");
    let path = format!("/petitions/{petition}/withdraw");
    let refused = house.ask("POST", &path, &moderator, &mine("Ines Initiator").to_string()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "not-permitted"));
    assert_eq!(does("withdraw", mine("ines  initiator")).await, done());
    let state = house.ask("GET", &format!("/petitions/{petition}"), &official, "").await.json();
    assert_eq!(state["state"], "withdrawn");
    let public: Vec<u8> = house
        .records(0)
        .iter()
        .flat_map(|record| record.with(|_, public| Ok::<_, ()>(public.to_vec())).unwrap().event.to_vec())
        .collect();
    let olga = *house.office.staff("olga").as_bytes();
    assert!(!public.windows(16).any(|part| part == olga), "who acted is told to nobody");
}

#[tokio::test]
async fn an_auditor_sees_who_helped_with_what_and_nobody_else_does() {
    let house = House::new().await;
    let (official, at_counter) =
        (house.token(Role::Official, "olga"), behalf("counter", "id-document", "high"));
    let service = house.token(Role::Integration, "e-1");
    let petition = house.petition().await;
    let signed = signs(&house, petition, &official, &at_counter).await.json();
    let item = signed["item"].as_str().unwrap().to_owned();
    let comment = json!({ "text": "Good.", "name": "Ann Ek", "on_behalf_of": behalf("e-service", "eid", "substantial") });
    let path = format!("/petitions/{petition}/comments");
    assert_eq!(house.ask("POST", &path, &service, &comment.to_string()).await.status, 201);
    let back = json!({ "name": "Ann Ek", "on_behalf_of": at_counter }).to_string();
    let path = format!("/petitions/{petition}/signatures/{item}/withdraw");
    assert_eq!(house.ask("POST", &path, &official, &back).await.status, 200);
    // What nobody helped with is no part of it.
    house.signed(petition, "Bo Ek", "bo@example.org").await;
    house.settled().await;
    let auditor = house.token(Role::Auditor, "aud");
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            house.ask("GET", &format!("/assisted?per_page=2&cursor={cursor}"), &auditor, "").await.json();
        all.extend(page["assisted"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let told = |at: usize, field: &str| all[at][field].as_str().unwrap().to_owned();
    let what: Vec<_> = (0..all.len()).map(|at| (told(at, "what"), told(at, "role"))).collect();
    let expected = [
        ("signature.withdrawn", "official"),
        ("comment.made", "integration"),
        ("signature.signed", "official"),
    ];
    assert_eq!(what, expected.map(|(what, role)| (what.to_owned(), role.to_owned())));
    assert_eq!((told(2, "by"), told(2, "item")), (house.office.staff("olga").to_string(), item));
    assert_eq!((told(1, "channel"), told(1, "assurance")), ("e-service".into(), "substantial".into()));
    assert!(!all.iter().any(|one| one.to_string().contains("Ann")), "for whom isn't told");
    for role in [Role::Official, Role::Moderator, Role::Citizen, Role::TenantAdministrator] {
        let other = house.ask("GET", "/assisted", &house.token(role, "olga"), "").await;
        assert_eq!((other.status.as_u16(), other.code().as_str()), (403, "not-permitted"));
    }
}
