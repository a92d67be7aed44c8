//! Commands to signatures.

use std::{net::IpAddr, sync::Arc};

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId, KeyRef, Role, SubjectId};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};
use radslag_vault::NewKey;

use crate::{
    assisted::Helper,
    event::Event,
    petition,
    shell::{
        Asked, Done, Office, Petitions, Wrong, office,
        petition::{Helped, Staff},
        tagging::Tags,
    },
    signature::{self, Act, Request, Shown, View},
    signing,
    tag::Tag,
};

/// What a signer gave.
#[derive(Clone)]
pub struct Given {
    /// As typed, or from the eID.
    pub name: String,
    /// As typed; empty by eID.
    pub mailbox: String,
    /// As typed.
    pub postcode: String,
    /// What everybody is to see.
    pub shown: Shown,
    /// A vote against.
    pub against: bool,
    /// `sv` or `en`.
    pub language: String,
    /// A rule that sets it aside.
    pub suspicion: Option<&'static str>,
    /// A list forbids it.
    pub blocked: bool,
    /// Where it comes from; only a tag of its network is kept.
    pub from: Option<IpAddr>,
}

/// What became of a signature by eID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its item ref.
    pub item: ItemId,
    /// What was written.
    pub done: Done,
}

/// A page of signatures with its petition, as a command finds them.
pub struct Page {
    /// The petition.
    pub view: View,
    /// Of the stream `signing`: a guard beside the petition's.
    pub signing_version: u64,
    /// Its state.
    pub petition: Arc<petition::State>,
    /// The page's own.
    pub loaded: Loaded<Event>,
    /// Folded.
    pub state: signature::State,
}

/// What is to be done on a page, if anything, and the version of another stream it rests on.
struct Made {
    act: Option<Act>,
    rests_on: Option<(String, u64)>,
}

impl From<Act> for Made {
    fn from(act: Act) -> Self {
        Self { act: Some(act), rests_on: None }
    }
}

/// The stream of an eID in a petition.
#[must_use]
pub fn eid_stream(petition: AggregateId, tag: Tag) -> String {
    format!("eid-{petition}-{tag}")
}

/// The stream of a mailbox in a petition.
#[must_use]
pub fn mailbox_stream(petition: AggregateId, tag: Tag) -> String {
    format!("mailbox-{petition}-{tag}")
}

