//! Every view of both services is there as it is described, and the dictionary is what the database has.

use std::collections::BTreeSet;

use crate::database::{Database, read, schema, shown, texts};

#[tokio::test]
async fn the_dictionary_and_the_database_agree_exactly() {
    let database = Database::new();
    database.fill().await;
    let client = database.connect("postgres").await;
    let kept = "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns \
                WHERE table_name LIKE 'bi\\_%' ORDER BY table_schema, table_name, ordinal_position";
    let mut described: Vec<(String, &str, Vec<String>)> = Vec::new();
    for one in shown() {
        let columns =
            one.view.entries().into_iter().map(|entry| format!("{}|{}", entry.name, entry.kind)).collect();
        described.push((schema(&one), one.view.name, columns));
    }
    described.sort();
    let told = described.iter().flat_map(|(schema, view, columns)| {
        columns.iter().map(move |column| format!("{schema}|{view}|{column}"))
    });
    assert_eq!(texts(&client, kept).await, told.collect::<Vec<_>>());
}

#[tokio::test]
async fn every_view_can_be_read_and_its_name_is_its_own() {
    let database = Database::new();
    database.fill().await;
    let client = database.looking().await;
    let mut names = BTreeSet::new();
    for one in shown() {
        assert!(one.view.name.starts_with("bi_") && names.insert(one.view.name), "{}", one.view.name);
        let (columns, rows) = read(&client, &format!("SELECT * FROM {}", one.view.name)).await;
        assert!(rows.is_empty() && columns[0] == "tenant", "{columns:?}");
        let distinct: BTreeSet<&String> = columns.iter().collect();
        assert_eq!(distinct.len(), columns.len());
    }
}

#[test]
fn everything_is_said_in_both_languages() {
    for one in shown() {
        let view = one.view;
        for both in [view.title, view.about] {
            assert!(!both.sv.is_empty() && !both.en.is_empty() && both.sv != both.en, "{}", view.name);
        }
        for entry in view.entries() {
            assert!(!entry.sv.is_empty() && !entry.en.is_empty(), "{}.{}", view.name, entry.name);
            assert_ne!(entry.sv, entry.en, "{}.{}", view.name, entry.name);
        }
    }
}
