//! Lists on paper over HTTP: typed, checked by somebody else, settled, counted beside other signatures, undone; on SQLite
//! and on Postgres, and through a crash at every step.

use radslag_kernel::{AggregateId, ItemId, Role};
use radslag_petitions::{shell::paper::sheet_stream, signature};
use serde_json::{Value, json};

use crate::house::House;

pub(crate) fn today(house: &House) -> String {
    house.office.calendar.date(house.office.now()).to_string()
}

pub(crate) fn registrar(house: &House) -> String {
    house.token(Role::Registrar, "rut")
}

pub(crate) fn official(house: &House) -> String {
    house.token(Role::Official, "olga")
}

pub(crate) async fn registered(house: &House, petition: AggregateId) -> String {
    let body = json!({ "received": today(house), "scan": "ab".repeat(32) }).to_string();
    let made = house.ask("POST", &format!("/petitions/{petition}/paper"), &registrar(house), &body).await;
    assert_eq!(made.status.as_u16(), 201);
    format!("/petitions/{petition}/paper/{}", made.json()["batch"].as_str().unwrap())
}

/// A line: name, postcode and personal number.
pub(crate) fn line(house: &House, number: u32, (name, postcode, person): (&str, &str, &str)) -> Value {
    json!({ "line": number, "name": name, "postcode": postcode, "number": person, "date": today(house) })
}

/// A batch of one sheet, typed and checked.
pub(crate) async fn checked(house: &House, petition: AggregateId, lines: &[(&str, &str, &str)]) -> String {
    let batch = registered(house, petition).await;
    let lines: Vec<Value> = (1..).zip(lines).map(|(number, typed)| line(house, number, *typed)).collect();
    let body = json!({ "lines": lines }).to_string();
    let typed = house.ask("POST", &format!("{batch}/lines"), &registrar(house), &body).await.json();
    assert_eq!(typed["taken"], lines.len());
    let same = json!({ "sheet": 0, "same": true }).to_string();
    house.ask("POST", &format!("{batch}/check"), &official(house), &same).await.json();
    batch
}

/// The same, and to be counted.
pub(crate) async fn accepted(house: &House, petition: AggregateId, lines: &[(&str, &str, &str)]) -> String {
    let batch = checked(house, petition, lines).await;
    let accepted = house.ask("POST", &format!("{batch}/accept"), &official(house), "").await;
    assert_eq!(accepted.status.as_u16(), 202);
    batch
}

pub(crate) fn of(batch: &str) -> (AggregateId, ItemId) {
    let mut parts = batch.split('/').skip(2).step_by(2);
    (parts.next().unwrap().parse().unwrap(), parts.next().unwrap().parse().unwrap())
}

/// Does all there is to do for a batch, where nothing is done by itself.
pub(crate) async fn worked(house: &House, batch: &str) {
    while house.office.step_paper(of(batch)).await.unwrap() {}
    house.settled().await;
}

pub(crate) async fn progress(house: &House, batch: &str) -> Value {
    let shown = house.ask("GET", batch, &registrar(house), "").await;
    assert_eq!(shown.status.as_u16(), 200, "{}", String::from_utf8_lossy(&shown.body));
    shown.json()
}

