//! Kills, damage, erasure, a second process, tables made again.

use std::{collections::HashSet, path::Path};

use serde_json::Value;

use crate::server::{Home, open, wait_for_count};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_under_load_keeps_every_signature_it_acknowledged_once() {
    let home = Home::new();
    let mut acknowledged = HashSet::new();
    let (mut id, mut attempted) = (String::new(), 1_u64);
    for round in 0..3 {
        let server = std::sync::Arc::new(home.serve());
        if round == 0 {
            id = open(&home, &server).await;
        }
        let tokens: Vec<_> =
            (0..24).map(|n| home.token("malmo", "citizen", &format!("r{round}-{n}"))).collect();
        attempted += tokens.len() as u64;
        let signing: Vec<_> = tokens
            .into_iter()
            .map(|token| {
                let (server, path) = (server.clone(), format!("/api/v1/malmo/petitions/{id}/signatures"));
                tokio::spawn(async move {
                    let body = Some("{\"postcode\":\"1\"}");
                    let answer = server.ask_with("POST", &path, Some(&token), body, &[]).await?;
                    (answer.status == 201).then(|| answer.json()["item"].as_str().map(str::to_owned))?
                })
            })
            .collect();
        for (n, task) in signing.into_iter().enumerate() {
            acknowledged.extend(task.await.unwrap());
            if n == 12 {
                break;
            }
        }
        // Others are still asking: the process is killed under them.
        server.kill();
    }
    let server = home.serve();
    let path = format!("/api/v1/malmo/petitions/{id}/signatures?per_page=100");
    let page = radslag_kit::eventually("the signatures", async || {
        let answer = server.ask("GET", &path, None, None).await;
        Ok((answer.status == 200).then(|| answer.json()))
    });
    let page = page.await.unwrap();
    let items: Vec<&str> =
        page["signatures"].as_array().unwrap().iter().filter_map(|row| row["item"].as_str()).collect();
    let unique: HashSet<&str> = items.iter().copied().collect();
    assert_eq!(unique.len(), items.len(), "each is there once");
    assert!(items.len() as u64 <= attempted);
    let lost: Vec<_> = acknowledged.iter().filter(|item| !unique.contains(item.as_str())).collect();
    assert!(lost.is_empty() && acknowledged.len() >= 30, "{lost:?} of {}", acknowledged.len());
}

#[tokio::test]
async fn an_erased_signer_is_found_nowhere_and_still_counts() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let body = r#"{"name":"Planted Personname","mailbox":"planted@example.org","postcode":"987 65"}"#;
    assert_eq!(server.ask("POST", &path, None, Some(body)).await.status, 202);
    let link = format!("/malmo/links/{}", home.link("planted@example.org"));
    assert_eq!(server.ask("POST", &link, None, Some("act=confirm")).await.status, 200);
    wait_for_count(&server, &id, 2).await;
    let item = server.ask("GET", &path, None, None).await.json()["signatures"][0]["item"]
        .as_str()
        .unwrap()
        .to_owned();
    let (first, second) = (
        home.token("malmo", "data-protection-officer", "dora"),
        home.token("malmo", "data-protection-officer", "doris"),
    );
    let erase = format!("{path}/{item}/erase");
    let ground = Some(r#"{"ground":"gallringsbeslut 7"}"#);
    let alone = server.ask("POST", &erase, Some(&first), ground).await;
    assert_eq!(alone.code(), "second-official-missing", "four eyes");
    let twice = format!("Bearer {first}");
    let same = server
        .ask_with("POST", &erase, Some(&first), ground, &[("second-authorization", &twice)])
        .await
        .unwrap();
    assert_eq!(same.code(), "same-person-twice");
    let other = format!("Bearer {second}");
    let done = server
        .ask_with("POST", &erase, Some(&first), ground, &[("second-authorization", &other)])
        .await
        .unwrap();
    assert_eq!(done.status, 200, "{}", done.text);
    let position = done.json()["position"].as_str().unwrap().to_owned();
    let after = server.ask("GET", &format!("{path}?at_least={position}"), None, None).await.json();
    assert_eq!((&after["signatures"][0]["name"], &after["total"]), (&Value::Null, &Value::from(1)));
    radslag_kit::until("the mail to go", || {
        let mails = std::fs::read_dir(home.data().join("mail/malmo"))?.filter_map(Result::ok);
        let left = mails
            .filter(|mail| std::fs::read_to_string(mail.path()).is_ok_and(|text| text.contains("planted")));
        Ok((left.count() == 0).then_some(()))
    })
    .unwrap();
    assert_eq!(server.stop(), Some(0), "it ends as it is told to");
    for planted in ["Planted Personname", "planted@example.org", "987 65"] {
        let found = holding(&home.data(), planted.as_bytes());
        assert!(found.is_empty(), "{planted} stands in {found:?}");
    }
    let server = home.serve();
    wait_for_count(&server, &id, 2).await;
}

/// The files below a folder that hold some bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else if std::fs::read(&path).unwrap().windows(bytes.len()).any(|part| part == bytes) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn a_second_process_is_refused_and_told_who_has_the_data() {
    let home = Home::new();
    let _server = home.serve();
    let second = home.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && said.contains("in use by process"), "{said}");
}

#[tokio::test]
async fn a_damaged_log_stops_one_tenant_and_names_file_and_offset() {
    let home = Home::new();
    let server = home.serve();
    open(&home, &server).await;
    assert_eq!(server.stop(), Some(0));
    let segment = home.data().join("ground/malmo/petitions/segments/00000000000000000000.segment");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[4_200] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let server = home.serve();
    assert_eq!(server.ask("GET", "/api/v1/malmo/petitions", None, None).await.status, 503);
    assert_eq!(server.ask("GET", "/api/v1/ale/petitions", None, None).await.status, 200, "others go on");
    let ready = server.ask("GET", "/readyz", None, None).await;
    assert!(ready.status == 503 && ready.text.contains(".segment is damaged at byte 4096"), "{}", ready.text);
    assert!(!ready.text.contains("ground/"), "everybody may read it: {}", ready.text);
}

#[tokio::test]
async fn tables_made_again_are_the_same_and_derived_data_may_be_deleted() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    for n in 0..12 {
        let token = home.token("malmo", "citizen", &format!("s{n}"));
        let path = format!("/api/v1/malmo/petitions/{id}/signatures");
        assert_eq!(server.ask("POST", &path, Some(&token), Some("{\"postcode\":\"1\"}")).await.status, 201);
    }
    wait_for_count(&server, &id, 13).await;
    let before = server.ask("GET", "/api/v1/malmo/petitions", None, None).await.json();
    assert_eq!(server.stop(), Some(0));
    let checked: Value = serde_json::from_str(&home.run(&["rebuild", "malmo", "--check", "--json"])).unwrap();
    for one in checked.as_array().unwrap() {
        assert_eq!(one["compared"][1], 0, "{one}");
    }
    home.run(&["rebuild", "malmo"]);
    std::fs::remove_dir_all(home.data().join("derived")).unwrap();
    let server = home.serve();
    wait_for_count(&server, &id, 13).await;
    let after = server.ask("GET", "/api/v1/malmo/petitions", None, None).await.json();
    assert_eq!(before["petitions"], after["petitions"]);
}
