//! Nothing of one tenant is visible through another, over every reading route that names something.

use std::collections::BTreeMap;

use axum::Router;
use radslag_kernel::{ItemId, Role};
use serde_json::json;

use crate::house::House;

const TITLE: &str = "A bench in every park";

/// A value for each part of a path that names something of the first tenant.
async fn things(house: &House) -> BTreeMap<&'static str, String> {
    let petition = house.petition_called(TITLE).await;
    let carl = house.token(Role::Citizen, "carl");
    let item = house.signed(petition, "Mia", "mia@example.org").await;
    let tip = json!({ "kind": "tip", "title": TITLE, "text": "It is dark.", "mailbox": "t@example.org", "name": "T" });
    let asked = house.ask("POST", "/inquiries", &carl, &tip.to_string()).await;
    assert!(asked.status.is_success(), "{:?}", asked.json());
    let inquiry = asked.json()["id"].as_str().unwrap_or_default().to_owned();
    let bulk = json!({ "ground": "x", "notice": TITLE, "petition": petition.to_string() }).to_string();
    let bulk = house.ask("POST", "/bulk", &house.token(Role::Official, "olga"), &bulk).await.json();
    house.settled().await;
    let named = [
        ("id", petition.to_string()),
        ("key", "a-bench-in-every-park".into()),
        ("item", item.to_string()),
        ("inquiry", inquiry),
        ("bulk", bulk["bulk"].as_str().unwrap().to_owned()),
        ("token", house.link_of(petition, "ines@example.org")),
        ("part", "1".into()),
        ("batch", ItemId::from_bytes([7; 16]).to_string()),
        ("sheet", "0".into()),
        ("thing", "x".into()),
        ("politician", "x".into()),
    ];
    named.into()
}

/// Every route that reads and names something, as `/{tenant}/...` behind what all have in common.
fn reading() -> Vec<String> {
    let document = serde_json::to_value(radslag_petitions::http::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let reads = paths.filter(|(path, on)| on.get("get").is_some() && path.matches('{').count() > 1);
    // A stream doesn't end; its route is read by itself.
    reads.map(|(path, _)| path.clone()).filter(|path| !path.ends_with("/count/events")).collect()
}

/// A path of a tenant's, with what it names.
fn filled(path: &str, tenant: &str, things: &BTreeMap<&str, String>) -> String {
    let mut filled = path.replace("{tenant}", tenant);
    for (name, value) in things {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    assert!(!filled.contains('{'), "{filled}");
    filled
}

#[tokio::test]
async fn nothing_of_one_tenant_is_visible_through_another() {
    let both = |config: &mut radslag_runtime::Config| {
        let lund = radslag_runtime::config::Tenant { id: "lund".into(), ..config.tenants[0].clone() };
        config.tenants.push(lund);
    };
    let (malmo, lund) = (House::with(both).await, House::called("lund", "open").await);
    let things = things(&malmo).await;
    let app = malmo.beside(&lund);
    let tokens = |tenant: &str| -> Vec<Option<String>> {
        let held = Role::ALL.iter().filter(|role| **role != Role::System && **role != Role::Initiator);
        let token = |role: &Role| Some(malmo.token_of(tenant, *role, "carl"));
        std::iter::once(None).chain(held.map(token)).collect()
    };
    let (own, other) = (tokens("malmo"), tokens("lund"));
    let (mut read, mut unread, mut seen) = (0, Vec::new(), Vec::<String>::new());
    for path in reading() {
        let (mut public, mut found) = (false, false);
        for token in &own {
            let told = House::read(&app, &filled(&path, "malmo", &things), token.as_deref()).await;
            public |= told.status == 200 && token.is_none();
            found |= told.status == 200;
        }
        read += u32::from(found);
        unread.extend((!found).then(|| path.clone()));
        for token in &other {
            let there = House::read(&app, &filled(&path, "lund", &things), token.as_deref()).await;
            let text = String::from_utf8(there.body).unwrap();
            if !there.status.is_client_error() || text.contains(TITLE) {
                seen.push(format!("{path}: {} {text}", there.status));
            }
            // What another tenant vouches for opens nothing here that isn't everybody's.
            let here = House::read(&app, &filled(&path, "malmo", &things), token.as_deref()).await;
            assert!(public || !here.status.is_success(), "{path}: {}", here.status);
        }
    }
    assert!(seen.is_empty(), "{seen:#?}");
    assert!(read >= 20, "{read} were there to be seen; not {unread:?}");
    pages_and_lists(&app, &things["id"]).await;
}

/// Pages, feeds and lists of the other tenant have nothing of the first one's petition.
async fn pages_and_lists(app: &Router, petition: &str) {
    for path in ["", "/signatures", "/comments", "/sign", "/embed", "/feed.atom", "/support"] {
        let at = |tenant: &str| format!("/{tenant}/petitions/{petition}{path}");
        assert_eq!(House::read(app, &at("lund"), None).await.status, 404, "{path}");
    }
    let stream = format!("/api/v1/lund/petitions/{petition}/count/events");
    assert_eq!(House::read(app, &stream, None).await.status, 404);
    let lists = [
        "/petitions",
        "/petitions?q=bench",
        "/embed",
        "/trending",
        "/corrections",
        "/politicians",
        "/inquiries",
    ];
    let lists = lists.map(|path| format!("/api/v1/lund{path}"));
    let pages = [
        "",
        "/petitions",
        "/feed.atom",
        "/inquiries",
        "/embed",
        "/log/petitions/figures",
        "/log/petitions/disclosed",
    ];
    for path in lists.into_iter().chain(pages.map(|path| format!("/lund{path}"))) {
        let told = House::read(app, &path, None).await;
        let text = String::from_utf8(told.body).unwrap();
        assert!(told.status == 200 && !text.contains(TITLE) && !text.contains(petition), "{path}: {text}");
    }
}
