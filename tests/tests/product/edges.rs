//! Tokens, links and clocks at their edges: expired, of somebody else, too late, turned back.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::server::{Home, open, wait_for_count};

const HOUR_MS: i64 = 3_600_000;

/// A token as the local issuer would sign it, with some claims changed (`null` = left out).
fn signed(home: &Home, changed: &Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut claims = json!({
        "iss": "radslag-local", "aud": "radslag", "sub": "mona", "iat": now, "nbf": now, "exp": now + 600,
        "tenant": "malmo", "roles": ["moderator"],
    });
    for (name, value) in changed.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    let pem = std::fs::read(home.data().join("secrets/token.pem")).unwrap();
    let key = EncodingKey::from_ed_pem(&pem).unwrap();
    jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &key).unwrap()
}

#[tokio::test]
async fn a_token_out_of_its_time_or_not_made_for_us_is_refused() {
    let home = Home::new();
    let server = home.serve();
    home.token("malmo", "moderator", "mona");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let queue = async |token: &str| server.ask("GET", "/api/v1/malmo/queue", Some(token), None).await;
    let good = queue(&signed(&home, &json!({}))).await;
    assert_eq!(good.status, 200, "{}", good.text);
    for changed in [
        json!({"exp": now - 600}),
        json!({"nbf": now + 600}),
        json!({"aud": null}),
        json!({"iss": null}),
        json!({"exp": null}),
        json!({"aud": "another"}),
        json!({"iss": "another"}),
        json!({"tenant": "ale"}),
        json!({"tenant": null}),
    ] {
        let answer = queue(&signed(&home, &changed)).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "token-invalid"), "{changed}");
    }
    let good = signed(&home, &json!({}));
    let claims = good.split('.').nth(1).unwrap();
    // {"alg":"none"}, and HS256 under a secret that an outsider may know.
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
    let known = EncodingKey::from_secret(b"radslag");
    let hashed =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &json!({"sub": "mona"}), &known).unwrap();
    for token in [unsigned, hashed, format!("{good}x")] {
        let answer = queue(&token).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "token-invalid"), "{token}");
    }
}

#[tokio::test]
async fn a_link_confirms_within_24_hours_and_only_where_it_was_made() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let body = r#"{"name":"Late Lasse","mailbox":"lasse@example.org","postcode":"211 45"}"#;
    assert_eq!(server.ask("POST", &path, None, Some(body)).await.status, 202);
    let link = home.link("lasse@example.org");
    let elsewhere =
        server.ask("POST", &format!("/api/v1/ale/links/{link}"), None, Some(r#"{"act":"confirm"}"#)).await;
    assert_eq!((elsewhere.status, elsewhere.code().as_str()), (404, "link-invalid"));
    let mut changed = link.clone().into_bytes();
    changed[3] = if changed[3] == b'A' { b'B' } else { b'A' };
    let changed = format!("/api/v1/malmo/links/{}", String::from_utf8(changed).unwrap());
    assert_eq!(server.ask("POST", &changed, None, Some(r#"{"act":"confirm"}"#)).await.code(), "link-invalid");
    assert_eq!(server.stop(), Some(0));

    home.turn_clock("malmo", 25 * HOUR_MS);
    let server = home.serve();
    let link = format!("/api/v1/malmo/links/{link}");
    let late = server.ask("POST", &link, None, Some(r#"{"act":"confirm"}"#)).await;
    assert_eq!((late.status, late.code().as_str()), (410, "link-expired"), "{}", late.text);
    wait_for_count(&server, &id, 1).await;
    let again = server.ask("POST", &path, None, Some(body)).await;
    assert_eq!(again.status, 202, "who was too late may ask again");
}

#[tokio::test]
async fn a_clock_turned_back_makes_a_log_read_only_until_somebody_says_it_is_right() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    assert_eq!(server.stop(), Some(0));

    home.turn_clock("malmo", -48 * HOUR_MS);
    let server = home.serve();
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let token = home.token("malmo", "citizen", "kim");
    let sign = async || server.ask("POST", &path, Some(&token), Some(r#"{"postcode":"1"}"#)).await;
    let refused = sign().await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    wait_for_count(&server, &id, 1).await;
    let ready = server.ask("GET", "/readyz", None, None).await;
    assert!(ready.status == 503 && ready.text.contains("clock"), "{}", ready.text);
    home.run(&["clock", "accept", "malmo"]);
    radslag_kit::eventually("writing again", async || Ok((sign().await.status == 201).then_some(())))
        .await
        .unwrap();
    wait_for_count(&server, &id, 2).await;
}

#[tokio::test]
async fn a_resubmission_with_a_date_that_is_none_is_told_so_and_can_be_sent_again() {
    let home = Home::new();
    let server = home.serve();
    let body = r#"{"texts":{"title":"Fler bänkar","body":"I parken.","url_key":"fler-bankar","length":{"days":30}},
        "initiator":{"name":"Eva Ek","mailbox":"eva@example.org","postcode":"211 44"}}"#;
    let made = server.ask("POST", "/api/v1/malmo/petitions", None, Some(body)).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let link = format!("/api/v1/malmo/links/{}", home.link("eva@example.org"));
    assert_eq!(server.ask("POST", &link, None, Some(r#"{"act":"confirm"}"#)).await.status, 200);
    let moderator = home.token("malmo", "moderator", "mona");
    let back = format!("/api/v1/malmo/petitions/{id}/return");
    let verdict = r#"{"codes":["duplicate"],"text":"Finns redan.","ground":"samma sak"}"#;
    let returned = server.ask("POST", &back, Some(&moderator), Some(verdict)).await;
    assert_eq!(returned.status, 200, "{}", returned.text);
    let again = |length: &str| {
        format!(
            r#"{{"act":"resubmit","texts":{{"title":"Bänkar","body":"Nya.","url_key":"nya-bankar","length":{length}}}}}"#
        )
    };
    let wrong = server.ask("POST", &link, None, Some(&again(r#"{"until":"2009-02-30"}"#))).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert!(wrong.text.contains("until"), "it says where: {}", wrong.text);
    assert_eq!(server.ask("GET", &link, None, None).await.json()["state"], "returned");
    let right = server.ask("POST", &link, None, Some(&again(r#"{"days":30}"#))).await;
    assert_eq!((right.status, right.json()["state"].as_str()), (200, Some("in_review")));
}
