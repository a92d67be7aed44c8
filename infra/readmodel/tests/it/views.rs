//! Views for dashboards: what they show, who reads them, and that they follow their tables wherever those go.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use radslag_kit::{Postgres, eventually};
use radslag_readmodel::{
    Projection, Source, Store, View,
    view::{READERS, Rows, both, number, roles},
};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage, error::SqlState};

use crate::kit::{AREAS, Both, PROJECTION, SIGNED, at, known, open, options, set, signature, words};

const BOUNDS: roles::Bounds = roles::Bounds { statement_timeout_ms: 30_000, connections: 9 };

fn server() -> &'static Postgres {
    Postgres::shared().unwrap()
}

/// Makes the roles of some tenants, as an administrator does, one at a time.
fn administrate(tenants: &[&str]) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let sql = roles::statements(READERS, BOUNDS, tenants, &[("petitions", "lists")]).unwrap();
    server().sql(&sql).unwrap();
}

async fn connect(user: &str) -> Client {
    let settings = server().connection().replace("user=postgres", &format!("user={user}"));
    let (client, connection) = tokio_postgres::connect(&settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn reader(tenant: &str) -> Client {
    connect(&roles::role(READERS, tenant)).await
}

/// The rows of an answer, each as its texts.
async fn read(client: &Client, sql: &str) -> Result<Vec<Vec<Option<String>>>, tokio_postgres::Error> {
    let messages = client.simple_query(sql).await?;
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
        }
        _ => None,
    });
    Ok(rows.collect())
}

async fn texts(client: &Client, sql: &str) -> Vec<String> {
    let rows = read(client, sql).await.unwrap_or_else(|error| panic!("{sql}: {:?}", error.as_db_error()));
    rows.into_iter()
        .map(|row| row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("|"))
        .collect()
}

async fn refused(client: &Client, sql: &str) -> SqlState {
    let error = read(client, sql).await.err().unwrap_or_else(|| panic!("{sql} was done"));
    error.code().unwrap_or_else(|| panic!("{sql}: {error}")).clone()
}

async fn on_postgres(both: &Both) -> Store {
    both.store(&both.backends[1].in_zone("Europe/Stockholm")).await
}

fn source(recorded_at: u64) -> Source {
    Source { said: "told".into(), recorded_at }
}

/// Three signatures, two of them from one area.
async fn signed(store: &Store) {
    let row = |number: i64, area: &str| {
        let cells = vec![
            // 2024-06-01 22:00 UTC: in Stockholm it is midnight.
            ("slot", open(477_022)),
            ("state", open(number % 2)),
            ("counts", open(1)),
            ("visits", open(1_717_279_199_000)),
            ("area", known(words(area))),
        ];
        set(signature(7, number), cells)
    };
    let ops = vec![row(1, "Husie"), row(2, "Husie"), row(3, "Centrum")];
    store.apply_of(ops, at(0), at(3), source(1_717_279_200_123)).await.unwrap();
}

#[tokio::test]
async fn a_view_shows_words_in_both_languages_local_dates_and_how_fresh_it_is() {
    let both = Both::new();
    let store = on_postgres(&both).await;
    signed(&store).await;
    let client = connect("postgres").await;
    let schema = format!("{}_petitions_lists", both.tenant);
    client.batch_execute(&format!("SET search_path TO {schema}; SET timezone TO 'UTC'")).await.unwrap();
    let columns = "tenant, state, state_sv, state_en, visited_at, visited_on, begun_at, begun_on, signed_at, signed_on, \
                   until, late, signatures, as_of_position, as_of";
    let rows = texts(&client, &format!("SELECT {columns} FROM bi_signed ORDER BY state")).await;
    let rest = "2024-06-01 21:59:59+00|2024-06-01|2024-06-01 22:00:00+00|2024-06-02|2024-06-01 22:00:00+00|2024-06-02|\
                2024-02-29|t";
    let read = "3|2024-06-01 22:00:00.123+00";
    let tenant = &both.tenant;
    assert_eq!(
        rows,
        [
            format!("{tenant}|0|Ny|New|{rest}|1|{read}"),
            format!("{tenant}|1|'Åter'|It's back|{rest}|2|{read}")
        ]
    );
    let areas = texts(&client, "SELECT petition, area, signatures FROM bi_areas ORDER BY area").await;
    assert_eq!(areas, ["070007|Centrum|1", "070007|Husie|2"]);
    let more = vec![set(signature(7, 4), vec![("state", open(5))])];
    store.apply(more, at(3), at(4)).await.unwrap();
    let unnamed =
        texts(&client, "SELECT state, state_sv, state_en, as_of FROM bi_signed WHERE state = '5'").await;
    assert_eq!(unnamed, ["5|5|5|"], "a word that nobody calls anything stays as it is; nobody said when");
}

