//! Files of lines over HTTP: taken in with every broken row named, read in beside the request, through crashes, cancelled.

use std::fmt::Write as _;

use radslag_kernel::Role;
use radslag_petitions::{
    paper::Event,
    shell::{Petitions, paper::file_stream},
};
use radslag_runtime::service::load;
use serde_json::{Value, json};

use crate::{
    house::House,
    paper::{finished, of, progress, registered, registrar, today, worked},
};

/// A file of rows 2 to `last`; of each thousand one is broken and one has no date.
fn file(house: &House, last: u32) -> (String, Vec<Value>) {
    let (day, mut text, mut broken) = (today(house), String::from("namn;postnummer;datum\n"), Vec::new());
    for line in 2..=last {
        let _ = if line % 1_000 == 7 {
            broken.push(json!({ "line": line, "reason": "row-broken" }));
            writeln!(text, "\"Person {line};211 45;{day}")
        } else if line % 1_000 == 8 {
            broken.push(json!({ "line": line, "reason": "date-malformed" }));
            writeln!(text, "Person {line};211 45;2009-02-29")
        } else {
            writeln!(text, "Person {line};211 45;{day}")
        };
    }
    (text, broken)
}

/// How many lines stand in a batch's sheets, and the numbers of those refused.
async fn stands(house: &House, batch: &str) -> (usize, Vec<Value>) {
    let (mut lines, mut refused) = (0, Vec::new());
    for sheet in 0..progress(house, batch).await["sheets"].as_u64().unwrap() {
        let path = format!("{batch}/sheets/{sheet}");
        let sheet = house.ask("GET", &path, &registrar(house), "").await.json();
        for line in sheet["lines"].as_array().unwrap() {
            lines += 1;
            if line["state"] == "refused" {
                refused.push(json!({ "line": line["line"], "reason": line["reason"] }));
            }
        }
    }
    (lines, refused)
}

#[tokio::test]
async fn a_file_loses_no_line_and_names_the_broken_ones_before_it_is_read_in() {
    let house = House::still().await;
    let petition = house.petition().await;
    let token = registrar(&house);
    let batch = registered(&house, petition).await;
    let (text, broken) = file(&house, 3_001);
    let taken = house.send_file(&format!("{batch}/import"), &token, &text).await;
    assert_eq!(taken.status.as_u16(), 202);
    assert_eq!(taken.headers["location"], format!("/api/v1/malmo{batch}"));
    let taken = taken.json();
    assert_eq!((&taken["rows"], &taken["refused"]), (&json!(3_000), &json!(broken.len())));
    assert_eq!(taken["named"], Value::Array(broken.clone()));
    let shown = progress(&house, &batch).await;
    assert_eq!(
        (&shown["work"], &shown["done"], &shown["of"]),
        (&json!("importing"), &json!(0), &json!(3_000))
    );
    let again = house.send_file(&format!("{batch}/import"), &token, &text).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "paper-import-under-way"));
    assert!(house.office.step_paper(of(&batch)).await.unwrap());
    assert_eq!(progress(&house, &batch).await["done"], 500, "a step is a sheet");
    worked(&house, &batch).await;
    assert_eq!(stands(&house, &batch).await, (3_000, broken.clone()));
    let page = format!("{batch}/refused?page=2&per_page=4");
    let listed = house.ask("GET", &page, &token, "").await.json();
    assert_eq!((&listed["total"], listed["lines"].as_array().unwrap().len()), (&json!(6), 2));
    let fifth = &listed["lines"][0];
    assert_eq!(
        (&fifth["line"], &fifth["row"]),
        (&json!(2_007), &json!(format!("\"Person 2007;211 45;{}", today(&house))))
    );
    assert_eq!(fifth["label"]["en"], "The file's row can't be read");
    let again = house.send_file(&format!("{batch}/import"), &token, &text).await.json();
    assert_eq!(again["rows"], 0, "sent again, nothing is there twice");
    assert_eq!(progress(&house, &batch).await["work"], Value::Null);
    let citizen = house.token(Role::Citizen, "carl");
    assert_eq!(house.ask("GET", &page, &citizen, "").await.status.as_u16(), 403);
    let kept = house.everything_kept();
    let planted = |bytes: &[u8]| bytes.windows(11).any(|window| window == b"Person 2007");
    assert_eq!(kept.iter().find(|(_, bytes)| planted(bytes)).map(|(path, _)| path.clone()), None);
}

