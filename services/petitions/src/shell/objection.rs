//! Objections: finds the decision that stands, and writes what a second decision changes in one append with it.

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId, KeyRef, Opened, Recorded, Role, SubjectId};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};

use crate::{
    comment,
    event::Event,
    objection::{self, About, Act, Contested, Objection, Objector, Outcome},
    petition::{self, Now, Official, course},
    policy::Policy,
    shell::{
        Asked, Done, Office, Petitions, Wrong, office,
        petition::{Found, Proof, Staff},
    },
    signature, signing,
};

use super::signature::language_of;

/// Whose decision it is about, proven by whoever objects.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The refusal of a petition, by its initiator.
    Petition(Proof<'a>),
    /// That a signature on a page was struck out, set aside or kept out by a list, by whoever holds the page.
    Signature(&'a str, ItemId),
    /// That a comment on a page isn't shown, by whoever holds the page.
    Comment(&'a str, ItemId),
}

/// A decision that stands, and whom it hit.
pub struct Standing {
    /// The decision.
    pub contested: Contested,
    pub(super) objector: Objector,
    pub(super) key: KeyRef,
    /// What it was read from.
    guards: Vec<(String, u64)>,
}

/// An objection as it stands.
pub struct Raised {
    /// Its petition.
    pub petition: AggregateId,
    /// It.
    pub objection: Objection,
}

/// The stream of a decision's objection.
#[must_use]
pub fn stream(decision: ItemId) -> String {
    format!("objection-{decision}")
}

impl Office {
    /// Objects to a decision that hit somebody.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn object(
        &self,
        petition: AggregateId,
        asked: &Asked,
        place: Place<'_>,
        reason: &str,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let Some(standing) = self.standing(petition, place)? else {
                return Err(Stop::refused(objection::Refusal::NothingToObjectTo));
            };
            let stream = stream(standing.contested.id);
            let loaded = asked.load::<Petitions, _>(&self.log, &stream)?;
            let now = Now { at, calendar: self.calendar.clone(), signing: Default::default() };
            let Standing { contested, objector, key, guards } = standing;
            let act = Act::Raise { contested, objector, key, reason: reason.to_owned() };
            let events = objection::Decider::decide(&fold(&loaded), objection::Command { now, act })
                .map_err(Stop::refused)?;
            let dialogue = self.dialogue(petition)?;
            let happens = |event| Happening::of(petition, dialogue, actor, Event::Objection(event));
            let events = events.into_iter().map(happens).collect();
            Ok(Plan {
                writes: vec![Planned { stream, expected: loaded.version, events }],
                guards,
                keys: Vec::new(),
                digest_under: Some(key),
            })
        })
        .await
    }

    /// Decides an objection; what is changed is written with it.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn decide_objection(
        &self,
        decision: ItemId,
        asked: &Asked,
        staff: &Staff<'_>,
        (outcome, text): (Outcome, &str),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let about = self.objection(decision)?.ok_or(Undone::Refused(Wrong::Unknown))?.petition;
        let on_paper = self.signed_on_paper(about, staff).await?;
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let stream = stream(decision);
            let loaded = asked.load::<Petitions, _>(&self.log, &stream)?;
            let Some(raised) = raised(&loaded) else { return Err(Stop::refused(Wrong::Unknown)) };
            let petition = raised.petition;
            let (read, state) = self.petition(petition)?;
            let Some(view) = state.view(read) else { return Err(Stop::refused(Wrong::Unknown)) };
            let (signed, signing) = self.signing()?;
            let found = Found { now: Now { at, calendar: self.calendar.clone(), signing }, state };
            let by = self.official(petition, (staff, on_paper), &found.state)?;
            let (now, record) = (found.now.clone(), view.record);
            let act = Act::Decide { by: by.clone(), outcome, text: text.to_owned(), record };
            let events = objection::Decider::decide(&fold(&loaded), objection::Command { now, act })
                .map_err(Stop::refused)?;
            let dialogue = found.state.0.as_ref().and_then(|petition| petition.dialogue);
            let happens = |event| Happening::of(petition, dialogue, actor, event);
            let events = events.into_iter().map(Event::Objection).map(&happens).collect();
            let mut writes = vec![Planned { stream, expected: loaded.version, events }];
            let mut guards = vec![(signing::STREAM.into(), signed)];
            if outcome == Outcome::Changed {
                writes.extend(self.changed(&raised, by, &found, read, &happens)?);
            }
            let petitions = office::stream(petition);
            if writes.iter().all(|write| write.stream != petitions) {
                guards.push((petitions, read));
            }
            let digest_under = Some(record);
            Ok(Plan { writes, guards, keys: Vec::new(), digest_under })
        })
        .await
    }

    /// What the stream that the first decision stands in makes of it. Nothing, where a review came first, or where it is
    /// looked up when somebody signs (`is_admitted`).
    fn changed(
        &self,
        raised: &Raised,
        by: Official,
        found: &Found,
        read: u64,
        happens: &dyn Fn(Event) -> Happening<Event>,
    ) -> Result<Option<Planned<Event>>, Stop<Wrong>> {
        if raised.objection.about == About::Submission {
            return Ok(None);
        }
        let (petition, item) = (raised.petition, raised.objection.item.unwrap_or_default());
        let stream = self.stream_at(raised.objection.position)?;
        let at = found.now.at;
        let (expected, events) = match raised.objection.about {
            About::Petition => {
                let (now, act) = (found.now.clone(), petition::Act::Overturn { by });
                let decided = petition::Decider::decide(&found.state, petition::Command { now, act });
                (read, all(decided.map_err(Stop::refused)?, Event::Petition, happens))
            }
            About::Signature => {
                let page = self.page(petition, &stream)?;
                let act = match page.state.slot_of(item).map(|slot| slot.standing) {
                    Some(signature::Standing::Confirmed) => return Ok(None),
                    Some(signature::Standing::Suspected) => signature::Act::Clear { item, by },
                    _ if struck_by(&page.loaded, item) == Some(by.id) => {
                        return Err(Stop::refused(objection::Refusal::SamePersonTwice));
                    }
                    _ => signature::Act::Restore { item, by, batch: None },
                };
                let command = signature::Command { at, petition: page.view.clone(), act };
                let decided = signature::Decider::decide(&page.state, command).map_err(Stop::refused)?;
                (page.loaded.version, all(decided, Event::Signature, happens))
            }
            About::Comment | About::Submission => {
                let Some(page) = self.comment_page(petition, &stream)? else {
                    return Err(Stop::refused(Wrong::Unknown));
                };
                let (now, act) = (found.now.clone(), comment::Act::Restore { item, by });
                let command = comment::Command { now, petition: page.view, terms: page.terms.clone(), act };
                let decided = comment::Decider::decide(&page.state, command).map_err(Stop::refused)?;
                (page.loaded.version, all(decided, Event::Comment, happens))
            }
        };
        Ok(Some(Planned { stream, expected, events }))
    }

    /// An objection as it stands, if anybody objected to a decision.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn objection(&self, decision: ItemId) -> Result<Option<Raised>, Failure> {
        Ok(raised(&load::<Petitions>(&self.log, &stream(decision))?))
    }

    /// The decision somebody may object to, if one stands: refused, struck out or not shown by an official.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn standing(&self, petition: AggregateId, place: Place<'_>) -> Result<Option<Standing>, Failure> {
        let (read, state) = self.petition(petition)?;
        let Some(filed) = state.0.as_ref().and_then(|petition| petition.filed.as_ref()) else {
            return Ok(None);
        };
        let guard = (office::stream(petition), read);
        match place {
            Place::Petition(proof) => self.refused(petition, &state, proof),
            Place::Signature(stream, item) => {
                let loaded = load::<Petitions>(&self.log, stream)?;
                match struck(&loaded, item, &filed.policy, guard.clone(), stream) {
                    Some(standing) => Ok(Some(standing)),
                    None => self.kept_out(&loaded, item, &filed.policy, guard, stream),
                }
            }
            Place::Comment(stream, item) => {
                Ok(unshown(&load::<Petitions>(&self.log, stream)?, item, &filed.policy, guard, stream))
            }
        }
    }

    /// A submission that a list keeps out: who put its mailbox there decided. The objection is named after the page, once
    /// for all of its submissions, and says in public neither which one nor where it stands.
    fn kept_out(
        &self,
        loaded: &Loaded<Event>,
        item: ItemId,
        policy: &Policy,
        guard: (String, u64),
        stream: &str,
    ) -> Result<Option<Standing>, Failure> {
        let found = loaded.events.iter().find_map(|recorded| match &recorded.event {
            Event::Signature(signature::Event::Submitted(submission)) if submission.item == item => {
                let facts = submission.facts.known()?;
                (facts.outcome == signature::Outcome::Blocked).then_some((recorded, submission))
            }
            _ => None,
        });
        let Some((decision, submission)) = found else { return Ok(None) };
        let Some(signer) = submission.signer.known() else { return Ok(None) };
        let by = self.lists()?.1.who_blocks(&signer.mailbox);
        let contested = contested(decision, About::Submission, Some(item), by, policy);
        Ok(Some(Standing {
            contested: Contested { id: self.admission(stream), position: 0, ..contested },
            objector: Objector {
                name: signer.name.clone(),
                mailbox: signer.mailbox.clone(),
                language: language_of(loaded, item).unwrap_or_default(),
            },
            key: submission.key,
            guards: vec![guard, (stream.to_owned(), loaded.version)],
        }))
    }

    /// What names the objection to a page being kept out by a list: nobody else can compute it.
    fn admission(&self, stream: &str) -> ItemId {
        ItemId::from_bytes(self.commands.short("admission", stream))
    }

    /// Whether somebody decided that a page isn't kept out of its petition, whatever a list says.
    pub(super) fn is_admitted(&self, stream: &str) -> Result<bool, Failure> {
        let raised = self.objection(self.admission(stream))?;
        Ok(raised.is_some_and(|raised| matches!(raised.objection.outcome, Some((Outcome::Changed, _)))))
    }

    /// A lapsed return isn't a decision: it could have been handed in again.
    fn refused(
        &self,
        id: AggregateId,
        state: &std::sync::Arc<petition::State>,
        proof: Proof<'_>,
    ) -> Result<Option<Standing>, Failure> {
        let now = self.moment(self.signing()?.1);
        let proof = self.proof(&Found { now, state: state.clone() }, &proof)?;
        let Some(petition) = &state.0 else { return Ok(None) };
        let Some(filed) = &petition.filed else { return Ok(None) };
        let own = filed.tags.known().is_some_and(|tags| tags.is_any_of(&[proof]));
        let refused = petition.refused.as_ref().filter(|refused| refused.role != Role::System);
        let stands = matches!(petition.life.phase(), petition::Phase::Rejected | petition::Phase::Hidden);
        let (Some(refused), Some(contact), true, true) = (refused, filed.contact.known(), own, stands) else {
            return Ok(None);
        };
        let loaded = load::<Petitions>(&self.log, &office::stream(id))?;
        let decision = loaded.events.iter().rfind(|recorded| {
            matches!(
                &recorded.event,
                Event::Petition(
                    petition::Event::Rejected { .. }
                        | petition::Event::Hidden { .. }
                        | petition::Event::Course(course::Event::TakenDown { .. })
                )
            )
        });
        let objector = Objector {
            name: contact.name.clone(),
            mailbox: contact.mailbox.clone(),
            language: contact.language.clone(),
        };
        Ok(decision.map(|decision| Standing {
            contested: contested(decision, About::Petition, None, refused.by.clone(), &filed.policy),
            objector,
            key: filed.keys.initiator,
            guards: vec![(office::stream(id), loaded.version)],
        }))
    }

    fn dialogue(&self, petition: AggregateId) -> Result<Option<AggregateId>, Failure> {
        let (_, state) = self.petition(petition)?;
        Ok(state.0.as_ref().and_then(|petition| petition.dialogue))
    }
}

