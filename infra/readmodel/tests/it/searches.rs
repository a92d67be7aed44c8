//! Words: found in both databases, in the same rows, while their texts are there and public.

use radslag_readmodel::{
    Cell, Error, Op, Projection, Query, Search, Store, Table, Value, Words, int, newest, text,
    words as words_of, words::SEARCHED,
};

use crate::kit::{
    Both, PETITIONS, at, found_petitions, found_signatures, gone, known, open, options, set, signature, words,
};

fn petition(key: &str, title: &str, signatures: i64) -> Op {
    let cells = vec![("title", Cell::Open(words(title))), ("signatures", open(signatures))];
    Op::Set { table: &PETITIONS, key: vec![words(key)], cells }
}

fn keys(rows: &[Vec<Value>]) -> Vec<&str> {
    let key = |row: &Vec<Value>| {
        row.first().map(|key| if let Value::Text(key) = key { key.clone() } else { String::new() })
    };
    let keys: Vec<String> = rows.iter().filter_map(key).collect();
    keys.into_iter().map(|key| &*key.leak()).collect()
}

fn titles() -> Vec<Op> {
    vec![
        petition("a", "Fler cykelbanor i Malmö", 1),
        petition("b", "Cykelbanan genom parken", 1),
        petition("c", "Benches in every park", 1),
        petition("d", "Cykelbanor för ingen", 0),
    ]
}

#[tokio::test]
async fn a_word_is_found_in_its_other_forms_and_while_it_is_typed() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(titles(), at(0), at(4)).await.unwrap();
        for (text, expected) in [
            ("cykelbana", &["a", "b"][..]),
            ("CYKELBANOR malmö", &["a"]),
            ("cykelb", &["a", "b"]),
            ("bench", &["c"]),
            ("park", &["b", "c"]),
            ("malmo", &[]),
            ("ykelbana", &[]),
            ("", &[]),
        ] {
            assert_eq!(keys(&found_petitions(&store, &Search::all(text), 0).await), expected, "{text}");
        }
        let like = Search::like("En cykelbana till parken", 30);
        assert_eq!(keys(&found_petitions(&store, &like, 0).await), ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_text_is_searched_only_while_it_is_public() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(titles(), at(0), at(4)).await.unwrap();
        let search = Search::all("ingen");
        assert_eq!(found_petitions(&store, &search, -1).await.len(), 0);
        store.apply(vec![petition("d", "Cykelbanor för ingen", 2)], at(4), at(5)).await.unwrap();
        assert_eq!(keys(&found_petitions(&store, &search, -1).await), ["d"]);
        let hidden =
            Op::Set { table: &PETITIONS, key: vec![words("d")], cells: vec![("signatures", open(0))] };
        store.apply(vec![hidden], at(5), at(6)).await.unwrap();
        assert_eq!(found_petitions(&store, &search, -1).await.len(), 0);
    }
}

#[tokio::test]
async fn a_destroyed_key_takes_the_words_along() {
    let both = Both::new();
    for store in both.stores().await {
        let row = |number, slot| {
            set(signature(1, number), vec![("slot", open(slot)), ("area", known(words("Limhamn")))])
        };
        store.apply(vec![row(1, 7), row(2, 8)], at(0), at(2)).await.unwrap();
        assert_eq!(found_signatures(&store, &Search::all("limhamn")).await.len(), 2);
        store.apply(vec![gone(7)], at(2), at(3)).await.unwrap();
        assert_eq!(found_signatures(&store, &Search::all("limhamn")).await, [signature(1, 2)]);
    }
}

#[tokio::test]
async fn a_rebuilt_index_finds_what_the_live_one_finds() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(titles(), at(0), at(4)).await.unwrap();
        let before = found_petitions(&store, &Search::all("cykelbana"), 0).await;
        let mut rebuild = store.rebuild(options(1 << 20)).unwrap();
        rebuild.push(titles()).unwrap();
        rebuild.finish(at(4), &|_| {}).await.unwrap().promote(&store).await.unwrap();
        assert_eq!(found_petitions(&store, &Search::all("cykelbana"), 0).await, before);
        // It is kept from there on.
        store
            .apply(vec![Op::Remove { table: &PETITIONS, key: vec![words("a")] }], at(4), at(5))
            .await
            .unwrap();
        assert_eq!(keys(&found_petitions(&store, &Search::all("cykelbana"), 0).await), ["b"]);
    }
}

#[tokio::test]
async fn a_text_that_says_it_more_often_is_more_relevant() {
    const RANKED: Query = Query::new(
        "ranked",
        "SELECT key, relevance FROM words_petitions($1) AS p ORDER BY relevance DESC, key",
    );
    let both = Both::new();
    for store in both.stores().await {
        let mut all = titles();
        all.push(petition("e", "Lekplats lekplats", 1));
        all.push(petition("f", "Lekplats igen", 1));
        all.extend((0..20).map(|n| petition(&format!("z{n}"), "Något helt annat", 1)));
        store.apply(all, at(0), at(5)).await.unwrap();
        let rows = store.search(&RANKED, &Search::all("lekplats"), &[]).await.unwrap();
        assert_eq!(rows[0].text("key").unwrap(), "e");
        assert!(rows.iter().all(|row| row.int("relevance").unwrap() > 0));
        let unsearched = Query::new("unsearched", "SELECT key FROM petitions");
        let error = store.search(&unsearched, &Search::all("x"), &[]).await.unwrap_err();
        assert!(matches!(error, Error::NoWords { query: "unsearched" }));
    }
}

