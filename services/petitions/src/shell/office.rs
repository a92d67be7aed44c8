//! The office of one tenant: its log, its read tables, its keys for commands and links, and petitions at hand.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;
use radslag_eventlog::Writer;
use radslag_kernel::{AggregateId, Decider as _};
use radslag_readmodel::{Backend, Query, Store};
use radslag_runtime::{
    blobs::Blobs,
    config,
    forms::Forms,
    ground::Tenant,
    office::{Desk, Office as _},
    project::Running,
    reaction::checkpoint_only,
    service::{Failure, Loaded, load},
};

use crate::{
    Policy,
    event::Event,
    lists, petition,
    policy::Policies,
    projections,
    shell::{
        bulk::counting::Counting,
        counts::{Count, Counts},
        links::Links,
        rates::Rates,
        service::{
            Petitions, for_bulks, for_comments, for_inquiries, for_objections, for_persons, for_petitions,
            for_timers,
        },
        texts::Texts,
    },
    signing::{self, Signing},
};

/// Petitions kept folded at most; when there are more, all are forgotten.
const AT_HAND: usize = 4_096;

type AtHand = HashMap<AggregateId, (u64, Arc<petition::State>)>;

/// One tenant's petitions.
pub struct Office {
    desk: Desk<Petitions>,
    /// Link tokens.
    pub links: Links,
    /// Petitions and signatures.
    pub petitions: Arc<Running<Petitions>>,
    /// What is due.
    pub timers: Arc<Running<Petitions>>,
    /// Who may be the same person.
    pub persons: Arc<Running<Petitions>>,
    /// Bulk invalidations.
    pub bulks: Arc<Running<Petitions>>,
    /// Those that are being counted.
    pub counting: Arc<Counting>,
    /// Comments on petitions.
    pub comments: Arc<Running<Petitions>>,
    /// Inquiries and politicians' clocks.
    pub inquiries: Arc<Running<Petitions>>,
    /// Objections.
    pub objections: Arc<Running<Petitions>>,
    /// Where the reactions stand.
    pub reactions: Store,
    /// Counts in memory.
    pub counts: Counts,
    /// How often networks hand in.
    pub rates: Rates,
    /// How often networks ask for one-time links.
    pub link_rates: Rates,
    /// What is attached to petitions.
    pub blobs: Blobs,
    /// Moments of forms.
    pub forms: Forms,
    /// The tenant's own guide, FAQ and terms.
    pub texts: Texts,
    at_hand: Mutex<AtHand>,
    signing: Mutex<(u64, Arc<Signing>)>,
    pub(super) lists_at_hand: Mutex<(u64, Arc<lists::State>)>,
}

/// Every petition with its count, to fill the counts in memory.
const COUNTS: Query = Query::new(
    "counts",
    "SELECT petition, version, listed, signatures, against, count_position FROM petitions",
);

impl Office {
    /// Opens log and tables.
    ///
    /// # Errors
    /// `Log` (damaged, in use), `Vault`, `Readmodel`, `File` of the tenant's texts.
    pub async fn open(
        tenant: Arc<config::Tenant>,
        ground: &Tenant,
        writer: &Writer,
        backend: &Backend,
        shared_networks: Vec<IpNet>,
    ) -> Result<Arc<Self>, Failure> {
        let desk = Desk::open(tenant, ground, writer, backend)?;
        let office = Self {
            links: Links::new(desk.commands.purpose("links")),
            petitions: desk.running(projections::PETITIONS, for_petitions).await?,
            timers: desk.running(projections::TIMERS, for_timers).await?,
            persons: desk.running(projections::PERSONS, for_persons).await?,
            bulks: desk.running(projections::BULKS, for_bulks).await?,
            counting: Arc::default(),
            comments: desk.running(projections::COMMENTS, for_comments).await?,
            inquiries: desk.running(projections::INQUIRIES, for_inquiries).await?,
            objections: desk.running(projections::OBJECTIONS, for_objections).await?,
            reactions: desk.store(&checkpoint_only::<Petitions>("reactions")).await?,
            counts: Counts::default(),
            link_rates: Rates::sharing(shared_networks.clone()),
            rates: Rates::sharing(shared_networks),
            texts: Texts::load(desk.tenant.texts.as_deref())?,
            forms: Forms::new(desk.commands.purpose("forms")),
            blobs: Blobs::at(desk.log.folder().join("blobs")),
            at_hand: Mutex::default(),
            signing: Mutex::default(),
            lists_at_hand: Mutex::default(),
            desk,
        };
        office.remember().await?;
        Ok(Arc::new(office))
    }

