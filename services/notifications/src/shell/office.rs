//! The office of one tenant: its log, its tables, its keys, who it asks and how it sends.

use std::{path::PathBuf, sync::Arc};

use radslag_eventlog::{Log, Writer};
use radslag_kernel::{AggregateId, Calendar, Instant, SubjectId};
use radslag_readmodel::{Backend, Projection, Store};
use radslag_runtime::{
    command::CommandKey,
    config,
    ground::Tenant,
    http::Reach,
    project::Running,
    reaction::checkpoint_only,
    service::{Failure, Opens, Service as _},
};

use crate::{
    event::Event,
    letter::Cause,
    mailbox, projections,
    shell::{Notifications, cap::Cap, compose::Sender, owner::Owners, tokens::Tokens, transport::Transport},
    tag::Tag,
};

/// One tenant's letters.
pub struct Office {
    /// Who it is.
    pub tenant: Arc<config::Tenant>,
    /// Its zone.
    pub calendar: Calendar,
    /// The log.
    pub log: Log,
    /// Ids of commands, and tags.
    pub commands: CommandKey,
    /// Letters on their way.
    pub deliveries: Arc<Running<Notifications>>,
    /// Who subscribes to what.
    pub subscriptions: Arc<Running<Notifications>>,
    /// Letters to many.
    pub mailings: Arc<Running<Notifications>>,
    /// Where the reaction to its own events stands.
    pub own: Store,
    /// Where hearing of petitions stands, where both run in one process.
    pub heard: Store,
    /// Tokens of subscriptions' links.
    pub tokens: Tokens,
    /// How many letters a mailbox gets.
    pub cap: Cap,
    /// Who is asked what an event leads to.
    pub owners: Owners,
    /// Who writes.
    pub sender: Sender,
    /// How letters leave.
    pub transport: Arc<dyn Transport>,
    /// How the world reaches us, without a slash at the end.
    pub public_url: String,
    /// Letters of a mailing in an hour.
    pub hourly: u32,
    /// Where reports of letters that came back are put.
    pub spool: PathBuf,
}

/// What an office needs beside its ground.
pub struct Means {
    /// Who letters are from.
    pub from: lettre::message::Mailbox,
    /// Behind the `@` of return paths.
    pub return_domain: String,
    /// What signs.
    pub signer: Option<crate::shell::dkim::Signer>,
    /// How letters leave.
    pub transport: Arc<dyn Transport>,
    /// Who is asked what an event leads to.
    pub owners: Owners,
    /// How the world reaches us.
    pub public_url: String,
    /// Letters a mailbox gets in a day.
    pub daily: u32,
    /// Letters of a mailing in an hour.
    pub hourly: u32,
    /// Where reports of letters that came back are put.
    pub spool: PathBuf,
}

impl Office {
    /// Opens log and tables.
    ///
    /// # Errors
    /// `Log` (damaged, in use), `Vault`, `Readmodel`.
    pub async fn open(
        tenant: Arc<config::Tenant>,
        ground: &Tenant,
        writer: &Writer,
        backend: &Backend,
        means: Means,
    ) -> Result<Arc<Self>, Failure> {
        let log = ground.log(Notifications::NAME, writer)?;
        let commands = ground.command_key(Notifications::NAME)?;
        let tables = Tables { log: &log, backend: &backend.in_zone(&tenant.zone), tenant: &tenant.id };
        let Means { from, return_domain, signer, transport, owners, public_url, daily, hourly, spool } =
            means;
        Ok(Arc::new(Self {
            calendar: tenant.calendar(),
            deliveries: tables.running(projections::DELIVERIES, for_deliveries).await?,
            subscriptions: tables.running(projections::SUBSCRIPTIONS, for_subscriptions).await?,
            mailings: tables.running(projections::MAILINGS, for_mailings).await?,
            own: tables.store(&checkpoint_only::<Notifications>("own")).await?,
            heard: tables.store(&checkpoint_only::<Notifications>("heard")).await?,
            tokens: Tokens::new(commands.purpose("subscriptions")),
            cap: Cap::new(daily),
            sender: Sender { from, return_domain, return_key: commands.purpose("bounces"), signer },
            owners,
            transport,
            public_url,
            hourly,
            spool,
            tenant,
            commands,
            log,
        }))
    }

    /// The tenant's time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.log.now()
    }

    /// The delivery of a letter: the same for the same cause, address and template.
    #[must_use]
    pub fn delivery(&self, cause: &Cause, subject: Tag, template: &str) -> AggregateId {
        let what = format!("{}:{}:{subject}:{template}", cause.service, cause.event);
        AggregateId::from_bytes(self.commands.short("delivery", &what))
    }

    /// What stands for a mailbox on a list, in the name of its stream and nowhere else.
    #[must_use]
    pub fn subscription_tag(&self, list: &str, typed: &str) -> Tag {
        Tag(self.commands.short("subscription", &format!("{list}:{}", mailbox::canonical(typed))))
    }

    /// What stands for a mailbox where it says that it wants none.
    #[must_use]
    pub fn optout_tag(&self, typed: &str) -> Tag {
        Tag(self.commands.short("optout", &mailbox::canonical(typed)))
    }

    /// An official, as this service's log knows them.
    #[must_use]
    pub fn staff(&self, subject: &str) -> SubjectId {
        SubjectId::from_bytes(self.commands.short("staff", subject))
    }

    /// How far the log and its projections have come, for `/metrics`.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let log = self.log.clone();
        Reach {
            tenant: self.tenant.id.clone(),
            service: Notifications::NAME,
            watermark: Box::new(move || log.watermark()),
            projections: self.projections().map(|running| running.reach()).into(),
        }
    }

    /// Every projection, in the order in which they are made.
    #[must_use]
    pub const fn projections(&self) -> [&Arc<Running<Notifications>>; 3] {
        [&self.deliveries, &self.subscriptions, &self.mailings]
    }
}

fn for_deliveries(kind: &str, _: u32) -> bool {
    kind.starts_with("delivery.")
}

fn for_subscriptions(kind: &str, _: u32) -> bool {
    kind.starts_with("subscription.")
}

fn for_mailings(kind: &str, _: u32) -> bool {
    kind.starts_with("mailing.")
}

struct Tables<'a> {
    log: &'a Log,
    backend: &'a Backend,
    tenant: &'a str,
}

impl Tables<'_> {
    async fn store(&self, projection: &Projection<Event>) -> Result<Store, Failure> {
        Ok(Store::open(self.backend, self.tenant, Notifications::NAME, projection).await?)
    }

    async fn running(
        &self,
        projection: Projection<Event>,
        opens: Opens,
    ) -> Result<Arc<Running<Notifications>>, Failure> {
        let store = self.store(&projection).await?;
        Running::new(self.log.clone(), store, projection, opens).await
    }
}
