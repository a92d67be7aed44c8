//! What an event makes of a petition. Never fails: an event that doesn't fit leaves the state as it was.

use radslag_kernel::{Date, Instant, KeyRef, Opened, Role};

use crate::petition::{
    answer, attached, coinitiator,
    course::{self, Classes, Fate},
    event::{Decision, Erasable, Event, How, Submitted, Threshold},
    hearing,
    state::{AskedToSupport, Filed, Hearing, Joined, Life, Petition, Plan, Refused, State},
    support,
};

pub(super) fn evolve(state: &mut State, event: &Event) {
    lived(state, event);
    with(state, |petition| petition.since = event.at());
}

fn lived(state: &mut State, event: &Event) {
    match event {
        Event::Drafted { expires_at, key, content, owner, dialogue, .. } => {
            let petition = state.0.get_or_insert_with(begun);
            petition.life = Life::Draft { expires_at: *expires_at, key: *key, owner: owner.clone() };
            petition.content = content.clone();
            petition.dialogue = *dialogue;
        }
        Event::Submitted(submitted) => submit(state.0.get_or_insert_with(begun), submitted),
        Event::InitiatorConfirmed { .. } => live(state, Life::InReview),
        Event::Returned { expires_at, decision, .. } => with(state, |petition| {
            petition.life = Life::Returned { expires_at: *expires_at };
            petition.returns += 1;
            petition.decision = decision.clone();
        }),
        Event::Resubmitted { content, .. } => with(state, |petition| {
            petition.life = Life::InReview;
            petition.content = content.clone();
        }),
        Event::Rejected { by, lapsed, decision, .. } => {
            live(state, Life::Rejected);
            let role = if *lapsed { Role::System } else { Role::Moderator };
            refuse(state, Refused { by: vec![*by], role }, decision);
        }
        Event::Hidden { by, decision, .. } => {
            live(state, Life::Hidden);
            refuse(state, Refused { by: vec![*by], role: Role::Moderator }, decision);
        }
        Event::Approved { opens_at, deadline, closes_at, url_key, .. } => {
            live(state, Life::Approved(plan(*opens_at, *deadline, *closes_at, url_key)));
        }
        Event::Opened { at, deadline, closes_at, url_key, .. } => with(state, |petition| {
            petition.life = Life::Open { closes_at: *closes_at };
            petition.opened = Some(plan(*at, *deadline, *closes_at, url_key));
        }),
        Event::CountingStarted { closed_at, until, how, .. } => {
            live(state, Life::Counting { closed_at: *closed_at, until: *until, how: *how });
            with(state, |petition| petition.ended = Some((*closed_at, *how)));
        }
        Event::Closed { .. } => live(state, Life::Closed),
        Event::Withdrawn { draft, .. } => {
            live(state, Life::Withdrawn);
            with(state, |petition| {
                // Signers are still told.
                petition.answer =
                    answer::State { telling: petition.answer.telling, ..answer::State::default() };
                petition.hearing = hearing::State::default();
                forget_draft(petition, draft.is_some());
            });
        }
        Event::Expired { draft, .. } => {
            live(state, Life::Expired);
            with(state, |petition| forget_draft(petition, draft.is_some()));
        }
        Event::Course(event) => course(state, event),
        Event::Support(event) => with(state, |petition| support(petition, event)),
        Event::Coinitiator(event) => with(state, |petition| {
            petition.filed.iter_mut().for_each(|filed| coinitiator::evolve(filed, event));
        }),
        Event::Attachment(event) => with(state, |petition| attached::evolve(petition, event)),
        Event::ThresholdReached { threshold, .. } => {
            with(state, |petition| cross(petition, *threshold, true))
        }
        Event::ThresholdLost { threshold, .. } => with(state, |petition| cross(petition, *threshold, false)),
        Event::Answer(event) => with(state, |petition| answer::evolve(&mut petition.answer, event)),
        Event::Hearing(event) => with(state, |petition| hearing::evolve(&mut petition.hearing, event)),
        Event::Erased { what, .. } => with(state, |petition| erased(petition, *what)),
    }
}

fn erased(petition: &mut Petition, what: Erasable) {
    match (what, &mut petition.filed) {
        (Erasable::Document, _) => petition.forget_document(),
        (Erasable::Initiator, Some(filed)) => filed.contact = Opened::Gone,
        (Erasable::Coinitiator, Some(filed)) => {
            filed.coinitiator.iter_mut().for_each(|named| named.contact = Opened::Gone);
        }
        (Erasable::FormerInitiators, Some(filed)) => {
            filed.former.iter_mut().for_each(|former| former.contact = Opened::Gone);
        }
        (Erasable::Initiator | Erasable::Coinitiator | Erasable::FormerInitiators, None) => {}
    }
}

/// The count went over a threshold, or below it again.
const fn cross(petition: &mut Petition, threshold: Threshold, over: bool) {
    match threshold {
        Threshold::Answer => petition.answer.due = over,
        Threshold::Debate => petition.hearing.stands = if over { Hearing::Awaiting } else { Hearing::None },
    }
}

fn with(state: &mut State, change: impl FnOnce(&mut Petition)) {
    if let Some(petition) = &mut state.0 {
        change(petition);
    }
}

