//! A subscription is asked for, confirmed within its time, and ended whenever its mailbox wants.

use radslag_kernel::{Instant, Opened};

use crate::{
    subscription::{
        CONFIRM_HOURS, NEWSLETTER,
        command::{Act, Command},
        event::{Asker, Event},
        refusal::Refusal,
        state::{Standing, State},
    },
    text,
};

const MINUTE_MS: u64 = 60_000;
/// Letters to a mailbox that nobody answers: so many in so many minutes, and then none until some are older.
const UNANSWERED: [(usize, u64); 2] = [(2, 15), (5, 24 * 60)];

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let at = command.at;
    match command.act {
        Act::Request { item, key, mailbox, language, list } => {
            text::mailbox(&mailbox).map_err(Refusal::Mailbox)?;
            if !is_list(&list) {
                return Err(Refusal::UnknownList);
            }
            let mail = !too_many(state, at);
            let expires_at = at.plus_hours(CONFIRM_HOURS);
            let asker = Opened::Known(Asker { mailbox, language, list, mail });
            Ok(vec![Event::Requested { at, item, key, expires_at, asker }])
        }
        Act::Confirm { item } => {
            let request = state.request(item).ok_or(Refusal::UnknownSubscription)?;
            match request.standing {
                Standing::Requested if at < request.expires_at => {
                    let replaces = state.confirmed().map(|confirmed| confirmed.key);
                    Ok(vec![Event::Confirmed { at, item, replaces }])
                }
                Standing::Confirmed => Ok(Vec::new()),
                Standing::Requested | Standing::Expired => Err(Refusal::SubscriptionExpired),
                Standing::Ended => Err(Refusal::SubscriptionOver),
            }
        }
        Act::Expire { item } => {
            let request = state.request(item).ok_or(Refusal::UnknownSubscription)?;
            match request.standing {
                Standing::Requested if at < request.expires_at => Err(Refusal::NotYetExpired),
                Standing::Requested => {
                    Ok(vec![Event::Expired { at: request.expires_at, item, key: request.key }])
                }
                Standing::Confirmed | Standing::Expired | Standing::Ended => Ok(Vec::new()),
            }
        }
        Act::End { item } => {
            let request = state.request(item).ok_or(Refusal::UnknownSubscription)?;
            match request.standing {
                Standing::Requested | Standing::Confirmed => {
                    Ok(vec![Event::Ended { at, item, key: request.key }])
                }
                Standing::Expired | Standing::Ended => Ok(Vec::new()),
            }
        }
    }
}

/// `newsletter`, or a petition's id.
fn is_list(list: &str) -> bool {
    list == NEWSLETTER || list.parse::<radslag_kernel::AggregateId>().is_ok()
}

fn too_many(state: &State, at: Instant) -> bool {
    let unanswered = |standing| matches!(standing, Standing::Requested | Standing::Expired);
    UNANSWERED.iter().any(|(most, minutes)| {
        let lately =
            state.requests.iter().filter(|request| at.millis_since(request.at) < minutes * MINUTE_MS);
        lately.filter(|request| unanswered(request.standing)).count() >= *most
    })
}
