//! Rules that a fold or a caller can break, and how the engine answers.

use radslag_kernel::Opened;
use radslag_readmodel::{Cell, CellFault, Error, Op, Projection, Query, Store, Table, Value, bytes, int};

use crate::kit::{ALL, Both, PROJECTION, SIGNATURES, at, dump, known, open, set, signature, words};

#[tokio::test]
async fn rows_and_checkpoint_move_together_or_not_at_all() {
    let both = Both::new();
    for store in both.stores().await {
        assert_eq!(store.checkpoint().await.unwrap(), at(0));
        store.apply(vec![set(signature(1, 1), vec![("state", open(1))])], at(0), at(5)).await.unwrap();
        let before = dump(&store).await;
        let late = store.apply(vec![set(signature(1, 2), vec![])], at(4), at(6)).await;
        assert!(
            matches!(late, Err(Error::CheckpointMoved { expected, found, .. }) if (expected, found) == (at(4), at(5)))
        );
        assert_eq!(dump(&store).await, before);
        assert_eq!(store.checkpoint().await.unwrap(), at(5));
    }
}

#[tokio::test]
async fn a_second_opening_goes_on_where_the_first_was() {
    let both = Both::new();
    for backend in &both.backends {
        let first = both.store(backend).await;
        first.apply(vec![set(signature(1, 1), vec![])], at(0), at(1)).await.unwrap();
        let second = both.store(backend).await;
        assert_eq!(second.checkpoint().await.unwrap(), at(1));
        assert_eq!(dump(&second).await, dump(&first).await);
    }
}

#[tokio::test]
async fn whoever_only_reads_makes_nothing_and_sees_what_the_writer_writes() {
    let both = Both::new();
    let sqlite = &both.backends[0];
    let to_read = || Store::open_to_read(sqlite, &both.tenant, "petitions", &PROJECTION);
    assert!(to_read().await.unwrap().is_none(), "nothing is there yet, and nothing is made");
    let writing = both.store(sqlite).await;
    let reading = to_read().await.unwrap().unwrap();
    writing.apply(vec![set(signature(1, 1), vec![])], at(0), at(1)).await.unwrap();
    assert_eq!(reading.checkpoint().await.unwrap(), at(1));
    assert_eq!(dump(&reading).await, dump(&writing).await);
    assert!(reading.apply(vec![], at(1), at(2)).await.is_err());
}

#[tokio::test]
async fn a_fold_that_mixes_sealed_and_open_is_named() {
    let both = Both::new();
    let sealed = || Cell::Sealed(Opened::Known(Value::Int(1)));
    let add = |column| Op::Add { table: &SIGNATURES, key: signature(1, 1), column, delta: 1 };
    let faults = [
        (set(signature(1, 1), vec![("state", sealed())]), "state", CellFault::SealedInOpen),
        (set(signature(1, 1), vec![("area", Cell::Open(words("x")))]), "area", CellFault::OpenInSealed),
        (set(signature(1, 1), vec![("number", sealed())]), "number", CellFault::KeyColumn),
        (set(signature(1, 1), vec![("colour", open(1))]), "colour", CellFault::NoColumn),
        (set(signature(1, 1), vec![("state", Cell::Open(words("x")))]), "state", CellFault::Kind),
        (set(signature(1, 1), vec![("area", known(Value::Int(1)))]), "area", CellFault::Kind),
        (add("area"), "area", CellFault::NotAddable),
        (add("number"), "number", CellFault::KeyColumn),
    ];
    for store in both.stores().await {
        for (op, expected, rule) in &faults {
            let live = store.apply(vec![op.clone()], at(0), at(1)).await.unwrap_err();
            let rebuilt =
                store.rebuild(crate::kit::options(1 << 20)).unwrap().push(vec![op.clone()]).unwrap_err();
            for error in [live, rebuilt] {
                let Error::Cell { projection, table, column, fault } = error else { panic!("{error}") };
                assert_eq!(
                    (projection, &table[..], &column[..], fault),
                    ("lists", "signatures", *expected, *rule)
                );
            }
        }
        assert_eq!(store.checkpoint().await.unwrap(), at(0));
    }
}

#[tokio::test]
async fn a_key_has_every_column_and_no_null() {
    let both = Both::new();
    let store = both.store(&both.backends[0]).await;
    for key in [
        vec![],
        vec![Value::Bytes(vec![])],
        vec![Value::Bytes(vec![]), Value::Null],
        vec![Value::Int(1), Value::Int(1)],
    ] {
        let error = store.apply(vec![set(key, vec![])], at(0), at(1)).await.unwrap_err();
        assert_eq!(error.to_string(), "lists.signatures: the key doesn't fit the table");
    }
}