fn all<E>(
    events: Vec<E>,
    of: fn(E) -> Event,
    happens: &dyn Fn(Event) -> Happening<Event>,
) -> Vec<Happening<Event>> {
    events.into_iter().map(of).map(happens).collect()
}

/// Who struck a signature out last, even after somebody objected to its being set aside.
fn struck_by(loaded: &Loaded<Event>, item: ItemId) -> Option<SubjectId> {
    loaded.events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Signature(signature::Event::Invalidated { item: of, by, .. }) if *of == item => Some(*by),
        _ => None,
    })
}

/// A signature that an official struck out, or that an official or a rule set aside.
fn struck(
    loaded: &Loaded<Event>,
    item: ItemId,
    policy: &Policy,
    guard: (String, u64),
    stream: &str,
) -> Option<Standing> {
    let state = super::signature::fold(loaded);
    let against = [signature::Standing::Invalidated, signature::Standing::Suspected];
    let slot = state.slot_of(item).filter(|slot| against.contains(&slot.standing))?;
    let signer = slot.signer.known()?;
    let (decision, by) = loaded.events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Signature(
            signature::Event::Invalidated { item: of, by, .. }
            | signature::Event::SetAside { item: of, by, .. },
        ) if *of == item => Some((recorded, vec![*by])),
        Event::Signature(signature::Event::Suspected { item: of, .. }) if *of == item => {
            Some((recorded, Vec::new()))
        }
        _ => None,
    })?;
    let language = language_of(loaded, item);
    Some(Standing {
        contested: contested(decision, About::Signature, Some(item), by, policy),
        objector: Objector {
            name: signer.name.clone(),
            mailbox: signer.mailbox.clone(),
            language: language.unwrap_or_default(),
        },
        key: slot.key,
        guards: vec![guard, (stream.to_owned(), loaded.version)],
    })
}

