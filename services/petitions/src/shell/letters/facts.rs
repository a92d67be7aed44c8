//! What an event of a petition or a signature gives the words of its letter.

use radslag_kernel::{Calendar, Instant};

use crate::{
    catalogue::Catalogue,
    event::Event,
    petition::{
        self, Petition, Threshold, answer, coinitiator::event::Event as Coinitiator, hearing,
        support::Event as Support,
    },
    policy::Label,
    signature,
};

/// What a template may say of its cause.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) expires: Option<String>,
    pub(super) until: Option<String>,
    pub(super) review_by: Option<String>,
    pub(super) opens: Option<String>,
    pub(super) deadline: Option<String>,
    pub(super) count: Option<u64>,
    pub(super) debate: bool,
    pub(super) needed: Option<u32>,
    pub(super) codes: Vec<String>,
    pub(super) text: Option<String>,
    pub(super) outcome: Option<&'static Label>,
    pub(super) starts: Option<String>,
    pub(super) place: Option<String>,
}

impl Facts {
    pub(super) fn of(event: &Event, calendar: &Calendar) -> Self {
        let moment = |at: Instant| {
            let (date, hour) = (calendar.date(at), calendar.hour(at));
            Some(format!("{date} {hour:02}:00"))
        };
        let decided = |decision: &radslag_kernel::Opened<petition::Decision>| {
            let decision = decision.known().cloned();
            decision.map(|decision| (decision.codes, decision.text)).unwrap_or_default()
        };
        match event {
            Event::Signature(signature::Event::Submitted(submission)) => {
                Self { expires: moment(submission.expires_at), ..Self::default() }
            }
            Event::Petition(petition::Event::Submitted(submitted)) => {
                Self { expires: moment(submitted.expires_at), ..Self::default() }
            }
            Event::Petition(petition::Event::InitiatorConfirmed { review_by, .. }) => {
                Self { review_by: Some(review_by.to_string()), ..Self::default() }
            }
            Event::Petition(petition::Event::Course(petition::course::Event::RedirectProposed {
                to,
                ..
            })) => Self { text: to.known().cloned(), ..Self::default() },
            Event::Petition(petition::Event::Support(event)) => Self::of_support(event, moment),
            Event::Petition(petition::Event::Coinitiator(event)) => match &**event {
                Coinitiator::Named { expires_at, .. } => {
                    Self { expires: moment(*expires_at), ..Self::default() }
                }
                _ => Self::default(),
            },
            Event::Petition(petition::Event::Returned { until, decision, .. }) => {
                let (codes, text) = decided(decision);
                Self { until: Some(until.to_string()), codes, text: Some(text), ..Self::default() }
            }
            Event::Petition(
                petition::Event::Rejected { decision, .. }
                | petition::Event::Hidden { decision, .. }
                | petition::Event::Course(petition::course::Event::TakenDown { decision, .. }),
            ) => {
                let (codes, text) = decided(decision);
                Self { codes, text: Some(text), ..Self::default() }
            }
            Event::Petition(petition::Event::Approved { opens_at, deadline, .. }) => Self {
                opens: Some(calendar.date(*opens_at).to_string()),
                deadline: Some(deadline.to_string()),
                ..Self::default()
            },
            Event::Petition(petition::Event::Opened { deadline, .. }) => {
                Self { deadline: Some(deadline.to_string()), ..Self::default() }
            }
            Event::Petition(petition::Event::ThresholdReached { threshold, count, .. }) => {
                Self { count: Some(*count), debate: *threshold == Threshold::Debate, ..Self::default() }
            }
            Event::Petition(petition::Event::Answer(event)) => Self::of_answer(event),
            Event::Petition(petition::Event::Hearing(event)) => match &event.what {
                hearing::What::Scheduled { starts_at, place, .. } => {
                    Self { starts: moment(*starts_at), place: place.known().cloned(), ..Self::default() }
                }
                hearing::What::NotHeld { why } => Self { text: why.known().cloned(), ..Self::default() },
                hearing::What::Held { .. } | hearing::What::Documented { .. } => Self::default(),
            },
            _ => Self::default(),
        }
    }

    fn of_answer(event: &answer::Event) -> Self {
        use answer::What;
        let ground = || event.ground.known().cloned();
        match &event.what {
            What::Asked { reply_by, question, .. } => {
                Self { until: Some(reply_by.to_string()), text: question.known().cloned(), ..Self::default() }
            }
            What::Given { outcome, text, .. } => Self {
                outcome: Catalogue::shipped().outcome(*outcome),
                text: text.known().cloned(),
                ..Self::default()
            },
            What::FollowedUp { text, .. } => Self { text: text.known().cloned(), ..Self::default() },
            What::WithdrawalDeclined => Self { text: ground(), ..Self::default() },
            _ => Self::default(),
        }
    }
}

impl Facts {
    fn of_support(event: &Support, moment: impl Fn(Instant) -> Option<String>) -> Self {
        match event {
            Support::Sought { until, needed, .. } => {
                Self { until: Some(until.to_string()), needed: Some(*needed), ..Self::default() }
            }
            Support::Asked { expires_at, .. } => Self { expires: moment(*expires_at), ..Self::default() },
            Support::Completed { review_by, .. } => {
                Self { review_by: Some(review_by.to_string()), ..Self::default() }
            }
            Support::Joined { .. } | Support::Struck { .. } | Support::Erased { .. } => Self::default(),
        }
    }
}

/// The last day to sign, as far as the petition still knows it.
pub(super) fn deadline(petition: &Petition) -> Option<String> {
    match &petition.life {
        petition::state::Life::Approved(plan) => Some(plan.deadline.to_string()),
        _ => None,
    }
}
