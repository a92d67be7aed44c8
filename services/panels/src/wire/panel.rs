//! Events of panels as protobuf. Texts are sealed and committed to, so that what everybody may read can be checked.

use radslag_kernel::{AggregateId, Encoded, Malformed, Opened, Plain, Stored};
use radslag_proto::{
    fields::{
        Fields as _, aggregate_in, committed, dialogue_in, dialogue_out, encoded, instant, millis, plain,
        some_instant, text,
    },
    panels as proto,
};

use super::{
    draw, import,
    values::{form_in, form_out, item_in, missing, strata_in, strata_out},
};
use crate::{
    panel::{
        Event, Keys, Phase, Replacement, Texts, Told,
        event::{Answer, Wanted},
        state::Recruiting,
    },
    questions::Question,
};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Planned { dialogue, keys, texts, .. } => {
            let mut sealed = texts_out(keys.document, texts);
            sealed.extend([plain(4, keys.record, false, ""), plain(5, keys.tags, false, "")]);
            encoded("panel.planned", proto::PanelPlanned { dialogue_id: dialogue_out(*dialogue) }, sealed)
        }
        Event::Changed { document, texts, .. } => {
            encoded("panel.changed", proto::PanelPlanned { dialogue_id }, texts_out(*document, texts))
        }
        Event::Answered { document, question, answer, .. } => {
            let (said, by) = match answer {
                Opened::Known(answer) => (answer.text.clone(), answer.undecided_by.clone()),
                Opened::Gone => (String::new(), String::new()),
            };
            let sealed = vec![plain(1, *document, true, said), plain(2, *document, true, by)];
            let public = proto::PanelQuestionAnswered { dialogue_id, number: question.number().into() };
            encoded("panel.question_answered", public, sealed)
        }
        Event::FormSet { document, version, form, .. } => {
            let sealed = vec![committed(1, *document, form.known().map(form_out))];
            encoded("panel.form_set", proto::PanelFormSet { dialogue_id, version: *version }, sealed)
        }
        Event::StrataSet { document, version, strata, .. } => {
            let sealed = vec![committed(1, *document, strata.known().map(strata_out))];
            encoded("panel.strata_set", proto::PanelStrataSet { dialogue_id, version: *version }, sealed)
        }
        Event::Import(event) => import::encode(event, dialogue_id),
        Event::Draw(event) => draw::encode(event, dialogue_id),
        course => of_course(course, dialogue_id),
    }
}

