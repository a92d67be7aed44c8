//! Somebody's own lines on paper, found by their personal number.

use radslag_kernel::{AggregateId, ItemId};
use radslag_readmodel::{Query, Value};
use radslag_runtime::service::Failure;

use crate::{
    projections::{id, lists as sql},
    shell::{Office, petition::Staff, tagging::Tags},
    signature::Standing,
    tag::Tag,
};

const PAPER_BY_EID: Query = sql::PAPER_BY_EID;

impl Office {
    /// Lines on paper with a person's number, those that count first: the stream of each and which it is.
    ///
    /// # Errors
    /// `Log`, `Readmodel`.
    pub async fn lines_of(&self, petition: AggregateId, tag: Tag) -> Result<Vec<(String, ItemId)>, Failure> {
        let values = [Value::Bytes(tag.0.to_vec()), id(petition)];
        let rows = self.persons.store.query(&PAPER_BY_EID, &values).await?;
        let line = |row: &radslag_readmodel::Row| {
            let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
            Ok::<_, Failure>((self.stream_at(row.int("position")?.unsigned_abs())?, item))
        };
        rows.iter().map(line).collect()
    }

    /// Whether an official signed a petition on paper. A line that was struck out isn't theirs: anybody can write
    /// anybody's number.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`, `Readmodel`.
    pub async fn signed_on_paper(&self, petition: AggregateId, staff: &Staff<'_>) -> Result<bool, Failure> {
        let (_, state) = self.petition(petition)?;
        let Some(filed) = state.0.as_ref().and_then(|petition| petition.filed.as_ref()) else {
            return Ok(false);
        };
        let Some(tags) = Tags::of(self.log.vault(), filed.keys.tags)? else { return Ok(false) };
        for (stream, item) in self.lines_of(petition, tags.eid(staff.subject)).await? {
            let page = self.signatures_of(&stream)?;
            if page.slot_of(item).is_some_and(|slot| slot.standing != Standing::Invalidated) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
