//! What is imported for a panel: a register to invite from, or a list of volunteers to draw from. Its rows stand in streams of
//! their own (`crate::frame`) under a key of the import's own, which is destroyed when its time is up, or before.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId, words};

use crate::panel::{
    command::By,
    event::Event as PanelEvent,
    refusal::Refusal,
    state::{Panel, Phase},
};

words! {
    /// What it is.
    Kind {
        /// Everybody who may be invited.
        Register = "register",
        /// People who said that they would take part.
        Volunteers = "volunteers",
    }
    /// Where it stands.
    Standing {
        /// Parts are coming.
        Coming = "coming",
        /// All of it is here.
        Complete = "complete",
        /// It broke off, or somebody ended it: nothing of it is kept.
        Cancelled = "cancelled",
        /// Its key was destroyed.
        Destroyed = "destroyed",
    }
}

/// What a file's columns are.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Columns {
    /// Those that every panel knows, by their names.
    pub known: Vec<String>,
    /// The rest, which strata may ask for.
    pub others: Vec<String>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: ItemId,
    pub kind: Kind,
    pub standing: Standing,
    pub begun_at: Instant,
    pub deadline: Instant,
    pub columns: Opened<Columns>,
    pub key: KeyRef,
    pub parts: u32,
    pub rows: u64,
    pub refused: u64,
    pub hash: Vec<u8>,
    pub keep_until: Option<Instant>,
    /// Of volunteers: rows that have been looked at, and those that became volunteers.
    pub done: u64,
    pub taken: u64,
}

/// What is asked of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Begin {
        import: ItemId,
        kind: Kind,
        key: KeyRef,
        columns: Columns,
        deadline: Instant,
    },
    Complete {
        import: ItemId,
        parts: u32,
        rows: u64,
        refused: u64,
        hash: Vec<u8>,
        keep_until: Instant,
    },
    /// So many rows of a list of volunteers have been taken in, or were there already; the last of them ends it.
    Progress {
        import: ItemId,
        done: u64,
        taken: u64,
    },
    /// It broke off, its time is up, or somebody ends it.
    Cancel {
        import: ItemId,
    },
    Destroy {
        import: ItemId,
    },
}

/// What happened to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Instant,
    pub by: SubjectId,
    pub import: ItemId,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Begun {
        kind: Kind,
        key: KeyRef,
        record: KeyRef,
        columns: Opened<Columns>,
        deadline: Instant,
    },
    Completed {
        parts: u32,
        rows: u64,
        refused: u64,
        hash: Vec<u8>,
        keep_until: Instant,
    },
    Progressed {
        done: u64,
        taken: u64,
    },
    /// `key`: the import's, which goes.
    Cancelled {
        key: KeyRef,
        record: KeyRef,
        ground: Opened<String>,
    },
    Destroyed {
        key: KeyRef,
        record: KeyRef,
        ground: Opened<String>,
    },
}

impl What {
    pub(super) fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Cancelled { key, .. } | Self::Destroyed { key, .. } => vec![*key],
            Self::Begun { .. } | Self::Completed { .. } | Self::Progressed { .. } => Vec::new(),
        }
    }
}

