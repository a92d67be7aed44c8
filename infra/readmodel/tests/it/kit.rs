//! A projection to test with, and the two databases that keep it.

use std::sync::atomic::{AtomicU32, Ordering};

use radslag_kernel::{AggregateId, KeyRef, Opened};
use radslag_kit::Postgres;
use radslag_readmodel::{
    Backend, Cell, Checkpoint, CountBy, Op, Options, Projection, Query, Search, Store, Table, Value, View,
    Words, bytes, int, sealed, text,
    view::{self, Called, Rows, Seek, Shows, both},
    words as words_of,
};

pub(crate) static SIGNATURES: Table = Table {
    name: "signatures",
    columns: &[
        bytes("petition"),
        int("number"),
        int("slot"),
        int("state"),
        int("counts"),
        int("visits"),
        sealed(text("area")),
        sealed(bytes("name")),
        words_of("area_words", &Words { of: &["area"], only: None }),
    ],
    key: 2,
    sealed_by: Some("slot"),
    indexes: &[&["state", "number"]],
    counts: &[
        CountBy { into: "areas", group: &["petition"], column: "area", only: Some("counts") },
        CountBy { into: "states", group: &[], column: "state", only: None },
        CountBy { into: "visits", group: &["state", "number"], column: "visits", only: None },
    ],
};

pub(crate) static PETITIONS: Table = Table {
    name: "petitions",
    columns: &[
        text("key"),
        int("signatures"),
        text("title"),
        bytes("hash"),
        words_of("title_words", &Words { of: &["title"], only: Some("signatures") }),
    ],
    key: 1,
    sealed_by: None,
    indexes: &[],
    counts: &[],
};

pub(crate) const PROJECTION: Projection<()> = Projection {
    name: "lists",
    version: 1,
    tables: &[&SIGNATURES, &PETITIONS],
    views: &[&AREAS, &SIGNED],
    fold: |_, _| {},
};

fn states() -> Vec<Called> {
    vec![Called::new("0", "Ny", "New"), Called::new("1", "'Åter'", "It's back")]
}

/// How many there are of each area, by what the engine counts.
pub(crate) static AREAS: View = View {
    name: "bi_areas",
    title: both("Områden", "Areas"),
    about: both("Underskrifter per område", "Signatures by area"),
    from: "areas",
    rows: Rows::Each,
    columns: &[
        view::id("petition", "petition", both("Initiativet", "The petition")),
        view::text("area", "value", both("Området", "The area")),
        view::number("signatures", "rows", both("underskrifter", "signatures"), both("Antal", "How many")),
    ],
    guarded: false,
    seeks: &[Seek { table: "areas", by: &[Shows::Id("petition")] }],
};

/// Every sort of column.
pub(crate) static SIGNED: View = View {
    name: "bi_signed",
    title: both("Underskrifter", "Signatures"),
    about: both("Alla 'sorter'", "All 'sorts'"),
    from: "signatures WHERE number < 9000",
    rows: Rows::Summed,
    columns: &[
        view::word("state", "state", states, both("Läget", "The state")),
        view::moment("visited", "visits", both("Besökt", "Visited")),
        view::hour("begun", "slot", both("Börjad", "Begun")),
        view::day("signed", "slot", both("Undertecknad", "Signed")),
        view::date("until", "CASE WHEN slot > 0 THEN '2024-02-29' END", both("Till", "Until")),
        view::truth("late", "CAST('2024-02-29' AS date) < {today}", both("Sen", "Late")),
        view::number("signatures", "1", both("underskrifter", "signatures"), both("Antal", "How many")),
    ],
    guarded: true,
    seeks: &[],
};

