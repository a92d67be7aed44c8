//! What a destroyed key leaves behind: nothing.

use radslag_readmodel::Value;

use crate::kit::{ALL, Both, at, gone, known, open, set, signature, words};

const NAME: &[u8] = b"Planted Name of Nobody";

fn row(number: i64, slot: i64) -> radslag_readmodel::Op {
    let name = known(Value::Bytes([NAME, &[b'0' + slot as u8]].concat()));
    let cells =
        vec![("slot", open(slot)), ("counts", open(1)), ("area", known(words("Limhamn"))), ("name", name)];
    set(signature(1, number), cells)
}

#[tokio::test]
async fn a_destroyed_key_blanks_its_rows_and_their_counts_become_unknown() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(vec![row(1, 7), row(2, 7), row(3, 8)], at(0), at(3)).await.unwrap();
        // In one batch: a row of before, one of the batch, and one that takes the slot too late.
        let batch = vec![row(4, 7), set(signature(1, 2), vec![("slot", open(8))]), gone(7), row(5, 7)];
        store.apply(batch, at(3), at(6)).await.unwrap();
        let rows = store.query(&ALL[0], &[]).await.unwrap();
        let areas: Vec<_> = rows.iter().map(|row| row.opt_text("area").unwrap()).collect();
        assert_eq!(areas, [None, Some("Limhamn"), Some("Limhamn"), None, Some("Limhamn")]);
        let counts = store.query(&ALL[2], &[]).await.unwrap();
        let counts: Vec<_> =
            counts.iter().map(|row| (row.text("value").unwrap(), row.int("rows").unwrap())).collect();
        assert_eq!(counts, [("", 2), ("Limhamn", 3)]);
    }
}

#[tokio::test]
async fn no_byte_of_a_sqlite_file_remembers_an_erased_name() {
    let both = Both::new();
    let store = both.store(&both.backends[0]).await;
    let names = || {
        let dir = both.dir.path().join(&both.tenant).join("petitions");
        let files: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .collect();
        files.iter().flat_map(|file| file.windows(NAME.len())).filter(|bytes| *bytes == NAME).count()
    };
    let areas = || {
        let dir = both.dir.path().join(&both.tenant).join("petitions");
        let files: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .collect();
        let holds =
            |word: &&[u8]| files.iter().any(|file| file.windows(word.len()).any(|bytes| bytes == *word));
        [&b"Limhamn"[..], b"limhamn"].into_iter().filter(holds).collect::<Vec<_>>()
    };
    let batch = |from: i64| (from..from + 500).map(|number| row(number, number % 2)).collect::<Vec<_>>();
    for from in 0..6 {
        // Descending, so that pages split and move.
        store.apply(batch((6 - from) * 500), at(from as u64), at(from as u64 + 1)).await.unwrap();
    }
    assert!(names() >= 3000);
    assert_eq!(areas().len(), 2, "both forms of the word stand in the index");
    store.apply(vec![gone(0)], at(6), at(7)).await.unwrap();
    store.apply(vec![gone(1)], at(7), at(8)).await.unwrap();
    assert_eq!(names(), 0);
    assert_eq!(areas(), Vec::<&[u8]>::new());
}