#[tokio::test]
async fn after_a_crash_a_file_is_read_in_to_its_end_by_itself_and_each_row_once() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = registered(&house, petition).await;
    let (text, broken) = file(&house, 2_101);
    house.send_file(&format!("{batch}/import"), &registrar(&house), &text).await.json();
    let house = house.crash().await;
    assert!(house.office.step_paper(of(&batch)).await.unwrap());
    let house = house.restart().await;
    assert_eq!(finished(&house, &batch).await["sheets"], 5);
    assert_eq!(stands(&house, &batch).await, (2_100, broken));
}

#[tokio::test]
async fn cancelled_a_file_leaves_the_lines_it_made_and_nothing_else_and_goes_on_when_sent_again() {
    let house = House::still().await;
    let petition = house.petition().await;
    let token = registrar(&house);
    let batch = registered(&house, petition).await;
    let (text, broken) = file(&house, 1_501);
    let cancel = async || house.ask("POST", &format!("{batch}/import/cancel"), &token, "").await;
    assert_eq!(cancel().await.code(), "paper-no-import");
    house.send_file(&format!("{batch}/import"), &token, &text).await.json();
    assert!(house.office.step_paper(of(&batch)).await.unwrap());
    assert_eq!(cancel().await.status.as_u16(), 200);
    worked(&house, &batch).await;
    assert_eq!(stands(&house, &batch).await.0, 500);
    let again = house.send_file(&format!("{batch}/import"), &token, &text).await.json();
    assert_eq!(again["rows"], 1_000);
    worked(&house, &batch).await;
    assert_eq!(stands(&house, &batch).await, (1_500, broken));
}

#[tokio::test]
async fn a_file_that_is_none_or_too_large_leaves_nothing_and_the_batch_takes_another() {
    let house = House::with(|config| config.http.file_limit_bytes = 60_000).await;
    let petition = house.petition().await;
    let token = registrar(&house);
    let batch = registered(&house, petition).await;
    let path = format!("{batch}/import");
    let none = house.send_file(&path, &token, "colour\nred\n").await;
    assert_eq!((none.status.as_u16(), none.code().as_str()), (422, "csv-header-unknown"));
    let large = house.send_file(&path, &token, &file(&house, 5_001).0).await;
    assert_eq!((large.status.as_u16(), large.code().as_str()), (413, "body-too-large"));
    let json = house.ask("POST", &path, &token, "{}").await;
    assert_eq!(json.status.as_u16(), 415);
    assert_eq!(progress(&house, &batch).await["work"], Value::Null);
    let taken = house.send_file(&path, &token, &file(&house, 101).0).await.json();
    assert_eq!(taken["rows"], 100);
}

#[tokio::test]
async fn a_file_that_never_came_to_its_end_is_given_up_after_an_hour() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = registered(&house, petition).await;
    let staff = radslag_petitions::shell::petition::Staff {
        role: Role::Registrar,
        subject: "rut",
        ground: String::new(),
    };
    let mut first = house.office.begin_import(of(&batch), &staff).await.unwrap();
    let house = house.crash().await;
    assert!(!house.office.step_paper(of(&batch)).await.unwrap(), "it may still be coming");
    assert_eq!(progress(&house, &batch).await["work"], "importing");
    house.later(3_600);
    assert!(house.office.step_paper(of(&batch)).await.unwrap());
    assert_eq!(progress(&house, &batch).await["work"], Value::Null);
    let late = house.office.end_import(&mut first, "namn;datum").await;
    assert!(format!("{late:?}").contains("ImportReplaced"), "{late:?}");
}

#[tokio::test]
async fn a_hundred_thousand_lines_are_taken_in_one_request_and_none_is_lost() {
    let house = House::still().await;
    let petition = house.petition().await;
    let batch = registered(&house, petition).await;
    let (text, broken) = file(&house, 100_001);
    let taken = house.send_file(&format!("{batch}/import"), &registrar(&house), &text).await.json();
    assert_eq!((&taken["rows"], &taken["named"]), (&json!(100_000), &Value::Array(broken.clone())));
    // Every row stands in a part, whatever ends the process now; what a part becomes is told by the others here.
    let house = house.crash().await;
    let (petition, id) = of(&batch);
    let (mut rows, mut numbers) = (0, Vec::new());
    for part in 0..200 {
        let stream = file_stream(petition, id, 1, part);
        let kept = load::<Petitions>(&house.office.log, &stream).unwrap();
        let Some(Event::PartReceived { part, .. }) = kept.events[0].event.paper() else { panic!("{stream}") };
        for row in part.known().unwrap().read() {
            rows += 1;
            assert_eq!(row.number, rows + 1);
            numbers.extend(row.typed.is_none().then_some(row.number));
        }
    }
    let unreadable = broken.iter().filter(|one| one["reason"] == "row-broken");
    let unreadable: Vec<u64> = unreadable.map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!((rows, numbers.into_iter().map(u64::from).collect()), (100_000, unreadable));
}