/// A comment that a moderator refused.
fn unshown(
    loaded: &Loaded<Event>,
    item: ItemId,
    policy: &Policy,
    guard: (String, u64),
    stream: &str,
) -> Option<Standing> {
    let state = comment::Decider::fold(loaded.events.iter().filter_map(|recorded| recorded.event.comment()));
    let refused = state.comment(item).filter(|comment| comment.standing == comment::Standing::Refused)?;
    let (author, facts) = (refused.author.known()?, refused.facts.known()?);
    let decision = loaded.events.iter().rfind(|recorded| {
        matches!(&recorded.event, Event::Comment(comment::Event::Refused { item: of, .. }) if *of == item)
    })?;
    Some(Standing {
        contested: contested(
            decision,
            About::Comment,
            Some(item),
            refused.refused_by.into_iter().collect(),
            policy,
        ),
        objector: Objector {
            name: author.name.clone(),
            mailbox: author.mailbox.clone(),
            language: facts.language.clone(),
        },
        key: refused.key,
        guards: vec![guard, (stream.to_owned(), loaded.version)],
    })
}

fn contested(
    decision: &Recorded<Event>,
    about: About,
    item: Option<ItemId>,
    by: Vec<SubjectId>,
    policy: &Policy,
) -> Contested {
    Contested {
        id: ItemId::from_bytes(*decision.id.as_bytes()),
        position: decision.position,
        about,
        item,
        at: decision.occurred_at,
        by,
        days: policy.objection_days,
        review_days: policy.review_days,
    }
}

fn fold(loaded: &Loaded<Event>) -> objection::State {
    objection::Decider::fold(loaded.events.iter().filter_map(|recorded| recorded.event.objection()))
}

fn raised(loaded: &Loaded<Event>) -> Option<Raised> {
    let petition = loaded.events.first()?.aggregate;
    fold(loaded).0.map(|objection| Raised { petition, objection })
}

impl Raised {
    /// What who objects is told of the second decision, once there is one.
    #[must_use]
    pub fn told(&self) -> Option<(Outcome, Option<&str>)> {
        let (outcome, text) = self.objection.outcome.as_ref()?;
        Some((*outcome, text.known().map(String::as_str)))
    }

    /// Why somebody objects; gone once they were erased.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.objection.reason {
            Opened::Known(reason) => Some(reason),
            Opened::Gone => None,
        }
    }
}
