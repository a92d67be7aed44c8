//! One person on paper and on the web: who counts, and what becomes of a line that is erased, withdrawn or struck out.

use radslag_kernel::Role;
use radslag_petitions::{
    bulk::Conditions,
    shell::{Asked, bulk::Wanted, petition::Staff},
    signature::Standing,
};
use serde_json::{Value, json};

use crate::{
    house::House,
    paper::{
        accepted, counts, item, line, official, progress, registered, registrar, standing, until, worked,
    },
};

const NUMBER: &str = "198112189876";
const OTHER: &str = "197001010003";

async fn by_eid(house: &House, petition: radslag_kernel::AggregateId, number: &str) {
    let path = format!("/petitions/{petition}/signatures");
    let signed =
        house.ask("POST", &path, &house.token(Role::Citizen, number), r#"{"postcode":"212 00"}"#).await;
    assert_eq!(signed.status.as_u16(), 201);
}

#[tokio::test]
async fn eid_beats_paper_by_personal_number_whichever_came_first() {
    let house = House::new().await;
    let petition = house.petition().await;
    // Neither name nor postcode is the same: only the number says who it is.
    by_eid(&house, petition, NUMBER).await;
    let lines = [("Ann Ek", "211 45", "811218-9876"), ("Boe Ek", "211 45", "700101-0003")];
    let batch = accepted(&house, petition, &lines).await;
    until(&house, petition, [3, 1, 0]).await;
    assert_eq!(standing(&house, &batch, 1), Standing::Superseded);
    assert_eq!(standing(&house, &batch, 2), Standing::Confirmed);
    by_eid(&house, petition, OTHER).await;
    until(&house, petition, [3, 0, 0]).await;
    assert_eq!(standing(&house, &batch, 2), Standing::Superseded);
}

#[tokio::test]
async fn eid_beats_mailbox_and_mailbox_beats_paper() {
    let house = House::new().await;
    let petition = house.petition().await;
    let batch = accepted(&house, petition, &[("Person 198112189876", "211 45", "811218-9876")]).await;
    until(&house, petition, [2, 1, 0]).await;
    house.signed(petition, "Person 198112189876", "ann@good.example").await;
    until(&house, petition, [2, 0, 0]).await;
    assert_eq!(standing(&house, &batch, 1), Standing::Superseded);
    let path = format!("/petitions/{petition}/signatures");
    let citizen = house.token(Role::Citizen, NUMBER);
    assert_eq!(house.ask("POST", &path, &citizen, r#"{"postcode":"211 45"}"#).await.status.as_u16(), 201);
    let web = async || {
        let path = format!("/petitions/{petition}/count/methods");
        let methods = house.ask("GET", &path, &official(&house), "").await.json();
        ["eid", "mailbox", "paper", "together"].map(|field| methods[field].as_u64().unwrap())
    };
    while web().await != [1, 0, 0, 2] {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.page(petition, "ann@good.example").slots[0].standing, Standing::Superseded);
}

#[tokio::test]
async fn two_personal_numbers_are_two_persons_of_one_name() {
    let house = House::new().await;
    let petition = house.petition().await;
    let lines = [("Ann Ek", "211 45", "811218-9876"), ("Ann Ek", "211 45", "700101-0003")];
    accepted(&house, petition, &lines).await;
    until(&house, petition, [3, 2, 0]).await;
}

#[tokio::test]
async fn lines_that_cannot_be_compared_are_counted_and_everybody_is_told_how_many() {
    let house = House::new().await;
    let petition = house.petition().await;
    let lines = [("Ann Ek", "", ""), ("Ann Ek", "", ""), ("Boe Ek", "", "811218-9876")];
    accepted(&house, petition, &lines).await;
    until(&house, petition, [4, 3, 2]).await;
    let public =
        house.ask_from("192.0.2.1", ("GET", &format!("/petitions/{petition}")), &[], "").await.json();
    assert_eq!((&public["on_paper"], &public["uncompared"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn the_initiators_own_line_is_not_counted_and_says_so() {
    let house = House::still().await;
    let petition = house.petition().await;
    let lines = [("Ines Initiator", "211 44", ""), ("Ann Ek", "211 45", "")];
    let batch = accepted(&house, petition, &lines).await;
    worked(&house, &batch).await;
    assert_eq!(counts(&house, petition).await, [2, 1, 0]);
    let sheet = house.ask("GET", &format!("{batch}/sheets/0"), &registrar(&house), "").await.json();
    let outcome = |line: usize| (&sheet["lines"][line]["state"], &sheet["lines"][line]["reason"]);
    assert_eq!(outcome(0), (&json!("dropped"), &json!("initiator")));
    assert_eq!(sheet["lines"][0]["label"]["sv"], "Raden är initiativtagarens och räknas inte");
    assert_eq!(outcome(1), (&json!("taken"), &Value::Null));
    let shown = progress(&house, &batch).await;
    assert_eq!((&shown["taken"], &shown["counted"], &shown["dropped"]), (&json!(2), &json!(1), &json!(1)));
}

#[tokio::test]
async fn an_erased_line_keeps_its_count_and_loses_its_name() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = accepted(&house, petition, &[("Ann Ek", "211 45", ""), ("Boe Ek", "211 45", "")]).await;
    worked(&house, &batch).await;
    let (ann, protection) = (item(&house, &batch, 1).await, house.token(Role::DataProtectionOfficer, "dag"));
    let (second, path) = (
        house.token(Role::DataProtectionOfficer, "dora"),
        format!("/petitions/{petition}/signatures/{ann}/erase"),
    );
    let headers =
        [format!("authorization: Bearer {protection}"), format!("second-authorization: Bearer {second}")];
    let headers = [headers[0].as_str(), headers[1].as_str()];
    let erased =
        house.ask_from("198.51.100.1", ("POST", &path), &headers, r#"{"ground":"article 17"}"#).await;
    assert_eq!(erased.status.as_u16(), 200, "{erased:?}");
    assert_eq!(counts(&house, petition).await, [3, 2, 0]);
    let sheet = house.ask("GET", &format!("{batch}/sheets/0"), &registrar(&house), "").await.json();
    assert_eq!(
        (&sheet["lines"][0]["typed"], &sheet["lines"][0]["item"]),
        (&Value::Null, &json!(ann.to_string()))
    );
    assert_eq!(sheet["lines"][1]["typed"]["name"], "Boe Ek");
    // Undone, it is struck out like the others.
    let ground = json!({ "ground": "Copied." }).to_string();
    house.ask("POST", &format!("{batch}/undo"), &official(&house), &ground).await.json();
    worked(&house, &batch).await;
    assert_eq!(counts(&house, petition).await, [1, 0, 0]);
}

#[tokio::test]
async fn a_row_that_was_not_taken_is_erased_by_two_and_leaves_nothing_of_it() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = registered(&house, petition).await;
    let taken = line(&house, 1, ("Ann Ek", "211 45", ""));
    let mut late = line(&house, 2, ("Planted Person", "211 45", ""));
    late["date"] = json!("2999-01-01");
    let lines = json!({ "lines": [taken, late] }).to_string();
    house.ask("POST", &format!("{batch}/lines"), &registrar(&house), &lines).await.json();
    let (dag, dora) = ["dag", "dora"].map(|who| house.token(Role::DataProtectionOfficer, who)).into();
    let erase = async |line: u32, second: &str| {
        let body = json!({ "sheet": 0, "line": line, "ground": "article 17" }).to_string();
        let headers =
            [format!("authorization: Bearer {dag}"), format!("second-authorization: Bearer {second}")];
        let headers = [headers[0].as_str(), headers[1].as_str()];
        let done = house.ask_from("198.51.100.1", ("POST", &format!("{batch}/erase")), &headers, &body).await;
        let code = if done.status.is_success() { String::new() } else { done.code() };
        (done.status.as_u16(), code)
    };
    let listed = async || {
        let path = format!("{batch}/refused");
        house.ask("GET", &path, &registrar(&house), "").await.json()["lines"][0].clone()
    };
    assert!(listed().await["row"].as_str().unwrap().contains("Planted Person"));
    assert_eq!(listed().await["sheet"], 0, "where to say it is");
    assert_eq!(erase(2, &dag).await, (422, "same-person-twice".into()));
    assert_eq!(erase(2, &registrar(&house)).await.0, 403);
    assert_eq!(erase(3, &dora).await, (404, "unknown-paper-line".into()));
    assert_eq!(erase(1, &dora).await, (409, "paper-line-waits".into()), "it may be counted yet");
    assert_eq!(erase(2, &dora).await, (200, String::new()));
    let gone = listed().await;
    assert_eq!(
        (&gone["state"], &gone["row"], &gone["reason"]),
        (&json!("refused"), &Value::Null, &Value::Null)
    );
    assert_eq!(erase(2, &dora).await, (409, "already-erased".into()));
    // The batch goes on, and the line that became a signature is erased as one.
    let same = json!({ "sheet": 0, "same": true }).to_string();
    house.ask("POST", &format!("{batch}/check"), &official(&house), &same).await.json();
    house.ask("POST", &format!("{batch}/accept"), &official(&house), "").await.json();
    worked(&house, &batch).await;
    assert_eq!(erase(1, &dora).await, (200, String::new()));
    assert_eq!(counts(&house, petition).await, [2, 1, 0]);
    let house = house.crash().await;
    let shown = progress(&house, &batch).await;
    assert_eq!((&shown["refused"], &shown["counted"]), (&json!(1), &json!(1)), "each keeps its place");
}

#[tokio::test]
async fn who_signed_on_paper_withdraws_by_eid_and_undoing_the_batch_leaves_that() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch =
        accepted(&house, petition, &[("Ann Ek", "211 45", "811218-9876"), ("Boe Ek", "211 45", "")]).await;
    worked(&house, &batch).await;
    let (ann, path) = (house.token(Role::Citizen, NUMBER), format!("/petitions/{petition}/signatures/mine"));
    let mine = house.ask("GET", &path, &ann, "").await.json();
    assert_eq!(
        (&mine["item"], &mine["state"]),
        (&json!(item(&house, &batch, 1).await.to_string()), &json!("confirmed"))
    );
    let other = house.token(Role::Citizen, OTHER);
    assert_eq!(house.ask("DELETE", &path, &other, "").await.status.as_u16(), 404);
    assert_eq!(house.ask("DELETE", &path, &ann, "").await.status.as_u16(), 200);
    assert_eq!(counts(&house, petition).await, [2, 1, 0]);
    let ground = json!({ "ground": "Copied." }).to_string();
    house.ask("POST", &format!("{batch}/undo"), &official(&house), &ground).await.json();
    worked(&house, &batch).await;
    assert_eq!(
        (standing(&house, &batch, 1), counts(&house, petition).await),
        (Standing::Withdrawn, [1, 0, 0])
    );
    assert_eq!(progress(&house, &batch).await["struck"], 1);
}

#[tokio::test]
async fn a_bulk_invalidation_takes_lines_on_paper_like_others_and_gives_them_back() {
    let house = House::still().await;
    let petition = house.petition().await;
    let lines = [("Bot One", "211 45", ""), ("Ann Ek", "211 45", ""), ("Bot Two", "211 45", "")];
    let batch = accepted(&house, petition, &lines).await;
    worked(&house, &batch).await;
    house.signed(petition, "Bot Web", "bot@spam.example").await;
    house.settled().await;
    let named = Conditions { name: "bot*".into(), ..Conditions::default() };
    let wanted = Wanted { conditions: named, notice: "Signed by a program.".into() };
    let staff = Staff { role: Role::Official, subject: "otto", ground: "Rules, 4".into() };
    let asked = Asked::by_system();
    let (id, matched, _) = house.office.prepare_bulk(&asked, &staff, &wanted).await.unwrap();
    assert_eq!(matched.number, 3);
    house.office.start_bulk(id, &asked, &staff, None).await.unwrap();
    while house.office.step_bulk(id, 2).await.unwrap() {}
    assert_eq!(counts(&house, petition).await, [2, 1, 0]);
    assert_eq!(standing(&house, &batch, 1), Standing::Invalidated);
    assert_eq!(standing(&house, &batch, 2), Standing::Confirmed);
    house.office.undo_bulk(id, &asked, &staff, None).await.unwrap();
    while house.office.step_bulk(id, 2).await.unwrap() {}
    assert_eq!(counts(&house, petition).await, [5, 3, 0]);
}

#[tokio::test]
async fn an_official_who_signed_on_paper_decides_nothing_about_it() {
    let house = House::new().await;
    let petition = house.petition().await;
    let other = house.signed(petition, "Boe Ek", "boe@good.example").await;
    let batch = accepted(&house, petition, &[("Ann Ek", "211 45", "811218-9876")]).await;
    until(&house, petition, [3, 1, 0]).await;
    let moderator = house.token(Role::Moderator, NUMBER);
    let suspect = async || {
        let path = format!("/petitions/{petition}/signatures/{other}/suspect");
        let done = house.ask("POST", &path, &moderator, r#"{"ground":"looked at it"}"#).await;
        (done.status.as_u16(), if done.status.is_success() { String::new() } else { done.code() })
    };
    assert_eq!(suspect().await, (403, "conflict-of-interest".into()));
    let own = house.token(Role::Official, NUMBER);
    let undo = house.ask("POST", &format!("{batch}/undo"), &own, r#"{"ground":"mine"}"#).await;
    assert_eq!((undo.status.as_u16(), undo.code().as_str()), (403, "conflict-of-interest"));
    let classify = json!({ "area": "", "committee": "Parks", "topics": [], "ground": "its title" });
    let path = format!("/petitions/{petition}/classify");
    assert_eq!(house.ask("POST", &path, &own, &classify.to_string()).await.code(), "conflict-of-interest");
    let bulk = json!({ "petition": petition.to_string(), "ground": "Rules, 4", "notice": "Copied." });
    let prepared = house.ask("POST", "/bulk", &own, &bulk.to_string()).await;
    assert_eq!(prepared.code(), "conflict-of-interest");
    // Another one may; and a line that was struck out was never theirs.
    let line = item(&house, &batch, 1).await;
    let strike = format!("/petitions/{petition}/signatures/{line}/invalidate");
    let struck = house.ask("POST", &strike, &official(&house), r#"{"ground":"not hers"}"#).await;
    assert_eq!(struck.status.as_u16(), 200);
    until(&house, petition, [2, 0, 0]).await;
    assert_eq!(suspect().await, (200, String::new()));
}
