//! One-time links and what they open: by forms and a cookie, and by a token.

use axum::{body::Body, http::Request};
use radslag_kernel::Role;
use radslag_petitions::{
    lists::{Effect, Kind},
    shell::{Asked, lists::Wanted, petition::Staff},
};
use serde_json::{Value, json};

use crate::{
    house::{House, MAILBOX, house, house_with},
    pages::{Page, get, mailed, mails, post, post_with, send, taken},
};

const ANN: &str = "Ann.Ek+petitions@example.org";

/// Signs and confirms by mailbox, without the pages.
async fn signs(house: &House, petition: &str, name: &str, mailbox: &str) {
    let since = house.office.log.watermark();
    let fields = [("name", name), ("mailbox", mailbox), ("postcode", "21145")];
    assert_eq!(post(house, &format!("/malmo/petitions/{petition}/sign"), &fields).await.status, 303);
    let link = mailed(house, since).await;
    assert_eq!(post(house, &link, &[("act", "confirm")]).await.status, 200);
}

/// The address of the page behind the link in the mail that a mailbox gets.
pub(crate) async fn linked(house: &House, mailbox: &str, lang: &str) -> String {
    let since = house.office.log.watermark();
    let form = format!("/malmo/session{lang}");
    taken(house, &form, &[("mailbox", mailbox)]).await;
    mailed(house, since).await
}

