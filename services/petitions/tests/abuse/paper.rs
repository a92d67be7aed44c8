//! Lists on paper over HTTP: typed, checked by somebody else, settled, counted beside other signatures, undone; and a file
//! with broken lines.

use std::fmt::Write as _;

use radslag_kernel::{AggregateId, Role};
use serde_json::{Value, json};

use crate::house::House;

fn today(house: &House) -> String {
    house.office.calendar.date(house.office.now()).to_string()
}

async fn registered(house: &House, petition: AggregateId, token: &str) -> String {
    let body = json!({ "received": today(house), "scan": "ab".repeat(32) }).to_string();
    let made = house.ask("POST", &format!("/petitions/{petition}/paper"), token, &body).await;
    assert_eq!(made.status.as_u16(), 201);
    format!("/petitions/{petition}/paper/{}", made.json()["batch"].as_str().unwrap())
}

async fn counts(house: &House, petition: AggregateId) -> [i64; 3] {
    house.settled().await;
    let token = house.token(Role::Official, "olga");
    let detail = house.ask("GET", &format!("/petitions/{petition}"), &token, "").await.json();
    ["signatures", "on_paper", "uncompared"].map(|field| detail[field].as_i64().unwrap())
}

/// Waits until a petition's counts are these: reactions run beside the test.
async fn until(house: &House, petition: AggregateId, wanted: [i64; 3]) {
    for _ in 0..2_000 {
        if counts(house, petition).await == wanted {
            return;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(counts(house, petition).await, wanted);
}

#[tokio::test]
async fn a_batch_is_typed_checked_settled_counted_beside_the_web_and_undone() {
    let house = House::new().await;
    let petition = house.petition().await;
    house.signed(petition, "Ann Web", "ann@good.example").await;
    let (first, second) = (house.token(Role::Registrar, "rut"), house.token(Role::Official, "olga"));
    let batch = registered(&house, petition, &first).await;
    let day = today(&house);
    let line = |line: u32, name: &str, postcode: &str| json!({ "line": line, "name": name, "postcode": postcode, "date": day });
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
    let settle = json!({ "sheet": 0, "line": 4, "keep": "second" }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/settle"), &first, &settle).await.status.as_u16(), 200);
    assert_eq!(counts(&house, petition).await, [2, 0, 0], "nothing is counted before");
    assert_eq!(house.ask("POST", &format!("{batch}/accept"), &second, "").await.status.as_u16(), 200);
    // Ann signed on the web: her line gives way.
    until(&house, petition, [5, 3, 1]).await;
    // A second list names Boe again: the first one stands.
    let other = registered(&house, petition, &first).await;
    let again = json!({ "lines": [line(1, "Boe Paper", "211 45")] }).to_string();
    house.ask("POST", &format!("{other}/lines"), &first, &again).await.json();
    let same = json!({ "sheet": 0, "same": true }).to_string();
    house.ask("POST", &format!("{other}/check"), &second, &same).await.json();
    assert_eq!(house.ask("POST", &format!("{other}/accept"), &second, "").await.status.as_u16(), 200);
    until(&house, petition, [5, 3, 1]).await;
    let ground = json!({ "ground": "The lists were copied." }).to_string();
    assert_eq!(house.ask("POST", &format!("{batch}/undo"), &second, &ground).await.status.as_u16(), 200);
    until(&house, petition, [3, 1, 0]).await;
    let listed = house.ask("GET", &format!("/petitions/{petition}/paper"), &second, "").await.json();
    let states: Vec<&Value> = listed.as_array().unwrap().iter().map(|batch| &batch["state"]).collect();
    assert_eq!(states, [&json!("accepted"), &json!("undone")]);
}

#[tokio::test]
async fn a_file_loses_no_line_and_names_the_broken_ones() {
    let house = House::still().await;
    let petition = house.petition().await;
    let token = house.token(Role::Registrar, "rut");
    let batch = registered(&house, petition, &token).await;
    let day = today(&house);
    let mut file = String::from("namn;postnummer;datum\n");
    let mut broken = Vec::new();
    for line in 2..=5_001_u32 {
        let _ = if line % 1_000 == 7 {
            broken.push(json!({ "line": line, "reason": "row-broken" }));
            writeln!(file, "\"Person {line};211 45;{day}")
        } else if line % 1_000 == 8 {
            broken.push(json!({ "line": line, "reason": "date-malformed" }));
            writeln!(file, "Person {line};211 45;2009-02-29")
        } else {
            writeln!(file, "Person {line};211 45;{day}")
        };
    }
    let read = house.ask("POST", &format!("{batch}/import"), &token, &file).await;
    let read = read.json();
    assert_eq!(read["taken"].as_u64(), Some(5_000 - broken.len() as u64));
    assert_eq!(read["refused"], Value::Array(broken));
    let again = house.ask("POST", &format!("{batch}/import"), &token, &file).await.json();
    assert_eq!(again["taken"].as_u64(), Some(0), "sent again, nothing is there twice");
    let first = house.ask("GET", &format!("{batch}/sheets/0"), &token, "").await.json();
    let seventh =
        json!({ "line": 7, "item": first["lines"][5]["item"], "state": "refused", "reason": "row-broken" });
    assert_eq!(first["lines"][5], seventh);
}
