//! From an administrator's first statement to a reader's last refusal, with the statements and commands that are shipped.

use serde_json::Value;
use tokio_postgres::error::SqlState;

use crate::{
    database::{connect, shown, texts},
    home::Home,
};

const TENANTS: &str = "[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n[[tenants]]\nid = \"tomelilla\"\nname = \"Tomelilla kommun\"\n";

async fn refused(client: &tokio_postgres::Client, sql: &str) -> SqlState {
    let error = client.batch_execute(sql).await.err().unwrap_or_else(|| panic!("{sql} was done"));
    error.code().unwrap_or_else(|| panic!("{sql}: {error}")).clone()
}

/// What `radslag bi check` finds wrong, of each role.
fn checked(home: &Home) -> (bool, Vec<Value>) {
    let output = home.run(&["bi", "check", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.success(), found.as_array().unwrap().clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_read_views_and_can_do_nothing_else_and_services_need_no_right_to_make_roles() {
    let home = Home::new(TENANTS).await;
    let serving = home.serve();
    let admin = connect(&home.admin).await;
    let owners = "SELECT DISTINCT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname LIKE 'malmo\\_%'";
    assert_eq!(texts(&admin, owners).await, ["radslag"]);
    let services = connect(&home.as_user("radslag")).await;
    assert_eq!(refused(&services, "CREATE ROLE more").await, SqlState::INSUFFICIENT_PRIVILEGE);

    let (right, found) = checked(&home);
    assert!(!right && found.iter().all(|one| one["wrong"][0]["what"] == "no-role"), "{found:?}");
    let printed = home.told(&["bi", "roles"]);
    let readers = home.readers();
    assert!(printed.contains(&format!("CREATE ROLE \"{readers}_malmo\"")), "{printed}");
    let made: Value =
        serde_json::from_str(&home.told(&["bi", "roles", "--run-as", "admin.url", "--json"])).unwrap();
    assert_eq!((&made["made"], &made["sql"]), (&true.into(), &printed.into()));
    let (right, found) = checked(&home);
    assert!(right, "{found:?}");
    let views = shown().len();
    let told: Vec<_> =
        found.iter().map(|one| (one["role"].clone(), one["views"].as_u64().unwrap() as usize)).collect();
    let names = [readers.clone(), format!("{readers}_malmo"), format!("{readers}_tomelilla")];
    assert_eq!(
        told,
        [
            (names[0].clone().into(), 2 * views),
            (names[1].clone().into(), views),
            (names[2].clone().into(), views)
        ]
    );

    let reader = connect(&home.as_user(&names[1])).await;
    for one in shown() {
        texts(&reader, &format!("SELECT * FROM {} LIMIT 1", one.view.name)).await;
    }
    // Whoever is logged in can take off the mark of a session that only reads; it is the rights that hold.
    reader.batch_execute("SET default_transaction_read_only = off").await.unwrap();
    for sql in [
        "SELECT * FROM tomelilla_petitions_petitions.bi_petitions",
        "SELECT * FROM malmo_petitions_petitions.petitions",
        "SELECT * FROM malmo_petitions_persons.persons",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE SCHEMA mine",
        "SELECT lo_create(0)",
        "SELECT pg_advisory_lock(hashtextextended('radslag/malmo_petitions_petitions', 0))",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ] {
        assert_eq!(refused(&reader, sql).await, SqlState::INSUFFICIENT_PRIVILEGE, "{sql}");
    }
    let listed = "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_name LIKE 'bi\\_%' ORDER BY 1";
    assert!(texts(&reader, listed).await.iter().all(|schema| schema.starts_with("malmo_")));

    // What a reader reaches beyond its views is found.
    let beyond = "malmo_petitions_petitions.signatures";
    admin.batch_execute(&format!("GRANT SELECT ON {beyond} TO {}", names[1])).await.unwrap();
    let (right, found) = checked(&home);
    assert!(!right && found[1]["wrong"][0]["which"][0] == beyond, "{found:?}");
    admin.batch_execute(&format!("REVOKE SELECT ON {beyond} FROM {}", names[1])).await.unwrap();

    // Another generation takes the place of each, and readers read on.
    drop(serving);
    home.told(&["rebuild", "malmo"]);
    let (right, found) = checked(&home);
    assert!(right, "{found:?}");
    texts(&reader, "SELECT * FROM bi_petitions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dictionary_is_served_to_programs_and_to_people() {
    let home = Home::new(TENANTS).await;
    let serving = home.serve();
    let dictionary: Value = serde_json::from_str(&serving.get("/bi/schema")).unwrap();
    assert_eq!(dictionary["available"], true);
    let told: Vec<_> =
        dictionary["views"].as_array().unwrap().iter().map(|view| view["name"].clone()).collect();
    assert_eq!(told, shown().iter().map(|one| one.view.name).collect::<Vec<_>>());
    let (status, page) = serving.ask("GET", "/bi/schema?lang=sv", "Accept: text/html\r\n", "");
    assert!(status == 200 && page.contains("<html lang=\"sv\">") && page.contains("bi_letters_daily"));
    let document: Value = serde_json::from_str(&serving.get("/openapi.json")).unwrap();
    assert!(document["paths"]["/bi/schema"]["get"]["responses"]["200"].is_object());
}

#[tokio::test]
async fn a_name_that_is_none_of_a_role_is_refused() {
    let home = Home::new(TENANTS).await;
    let file = home.path("radslag.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace(&home.readers(), "x\\\"; DROP DATABASE y")).unwrap();
    let output = home.run(&["bi", "roles"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("bi.readers"), "{said}");
}
