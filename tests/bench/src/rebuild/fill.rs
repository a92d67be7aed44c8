//! Writes a log of signatures as fast as it takes them: petitions' own events, real keys, many streams an append.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context as _, Result, ensure};
use radslag_eventlog::{Append, Context, Guard, Log, NewEvent, Write, Writer};
use radslag_kernel::{Actor, AggregateId, ItemId, KeyRef, Opened, Role, SubjectId};
use radslag_petitions::{
    Event,
    shell::{Office, office::stream, signature::mailbox_stream, tagging::Tags},
    signature::{self, Facts, Outcome, Public, Signer, Submission},
    wire,
};
use radslag_vault::NewKey;
use tokio::task::JoinSet;

use super::child::Filled;
use crate::{house, progress};

/// Signatures of one append.
const CHUNK: u64 = 128;
/// Appends under way at once; their keys stay at hand between a submission and its confirmation.
const AT_ONCE: u64 = 8;

/// A petition that is signed.
pub(crate) struct Filling {
    pub(crate) office: Arc<Office>,
    petition: AggregateId,
    version: u64,
    tags: Tags,
    tag_key: KeyRef,
}

/// One signature between its two events.
pub(crate) struct Pending {
    stream: String,
    item: ItemId,
    key: KeyRef,
    actor: Actor,
    submission: Box<Submission>,
}

pub(crate) async fn fill(folder: &Path, signatures: u64) -> Result<Filled> {
    let office = house::office(&house::config(folder)?, &Writer::start()?, None).await?;
    let filling = Arc::new(Filling::of(office).await?);
    let (log, began) = (filling.log().clone(), filling.log().watermark());
    let bar = progress::bar(signatures).with_message("signatures written");
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for task in 0..AT_ONCE {
        let (filling, bar) = (filling.clone(), bar.clone());
        tasks.spawn(async move {
            for first in (task * CHUNK..signatures).step_by((CHUNK * AT_ONCE) as usize) {
                let end = (first + CHUNK).min(signatures);
                filling.chunk(first..end).await?;
                bar.inc(end - first);
            }
            Ok::<(), anyhow::Error>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    bar.finish_and_clear();
    let seconds = started.elapsed().as_secs_f64();
    let events = log.watermark() - began;
    ensure!(events == 2 * signatures, "{events} events were written for {signatures} signatures");
    // The log ends with its last handle.
    drop(filling);
    log.close();
    Ok(Filled { seconds, events })
}

impl Filling {
    /// Makes a petition in an office.
    pub(crate) async fn of(office: Arc<Office>) -> Result<Self> {
        let petition = house::petition(&office).await?;
        let (version, state) = office.petition(petition)?;
        let view = state.view(version).context("the petition can't be signed")?;
        let tags = office.tags(petition).map_err(house::undone)?;
        Ok(Self { office, petition, version, tags, tag_key: view.tags })
    }

    /// What somebody asks, in an append of its own; what is left to do, and where it stands.
    pub(crate) async fn ask(&self, who: u64) -> Result<(Pending, u64)> {
        let key = self.log().vault().reserve();
        let asked = self.submission(who, &key);
        let event = signature::Event::Submitted(asked.submission.clone());
        let write = self.write(&asked, 0, event, std::slice::from_ref(&key))?;
        let position = self.append(vec![write], vec![key]).await?;
        Ok((asked, position))
    }

    /// They confirm it, in another append; where that stands.
    pub(crate) async fn confirm(&self, asked: &Pending) -> Result<u64> {
        let write = self.confirmation(asked)?;
        self.append(vec![write], vec![]).await
    }

    /// Two appends: what was asked, and what was confirmed.
    async fn chunk(&self, people: std::ops::Range<u64>) -> Result<()> {
        let (mut keys, mut writes, mut pending) = (Vec::new(), Vec::new(), Vec::new());
        for who in people {
            let key = self.log().vault().reserve();
            let asked = self.submission(who, &key);
            let event = signature::Event::Submitted(asked.submission.clone());
            writes.push(self.write(&asked, 0, event, std::slice::from_ref(&key))?);
            keys.push(key);
            pending.push(asked);
        }
        self.append(writes, keys).await?;
        let confirmed = pending.iter().map(|asked| self.confirmation(asked));
        self.append(confirmed.collect::<Result<_>>()?, vec![]).await.map(drop)
    }

    fn confirmation(&self, asked: &Pending) -> Result<Write> {
        let event = signature::Event::Confirmed {
            at: self.log().now(),
            item: asked.item,
            key: asked.key,
            public: asked.submission.public.clone(),
            against: false,
            tags: self.tag_key,
            person: asked.submission.facts.clone().map(|facts| facts.person),
        };
        self.write(asked, 1, event, &[])
    }

    pub(crate) fn log(&self) -> &Log {
        &self.office.log
    }

    /// Where its last event stands.
    async fn append(&self, writes: Vec<Write>, keys: Vec<NewKey>) -> Result<u64> {
        let guards = vec![Guard { stream: stream(self.petition), expected: self.version }];
        Ok(self.log().append(Append { writes, guards, keys }).await?.end - 1)
    }

    fn write(
        &self,
        asked: &Pending,
        expected: u64,
        event: signature::Event,
        new: &[NewKey],
    ) -> Result<Write> {
        let context = Context {
            aggregate: self.petition,
            item: Some(asked.item),
            occurred_at: event.at(),
            actor: asked.actor,
            command: None,
            causation: None,
            trace: None,
            digest: None,
        };
        let encoded = wire::encode(&Event::Signature(event), None);
        let event = NewEvent::seal(encoded, &context, self.log().vault(), new)?;
        Ok(Write { stream: asked.stream.clone(), expected, events: vec![event] })
    }

    fn submission(&self, who: u64, key: &NewKey) -> Pending {
        let (at, item) = (self.log().now(), ItemId::from_bytes(rand::random()));
        let name = format!("Signe Signatär {who}");
        let mailbox = format!("signe.{who}@example.org");
        let postcode = format!("{:05}", 10_000 + who % 89_999);
        let tags = self.tags.signer(&name, Some(&mailbox), &postcode, None);
        let facts = Facts {
            assisted: None,
            outcome: Outcome::New,
            slot: 1,
            mail: true,
            name: tags.name,
            eid: None,
            postcode: tags.postcode,
            person: tags.person,
            suspicion: None,
            network: None,
            domain: None,
            language: "sv".into(),
        };
        let stream = mailbox_stream(self.petition, self.tags.mailbox(&mailbox));
        let public = Public { name: Opened::Known(name.clone()), area: Opened::Known(String::new()) };
        let submission = Submission {
            against: false,
            at,
            item,
            key: key.reference,
            expires_at: at.plus_hours(24),
            signer: Opened::Known(Signer { name, mailbox, postcode }),
            public,
            tags: self.tag_key,
            facts: Opened::Known(facts),
            terms: String::new(),
        };
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        Pending { stream, item, key: key.reference, actor, submission: Box::new(submission) }
    }
}