/// The cookie that using a link sets.
pub(crate) async fn used(house: &House, link: &str) -> String {
    let opened = post(house, link, &[]).await;
    assert_eq!(opened.status, 303, "{}", opened.html);
    assert!(opened.headers["location"].to_str().unwrap().starts_with("/malmo/mine"));
    let cookie = opened.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["; Path=/malmo;", "; HttpOnly", "; SameSite=Lax", "; Max-Age=1800"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

pub(crate) async fn get_as(house: &House, path: &str, cookie: &str) -> Page {
    let request = Request::get(path).header("accept", "text/html").header("cookie", cookie);
    send(house, request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn post_as(house: &House, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Page {
    post_with(house, path, fields, &[&format!("cookie: {cookie}")]).await
}

async fn api(house: &House, (method, path): (&str, &str), token: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri(format!("/api/v1/malmo{path}"));
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let answer = send(house, request.body(Body::from(body)).unwrap()).await;
    (answer.status, serde_json::from_str(&answer.html).unwrap_or_default())
}

async fn token(house: &House, mailbox: &str) -> String {
    let link = linked(house, mailbox, "").await;
    let path = link.replace("/malmo/session/", "/sessions/");
    let (status, begun) = api(house, ("POST", &path), "", None).await;
    assert_eq!(status, 201, "{begun}");
    begun["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_sees_and_changes_what_is_theirs_by_links_and_forms_alone_in_both_languages() {
    for (lang, use_it, withdraw, withdrawn, out) in [
        ("", "Öppna mina sidor", "Ta tillbaka min underskrift", "tillbakadrag", "Logga ut"),
        ("?lang=en", "Open my pages", "Withdraw my signature", "withdrawn", "Log out"),
    ] {
        let house = house().await;
        let id = house.petition("Fler bänkar", "Sitta.").await;
        signs(&house, &id.to_string(), "Ann Ek", ANN).await;
        let home = get(&house, &format!("/malmo{lang}")).await;
        let asked = get(&house, &home.address("/mine")).await;
        assert_eq!(asked.status, 303);
        let link = linked(&house, "ann.ek@example.org", lang).await;
        assert_eq!(link.ends_with("?lang=en"), lang == "?lang=en", "{link}");
        get(&house, &link).await.has(use_it);
        let cookie = used(&house, &link).await;
        let mine = get_as(&house, &format!("/malmo/mine{lang}"), &cookie).await;
        assert_eq!(mine.headers["cache-control"], "no-store");
        mine.has("Fler bänkar");
        mine.has(out);
        let own = mine.address("/mine/signature-");
        let page = get_as(&house, &own, &cookie).await;
        page.has(withdraw);
        let form = page.value("form");
        let fields =
            [("form", form.as_str()), ("act", "change_name"), ("shown", "alias"), ("alias", "Bänkvän")];
        post_as(&house, &own, &cookie, &fields).await.has("Bänkvän");
        get(&house, &format!("/malmo/petitions/{id}")).await.has("Bänkvän");
        let fields = [("form", form.as_str()), ("act", "withdraw")];
        let after = post_as(&house, &own, &cookie, &fields).await;
        assert!(!after.html.contains(withdraw));
        assert!(after.html.to_lowercase().contains(withdrawn), "{}", after.html);
        assert!(!get(&house, &format!("/malmo/petitions/{id}")).await.html.contains("Bänkvän"));
    }
}

#[tokio::test]
async fn an_initiator_names_a_coinitiator_who_takes_over_by_forms_alone() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let cookie = used(&house, &linked(&house, MAILBOX, "").await).await;
    let own = format!("/malmo/mine/petition-{id}");
    let page = get_as(&house, &own, &cookie).await;
    page.has("Ange en medinitiativtagare");
    let form = page.value("form");
    let typed = async |form: &str, mailbox: &str| {
        let act = ("act", "name_coinitiator");
        let fields = [("form", form), act, ("name", "Sven Second"), ("mailbox", mailbox)];
        post_as(&house, &own, &cookie, &fields).await
    };
    assert_eq!(typed("", "sven@example.org").await.status, 403, "only our own form does it");
    let since = house.office.log.watermark();
    typed(&form, "sven@example.org").await.has("har inte svarat");
    let invited = mailed(&house, since).await;
    get(&house, &invited).await.has("Ja, jag är medinitiativtagare");
    let yes = [("act", "accept"), ("public_name", "Sven S")];
    post(&house, &invited, &yes).await.has("Ta över initiativet");
    let over = post(&house, &invited, &[("act", "take_over")]).await;
    assert!(!over.html.contains("Ta över initiativet"), "{}", over.html);
    assert_eq!(get_as(&house, &own, &cookie).await.status, 404, "it isn't the former initiator's any more");
}

#[tokio::test]
async fn a_link_is_used_by_post_only_and_once() {
    let house = house().await;
    let link = linked(&house, ANN, "").await;
    for _ in 0..3 {
        let page = get(&house, &link).await;
        page.has("Öppna mina sidor");
        assert!(!page.headers.contains_key("set-cookie"));
    }
    used(&house, &link).await;
    let again = post(&house, &link, &[]).await;
    assert_eq!(again.status, 409);
    assert!(!again.headers.contains_key("set-cookie"));
    get(&house, &link).await.has("Länken har redan använts.");
}

#[tokio::test]
async fn a_link_works_for_fifteen_minutes() {
    let house = house().await;
    let link = linked(&house, ANN, "").await;
    house.office.log.set_clock(house.office.now().plus_millis(15 * 60_000));
    assert_eq!(post(&house, &link, &[]).await.status, 410);
    get(&house, &link).await.has("Länken gäller inte längre.");
    let forged = format!("/malmo/session/{}", "A".repeat(98));
    assert_eq!(post(&house, &forged, &[]).await.status, 404);
}

#[tokio::test]
async fn a_mails_other_links_open_no_session_and_a_one_time_link_is_no_other() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let since = house.office.log.watermark();
    let fields = [("name", "Ann Ek"), ("mailbox", ANN), ("postcode", "21145")];
    post(&house, &format!("/malmo/petitions/{id}/sign"), &fields).await;
    let signature = mailed(&house, since).await.replace("/links/", "/session/");
    assert_eq!(post(&house, &signature, &[]).await.status, 404);
    let session = linked(&house, ANN, "").await.replace("/session/", "/links/");
    assert_eq!(get(&house, &session).await.status, 404);
}

#[tokio::test]
async fn whoever_asks_gets_the_same_answer_and_only_a_mailbox_that_answers_gets_more_than_three_mails() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    signs(&house, &id.to_string(), "Ann Ek", ANN).await;
    let ask =
        |mailbox: &'static str| api(&house, ("POST", "/sessions"), "", Some(json!({ "mailbox": mailbox })));
    let (mut answers, since) = (Vec::new(), house.office.log.watermark());
    for mailbox in [ANN, "nobody@example.org", ANN, ANN, ANN] {
        answers.push(ask(mailbox).await);
    }
    assert_eq!(answers[0].0, 202);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(mails(&house, since).await.len(), 4, "the fourth to one mailbox doesn't go out");
    let before = house.office.log.watermark();
    assert_eq!(ask("nobody@example.org").await.0, 429, "the sixth of a network in five minutes");
    assert_eq!(house.office.log.watermark(), before);
}

#[tokio::test]
async fn a_session_is_a_token_that_is_never_an_eid() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    signs(&house, &id.to_string(), "Ann Ek", ANN).await;
    let token = token(&house, ANN).await;
    let (status, mine) = api(&house, ("GET", "/mine"), &token, None).await;
    assert_eq!((status, &mine["things"][0]["state"]), (200, &json!("confirmed")), "{mine}");
    for refused in [
        ("GET", format!("/petitions/{id}/signatures/mine")),
        ("DELETE", format!("/petitions/{id}/signatures/mine")),
        ("GET", "/queue".into()),
        ("GET", format!("/drafts/{id}")),
    ] {
        let (status, problem) = api(&house, (refused.0, &refused.1), &token, None).await;
        assert_eq!((status, problem["code"].as_str()), (403, Some("session-not-enough")), "{refused:?}");
    }
    let sign = json!({ "name": "Bo Ek", "mailbox": "bo@example.org", "postcode": "21145" });
    let (status, _) = api(&house, ("POST", &format!("/petitions/{id}/signatures")), &token, Some(sign)).await;
    assert_eq!(status, 202, "as a stranger: a mail has to be answered");
}

#[tokio::test]
async fn nobody_reaches_what_another_mailbox_has() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    signs(&house, &id.to_string(), "Ann Ek", ANN).await;
    let (anns, bos) = (token(&house, ANN).await, token(&house, "bo@example.org").await);
    let (_, mine) = api(&house, ("GET", "/mine"), &anns, None).await;
    let thing = mine["things"][0]["thing"].as_str().unwrap().to_owned();
    assert_eq!(api(&house, ("GET", "/mine"), &bos, None).await.1["things"], json!([]));
    let path = format!("/mine/{thing}");
    let petition = format!("/mine/petition-{id}");
    let withdraw = json!({ "act": "withdraw" });
    for path in [path.as_str(), petition.as_str(), "/mine/nothing", "/mine/signature-0", "/mine/inquiry-"] {
        assert_eq!(api(&house, ("GET", path), &bos, None).await.0, 404, "{path}");
        assert_eq!(api(&house, ("POST", path), &bos, Some(withdraw.clone())).await.0, 404, "{path}");
    }
    let (status, after) = api(&house, ("POST", &path), &anns, Some(withdraw)).await;
    assert_eq!((status, &after["state"]), (200, &json!("withdrawn")));
    let initiator = token(&house, "initiator@example.org").await;
    let (status, own) = api(&house, ("GET", &petition), &initiator, None).await;
    let acts = json!(["withdraw", "name_coinitiator"]);
    assert_eq!((status, &own["purpose"], &own["acts"]), (200, &json!("initiator"), &acts));
}

#[tokio::test]
async fn comments_and_questions_are_among_what_is_ones_own() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let since = house.office.log.watermark();
    let fields = [("text", "Bra."), ("name", "Ann Ek"), ("mailbox", ANN)];
    let said = post(&house, &format!("/malmo/petitions/{id}/comments"), &fields).await;
    assert_eq!(said.status, 303, "{}", said.html);
    post(&house, &mailed(&house, since).await, &[("act", "confirm")]).await;
    let token = token(&house, ANN).await;
    let (_, mine) = api(&house, ("GET", "/mine"), &token, None).await;
    let things = mine["things"].as_array().unwrap();
    assert_eq!((things.len(), things[0]["purpose"].as_str()), (1, Some("comment")), "{mine}");
    let path = format!("/mine/{}", things[0]["thing"].as_str().unwrap());
    let (status, after) = api(&house, ("POST", &path), &token, Some(json!({ "act": "withdraw" }))).await;
    assert_eq!((status, &after["state"]), (200, &json!("withdrawn")), "{after}");
}

