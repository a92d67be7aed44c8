//! A draw of a panel: everything it follows from is fixed before the value that decides it is known. One official commits,
//! another enters the value; the result follows, and nobody can have chosen it.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use std::fmt;

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId, text, words};

use crate::panel::{
    command::By,
    event::Event as PanelEvent,
    import,
    refusal::{Field, Refusal},
    state::{Keys, Panel, Phase},
};

words! {
    /// What is drawn.
    Kind {
        /// People of a register, who are invited.
        Invitation = "invitation",
        /// Members, from volunteers, under quotas.
        Sortition = "sortition",
        /// The same, given who is there already.
        Replacement = "replacement",
    }
    /// Where it stands.
    Standing {
        /// The value isn't known.
        Committed = "committed",
        /// The result is known and is being carried out.
        Made = "made",
        /// Everybody who was drawn knows, or will by a letter.
        Finished = "finished",
        /// No value was entered.
        Cancelled = "cancelled",
    }
}

/// Characters of quotas as JSON.
pub const QUOTAS_MAX: usize = 20_000;
/// People who may be drawn at once.
pub const PLACES_MAX: u32 = 20_000;

/// What a draw follows from.
#[derive(Clone, PartialEq, Eq)]
pub struct Terms {
    pub kind: Kind,
    /// With its version.
    pub algorithm: String,
    /// Of all that is announced.
    pub input_hash: [u8; 32],
    /// Its SHA-256 is public before, itself after.
    pub secret: Opened<[u8; 32]>,
    pub commitment: [u8; 32],
    /// As JSON.
    pub quotas: Opened<String>,
    /// Where the value will come from: a lottery of a date, a throw of dice before witnesses.
    pub source: Opened<String>,
    pub places: u32,
    pub reserves: u32,
    pub candidates: u64,
    /// The register it draws from; without one, from the panel's volunteers.
    pub frame: Option<ItemId>,
    /// Volunteers as of this position.
    pub as_of: u64,
    /// Of volunteers: who is which of the bundle's numbers.
    pub order: Opened<Vec<ItemId>>,
    pub reply_days: u32,
}

impl fmt::Debug for Terms {
    /// Never shows the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Terms({:?} by {}, {} of {})", self.kind, self.algorithm, self.places, self.candidates)
    }
}

/// Who was drawn, in the order of the bundle: numbers of rows, or items of members.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Chosen {
    pub rows: Vec<u32>,
    pub members: Vec<ItemId>,
    pub reserves: Vec<ItemId>,
}

impl Chosen {
    /// How many were drawn, and how many stand in reserve.
    #[must_use]
    pub fn numbers(&self) -> (u32, u32) {
        let drawn = self.rows.len() + self.members.len();
        (drawn as u32, self.reserves.len() as u32)
    }
}

/// What came of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub by: SubjectId,
    pub value: Opened<String>,
    pub bundle_hash: [u8; 32],
    pub chosen: u32,
    pub reserved: u32,
    pub panels: u32,
    pub lottery: u32,
    pub result: Opened<Chosen>,
}

/// An objection to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    pub by: SubjectId,
    /// Whether the draw stands, once somebody decided.
    pub upheld: Option<bool>,
}

/// A draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    pub id: ItemId,
    /// Of the panel's draws, from 1.
    pub number: u32,
    pub standing: Standing,
    pub committed_at: Instant,
    pub committed_by: SubjectId,
    pub terms: Terms,
    pub made: Option<Made>,
    /// Of those who were drawn: invited, or passed over.
    pub done: u32,
    /// Of them: passed over.
    pub passed: u32,
    /// When it was finished.
    pub finished_at: Option<Instant>,
    pub objection: Option<Objection>,
}

/// What is asked of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Commit {
        draw: ItemId,
        terms: Terms,
    },
    /// `made.by` is who enters the value.
    Make {
        draw: ItemId,
        made: Made,
    },
    Cancel {
        draw: ItemId,
    },
    Progress {
        draw: ItemId,
        done: u32,
        passed: u32,
    },
    Object {
        draw: ItemId,
    },
    DecideObjection {
        draw: ItemId,
        upheld: bool,
    },
}

