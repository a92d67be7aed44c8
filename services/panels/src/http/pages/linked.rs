//! The page behind the link in a member's letter: where they stand, and a form for each thing they can do. Reading it changes
//! nothing.

use axum::{http::StatusCode, response::Response};
use radslag_kernel::{Instant, Opened};
use radslag_runtime::{
    Problem,
    execute::Undone,
    http::{FormBody, PathId},
    pages::Wrong,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    http::{
        api::Holding,
        pages::{View, joining, reading, words},
    },
    member::{Decider, Membership, Outcome, Refusal, Standing, State},
    panel::Panel,
    person::Person,
    shell::{
        self, Office,
        links::Link,
        membering::{Doing, stream},
    },
};

/// What the forms of the page send.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Form {
    act: String,
    mailbox: String,
    consent_version: String,
}

/// A link, the panel it is of, and the membership that it leads to now.
struct Led {
    link: Link,
    panel: Panel,
    one: Membership,
    /// They asked to join, and are in already.
    again: bool,
}

impl Led {
    fn by(office: &Office, token: &str) -> Result<Self, Problem> {
        let link = office.links.read(token).ok_or_else(Problem::not_found)?;
        let (_, panel) = office.panel(link.panel)?.ok_or_else(Problem::not_found)?;
        let (_, state): (u64, State) = office.state::<Decider>(&stream(link.panel, link.person))?;
        let one = state.of(link.item).ok_or_else(Problem::not_found)?;
        // Whoever asks again gets a letter that leads to where they are.
        let here = state.here().filter(|here| one.outcome.is_some() && here.item != one.item);
        let here = here.filter(|_| one.standing == Standing::Submitted);
        let again = here.is_some();
        let one = here.unwrap_or(one).clone();
        Ok(Self { link: Link { item: one.item, ..link }, panel, one, again })
    }

    fn is_open(&self, at: Instant) -> bool {
        self.one.can_answer(at) && self.panel.phase.has_members()
    }

    /// What the page says of it: a word of `words.toml`.
    fn became(&self, at: Instant) -> &'static str {
        let one = &self.one;
        let asks = matches!(one.standing, Standing::Invited | Standing::Drawn);
        match one.standing {
            Standing::Submitted => match one.outcome.as_ref().and_then(Opened::known) {
                Some(Outcome::Blocked) => "blocked",
                Some(Outcome::Silent) => "silent",
                // They have left since; then they may ask again.
                Some(Outcome::AlreadyHere) | None => "submission-expired",
                Some(Outcome::Requested) if one.expires_at.is_some_and(|until| at >= until) => {
                    "submission-expired"
                }
                Some(Outcome::Requested) => "requested",
            },
            Standing::Expired if one.offer.is_none() => "submission-expired",
            Standing::Expired => "offer-expired",
            _ if asks && !self.is_open(at) => "offer-expired",
            Standing::Left | Standing::Replaced if one.erased => "erased",
            standing => standing.word(),
        }
    }

    /// What can be done now, in the order of the page.
    fn acts(&self, at: Instant) -> Vec<&'static str> {
        let one = &self.one;
        let mut acts = Vec::new();
        if self.became(at) == "requested" {
            acts.push("confirm");
        }
        if self.is_open(at) {
            if matches!(one.standing, Standing::Invited | Standing::Drawn | Standing::Declined) {
                acts.push("accept");
            }
            if matches!(one.standing, Standing::Invited | Standing::Drawn) {
                acts.push("decline");
            }
        }
        let term = self.panel.term.filter(|term| one.term < term.number && one.standing.is_member());
        if term.and_then(|term| term.renew_by).is_some_and(|renew_by| at < renew_by) {
            acts.push("renew");
        }
        match one.standing {
            Standing::Active => acts.extend(["pause", "leave"]),
            Standing::Paused => acts.extend(["resume", "leave"]),
            Standing::Volunteered | Standing::Reserved => acts.push("leave"),
            _ => {}
        }
        acts
    }

    /// Whether somebody may ask to join again.
    fn may_ask_again(&self, at: Instant) -> bool {
        let over = matches!(self.one.standing, Standing::Left | Standing::Replaced);
        reading::takes(&self.panel) && (over || self.became(at) == "submission-expired")
    }
}

/// Where the holder of a link stands.
pub(in crate::http) async fn link(view: View, PathId(token): PathId<String>) -> Result<Response, Problem> {
    page(&view, &Led::by(&view.office, &token)?, (&Form::default(), None))
}

fn page(view: &View, led: &Led, (typed, wrong): (&Form, Option<&Wrong>)) -> Result<Response, Problem> {
    let (office, one, at) = (&view.office, &led.one, view.office.now());
    let acts = led.acts(at);
    let until = match acts.first() {
        Some(&"confirm") => one.expires_at,
        Some(&("accept" | "decline")) => one.offer.and_then(|offer| offer.expires_at),
        Some(&"renew") => led.panel.term.and_then(|term| term.renew_by),
        _ => None,
    };
    // The last whole day: an answer counts until the moment after it.
    let until =
        until.map(|until| office.calendar.date(Instant::from_millis(until.millis().saturating_sub(1))));
    let has_mailbox = one.person.known().is_some_and(|person| !person.mailbox.is_empty());
    let form = led.panel.form().cloned().unwrap_or_default();
    let values = json!({
        "panel": reading::head(view, led.link.panel, &led.panel), "acts": acts, "until": until,
        "became": words::of("became", led.became(at), view.lang), "has_mailbox": has_mailbox,
        "again": led.again.then(|| words::of("became", "already-here", view.lang)),
        "ask_again": led.may_ask_again(at), "consent": joining::consent(&form, view.lang),
        "here": view.path(), "query": view.query(),
    });
    view.form("membership.html", typed, wrong, values)
}

/// Does what the button says and shows the page again.
pub(in crate::http) async fn follow(
    view: View,
    asking: Holding,
    PathId(token): PathId<String>,
    FormBody(typed): FormBody<Form>,
) -> Result<Response, Problem> {
    let led = Led::by(&view.office, &token)?;
    let doing = match typed.act.as_str() {
        "confirm" => Doing::Confirm,
        "accept" => {
            let mailbox = typed.mailbox.trim().to_owned();
            let said = Person { mailbox, language: view.lang.to_owned(), ..Person::default() };
            let version = typed.consent_version.parse().unwrap_or(0);
            Doing::Accept(version, (!said.mailbox.is_empty()).then(|| Box::new(said)))
        }
        "decline" => Doing::Decline,
        "renew" => Doing::Renew,
        "pause" => Doing::Pause,
        "resume" => Doing::Resume,
        "leave" => Doing::Leave,
        _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-form")),
    };
    let asked = asking.asked(&format!("POST panel-memberships {}", led.link.item), &typed);
    let wrong = match view.office.on_membership(&asked, &led.link, doing).await {
        Ok(_) => return page(&view, &Led::by(&view.office, &token)?, (&Form::default(), None)),
        Err(Undone::Refused(shell::Wrong::Member(Refusal::Lacking(lacking)))) => {
            joining::told(&led.panel.form().cloned().unwrap_or_default(), lacking, view.lang)
        }
        Err(undone) => view.wrong(undone.into())?,
    };
    page(&view, &Led::by(&view.office, &token)?, (&typed, Some(&wrong)))
}