impl Office {
    /// By eID: the subject is proven, so it is told at once.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn sign(
        &self,
        petition: AggregateId,
        asked: &Asked,
        eid: &str,
        given: &Given,
    ) -> Result<Signed, Undone<Wrong>> {
        self.sign_for(petition, asked, eid, given, None).await
    }

    /// The same by somebody who acts for the signer, whom `eid` then names by their personal number.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn sign_for(
        &self,
        petition: AggregateId,
        asked: &Asked,
        eid: &str,
        given: &Given,
        helped: Option<&Helped<'_>>,
    ) -> Result<Signed, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let stream = eid_stream(petition, tags.eid(eid));
        let signer = tags.signer(&given.name, None, &given.postcode, Some(eid));
        let fresh = ItemId::from_bytes(rand::random());
        let on_paper = match helped {
            Some(helped) => self.signed_on_paper(petition, &helped.staff).await?,
            None => false,
        };
        let (done, _) = self
            .on_page(petition, &stream, Role::Citizen, None, asked, &mut |page, new| {
                let area = self.tenant.area(&given.postcode);
                let helper = helped.map(|helped| self.helper(petition, (helped, on_paper), &page.petition));
                let accepted = (area, self.texts.accepted());
                let asked = request(fresh, new, given, accepted, (signer, &tags));
                Ok(Act::Sign(Box::new(Request { helper: helper.transpose()?, ..asked })).into())
            })
            .await?;
        let item = match done.at {
            Some((_, position)) if done.repeated => {
                let record = self.log.read_at(position).map_err(Failure::from)?;
                ItemId::from_slice(&record.header.item).unwrap_or(fresh)
            }
            _ => fresh,
        };
        Ok(Signed { item, done })
    }

    /// By mailbox: whatever comes of it, one event of one shape, and a mail to that mailbox.
    ///
    /// # Errors
    /// `Undone`; never anything about the mailbox.
    pub async fn request(
        &self,
        petition: AggregateId,
        asked: &Asked,
        given: &Given,
    ) -> Result<Done, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let signer = tags.signer(&given.name, Some(&given.mailbox), &given.postcode, None);
        let stream = mailbox_stream(petition, tags.mailbox(&given.mailbox));
        let item = ItemId::from_bytes(rand::random());
        let given = &Given { blocked: given.blocked && !self.is_admitted(&stream)?, ..given.clone() };
        let (done, _) = self
            .on_page(petition, &stream, Role::Citizen, None, asked, &mut |_, new| {
                let area = self.tenant.area(&given.postcode);
                Ok(Act::Request(Box::new(request(
                    item,
                    new,
                    given,
                    (area, self.texts.accepted()),
                    (signer, &tags),
                )))
                .into())
            })
            .await?;
        Ok(done)
    }

    /// An act on a signature by who holds the link to its mailbox, or its eID; with the page as it is then.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn own(
        &self,
        petition: AggregateId,
        stream: &str,
        asked: &Asked,
        act: Act,
    ) -> Result<(Done, signature::State), Undone<Wrong>> {
        self.on_page(petition, stream, Role::Citizen, None, asked, &mut |_, _| Ok(act.clone().into())).await
    }

    /// An act on a signature for its signer, whom `eid` names by their personal number: it is given the tag of their name.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn for_signer(
        &self,
        petition: AggregateId,
        stream: &str,
        asked: &Asked,
        ((eid, name), helped): ((&str, &str), &Helped<'_>),
        act: &(dyn Fn(Tag, Box<Helper>) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let theirs = eid_stream(petition, tags.eid(eid));
        if stream.starts_with("eid-") && stream != theirs {
            return Err(Undone::Refused(Wrong::Signature(signature::Refusal::NotTheSigner)));
        }
        let name = tags.name(name);
        let on_paper = self.signed_on_paper(petition, &helped.staff).await?;
        let (done, _) = self
            .on_page(petition, stream, Role::Citizen, None, asked, &mut |page, _| {
                let helper = Box::new(self.helper(petition, (helped, on_paper), &page.petition)?);
                Ok(act(name, helper).into())
            })
            .await?;
        Ok(done)
    }

    /// An act of the service itself on a signature.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_signature_by_system(
        &self,
        petition: AggregateId,
        stream: &str,
        act: Act,
    ) -> Result<Done, Undone<Wrong>> {
        let asked = Asked::by_system();
        let (done, _) = self
            .on_page(petition, stream, Role::System, None, &asked, &mut |_, _| Ok(act.clone().into()))
            .await?;
        Ok(done)
    }

    /// A signature gives way to a stronger one of the same person, if that one counts; whether it does.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn supersede(
        &self,
        petition: AggregateId,
        (stream, item): (&str, ItemId),
        (stronger, counted): (&str, ItemId),
    ) -> Result<bool, Undone<Wrong>> {
        let (act, asked, mut counts) = (Act::Supersede { item }, Asked::by_system(), false);
        let make = &mut |page: &Page, _: &NewKey| {
            let elsewhere =
                (stream != stronger).then(|| load::<Petitions>(&self.log, stronger)).transpose()?;
            let rests_on = elsewhere.as_ref().map(|loaded| (stronger.to_owned(), loaded.version));
            counts =
                elsewhere.map_or_else(|| page.state.counts(counted), |loaded| fold(&loaded).counts(counted));
            Ok(Made { act: counts.then(|| act.clone()), rests_on })
        };
        self.on_page(petition, stream, Role::System, None, &asked, make).await?;
        Ok(counts)
    }

    /// An act of an official on a signature.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_signature(
        &self,
        petition: AggregateId,
        stream: &str,
        asked: &Asked,
        staff: &Staff<'_>,
        act: &(dyn Fn(petition::Official) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let subject = self.staff(staff.subject);
        let on_paper = self.signed_on_paper(petition, staff).await?;
        let (done, _) = self
            .on_page(petition, stream, staff.role, Some(subject), asked, &mut |page, _| {
                Ok(act(self.official(petition, (staff, on_paper), &page.petition)?).into())
            })
            .await?;
        Ok(done)
    }

    /// A page as it is, to show it to who holds its link.
    ///
    /// # Errors
    /// `Unknown` without such a petition.
    pub fn page(&self, petition: AggregateId, stream: &str) -> Result<Page, Undone<Wrong>> {
        let (version, state) = self.petition(petition)?;
        let (signing_version, signing) = self.signing()?;
        let state = match state.brought_up_to_date(&self.moment(signing)) {
            Some(paused_or_closed) => Arc::new(paused_or_closed),
            None => state,
        };
        let view = state.view(version).ok_or(Undone::Refused(Wrong::Unknown))?;
        let loaded = load::<Petitions>(&self.log, stream)?;
        let folded = fold(&loaded);
        Ok(Page { view, signing_version, petition: state, loaded, state: folded })
    }

    /// The state of a page alone.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn signatures_of(&self, stream: &str) -> Result<signature::State, Failure> {
        Ok(fold(&load::<Petitions>(&self.log, stream)?))
    }

    /// The stream of a signature, from the position of one of its events.
    ///
    /// # Errors
    /// `Log`.
    pub fn stream_at(&self, position: u64) -> Result<String, Failure> {
        Ok(self.log.read_at(position)?.private.stream)
    }

    /// Tags of a petition that can still compare people.
    ///
    /// # Errors
    /// `Unknown` without such a petition, or after its tag key was destroyed.
    pub fn tags(&self, petition: AggregateId) -> Result<Tags, Undone<Wrong>> {
        let (version, state) = self.petition(petition)?;
        let view = state.view(version).ok_or(Undone::Refused(Wrong::Unknown))?;
        Tags::of(self.log.vault(), view.tags)?.ok_or(Undone::Refused(Wrong::Unknown))
    }

    async fn on_page(
        &self,
        petition: AggregateId,
        stream: &str,
        role: Role,
        staff: Option<SubjectId>,
        asked: &Asked,
        make: &mut (dyn FnMut(&Page, &NewKey) -> Result<Made, Failure> + Send),
    ) -> Result<(Done, signature::State), Undone<Wrong>> {
        let mut after = signature::State::default();
        let subject = staff.unwrap_or_else(|| SubjectId::from_bytes(rand::random()));
        let actor = if role == Role::System { Actor::SYSTEM } else { Actor { role, subject } };
        let done = execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let page = self.page(petition, stream)?;
            after = page.state.clone();
            asked.begin(&page.loaded, self.log.vault())?;
            let new = self.log.vault().reserve();
            let Made { act: Some(act), rests_on } = make(&page, &new)? else {
                return Err(Stop::nothing(page.loaded.version));
            };
            let takes_key = matches!(act, Act::Request(_) | Act::Sign(_));
            let view = page.view.clone();
            let events =
                signature::Decider::decide(&page.state, signature::Command { at, petition: view, act })
                    .map_err(Stop::refused)?;
            events.iter().for_each(|event| signature::Decider::evolve(&mut after, event));
            if events.is_empty() {
                return Err(Stop::nothing(page.loaded.version));
            }
            let digest_under = takes_key.then_some(new.reference);
            let dialogue = page.petition.0.as_ref().and_then(|petition| petition.dialogue);
            let events = events
                .into_iter()
                .map(|event| Happening::of(petition, dialogue, actor, Event::Signature(event)));
            let (stream, expected) = (stream.to_owned(), page.loaded.version);
            Ok(Plan {
                writes: vec![Planned { stream, expected, events: events.collect() }],
                guards: [
                    (office::stream(petition), page.view.version),
                    (signing::STREAM.into(), page.signing_version),
                ]
                .into_iter()
                .chain(rests_on)
                .collect(),
                keys: if takes_key { vec![new] } else { Vec::new() },
                digest_under,
            })
        })
        .await?;
        Ok((done, after))
    }
}

