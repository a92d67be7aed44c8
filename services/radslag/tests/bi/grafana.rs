//! What Grafana is provisioned with is what the command writes, and every panel's SQL runs for real: as a tenant's reader, on the
//! tables of the demonstration and of letters that were sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use radslag_kit::{until, workspace};
use serde_json::Value;

use crate::{
    database::{connect, read, texts},
    home::Home,
};

const POSTGRES: &str = "grafana-postgresql-datasource";
/// Panels that show nothing of the demonstration: nobody subscribed in it, wrote to many or objected.
const QUIET: [&str; 6] = [
    "Mailings",
    "Utskick",
    "Subscribers",
    "Prenumeranter",
    "Outcomes of objections",
    "Invändningarnas utfall",
];

fn shipped() -> PathBuf {
    workspace().join("infra/deploy/grafana")
}

/// Every shipped dashboard, by the name of its file.
fn dashboards() -> BTreeMap<String, Value> {
    let files = fs::read_dir(shipped().join("dashboards")).unwrap().map(|file| file.unwrap().path());
    let json = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
    };
    files.map(json).collect()
}

/// Every panel's and every variable's SQL, with what it is of.
pub(crate) fn asked() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (file, dashboard) in dashboards() {
        let variables = dashboard["templating"]["list"].as_array().unwrap();
        let variables = variables.iter().filter(|variable| variable["type"] == "query");
        all.extend(
            variables
                .map(|one| (format!("{file} ${}", one["name"]), one["query"].as_str().unwrap().to_owned())),
        );
        for panel in dashboard["panels"].as_array().unwrap() {
            let title = format!("{file} {}", panel["title"].as_str().unwrap());
            let targets = panel["targets"].as_array().unwrap().iter();
            all.extend(
                targets.filter_map(|target| Some((title.clone(), target["rawSql"].as_str()?.to_owned()))),
            );
        }
    }
    all
}

/// As Grafana hands it to the database, for all time.
pub(crate) fn expanded(sql: &str, petition: &str) -> String {
    let mut parts = sql.split("$__timeFilter(");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (column, rest) = part.split_once(')').unwrap();
        out.push_str(&format!("{column} BETWEEN '2000-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z'{rest}"));
    }
    let out = out.replace("${petition:sqlstring}", &format!("'{petition}'"));
    assert!(!out.contains('$'), "a macro that the test doesn't know: {out}");
    out
}

#[tokio::test]
async fn what_is_shipped_is_what_the_command_writes() {
    let home = Home::new("[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n").await;
    // Readers are called as they are by default.
    let file = home.path("radslag.toml");
    let config =
        fs::read_to_string(&file).unwrap().replace(&format!("bi.readers = \"{}\"\n", home.readers()), "");
    fs::write(&file, config).unwrap();
    let (to, at) = (home.path("provisioning"), "/var/lib/grafana/radslag");
    home.told(&[
        "bi",
        "grafana",
        "--to",
        to.to_str().unwrap(),
        "--dashboards",
        home.path("dashboards").to_str().unwrap(),
    ]);
    let written = |name: &str| fs::read_to_string(home.path(name)).unwrap();
    let kept = |name: &str| fs::read_to_string(shipped().join(name)).unwrap_or_default();
    let mut files = vec![
        "provisioning/datasources/radslag.yaml".to_owned(),
        "provisioning/dashboards/radslag.yaml".into(),
    ];
    let all = fs::read_dir(home.path("dashboards")).unwrap();
    files.extend(all.map(|file| format!("dashboards/{}", file.unwrap().file_name().to_str().unwrap())));
    let own = home.path("dashboards");
    for name in &files {
        let written = written(name).replace(own.to_str().unwrap(), at);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::create_dir_all(shipped().join(name).parent().unwrap()).unwrap();
            fs::write(shipped().join(name), &written).unwrap();
        }
        assert!(
            kept(name) == written,
            "{name} isn't what the command writes: run this test with UPDATE_EXPECT=1"
        );
    }
    assert_eq!(dashboards().len(), files.len() - 2, "nothing else is shipped");
}

