//! After a loss was accepted: what a client read before it is not taken for what was written since.

use radslag_kernel::Role;
use serde_json::{Value, json};

use crate::house::{Answer, House};

fn texts(title: &str) -> String {
    json!({ "title": title, "body": "There is nowhere to sit.", "url_key": "", "length": { "months": 6 } })
        .to_string()
}

async fn save(house: &House, draft: &Value, title: &str, seen: Option<&Value>) -> Answer {
    let bearer = format!("authorization: Bearer {}", house.token(Role::Citizen, "ada"));
    let matches = seen.map(|seen| format!("if-match: \"{seen}\""));
    let headers: Vec<&str> = std::iter::once(bearer.as_str()).chain(matches.as_deref()).collect();
    let path = format!("/drafts/{}", draft["id"].as_str().unwrap());
    house.ask_from("198.51.100.1", ("PUT", &path), &headers, &texts(title)).await
}

#[tokio::test]
async fn a_version_read_before_a_loss_is_not_the_one_written_since() {
    let house = House::still().await;
    let ada = house.token(Role::Citizen, "ada");
    let begin = async |title: &str| house.ask("POST", "/drafts", &ada, &texts(title)).await.json();
    let (untouched, draft) = (begin("A tree in every street").await, begin("A bench").await);
    let lost = save(&house, &draft, "A bench in the park", Some(&draft["version"])).await;
    assert_eq!(lost.status, 200, "{}", String::from_utf8_lossy(&lost.body));
    let lost = lost.json()["version"].clone();

    let house = house.lose_the_last().await;
    assert_eq!(house.office.log.origin(), 1);
    let since = save(&house, &draft, "A bench at the station", None).await;
    assert_eq!(since.status, 200);
    let since = since.json()["version"].clone();
    // As many events as what was lost, and others.
    let old = save(&house, &draft, "A bench in the park, green", Some(&lost)).await;
    assert_eq!((old.status.as_u16(), old.code().as_str()), (412, "version-changed"));
    let shown = house.ask("GET", &format!("/drafts/{}", draft["id"].as_str().unwrap()), &ada, "").await;
    assert_eq!(shown.headers["etag"], *format!("\"{since}\""));
    assert_eq!(save(&house, &draft, "A green bench", Some(&since)).await.status, 200);
    // What was read of something that has lost nothing, and that nobody wrote to since, still is what is there.
    assert_eq!(save(&house, &untouched, "Two trees", Some(&untouched["version"])).await.status, 200);
}
