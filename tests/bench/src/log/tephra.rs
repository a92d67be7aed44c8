//! tephra as a target: a conditional append with one tag that no event may have yet. Its default configuration syncs
//! each commit with `fdatasync`.

use std::{path::Path, sync::Arc};

use ::tephra::{
    AppendCondition, Event, EventType, Query, QueryItem, SegmentConfig, SegmentSet, Tag, Tags,
    WriteCoordinator, WriteHandle, WriterConfig,
};
use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use tokio::runtime::Runtime;

use super::load::{self, Load, Target};
use crate::{home, statistics::Sample};

/// As its README has it.
const SEGMENT: usize = 256 << 20;

/// How it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// Whichever is faster
    Auto,
    /// A blocked thread a writer
    Threads,
    /// A task a writer, by its async handle
    Tasks,
}

/// A running store.
pub(crate) struct Store {
    coordinator: WriteCoordinator,
    pub(crate) target: Tephra,
}

#[derive(Clone)]
pub(crate) struct Tephra {
    handle: WriteHandle,
    kind: EventType,
    payload: Arc<[u8]>,
}

impl Store {
    pub(crate) fn open(folder: &Path, payload: usize) -> Result<Self> {
        let set = SegmentSet::open(folder.join("tephra"), SegmentConfig::new(SEGMENT))?;
        let (coordinator, handle) = WriteCoordinator::start(set, WriterConfig::default())?;
        let kind = EventType::new("bench.happened")?;
        Ok(Self { coordinator, target: Tephra { handle, kind, payload: vec![0x5a; payload].into() } })
    }

    pub(crate) fn close(self) {
        drop(self.target);
        self.coordinator.shutdown();
    }

    /// One run in a form; `Auto` counts as tasks.
    pub(crate) fn run(&self, runtime: &Runtime, form: Form, load: Load) -> Result<Sample> {
        match form {
            Form::Threads => load::threads(|n| self.target.append_blocking(n), load),
            Form::Tasks | Form::Auto => load::tasks(runtime, &self.target, load),
        }
    }
}

impl Tephra {
    fn request(&self, n: u64) -> Result<(Vec<Event>, AppendCondition)> {
        let tags = Tags::new([Tag::new(home::stream(n))?])?;
        let event = Event::new(&self.kind, &tags, &self.payload)?;
        Ok((vec![event], AppendCondition::new(Query::item(QueryItem::with_tags(tags)))))
    }

    fn append_blocking(&self, n: u64) -> Result<()> {
        let (events, condition) = self.request(n)?;
        self.handle.append(events, Some(condition))?;
        Ok(())
    }

    pub(crate) fn events(&self) -> u64 {
        self.handle.head().get()
    }
}

impl Target for Tephra {
    async fn append(&self, n: u64) -> Result<()> {
        let (events, condition) = self.request(n)?;
        self.handle.append_async(events, Some(condition)).await?;
        Ok(())
    }
}