#[tokio::test]
async fn who_logs_out_is_out_wherever_the_token_still_is() {
    let house = house().await;
    let first = token(&house, ANN).await;
    assert_eq!(api(&house, ("DELETE", "/sessions"), &first, None).await.0, 200);
    let (status, problem) = api(&house, ("GET", "/mine"), &first, None).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("session-over")));
    let cookie = used(&house, &linked(&house, ANN, "").await).await;
    let form = get_as(&house, "/malmo/mine", &cookie).await.value("form");
    let out = post_as(&house, "/malmo/logout", &cookie, &[("form", &form)]).await;
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(get_as(&house, "/malmo/mine", &cookie).await.status, 303);
}

#[tokio::test]
async fn a_session_lasts_as_long_as_it_is_configured_to() {
    let house = house().await;
    let token = token(&house, ANN).await;
    house.office.log.set_clock(house.office.now().plus_millis(30 * 60_000 - 1_000));
    assert_eq!(api(&house, ("GET", "/mine"), &token, None).await.0, 200);
    house.office.log.set_clock(house.office.now().plus_millis(1_000));
    assert_eq!(api(&house, ("GET", "/mine"), &token, None).await.0, 401);
}

#[tokio::test]
async fn no_other_site_acts_in_somebodys_session() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    signs(&house, &id.to_string(), "Ann Ek", ANN).await;
    let link = linked(&house, ANN, "").await;
    let elsewhere = post_with(&house, &link, &[], &["sec-fetch-site: cross-site"]).await;
    assert_eq!(elsewhere.status, 403, "nobody is logged in to another's mailbox");
    let cookie = used(&house, &link).await;
    let own = get_as(&house, "/malmo/mine", &cookie).await.address("/mine/signature-");
    for form in ["", "00", &"0".repeat(32)] {
        let act = post_as(&house, &own, &cookie, &[("form", form), ("act", "withdraw")]).await;
        assert_eq!(act.status, 403, "{form}");
        assert_eq!(post_as(&house, "/malmo/logout", &cookie, &[("form", form)]).await.status, 403);
    }
    get_as(&house, &own, &cookie).await.has("Ta tillbaka min underskrift");
    let (status, _) = api(&house, ("GET", "/mine"), "", None).await;
    assert_eq!(status, 401, "a cookie is for pages alone");
}