#[test]
fn dashboards_and_panels_have_names_of_their_own_that_stay() {
    let all = dashboards();
    let uids: Vec<_> = all.values().map(|dashboard| dashboard["uid"].as_str().unwrap()).collect();
    assert_eq!(
        uids,
        [
            "radslag-health-en",
            "radslag-health-sv",
            "radslag-notifications-en",
            "radslag-notifications-sv",
            "radslag-petitions-en",
            "radslag-petitions-sv"
        ]
    );
    for (file, dashboard) in &all {
        let panels = dashboard["panels"].as_array().unwrap();
        let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
        let titles: BTreeSet<_> = panels.iter().map(|panel| panel["title"].as_str().unwrap()).collect();
        assert!(ids.len() == panels.len() && titles.len() == panels.len(), "{file}");
        for panel in panels {
            let place = |name: &str| panel["gridPos"][name].as_u64().unwrap();
            assert!(place("x") + place("w") <= 24, "{file}: {panel}");
            // Whatever data source is picked, and none that a file would name for everybody.
            assert_eq!(panel["datasource"]["uid"], "${source}", "{file}");
        }
        let text = dashboard.to_string();
        let other = if file.ends_with(".sv.json") { "_en" } else { "_sv" };
        assert!(
            !text.contains(&format!("state{other}")) && !text.contains("{{sv|"),
            "{file} speaks one language"
        );
    }
}

/// Three systems of the demonstration with some made-up life, and the letters of what is done after that.
async fn lively() -> (Home, crate::home::Serving) {
    let (_, tenants) = include_str!("../../demo.toml").split_once("[[tenants]]").unwrap();
    let (_, others) = tenants.split_once("[[tenants]]").unwrap();
    let home = Home::new(&format!("[[tenants]]{others}")).await;
    home.told(&["demo", "--people", "300", "--json"]);
    home.told(&["bi", "roles", "--run-as", "admin.url"]);
    let serving = home.serve();
    let body = r#"{"list": "newsletter", "mailbox": "ada@example.org", "language": "sv"}"#;
    let path = "/api/v1/malmo/notifications/subscriptions";
    let (status, said) = serving.ask("POST", path, "Content-Type: application/json\r\n", body);
    assert!(status < 300, "{status} {said}");
    (home, serving)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_panels_sql_runs_as_the_reader_of_a_tenant_and_finds_something() {
    let (home, serving) = lively().await;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for tenant in ["malmo", "ale", "svenljunga"] {
        let reader = connect(&home.as_user(&format!("{}_{tenant}", home.readers()))).await;
        if tenant == "malmo" {
            let letters = tokio::task::block_in_place(|| {
                until("a letter", || {
                    let sql = "SELECT sum(letters) FROM bi_letters_hourly";
                    let counted = tokio::runtime::Handle::current().block_on(texts(&reader, sql));
                    Ok(Some(counted).filter(|rows| rows != &[""]))
                })
            });
            assert_eq!(letters.unwrap(), ["1"]);
        }
        let most = "SELECT petition FROM bi_petitions WHERE is_public ORDER BY signatures DESC LIMIT 1";
        let petition = texts(&reader, most).await.first().cloned().unwrap_or_default();
        for (panel, sql) in asked() {
            let (columns, rows) = read(&reader, &expanded(&sql, &petition)).await;
            assert!(!columns.is_empty(), "{panel}");
            let told = rows.iter().filter(|row| row.iter().any(Option::is_some)).count();
            *found.entry(panel).or_default() += told;
        }
    }
    let empty: Vec<_> = found.iter().filter(|(_, rows)| **rows == 0).map(|(panel, _)| panel).collect();
    let expected: Vec<_> =
        found.keys().filter(|panel| QUIET.iter().any(|quiet| panel.ends_with(quiet))).collect();
    assert_eq!(empty, expected);
    drop(serving);
}

#[tokio::test(flavor = "multi_thread")]
async fn panels_of_the_systems_health_ask_for_figures_that_there_are() {
    let home = Home::new("[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n").await;
    let serving = home.serve();
    serving.get("/malmo");
    let figures = serving.get("/metrics");
    // Relays and consumers have figures where there is a bus.
    let of_the_bus = fs::read_to_string(workspace().join("infra/runtime/src/bus/figures.rs")).unwrap();
    let mut names = BTreeSet::new();
    for (file, dashboard) in dashboards().into_iter().filter(|(file, _)| file.starts_with("health")) {
        for panel in dashboard["panels"].as_array().unwrap() {
            assert_eq!(panel["datasource"]["type"], "prometheus");
            let asked = panel["targets"][0]["expr"].as_str().unwrap();
            let mut words = asked.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let name =
                words.find(|word| word.starts_with("radslag_")).unwrap_or_else(|| panic!("{file}: {asked}"));
            let of_bus = name.strip_prefix("radslag_").unwrap();
            assert!(
                figures.contains(&format!("{name}{{"))
                    || figures.contains(&format!("{name} "))
                    || of_the_bus.contains(&format!("\"{of_bus}\"")),
                "{name}"
            );
            names.insert(name.to_owned());
        }
    }
    assert!(
        names.len() > 6
            && !dashboards().values().any(|dashboard| {
                dashboard["panels"][0]["datasource"]["type"] != POSTGRES
                    && !dashboard["uid"].as_str().unwrap().contains("health")
            })
    );
}