/// The decision, and what follows from it.
fn of_course(event: &Event, dialogue_id: Option<Vec<u8>>) -> Encoded {
    match event {
        Event::Decided {
            document, record, size, recruiting, term_months, replacement, who, ground, ..
        } => {
            let Recruiting { invites, enrols, drawn } = *recruiting;
            let public = proto::PanelDecided {
                dialogue_id,
                size: *size,
                invites,
                enrols,
                drawn,
                term_months: *term_months,
                replacement: replacement_out(*replacement).into(),
            };
            let sealed = vec![text(1, *document, true, who), text(2, *record, false, ground)];
            encoded("panel.decided", public, sealed)
        }
        Event::Moved { record, to, resumed, ground, .. } => {
            let kind = match (to, resumed) {
                (Phase::Recruiting, _) => "panel.started",
                (Phase::Active, true) => "panel.resumed",
                (Phase::Resting, _) => "panel.rested",
                (Phase::Active, false) | (Phase::Planned | Phase::Decided | Phase::Ended, _) => {
                    "panel.activated"
                }
            };
            encoded(kind, proto::PanelMoved { dialogue_id }, vec![text(1, *record, false, ground)])
        }
        Event::Ended { document, reason, .. } => {
            encoded("panel.ended", proto::PanelEnded { dialogue_id }, vec![text(1, *document, true, reason)])
        }
        Event::WantedSet { document, wanted, .. } => {
            let (sv, en) = match wanted {
                Opened::Known(wanted) => (wanted.sv.clone(), wanted.en.clone()),
                Opened::Gone => (String::new(), String::new()),
            };
            let sealed = vec![plain(1, *document, true, sv), plain(2, *document, true, en)];
            encoded("panel.wanted_set", proto::PanelWantedSet { dialogue_id }, sealed)
        }
        Event::TermBegun { record, term, ends_at, renew_by, ground, .. } => {
            let (term, ends_at, renew_by) = (*term, ends_at.millis(), millis(*renew_by));
            let public = proto::PanelTermBegun { dialogue_id, term, ends_at, renew_by };
            encoded("panel.term_begun", public, vec![text(1, *record, false, ground)])
        }
        Event::TermSettled { record, ground, .. } => {
            let sealed = vec![text(1, *record, false, ground)];
            encoded("panel.term_settled", proto::PanelMoved { dialogue_id }, sealed)
        }
        Event::Told { about, from, upto, finished, .. } => {
            let (about, of) = told_out(*about);
            let (about, from, upto, finished) = (about.into(), *from, *upto, *finished);
            let public = proto::PanelTold { dialogue_id, about, of, from, upto, finished };
            encoded("panel.told", public, Vec::new())
        }
        Event::Erased { .. } => encoded("panel.erased", proto::PanelErased { dialogue_id }, Vec::new()),
        Event::Planned { .. }
        | Event::Changed { .. }
        | Event::Answered { .. }
        | Event::FormSet { .. }
        | Event::StrataSet { .. }
        | Event::Import(_)
        | Event::Draw(_) => encode(event, None),
    }
}

const fn replacement_out(replacement: Replacement) -> proto::Replacement {
    match replacement {
        Replacement::None => proto::Replacement::None,
        Replacement::Asked => proto::Replacement::Asked,
        Replacement::Automatic => proto::Replacement::Automatic,
    }
}

fn told_out(about: Told) -> (proto::ToldOf, Vec<u8>) {
    match about {
        Told::Reminder(draw) => (proto::ToldOf::Reminder, draw.as_bytes().to_vec()),
        Told::Meeting(meeting) => (proto::ToldOf::Meeting, meeting.as_bytes().to_vec()),
        Told::Term => (proto::ToldOf::Term, Vec::new()),
    }
}

fn texts_out(document: radslag_kernel::KeyRef, texts: &Opened<Texts>) -> Vec<Plain> {
    let Texts { name, purpose, promises } = texts.known().cloned().unwrap_or_default();
    let text = |field, value: String| plain(field, document, true, value);
    vec![text(1, name), text(2, purpose), text(3, promises)]
}

