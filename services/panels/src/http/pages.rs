//! The pages: plain HTML that needs no JavaScript, in Swedish and English.

mod bars;
pub(super) mod drawing;
pub(super) mod joining;
pub(super) mod linked;
pub(super) mod meeting;
pub(super) mod reading;
mod words;

use radslag_runtime::{
    config::Tenant,
    pages::{self, Pages},
};
use serde_json::Value;

use crate::{http::api::Own, shell::Office};

/// A page that somebody asked for.
pub(in crate::http) type View = pages::View<Office, Own>;

/// The templates of this service.
pub(super) fn shipped() -> Result<Pages, minijinja::Error> {
    let own = [
        ("panels.html", include_str!("../../pages/panels.html")),
        ("panel.html", include_str!("../../pages/panel.html")),
        ("representativeness.html", include_str!("../../pages/representativeness.html")),
        ("join.html", include_str!("../../pages/join.html")),
        ("sent.html", include_str!("../../pages/sent.html")),
        ("membership.html", include_str!("../../pages/membership.html")),
        ("draw.html", include_str!("../../pages/draw.html")),
        ("meetings.html", include_str!("../../pages/meetings.html")),
        ("meeting.html", include_str!("../../pages/meeting.html")),
    ];
    Pages::new(&own, pages::Words { field, label, frame })
}

/// Fields of a panel's form are told by the page that shows it; of the others only the mailbox of an answer can be wrong.
fn field(_: &str, _: &str, pointer: &str) -> Option<&'static str> {
    (pointer == "/mailbox").then_some("mailbox")
}

fn label(field: &str, swedish: bool) -> &'static str {
    words::of("field", field, if swedish { "sv" } else { "en" })
}

/// What the frame says of a tenant is what the runtime knows of it.
const fn frame(_: &Tenant) -> Value {
    Value::Null
}
