//! What an event makes of an author's page. Never fails: an event that doesn't fit leaves the page as it was.

use radslag_kernel::{ItemId, KeyRef, Opened};

use crate::comment::{
    event::{Event, Submission},
    state::{Comment, Standing, State},
};

pub(super) fn evolve(state: &mut State, event: &Event) {
    match event {
        Event::Submitted(submission) => state.comments.push(begun(submission, Standing::Requested)),
        Event::Made { submission, .. } => state.comments.push(begun(submission, Standing::Waiting)),
        Event::Confirmed { item, .. } => stands(state, *item, Standing::Waiting, false),
        Event::Expired { item, .. } => stands(state, *item, Standing::Expired, false),
        Event::Posted { item, .. } => stands(state, *item, Standing::Published, false),
        Event::Published { item, .. } | Event::Kept { item, .. } | Event::Restored { item, .. } => {
            stands(state, *item, Standing::Published, true);
        }
        Event::Refused { item, by, decision, .. } => {
            stands(state, *item, Standing::Refused, true);
            with(state, *item, |comment| {
                comment.refused_by = Some(*by);
                comment.decision = decision.clone();
            });
        }
        Event::Reported { item, who, .. } => with(state, *item, |comment| {
            comment.checked = false;
            comment.reporters.extend(who.known().copied());
        }),
        Event::Withdrawn { item, .. } => stands(state, *item, Standing::Withdrawn, true),
        Event::Erased { item, .. } => with(state, *item, |comment| {
            comment.key = KeyRef::default();
            comment.text = Opened::Gone;
            comment.author = Opened::Gone;
        }),
    }
}

fn with(state: &mut State, item: ItemId, change: impl FnOnce(&mut Comment)) {
    if let Some(comment) = state.comments.iter_mut().find(|comment| comment.item == item) {
        change(comment);
    }
}

fn stands(state: &mut State, item: ItemId, standing: Standing, checked: bool) {
    with(state, item, |comment| (comment.standing, comment.checked) = (standing, checked));
}

fn begun(submission: &Submission, standing: Standing) -> Comment {
    Comment {
        item: submission.item,
        key: submission.key,
        standing,
        expires_at: submission.expires_at,
        reply_to: submission.reply_to,
        text: submission.said.text.clone(),
        author: submission.author.clone(),
        facts: submission.facts.clone(),
        checked: false,
        reporters: Vec::new(),
        refused_by: None,
        decision: Opened::Gone,
    }
}