fn course(state: &mut State, event: &course::Event) {
    use course::Event;
    match event {
        Event::TakenDown { by, second, role, fate, keys, decision, .. } => {
            live(state, fated(*fate));
            refuse(state, Refused { by: vec![*by, *second], role: *role }, decision);
            if !keys.is_empty() {
                with(state, Petition::forget_document);
            }
        }
        Event::Restored { .. } => {
            live(state, Life::InReview);
            with(state, |petition| petition.refused = None);
        }
        Event::Reopened { closes_at, .. } => live(state, Life::Open { closes_at: *closes_at }),
        Event::Paused { at } => live(state, Life::Paused { since: *at }),
        Event::Resumed { last_day, deadline, closes_at, .. } => {
            live(state, Life::Open { closes_at: *closes_at });
            with(state, |petition| {
                petition.given_back = Some(*last_day);
                if let Some(opened) = &mut petition.opened {
                    (opened.deadline, opened.closes_at) = (*deadline, *closes_at);
                }
            });
        }
        Event::Stopped { .. } => live(state, Life::Stopped),
        Event::RedirectProposed { instead, .. } => with(state, |petition| petition.redirect = Some(*instead)),
        Event::Redirected { .. } => live(state, Life::Redirected),
        Event::RedirectDeclined { .. } => with(state, |petition| petition.redirect = None),
        Event::DecisionDue { at, .. } => with(state, |petition| {
            petition.life = Life::Closed;
            petition.answer.due = true;
            petition.ended = Some((*at, How::HandedIn));
        }),
        Event::ElectorateFixed { answer_at, .. } => {
            with(state, |petition| petition.share = Some(*answer_at));
        }
        Event::Classified { classes, .. } => with(state, |petition| petition.classes = classes.clone()),
    }
}

fn support(petition: &mut Petition, event: &support::Event) {
    use support::Event;
    match event {
        Event::Sought { expires_at, .. } => petition.life = Life::Gathering { expires_at: *expires_at },
        Event::Asked { item, key, expires_at, supporter, asked, .. } => {
            petition.asked.push(AskedToSupport {
                item: *item,
                key: *key,
                tag: asked.known().map(|asked| asked.tag),
                name: supporter.clone().map(|supporter| supporter.name),
                expires_at: *expires_at,
            });
        }
        Event::Joined { item, key, name, tag, .. } => {
            let (tag, name) = (tag.known().copied(), name.clone());
            petition.joined.push(Joined { item: *item, tag, key: *key, name, struck: false });
        }
        Event::Erased { keys, .. } => {
            for asked in petition.asked.iter_mut().filter(|asked| keys.contains(&asked.key)) {
                (asked.key, asked.name) = (KeyRef::default(), Opened::Gone);
            }
            for joined in petition.joined.iter_mut().filter(|joined| keys.contains(&joined.key)) {
                (joined.key, joined.name) = (KeyRef::default(), Opened::Gone);
            }
        }
        Event::Completed { .. } => petition.life = Life::InReview,
        Event::Struck { item, back_until, .. } => {
            let struck = petition.joined.iter_mut().filter(|joined| joined.item == *item);
            struck.for_each(|joined| joined.struck = true);
            if let Some(expires_at) = *back_until {
                petition.life = Life::Gathering { expires_at };
            }
        }
    }
}

fn plan(opens_at: Instant, deadline: Date, closes_at: Instant, url_key: &Opened<String>) -> Plan {
    Plan { opens_at, deadline, closes_at, url_key: url_key.clone() }
}

const fn fated(fate: Fate) -> Life {
    match fate {
        Fate::Rejected => Life::Rejected,
        Fate::Hidden => Life::Hidden,
        Fate::Removed => Life::Removed,
    }
}

fn refuse(state: &mut State, by: Refused, decision: &Opened<Decision>) {
    with(state, |petition| {
        petition.refused = Some(by);
        petition.decision = decision.clone();
    });
}

fn live(state: &mut State, life: Life) {
    with(state, |petition| petition.life = life);
}

/// The key of a draft is destroyed with it.
fn forget_draft(petition: &mut Petition, was_draft: bool) {
    if was_draft {
        petition.content = Opened::Gone;
    }
}

fn begun() -> Petition {
    Petition {
        life: Life::InReview,
        answer: answer::State::default(),
        hearing: hearing::State::default(),
        content: Opened::Gone,
        dialogue: None,
        filed: None,
        returns: 0,
        decision: Opened::Gone,
        refused: None,
        opened: None,
        ended: None,
        redirect: None,
        share: None,
        given_back: None,
        classes: Classes::default(),
        asked: Vec::new(),
        joined: Vec::new(),
        attachments: Vec::new(),
        since: Instant::from_millis(0),
    }
}

fn submit(petition: &mut Petition, submitted: &Submitted) {
    petition.life = Life::Submitted { expires_at: submitted.expires_at };
    petition.content = submitted.content.clone();
    petition.dialogue = submitted.dialogue;
    petition.filed = Some(Filed {
        register: submitted.register,
        policy: submitted.policy.clone(),
        keys: submitted.keys,
        contact: submitted.contact.clone(),
        tags: submitted.tags.clone(),
        coinitiator: None,
        former: Vec::new(),
        namings: 0,
        taken_over: None,
    });
}
