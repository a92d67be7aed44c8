//! Commands to petitions.

use std::sync::Arc;

use radslag_kernel::{Actor, AggregateId, Decider as _, KeyRef, Role, SubjectId};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::Failure,
};
use radslag_vault::NewKey;

use crate::{
    assisted::{Assisted, Helper},
    event::Event,
    petition::{self, Act, Contact, Content, HandIn, Initiator, Keys, Now, Official},
    register,
    shell::{
        Asked, Done, Office, Petitions, Wrong, attached, moderation,
        office::{fold, stream},
        tagging::Tags,
    },
    signing,
    tag::Tag,
};

/// Who acts for the authority, as their token says.
#[derive(Clone, Debug)]
pub struct Staff<'a> {
    /// In which role.
    pub role: Role,
    /// The issuer's name for them.
    pub subject: &'a str,
    /// Why.
    pub ground: String,
}

/// Somebody acts for a citizen, as their token and their body say.
#[derive(Clone, Debug)]
pub struct Helped<'a> {
    /// Who.
    pub staff: Staff<'a>,
    /// How; the office stamps who it is.
    pub how: Assisted,
}

/// A petition as it is handed in.
pub struct HandedIn<'a> {
    /// Its texts.
    pub content: Content,
    /// Who starts it.
    pub contact: Contact,
    /// Their eID's subject.
    pub eid: Option<&'a str>,
    /// Known to be in the population register.
    pub registered: bool,
    /// Part of which dialogue.
    pub dialogue: Option<AggregateId>,
}

/// What a command makes of the petition it finds: an act, and keys its events name for the first time.
pub type Make<'a> = dyn FnMut(&Found) -> Result<Made, Failure> + Send + 'a;

/// A petition as a command finds it.
pub struct Found {
    /// When.
    pub now: Now,
    /// Its state.
    pub state: Arc<petition::State>,
}

/// An act with what goes with it.
pub struct Made {
    /// What is asked.
    pub act: Act,
    /// Keys.
    pub keys: Vec<NewKey>,
    /// What goes to the register beside it.
    pub register: Option<(register::Entered, u64)>,
    /// Under which key the body's digest is sealed.
    pub digest_under: Option<KeyRef>,
    /// A stream that must not move meanwhile, beside the tenant's signing.
    pub guard: Option<(String, u64)>,
}

impl Made {
    /// Nothing but the act.
    #[must_use]
    pub fn act(act: Act) -> Self {
        Self { act, keys: Vec::new(), register: None, digest_under: None, guard: None }
    }
}