/// The state of a loaded page.
#[must_use]
pub fn fold(loaded: &Loaded<Event>) -> signature::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.signature());
    signature::Decider::fold(events)
}

/// The language that a signer chose.
pub(super) fn language_of(loaded: &Loaded<Event>, item: ItemId) -> Option<String> {
    loaded.events.iter().find_map(|recorded| match &recorded.event {
        Event::Signature(
            signature::Event::Submitted(submission)
            | signature::Event::Signed(submission)
            | signature::Event::Listed { submission, .. },
        ) if submission.item == item => submission.facts.known().map(|facts| facts.language.clone()),
        _ => None,
    })
}

fn request(
    item: ItemId,
    new: &NewKey,
    given: &Given,
    (area, terms): (&str, &str),
    (tags, origin): (signature::SignerTags, &Tags),
) -> Request {
    let key: KeyRef = new.reference;
    Request {
        item,
        key,
        name: given.name.clone(),
        mailbox: given.mailbox.clone(),
        postcode: given.postcode.clone(),
        area: area.to_owned(),
        shown: given.shown.clone(),
        against: given.against,
        tags,
        blocked: given.blocked,
        suspicion: given.suspicion.map(str::to_owned),
        language: given.language.clone(),
        network: given.from.map(|from| origin.network(from)),
        domain: origin.domain(&given.mailbox),
        terms: terms.to_owned(),
        helper: None,
    }
}
