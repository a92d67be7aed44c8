//! Counts as of any position or instant.

use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{AsOf, Bucket, Count, Error, Store};

use crate::kit::{Both, at, count, options};

const OF: AggregateId = AggregateId::from_bytes([1; 16]);

/// 3,000 changes: two blocks and a piece; positions 0, 2, 4, ..., an hour for every 100.
fn changes() -> Vec<(u64, u64, i32)> {
    (0..3000).map(|n| (n * 2, 1_000 + n * 36_000, if n % 7 == 3 { -1 } else { 1 })).collect()
}

async fn filled(store: &Store) {
    let mut next = 0;
    for (cut, changes) in changes().chunks(777).enumerate() {
        let ops = changes.iter().flat_map(|(p, t, d)| [count(1, *p, *t, *d), count(2, *p, *t, 1)]).collect();
        let to = (cut as u64 + 1) * 10;
        store.apply(ops, at(next), at(to)).await.unwrap();
        next = to;
    }
}

async fn holds(store: &Store) {
    let sum = |until: &dyn Fn(&(u64, u64, i32)) -> bool| {
        let counted: Vec<_> = changes().into_iter().filter(|change| until(change)).collect();
        let count = counted.iter().map(|change| i64::from(change.2)).sum();
        Count { count, position: counted.last().map(|change| (0, change.0)) }
    };
    assert_eq!(store.count_at(OF, AsOf::Now).await.unwrap(), sum(&|_| true));
    for position in [0, 1, 2, 2046, 2047, 2048, 2049, 4096, 5998, 5999, 1 << 40, u64::MAX] {
        let found = store.count_at(OF, AsOf::Position(position)).await.unwrap();
        assert_eq!(found, sum(&|change| change.0 <= position), "at {position}");
    }
    for millis in [0, 999, 1_000, 36_999, 37_000, 1_000 + 1_023 * 36_000, 1_000 + 1_024 * 36_000, u64::MAX] {
        let found = store.count_at(OF, AsOf::Recorded(Instant::from_millis(millis))).await.unwrap();
        assert_eq!(found, sum(&|change| change.1 <= millis), "at {millis} ms");
    }
    let nobody = AggregateId::from_bytes([9; 16]);
    assert_eq!(store.count_at(nobody, AsOf::Now).await.unwrap(), Count::default());
}

#[tokio::test]
async fn a_count_is_exact_as_of_any_position_and_instant() {
    let both = Both::new();
    for store in both.stores().await {
        filled(&store).await;
        holds(&store).await;
        let mut rebuild = store.rebuild(options(1 << 10)).unwrap();
        for (position, recorded_at, delta) in changes() {
            rebuild
                .push(vec![count(1, position, recorded_at, delta), count(2, position, recorded_at, 1)])
                .unwrap();
        }
        let rebuilt = rebuild.finish(at(40), &|_| {}).await.unwrap();
        assert_eq!(rebuilt.compare(&store).await.unwrap().differences, []);
        rebuilt.promote(&store).await.unwrap();
        holds(&store).await;
    }
}

#[tokio::test]
async fn the_history_by_hour_adds_up() {
    let both = Both::new();
    for store in both.stores().await {
        filled(&store).await;
        let hour = 3_600_000;
        let (from, to) = (Instant::from_millis(1_000 + 10 * hour), Instant::from_millis(1_000 + 25 * hour));
        let history = store.count_history(OF, hour, from, to).await.unwrap();
        let expected: Vec<Bucket> = (10..25)
            .map(|h| {
                let until = |n| changes()[..n].iter().map(|change| i64::from(change.2)).sum::<i64>();
                let (before, count) = (until(h * 100), until(h * 100 + 100));
                Bucket { from: Instant::from_millis(1_000 + h as u64 * hour), delta: count - before, count }
            })
            .collect();
        assert_eq!(history, expected);
        assert_eq!(store.count_history(OF, hour, to, from).await.unwrap(), []);
        let all = store
            .count_history(OF, u64::MAX, Instant::default(), Instant::from_millis(u64::MAX))
            .await
            .unwrap();
        assert_eq!(all.len(), 1);
    }
}

#[tokio::test]
async fn a_count_never_goes_back_in_the_log() {
    let both = Both::new();
    for store in both.stores().await {
        store.apply(vec![count(1, 8, 0, 1)], at(0), at(9)).await.unwrap();
        let late = store.apply(vec![count(1, 7, 0, 1)], at(9), at(10)).await;
        assert!(matches!(late, Err(Error::CountOutOfOrder { position: 7, .. })));
    }
}