#[tokio::test]
async fn the_dictionary_is_what_the_database_has() {
    let both = Both::new();
    on_postgres(&both).await;
    let client = connect("postgres").await;
    for view in [&AREAS, &SIGNED] {
        let sql = format!(
            "SELECT column_name, data_type, col_description(format('%I.%I', table_schema, table_name)::regclass, ordinal_position) \
             FROM information_schema.columns WHERE table_schema = '{}_petitions_lists' AND table_name = '{}' ORDER BY ordinal_position",
            both.tenant, view.name
        );
        let entries = view.entries();
        let told =
            entries.iter().map(|one| format!("{}|{}|{} ({})", one.name, one.kind, one.en, one.unit.en));
        assert_eq!(texts(&client, &sql).await, told.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_reader_reads_the_views_of_its_tenant_and_nothing_else() {
    let (both, other) = (Both::new(), Both::new());
    administrate(&[&both.tenant, &other.tenant]);
    let (store, _elsewhere) = (on_postgres(&both).await, on_postgres(&other).await);
    signed(&store).await;
    let client = reader(&both.tenant).await;
    assert_eq!(texts(&client, "SELECT area FROM bi_areas ORDER BY area").await, ["Centrum", "Husie"]);
    let schema = format!("{}_petitions_lists", both.tenant);
    let theirs = format!("{}_petitions_lists", other.tenant);
    // What it may read at all is the views, and only its own.
    let readable = "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace \
                    WHERE relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') \
                    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT') ORDER BY relname";
    assert_eq!(texts(&client, readable).await, ["bi_areas", "bi_signed"]);
    for table in ["signatures", "petitions", "areas", "states", "count_block", "_meta"] {
        let denied = refused(&client, &format!("SELECT * FROM {schema}.{table}")).await;
        assert_eq!(denied, SqlState::INSUFFICIENT_PRIVILEGE, "{table}");
    }
    assert_eq!(
        refused(&client, &format!("SELECT * FROM {theirs}.bi_areas")).await,
        SqlState::INSUFFICIENT_PRIVILEGE
    );
    assert_eq!(refused(&client, "SET ROLE postgres").await, SqlState::INSUFFICIENT_PRIVILEGE);
    // It writes nothing, also where it takes off the mark of a session that only reads.
    for session in ["on", "off"] {
        client.batch_execute(&format!("SET default_transaction_read_only = {session}")).await.unwrap();
        for write in [
            "INSERT INTO bi_areas (petition) VALUES ('1')".to_owned(),
            "UPDATE bi_areas SET area = ''".into(),
            "DELETE FROM bi_signed".into(),
            format!("DELETE FROM {schema}.signatures"),
            format!("CREATE TABLE {schema}.mine (a int)"),
            "CREATE SCHEMA mine".into(),
            format!("DROP VIEW {schema}.bi_areas"),
        ] {
            let state = refused(&client, &write).await;
            let of_views = [SqlState::FEATURE_NOT_SUPPORTED, SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE];
            let known = [SqlState::INSUFFICIENT_PRIVILEGE, SqlState::READ_ONLY_SQL_TRANSACTION];
            assert!(known.contains(&state) || of_views.contains(&state), "{write}: {state:?}");
        }
    }
    let shown =
        texts(&client, "SELECT current_setting('statement_timeout'), current_setting('search_path')").await;
    assert_eq!(shown, [format!("30s|{schema}")]);
    client.batch_execute("SET statement_timeout = '20ms'").await.unwrap();
    assert_eq!(refused(&client, "SELECT pg_sleep(60)").await, SqlState::QUERY_CANCELED);
    // The installation's own may read each by its schema.
    let everywhere = connect(READERS).await;
    for schema in [&schema, &theirs] {
        texts(&everywhere, &format!("SELECT * FROM {schema}.bi_areas")).await;
        let denied = refused(&everywhere, &format!("SELECT * FROM {schema}.signatures")).await;
        assert_eq!(denied, SqlState::INSUFFICIENT_PRIVILEGE);
    }
}

#[tokio::test]
async fn the_administrators_statements_can_be_run_again_and_let_in_who_comes_late() {
    let both = Both::new();
    let store = on_postgres(&both).await;
    signed(&store).await;
    // Views were there before their reader.
    administrate(&[&both.tenant]);
    administrate(&[&both.tenant]);
    assert_eq!(texts(&reader(&both.tenant).await, "SELECT area FROM bi_areas").await.len(), 2);
    // A reader was there, but may read nothing: the next start lets it in.
    let role = roles::role(READERS, &both.tenant);
    server().sql(&format!("REVOKE ALL ON SCHEMA {}_petitions_lists FROM {role}", both.tenant)).unwrap();
    assert!(read(&reader(&both.tenant).await, "SELECT * FROM bi_areas").await.is_err());
    on_postgres(&both).await;
    assert_eq!(texts(&reader(&both.tenant).await, "SELECT area FROM bi_areas").await.len(), 2);
}

/// Reads until it is told to stop; every answer must be whole. How often it read.
async fn reading(tenant: &str, sql: &str, expected: &[&str], stop: &AtomicBool, reads: &AtomicU64) {
    let client = reader(tenant).await;
    let prepared = client.prepare(sql).await.unwrap();
    while !stop.load(Ordering::Relaxed) {
        assert_eq!(texts(&client, sql).await, expected);
        assert_eq!(client.query(&prepared, &[]).await.unwrap().len(), expected.len());
        reads.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_read_fails_while_a_rebuild_changes_places() {
    let both = Both::new();
    administrate(&[&both.tenant]);
    let store = on_postgres(&both).await;
    signed(&store).await;
    let (stop, reads) = (AtomicBool::new(false), AtomicU64::new(0));
    let one = "SELECT area FROM bi_areas ORDER BY area";
    // Two views of one generation: whoever deletes it must never hold what the other half of the read waits for.
    let two =
        "SELECT s.state FROM bi_signed AS s CROSS JOIN (SELECT count(*) FROM bi_areas) AS a ORDER BY s.state";
    let changing = async {
        for _ in 0..40 {
            let mut rebuild = store.rebuild(options(1 << 16)).unwrap();
            for number in 1..4 {
                let area = if number < 3 { "Husie" } else { "Centrum" };
                let cells = vec![
                    ("state", open(number % 2)),
                    ("counts", open(1)),
                    ("area", known(words(area))),
                    ("slot", open(477_022)),
                ];
                rebuild.push(vec![set(signature(7, number), cells)]).unwrap();
            }
            let before = reads.load(Ordering::Relaxed);
            rebuild.of(Some(source(1))).finish(at(3), &|_| {}).await.unwrap().promote(&store).await.unwrap();
            eventually("a read after the change", async || {
                Ok((reads.load(Ordering::Relaxed) > before + 2).then_some(()))
            })
            .await
            .unwrap();
        }
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(
        changing,
        reading(&both.tenant, one, &["Centrum", "Husie"], &stop, &reads),
        reading(&both.tenant, one, &["Centrum", "Husie"], &stop, &reads),
        reading(&both.tenant, two, &["0", "1"], &stop, &reads),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_holds_on_to_an_old_generation_reads_to_its_end_and_holds_up_nobody() {
    let both = Both::new();
    administrate(&[&both.tenant]);
    let store = on_postgres(&both).await;
    signed(&store).await;
    let deleting = format!(
        "SELECT query FROM pg_stat_activity WHERE query LIKE '%DROP SCHEMA \"{}%' AND pid <> pg_backend_pid() LIMIT 1",
        both.tenant
    );
    // Of a view's tables only some are opened when another generation takes its place.
    let mut slow = connect("postgres").await;
    let schema = format!("{}_petitions_lists", both.tenant);
    slow.batch_execute(&format!("SET search_path TO {schema}")).await.unwrap();
    let long = slow.transaction().await.unwrap();
    assert_eq!(long.query("SELECT value FROM areas", &[]).await.unwrap().len(), 2);
    let mut rebuild = store.rebuild(options(1 << 16)).unwrap();
    rebuild.push(vec![set(signature(2, 2), vec![("counts", open(1))])]).unwrap();
    let rebuilt = rebuild.finish(at(3), &|_| {}).await.unwrap();
    let going_on = async {
        let said = eventually("the old generation to be deleted", async || {
            Ok(Some(server().sql(&deleting)?).filter(|said| !said.is_empty()))
        });
        let old = said.await.unwrap().split('"').nth(1).unwrap().to_owned();
        // Longer than Postgres waits before it ends one of two that wait for each other: whoever deletes gives way.
        for _ in 0..15 {
            let read = format!("SELECT signatures, pg_sleep(0.1) FROM \"{old}\".bi_signed LIMIT 1");
            assert_eq!(long.query(&read, &[]).await.unwrap().len(), 1);
        }
        let quick = reader(&both.tenant).await;
        assert_eq!(texts(&quick, "SELECT petition FROM bi_areas").await, ["020002"], "the new one is live");
        store.apply(vec![set(signature(1, 1), vec![])], at(3), at(4)).await.unwrap();
        drop(long);
    };
    let (promoted, ()) = tokio::join!(rebuilt.promote(&store), going_on);
    promoted.unwrap();
    let schemas = format!("SELECT nspname FROM pg_namespace WHERE nspname LIKE '{}\\_%'", both.tenant);
    assert_eq!(server().sql(&schemas).unwrap().trim(), schema);
}

static FEWER: View = View {
    name: "bi_areas",
    title: both("Områden", "Areas"),
    about: both("Alla underskrifter", "All signatures"),
    from: "areas",
    rows: Rows::Summed,
    columns: &[number("signatures", "rows", both("underskrifter", "signatures"), both("Antal", "How many"))],
    guarded: false,
    seeks: AREAS.seeks,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_described_otherwise_is_replaced_at_the_next_start_and_the_tables_stay() {
    let both = Both::new();
    administrate(&[&both.tenant]);
    let store = on_postgres(&both).await;
    signed(&store).await;
    let newer = Projection { views: const { &[&FEWER] }, ..PROJECTION };
    let client = reader(&both.tenant).await;
    let stop = AtomicBool::new(false);
    let counted = async {
        while !stop.load(Ordering::Relaxed) {
            // In either there are three; a moment without a view there isn't.
            assert_eq!(texts(&client, "SELECT sum(signatures) FROM bi_areas").await, ["3"]);
        }
    };
    let replacing = async {
        for projection in [&newer, &PROJECTION, &newer, &PROJECTION, &newer] {
            let backend = both.backends[1].in_zone("Europe/Stockholm");
            let store = Store::open(&backend, &both.tenant, "petitions", projection).await.unwrap();
            assert_eq!((store.checkpoint().await.unwrap(), store.is_stale().await.unwrap()), (at(3), false));
        }
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(counted, replacing);
    assert!(read(&client, "SELECT area FROM bi_areas").await.is_err(), "the old column is gone");
    assert!(
        read(&client, "SELECT * FROM bi_signed").await.is_err(),
        "a view that isn't described any more is gone"
    );
}

#[tokio::test]
async fn tables_of_another_version_keep_their_views_until_they_are_made_again() {
    let both = Both::new();
    administrate(&[&both.tenant]);
    signed(&on_postgres(&both).await).await;
    let newer = Projection { version: 2, views: const { &[&FEWER] }, ..PROJECTION };
    let backend = both.backends[1].in_zone("Europe/Stockholm");
    let store = Store::open(&backend, &both.tenant, "petitions", &newer).await.unwrap();
    assert!(store.is_stale().await.unwrap());
    let client = reader(&both.tenant).await;
    assert_eq!(
        texts(&client, "SELECT area, signatures FROM bi_areas ORDER BY area").await,
        ["Centrum|1", "Husie|2"]
    );
    let rebuilt = store.rebuild(options(1 << 16)).unwrap().finish(at(3), &|_| {}).await.unwrap();
    rebuilt.promote(&store).await.unwrap();
    assert!(!store.is_stale().await.unwrap());
    assert_eq!(refused(&client, "SELECT area FROM bi_areas").await, SqlState::UNDEFINED_COLUMN);
    assert!(texts(&client, "SELECT signatures FROM bi_areas").await.is_empty());
}

#[tokio::test]
async fn a_zone_that_is_configured_otherwise_moves_the_days() {
    let both = Both::new();
    administrate(&[&both.tenant]);
    signed(&on_postgres(&both).await).await;
    let client = reader(&both.tenant).await;
    let days = "SELECT DISTINCT signed_on FROM bi_signed";
    assert_eq!(texts(&client, days).await, ["2024-06-02"]);
    both.store(&both.backends[1].in_zone("America/New_York")).await;
    assert_eq!(texts(&client, days).await, ["2024-06-01"]);
}

#[tokio::test]
async fn what_a_view_is_asked_for_is_found_by_an_index() {
    let both = Both::new();
    let _store = on_postgres(&both).await;
    let client = connect("postgres").await;
    let schema = format!("{}_petitions_lists", both.tenant);
    let fill = format!(
        "SET search_path TO {schema}; INSERT INTO areas SELECT sha256(n::text::bytea), n::text, 1 FROM generate_series(1, 20000) AS n; \
         ANALYZE areas"
    );
    client.batch_execute(&fill).await.unwrap();
    let plan =
        texts(&client, "EXPLAIN SELECT signatures FROM bi_areas WHERE petition = 'ab'").await.join("\n");
    assert!(plan.contains("_seek_0_areas"), "{plan}");
}