/// What happened to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Instant,
    pub by: SubjectId,
    pub draw: ItemId,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Committed { document: KeyRef, record: KeyRef, number: u32, terms: Terms },
    Made { document: KeyRef, record: KeyRef, secret: [u8; 32], made: Made },
    Progressed { done: u32, passed: u32 },
    Finished { invited: u32, reserved: u32, passed: u32 },
    Cancelled { record: KeyRef, ground: Opened<String> },
    Objected { record: KeyRef, ground: Opened<String> },
    ObjectionDecided { document: KeyRef, upheld: bool, ground: Opened<String> },
}

pub(super) fn decide(panel: &Panel, at: Instant, by: By, act: Act) -> Result<Vec<PanelEvent>, Refusal> {
    let Keys { document, record, .. } = panel.keys;
    let happened = |draw, what| PanelEvent::Draw(Event { at, by: by.id, draw, what });
    match act {
        Act::Commit { draw, terms } => {
            commit(panel, &terms)?;
            let number = panel.draws.len() as u32 + 1;
            Ok(vec![happened(draw, What::Committed { document, record, number, terms })])
        }
        Act::Make { draw, made } => match make(panel.draw(draw)?, &made)? {
            Some(secret) => Ok(vec![happened(draw, What::Made { document, record, secret, made })]),
            None => Ok(Vec::new()),
        },
        Act::Cancel { draw } => match panel.draw(draw)?.standing {
            Standing::Committed => {
                let ground = required(&by.ground)?;
                Ok(vec![happened(draw, What::Cancelled { record, ground: ground.into() })])
            }
            Standing::Cancelled => Ok(Vec::new()),
            Standing::Made | Standing::Finished => Err(Refusal::DrawMade),
        },
        Act::Progress { draw, done, passed } => {
            let known = panel.draw(draw)?;
            let Some(made) = known.made.as_ref().filter(|_| known.standing == Standing::Made) else {
                return Ok(Vec::new());
            };
            let all = made.chosen + made.reserved;
            let (done, passed) = (known.done + done, known.passed + passed);
            let mut events = vec![happened(draw, What::Progressed { done: done.min(all), passed })];
            if done >= all {
                let invited = made.chosen.saturating_sub(passed);
                events.push(happened(draw, What::Finished { invited, reserved: made.reserved, passed }));
            }
            Ok(events)
        }
        Act::Object { draw } => {
            let known = panel.draw(draw)?;
            if known.made.is_none() {
                return Err(Refusal::DrawNotMade);
            }
            if known.objection.is_some() {
                return Err(Refusal::ObjectedAlready);
            }
            let ground = required(&by.ground)?;
            Ok(vec![happened(draw, What::Objected { record, ground: ground.into() })])
        }
        Act::DecideObjection { draw, upheld } => {
            let known = panel.draw(draw)?;
            let objection = known.objection.as_ref().ok_or(Refusal::NotObjected)?;
            if objection.upheld.is_some() {
                return Err(Refusal::ObjectionDecided);
            }
            let took_part =
                known.committed_by == by.id || known.made.as_ref().is_some_and(|made| made.by == by.id);
            if took_part || objection.by == by.id {
                return Err(Refusal::TookPart);
            }
            let ground = required(&by.ground)?;
            Ok(vec![happened(draw, What::ObjectionDecided { document, upheld, ground: ground.into() })])
        }
    }
}

/// Whether such a draw may be announced now.
///
/// # Errors
/// Why not.
pub fn allowed(panel: &Panel, kind: Kind, frame: Option<ItemId>) -> Result<(), Refusal> {
    if !matches!(panel.phase, Phase::Recruiting | Phase::Active) {
        return Err(Refusal::NotRecruiting);
    }
    let recruiting = panel.decided.as_ref().map(|decided| decided.recruiting).unwrap_or_default();
    let allowed = match kind {
        Kind::Invitation => recruiting.invites,
        Kind::Sortition => recruiting.drawn,
        Kind::Replacement => {
            recruiting.drawn && panel.draws.iter().any(|draw| draw.terms.kind == Kind::Sortition)
        }
    };
    if !allowed {
        return Err(Refusal::NotDrawnSo);
    }
    if panel.drawing().is_some() {
        return Err(Refusal::DrawUnderWay);
    }
    if kind == Kind::Invitation {
        let frame = frame.and_then(|frame| panel.import(frame)).ok_or(Refusal::RegisterMissing)?;
        if frame.standing != import::Standing::Complete || frame.kind != import::Kind::Register {
            return Err(Refusal::RegisterMissing);
        }
    }
    Ok(())
}

