//! Lists on paper while the process is killed: whatever was begun goes on at the next start, and each line counts once.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::server::{Home, Server, open, wait_for_count};

/// Rows of the file; sheets have five hundred.
const ROWS: u32 = 4_000;
/// How often the process is killed under each kind of work.
const KILLS: u32 = 3;

/// Asks a batch how far it is until that is as wanted.
async fn until(server: &Server, batch: &str, token: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let found = radslag_kit::eventually("the batch", async || {
        let told = server.ask("GET", batch, Some(token), None).await.json();
        Ok(wanted(&told).then_some(told))
    });
    found.await.unwrap()
}

/// Kills the process when a piece of work has gone on a little, again and again; how often it was killed under it.
async fn killed_under(
    home: &Home,
    mut server: Server,
    batch: &str,
    token: &str,
    work: &str,
) -> (Server, u32) {
    let (mut kills, mut seen) = (0, 0);
    while kills < KILLS {
        let gone_on = |told: &Value| told["work"].is_null() || told["done"].as_u64() > Some(seen);
        let told = until(&server, batch, token, gone_on).await;
        if told["work"].is_null() {
            break;
        }
        assert_eq!(told["work"], work, "{told}");
        seen = told["done"].as_u64().unwrap();
        server.kill();
        server = home.serve();
        kills += 1;
    }
    (server, kills)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_lists_is_read_in_and_counted_once_however_often_the_process_is_killed() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let (registrar, official) =
        (home.token("malmo", "registrar", "rut"), home.token("malmo", "official", "olle"));
    let paper = format!("/api/v1/malmo/petitions/{id}/paper");
    let came = json!({ "received": "2009-01-02", "scan": "ab".repeat(32) }).to_string();
    let made = server.ask("POST", &paper, Some(&registrar), Some(&came)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let batch = format!("{paper}/{}", made.json()["batch"].as_str().unwrap());
    let mut file = String::from("namn;postnummer;datum\n");
    for row in 0..ROWS {
        // One in a thousand can't be read.
        let quote = if row % 1_000 == 999 { "\"" } else { "" };
        writeln!(file, "{quote}Person {row};211 45;2009-01-01").unwrap();
    }
    let csv = [("content-type", "text/csv")];
    let sent = server
        .ask_with("POST", &format!("{batch}/import"), Some(&registrar), Some(&file), &csv)
        .await
        .unwrap();
    assert_eq!((sent.status, sent.json()["rows"].as_u64()), (202, Some(ROWS.into())), "{}", sent.text);
    let (server, kills) = killed_under(&home, server, &batch, &registrar, "importing").await;
    assert!(kills > 1, "it was read in too fast to be killed under it: {kills}");
    let read = until(&server, &batch, &registrar, |told| told["work"].is_null()).await;
    let refused = u64::from(ROWS / 1_000);
    let taken = u64::from(ROWS) - refused;
    assert_eq!(
        (read["taken"].as_u64(), read["refused"].as_u64(), read["sheets"].as_u64()),
        (Some(taken), Some(refused), Some(u64::from(ROWS / 500)))
    );
    for sheet in 0..ROWS / 500 {
        let same = json!({ "sheet": sheet, "same": true }).to_string();
        let checked = server.ask("POST", &format!("{batch}/check"), Some(&official), Some(&same)).await;
        assert_eq!(checked.status, 200, "{}", checked.text);
    }
    assert_eq!(server.ask("POST", &format!("{batch}/accept"), Some(&official), None).await.status, 202);
    let (server, kills) = killed_under(&home, server, &batch, &registrar, "counting").await;
    assert!(kills > 1, "it was counted too fast to be killed under it: {kills}");
    let counted = until(&server, &batch, &registrar, |told| told["work"].is_null()).await;
    assert_eq!((counted["counted"].as_u64(), counted["dropped"].as_u64()), (Some(taken), Some(0)));
    // With who started it.
    wait_for_count(&server, &id, i64::try_from(taken).unwrap() + 1).await;
    let methods = format!("/api/v1/malmo/petitions/{id}/count/methods");
    let methods = server.ask("GET", &methods, Some(&official), None).await.json();
    assert_eq!((methods["paper"].as_u64(), methods["web"].as_u64()), (Some(taken), Some(0)));
    let list = format!("/api/v1/malmo/petitions/{id}/signatures?per_page=1");
    assert_eq!(server.ask("GET", &list, None, None).await.json()["total"].as_u64(), Some(taken));
    assert_eq!(server.stop(), Some(0));
    let checked: Value = serde_json::from_str(&home.run(&["rebuild", "malmo", "--check", "--json"])).unwrap();
    for one in checked.as_array().unwrap() {
        assert_eq!(one["compared"][1], 0, "{one}");
    }
}
