//! Objections: a decision is decided again by somebody else.

use radslag_kernel::Role;
use serde_json::{Value, json};

use crate::house::{Answer, House};

/// A petition that a moderator rejected, and the link to its initiator's page.
async fn rejected(house: &House) -> (String, String) {
    let petition = house.in_review("A bench in every park").await;
    let moderator = house.token(Role::Moderator, "mona");
    let verdict = json!({ "codes": ["duplicate"], "text": "There is one.", "ground": "Rules, 2" });
    let path = format!("/petitions/{petition}/reject");
    assert_eq!(house.ask("POST", &path, &moderator, &verdict.to_string()).await.status, 200);
    house.settled().await;
    (petition.to_string(), house.link_of(petition, "ines@example.org"))
}

async fn page(house: &House, link: &str) -> Value {
    house.ask_from("198.51.100.1", ("GET", &format!("/links/{link}")), &[], "").await.json()
}

async fn waiting(house: &House, token: &str) -> Value {
    house.settled().await;
    house.ask("GET", "/objections", token, "").await.json()
}

async fn decide(house: &House, id: &Value, token: &str, outcome: &str, ground: &str) -> Answer {
    let body = json!({ "outcome": outcome, "text": "We looked again.", "ground": ground }).to_string();
    house.ask("POST", &format!("/objections/{}/decide", id.as_str().unwrap()), token, &body).await
}

#[tokio::test]
async fn an_objection_to_a_refusal_is_decided_by_somebody_else_and_changed_leads_back_to_review() {
    let house = House::new().await;
    let (petition, link) = rejected(&house).await;
    assert_eq!(page(&house, &link).await["acts"], json!(["object"]));
    let object = json!({ "act": "object", "reason": "The other one is about chairs." });
    let told = house.follow(&link, object.clone()).await;
    assert_eq!(told.status, 200, "{:?}", told.json());
    assert_eq!(told.json()["objection"]["state"], "waiting");
    assert_eq!(told.json()["acts"], json!([]), "one objection to a decision");
    assert_eq!(house.follow(&link, object).await.code(), "already-objected");
    assert_eq!(house.mails("Your objection is received").await, 1);
    let (mona, maud) = (house.token(Role::Moderator, "mona"), house.token(Role::Moderator, "maud"));
    let queue = waiting(&house, &mona).await;
    let first = &queue[0];
    assert_eq!((&first["about"], &first["petition"]), (&json!("petition"), &json!(petition)));
    assert_eq!(
        (&first["reason"], &first["due"]),
        (&json!("The other one is about chairs."), &json!("on_time"))
    );
    assert_eq!(first["own_decision"], true);
    assert_eq!(waiting(&house, &maud).await[0]["own_decision"], false);
    let refused = decide(&house, &first["id"], &mona, "changed", "x").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "same-person-twice"));
    assert_eq!(decide(&house, &first["id"], &maud, "changed", " ").await.code(), "ground-missing");
    let citizen = house.token(Role::Citizen, "carl");
    assert_eq!(decide(&house, &first["id"], &citizen, "changed", "x").await.status, 403);
    assert_eq!(house.ask("GET", "/objections", &citizen, "").await.status, 403);
    let before = house.records(0).len();
    assert_eq!(decide(&house, &first["id"], &maud, "changed", "They differ").await.status, 200);
    let written = house.records(0).split_off(before);
    let kinds: Vec<_> = written.iter().map(|record| record.header.r#type.as_str()).collect();
    assert_eq!(kinds, ["objection.decided", "petition.restored"]);
    assert_eq!(house.mails("is changed").await, 1);
    assert_eq!(waiting(&house, &maud).await, json!([]));
    assert_eq!(decide(&house, &first["id"], &maud, "upheld", "x").await.code(), "objection-already-decided");
    let shown = house.ask("GET", &format!("/petitions/{petition}"), &mona, "").await.json();
    assert_eq!(shown["state"], "in_review");
}

#[tokio::test]
async fn an_upheld_objection_leaves_the_decision_and_tells_why() {
    let house = House::new().await;
    let (petition, link) = rejected(&house).await;
    house.follow(&link, json!({ "act": "object", "reason": "Please" })).await;
    let maud = house.token(Role::Moderator, "maud");
    let id = waiting(&house, &maud).await[0]["id"].clone();
    assert_eq!(decide(&house, &id, &maud, "upheld", "They are the same").await.status, 200);
    let own = page(&house, &link).await;
    assert_eq!((&own["state"], &own["acts"]), (&json!("rejected"), &json!([])));
    assert_eq!(
        (&own["objection"]["state"], &own["objection"]["text"]),
        (&json!("upheld"), &json!("We looked again."))
    );
    assert_eq!(house.mails("The decision stands").await, 1);
    let shown = house.ask("GET", &format!("/petitions/{petition}"), &maud, "").await.json();
    assert_eq!(shown["state"], "rejected");
}

