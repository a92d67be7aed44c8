//! Compares two generations row by row, both read in key order, a page at a time.

use std::collections::VecDeque;

use crate::{
    error::{Error, Result},
    op::Value,
    schema::{Schema, TableId},
    store::Live,
};

/// Rows a page.
const PAGE: usize = 2048;
/// Differences that are told; the rest are only counted.
const TOLD: usize = 1000;

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Keys looked at.
    pub rows: u64,
    /// How many differences there are.
    pub total: u64,
    /// The first thousand of them.
    pub differences: Vec<Difference>,
}

/// One difference. It doesn't show values, since some were sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row.
    pub key: Vec<Value>,
    /// Where in the row.
    pub place: Place,
}

/// What is different about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The row is in the live generation only.
    OnlyLive,
    /// The row is in the rebuilt generation only.
    OnlyRebuilt,
    /// This column.
    Column(&'static str),
}

/// One side, read in key order.
struct Cursor {
    side: Live,
    table: TableId,
    page: VecDeque<Vec<Value>>,
    last: Option<Vec<Value>>,
    end: bool,
}

impl Cursor {
    fn new(side: Live, table: TableId) -> Self {
        Self { side, table, page: VecDeque::new(), last: None, end: false }
    }

    async fn fill(&mut self, key: usize) -> Result<()> {
        if self.page.is_empty() && !self.end {
            self.page = self.side.clone().page(self.table, self.last.take(), PAGE).await?.into();
            self.end = self.page.len() < PAGE;
            self.last = self.page.back().map(|row| row[..key].to_vec());
        }
        Ok(())
    }
}

/// Compares every table.
pub(crate) async fn compare(schema: &Schema, rebuilt: Live, live: Live) -> Result<Comparison> {
    let (left, right) = (rebuilt.clone().meta().await?, live.clone().meta().await?);
    left.fresh(schema)?;
    right.fresh(schema)?;
    if left.checkpoint != right.checkpoint {
        let (left, right) = (left.checkpoint, right.checkpoint);
        return Err(Error::Apart { projection: schema.projection, left, right });
    }
    let mut comparison = Comparison::default();
    for table in 0..schema.tables.len() {
        let cursors = [Cursor::new(rebuilt.clone(), table), Cursor::new(live.clone(), table)];
        comparison.table(schema, table, cursors).await?;
    }
    Ok(comparison)
}

impl Comparison {
    async fn table(&mut self, schema: &Schema, table: TableId, cursors: [Cursor; 2]) -> Result<()> {
        let shape = &schema.tables[table];
        let key = shape.key;
        let [mut rebuilt, mut live] = cursors;
        loop {
            rebuilt.fill(key).await?;
            live.fill(key).await?;
            let (a, b) = (rebuilt.page.front(), live.page.front());
            let Some(least) = [a, b].into_iter().flatten().map(|row| row[..key].to_vec()).min() else {
                return Ok(());
            };
            let a = rebuilt.page.pop_front_if(|row| row[..key] == least);
            let b = live.page.pop_front_if(|row| row[..key] == least);
            self.rows += 1;
            match (a, b) {
                (Some(a), Some(b)) => {
                    for (at, column) in shape.columns.iter().enumerate().filter(|(at, _)| a[*at] != b[*at]) {
                        debug_assert!(at >= key);
                        self.tell(&shape.name, least.clone(), Place::Column(column.name));
                    }
                }
                (Some(_), None) => self.tell(&shape.name, least, Place::OnlyRebuilt),
                (None, _) => self.tell(&shape.name, least, Place::OnlyLive),
            }
        }
    }

    fn tell(&mut self, table: &str, key: Vec<Value>, place: Place) {
        self.total += 1;
        if self.differences.len() < TOLD {
            self.differences.push(Difference { table: table.to_owned(), key, place });
        }
    }
}