fn commit(panel: &Panel, terms: &Terms) -> Result<(), Refusal> {
    allowed(panel, terms.kind, terms.frame)?;
    if terms.places == 0 || terms.places > PLACES_MAX || terms.reserves > PLACES_MAX {
        return Err(Refusal::PlacesNotAllowed);
    }
    if u64::from(terms.places) > terms.candidates {
        return Err(Refusal::MorePlacesThanPeople);
    }
    if !(1..=365).contains(&terms.reply_days) {
        return Err(Refusal::ReplyTimeNotAllowed);
    }
    let source = terms.source.known().map_or("", String::as_str);
    text::required(source, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Source, fault))
}

/// The secret that is told now; nothing if the same was entered before.
fn make(draw: &Draw, made: &Made) -> Result<Option<[u8; 32]>, Refusal> {
    match draw.standing {
        Standing::Committed => {}
        Standing::Cancelled => return Err(Refusal::DrawCancelled),
        Standing::Made | Standing::Finished => {
            let same =
                draw.made.as_ref().is_some_and(|known| known.value == made.value && known.by == made.by);
            return if same { Ok(None) } else { Err(Refusal::DrawMade) };
        }
    }
    if draw.committed_by == made.by {
        return Err(Refusal::SamePersonTwice);
    }
    let value = made.value.known().map_or("", String::as_str);
    text::required(value, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Value, fault))?;
    // The panel was erased: nothing of it can be drawn.
    draw.terms.secret.known().copied().map(Some).ok_or(Refusal::PanelEnded)
}

fn required(ground: &str) -> Result<String, Refusal> {
    text::required(ground, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Ground, fault))?;
    Ok(ground.to_owned())
}

impl Panel {
    /// The draw that is under way.
    #[must_use]
    pub fn drawing(&self) -> Option<&Draw> {
        self.draws.iter().find(|draw| matches!(draw.standing, Standing::Committed | Standing::Made))
    }

    /// A draw by its id.
    ///
    /// # Errors
    /// `UnknownDraw`.
    pub fn draw(&self, id: ItemId) -> Result<&Draw, Refusal> {
        self.draws.iter().find(|draw| draw.id == id).ok_or(Refusal::UnknownDraw)
    }

    /// How many invitations were numbered before a draw's.
    #[must_use]
    pub fn numbered_before(&self, draw: &Draw) -> u32 {
        let before = self.draws.iter().take_while(|other| other.id != draw.id);
        let invitations = before.filter(|other| other.terms.kind == Kind::Invitation);
        invitations.filter_map(|other| other.made.as_ref()).map(|made| made.chosen).sum()
    }

    pub(super) fn drew(&mut self, event: &Event) {
        if let What::Committed { number, terms, .. } = &event.what {
            self.draws.push(Draw {
                id: event.draw,
                number: *number,
                standing: Standing::Committed,
                committed_at: event.at,
                committed_by: event.by,
                terms: terms.clone(),
                made: None,
                done: 0,
                passed: 0,
                finished_at: None,
                objection: None,
            });
        }
        let Some(draw) = self.draws.iter_mut().find(|draw| draw.id == event.draw) else { return };
        match &event.what {
            What::Committed { .. } => {}
            What::Made { made, .. } => {
                (draw.made, draw.standing) = (Some(made.clone()), Standing::Made);
            }
            What::Progressed { done, passed } => (draw.done, draw.passed) = (*done, *passed),
            What::Finished { .. } => {
                (draw.standing, draw.finished_at) = (Standing::Finished, Some(event.at));
            }
            What::Cancelled { .. } => draw.standing = Standing::Cancelled,
            What::Objected { .. } => draw.objection = Some(Objection { by: event.by, upheld: None }),
            What::ObjectionDecided { upheld, .. } => {
                if let Some(objection) = &mut draw.objection {
                    objection.upheld = Some(*upheld);
                }
            }
        }
    }
}