/// Every row of every table, in key order.
pub(crate) const ALL: [Query; 6] = [
    Query::new("signatures", "SELECT * FROM signatures ORDER BY petition, number"),
    Query::new("petitions", "SELECT * FROM petitions ORDER BY key"),
    Query::new("areas", "SELECT * FROM areas ORDER BY petition, value"),
    Query::new("states", "SELECT * FROM states ORDER BY value"),
    Query::new("visits", "SELECT * FROM visits ORDER BY state, number, value"),
    Query::new("count_block", "SELECT * FROM count_block ORDER BY aggregate, block"),
];

pub(crate) fn signature(petition: u8, number: i64) -> Vec<Value> {
    vec![Value::Bytes(vec![petition, 0, petition]), Value::Int(number)]
}

pub(crate) fn set(key: Vec<Value>, cells: Vec<(&'static str, Cell)>) -> Op {
    Op::Set { table: &SIGNATURES, key, cells }
}

pub(crate) fn open(value: i64) -> Cell {
    Cell::Open(Value::Int(value))
}

pub(crate) fn known(value: Value) -> Cell {
    Cell::Sealed(Opened::Known(value))
}

pub(crate) fn words(value: &str) -> Value {
    Value::Text(value.to_owned())
}

pub(crate) fn gone(slot: u64) -> Op {
    Op::Gone { key: KeyRef(slot) }
}

pub(crate) fn count(of: u8, position: u64, recorded_at: u64, delta: i32) -> Op {
    Op::Count { of: AggregateId::from_bytes([of; 16]), origin: 0, position, recorded_at, delta }
}

pub(crate) fn at(next: u64) -> Checkpoint {
    Checkpoint { origin: 0, next }
}

pub(crate) fn options(memory: usize) -> Options {
    Options { memory, ..Options::new(std::env::temp_dir()) }
}

/// Both databases, each under a tenant of its own.
pub(crate) struct Both {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) backends: [Backend; 2],
    pub(crate) tenant: String,
}

impl Both {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let tenant = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = tempfile::tempdir().unwrap();
        let sqlite = Backend::Sqlite { dir: dir.path().to_owned() };
        let postgres = Backend::postgres(&Postgres::shared().unwrap().connection(), 4).unwrap();
        Self { dir, backends: [sqlite, postgres], tenant }
    }

    pub(crate) async fn stores(&self) -> [Store; 2] {
        let [a, b] = &self.backends;
        [self.store(a).await, self.store(b).await]
    }

    pub(crate) async fn store(&self, backend: &Backend) -> Store {
        Store::open(backend, &self.tenant, "petitions", &PROJECTION).await.unwrap()
    }
}

const FOUND: [Query; 2] = [
    Query::new(
        "found signatures",
        "SELECT petition, number FROM words_signatures($1) AS s ORDER BY petition, number",
    ),
    Query::new(
        "found petitions",
        "SELECT key, title FROM words_petitions($1) AS p WHERE signatures > $2 ORDER BY key",
    ),
];

/// The keys of the signatures in whose area a search finds something.
pub(crate) async fn found_signatures(store: &Store, search: &Search) -> Vec<Vec<Value>> {
    let rows = store.search(&FOUND[0], search, &[]).await.unwrap();
    rows.iter().map(|row| row.values().to_vec()).collect()
}

/// The same of petitions with more signatures than so many, by their titles.
pub(crate) async fn found_petitions(store: &Store, search: &Search, above: i64) -> Vec<Vec<Value>> {
    let rows = store.search(&FOUND[1], search, &[Value::Int(above)]).await.unwrap();
    rows.iter().map(|row| row.values().to_vec()).collect()
}

/// The values of every row.
pub(crate) async fn dump(store: &Store) -> Vec<(&'static str, Vec<Vec<Value>>)> {
    let mut all = Vec::new();
    for (query, name) in
        ALL.iter().zip(["signatures", "petitions", "areas", "states", "visits", "count_block"])
    {
        let rows = store.query(query, &[]).await.unwrap();
        all.push((name, rows.iter().map(|row| row.values().to_vec()).collect()));
    }
    all
}
