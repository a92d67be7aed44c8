//! The published figures, as whoever recounts them wants them: every petition's state and count as of one position.

use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Result, Store, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::projections::{id, lists, number};

/// Most petitions of a page.
pub const PAGE: usize = 1_000;

const FIGURES: Query = lists::FIGURES;
/// Where the tables stand, read in the same moment as their rows.
const READ: Query = Query::new("figures_as_of", "SELECT origin, next FROM _meta WHERE one = 1");

/// A page of figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Which life of the log.
    pub origin: u32,
    /// They hold after so many events of it.
    pub as_of: u64,
    /// The page has every petition after this one; from the first if nothing is said.
    pub after: Option<String>,
    /// By id, ascending.
    pub petitions: Vec<Figure>,
    /// Say `after=` this for the next page; nothing on the last.
    pub next: Option<String>,
}

/// What is published of a petition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// Which.
    pub petition: String,
    /// Its state.
    pub state: String,
    /// Its signatures that count.
    pub signatures: i64,
    /// Votes against, where they are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<i64>,
}

/// A page of at most so many, as the tables of petitions have it.
///
/// # Errors
/// If the database fails.
pub async fn page(petitions: &Store, after: Option<AggregateId>, most: usize) -> Result<Figures> {
    // Ids are random: none has only zeros.
    let from = id(after.unwrap_or_default());
    let asked = [(&READ, Vec::<Value>::new()), (&FIGURES, vec![from, number(most as u64)])];
    let [read, rows] = petitions.query_all(asked).await?;
    let mut figures = Vec::with_capacity(rows.len());
    for row in &rows {
        let petition = AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default().to_string();
        let state = row.opt_text("state")?.unwrap_or_default().to_owned();
        let (signatures, against) = (row.opt_int("signatures")?.unwrap_or(0), row.opt_int("against")?);
        figures.push(Figure { petition, state, signatures, against });
    }
    let read = read.first();
    let at = |column| read.map_or(Ok(0), |row| row.int(column).map(i64::unsigned_abs));
    let next = (figures.len() == most).then(|| figures.last().map(|last| last.petition.clone())).flatten();
    Ok(Figures {
        origin: at("origin")? as u32,
        as_of: at("next")?,
        after: after.map(|after| after.to_string()),
        petitions: figures,
        next,
    })
}
