//! A mailing is written and changed, started, gone through step by step, and ended.

use radslag_kernel::{Instant, Opened};

use crate::{
    mailing::{
        FOUR_EYES_OVER,
        command::{Act, Command},
        event::{Event, Progress, Text},
        refusal::Refusal,
        state::{Mailing, Standing, State},
    },
    subscription::NEWSLETTER,
    text,
};

const SUBJECT: usize = 150;
const BODY: usize = 20_000;

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let at = command.at;
    if let Act::Draft { by, key, text } = command.act {
        check(&text)?;
        let (key, revision) = match &state.0 {
            None => (key, 1),
            Some(mailing) if mailing.standing == Standing::Sent => return Err(Refusal::AlreadySent),
            Some(mailing) => (mailing.key, mailing.revision + 1),
        };
        return Ok(vec![Event::Drafted { at, by, key, revision, text: Opened::Known(text) }]);
    }
    let mailing = state.0.as_ref().ok_or(Refusal::UnknownMailing)?;
    match command.act {
        Act::Draft { .. } => Ok(Vec::new()),
        Act::Start { by, recipients } => {
            match mailing.standing {
                Standing::Draft => {}
                Standing::Running { .. } => return Err(Refusal::AlreadyStarted),
                Standing::Sent => return Err(Refusal::AlreadySent),
                Standing::Cancelled => return Err(Refusal::MailingCancelled),
            }
            if recipients == 0 {
                return Err(Refusal::NobodySubscribes);
            }
            if recipients > FOUR_EYES_OVER && by == mailing.written_by {
                return Err(Refusal::SamePersonTwice);
            }
            Ok(vec![Event::Started { at, by, revision: mailing.revision }])
        }
        Act::Progress { revision, after, letters } => {
            let before = running(mailing, revision)?;
            let progress = Progress { after, letters: before.letters + letters };
            Ok(vec![Event::Progressed { at, key: mailing.key, progress: Opened::Known(progress) }])
        }
        Act::Finish { revision } => finish(mailing, at, revision),
        Act::Cancel { by } => match mailing.standing {
            Standing::Draft | Standing::Running { .. } => Ok(vec![Event::Cancelled { at, by }]),
            Standing::Sent => Err(Refusal::AlreadySent),
            Standing::Cancelled => Ok(Vec::new()),
        },
    }
}

fn finish(mailing: &Mailing, at: Instant, revision: u32) -> Result<Vec<Event>, Refusal> {
    let letters = Opened::Known(running(mailing, revision)?.letters);
    Ok(vec![Event::Finished { at, key: mailing.key, letters }])
}

/// How far the run of a revision is; a newer text has ended the run of an older one.
fn running(mailing: &Mailing, revision: u32) -> Result<Progress, Refusal> {
    match mailing.standing {
        Standing::Running { progress, .. } if mailing.revision == revision => Ok(progress),
        Standing::Running { .. } | Standing::Draft | Standing::Sent | Standing::Cancelled => {
            Err(Refusal::NotRunning)
        }
    }
}

fn check(wanted: &Text) -> Result<(), Refusal> {
    if wanted.list != NEWSLETTER && wanted.list.parse::<radslag_kernel::AggregateId>().is_err() {
        return Err(Refusal::UnknownList);
    }
    for words in [&wanted.sv, &wanted.en] {
        text::check(&words.subject, SUBJECT, false).map_err(Refusal::Text)?;
        text::check(&words.body, BODY, true).map_err(Refusal::Text)?;
    }
    Ok(())
}
