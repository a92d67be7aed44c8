//! Refusals and failures as problems: one exhaustive match from rule to status.

use axum::http::StatusCode;
use radslag_runtime::{Problem, execute::Undone};

use crate::{delivery, mailing, shell::Wrong, subscription, templates::Fault, text, wording};

/// Why nothing was done.
pub(super) fn undone(undone: Undone<Wrong>) -> Problem {
    undone.into()
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Unknown => Self::not_found(),
            Wrong::Delivery(rule) => of_delivery(rule),
            Wrong::Subscription(rule) => of_subscription(rule),
            Wrong::Mailing(rule) => of_mailing(rule),
            Wrong::Wording(rule) => of_wording(&rule),
        }
    }
}

/// None of these is ever an answer: the service itself gives these commands.
fn of_delivery(rule: delivery::Refusal) -> Problem {
    tracing::error!(%rule, "a rule of deliveries became an answer");
    Problem::internal()
}

fn of_subscription(rule: subscription::Refusal) -> Problem {
    use subscription::Refusal;
    let status = match rule {
        Refusal::UnknownSubscription => return Problem::not_found(),
        Refusal::Mailbox(fault) => return words("/mailbox", fault),
        Refusal::UnknownList => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::SubscriptionExpired | Refusal::SubscriptionOver => StatusCode::GONE,
        Refusal::NotYetExpired => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_mailing(rule: mailing::Refusal) -> Problem {
    use mailing::Refusal;
    let status = match rule {
        Refusal::UnknownMailing => return Problem::not_found(),
        Refusal::Text(fault) => return words("", fault),
        Refusal::UnknownList | Refusal::SamePersonTwice => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::AlreadyStarted
        | Refusal::AlreadySent
        | Refusal::MailingCancelled
        | Refusal::NotRunning
        | Refusal::NobodySubscribes => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

pub(super) fn of_wording(rule: &wording::Refusal) -> Problem {
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, rule.code()).pointer("/text");
    match rule {
        wording::Refusal::UnknownTemplate => Problem::not_found(),
        wording::Refusal::Text(Fault::UnknownVariable(name)) => problem.value("variable", name.as_str()),
        wording::Refusal::Text(Fault::Malformed(why)) => problem.value("why", why.as_str()),
        wording::Refusal::Text(Fault::TooLong | Fault::SubjectMissing | Fault::LinkMissing) => problem,
    }
}

fn words(pointer: &str, fault: text::Fault) -> Problem {
    let code = match fault {
        text::Fault::Missing => "missing",
        text::Fault::TooLong => "too-long",
        text::Fault::NotAllowed => "not-allowed",
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "words-not-allowed").pointer(pointer).detail(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_can_be_an_answer_is_said_in_both_languages() {
        let said: toml::Table = crate::http::PROBLEMS.parse().unwrap();
        let codes = subscription::Refusal::CODES.iter().chain(mailing::Refusal::CODES);
        let hidden = ["unknown-subscription", "unknown-mailing", "unknown-template"];
        for code in codes.chain(wording::Refusal::CODES).filter(|code| !hidden.contains(*code)) {
            let words = said.get(*code).unwrap_or_else(|| panic!("{code}"));
            assert!(words["title"]["sv"].is_str() && words["title"]["en"].is_str(), "{code}");
        }
    }

    #[test]
    fn a_status_is_the_one_that_is_documented() {
        let said: toml::Table = crate::http::PROBLEMS.parse().unwrap();
        let problems = [
            of_subscription(subscription::Refusal::UnknownList),
            of_subscription(subscription::Refusal::SubscriptionExpired),
            of_subscription(subscription::Refusal::SubscriptionOver),
            of_subscription(subscription::Refusal::NotYetExpired),
            of_mailing(mailing::Refusal::SamePersonTwice),
            of_mailing(mailing::Refusal::AlreadyStarted),
            of_mailing(mailing::Refusal::AlreadySent),
            of_mailing(mailing::Refusal::MailingCancelled),
            of_mailing(mailing::Refusal::NotRunning),
            of_mailing(mailing::Refusal::NobodySubscribes),
            of_mailing(mailing::Refusal::Text(text::Fault::Missing)),
            of_wording(&wording::Refusal::Text(Fault::LinkMissing)),
            of_wording(&wording::Refusal::Text(Fault::UnknownVariable("x".into()))),
        ];
        for problem in problems {
            let status = said[problem.code()]["status"].as_integer();
            assert_eq!(status, Some(problem.status().as_u16().into()), "{}", problem.code());
        }
    }
}