/// Petitions by when they came.
static NOTES: Table = Table {
    name: "notes",
    columns: &[
        text("key"),
        newest("came"),
        int("open"),
        text("title"),
        text("body"),
        words_of("title_words", &Words { of: &["title"], only: None }),
        words_of("body_words", &Words { of: &["body"], only: None }),
    ],
    key: 1,
    sealed_by: None,
    indexes: &[],
    counts: &[],
};
const NOTED: Projection<()> =
    Projection { name: "notes", version: 1, tables: &[&NOTES], views: &[], fold: |_, _| {} };

fn note(number: i64, open_or_not: i64, title: &str) -> Op {
    // Keys in another order than they came.
    let key = vec![words(&format!("{:05}", number * 7_919 % 10_007))];
    let cells =
        vec![("came", open(number)), ("open", open(open_or_not)), ("title", Cell::Open(words(title)))];
    Op::Set { table: &NOTES, key, cells }
}

#[tokio::test]
async fn of_too_many_the_newest_that_meet_the_condition_are_looked_at_live_and_rebuilt() {
    const FOUND: Query = Query::new(
        "open notes",
        "SELECT came, COUNT(*) OVER () AS total FROM words_notes($1, open = $2 AND (came <> 3)) AS n ORDER BY came LIMIT 2",
    );
    let both = Both::new();
    let most = i64::try_from(SEARCHED).unwrap();
    let all: Vec<Op> = (1..=2 * most + 10).map(|n| note(n, n % 2, "Bänkar")).collect();
    let end = at(all.len() as u64);
    for backend in &both.backends {
        let store = Store::open(backend, &both.tenant, "notes", &NOTED).await.unwrap();
        let found = async || {
            let rows = store.search(&FOUND, &Search::all("bänk"), &[Value::Int(1)]).await.unwrap();
            (rows[0].int("total").unwrap(), rows[0].int("came").unwrap())
        };
        store.apply(all[..2 * SEARCHED as usize].to_vec(), at(0), at(2 * SEARCHED)).await.unwrap();
        store.apply(all[2 * SEARCHED as usize..].to_vec(), at(2 * SEARCHED), end).await.unwrap();
        assert_eq!(found().await, (most, 11));
        let mut rebuild = store.rebuild(options(1 << 20)).unwrap();
        rebuild.push(all.clone()).unwrap();
        let generation = rebuild.finish(end, &|_| {}).await.unwrap();
        assert_eq!(generation.compare(&store).await.unwrap().total, 0);
        generation.promote(&store).await.unwrap();
        assert_eq!(found().await, (most, 11));
    }
}

#[tokio::test]
async fn what_resembles_a_title_is_looked_for_in_titles_alone() {
    const FOUND: Query = Query::new("alike", "SELECT came FROM words_notes($1) AS n ORDER BY came");
    let written = |number, title, body| {
        let Op::Set { table, key, mut cells } = note(number, 1, title) else { unreachable!() };
        cells.push(("body", Cell::Open(words(body))));
        Op::Set { table, key, cells }
    };
    let alike = async |store: &Store| {
        let rows = store.search(&FOUND, &Search::like("Bänkar", 30), &[]).await.unwrap();
        rows.iter().map(|row| row.int("came").unwrap()).collect::<Vec<_>>()
    };
    let both = Both::new();
    for backend in &both.backends {
        let store = Store::open(backend, &both.tenant, "notes", &NOTED).await.unwrap();
        let all = || vec![written(1, "Bänkar", "Vid torget."), written(2, "Torget", "Bänkar, bänkar.")];
        store.apply(all(), at(0), at(2)).await.unwrap();
        assert_eq!(alike(&store).await, [1]);
        // Only a text changed, then only a title.
        store.apply(vec![written(1, "Bänkar", "I parken.")], at(2), at(3)).await.unwrap();
        assert_eq!(alike(&store).await, [1]);
        store.apply(vec![written(2, "Torgets bänkar", "Bänkar, bänkar.")], at(3), at(4)).await.unwrap();
        assert_eq!(alike(&store).await, [1, 2]);
        let gone = vec![Op::Remove { table: &NOTES, key: vec![words("07919")] }];
        store.apply(gone, at(4), at(5)).await.unwrap();
        assert_eq!(alike(&store).await, [2]);
        let mut rebuild = store.rebuild(options(1 << 20)).unwrap();
        rebuild.push(all()).unwrap();
        rebuild.finish(at(5), &|_| {}).await.unwrap().promote(&store).await.unwrap();
        assert_eq!(alike(&store).await, [1]);
    }
}
