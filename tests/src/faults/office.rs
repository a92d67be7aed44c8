//! Row 11 as a tenant sees it: one person signs a hundred times at once, one link is used a hundred times at once.

use std::{future::Future, path::Path, sync::Arc};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use radslag_eventlog::Clock;
use radslag_kernel::{AggregateId, ItemId, Role};
use radslag_petitions::{
    petition::{Act, Contact, Content},
    policy::Length,
    shell::{
        Asked, Office, Wrong,
        petition::{Found, HandedIn, Proof, Staff},
        session,
        signature::{Given, eid_stream},
    },
    signature::{Refusal, Shown},
};
use radslag_readmodel::Backend;
use radslag_runtime::{
    config::Tenant,
    execute::Undone,
    ground::{self, Folders},
};
use serde_json::json;
use tokio::sync::Barrier;

use super::{lab::Lab, races::AT_ONCE};

const MAILBOX: &str = "initiator@example.org";
/// A session's length.
const SECONDS: u64 = 3_600;

/// A tenant with one petition that is open for signatures.
pub struct Town {
    /// The tenant's petitions.
    pub office: Arc<Office>,
    petition: AggregateId,
}

/// What one of many that are asked at once is told.
type Told = Result<(), Undone<Wrong>>;

impl Town {
    /// In a new folder in memory.
    ///
    /// # Errors
    /// Of the office.
    pub async fn new(lab: &Lab) -> Result<Self> {
        let folder = lab.memory()?;
        let backend = Backend::Sqlite { dir: folder.join("derived") };
        Self::on(lab, &folder, &backend).await
    }

    /// In a folder, with tables elsewhere.
    ///
    /// # Errors
    /// Of the office.
    pub async fn on(lab: &Lab, folder: &Path, backend: &Backend) -> Result<Self> {
        let at = |name: &str| folder.join(name);
        let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
        let tenant: Tenant = serde_json::from_value(
            json!({ "id": "malmo", "name": "Malmö", "locale": "sv-SE", "policy": "open" }),
        )?;
        let ground = ground::Tenant::open(&folders, "malmo", Arc::new(Clock::system(0)))?;
        let office = Office::open(Arc::new(tenant), &ground, &lab.writer, backend, vec![]).await?;
        let petition = open_petition(&office).await.map_err(|undone| anyhow!("{undone:?}"))?;
        Ok(Self { office, petition })
    }

    /// A person signs with their eID, a hundred times at once.
    ///
    /// # Errors
    /// If not exactly one is taken, or another is told anything but that they have signed.
    pub async fn sign(&self, seed: u64) -> Result<()> {
        let eid = format!("eid-{seed}");
        let (petition, signer) = (self.petition, eid.clone());
        let taken = at_once(&self.office, move |office| {
            let eid = signer.clone();
            async move { one_signs(&office, petition, &eid).await }
        });
        let refused = taken.await?;
        let other = refused.iter().find(|wrong| **wrong != Wrong::Signature(Refusal::AlreadySigned));
        ensure!(other.is_none(), "somebody who had signed was told {other:?}");
        let tags = self.office.tags(petition).map_err(|undone| anyhow!("{undone:?}"))?;
        let events = self.office.log.read_stream(&eid_stream(petition, tags.eid(&eid)))?.len();
        ensure!(events == 1, "{events} events of one who signed");
        Ok(())
    }

    /// A person signs with their eID, once.
    ///
    /// # Errors
    /// If it isn't taken.
    pub async fn sign_once(&self, eid: &str) -> Result<()> {
        one_signs(&self.office, self.petition, eid).await.map_err(|undone| anyhow!("{undone:?}"))
    }

    /// Whether a person's signature is in the log.
    ///
    /// # Errors
    /// Of the log.
    pub fn has_signed(&self, eid: &str) -> Result<bool> {
        let tags = self.office.tags(self.petition).map_err(|undone| anyhow!("{undone:?}"))?;
        Ok(self.office.log.version(&eid_stream(self.petition, tags.eid(eid)))? == 1)
    }