#[tokio::test]
async fn the_address_of_a_link_is_destroyed_when_the_link_is_used() {
    let house = house().await;
    let link = linked(&house, ANN, "").await;
    let request = house.office.log.watermark() - 1;
    let record = house.office.log.read_at(request).unwrap();
    let known = |record: &radslag_eventlog::Record| record.open(1, house.office.log.vault()).unwrap();
    assert!(matches!(known(&record), radslag_kernel::Opened::Known(_)));
    used(&house, &link).await;
    assert!(matches!(known(&record), radslag_kernel::Opened::Gone));
}

#[tokio::test]
async fn what_a_list_keeps_out_says_to_whom_to_write() {
    let house = house_with(json!({ "contact": "namn@malmo.example" })).await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let staff = Staff { role: Role::Official, subject: "official", ground: "rules".into() };
    let (effect, kind, pattern) = (Effect::Block, Kind::Mailbox, "bot@example.org".to_owned());
    let wanted = Wanted::Add { effect, kind, pattern };
    house.office.keep_lists(&Asked::by_system(), &staff, &wanted).await.unwrap();
    let since = house.office.log.watermark();
    let fields = [("name", "Bo Ek"), ("mailbox", "bot@example.org"), ("postcode", "21145")];
    assert_eq!(post(&house, &format!("/malmo/petitions/{id}/sign"), &fields).await.status, 303);
    let page = get(&house, &mailed(&house, since).await).await;
    page.has("Du kan begära att någon annan prövar det");
    page.has("mailto:namn@malmo.example");
}
