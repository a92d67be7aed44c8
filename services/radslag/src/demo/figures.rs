//! What a tenant of the demonstration holds, as its log says; its counts as its read tables say.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use radslag_petitions::shell::Office;
use radslag_readmodel::Query;
use serde::Serialize;

use crate::{print, said::Said};

const SIGNATURES: Query = Query::new(
    "signatures of all",
    "SELECT CAST(COALESCE(SUM(signatures), 0) AS BIGINT) AS total FROM petitions WHERE signatures IS NOT NULL",
);
/// Bytes of the log read at once.
const READ: usize = 1 << 20;

/// The figures of a tenant.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Figures {
    tenant: String,
    petitions: u64,
    refused: u64,
    /// That count now, over all petitions.
    signatures: i64,
    by_eid: u64,
    on_paper: u64,
    withdrawn: u64,
    invalidated: u64,
    comments: u64,
    inquiries: u64,
    inquiries_answered: u64,
    handed_over: u64,
    answered: u64,
    events: u64,
    milliseconds: u64,
}

impl Figures {
    /// Of a tenant whose tables have read all.
    pub(crate) async fn of(office: &Office, took: Duration) -> Result<Self> {
        let rows = office.petitions.store.query(&SIGNATURES, &[]).await?;
        let signatures = rows.first().map_or(Ok(0), |row| row.int("total"))?;
        let events = by_type(office)?;
        let of = |names: &[&str]| names.iter().map(|name| events.get(*name).copied().unwrap_or(0)).sum();
        Ok(Self {
            tenant: office.tenant.id.clone(),
            petitions: of(&["petition.submitted"]),
            refused: of(&["petition.rejected", "petition.hidden"]),
            signatures,
            by_eid: of(&["signature.signed"]),
            on_paper: of(&["signature.listed"]),
            withdrawn: of(&["signature.withdrawn"]),
            invalidated: of(&["signature.invalidated"]),
            comments: of(&["comment.made", "comment.confirmed"]),
            inquiries: of(&["inquiry.received"]),
            inquiries_answered: of(&["inquiry.answered"]),
            handed_over: of(&["petition.handover_sent"]),
            answered: of(&["petition.answer_given"]),
            events: office.log.watermark(),
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// As a person reads them.
    pub(crate) fn text(&self, said: Said) -> String {
        let values = [
            self.petitions,
            self.refused,
            self.signatures.unsigned_abs(),
            self.by_eid,
            self.on_paper,
            self.withdrawn,
            self.invalidated,
            self.comments,
            self.inquiries,
            self.inquiries_answered,
            self.handed_over,
            self.answered,
            self.events,
        ];
        let rows: Vec<_> =
            said.demo_figures().into_iter().zip(values.map(|value| value.to_string())).collect();
        format!("{}\n{}", self.tenant, print::columns(&rows))
    }
}

/// How many events there are of each type.
fn by_type(office: &Office) -> Result<BTreeMap<String, u64>> {
    let (mut frames, mut events) = (office.log.frames(0), BTreeMap::new());
    loop {
        let chunk = frames.chunk(READ)?;
        if chunk.is_empty() {
            return Ok(events);
        }
        for record in chunk.decode()? {
            *events.entry(record.header.r#type).or_default() += 1;
        }
    }
}
