//! Commands to comments.

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId, Role, SubjectId};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};
use radslag_vault::NewKey;

use crate::{
    comment::{self, Act, Parent, Remark},
    event::Event,
    petition::Official,
    projections::{id, item as item_value, lists},
    shell::{
        Asked, Done, Office, Petitions, Wrong, office,
        petition::{Helped, Staff},
    },
    signature::{Shown, View},
    tag::Tag,
    terms::Terms,
};

const COMMENT: Query = lists::COMMENT;

/// What somebody writes.
pub struct Written {
    /// What is said.
    pub text: String,
    /// Which comment it replies to.
    pub reply_to: Option<ItemId>,
    /// As typed, or from the eID.
    pub name: String,
    /// As typed; empty by eID.
    pub mailbox: String,
    /// What everybody is to see of the author.
    pub shown: Shown,
    /// Verified: of an elected representative.
    pub party: Option<String>,
    /// `sv` or `en`.
    pub language: String,
    /// A rule that has it moderated first.
    pub suspicion: Option<&'static str>,
    /// A list forbids it.
    pub blocked: bool,
}

/// An author's page with its petition, as a command finds it.
pub(super) struct Page {
    pub(super) view: View,
    pub(super) terms: &'static Terms,
    pub(super) dialogue: Option<AggregateId>,
    pub(super) loaded: Loaded<Event>,
    pub(super) state: comment::State,
}

/// What a command to a page is about.
struct Told<'a> {
    petition: AggregateId,
    stream: &'a str,
    actor: Actor,
    /// Another author's page that must stay as it was read, with its version.
    guard: Option<(String, u64)>,
}

/// The stream of an author's comments on a petition.
#[must_use]
pub fn stream(petition: AggregateId, author: Tag) -> String {
    format!("comment-{petition}-{author}")
}