    /// Fills the counts in memory from the tables.
    ///
    /// # Errors
    /// `Readmodel`.
    pub async fn load_counts(&self) -> Result<(), Failure> {
        let rows = self.petitions.store.query(&COUNTS, &[]).await?;
        let origin = self.log.origin();
        let count = |row: &radslag_readmodel::Row| {
            let petition = AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default();
            let position = row.opt_int("count_position")?.map(|at| (origin, at.unsigned_abs()));
            let count = row.opt_int("signatures")?.unwrap_or(0);
            let version = row.opt_int("version")?.unwrap_or(0).unsigned_abs();
            let public = row.opt_int("listed")?.unwrap_or(0) != 0;
            let against = row.opt_int("against")?;
            Ok::<_, radslag_readmodel::Error>((petition, Count { count, against, position, version, public }))
        };
        self.counts.load(rows.iter().map(count).collect::<Result<Vec<_>, _>>()?);
        self.load_trend().await
    }

    /// The policy that new petitions are opened under.
    #[must_use]
    pub fn policy(&self) -> Option<&'static Policy> {
        Policies::shipped().newest(&self.tenant.policy)
    }

    /// A petition's state and version, from memory while nobody changed it.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn petition(&self, id: AggregateId) -> Result<(u64, Arc<petition::State>), Failure> {
        let stream = stream(id);
        let version = self.log.version(&stream)?;
        let mut at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, state)) = at_hand.get(&id)
            && *known == version
        {
            return Ok((version, state.clone()));
        }
        drop(at_hand);
        let loaded = load::<Petitions>(&self.log, &stream)?;
        let state = Arc::new(fold(&loaded));
        at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if at_hand.len() >= AT_HAND {
            at_hand.clear();
        }
        if loaded.version > 0 {
            at_hand.insert(id, (loaded.version, state.clone()));
        }
        Ok((loaded.version, state))
    }

    /// What was done to all signing, and the version of its stream, from memory while nobody changed it.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn signing(&self) -> Result<(u64, Arc<Signing>), Failure> {
        let version = self.log.version(signing::STREAM)?;
        let mut known = self.signing.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != version {
            let loaded = load::<Petitions>(&self.log, signing::STREAM)?;
            let events = loaded.events.iter().filter_map(|recorded| recorded.event.signing());
            *known = (loaded.version, Arc::new(Signing::fold(events)));
        }
        Ok(known.clone())
    }
}

impl Deref for Office {
    type Target = Desk<Petitions>;

    fn deref(&self) -> &Desk<Petitions> {
        &self.desk
    }
}

impl radslag_runtime::office::Office for Office {
    type Service = Petitions;

    fn projections(&self) -> Vec<&Arc<Running<Petitions>>> {
        vec![
            &self.petitions,
            &self.timers,
            &self.persons,
            &self.bulks,
            &self.comments,
            &self.inquiries,
            &self.objections,
        ]
    }

    async fn remember(&self) -> Result<(), Failure> {
        self.load_counts().await
    }
}

/// A petition's stream.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("petition-{id}")
}

/// The state of a loaded petition.
#[must_use]
pub fn fold(loaded: &Loaded<Event>) -> petition::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.petition());
    petition::Decider::fold(events)
}