/// What is shown of a batch when all there was to do for it was done by itself.
pub(crate) async fn finished(house: &House, batch: &str) -> Value {
    loop {
        let shown = progress(house, batch).await;
        if shown["work"].is_null() {
            house.settled().await;
            return shown;
        }
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn counts(house: &House, petition: AggregateId) -> [i64; 3] {
    house.settled().await;
    let detail = house.ask("GET", &format!("/petitions/{petition}"), &official(house), "").await.json();
    ["signatures", "on_paper", "uncompared"].map(|field| detail[field].as_i64().unwrap())
}

/// Waits until a petition's counts are these: reactions and steps run beside the test.
pub(crate) async fn until(house: &House, petition: AggregateId, wanted: [i64; 3]) {
    let reached = async {
        while counts(house, petition).await != wanted {
            tokio::task::yield_now().await;
        }
    };
    if tokio::time::timeout(std::time::Duration::from_secs(60), reached).await.is_err() {
        assert_eq!(counts(house, petition).await, wanted);
    }
}

/// Where the signature that a line of the first sheet became stands.
pub(crate) fn standing(house: &House, batch: &str, line: usize) -> signature::Standing {
    let (petition, batch) = of(batch);
    let page = house.office.page(petition, &sheet_stream(petition, batch, 0)).unwrap();
    page.state.slots[line - 1].standing
}

pub(crate) async fn item(house: &House, batch: &str, line: usize) -> ItemId {
    let sheet = house.ask("GET", &format!("{batch}/sheets/0"), &registrar(house), "").await.json();
    sheet["lines"][line - 1]["item"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_batch_is_typed_checked_settled_counted_beside_the_web_and_undone() {
    the_whole_flow(House::new().await).await;
}

#[tokio::test]
async fn the_whole_flow_is_the_same_on_postgres() {
    the_whole_flow(House::on_postgres().await).await;
}

#[tokio::test]
async fn a_scans_hash_is_64_hexadecimal_digits_in_either_case() {
    let house = House::new().await;
    let path = format!("/petitions/{}/paper", house.petition().await);
    for (scan, status) in [("AB", 201), ("ab", 201), ("+b", 422), ("0x", 422), ("å", 422)] {
        let body = json!({ "received": today(&house), "scan": scan.repeat(32) }).to_string();
        let answer = house.ask("POST", &path, &registrar(&house), &body).await;
        assert_eq!(answer.status.as_u16(), status, "{scan}");
    }
}

async fn the_whole_flow(house: House) {
    let petition = house.petition().await;
    house.signed(petition, "Ann Web", "ann@good.example").await;
    let (first, second) = (registrar(&house), official(&house));
    let batch = registered(&house, petition).await;
    let line = |number, name: &str, postcode: &str| line(&house, number, (name, postcode, ""));
    let mut late = line(5, "Late Lee", "21145");
    late["date"] = json!("2999-01-01");
    let typed = json!({ "lines": [line(1, "Ann Web", "21145"), line(2, "Boe Paper", "21145"),
        line(3, "Cia Paper", ""), line(4, "Dan Papper", "21145"), late] });
    let entered = house.ask("POST", &format!("{batch}/lines"), &first, &typed.to_string()).await.json();
    let refused = json!([{ "line": 5, "reason": "dated-after-deadline" }]);
    assert_eq!((entered["taken"].as_u64(), &entered["refused"]), (Some(4), &refused));
    let early = house.ask("POST", &format!("{batch}/accept"), &second, "").await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "paper-not-checked"));
    let read = json!({ "sheet": 0, "lines": [line(1, "ann web", "211 45"), line(2, "Boe Paper", "21145"),
        line(3, "Cia Paper", ""), line(4, "Dan Paper", "21145")] });
    let own = house.ask("POST", &format!("{batch}/check"), &first, &read.to_string()).await;
    assert_eq!((own.status.as_u16(), own.code().as_str()), (422, "same-person-twice"));
    house.ask("POST", &format!("{batch}/check"), &second, &read.to_string()).await.json();
    let open = house.ask("POST", &format!("{batch}/accept"), &second, "").await;
    assert_eq!(open.code(), "paper-differences-open");
    let sheet = house.ask("GET", &format!("{batch}/sheets/0"), &second, "").await.json();
    let names = (&sheet["lines"][3]["typed"]["name"], &sheet["lines"][3]["second"]["name"]);
    assert_eq!(names, (&json!("Dan Papper"), &json!("Dan Paper")), "who settles sees both");
    let settle = json!({ "sheet": 0, "line": 4, "keep": "second" }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/settle"), &first, &settle).await.status.as_u16(), 200);
    assert_eq!(counts(&house, petition).await, [2, 0, 0], "nothing is counted before");
    let begun = house.ask("POST", &format!("{batch}/accept"), &second, "").await;
    assert_eq!(begun.status.as_u16(), 202);
    assert_eq!(begun.headers["location"], format!("/api/v1/malmo{batch}"));
    // Ann signed on the web: her line gives way.
    until(&house, petition, [5, 3, 1]).await;
    let methods = house.ask("GET", &format!("/petitions/{petition}/count/methods"), &second, "").await.json();
    let counted = ["web", "eid", "mailbox", "paper", "uncompared", "initiator", "together"];
    assert_eq!(counted.map(|field| methods[field].as_u64().unwrap()), [1, 0, 1, 3, 1, 1, 5]);
    // A second list names Boe again: the first one stands.
    accepted(&house, petition, &[("Boe Paper", "211 45", "")]).await;
    until(&house, petition, [5, 3, 1]).await;
    let ground = json!({ "ground": "The lists were copied." }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/undo"), &second, &ground).await.status.as_u16(), 202);
    until(&house, petition, [3, 1, 0]).await;
    let again = house.ask("POST", &format!("{batch}/undo"), &second, &ground).await;
    assert_eq!(again.code(), "paper-already-undone");
    finished(&house, &batch).await;
    let listed = house.ask("GET", &format!("/petitions/{petition}/paper"), &second, "").await.json();
    let shown = |batch: &Value| (batch["state"].clone(), batch["struck"].clone(), batch["at_work"].clone());
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(shown).collect();
    assert_eq!(listed[1], (json!("undone"), json!(3), json!(false)));
    assert_eq!((&listed[0].0, &listed[0].1), (&json!("accepted"), &json!(0)));
}

const THREE: [(&str, &str, &str); 3] = [("Ann", "211 45", ""), ("Boe", "211 45", ""), ("Cia", "", "")];

#[tokio::test]
async fn a_batch_that_was_being_counted_at_a_crash_is_counted_by_itself() {
    let house = House::still().await;
    let petition = house.petition().await;
    accepted(&house, petition, &THREE).await;
    assert_eq!(counts(&house, petition).await, [1, 0, 0]);
    let house = house.restart().await;
    until(&house, petition, [4, 3, 1]).await;
}

#[tokio::test]
async fn a_crash_after_each_step_counts_and_strikes_every_line_once() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = registered(&house, petition).await;
    for sheet in 0..2_u32 {
        let typed = line(&house, sheet + 1, (&format!("Person {sheet}"), "211 45", ""));
        let body = json!({ "lines": [typed] }).to_string();
        house.ask("POST", &format!("{batch}/lines"), &registrar(&house), &body).await.json();
        let same = json!({ "sheet": sheet, "same": true }).to_string();
        house.ask("POST", &format!("{batch}/check"), &official(&house), &same).await.json();
    }
    house.ask("POST", &format!("{batch}/accept"), &official(&house), "").await.json();
    let (mut house, mut steps) = (house, 0);
    while house.office.step_paper(of(&batch)).await.unwrap() {
        house.settled().await;
        (house, steps) = (house.crash().await, steps + 1);
    }
    assert_eq!((counts(&house, petition).await, steps), ([3, 2, 0], 3), "two sheets, and that they were all");
    let ground = json!({ "ground": "Copied." }).to_string();
    house.ask("POST", &format!("{batch}/undo"), &official(&house), &ground).await.json();
    while house.office.step_paper(of(&batch)).await.unwrap() {
        house.settled().await;
        (house, steps) = (house.crash().await, steps + 1);
    }
    assert_eq!((counts(&house, petition).await, steps), ([1, 0, 0], 8), "each struck, and made good for");
    let acts = house.records(0);
    let times = |kind: &str| acts.iter().filter(|record| record.header.r#type == kind).count();
    assert_eq!((times("signature.listed"), times("signature.invalidated")), (2, 2));
}

#[tokio::test]
async fn what_lost_to_a_batch_counts_again_though_the_process_ended_when_it_was_struck() {
    let house = House::still().await;
    let petition = house.petition().await;
    let first = accepted(&house, petition, &THREE).await;
    worked(&house, &first).await;
    let second = accepted(&house, petition, &[("Boe", "211 45", "")]).await;
    worked(&house, &second).await;
    assert!(give_way(&house, petition, &second, (&first, 2)).await);
    assert_eq!(counts(&house, petition).await, [4, 3, 1]);
    let ground = json!({ "ground": "Copied." }).to_string();
    house.ask("POST", &format!("{first}/undo"), &official(&house), &ground).await.json();
    assert!(house.office.step_paper(of(&first)).await.unwrap());
    assert_eq!(counts(&house, petition).await, [1, 0, 0], "struck out, and nothing made good for");
    let house = house.restart().await;
    until(&house, petition, [2, 1, 0]).await;
    assert_eq!(standing(&house, &second, 1), signature::Standing::Confirmed);
    assert_eq!(finished(&house, &first).await["struck"], 3);
}

/// Says of the first line of a list what the service says when a line of another one is the same person's.
async fn give_way(house: &House, petition: AggregateId, list: &str, (other, line): (&str, usize)) -> bool {
    let (weaker, stronger) = (item(house, list, 1).await, item(house, other, line).await);
    let sheet = |list| sheet_stream(petition, of(list).1, 0);
    house.office.supersede(petition, (&sheet(list), weaker), (&sheet(other), stronger)).await.unwrap()
}

#[tokio::test]
async fn a_line_gives_way_only_to_one_that_counts() {
    let house = House::still().await;
    let petition = house.petition().await;
    let first = accepted(&house, petition, &THREE).await;
    worked(&house, &first).await;
    let second = accepted(&house, petition, &[("Boe", "211 45", "")]).await;
    worked(&house, &second).await;
    let ground = json!({ "ground": "Copied." }).to_string();
    house.ask("POST", &format!("{first}/undo"), &official(&house), &ground).await.json();
    worked(&house, &first).await;
    assert!(
        !give_way(&house, petition, &second, (&first, 2)).await,
        "it was struck out since they were compared"
    );
    assert_eq!(counts(&house, petition).await, [2, 1, 0]);
    assert_eq!(standing(&house, &second, 1), signature::Standing::Confirmed);
}

#[tokio::test]
async fn undone_while_it_is_counted_nothing_of_a_batch_stays() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = accepted(&house, petition, &THREE).await;
    let ground = json!({ "ground": "Copied." }).to_string();
    let undo = async || house.ask("POST", &format!("{batch}/undo"), &official(&house), &ground).await;
    assert_eq!(undo().await.status.as_u16(), 202);
    worked(&house, &batch).await;
    assert_eq!(counts(&house, petition).await, [1, 0, 0]);
    let shown = progress(&house, &batch).await;
    assert_eq!(
        (&shown["state"], &shown["work"], &shown["struck"]),
        (&json!("undone"), &Value::Null, &json!(0))
    );
}

#[tokio::test]
async fn why_an_official_acts_on_paper_is_kept_sealed_and_may_be_left_out() {
    let house = House::new().await;
    let petition = house.petition().await;
    let ground = "Planted ground";
    let body = json!({ "received": today(&house), "scan": "ab".repeat(32), "ground": ground }).to_string();
    let path = format!("/petitions/{petition}/paper");
    let made = house.ask("POST", &path, &registrar(&house), &body).await.json();
    let batch = format!("{path}/{}", made["batch"].as_str().unwrap());
    let lines = json!({ "lines": [line(&house, 1, ("Ann Ek", "211 44", "811218-9876"))] }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/lines"), &registrar(&house), &lines).await.status, 200);
    let same = json!({ "sheet": 0, "same": true }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/check"), &official(&house), &same).await.status, 200);
    let accept = json!({ "ground": ground }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/accept"), &official(&house), &accept).await.status, 202);
    let records = house.records(0);
    let sealed =
        |kind: &str| records.iter().find(|record| record.header.r#type == kind).unwrap().private.sealed.len();
    assert_eq!((sealed("paper.sheet_checked"), sealed("paper.accepted")), (0, 1));
    let kept = house.everything_kept();
    let found = kept.iter().find(|(_, bytes)| bytes.windows(ground.len()).any(|at| at == ground.as_bytes()));
    assert_eq!(found.map(|(path, _)| path.clone()), None);
}
