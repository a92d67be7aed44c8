//! Where a meeting stands.

use radslag_kernel::{AggregateId, Instant, KeyRef, Opened, words};

use crate::meeting::event::{Attended, Event, Texts};

words! {
    /// Where it stands.
    Phase {
        /// To come.
        Planned = "planned",
        /// It won't be.
        Cancelled = "cancelled",
        /// It was.
        Held = "held",
    }
}

/// A point that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What.
    pub point: Opened<String>,
    /// What is answered, and by whom; the newest answer.
    pub answer: Option<(Opened<String>, Opened<String>)>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is called.
    pub title: Opened<String>,
    /// Where it is.
    pub address: Opened<String>,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Of its texts.
    pub document: KeyRef,
    /// Which dialogue it is part of.
    pub dialogue: Option<AggregateId>,
    /// Whose it is.
    pub panel: Option<AggregateId>,
    /// When it begins.
    pub starts_at: Instant,
    /// What about, and where.
    pub texts: Opened<Texts>,
    /// Where it stands.
    pub phase: Phase,
    /// Why it is cancelled.
    pub reason: Option<Opened<String>>,
    /// Members who were told.
    pub invited: Option<u64>,
    /// Who came.
    pub attended: u64,
    /// Of which features.
    pub rows: Opened<Vec<Attended>>,
    /// What was said.
    pub notes: Option<Opened<String>>,
    /// In order.
    pub documents: Vec<Document>,
    /// In order.
    pub points: Vec<Point>,
}

/// A meeting, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<Meeting>);

impl State {
    pub(super) fn evolve(&mut self, event: &Event) {
        if let Event::Planned { document, dialogue, panel, starts_at, texts, .. } = event {
            self.0 = Some(Meeting {
                document: *document,
                dialogue: *dialogue,
                panel: *panel,
                starts_at: *starts_at,
                texts: texts.clone(),
                phase: Phase::Planned,
                reason: None,
                invited: None,
                attended: 0,
                rows: Opened::Gone,
                notes: None,
                documents: Vec::new(),
                points: Vec::new(),
            });
        }
        if let Some(meeting) = &mut self.0 {
            meeting.evolve(event);
        }
    }
}

impl Meeting {
    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Planned { .. } => {}
            Event::Changed { starts_at, texts, .. } => {
                (self.starts_at, self.texts) = (*starts_at, texts.clone())
            }
            Event::Cancelled { reason, .. } => {
                (self.phase, self.reason) = (Phase::Cancelled, Some(reason.clone()));
            }
            Event::Invited { members, .. } => self.invited = Some(*members),
            Event::Held { attended, rows, .. } => {
                (self.phase, self.attended, self.rows) = (Phase::Held, *attended, rows.clone());
            }
            Event::Noted { notes, .. } => self.notes = Some(notes.clone()),
            Event::DocumentAdded { title, address, .. } => {
                self.documents.push(Document { title: title.clone(), address: address.clone() });
            }
            Event::PointRaised { point, .. } => {
                self.points.push(Point { point: point.clone(), answer: None })
            }
            Event::PointAnswered { number, answer, who, .. } => {
                let at = usize::try_from(*number).unwrap_or(0).wrapping_sub(1);
                if let Some(point) = self.points.get_mut(at) {
                    point.answer = Some((answer.clone(), who.clone()));
                }
            }
        }
    }
}