fn texts_in(stored: &Stored<'_>) -> Result<Opened<Texts>, Malformed> {
    Ok(match (stored.text(1)?, stored.text(2)?, stored.text(3)?) {
        (Opened::Known(name), Opened::Known(purpose), Opened::Known(promises)) => {
            Opened::Known(Texts { name, purpose, promises })
        }
        _ => Opened::Gone,
    })
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    let moved = |to, resumed| {
        let _: proto::PanelMoved = stored.message(1)?;
        Ok(Event::Moved { at, by, record: stored.key(1)?, to, resumed, ground: stored.text(1)? })
    };
    match stored.kind {
        "panel.planned" => {
            let message: proto::PanelPlanned = stored.message(1)?;
            let keys = Keys { document: stored.key(1)?, record: stored.key(4)?, tags: stored.key(5)? };
            let dialogue = dialogue_in(message.dialogue_id)?;
            Ok(Event::Planned { at, by, dialogue, keys, texts: texts_in(stored)? })
        }
        "panel.changed" => {
            let _: proto::PanelPlanned = stored.message(1)?;
            Ok(Event::Changed { at, by, document: stored.key(1)?, texts: texts_in(stored)? })
        }
        "panel.question_answered" => answered(stored),
        "panel.form_set" => {
            let message: proto::PanelFormSet = stored.message(1)?;
            let (document, version) = (stored.key(1)?, message.version);
            Ok(Event::FormSet { at, by, document, version, form: stored.sub_as(1, form_in)? })
        }
        "panel.strata_set" => {
            let message: proto::PanelStrataSet = stored.message(1)?;
            let (document, version) = (stored.key(1)?, message.version);
            Ok(Event::StrataSet { at, by, document, version, strata: stored.sub_as(1, strata_in)? })
        }
        "panel.decided" => decided(stored),
        "panel.started" => moved(Phase::Recruiting, false),
        "panel.activated" => moved(Phase::Active, false),
        "panel.rested" => moved(Phase::Resting, false),
        "panel.resumed" => moved(Phase::Active, true),
        "panel.ended" => {
            let _: proto::PanelEnded = stored.message(1)?;
            Ok(Event::Ended { at, by, document: stored.key(1)?, reason: stored.text(1)? })
        }
        "panel.wanted_set" => {
            let _: proto::PanelWantedSet = stored.message(1)?;
            let wanted = match (stored.text(1)?, stored.text(2)?) {
                (Opened::Known(sv), Opened::Known(en)) => Opened::Known(Wanted { sv, en }),
                _ => Opened::Gone,
            };
            Ok(Event::WantedSet { at, by, document: stored.key(1)?, wanted })
        }
        "panel.term_begun" => {
            let message: proto::PanelTermBegun = stored.message(1)?;
            Ok(Event::TermBegun {
                at,
                by,
                record: stored.key(1)?,
                term: message.term,
                ends_at: instant(message.ends_at),
                renew_by: some_instant(message.renew_by),
                ground: stored.text(1)?,
            })
        }
        "panel.term_settled" => {
            let _: proto::PanelMoved = stored.message(1)?;
            Ok(Event::TermSettled { at, by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "panel.told" => told(stored),
        "panel.erased" => {
            let _: proto::PanelErased = stored.message(1)?;
            Ok(Event::Erased { at, by, keys: stored.erased.to_vec() })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn answered(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PanelQuestionAnswered = stored.message(1)?;
    let question = Question::numbered(message.number).ok_or_else(|| missing("a question"))?;
    let answer = match (stored.text(1)?, stored.text(2)?) {
        (Opened::Known(text), Opened::Known(undecided_by)) => Opened::Known(Answer { text, undecided_by }),
        _ => Opened::Gone,
    };
    Ok(Event::Answered { at: stored.at, by: stored.by, document: stored.key(1)?, question, answer })
}

fn decided(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PanelDecided = stored.message(1)?;
    let replacement = match message.replacement() {
        proto::Replacement::None => Replacement::None,
        proto::Replacement::Asked => Replacement::Asked,
        proto::Replacement::Automatic => Replacement::Automatic,
        proto::Replacement::Unspecified => return Err(missing("a replacement")),
    };
    let proto::PanelDecided { size, invites, enrols, drawn, term_months, .. } = message;
    Ok(Event::Decided {
        at: stored.at,
        by: stored.by,
        document: stored.key(1)?,
        record: stored.key(2)?,
        size,
        recruiting: Recruiting { invites, enrols, drawn },
        term_months,
        replacement,
        who: stored.text(1)?,
        ground: stored.text(2)?,
    })
}

fn told(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PanelTold = stored.message(1)?;
    let about = match message.about() {
        proto::ToldOf::Reminder => Told::Reminder(item_in(&message.of)?),
        proto::ToldOf::Meeting => Told::Meeting(aggregate_in(&message.of)?),
        proto::ToldOf::Term => Told::Term,
        proto::ToldOf::Unspecified => return Err(missing("what letters are about")),
    };
    let proto::PanelTold { from, upto, finished, .. } = message;
    Ok(Event::Told { at: stored.at, about, from, upto, finished })
}
