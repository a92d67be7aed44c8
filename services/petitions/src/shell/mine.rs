//! What a mailbox has here. Nothing at rest joins what it did in two petitions, so each petition is asked under its own tag
//! key whether it knows the mailbox: so many in one go, from where the last go ended.

use std::sync::Arc;

use radslag_kernel::{AggregateId, Instant, ItemId, KeyRef};
use radslag_readmodel::{Query, Row};
use radslag_runtime::service::Failure;
use serde::{Deserialize, Serialize};

use crate::{
    inquiry,
    projections::{id, lists, number},
    shell::{
        Office,
        comment::stream as comment_stream,
        links::{Link, Purpose},
        signature::mailbox_stream,
        tagging::Tags,
    },
    signature,
    tag::Tag,
};

const OWNERS: Query = lists::PETITION_OWNERS;
const INQUIRIES: Query = lists::INQUIRIES_FROM;
/// Petitions that are asked in one go; each is a key, an HMAC and two look-ups.
const PETITIONS_AT_ONCE: u64 = 5_000;
/// Inquiries that are read in one go.
const INQUIRIES_AT_ONCE: u64 = 500;

/// Where a go ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// All petitions were asked.
    inquiries: bool,
    /// The last one.
    last: [u8; 16],
}

impl After {
    fn id(self) -> AggregateId {
        AggregateId::from_bytes(self.last)
    }
}

struct Owner {
    petition: AggregateId,
    tags: KeyRef,
    mailbox: Option<Tag>,
}

impl Office {
    /// What a mailbox has, as the links that its mails hold; and where the next go begins, if there is more to ask.
    ///
    /// # Errors
    /// `Readmodel`, `Log`, `Vault`, `Malformed`.
    pub async fn owned(
        self: &Arc<Self>,
        mailbox: &str,
        after: Option<After>,
    ) -> Result<(Vec<Link>, Option<After>), Failure> {
        let mut found = Vec::new();
        let after = after.unwrap_or(After { inquiries: false, last: [0; 16] });
        let mut from = after.id();
        if !after.inquiries {
            let rows = self.petitions.store.query(&OWNERS, &[id(from), number(PETITIONS_AT_ONCE)]).await?;
            let owners = rows.iter().map(owner).collect::<Result<Vec<_>, Failure>>()?;
            let last = owners.last().map(|owner| owner.petition);
            let (this, typed) = (self.clone(), mailbox.to_owned());
            let asked = tokio::task::spawn_blocking(move || this.of_petitions(&owners, &typed)).await;
            found.extend(asked.map_err(|_| Failure::Stopped)??);
            if let Some(last) = last.filter(|_| rows.len() as u64 == PETITIONS_AT_ONCE) {
                return Ok((found, Some(next(false, last))));
            }
            from = AggregateId::default();
        }
        let rows = self.inquiries.store.query(&INQUIRIES, &[id(from), number(INQUIRIES_AT_ONCE)]).await?;
        let proof = self.asker_mailbox(mailbox);
        for row in &rows {
            let inquiry = row_id(row, "inquiry")?;
            let known = self.inquiry(inquiry)?.0;
            let asked = known.as_ref().and_then(|inquiry: &inquiry::Inquiry| inquiry.facts.known());
            if asked.is_some_and(|facts| facts.proof == proof) {
                found.push(own(Purpose::Inquiry, inquiry, proof, ItemId::default()));
            }
        }
        let last = rows.last().map(|row| row_id(row, "inquiry")).transpose()?;
        let more = last.filter(|_| rows.len() as u64 == INQUIRIES_AT_ONCE);
        Ok((found, more.map(|last| next(true, last))))
    }

    fn of_petitions(&self, owners: &[Owner], mailbox: &str) -> Result<Vec<Link>, Failure> {
        let mut found = Vec::new();
        for owner in owners {
            let Some(tags) = Tags::of(self.log.vault(), owner.tags)? else { continue };
            let (petition, tag) = (owner.petition, tags.mailbox(mailbox));
            if owner.mailbox == Some(tag) {
                found.push(own(Purpose::Initiator, petition, tag, ItemId::default()));
            }
            let signed = mailbox_stream(petition, tag);
            if self.log.version(&signed)? > 0 {
                let state = self.signatures_of(&signed)?;
                found.extend(items(&state).map(|item| own(Purpose::Signature, petition, tag, item)));
            }
            let said = comment_stream(petition, tag);
            if self.log.version(&said)? > 0 {
                let comments = self.comments_of(&said)?.comments;
                let items = comments.into_iter().map(|comment| comment.item);
                found.extend(items.map(|item| own(Purpose::Comment, petition, tag, item)));
            }
        }
        Ok(found)
    }
}

/// The signatures of a page, and requests that can still be confirmed.
fn items(state: &signature::State) -> impl Iterator<Item = ItemId> {
    let pending = state.pending.iter().filter(|pending| pending.slot.is_some());
    let mut items: Vec<ItemId> = state.slots.iter().filter_map(|slot| slot.item).collect();
    for pending in pending {
        if !items.contains(&pending.item) {
            items.push(pending.item);
        }
    }
    items.into_iter()
}

/// It is never made a token of, so it has no end of its own.
fn own(purpose: Purpose, petition: AggregateId, tag: Tag, item: ItemId) -> Link {
    Link { purpose, petition, tag, item, expires_at: Instant::from_millis(0) }
}

fn next(inquiries: bool, last: AggregateId) -> After {
    After { inquiries, last: *last.as_bytes() }
}

fn owner(row: &Row) -> Result<Owner, Failure> {
    let mailbox = row.opt_bytes("mailbox")?.and_then(Tag::from_slice);
    let tags = KeyRef(row.opt_int("tags")?.unwrap_or_default().unsigned_abs());
    Ok(Owner { petition: row_id(row, "petition")?, tags, mailbox })
}

fn row_id(row: &Row, column: &str) -> Result<AggregateId, Failure> {
    Ok(AggregateId::from_slice(row.bytes(column)?).unwrap_or_default())
}