#[tokio::test]
async fn three_weeks_after_the_decision_nobody_objects_any_more() {
    let house = House::new().await;
    let (_, link) = rejected(&house).await;
    let petition = house.link_petition(&link);
    house.later(22 * 86_400);
    let link = house.link_of(petition, "ines@example.org");
    assert_eq!(page(&house, &link).await["acts"], json!([]));
    let late = house.follow(&link, json!({ "act": "object", "reason": "Please" })).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "objection-too-late"));
}

#[tokio::test]
async fn a_signer_objects_to_being_struck_out_and_counts_again() {
    let house = House::new().await;
    let petition = house.petition().await;
    let citizen = house.token(Role::Citizen, "carl");
    let path = format!("/petitions/{petition}/signatures");
    assert_eq!(house.ask("POST", &path, &citizen, r#"{"postcode":"21144"}"#).await.status, 201);
    house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    let by_mail = house.link("ann@example.org").await;
    assert_eq!(house.follow(&by_mail, json!({ "act": "confirm" })).await.status, 200);
    house.settled().await;
    let count = || house.office.counts.get(petition).unwrap().count;
    assert_eq!(count(), 3);
    let (olga, otto) = (house.token(Role::Official, "olga"), house.token(Role::Official, "otto"));
    let listed = house.ask("GET", &path, &olga, "").await.json();
    let object = json!({ "reason": "I am me" }).to_string();
    let mine = format!("/petitions/{petition}/signatures/mine/objection");
    assert_eq!(house.ask("POST", &mine, &citizen, &object).await.code(), "nothing-to-object-to");
    for signature in listed["signatures"].as_array().unwrap() {
        let act = format!("{path}/{}/invalidate", signature["item"].as_str().unwrap());
        assert_eq!(house.ask("POST", &act, &olga, r#"{"ground":"odd"}"#).await.status, 200);
    }
    house.settled().await;
    assert_eq!(count(), 1);
    assert_eq!(house.ask("POST", &mine, &citizen, &object).await.status, 200);
    assert_eq!(page(&house, &by_mail).await["acts"], json!(["object"]));
    let told = house.follow(&by_mail, json!({ "act": "object", "reason": "I am Ann" })).await;
    assert_eq!(told.status, 200, "{:?}", told.json());
    let queue = waiting(&house, &otto).await;
    assert_eq!(queue.as_array().unwrap().len(), 2);
    for objection in queue.as_array().unwrap() {
        assert_eq!(objection["about"], "signature");
        assert_eq!(decide(&house, &objection["id"], &olga, "changed", "x").await.code(), "same-person-twice");
        assert_eq!(decide(&house, &objection["id"], &otto, "changed", "They are real").await.status, 200);
    }
    house.settled().await;
    assert_eq!(count(), 3);
    assert_eq!(house.mails("Underskriften r").await, 1, "by eID there is no mailbox");
    assert_eq!(page(&house, &by_mail).await["state"], "confirmed");
}

#[tokio::test]
async fn who_is_struck_out_gets_a_mail_that_says_so_and_leads_to_where_to_object() {
    let house = House::new().await;
    let petition = house.petition().await;
    let item = house.signed(petition, "Ann Ek", "ann@example.org").await;
    let aside = house.signed(petition, "Bo Ek", "bo@example.org").await;
    let citizen = house.token(Role::Citizen, "carl");
    let path = format!("/petitions/{petition}/signatures");
    let by_eid = house.ask("POST", &path, &citizen, r#"{"postcode":"21144"}"#).await.json();
    house.settled().await;
    let olga = house.token(Role::Official, "olga");
    let act = async |item: &str, act: &str| {
        let done =
            house.ask("POST", &format!("{path}/{item}/{act}"), &olga, r#"{"ground":"Rules, 4"}"#).await;
        assert_eq!(done.status, 200, "{:?}", done.json());
    };
    act(by_eid["item"].as_str().unwrap(), "invalidate").await;
    assert_eq!(house.mails("has been struck out").await, 0, "by eID there is no mailbox");
    // Who was set aside was told that somebody decides.
    act(&aside.to_string(), "suspect").await;
    act(&aside.to_string(), "invalidate").await;
    assert_eq!(house.mails("has been struck out").await, 1);
    act(&item.to_string(), "invalidate").await;
    let link = house.link("has been struck out").await;
    let shown = page(&house, &link).await;
    assert_eq!((&shown["state"], &shown["acts"]), (&json!("invalidated"), &json!(["object"])));
    let told = house.follow(&link, json!({ "act": "object", "reason": "I am Ann" })).await;
    assert_eq!(told.status, 200, "{:?}", told.json());
}

#[tokio::test]
async fn a_bulk_that_one_official_starts_is_told_to_each_signer_and_a_larger_one_in_public() {
    let house = House::new().await;
    let petition = house.petition().await;
    for name in ["ann", "boe"] {
        house.signed(petition, name, &format!("{name}@spam.example")).await;
        house.signed(petition, &format!("{name} two"), &format!("{name}@junk.example")).await;
    }
    house.settled().await;
    let (olga, otto) = (house.token(Role::Official, "olga"), house.token(Role::Official, "otto"));
    let run = async |domain: &str, headers: &[&str]| {
        let body = json!({ "domain": domain, "ground": "Rules, 4", "notice": "By a program." }).to_string();
        let made = house.ask("POST", "/bulk", &olga, &body).await.json();
        let bulk = format!("/bulk/{}", made["bulk"].as_str().unwrap());
        let started = house.ask_from("198.51.100.1", ("POST", &format!("{bulk}/start")), headers, "").await;
        assert_eq!(started.status, 200, "{:?}", started.json());
        while house.ask("GET", &bulk, &olga, "").await.json()["state"] != "finished" {
            tokio::task::yield_now().await;
        }
    };
    let first = format!("authorization: Bearer {olga}");
    run("spam.example", &[&first]).await;
    assert_eq!(house.mails("has been struck out").await, 2);
    let second = format!("second-authorization: Bearer {otto}");
    run("junk.example", &[&first, &second]).await;
    assert_eq!(house.mails("has been struck out").await, 0, "everybody reads of it");
    house.settled().await;
    let told = house.ask_from("192.0.2.1", ("GET", "/corrections"), &[], "").await.json();
    assert_eq!(told.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_comments_writer_objects_to_its_refusal_and_it_is_shown() {
    let house = House::new().await;
    let petition = house.petition().await;
    let citizen = house.token(Role::Citizen, "carl");
    let path = format!("/petitions/{petition}/comments");
    let made = house.ask("POST", &path, &citizen, r#"{"text":"Chairs are fine too"}"#).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let item = made.json()["item"].as_str().unwrap().to_owned();
    house.settled().await;
    let (mona, maud) = (house.token(Role::Moderator, "mona"), house.token(Role::Moderator, "maud"));
    let verdict = json!({ "codes": ["irrelevant"], "text": "", "ground": "Rules, 4" }).to_string();
    let refused = house.ask("POST", &format!("{path}/{item}/refuse"), &mona, &verdict).await;
    assert_eq!(refused.status, 200, "{:?}", refused.json());
    let object = json!({ "reason": "It is about sitting" }).to_string();
    let objected = format!("{path}/{item}/objection");
    let other = house.token(Role::Citizen, "cora");
    assert_eq!(house.ask("POST", &objected, &other, &object).await.code(), "nothing-to-object-to");
    assert_eq!(house.ask("POST", &objected, &citizen, &object).await.status, 200);
    let first = waiting(&house, &maud).await[0].clone();
    assert_eq!((&first["about"], &first["item"]), (&json!("comment"), &json!(item)));
    assert_eq!(decide(&house, &first["id"], &mona, "upheld", "x").await.code(), "same-person-twice");
    assert_eq!(decide(&house, &first["id"], &maud, "changed", "It is").await.status, 200);
    house.settled().await;
    let shown = house.ask_from("198.51.100.1", ("GET", &path), &[], "").await.json();
    assert_eq!(shown["comments"][0]["text"], "Chairs are fine too");
}

#[tokio::test]
async fn why_somebody_objects_goes_when_they_are_erased() {
    let house = House::new().await;
    let (petition, link) = rejected(&house).await;
    house.follow(&link, json!({ "act": "object", "reason": "Planted reason" })).await;
    let path = format!("/petitions/{petition}/erase");
    let (first, second) = (house.token(Role::Archivist, "arne"), house.token(Role::Archivist, "asta"));
    let headers =
        [format!("authorization: Bearer {first}"), format!("second-authorization: Bearer {second}")];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let body = json!({ "what": "initiator", "ground": "GDPR 17" }).to_string();
    assert_eq!(house.ask_from("198.51.100.1", ("POST", &path), &headers, &body).await.status, 200);
    let maud = house.token(Role::Moderator, "maud");
    let queue = waiting(&house, &maud).await;
    assert_eq!(queue[0]["reason"], json!(null));
    assert_eq!(decide(&house, &queue[0]["id"], &maud, "upheld", "They differ").await.status, 200);
    assert_eq!(house.mails("The decision stands").await, 0, "there is nobody to tell");
}

#[tokio::test]
async fn whose_submission_a_list_keeps_out_objects_and_signs_once_somebody_else_decided_so() {
    let house = House::new().await;
    let petition = house.petition().await;
    let (olga, otto) = (house.token(Role::Official, "olga"), house.token(Role::Official, "otto"));
    let list = |kind: &str, pattern: &str| {
        json!({ "effect": "block", "kind": kind, "pattern": pattern, "ground": "Rules, 3" }).to_string()
    };
    assert_eq!(house.ask("POST", "/lists", &olga, &list("mailbox", "ann@example.org")).await.status, 201);
    assert_eq!(house.ask("POST", "/lists", &otto, &list("network", "203.0.113.0/24")).await.status, 201);
    house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    let link = house.link("ann@example.org").await;
    let shown = page(&house, &link).await;
    assert_eq!((&shown["state"], &shown["acts"]), (&json!("set_aside"), &json!(["object"])));
    let before = house.records(0).len();
    let told = house.follow(&link, json!({ "act": "object", "reason": "I am Ann" })).await;
    assert_eq!(told.status, 200, "{:?}", told.json());
    assert_eq!((&told.json()["objection"]["state"], &told.json()["acts"]), (&json!("waiting"), &json!([])));
    assert_eq!(house.mails("Du har beg").await, 1);
    // Outside nothing joins the objection and the submission.
    let raised = house.records(0).split_off(before);
    let [raised] = raised.as_slice() else { panic!("one event") };
    let submitted = house.records(0);
    let submitted = submitted.iter().rfind(|record| record.header.r#type == "signature.submitted").unwrap();
    let named = |bytes: &[u8]| {
        let public = [raised.public.as_ref(), raised.header.item.as_ref()].concat();
        public.windows(bytes.len()).any(|window| window == bytes)
    };
    assert!(!named(&submitted.header.item) && !named(&submitted.header.event_id));
    let queue = waiting(&house, &otto).await;
    assert_eq!((&queue[0]["about"], &queue[0]["item"]), (&json!("submission"), &Value::Null));
    let id = queue[0]["id"].clone();
    assert_eq!(decide(&house, &id, &olga, "changed", "x").await.code(), "same-person-twice");
    assert_eq!(decide(&house, &id, &otto, "changed", "She is real").await.status, 200);
    assert_eq!(page(&house, &link).await["objection"]["state"], "changed");
    assert_eq!(house.mails("kan du skriva under igen").await, 1);
    house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    let again = house.link("ann@example.org").await;
    assert_eq!(house.follow(&again, json!({ "act": "confirm" })).await.json()["state"], "confirmed");
    let other = house.petition_called("Another").await;
    house.request(other, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    let elsewhere = page(&house, &house.link("ann@example.org").await).await;
    assert_eq!(elsewhere["state"], "set_aside", "it was decided of one petition");
}

#[tokio::test]
async fn who_was_set_aside_objects_and_counts_once_somebody_else_decided_so() {
    let house = House::new().await;
    let petition = house.petition().await;
    house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    let link = house.link("ann@example.org").await;
    assert_eq!(house.follow(&link, json!({ "act": "confirm" })).await.status, 200);
    house.settled().await;
    let (olga, otto) = (house.token(Role::Official, "olga"), house.token(Role::Official, "otto"));
    let path = format!("/petitions/{petition}/signatures");
    let listed = house.ask("GET", &path, &olga, "").await.json();
    let listed = listed["signatures"].as_array().unwrap();
    let act = format!("{path}/{}/suspect", listed[0]["item"].as_str().unwrap());
    assert_eq!(house.ask("POST", &act, &olga, r#"{"ground":"odd"}"#).await.status, 200);
    let shown = page(&house, &link).await;
    assert_eq!((&shown["state"], &shown["acts"]), (&json!("suspected"), &json!(["object"])));
    let told = house.follow(&link, json!({ "act": "object", "reason": "I am Ann" })).await;
    assert_eq!(told.status, 200, "{:?}", told.json());
    let id = waiting(&house, &otto).await[0]["id"].clone();
    assert_eq!(decide(&house, &id, &olga, "upheld", "x").await.code(), "same-person-twice");
    assert_eq!(decide(&house, &id, &otto, "changed", "She is real").await.status, 200);
    assert_eq!(page(&house, &link).await["state"], "confirmed");
}
