//! What people do with a panel: name a mailbox, and once it is theirs, confirm, pause, go on or leave.

use radslag_kernel::{Actor, AggregateId, ItemId, Role, SubjectId, Tag};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    acting::{On, settle},
    execute::{Stop, Undone},
    service::Failure,
};

use crate::{
    form::Lacking,
    member::{
        Act, Command, Decider, Reason, Refusal,
        command::{Newcomer, View},
    },
    panel::Panel,
    person::Person,
    projections::{lists, number},
    shell::{Asked, Done, Office, Wrong, links::Link, office, tagging::Tagging},
};

const DUE: Query = lists::MEMBERS_DUE;
/// Submissions and offers handled in one go.
const AT_ONCE: i64 = 256;

/// What the holder of a link may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Join.
    Confirm,
    /// Say yes to what was offered, to the consent of that version; with what they say of themselves beside it.
    Accept(u32, Option<Box<Person>>),
    /// Say no to it.
    Decline,
    /// Take a rest.
    Pause,
    /// Be active again.
    Resume,
    /// Leave.
    Leave,
    /// Stay for another term.
    Renew,
}

/// The stream of a person's page.
#[must_use]
pub fn stream(panel: AggregateId, person: Tag) -> String {
    format!("member-{panel}-{person}")
}

/// Somebody, as nobody is known by anything else.
fn anybody() -> Actor {
    Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) }
}

impl Office {
    /// A mailbox is named: whatever comes of it, one event of one shape.
    ///
    /// # Errors
    /// `Undone`: what the form itself shows, never anything about the mailbox.
    pub async fn submit(
        &self,
        asked: &Asked,
        id: AggregateId,
        person: &Person,
    ) -> Result<Done, Undone<Wrong>> {
        let unknown = || Undone::Refused(Wrong::Unknown);
        let (_, panel) = self.panel(id)?.filter(|(_, panel)| panel.phase.is_public()).ok_or_else(unknown)?;
        let tagging = Tagging::of(self.log.vault(), panel.keys.tags)?.ok_or_else(unknown)?;
        let tags = tagging.tags(person);
        let (page, item) = (tagging.mailbox(&person.mailbox), ItemId::from_bytes(rand::random()));
        self.on_page(asked, (id, page), anybody(), |key| Act::Submit {
            new: Newcomer { item, key: key(), person: person.clone(), tags },
        })
        .await
    }

    /// The holder of a link does something with their membership.
    ///
    /// # Errors
    /// `Undone`; `Unknown` if there is no such membership.
    pub async fn on_membership(
        &self,
        asked: &Asked,
        link: &Link,
        doing: Doing,
    ) -> Result<Done, Undone<Wrong>> {
        let item = link.item;
        if let Doing::Accept(version, _) = doing {
            let (_, panel) = self.panel(link.panel)?.ok_or(Undone::Refused(Wrong::Unknown))?;
            if panel.form().is_some_and(|form| form.consent_version > 0 && form.consent_version != version) {
                return Err(Undone::Refused(Wrong::Member(Refusal::Lacking(Lacking::Consent))));
            }
        }
        self.on_page(asked, (link.panel, link.person), anybody(), |_| match &doing {
            Doing::Confirm => Act::Confirm { item },
            Doing::Accept(_, said) => {
                let said = said.as_deref().cloned();
                Act::Answer { item, accepted: true, said, assisted: None }
            }
            Doing::Decline => Act::Answer { item, accepted: false, said: None, assisted: None },
            Doing::Pause => Act::Pause { item, assisted: None },
            Doing::Resume => Act::Resume { item, assisted: None },
            Doing::Leave => Act::Leave { item, reason: Reason::OwnWish, assisted: None },
            Doing::Renew => Act::Renew { item, assisted: None },
        })
        .await
    }

    /// Ends submissions that nobody confirmed in time; how many were looked at.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn expire(&self) -> Result<usize, Failure> {
        let values = [number(self.now().millis()), Value::Int(AT_ONCE)];
        let rows = self.panels.store.query(&DUE, &values).await?;
        for row in &rows {
            let record = self.log.read_at(row.int("position")?.unsigned_abs())?;
            let stream = record.private.stream.clone();
            let panel = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
            let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
            let Some((_, known)) = self.panel(panel)? else { continue };
            let (asked, on) = (Asked::by_system(), (panel, stream));
            let done = self.page(&asked, on, Actor::SYSTEM, (&known, None), |_| Act::Expire { item });
            settle(done.await)?;
        }
        if !rows.is_empty() {
            self.panels.wait_for(self.log.watermark()).await?;
        }
        Ok(rows.len())
    }

    async fn on_page(
        &self,
        asked: &Asked,
        (id, page): (AggregateId, Tag),
        actor: Actor,
        act: impl Fn(&mut dyn FnMut() -> radslag_kernel::KeyRef) -> Act,
    ) -> Result<Done, Undone<Wrong>> {
        let (version, panel) = self.panel(id)?.ok_or(Undone::Refused(Wrong::Unknown))?;
        self.page(asked, (id, stream(id, page)), actor, (&panel, Some(version)), act).await
    }

    /// Does something on a page. `version`: of the panel, which the decision rests on.
    pub(super) async fn page(
        &self,
        asked: &Asked,
        (id, stream): (AggregateId, String),
        actor: Actor,
        (panel, version): (&Panel, Option<u64>),
        act: impl Fn(&mut dyn FnMut() -> radslag_kernel::KeyRef) -> Act,
    ) -> Result<Done, Undone<Wrong>> {
        let (view, dialogue) = (View::of(panel, self.year()), panel.dialogue);
        let on = On { stream, aggregate: id, dialogue, actor, asked };
        self.act::<Decider, Wrong>(on, |found| {
            if let Some(version) = version {
                found.guard(office::stream(id), version);
            }
            let act = act(&mut || found.key());
            let fresh = matches!(
                act,
                Act::Submit { .. } | Act::Join { .. } | Act::Invite { .. } | Act::Volunteer { .. }
            );
            if !fresh {
                let known = found.state.memberships.last().ok_or(Stop::refused(Wrong::Unknown))?.key;
                found.digest_under(known);
            }
            Ok(Command { at: found.at, panel: view.clone(), act })
        })
        .await
    }
}
