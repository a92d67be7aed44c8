//! Counts as of any position or instant, and their history: read from `count_block`, one row and one decode.

use radslag_kernel::{AggregateId, Instant};

use crate::{block::Block, error::Result, op::Value, query::Query, row::Row, store::Store};

/// As of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The newest the tables know.
    Now,
    /// After the event at this position. Positions go on across origins, so each stands once.
    Position(u64),
    /// After the last event recorded at or before this instant.
    Recorded(Instant),
}

/// A count, and the change it stands after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Count {
    /// How many.
    pub count: i64,
    /// Origin and position of the last change counted; nothing before the first. The figure holds from there to the
    /// next change.
    pub position: Option<(u32, u64)>,
}

/// What happened to a count in one bucket of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Where the bucket begins.
    pub from: Instant,
    /// By how much the count changed.
    pub delta: i64,
    /// The count at the bucket's end.
    pub count: i64,
}

/// When a count first came to a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// So many.
    pub level: i64,
    /// Origin and position of the change that brought it there.
    pub position: (u32, u64),
    /// When that was recorded.
    pub recorded_at: Instant,
}

const NEWEST: Query = Query::new("count now", include_str!("count/now.sql"));
const AT_POSITION: Query = Query::new("count at a position", include_str!("count/position.sql"));
const AT_INSTANT: Query = Query::new("count at an instant", include_str!("count/instant.sql"));
const FROM: Query = Query::new("count from a block", include_str!("count/from.sql"));
const BETWEEN: Query = Query::new("count between instants", include_str!("count/between.sql"));

impl Store {
    /// The count of an aggregate; 0 if it never changed.
    ///
    /// # Errors
    /// If the database fails, or a row is damaged.
    pub async fn count_at(&self, of: AggregateId, as_of: AsOf) -> Result<Count> {
        let key = Value::Bytes(of.as_bytes().to_vec());
        let rows = match as_of {
            AsOf::Now => self.query(&NEWEST, &[key]).await?,
            AsOf::Position(position) => self.query(&AT_POSITION, &[key, upper(position)]).await?,
            AsOf::Recorded(at) => self.query(&AT_INSTANT, &[key, upper(at.millis())]).await?,
        };
        let Some(row) = rows.first() else { return Ok(Count::default()) };
        let mut found = Count::default();
        let block = self.block(row)?;
        let each = block.each(|tip, _| {
            let counts = match as_of {
                AsOf::Now => true,
                AsOf::Position(position) => tip.position <= position,
                AsOf::Recorded(at) => tip.recorded_at <= at.millis(),
            };
            if counts {
                found = Count { count: tip.count, position: Some((tip.origin, tip.position)) };
            }
        });
        each.ok_or_else(|| self.schema.damaged("a count_block row"))?;
        Ok(found)
    }

    /// The buckets in which an aggregate's count changed, from `from` (where the first begins) to before `to`.
    ///
    /// # Errors
    /// If the database fails, or a row is damaged.
    pub async fn count_history(
        &self,
        of: AggregateId,
        bucket_millis: u64,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<Bucket>> {
        let values = [Value::Bytes(of.as_bytes().to_vec()), upper(from.millis()), upper(to.millis())];
        let bucket_millis = bucket_millis.max(1);
        let (mut buckets, mut end): (Vec<Bucket>, u64) = (Vec::new(), 0);
        for row in self.query(&BETWEEN, &values).await? {
            let each = self.block(&row)?.each(|tip, delta| {
                if tip.recorded_at < from.millis() || tip.recorded_at >= to.millis() {
                    return;
                }
                // A division only where a bucket begins: there are many changes and few buckets.
                match buckets.last_mut().filter(|_| tip.recorded_at < end) {
                    Some(bucket) => {
                        (bucket.delta, bucket.count) = (bucket.delta.wrapping_add(delta), tip.count)
                    }
                    None => {
                        let since = tip.recorded_at - from.millis();
                        let start = from.plus_millis(since - since % bucket_millis);
                        end = start.millis().saturating_add(bucket_millis);
                        buckets.push(Bucket { from: start, delta, count: tip.count });
                    }
                }
            });
            each.ok_or_else(|| self.schema.damaged("a count_block row"))?;
        }
        Ok(buckets)
    }

    /// When an aggregate's count first came to each of some rising levels; the ones it never came to are left out. Reads
    /// blocks only until the last of them.
    ///
    /// # Errors
    /// If the database fails, or a row is damaged.
    pub async fn count_reached(&self, of: AggregateId, levels: &[i64]) -> Result<Vec<Reached>> {
        let mut reached: Vec<Reached> = Vec::new();
        let (mut next, mut level) = (0, levels.first().copied());
        while reached.len() < levels.len() {
            let values = [Value::Bytes(of.as_bytes().to_vec()), Value::Int(next)];
            let rows = self.query(&FROM, &values).await?;
            let Some(last) = rows.last() else { break };
            let after = self.block(last)?.number.checked_add(1);
            for row in &rows {
                let each = self.block(row)?.each(|tip, _| {
                    while level.is_some_and(|level| tip.count >= level) {
                        let (position, recorded_at) =
                            ((tip.origin, tip.position), Instant::from_millis(tip.recorded_at));
                        reached.extend(level.map(|level| Reached { level, position, recorded_at }));
                        level = levels.get(reached.len()).copied();
                    }
                });
                each.ok_or_else(|| self.schema.damaged("a count_block row"))?;
            }
            let Some(after) = after else { break };
            next = after;
        }
        Ok(reached)
    }

    fn block(&self, row: &Row) -> Result<Block> {
        Block::from_values(&row.values).ok_or_else(|| self.schema.damaged("a count_block row"))
    }
}

/// Columns are signed: what is beyond them is later than everything.
fn upper(value: u64) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}