#[tokio::test]
async fn a_new_version_or_another_look_asks_for_a_rebuild() {
    static NARROW: Table = Table {
        columns: &[bytes("petition"), int("number")],
        sealed_by: None,
        indexes: &[],
        counts: &[],
        ..SIGNATURES
    };
    let both = Both::new();
    for backend in &both.backends {
        let old = both.store(backend).await;
        assert!(!old.is_stale().await.unwrap());
        let newer = Projection { version: 2, ..PROJECTION };
        let other = Projection { tables: const { &[&NARROW] }, views: &[], ..PROJECTION };
        for projection in [newer, other] {
            let store = Store::open(backend, &both.tenant, "petitions", &projection).await.unwrap();
            assert!(store.is_stale().await.unwrap());
            assert!(matches!(store.apply(vec![], at(0), at(1)).await, Err(Error::Stale { found: 1, .. })));
            let rebuilt =
                store.rebuild(crate::kit::options(1 << 20)).unwrap().finish(at(3), &|_| {}).await.unwrap();
            assert!(matches!(rebuilt.compare(&store).await, Err(Error::Stale { .. })));
            rebuilt.discard().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_query_is_the_same_on_both_and_takes_nulls() {
    const FOUND: Query = Query::new(
        "found",
        "SELECT number, CAST(SUM(visits) AS BIGINT) AS visits, COUNT(*) AS n FROM signatures \
         WHERE (state = $1 OR $1 IS NULL) AND number > $2 - 1 GROUP BY number ORDER BY number LIMIT $3",
    );
    let both = Both::new();
    for store in both.stores().await {
        let row = |number| {
            set(signature(1, number), vec![("state", open(number % 2)), ("visits", open(number * 10))])
        };
        store.apply((0..6).map(row).collect(), at(0), at(6)).await.unwrap();
        let odd = store.query(&FOUND, &[Value::Int(1), Value::Int(2), Value::Int(9)]).await.unwrap();
        let found: Vec<_> =
            odd.iter().map(|row| (row.int("number").unwrap(), row.int("visits").unwrap())).collect();
        assert_eq!(found, [(3, 30), (5, 50)]);
        let all = store.query(&FOUND, &[Value::Null, Value::Int(0), Value::Int(4)]).await.unwrap();
        assert_eq!(all.len(), 4);
        assert_eq!(all[0].int("n").unwrap(), 1);
        let real = Query::new("real", "SELECT CAST(number AS double precision) AS r FROM signatures");
        assert!(matches!(store.query(&real, &[]).await, Err(Error::Column { query: "real", .. })));
    }
}

#[tokio::test]
async fn queries_asked_together_answer_as_of_one_checkpoint() {
    const ROWS: Query = Query::new("rows", "SELECT number FROM signatures");
    const TOTAL: Query = Query::new("total", "SELECT COUNT(*) AS n FROM signatures");
    let both = Both::new();
    for store in both.stores().await {
        let writing = async {
            for number in 0..300 {
                let row = set(signature(1, number), vec![("state", open(1))]);
                store.apply(vec![row], at(number as u64), at(number as u64 + 1)).await.unwrap();
            }
        };
        let reading = async {
            for _ in 0..200 {
                let asked = [(&ROWS, vec![]), (&TOTAL, vec![]), (&ROWS, vec![])];
                let [first, total, last] = store.query_all(asked).await.unwrap();
                let total = total[0].int("n").unwrap() as usize;
                assert_eq!((first.len(), last.len()), (total, total));
            }
        };
        tokio::join!(writing, reading);
    }
}

#[tokio::test]
async fn a_nul_in_a_text_does_not_stop_a_projection() {
    let both = Both::new();
    for store in both.stores().await {
        let cell = known(words("a\0b"));
        store
            .apply(vec![set(signature(1, 1), vec![("area", cell), ("slot", open(1))])], at(0), at(1))
            .await
            .unwrap();
        assert_eq!(store.query(&ALL[0], &[]).await.unwrap()[0].text("area").unwrap(), "a\u{fffd}b");
    }
}

#[tokio::test]
async fn one_batch_of_two_writers_is_written() {
    let both = Both::new();
    for backend in &both.backends {
        let (a, b) = (both.store(backend).await, both.store(backend).await);
        let batch = |number| vec![set(signature(1, number), vec![])];
        let (first, second) = tokio::join!(a.apply(batch(1), at(0), at(1)), b.apply(batch(2), at(0), at(1)));
        assert!(first.is_ok() != second.is_ok());
        assert_eq!(a.query(&ALL[0], &[]).await.unwrap().len(), 1);
    }
}
