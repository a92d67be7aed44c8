//! The petition's answer: handed over to committees in two phases, each with its part, until every part is answered.

pub mod act;
mod decide;
pub mod event;
mod evolve;
mod give;
mod handover;
mod lapse;
pub mod package;
mod process;
pub mod state;
mod withdrawal;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use act::{Act, Handing};
pub(super) use decide::decide;
pub use event::{Event, Outcome, Told, What, Why};
pub(super) use evolve::evolve;
pub(super) use lapse::first;
pub use state::{Part, Stage, State, Telling};
pub(super) use withdrawal::request;

use radslag_kernel::{Instant, Opened};

use crate::petition::{
    refusal::{Field, Refusal},
    state::{Filed, Petition},
};

/// What was handed in, which everything that is answered was.
fn filed(petition: &Petition) -> Result<&Filed, Refusal> {
    petition.filed.as_ref().ok_or(Refusal::NotDue)
}

/// Events in a row, each with where the answer stands after it. `part` 0 is the whole.
fn happened(
    petition: &Petition,
    at: Instant,
    ground: &str,
    whats: impl IntoIterator<Item = (u32, What)>,
) -> Vec<super::Event> {
    let Some(filed) = &petition.filed else { return Vec::new() };
    let mut state = petition.answer.clone();
    let stamp = |(part, what)| {
        let ground = Opened::Known(ground.to_owned());
        let (record, stands) = (filed.keys.record, state.stands());
        let mut event = Event { at, part, stands, record, ground, what };
        evolve(&mut state, &event);
        event.stands = state.stands();
        super::Event::Answer(Box::new(event))
    };
    whats.into_iter().map(stamp).collect()
}

/// A link that everybody may follow; empty is none.
pub(super) fn link(typed: &str) -> Result<(), Refusal> {
    crate::text::optional(typed, crate::text::LINK_MAX).map_err(|fault| Refusal::Text(Field::Link, fault))?;
    let odd = typed.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>'));
    let web = typed.starts_with("https://") || typed.starts_with("http://");
    if typed.is_empty() || (web && !odd) { Ok(()) } else { Err(Refusal::LinkMalformed) }
}
