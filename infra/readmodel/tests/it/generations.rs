//! Rebuilt generations: compared, caught up, promoted, thrown away.

use radslag_readmodel::{Error, Op, Phase, Place, Progress};

use crate::kit::{ALL, Both, PETITIONS, at, dump, known, open, options, set, signature, words};

fn ops() -> Vec<Op> {
    let row = |n: i64| {
        let cells = vec![("slot", open(n)), ("state", open(n % 3)), ("area", known(words("x")))];
        let add = Op::Add { table: &PETITIONS, key: vec![words("p")], column: "signatures", delta: 1 };
        [set(signature((n % 5) as u8, n), cells), add]
    };
    (0..5000).flat_map(row).collect()
}

#[tokio::test]
async fn a_comparison_names_table_key_and_column() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(ops(), at(0), at(9)).await.unwrap();
        let mut rebuild = store.rebuild(options(1 << 16)).unwrap();
        rebuild.push(ops()).unwrap();
        rebuild
            .push(vec![set(signature(0, 0), vec![("state", open(9))]), set(signature(9, 9), vec![])])
            .unwrap();
        rebuild.push(vec![Op::Remove { table: &PETITIONS, key: vec![words("p")] }]).unwrap();
        let rebuilt = rebuild.finish(at(9), &|_| {}).await.unwrap();
        let found = rebuilt.compare(&store).await.unwrap();
        let shown: Vec<_> = found.differences.iter().map(|d| (&d.table[..], d.place)).collect();
        let expected = [
            ("signatures", Place::Column("state")),
            ("signatures", Place::OnlyRebuilt),
            ("petitions", Place::OnlyLive),
            ("states", Place::OnlyRebuilt),
            ("states", Place::Column("rows")),
            ("states", Place::OnlyRebuilt),
            ("visits", Place::OnlyRebuilt),
        ];
        assert_eq!(shown[..3], expected[..3]);
        assert_eq!(found.differences[0].key, signature(0, 0));
        assert!(expected.iter().all(|e| shown.contains(e)), "{shown:?}");
        assert!(found.rows > 5000);
        rebuilt.discard().await.unwrap();
    }
}

#[tokio::test]
async fn two_generations_are_compared_at_one_checkpoint_only() {
    let both = Both::new();
    for store in both.stores().await {
        let rebuilt = store.rebuild(options(1 << 16)).unwrap().finish(at(9), &|_| {}).await.unwrap();
        assert!(matches!(rebuilt.compare(&store).await, Err(Error::Apart { .. })));
    }
}

#[tokio::test]
async fn a_generation_is_caught_up_and_takes_over_and_the_old_one_is_removed() {
    let both = Both::new();
    for backend in &both.backends {
        let store = both.store(backend).await;
        store.apply(vec![set(signature(7, 7), vec![])], at(0), at(1)).await.unwrap();
        for round in 1..4 {
            let mut rebuild = store.rebuild(options(1 << 16)).unwrap();
            rebuild.push(ops()).unwrap();
            let rebuilt = rebuild.finish(at(9), &|_| {}).await.unwrap();
            rebuilt.apply(vec![set(signature(8, round), vec![])], at(9), at(10)).await.unwrap();
            rebuilt.promote(&store).await.unwrap();
            assert_eq!(store.checkpoint().await.unwrap(), at(10));
            store.apply(vec![set(signature(9, round), vec![])], at(10), at(11)).await.unwrap();
            assert_eq!(store.query(&ALL[0], &[]).await.unwrap().len(), 5002);
            assert_eq!(dump(&both.store(backend).await).await, dump(&store).await);
        }
    }
    let dir = both.dir.path().join(&both.tenant).join("petitions");
    let mut files: Vec<_> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, ["lists.4.db", "lists.CURRENT"]);
    let schemas = radslag_kit::Postgres::shared().unwrap();
    let found =
        schemas.sql(&format!("SELECT nspname FROM pg_namespace WHERE nspname LIKE '{}\\_%'", both.tenant));
    assert_eq!(found.unwrap().trim(), format!("{}_petitions_lists", both.tenant));
}

#[tokio::test]
async fn a_generation_that_is_not_promoted_leaves_nothing() {
    let both = Both::new();
    let store = both.store(&both.backends[0]).await;
    drop(store.rebuild(options(1 << 16)).unwrap().finish(at(1), &|_| {}).await.unwrap());
    let files = std::fs::read_dir(both.dir.path().join(&both.tenant).join("petitions")).unwrap();
    let databases = files.filter(|file| file.as_ref().unwrap().path().extension() == Some("db".as_ref()));
    assert_eq!(databases.count(), 1);
    assert_eq!(store.checkpoint().await.unwrap(), at(0));
}

#[tokio::test]
async fn progress_reaches_its_total_in_every_phase() {
    let both = Both::new();
    for store in both.stores().await {
        let seen = std::sync::Mutex::new(Vec::new());
        let mut rebuild = store.rebuild(options(1 << 16)).unwrap();
        rebuild.push(ops()).unwrap();
        let see = |progress: Progress| seen.lock().unwrap().push(progress);
        rebuild.finish(at(1), &see).await.unwrap().discard().await.unwrap();
        let seen = seen.into_inner().unwrap();
        assert!(seen.contains(&Progress { phase: Phase::Rows, done: 10_000, total: 10_000 }), "{seen:?}");
        assert_eq!(seen.last(), Some(&Progress { phase: Phase::Saving, done: 1, total: 1 }));
    }
}

#[tokio::test]
async fn readers_never_see_a_gap_while_generations_change() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(ops(), at(0), at(9)).await.unwrap();
        let reading = async {
            for _ in 0..75 {
                assert_eq!(store.query(&ALL[0], &[]).await.unwrap().len(), 5000);
                let both = store.query_all([(&ALL[0], vec![]), (&ALL[0], vec![])]).await.unwrap();
                assert_eq!(both.map(|rows| rows.len()), [5000, 5000]);
            }
        };
        let changing = async {
            for _ in 0..3 {
                let mut rebuild = store.rebuild(options(1 << 20)).unwrap();
                rebuild.push(ops()).unwrap();
                rebuild.finish(at(9), &|_| {}).await.unwrap().promote(&store).await.unwrap();
            }
        };
        tokio::join!(reading, changing);
    }
}
