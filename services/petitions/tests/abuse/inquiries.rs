//! Tips and questions, as officials, politicians and everybody else see them.

use radslag_kernel::Role;
use serde_json::{Value, json};

use crate::house::House;

/// What an inquiry's JSON says to somebody.
async fn read(house: &House, path: &str, token: &str) -> Value {
    house.office.inquiries.wait_for(house.office.log.watermark()).await.unwrap();
    house.ask("GET", path, token, "").await.json()
}

async fn done(house: &House, path: &str, token: &str, body: Value) {
    let answer = house.ask("POST", path, token, &body.to_string()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.json());
}

/// A question to the politician; its id.
async fn asked(house: &House) -> String {
    let citizen = house.token(Role::Citizen, "carl");
    let wished = read(house, "/politicians", &citizen).await[0]["id"].clone();
    let body = json!({ "kind": "question", "title": "Benches?", "text": "When do they come?", "politician": wished });
    done(house, "/inquiries", &citizen, body).await;
    let moderator = house.token(Role::Moderator, "mona");
    read(house, "/inquiries/queue", &moderator).await[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_wished_politician_and_labels_are_shown_to_moderators_and_reasons_to_the_asker() {
    let house = House::new().await;
    let id = asked(&house).await;
    let (moderator, citizen) = (house.token(Role::Moderator, "mona"), house.token(Role::Citizen, "carl"));
    let waiting = read(&house, "/inquiries/queue", &moderator).await[0].clone();
    assert_eq!(
        (&waiting["wished"]["name"], &waiting["label"]["sv"]),
        (&json!("Petra Politiker"), &json!("Granskas"))
    );
    let own = read(&house, &format!("/inquiries/{id}"), &citizen).await;
    assert_eq!((&own["wished"], &own["title"]), (&Value::Null, &json!("Benches?")));
    let refusal = json!({ "codes": ["irrelevant"], "text": "Ask the park.", "ground": "rules" });
    done(&house, &format!("/inquiries/{id}/refuse"), &moderator, refusal).await;
    let own = read(&house, &format!("/inquiries/{id}"), &citizen).await;
    assert_eq!(
        (&own["reasons"][0]["code"], &own["label"]["en"]),
        (&json!("irrelevant"), &json!("Not taken up"))
    );
    assert!(!own["reasons"][0]["label"]["sv"].as_str().unwrap().is_empty());
    let other = house.token(Role::Citizen, "olle");
    assert_eq!(house.ask("GET", &format!("/inquiries/{id}"), &other, "").await.status, 404);
}

#[tokio::test]
async fn an_answer_opened_again_keeps_its_older_version_and_counts_for_its_politician() {
    let house = House::new().await;
    let id = asked(&house).await;
    let (moderator, official) = (house.token(Role::Moderator, "mona"), house.token(Role::Official, "olga"));
    let politician = house.token(Role::Politician, "petra");
    let who = read(&house, "/politicians", &official).await[0]["id"].as_str().unwrap().to_owned();
    let path = |act: &str| format!("/inquiries/{id}/{act}");
    done(&house, &path("accept"), &moderator, json!({ "ground": "rules" })).await;
    done(&house, &path("assign"), &official, json!({ "politician": who, "ground": "asked for" })).await;
    // The address in the politician's mail says where it stands, and nothing of what is asked.
    let page = format!("/malmo/inquiries/{id}");
    let (status, html) = house.page_of(&page).await;
    assert!(status.is_success() && html.contains("Hos en politiker") && !html.contains("Benches"), "{html}");
    done(&house, &path("answer"), &politician, json!({ "text": "In May." })).await;
    let refused = house.ask("POST", &path("reopen"), &politician, r#"{"ground":"x"}"#).await;
    assert_eq!(refused.status, 403);
    done(&house, &path("reopen"), &official, json!({ "ground": "the year was missing" })).await;
    let reopened = read(&house, &format!("/inquiries/{id}"), &official).await;
    assert_eq!((&reopened["state"], &reopened["answer"]), (&json!("assigned"), &json!("In May.")));
    done(&house, &path("answer"), &politician, json!({ "text": "In May 2010." })).await;
    let now = read(&house, &format!("/inquiries/{id}"), &official).await;
    assert_eq!((&now["answer"], &now["older"][0]["answer"]), (&json!("In May 2010."), &json!("In May.")));
    let (_, html) = house.page_of(&page).await;
    assert!(html.contains("In May 2010.") && html.contains("In May.</p>"), "{html}");
    let (_, html) = house.page_of("/malmo/politicians?lang=en").await;
    assert!(html.contains("Petra Politiker"), "{html}");
    let (_, html) = house.page_of(&format!("/malmo/politicians/{who}")).await;
    assert!(html.contains("<dt>Besvarade</dt><dd>1</dd>") && html.contains("Benches?"), "{html}");
    let (status, _) = house.page_of(&format!("/malmo/politicians/{}", "0".repeat(32))).await;
    assert_eq!(status, 404);
}
