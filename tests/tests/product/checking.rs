//! Outsiders check a log: over HTTP beside the running server, and from an export of it.

use serde_json::Value;

use crate::server::{Home, open, wait_for_count};

#[tokio::test(flavor = "multi_thread")]
async fn anybody_recounts_what_the_server_publishes_and_what_it_exports() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let grace = home.token("malmo", "citizen", "grace");
    assert_eq!(server.ask("POST", &path, Some(&grace), Some(r#"{"postcode":"1"}"#)).await.status, 201);
    for name in ["Alan Turing", "Karin Boye"] {
        let mailbox = format!("{}@example.org", name.split(' ').next().unwrap());
        let body = format!(r#"{{"name":"{name}","mailbox":"{mailbox}","postcode":"211 45"}}"#);
        assert_eq!(server.ask("POST", &path, None, Some(&body)).await.status, 202);
        // One answers, the other never does: which is public, and no more.
        if name == "Alan Turing" {
            let link = format!("/malmo/links/{}", home.link(&mailbox));
            assert_eq!(server.ask("POST", &link, None, Some("act=confirm")).await.status, 200);
        }
    }
    wait_for_count(&server, &id, 3).await;
    assert_eq!(server.ask("DELETE", &format!("{path}/mine"), Some(&grace), None).await.status, 200);
    wait_for_count(&server, &id, 2).await;

    let url = format!("{}/malmo/log/petitions", server.url());
    let check = |what: &str| -> Value {
        serde_json::from_str(&home.run(&["verify", what, "--remember", "kept", "--json"])).unwrap()
    };
    let found = check(&url);
    assert_eq!((&found["whole"], found["figures"].as_u64()), (&true.into(), Some(1)), "{found}");
    assert_eq!(
        found["disclosed"].as_u64(),
        Some(7),
        "title, text, background, links, name, party, key: {found}"
    );
    assert!(found["figures_as_of"].as_u64() <= found["entries"].as_u64(), "{found}");
    let figures = server.ask("GET", "/malmo/log/petitions/figures", None, None).await.json();
    assert_eq!((&figures["petitions"][0]["signatures"], &figures["next"]), (&2.into(), &Value::Null));
    assert_eq!(server.ask("GET", "/malmo/log/nothing/figures", None, None).await.status, 404);

    let written = home.run(&["tenant", "export", "--tenant", "malmo", "--to", "export", "--json"]);
    let written: Value = serde_json::from_str(&written).unwrap();
    let of_petitions = written.as_array().unwrap().iter().find(|log| log["service"] == "petitions").unwrap();
    assert_eq!(of_petitions["figures"].as_u64(), Some(1), "beside the running server: {written}");
    let exported = check("export/petitions");
    assert_eq!((&exported["whole"], exported["figures"].as_u64()), (&true.into(), Some(1)));
    assert_eq!(exported["remembered"], found["size"], "the export goes on from what the server showed");

    let receipt = server.ask("GET", "/malmo/log/petitions/receipt/1", None, None).await;
    std::fs::write(home.folder.path().join("receipt"), receipt.text).unwrap();
    let proved = home.run(&["verify", "receipt", "receipt", "--keys", "export/petitions/keys", "--json"]);
    let proved: Value = serde_json::from_str(&proved).unwrap();
    assert_eq!((proved["position"].as_u64(), &proved["aggregate"]), (Some(1), &id.into()));
}
