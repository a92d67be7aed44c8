//! Commands to inquiries.

use radslag_kernel::{Actor, AggregateId, Decider as _, Role, SubjectId};
use radslag_runtime::{
    config::Politician,
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};
use radslag_vault::NewKey;

use crate::{
    event::Event,
    inquiry::{self, Act, Asking, Contact, Keys, Kind, Representative},
    mailbox,
    petition::{Now, Official},
    register,
    shell::{Asked, Done, Office, Petitions, Wrong, petition::Staff},
    tag::Tag,
    terms::Terms,
};

/// An inquiry as it is handed in.
pub struct Handed<'a> {
    /// Which kind.
    pub kind: Kind,
    /// What is asked.
    pub asked: inquiry::Asked,
    /// Who asks.
    pub contact: Contact,
    /// Their eID's subject.
    pub eid: Option<&'a str>,
    /// They want no answer in public.
    pub private: bool,
    /// The politician they would like to hear from.
    pub wished: Option<SubjectId>,
    /// Part of which dialogue.
    pub dialogue: Option<AggregateId>,
    /// Over a rate: no mail goes out.
    pub over_rate: bool,
    /// A list forbids it.
    pub blocked: bool,
}

/// What a command makes of the inquiry it finds.
struct Made {
    act: Act,
    keys: Vec<NewKey>,
    register: Option<(register::Entered, u64)>,
}

/// An inquiry's stream.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("inquiry-{id}")
}

impl Office {
    /// What stands for who asks by eID.
    #[must_use]
    pub fn asker(&self, eid: &str) -> Tag {
        Tag(self.commands.short("asker-eid", eid))
    }

    /// What stands for who asks by mailbox, whatever way it is typed.
    #[must_use]
    pub fn asker_mailbox(&self, typed: &str) -> Tag {
        Tag(self.commands.short("asker-mailbox", &mailbox::canonical(typed)))
    }

    /// An elected representative by the id of this service.
    #[must_use]
    pub fn politician(&self, id: SubjectId) -> Option<&Politician> {
        self.tenant.politicians.iter().find(|politician| self.staff(&politician.subject) == id)
    }

    /// An inquiry's state.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn inquiry(&self, id: AggregateId) -> Result<inquiry::State, Failure> {
        Ok(fold(&load::<Petitions>(&self.log, &stream(id))?))
    }

    /// Hands an inquiry in; its id follows from the command's. It has a number at once.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn ask(
        &self,
        asked: &Asked,
        handed: &Handed<'_>,
    ) -> Result<(AggregateId, Done), Undone<Wrong>> {
        let id = self.commands.aggregate(asked.command);
        let policy = self.policy().ok_or(Undone::Refused(Wrong::Unknown))?;
        let terms = Terms::of(&policy.id, policy.version);
        let proof =
            handed.eid.map_or_else(|| self.asker_mailbox(&handed.contact.mailbox), |eid| self.asker(eid));
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let mut make = |now: &Now| {
            let new: [NewKey; 3] = std::array::from_fn(|_| self.log.vault().reserve());
            let [document, asker, record] = [0, 1, 2].map(|at: usize| new[at].reference);
            let year = u16::try_from(now.today().year()).unwrap_or(0);
            let version = self.log.version(&register::stream(year))?;
            let entered = register::next(year, version, now.at);
            let act = Act::Receive(Box::new(Asking {
                terms: terms.clone(),
                kind: handed.kind,
                asked: handed.asked.clone(),
                contact: handed.contact.clone(),
                proof,
                by_eid: handed.eid.is_some(),
                private: handed.private,
                wished: handed.wished,
                keys: Keys { document, asker, record },
                register: entered.register,
                dialogue: handed.dialogue,
                blocked: handed.blocked,
                over_rate: handed.over_rate,
            }));
            Ok(Made { act, keys: new.into(), register: Some((entered, version)) })
        };
        Ok((id, self.on_stream(id, actor, asked, &mut make).await?))
    }

    /// An act of whoever proved to be the asker.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn as_asker(&self, id: AggregateId, asked: &Asked, act: Act) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        self.on_stream(id, actor, asked, &mut |_| Ok(plain(act.clone()))).await
    }

    /// An act of an official or a politician.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_inquiry(
        &self,
        id: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        act: &(dyn Fn(Official) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let subject = self.staff(staff.subject);
        let actor = Actor { role: staff.role, subject };
        self.on_stream(id, actor, asked, &mut |_| {
            let tags = vec![self.asker(staff.subject)];
            Ok(plain(act(Official {
                id: subject,
                tags,
                signed: false,
                locked_out: false,
                ground: staff.ground.clone(),
            })))
        })
        .await
    }

    /// An act of the service itself.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_inquiry_by_system(&self, id: AggregateId, act: Act) -> Result<Done, Undone<Wrong>> {
        let asked = Asked::by_system();
        self.on_stream(id, Actor::SYSTEM, &asked, &mut |_| Ok(plain(act.clone()))).await
    }

    /// A politician of this tenant, as an inquiry names them.
    #[must_use]
    pub fn representative(&self, id: SubjectId) -> Option<Representative> {
        let found = self.politician(id)?;
        Some(Representative { id, name: found.name.clone(), party: found.party.clone() })
    }

    async fn on_stream(
        &self,
        id: AggregateId,
        actor: Actor,
        asked: &Asked,
        make: &mut (dyn FnMut(&Now) -> Result<Made, Failure> + Send),
    ) -> Result<Done, Undone<Wrong>> {
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let loaded = asked.load::<Petitions, _>(&self.log, &stream(id))?;
            let (state, now) =
                (fold(&loaded), Now { at, calendar: self.calendar.clone(), signing: Default::default() });
            let made = make(&now)?;
            let digest_under = match &made.act {
                Act::Receive(asking) => Some(asking.keys.asker),
                _ => None,
            };
            let dialogue = state.0.as_ref().and_then(|inquiry| inquiry.dialogue);
            let events = inquiry::Decider::decide(&state, inquiry::Command { now, act: made.act })
                .map_err(Stop::refused)?;
            if events.is_empty() {
                return Err(Stop::nothing(loaded.version));
            }
            let happening = |event| Happening::of(id, dialogue, actor, Event::Inquiry(event));
            let events = events.into_iter().map(happening).collect();
            let mut writes = vec![Planned { stream: stream(id), expected: loaded.version, events }];
            if let Some((entered, expected)) = made.register {
                let stream = register::stream(entered.register.year);
                let events = vec![Happening::of(id, None, actor, Event::Register(entered))];
                writes.push(Planned { stream, expected, events });
            }
            Ok(Plan { keys: made.keys, digest_under, ..Plan::all(writes) })
        })
        .await
    }
}

const fn plain(act: Act) -> Made {
    Made { act, keys: Vec::new(), register: None }
}

fn fold(loaded: &Loaded<Event>) -> inquiry::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.inquiry());
    inquiry::Decider::fold(events)
}