    /// A one-time link is opened a hundred times at once.
    ///
    /// # Errors
    /// If not exactly one opens a session.
    pub async fn open_link(&self, seed: u64) -> Result<()> {
        let mailbox = format!("holder-{seed}@example.org");
        let asked = self.office.request_link(&Asked::by_system(), &mailbox, "sv", false).await;
        let asked = asked.map_err(|undone| anyhow!("{undone:?}"))?;
        let (_, position) = asked.at.context("no link was asked for")?;
        let record = self.office.log.read_at(position)?;
        let item = ItemId::from_slice(&record.header.item).context("a link has no item")?;
        let tag = self.office.session_tag(&mailbox);
        at_once(&self.office, move |office| async move {
            office.open_session(tag, item, SECONDS).await.map(drop)
        })
        .await?;
        let events = self.office.log.read_stream(&session::stream(tag))?.len();
        ensure!(events == 2, "{events} events of a link that was asked for and used");
        Ok(())
    }
}

async fn one_signs(office: &Office, petition: AggregateId, eid: &str) -> Told {
    let given = Given {
        name: "Signe Signer".into(),
        mailbox: String::new(),
        postcode: "21144".into(),
        shown: Shown::Name,
        language: "sv".into(),
        suspicion: None,
        blocked: false,
        from: None,
        against: false,
    };
    office.sign(petition, &Asked::by_system(), eid, &given).await.map(drop)
}

/// Asks a hundred times at once; exactly one is taken. What rule told the others no.
async fn at_once<F: Future<Output = Told> + Send + 'static>(
    office: &Arc<Office>,
    ask: impl Fn(Arc<Office>) -> F,
) -> Result<Vec<Wrong>> {
    let start = Arc::new(Barrier::new(AT_ONCE));
    let racers: Vec<_> = (0..AT_ONCE).map(|_| (ask(office.clone()), start.clone())).collect();
    let racers = racers.into_iter().map(|(asked, start)| {
        tokio::spawn(async move {
            start.wait().await;
            asked.await
        })
    });
    let (mut taken, mut refused) = (0, Vec::new());
    for racer in racers.collect::<Vec<_>>() {
        match racer.await? {
            Ok(()) => taken += 1,
            Err(Undone::Refused(wrong)) => refused.push(wrong),
            // Others were faster too often: they may try again, and are told no then.
            Err(Undone::Busy) => {}
            Err(other) => bail!("{other:?}"),
        }
    }
    ensure!(taken == 1, "{taken} of {AT_ONCE} were taken");
    Ok(refused)
}

async fn open_petition(office: &Office) -> Result<AggregateId, Undone<Wrong>> {
    let handed = HandedIn {
        content: Content {
            title: "A bench".into(),
            body: "To sit on.".into(),
            background: String::new(),
            url_key: "a-bench-to-sit-on".into(),
            length: Length::Months(6),
            links: Vec::new(),
        },
        contact: Contact {
            public_name: "Ines Initiator".into(),
            name: "Ines Initiator".into(),
            mailbox: MAILBOX.into(),
            postcode: "21144".into(),
            language: "sv".into(),
            party: None,
        },
        eid: None,
        registered: false,
        dialogue: None,
    };
    let (id, _) = office.hand_in(&Asked::by_system(), &handed).await?;
    let proof = Proof::Mailbox(office.tags(id)?.mailbox(MAILBOX));
    office.as_initiator(id, &Asked::by_system(), &proof, &|proof| Act::ConfirmInitiator { proof }).await?;
    let staff = Staff { role: Role::Moderator, subject: "moderator", ground: "rules".into() };
    let approve = |by, _: &Found| Ok(Act::Approve { by, opens_on: None, url_key: None, taken: false });
    office.as_official(id, &Asked::by_system(), &staff, &approve).await?;
    Ok(id)
}
