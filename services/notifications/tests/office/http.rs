//! The routes, as officials, programs and mail programs use them.

use std::sync::Arc;

use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt as _;
use radslag_kernel::Role;
use radslag_notifications::{
    http::{Api, COMMANDS, Offices, PROBLEMS, routes},
    letter::Class,
    shell::tokens::{Token, Use},
    verp,
};
use radslag_runtime::{
    Config, Kit,
    auth::{Grant, Issuer},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::world::{Watched, World, letter};

struct Served {
    app: Router,
    issuer: Issuer,
    world: World,
    transport: Arc<Watched>,
    _folder: tempfile::TempDir,
}

async fn served() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let transport = Arc::new(Watched::default());
    let world = World::open(folder.path(), transport.clone()).await;
    let mut config: Config = toml::from_str("[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"").unwrap();
    config.data.dir = folder.path().join("data");
    std::fs::create_dir_all(config.data.secrets_dir()).unwrap();
    let kit = Kit::open(&config, &[PROBLEMS]).unwrap();
    kit.roles().must_know(COMMANDS).unwrap();
    let issuer = Issuer::open(&config.auth, &config.data.secrets_dir()).unwrap();
    let offices = Offices::from([("malmo".into(), Ok(world.office.clone()))]);
    let app = kit.wrap(routes(Api::of(kit.clone(), offices, ())));
    Served { app, issuer, world, transport, _folder: folder }
}

impl Served {
    fn token(&self, subject: &str, role: Role) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let (tenant, subject) = ("malmo".into(), subject.into());
        let grant = Grant { tenant, subject, roles: vec![role], name: None, assurance: None, valid_s: 600 };
        self.issuer.issue(&grant, now).unwrap()
    }

    async fn send(&self, request: axum::http::request::Builder, body: String) -> (u16, String) {
        let answer = self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// As somebody in a role; nobody where there is none.
    async fn ask(&self, who: Option<(&str, Role)>, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let path = format!("/api/v1/malmo/notifications{path}");
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some((subject, role)) = who {
            request = request.header("authorization", format!("Bearer {}", self.token(subject, role)));
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, text) = self.send(request, body).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn page(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let form = "application/x-www-form-urlencoded";
        self.send(Request::builder().method(method).uri(path).header("content-type", form), body.into()).await
    }
}

const OFFICIAL: Option<(&str, Role)> = Some(("eva", Role::Official));
const ADMINISTRATOR: Option<(&str, Role)> = Some(("adam", Role::TenantAdministrator));

fn mailing() -> Value {
    json!({"list": "newsletter", "subject_sv": "Nyheter", "body_sv": "Text", "subject_en": "News", "body_en": "Text"})
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_to_subscribe_gets_the_same_answer_whoever_is_named() {
    let served = served().await;
    let ask =
        async |mailbox: &str| served.ask(None, "POST", "/subscriptions", &json!({"mailbox": mailbox})).await;
    let first = ask("anna@a.example").await;
    assert_eq!(first, (202, json!({"status": "check_your_mailbox"})));
    for _ in 0..4 {
        assert_eq!(ask("anna@a.example").await, first);
    }
    served.world.keep_up().await;
    assert_eq!(served.transport.to().len(), 2, "the rest is silent");
    let (status, problem) = ask("nobody").await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("words-not-allowed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_does_nothing_by_get_and_one_click_ends_by_post() {
    let served = served().await;
    let office = &served.world.office;
    served.ask(None, "POST", "/subscriptions", &json!({"mailbox": "anna@a.example"})).await;
    served.world.keep_up().await;
    let rows = office.log.read(0, 1 << 20).unwrap();
    let item =
        rows.iter().find(|row| row.header.r#type == "subscription.requested").unwrap().header.item.clone();
    let token = |what| {
        let token = Token {
            what,
            subscription: office.subscription_tag("newsletter", "anna@a.example"),
            item: radslag_kernel::ItemId::from_slice(&item).unwrap(),
            optout: office.optout_tag("anna@a.example"),
        };
        office.tokens.write(&token)
    };
    let (confirm, end) = (
        format!("/malmo/notifications/subscribe/{}", token(Use::Confirm)),
        format!("/malmo/notifications/unsubscribe/{}", token(Use::End)),
    );
    let subscribed = async || office.subscribers("newsletter").await.unwrap();
    let (status, page) = served.page("GET", &confirm, "").await;
    assert!(status == 200 && page.contains("<form method=\"post\">") && page.contains("lang=\"sv"), "{page}");
    assert_eq!(subscribed().await, 0);
    assert_eq!(served.page("POST", &confirm, "").await.0, 200);
    assert_eq!(subscribed().await, 1);
    assert_eq!(served.page("GET", &end, "").await.0, 200);
    assert_eq!(subscribed().await, 1, "a mail scanner follows links");
    // As mail programs send it, and once more.
    for _ in 0..2 {
        assert_eq!(served.page("POST", &end, "List-Unsubscribe=One-Click").await.0, 200);
        assert_eq!(subscribed().await, 0);
    }
    assert!(!office.wants_none("anna@a.example").unwrap());
    assert_eq!(served.page("POST", &end, "all=1").await.0, 200);
    assert!(office.wants_none("anna@a.example").unwrap());
    let other = format!("/malmo/notifications/unsubscribe/{}", token(Use::Confirm));
    assert_eq!(served.page("POST", &other, "").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_own_words_are_checked_previewed_and_sent() {
    let served = served().await;
    let path = "/templates/approved/sv";
    let (status, shipped) = served.ask(ADMINISTRATOR, "GET", path, &Value::Null).await;
    assert_eq!((status, &shipped["own"]), (200, &json!(false)));
    let lacking = json!({"text": "Subject: Ja\n\nHej {{ name }}"});
    for (method, path) in [("PUT", path.to_owned()), ("POST", format!("{path}/preview"))] {
        let (status, problem) = served.ask(ADMINISTRATOR, method, &path, &lacking).await;
        assert_eq!((status, problem["code"].as_str()), (422, Some("template-without-link")));
    }
    let own = json!({"text": "Subject: Ja till {{ title }}\n\nHej! {{ link }}"});
    let (status, preview) = served.ask(ADMINISTRATOR, "POST", &format!("{path}/preview"), &own).await;
    assert_eq!((status, &preview["subject"]), (200, &json!("Ja till TITLE")));
    assert_eq!(served.ask(ADMINISTRATOR, "PUT", path, &own).await.0, 200);
    served.world.hear(7, letter("anna@a.example", Class::Decision)).await;
    served.world.keep_up().await;
    assert!(served.transport.sent.lock().unwrap()[0].1.contains("Subject: Ja till Bilfritt"));
    assert_eq!(served.ask(ADMINISTRATOR, "DELETE", path, &Value::Null).await.0, 200);
    assert_eq!(served.ask(ADMINISTRATOR, "GET", path, &Value::Null).await.1, shipped);
    for unknown in ["/templates/nonsense/sv", "/templates/approved/de"] {
        assert_eq!(served.ask(ADMINISTRATOR, "GET", unknown, &Value::Null).await.0, 404);
    }
    assert_eq!(served.ask(OFFICIAL, "PUT", path, &own).await.0, 403);
    assert_eq!(served.ask(None, "PUT", path, &own).await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailing_is_written_previewed_started_and_told_of() {
    let served = served().await;
    let (status, drafted) = served.ask(OFFICIAL, "POST", "/mailings", &mailing()).await;
    assert_eq!(status, 201, "{drafted}");
    let path = format!("/mailings/{}", drafted["id"].as_str().unwrap());
    let (status, preview) = served.ask(OFFICIAL, "GET", &format!("{path}/preview"), &Value::Null).await;
    assert_eq!((status, &preview["recipients"], &preview["en"]["subject"]), (200, &json!(0), &json!("News")));
    let (status, problem) = served.ask(OFFICIAL, "POST", &format!("{path}/start"), &Value::Null).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("nobody-subscribes")));
    assert_eq!(served.ask(OFFICIAL, "PUT", &path, &mailing()).await.0, 200);
    assert_eq!(served.ask(OFFICIAL, "POST", &format!("{path}/cancel"), &Value::Null).await.0, 200);
    let (_, one) = served.ask(OFFICIAL, "GET", &path, &Value::Null).await;
    assert_eq!((&one["state"], &one["revision"], &one["text"]), (&json!("cancelled"), &json!(2), &mailing()));
    served.world.office.mailings.wait_for(served.world.office.log.watermark()).await.unwrap();
    let (_, list) = served.ask(OFFICIAL, "GET", "/mailings", &Value::Null).await;
    assert_eq!((&list[0]["id"], &list[0]["subject"]), (&drafted["id"], &json!("Nyheter")));
    assert_eq!(served.ask(Some(("x", Role::Moderator)), "POST", "/mailings", &mailing()).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officials_act_keeps_the_trace_it_is_part_of() {
    let served = served().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/malmo/notifications/mailings")
        .header("content-type", "application/json")
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
        .header("authorization", format!("Bearer {}", served.token("olle", Role::Official)));
    assert_eq!(served.send(request, mailing().to_string()).await.0, 201);
    let record = served.world.office.log.read_at(0).unwrap();
    let kept: String = record.private.trace.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((record.header.r#type.as_str(), kept.as_str()), ("mailing.drafted", trace));
}

#[tokio::test(flavor = "multi_thread")]
async fn officials_read_how_many_letters_stand_where_and_never_whose() {
    let served = served().await;
    let id = served.world.hear(7, letter("anna@a.example", Class::Decision)).await;
    served.world.keep_up().await;
    let read = async || served.ask(OFFICIAL, "GET", "/deliveries", &Value::Null).await;
    let (status, days) = read().await;
    assert_eq!((status, &days[0]["sent"]), (200, &json!(1)));
    assert!(!days.to_string().contains("anna"));
    let to = verp::address(&served.world.office.sender.return_key, id, "malmo.example");
    let report = "Content-Type: multipart/report; boundary=b\r\nMIME-Version: 1.0\r\n\r\n--b\r\n\
        Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";
    let hand_in = async |report: &str, role| {
        let request = Request::builder()
            .method("POST")
            .uri("/api/v1/malmo/notifications/bounces")
            .header("content-type", "message/rfc822")
            .header("envelope-to", &to)
            .header("authorization", format!("Bearer {}", served.token("mx", role)));
        served.send(request, report.into()).await
    };
    assert_eq!(hand_in(report, Role::Citizen).await.0, 403);
    assert_eq!(hand_in("nonsense", Role::Integration).await.0, 422);
    assert_eq!(hand_in(report, Role::Integration).await, (200, "{\"bounced\":true}".into()));
    served.world.keep_up().await;
    assert_eq!(read().await.1[0]["bounced"], 1);
    assert_eq!(served.ask(OFFICIAL, "GET", "/deliveries?from=x", &Value::Null).await.0, 400);
}
