//! What is read without going through streams: panels, and where their members stand.

pub mod draws;
pub mod imports;
pub mod lists;
pub mod meetings;
pub mod members;
pub mod panels;
pub mod tellings;

use radslag_kernel::Recorded;
pub(crate) use radslag_readmodel::cells::{id, int, item, key, number, sealed, sealed_text, text};
use radslag_readmodel::{Op, Projection};

use crate::{event::Event, panel};

/// Panels and their members.
pub const PANELS: Projection<Event> = Projection {
    name: "panels",
    version: 1,
    tables: &[
        &panels::PANELS,
        &members::MEMBERS,
        &imports::IMPORTS,
        &draws::DRAWS,
        &meetings::MEETINGS,
        &tellings::TELLINGS,
    ],
    views: &[],
    fold,
};

fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Panel(panel::Event::Import(event)) => imports::fold(recorded, event, ops),
        Event::Panel(panel::Event::Draw(event)) => draws::fold(recorded, event, ops),
        Event::Panel(panel::Event::Told { about, upto, finished, .. }) => {
            tellings::fold(recorded, (*about, *upto, *finished), ops);
        }
        Event::Panel(event) => panels::fold(recorded, event, ops),
        Event::Member(event) => members::fold(recorded, event, ops),
        Event::Meeting(event) => meetings::fold(recorded, event, ops),
        Event::Frame(_) | Event::Announced(_) => {}
    }
}

/// What a panel and its meetings are about, and the features of members: never who they are.
#[must_use]
pub fn opens(kind: &str, field: u32) -> bool {
    kind.starts_with("panel.") || kind.starts_with("meeting.") || (kind.starts_with("member.") && field == 2)
}
