//! Another system reads a tenant's events with other people's programs: NATS' client for Python, CloudEvents' SDK, protobuf.

use std::{path::Path, process::Command};

use radslag_kit::Nats;
use serde_json::{Value, json};

use crate::{
    bus::{Serving, entered},
    home::{Home, Ran, ran},
};

const PASSWORD: &str = "as the other system knows it";

/// The example that we ship.
fn consumer(nats: &Nats, stream: &str, more: &[&str]) -> Ran {
    let mut python = Command::new("python3");
    python.arg(radslag_kit::workspace().join("infra/examples/consumer.py"));
    python.args(["--server", &nats.url(), "--stream", stream, "--user", "statistics"]).args(more);
    python.env("PYTHONPATH", radslag_kit::python_packages().unwrap()).env("NATS_PASSWORD", PASSWORD);
    ran(python.output().unwrap())
}

/// An account for each tenant; of the one integration, a password instead of its key.
fn server(home: &Home, nkey: &str) -> Nats {
    let accounts = ran(home.command(&["bus", "accounts"]).output().unwrap()).ok();
    let user = format!("user: \"statistics\", password: {PASSWORD:?}");
    let accounts = accounts.replace(&format!("nkey: {nkey:?}"), &user);
    assert!(accounts.contains(&user), "{accounts}");
    Nats::start_with_accounts(&accounts).unwrap()
}

fn configure(home: &Home, nkey: &str, url: &str) {
    let dir = home.data();
    home.configure(&format!(
        "data.dir = {dir:?}\nhttp.listen = \"127.0.0.1:0\"\n[bus]\nnats_accounts = true\n{url}\n\
         [[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n\
         integrations = [{{ name = \"Statistics\", nkey = {nkey:?} }}]\n\
         [[tenants]]\nid = \"lund\"\nname = \"Lunds kommun\"\n"
    ));
}

fn positions(lines: &[Value]) -> Vec<u64> {
    lines.iter().map(|line| line["position"].as_u64().unwrap()).collect()
}

fn write(home: &Home, count: u8) {
    let open = home.open();
    for n in 0..count {
        open.put("register-2026", u64::from(n), "register.entered", &entered(n + 1));
    }
    open.closed();
}

fn place(home: &Home) -> String {
    home.path("place").to_str().unwrap().to_owned()
}

fn is_absolute(url: &Value, server: &Serving) -> String {
    let path = url.as_str().and_then(|url| url.strip_prefix(&format!("http://{}", server.address)));
    path.unwrap_or_else(|| panic!("{url} isn't of the server")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_python_program_reads_cloud_events_from_any_position_and_only_its_tenants() {
    let home = Home::new();
    let key = ran(home.command(&["bus", "key", "--json"]).output().unwrap()).json();
    let nkey = key["nkey"].as_str().unwrap();
    configure(&home, nkey, "");
    tokio::task::block_in_place(|| write(&home, 3));
    let nats = server(&home, nkey);
    configure(&home, nkey, &format!("nats_url = {:?}", nats.url()));
    let serving = Serving::start(&home);
    serving.is_ready().await;

    let schemas = format!("http://{}/schemas/descriptors.bin", serving.address);
    let (place, stream) = (place(&home), "radslag_malmo_petitions_0");
    let first = consumer(&nats, stream, &["--place", &place, "--count", "2", "--schemas", &schemas]).lines();
    assert_eq!(positions(&first), [0, 1]);
    let event = &first[0];
    assert_eq!(event["type"], "radslag.petitions.register.entered");
    assert_eq!(event["source"], format!("http://{}/malmo/petitions", serving.address));
    assert_eq!(event["data"], json!({ "number": { "year": 2026, "number": "1" } }));
    // It goes on where it was, and reads again what it wants.
    assert_eq!(positions(&consumer(&nats, stream, &["--place", &place, "--count", "1"]).lines()), [2]);
    let again = consumer(&nats, stream, &["--from", "1", "--count", "2", "--schemas", &schemas]).lines();
    assert_eq!((positions(&again), &again[0]), (vec![1, 2], &first[1]));

    // What the events point to is there.
    let (status, answer) = serving.get(&is_absolute(&event["dataref"], &serving));
    assert!(status == 200 && answer.ends_with(r#"{"from":0,"to":1,"values":[]}"#), "{answer}");
    let (status, answer) = serving.get(&is_absolute(&event["dataschema"], &serving));
    assert!(status == 200 && answer.contains("message RegisterEntered {"), "{answer}");
    let (status, answer) = serving.get("/asyncapi.json");
    assert!(status == 200 && answer.contains("petitions.register.entered"), "{status}");
    let (_, figures) = serving.get("/metrics");
    assert!(
        figures.contains(r#"radslag_relay_lag_events{tenant="malmo",service="petitions"} 0"#),
        "{figures}"
    );

    let refused = consumer(&nats, "radslag_lund_petitions_0", &["--from", "0", "--count", "1"]);
    assert!(refused.code != 0 && refused.out.is_empty(), "it reads another's: {}", refused.out);
    assert!(!Path::new(&place).with_extension("draft").exists());
}
