//! The office of one tenant: its log, its tables, its keys, who it asks and how it sends.

use std::{collections::BTreeMap, ops::Deref, path::PathBuf, sync::Arc};

use radslag_eventlog::Writer;
use radslag_kernel::AggregateId;
use radslag_readmodel::{Backend, Store};
use radslag_runtime::{
    config, ground::Tenant, office::Desk, project::Running, reaction::checkpoint_only, service::Failure,
};

use crate::{
    letter::Cause,
    mailbox, projections,
    shell::{Notifications, cap::Cap, compose::Sender, owner::Owners, tokens::Tokens, transport::Transport},
    tag::Tag,
};

/// Where hearing of each service stands.
const HEARD: [(&str, &str); 1] = [("petitions", "heard")];

/// One tenant's letters.
pub struct Office {
    desk: Desk<Notifications>,
    /// Letters on their way.
    pub deliveries: Arc<Running<Notifications>>,
    /// Who subscribes to what.
    pub subscriptions: Arc<Running<Notifications>>,
    /// Letters to many.
    pub mailings: Arc<Running<Notifications>>,
    /// Where the reaction to its own events stands.
    pub own: Store,
    /// Where hearing of each other service stands, where both run in one process.
    pub heard: BTreeMap<&'static str, Store>,
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
        let desk = Desk::open(tenant, ground, writer, backend)?;
        let Means { from, return_domain, signer, transport, owners, public_url, daily, hourly, spool } =
            means;
        let mut heard = BTreeMap::new();
        for (service, name) in HEARD {
            heard.insert(service, desk.store(&checkpoint_only::<Notifications>(name)).await?);
        }
        Ok(Arc::new(Self {
            deliveries: desk.running(projections::DELIVERIES, for_deliveries).await?,
            subscriptions: desk.running(projections::SUBSCRIPTIONS, for_subscriptions).await?,
            mailings: desk.running(projections::MAILINGS, for_mailings).await?,
            own: desk.store(&checkpoint_only::<Notifications>("own")).await?,
            heard,
            tokens: Tokens::new(desk.commands.purpose("subscriptions")),
            cap: Cap::new(daily),
            sender: Sender { from, return_domain, return_key: desk.commands.purpose("bounces"), signer },
            owners,
            transport,
            public_url,
            hourly,
            spool,
            desk,
        }))
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
}

impl Deref for Office {
    type Target = Desk<Notifications>;

    fn deref(&self) -> &Desk<Notifications> {
        &self.desk
    }
}

impl radslag_runtime::office::Office for Office {
    type Service = Notifications;

    fn projections(&self) -> Vec<&Arc<Running<Notifications>>> {
        vec![&self.deliveries, &self.subscriptions, &self.mailings]
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
