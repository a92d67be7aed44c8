//! What dashboards ask is answered from counts and by indexes: none of it walks along signatures or letters, however many there are.

use serde_json::Value;
use tokio_postgres::Client;

use crate::{
    database::{Database, read},
    grafana::{asked, expanded},
};

/// Tables with a row for each signature, submission, person or letter: no view reads one.
const LARGE: [&str; 7] =
    ["signatures", "count_block", "persons", "origins", "assisted", "timers", "deliveries"];

/// The nodes of a plan.
async fn plan(client: &Client, sql: &str) -> Vec<Value> {
    let (_, rows) = read(client, &format!("EXPLAIN (FORMAT JSON) {sql}")).await;
    let text: String = rows.into_iter().flatten().flatten().collect();
    let told: Value = serde_json::from_str(&text).unwrap();
    let mut nodes = Vec::new();
    collect(&told[0]["Plan"], &mut nodes);
    nodes
}

fn collect(node: &Value, nodes: &mut Vec<Value>) {
    nodes.push(node.clone());
    node["Plans"].as_array().into_iter().flatten().for_each(|inner| collect(inner, nodes));
}

/// As many counts as a large installation has: 2,000 petitions with 100 hours each, and letters of five years.
async fn crowded() -> (Database, Client) {
    let database = Database::new();
    database.fill().await;
    let client = database.looking().await;
    let fill = "INSERT INTO signature_hours SELECT decode(lpad(to_hex(p), 32, '0'), 'hex'), 480000 + h, 0, 'eid', 7 \
                FROM generate_series(1, 2000) AS p, generate_series(1, 100) AS h; \
                INSERT INTO signature_areas SELECT decode(lpad(to_hex(p), 32, '0'), 'hex'), 'area ' || a, 7 \
                FROM generate_series(1, 2000) AS p, generate_series(1, 20) AS a; \
                INSERT INTO delivery_hours SELECT 440000 + h, 'received', s, 7 \
                FROM generate_series(1, 43800) AS h, unnest(ARRAY['sent', 'failed', 'bounced']) AS s; \
                ANALYZE signature_hours; ANALYZE signature_areas; ANALYZE delivery_hours";
    client.batch_execute(fill).await.unwrap();
    (database, client)
}

#[tokio::test]
async fn what_is_asked_of_one_petition_or_one_month_is_found_by_an_index() {
    let (_database, client) = crowded().await;
    let id = format!("{:032x}", 77);
    for (sql, table) in [
        (
            format!("SELECT hour_at, signatures FROM bi_petition_signatures_hourly WHERE petition = '{id}'"),
            "signature_hours",
        ),
        (
            format!(
                "SELECT hour_at, signatures FROM bi_petition_signatures_hourly \
                 WHERE petition = '{id}' AND hour_at BETWEEN '2024-10-04T01:00:00Z' AND '2024-10-04T09:00:00Z'"
            ),
            "signature_hours",
        ),
        (
            format!(
                "SELECT day_at, sum(signatures) FROM bi_petition_signatures_daily WHERE petition = '{id}' GROUP BY 1"
            ),
            "signature_hours",
        ),
        (
            "SELECT petition, sum(signatures) FROM bi_petition_signatures_hourly \
             WHERE hour_at BETWEEN '2024-10-04T01:00:00Z' AND '2024-10-04T02:00:00Z' GROUP BY 1"
                .into(),
            "signature_hours",
        ),
        (
            format!("SELECT area, signatures FROM bi_signatures_by_area WHERE petition = '{id}'"),
            "signature_areas",
        ),
        (
            "SELECT hour_at, state, letters FROM bi_letters_hourly \
             WHERE hour_at BETWEEN '2021-10-04T00:00:00Z' AND '2021-11-04T00:00:00Z'"
                .into(),
            "delivery_hours",
        ),
    ] {
        let nodes = plan(&client, &sql).await;
        let of_table: Vec<&Value> = nodes.iter().filter(|node| node["Relation Name"] == table).collect();
        assert!(!of_table.is_empty(), "{sql}: {nodes:#?}");
        for node in of_table {
            let kind = node["Node Type"].as_str().unwrap();
            assert!(["Index Scan", "Index Only Scan", "Bitmap Heap Scan"].contains(&kind), "{sql}: {kind}");
        }
    }
}

#[tokio::test]
async fn no_panel_reads_a_row_for_each_signature_or_letter() {
    let (_database, client) = crowded().await;
    for (panel, sql) in asked() {
        for node in plan(&client, &expanded(&sql, "00")).await {
            let table = node["Relation Name"].as_str().unwrap_or_default();
            assert!(!LARGE.contains(&table), "{panel} reads {table}");
        }
    }
    let nodes = plan(&client, "SELECT count(*) FROM signatures").await;
    assert!(
        nodes.iter().any(|node| LARGE.contains(&node["Relation Name"].as_str().unwrap_or_default())),
        "it would be seen"
    );
}
