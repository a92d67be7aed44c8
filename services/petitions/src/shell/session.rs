//! Commands to one-time links and sessions.

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId, Opened, Role, SubjectId};
use radslag_runtime::{
    execute::{Happening, Plan, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};
use radslag_vault::NewKey;

use crate::{
    event::Event,
    mailbox,
    session::{self, Act},
    shell::{Asked, Done, Office, Petitions, Wrong},
    tag::Tag,
};

/// The stream of a mailbox's links.
#[must_use]
pub fn stream(tag: Tag) -> String {
    format!("session-{tag}")
}

impl Office {
    /// What stands for a mailbox in the names of its streams of links, and nowhere else.
    #[must_use]
    pub fn session_tag(&self, typed: &str) -> Tag {
        Tag(self.commands.short("session", &mailbox::canonical(typed)))
    }

    /// A mailbox asks for a link: whatever comes of it, one event of one shape.
    ///
    /// # Errors
    /// `Undone`; never anything about the mailbox.
    pub async fn request_link(
        &self,
        asked: &Asked,
        mailbox: &str,
        language: &str,
        blocked: bool,
    ) -> Result<Done, Undone<Wrong>> {
        let item = ItemId::from_bytes(rand::random());
        let stream = stream(self.session_tag(mailbox));
        self.on_links(&stream, Role::Citizen, asked, &|new| {
            let (mailbox, language) = (mailbox.to_owned(), language.to_owned());
            Act::Request { item, key: new.reference, mailbox, language, blocked }
        })
        .await
    }

    /// The link is used: the session's id, and the mailbox as it was typed. It can't be told a second time: the event that
    /// opens the session destroys the address.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn open_session(
        &self,
        tag: Tag,
        item: ItemId,
        seconds: u64,
    ) -> Result<(ItemId, String), Undone<Wrong>> {
        let stream = stream(tag);
        let typed = match self.links_of(&stream)?.link(item).map(|link| link.asker.clone()) {
            Some(Opened::Known(asker)) => asker.mailbox,
            Some(Opened::Gone) | None => String::new(),
        };
        let until = self.now().plus_millis(seconds * 1_000);
        self.on_links(&stream, Role::Citizen, &Asked::by_system(), &|_| Act::Open { item, until }).await?;
        Ok((item, typed))
    }

    /// Whether a mailbox's session goes on: it was opened, isn't over, and nobody logged out.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn session_is_open(&self, mailbox: &str, session: ItemId) -> Result<bool, Failure> {
        Ok(self.links_of(&stream(self.session_tag(mailbox)))?.is_open(session, self.now()))
    }

    /// Its holder logs out. A second time does nothing.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn end_session(&self, mailbox: &str, session: ItemId) -> Result<Done, Undone<Wrong>> {
        let stream = stream(self.session_tag(mailbox));
        self.on_links(&stream, Role::Citizen, &Asked::by_system(), &|_| Act::End { item: session }).await
    }

    /// A link's time is up.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn expire_link(&self, stream: &str, item: ItemId) -> Result<Done, Undone<Wrong>> {
        self.on_links(stream, Role::System, &Asked::by_system(), &|_| Act::Expire { item }).await
    }

    /// A mailbox's links as they are.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn links_of(&self, stream: &str) -> Result<session::State, Failure> {
        Ok(fold(&load::<Petitions>(&self.log, stream)?))
    }

    async fn on_links(
        &self,
        stream: &str,
        role: Role,
        asked: &Asked,
        act: &(dyn Fn(&NewKey) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let subject = SubjectId::from_bytes(rand::random());
        let actor = if role == Role::System { Actor::SYSTEM } else { Actor { role, subject } };
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let loaded = asked.load::<Petitions, _>(&self.log, stream)?;
            let new = self.log.vault().reserve();
            let act = act(&new);
            let takes_key = matches!(act, Act::Request { .. });
            let command = session::Command { at, act };
            let events = session::Decider::decide(&fold(&loaded), command);
            let events = events.map_err(|refusal| Stop::refused(Wrong::Session(refusal)))?;
            if events.is_empty() {
                return Err(Stop::nothing(loaded.version));
            }
            let digest_under = takes_key.then_some(new.reference);
            let events = events
                .into_iter()
                .map(|event| Happening::of(AggregateId::default(), None, actor, Event::Session(event)))
                .collect();
            Ok(Plan {
                keys: if takes_key { vec![new] } else { Vec::new() },
                digest_under,
                ..Plan::of(stream.to_owned(), loaded.version, events)
            })
        })
        .await
    }
}

fn fold(loaded: &Loaded<Event>) -> session::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.session());
    session::Decider::fold(events)
}