impl Office {
    /// The terms of a petition's policy.
    ///
    /// # Errors
    /// `Unknown` without such a petition.
    pub fn terms(&self, petition: AggregateId) -> Result<&'static Terms, Undone<Wrong>> {
        let (version, state) = self.petition(petition)?;
        let view = state.view(version).ok_or(Undone::Refused(Wrong::Unknown))?;
        Ok(Terms::of(&view.policy.id, view.policy.version))
    }

    /// Writes a comment: by eID (told at once), or by mailbox (one event of one shape, and a mail). With its item ref.
    ///
    /// # Errors
    /// `Undone`; by mailbox never anything about the mailbox.
    pub async fn comment(
        &self,
        petition: AggregateId,
        asked: &Asked,
        eid: Option<&str>,
        written: &Written,
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        self.comment_for(petition, asked, eid, written, None).await
    }

    /// The same by somebody who acts for the author, whom `eid` then names by their personal number.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn comment_for(
        &self,
        petition: AggregateId,
        asked: &Asked,
        eid: Option<&str>,
        written: &Written,
        helped: Option<&Helped<'_>>,
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let author = eid.map_or_else(|| tags.mailbox(&written.mailbox), |eid| tags.eid(eid));
        let stream = stream(petition, author);
        let reply_to = match written.reply_to {
            Some(item) => Some(self.parent(petition, item).await?),
            None => None,
        };
        let (parent, read) = reply_to.map_or((None, None), |(parent, read)| (Some(parent), read));
        let guard = read.filter(|(name, _)| *name != stream);
        let item = ItemId::from_bytes(rand::random());
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let told = Told { petition, stream: &stream, actor, guard };
        let on_paper = match helped {
            Some(helped) => self.signed_on_paper(petition, &helped.staff).await?,
            None => false,
        };
        let mut make = |_: &comment::State, new: &NewKey| {
            let helper = match helped {
                Some(helped) => {
                    Some(self.helper(petition, (helped, on_paper), &self.petition(petition)?.1)?)
                }
                None => None,
            };
            let remark = Box::new(Remark {
                item,
                key: new.reference,
                text: written.text.clone(),
                name: written.name.clone(),
                mailbox: written.mailbox.clone(),
                shown: written.shown.clone(),
                party: written.party.clone(),
                author,
                reply_to: parent,
                blocked: written.blocked,
                suspicion: written.suspicion.map(str::to_owned),
                language: written.language.clone(),
                helper,
            });
            Ok(if eid.is_some() { Act::Make(remark) } else { Act::Submit(remark) })
        };
        let done = self.on_comments(&told, asked, &mut make).await?;
        let item = match done.at {
            Some((_, position)) if done.repeated => {
                let record = self.log.read_at(position).map_err(Failure::from)?;
                ItemId::from_slice(&record.header.item).unwrap_or(item)
            }
            _ => item,
        };
        Ok((item, done))
    }

    /// An act on a comment by its author, or by the service itself: on the page whose link or eID they have.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn own_comment(
        &self,
        petition: AggregateId,
        stream: &str,
        asked: &Asked,
        act: Act,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let told = Told { petition, stream, actor, guard: None };
        self.on_comments(&told, asked, &mut |_, _| Ok(act.clone())).await
    }

    /// Takes a comment back for its author, whom `eid` names by their personal number.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn withdraw_comment_for(
        &self,
        (petition, item): (AggregateId, ItemId),
        asked: &Asked,
        (eid, name): (&str, &str),
        helped: &Helped<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let (stream, citizen) = (self.comment_stream(petition, item).await?, self.tags(petition)?.eid(eid));
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let told = Told { petition, stream: &stream, actor, guard: None };
        let on_paper = self.signed_on_paper(petition, &helped.staff).await?;
        let make = &mut |_: &comment::State, _: &NewKey| {
            let helper = Box::new(self.helper(petition, (helped, on_paper), &self.petition(petition)?.1)?);
            Ok(Act::WithdrawFor { item, citizen, name: name.to_owned(), helper })
        };
        self.on_comments(&told, asked, make).await
    }

    /// A submission's time is up.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_comment_by_system(
        &self,
        petition: AggregateId,
        stream: &str,
        item: ItemId,
    ) -> Result<Done, Undone<Wrong>> {
        let told = Told { petition, stream, actor: Actor::SYSTEM, guard: None };
        self.on_comments(&told, &Asked::by_system(), &mut |_, _| Ok(Act::Expire { item })).await
    }

    /// An act of an official on a comment.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_comment(
        &self,
        petition: AggregateId,
        item: ItemId,
        asked: &Asked,
        staff: &Staff<'_>,
        act: &(dyn Fn(Official) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let stream = self.comment_stream(petition, item).await?;
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let (_, state) = self.petition(petition)?;
        let told = Told { petition, stream: &stream, actor, guard: None };
        let on_paper = self.signed_on_paper(petition, staff).await?;
        let make = &mut |_: &comment::State, _: &NewKey| {
            Ok(act(self.official(petition, (staff, on_paper), &state)?))
        };
        self.on_comments(&told, asked, make).await
    }

    /// Somebody else reports a comment: `who` is the tag of an eID, or of the network of somebody without one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn report(
        &self,
        petition: AggregateId,
        item: ItemId,
        asked: &Asked,
        who: Tag,
        reason: &str,
    ) -> Result<Done, Undone<Wrong>> {
        let stream = self.comment_stream(petition, item).await?;
        self.own_comment(petition, &stream, asked, Act::Report { item, who, reason: reason.to_owned() }).await
    }

    /// An author's page as it is.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn comments_of(&self, stream: &str) -> Result<comment::State, Failure> {
        Ok(fold(&load::<Petitions>(&self.log, stream)?))
    }

    /// The author's page that a comment stands on.
    ///
    /// # Errors
    /// `Unknown` if the tables know no such comment.
    pub async fn comment_stream(&self, petition: AggregateId, item: ItemId) -> Result<String, Undone<Wrong>> {
        let values = [id(petition), item_value(item)];
        let rows = self.comments.store.query(&COMMENT, &values).await.map_err(Failure::from)?;
        let row = rows.first().ok_or(Undone::Refused(Wrong::Unknown))?;
        Ok(self.stream_at(row.int("position").map_err(Failure::from)?.unsigned_abs())?)
    }

    /// What a reply replies to, and the page and version it was read at.
    async fn parent(
        &self,
        petition: AggregateId,
        item: ItemId,
    ) -> Result<(Option<Parent>, Option<(String, u64)>), Undone<Wrong>> {
        let stream = match self.comment_stream(petition, item).await {
            Ok(stream) => stream,
            Err(Undone::Refused(_)) => return Ok((None, None)),
            Err(other) => return Err(other),
        };
        let loaded = load::<Petitions>(&self.log, &stream)?;
        let state = fold(&loaded);
        let parent = state.comment(item).map(|comment| Parent {
            item,
            published: comment.standing == comment::Standing::Published,
            is_reply: comment.reply_to.is_some(),
        });
        Ok((parent, Some((stream, loaded.version))))
    }

    pub(super) fn comment_page(&self, petition: AggregateId, stream: &str) -> Result<Option<Page>, Failure> {
        let (version, state) = self.petition(petition)?;
        let Some(view) = state.view(version) else { return Ok(None) };
        let terms = Terms::of(&view.policy.id, view.policy.version);
        let dialogue = state.0.as_ref().and_then(|petition| petition.dialogue);
        let loaded = load::<Petitions>(&self.log, stream)?;
        let state = fold(&loaded);
        Ok(Some(Page { view, terms, dialogue, loaded, state }))
    }

    async fn on_comments(
        &self,
        told: &Told<'_>,
        asked: &Asked,
        make: &mut (dyn FnMut(&comment::State, &NewKey) -> Result<Act, Failure> + Send),
    ) -> Result<Done, Undone<Wrong>> {
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let Some(page) = self.comment_page(told.petition, told.stream)? else {
                return Err(Stop::refused(Wrong::Unknown));
            };
            asked.begin(&page.loaded, self.log.vault())?;
            let new = self.log.vault().reserve();
            let act = make(&page.state, &new)?;
            let takes_key = matches!(act, Act::Submit(_) | Act::Make(_));
            let now =
                crate::petition::Now { at, calendar: self.calendar.clone(), signing: Default::default() };
            let (view, terms) = (page.view.clone(), page.terms.clone());
            let command = comment::Command { now, petition: view, terms, act };
            let events = comment::Decider::decide(&page.state, command).map_err(Stop::refused)?;
            if events.is_empty() {
                return Err(Stop::nothing(page.loaded.version));
            }
            let digest_under = takes_key.then_some(new.reference);
            let happening =
                |event| Happening::of(told.petition, page.dialogue, told.actor, Event::Comment(event));
            let events = events.into_iter().map(happening).collect();
            let petition = (office::stream(told.petition), page.view.version);
            Ok(Plan {
                writes: vec![Planned {
                    stream: told.stream.to_owned(),
                    expected: page.loaded.version,
                    events,
                }],
                guards: [petition].into_iter().chain(told.guard.clone()).collect(),
                keys: if takes_key { vec![new] } else { Vec::new() },
                digest_under,
            })
        })
        .await
    }
}

fn fold(loaded: &Loaded<Event>) -> comment::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.comment());
    comment::Decider::fold(events)
}