impl Office {
    /// Gives a command to a petition.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn command(
        &self,
        id: AggregateId,
        actor: Actor,
        asked: &Asked,
        make: &mut Make<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let mut lost = Vec::new();
        let done = execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let loaded = asked.load::<Petitions, _>(&self.log, &stream(id))?;
            let state = Arc::new(fold(&loaded));
            let (signed, signing) = self.signing()?;
            let now = Now { at, calendar: self.calendar.clone(), signing };
            let made = make(&Found { now: now.clone(), state: state.clone() })?;
            let dialogue = state.0.as_ref().and_then(|petition| petition.dialogue);
            let command = petition::Command { now, act: made.act };
            let events = petition::Decider::decide(&state, command).map_err(Stop::refused)?;
            if events.is_empty() {
                return Err(Stop::nothing(loaded.version));
            }
            lost = attached::lost(&state, &events);
            let happening =
                |event: petition::Event| Happening::of(id, dialogue, actor, Event::Petition(event));
            let events = events.into_iter().map(happening).collect();
            let mut writes = vec![Planned { stream: stream(id), expected: loaded.version, events }];
            if let Some((entered, expected)) = made.register {
                let event = Happening::of(id, None, actor, Event::Register(entered));
                let name = register::stream(entered.register.year);
                writes.push(Planned { stream: name, expected, events: vec![event] });
            }
            Ok(Plan {
                writes,
                guards: [(signing::STREAM.into(), signed)].into_iter().chain(made.guard).collect(),
                keys: made.keys,
                digest_under: made.digest_under,
            })
        })
        .await?;
        self.forget(id, lost).await;
        Ok(done)
    }

    /// Hands a petition in; its id follows from the command's, so that the same command makes the same petition.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn hand_in(
        &self,
        asked: &Asked,
        handed: &HandedIn<'_>,
    ) -> Result<(AggregateId, Done), Undone<Wrong>> {
        let id = self.commands.aggregate(asked.command);
        let done = self.submit(id, asked, handed, None).await?;
        Ok((id, done))
    }

    /// Hands in a draft, or a petition that wasn't one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn submit(
        &self,
        id: AggregateId,
        asked: &Asked,
        handed: &HandedIn<'_>,
        owner: Option<&str>,
    ) -> Result<Done, Undone<Wrong>> {
        self.submitted(id, asked, handed, owner, None).await
    }

    /// Hands a petition in for who starts it, whom `eid` then names by their personal number.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn hand_in_for(
        &self,
        asked: &Asked,
        handed: &HandedIn<'_>,
        helped: &Helped<'_>,
    ) -> Result<(AggregateId, Done), Undone<Wrong>> {
        let id = self.commands.aggregate(asked.command);
        let done = self.submitted(id, asked, handed, None, Some(helped)).await?;
        Ok((id, done))
    }

    async fn submitted(
        &self,
        id: AggregateId,
        asked: &Asked,
        handed: &HandedIn<'_>,
        owner: Option<&str>,
        helped: Option<&Helped<'_>>,
    ) -> Result<Done, Undone<Wrong>> {
        let subject = SubjectId::from_bytes(rand::random());
        let actor = Actor { role: Role::Citizen, subject };
        let owner = owner.map(|owner| self.owner(owner));
        let Some(policy) = self.policy() else { return Err(Undone::Refused(Wrong::Unknown)) };
        self.command(id, actor, asked, &mut |found| {
            let vault = self.log.vault();
            let new: [NewKey; 4] = std::array::from_fn(|_| vault.reserve());
            let [document, initiator, tags, record] = [0, 1, 2, 3].map(|at: usize| new[at].reference);
            let keys = Keys { document, initiator, tags, record };
            let tagging = Tags::new(new[2].key());
            let year = u16::try_from(found.now.today().year()).unwrap_or(0);
            let version = self.log.version(&register::stream(year))?;
            let entered = register::next(year, version, found.now.at);
            let act = Act::Submit(Box::new(HandIn {
                policy: policy.clone(),
                content: handed.content.clone(),
                initiator: Initiator {
                    contact: handed.contact.clone(),
                    tags: tagging.initiator(&handed.contact, handed.eid),
                    registered: handed.registered,
                    helper: helped.map(|helped| self.newcomer(helped, &tagging)),
                },
                keys,
                register: entered.register,
                dialogue: handed.dialogue,
                terms: self.texts.accepted().to_owned(),
                owner,
            }));
            let register = Some((entered, version));
            Ok(Made { act, keys: new.into(), register, digest_under: Some(keys.initiator), guard: None })
        })
        .await
    }

    /// Saves a draft of an eID's; new if it isn't there.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn save_draft(
        &self,
        id: AggregateId,
        asked: &Asked,
        eid: &str,
        content: &Content,
        dialogue: Option<AggregateId>,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let owner = self.owner(eid);
        let Some(policy) = self.policy() else { return Err(Undone::Refused(Wrong::Unknown)) };
        self.command(id, actor, asked, &mut |found| {
            let new = found.state.0.is_none().then(|| self.log.vault().reserve());
            let key = new.as_ref().map_or(KeyRef(0), |new| new.reference);
            let (content, policy) = (content.clone(), policy.clone());
            let act = Act::SaveDraft { owner, key, content, policy, dialogue };
            let digest_under = new.as_ref().map(|new| new.reference);
            Ok(Made { act, keys: new.into_iter().collect(), register: None, digest_under, guard: None })
        })
        .await
    }

    /// An act of whoever proved to be the initiator: by eID, or by a link to their mailbox.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn as_initiator(
        &self,
        id: AggregateId,
        asked: &Asked,
        proof: &Proof<'_>,
        act: &(dyn Fn(Tag) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Initiator, subject: SubjectId::from_bytes(rand::random()) };
        self.command(id, actor, asked, &mut |found| Ok(Made::act(act(self.proof(found, proof)?)))).await
    }

    /// Takes a petition back for its initiator, whom `eid` names by their personal number.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn withdraw_petition_for(
        &self,
        id: AggregateId,
        asked: &Asked,
        (eid, name): (&str, &str),
        helped: &Helped<'_>,
        reason: &str,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Initiator, subject: SubjectId::from_bytes(rand::random()) };
        let (tags, on_paper) = (self.tags(id)?, self.signed_on_paper(id, &helped.staff).await?);
        let (citizen, name) = (tags.eid(eid), tags.name(name));
        self.command(id, actor, asked, &mut |found| {
            let helper = Box::new(self.helper(id, (helped, on_paper), &found.state)?);
            Ok(Made::act(Act::WithdrawFor { citizen, name, reason: reason.to_owned(), helper }))
        })
        .await
    }

    /// The tag of whoever proved to be the initiator, as the petition's rules compare it.
    pub(super) fn proof(&self, found: &Found, proof: &Proof<'_>) -> Result<Tag, Failure> {
        let filed = found.state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        Ok(match (proof, filed) {
            (Proof::Mailbox(tag), _) => *tag,
            (Proof::Eid(subject), Some(filed)) => {
                let tags = Tags::of(self.log.vault(), filed.keys.tags)?;
                tags.map_or(Tag([0; 16]), |tags| tags.eid(subject))
            }
            (Proof::Eid(subject), None) => self.owner(subject),
        })
    }

    /// An act of an official.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn as_official(
        &self,
        id: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        act: &(dyn Fn(Official, &Found) -> Result<Act, Failure> + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let on_paper = self.signed_on_paper(id, staff).await?;
        self.command(id, actor, asked, &mut |found| {
            let (version, kept) = self.moderation(id)?;
            let locked_out = kept.is_locked_for(actor.subject, found.now.at);
            let official = Official { locked_out, ..self.official(id, (staff, on_paper), &found.state)? };
            let filed = found.state.0.as_ref().and_then(|petition| petition.filed.as_ref());
            let made = Made::act(act(official, found)?);
            let digest_under = filed.map(|filed| filed.keys.record);
            Ok(Made { digest_under, guard: Some((moderation::stream(id), version)), ..made })
        })
        .await
    }

    /// An official as a petition sees them: whether they started or signed it themselves, or may take it over; whether they
    /// signed it on paper was looked up before. A lock is looked up where it counts.
    ///
    /// # Errors
    /// `Log`, `Vault`.
    pub fn official(
        &self,
        id: AggregateId,
        (staff, on_paper): (&Staff<'_>, bool),
        state: &petition::State,
    ) -> Result<Official, Failure> {
        let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        let tags = match filed {
            Some(filed) => Tags::of(self.log.vault(), filed.keys.tags)?,
            None => None,
        };
        let eid = tags.map(|tags| tags.eid(staff.subject));
        let concerned = filed.zip(eid).is_some_and(|(filed, tag)| filed.concerns(&[tag]));
        let signed = match eid {
            Some(tag) => {
                concerned || on_paper || self.log.version(&super::signature::eid_stream(id, tag))? > 0
            }
            None => false,
        };
        let id = self.staff(staff.subject);
        let (tags, ground) = (eid.into_iter().collect(), staff.ground.clone());
        Ok(Official { id, tags, signed, locked_out: false, ground })
    }

    /// Who acts for a citizen, as a petition sees them.
    ///
    /// # Errors
    /// `Log`, `Vault`.
    pub fn helper(
        &self,
        id: AggregateId,
        (helped, on_paper): (&Helped<'_>, bool),
        state: &petition::State,
    ) -> Result<Helper, Failure> {
        Ok(Helper { how: self.kept(helped), by: self.official(id, (&helped.staff, on_paper), state)? })
    }

    /// The same for a petition that isn't there yet.
    fn newcomer(&self, helped: &Helped<'_>, tags: &Tags) -> Helper {
        let (id, own) = (self.staff(helped.staff.subject), tags.eid(helped.staff.subject));
        let ground = helped.staff.ground.clone();
        let by = Official { id, tags: vec![own], signed: false, locked_out: false, ground };
        Helper { how: self.kept(helped), by }
    }

    fn kept(&self, helped: &Helped<'_>) -> Assisted {
        Assisted { by: self.staff(helped.staff.subject), role: helped.staff.role, ..helped.how }
    }

    /// What is due by now happens to a petition.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn lapse(&self, id: AggregateId) -> Result<Done, Undone<Wrong>> {
        self.by_system(id, Act::Lapse).await
    }

    /// An act of the service itself.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn by_system(&self, id: AggregateId, act: Act) -> Result<Done, Undone<Wrong>> {
        let asked = Asked::by_system();
        self.command(id, Actor::SYSTEM, &asked, &mut |_| Ok(Made::act(act.clone()))).await
    }

    /// The tag that owns an eID's drafts.
    #[must_use]
    pub fn owner(&self, eid: &str) -> Tag {
        Tag(self.commands.short("owner", eid))
    }

    /// Now, as petitions see it.
    #[must_use]
    pub fn moment(&self, signing: Arc<signing::Signing>) -> Now {
        Now { at: self.now(), calendar: self.calendar.clone(), signing }
    }
}

/// How an initiator proves to be the one.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// By a link to their mailbox: its tag.
    Mailbox(Tag),
    /// By their eID's subject.
    Eid(&'a str),
}
