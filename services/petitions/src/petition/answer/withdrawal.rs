//! After handover a withdrawal is a request, which the committee decides.

use radslag_kernel::{Instant, Opened, time};

use crate::{
    assisted::Assisted,
    petition::{
        answer::{event::What, filed, happened, state::Telling},
        command::{Now, Official},
        decide::official,
        event::Event,
        refusal::Refusal,
        state::{Answer, Petition},
    },
};

/// Days after which nobody is told any more: a mail that late would be no news.
const NEWS_DAYS: u32 = 30;

/// Asked twice it is one request. The initiator and the reason were looked at.
pub(in crate::petition) fn request(
    petition: &Petition,
    reason: &str,
    assisted: Option<Opened<Assisted>>,
    at: Instant,
) -> Vec<Event> {
    if petition.answer.withdrawal {
        return Vec::new();
    }
    happened(petition, at, reason, [(0, What::WithdrawalRequested { assisted })])
}

pub(super) fn decide(
    petition: &Petition,
    by: &Official,
    grant: bool,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    if !petition.answer.withdrawal {
        return Err(Refusal::WithdrawalNotRequested);
    }
    let filed = filed(petition)?;
    official(filed, by)?;
    if !grant {
        return Ok(happened(petition, now.at, &by.ground, [(0, What::WithdrawalDeclined)]));
    }
    if petition.life.phase().is_terminal() {
        return Err(Refusal::AlreadyOver);
    }
    if matches!(petition.answer.stands(), Answer::Answered | Answer::FollowedUp) {
        return Err(Refusal::AlreadyAnswered);
    }
    let parts = petition.answer.parts.iter().map(|part| part.number).collect();
    let mut events = happened(petition, now.at, &by.ground, [(0, What::WithdrawalGranted { parts })]);
    events.push(Event::Withdrawn {
        at: now.at,
        was_public: true,
        record: Some(filed.keys.record),
        ground: Opened::Known(by.ground.clone()),
        draft: None,
        assisted: None,
    });
    Ok(events)
}

/// The next signers are told, each at most once: what was told meanwhile, or has given way to news, is not told again.
pub(super) fn tell(
    petition: &Petition,
    told: Telling,
    (upto, finished): (u64, bool),
    now: &Now,
) -> Vec<Event> {
    if petition.answer.telling != Some(told) || upto < told.upto {
        return Vec::new();
    }
    let old = now.today() > time::plus_days(now.calendar.date(told.since), NEWS_DAYS);
    let (about, from) = (told.about, told.upto);
    let (upto, finished) = if old { (from, true) } else { (upto, finished) };
    happened(petition, now.at, "", [(0, What::SignersTold { about, from, upto, finished })])
}
