//! A link is asked for, used once within its time, and its session ended. Asking always writes one event of one shape.

use radslag_kernel::{Instant, Opened};

use crate::{
    session::{
        LINK_MINUTES,
        command::{Act, Command},
        event::{Asker, Event},
        refusal::Refusal,
        state::{Standing, State},
    },
    text,
};

const MINUTE_MS: u64 = 60_000;
/// Mails to a mailbox that nobody answers: so many in so many minutes, and then none until some are older. Who reads the
/// mails isn't held up.
const UNANSWERED: [(usize, u64); 2] = [(3, LINK_MINUTES), (10, 24 * 60)];

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let at = command.at;
    match command.act {
        Act::Request { item, key, mailbox, language, blocked } => {
            text::mailbox(&mailbox).map_err(Refusal::Mailbox)?;
            let mail = !blocked && !too_many(state, at);
            let expires_at = at.plus_millis(LINK_MINUTES * MINUTE_MS);
            let asker = Opened::Known(Asker { mailbox, language, mail });
            Ok(vec![Event::Requested { at, item, key, expires_at, asker }])
        }
        Act::Open { item, until } => {
            let link = state.link(item).ok_or(Refusal::UnknownLink)?;
            match link.standing {
                Standing::Requested if at < link.expires_at => {
                    Ok(vec![Event::Opened { at, item, key: link.key, until }])
                }
                Standing::Requested | Standing::Expired => Err(Refusal::LinkExpired),
                Standing::Open { .. } | Standing::Ended => Err(Refusal::LinkUsed),
            }
        }
        Act::End { item } => {
            let link = state.link(item).ok_or(Refusal::UnknownLink)?;
            match link.standing {
                Standing::Open { .. } => Ok(vec![Event::Ended { at, item }]),
                Standing::Requested | Standing::Ended | Standing::Expired => Ok(Vec::new()),
            }
        }
        Act::Expire { item } => {
            let link = state.link(item).ok_or(Refusal::UnknownLink)?;
            match link.standing {
                Standing::Requested if at < link.expires_at => Err(Refusal::NotYetExpired),
                Standing::Requested => Ok(vec![Event::Expired { at: link.expires_at, item, key: link.key }]),
                Standing::Open { .. } | Standing::Ended | Standing::Expired => Ok(Vec::new()),
            }
        }
    }
}

fn too_many(state: &State, at: Instant) -> bool {
    let unanswered =
        |link: &&crate::session::Link| matches!(link.standing, Standing::Requested | Standing::Expired);
    UNANSWERED.iter().any(|(most, minutes)| {
        let lately = |link: &&crate::session::Link| at.millis_since(link.at) < minutes * MINUTE_MS;
        state.links.iter().filter(unanswered).filter(lately).count() >= *most
    })
}