pub(super) fn decide(panel: &Panel, at: Instant, by: By, act: Act) -> Result<Vec<PanelEvent>, Refusal> {
    let import = match &act {
        Act::Begin { import, .. }
        | Act::Complete { import, .. }
        | Act::Progress { import, .. }
        | Act::Cancel { import }
        | Act::Destroy { import } => *import,
    };
    let known = panel.imports.iter().find(|known| known.id == import);
    let record = panel.keys.record;
    let what = match act {
        Act::Begin { kind, key, columns, deadline, .. } => {
            if panel.phase == Phase::Ended {
                return Err(Refusal::PanelEnded);
            }
            if panel.imports.iter().any(|known| known.standing == Standing::Coming) {
                return Err(Refusal::ImportUnderWay);
            }
            What::Begun { kind, key, record, columns: Opened::Known(columns), deadline }
        }
        Act::Complete { parts, rows, refused, hash, keep_until, .. } => {
            let known = coming(known, at)?;
            if rows == 0 {
                return Err(Refusal::ImportEmpty);
            }
            // One that was destroyed may come again.
            let whole = |other: &&Import| other.standing == Standing::Complete && other.kind == known.kind;
            if panel.imports.iter().filter(whole).any(|other| other.hash == hash) {
                return Err(Refusal::ImportedAlready);
            }
            What::Completed { parts, rows, refused, hash, keep_until }
        }
        Act::Progress { done, taken, .. } => return progress(panel, (at, &by), known, (done, taken)),
        Act::Cancel { .. } => match known {
            None => return Err(Refusal::UnknownImport),
            Some(known) if known.standing == Standing::Coming => {
                What::Cancelled { key: known.key, record, ground: by.ground.clone().into() }
            }
            Some(_) => return Ok(Vec::new()),
        },
        Act::Destroy { .. } => match known {
            None => return Err(Refusal::UnknownImport),
            Some(known) if known.standing == Standing::Complete => {
                if panel.drawing().is_some_and(|draw| draw.terms.frame == Some(import)) {
                    return Err(Refusal::DrawUnderWay);
                }
                What::Destroyed { key: known.key, record, ground: by.ground.clone().into() }
            }
            Some(known) if known.standing == Standing::Coming => return Err(Refusal::ImportUnderWay),
            Some(_) => return Ok(Vec::new()),
        },
    };
    Ok(vec![PanelEvent::Import(Event { at, by: by.id, import, what })])
}

fn progress(
    panel: &Panel,
    (at, by): (Instant, &By),
    known: Option<&Import>,
    (done, taken): (u64, u64),
) -> Result<Vec<PanelEvent>, Refusal> {
    let known = known.ok_or(Refusal::UnknownImport)?;
    if known.kind != Kind::Volunteers || known.standing != Standing::Complete {
        return Ok(Vec::new());
    }
    let happened = |what| PanelEvent::Import(Event { at, by: by.id, import: known.id, what });
    let (done, taken) = (known.done + done, known.taken + taken);
    let mut events = vec![happened(What::Progressed { done, taken })];
    if done >= known.rows {
        // Each of them has a key of their own by now.
        events.push(happened(What::Destroyed {
            key: known.key,
            record: panel.keys.record,
            ground: String::new().into(),
        }));
    }
    Ok(events)
}

/// Whether more of it may come.
///
/// # Errors
/// `UnknownImport`, `ImportOver`.
pub fn coming(known: Option<&Import>, at: Instant) -> Result<&Import, Refusal> {
    let known = known.ok_or(Refusal::UnknownImport)?;
    if known.standing == Standing::Coming && at < known.deadline {
        Ok(known)
    } else {
        Err(Refusal::ImportOver)
    }
}

impl Panel {
    /// An import by its id.
    #[must_use]
    pub fn import(&self, id: ItemId) -> Option<&Import> {
        self.imports.iter().find(|import| import.id == id)
    }

    /// The newest whole import of a kind.
    #[must_use]
    pub fn newest(&self, kind: Kind) -> Option<&Import> {
        self.imports.iter().rfind(|one| one.kind == kind && one.standing == Standing::Complete)
    }

    pub(super) fn imported(&mut self, event: &Event) {
        if let What::Begun { kind, key, columns, deadline, .. } = &event.what {
            self.imports.push(Import {
                id: event.import,
                kind: *kind,
                standing: Standing::Coming,
                begun_at: event.at,
                deadline: *deadline,
                columns: columns.clone(),
                key: *key,
                parts: 0,
                rows: 0,
                refused: 0,
                hash: Vec::new(),
                keep_until: None,
                done: 0,
                taken: 0,
            });
        }
        let Some(import) = self.imports.iter_mut().find(|import| import.id == event.import) else { return };
        match &event.what {
            What::Begun { .. } => {}
            What::Completed { parts, rows, refused, hash, keep_until } => {
                (import.parts, import.rows, import.refused) = (*parts, *rows, *refused);
                (import.hash, import.keep_until) = (hash.clone(), Some(*keep_until));
                import.standing = Standing::Complete;
            }
            What::Progressed { done, taken } => (import.done, import.taken) = (*done, *taken),
            What::Cancelled { .. } => import.standing = Standing::Cancelled,
            What::Destroyed { .. } => import.standing = Standing::Destroyed,
        }
    }
}
