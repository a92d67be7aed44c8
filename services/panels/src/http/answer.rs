//! Refusals as problems: the words of each stand in `problems.toml`.

use std::sync::LazyLock;

use axum::http::StatusCode;
use radslag_kernel::text::Fault;
use radslag_runtime::Problem;

use crate::{
    form::{Asked, Lacking},
    meeting, member,
    panel::{self, Field},
    shell::Wrong,
};

/// Status of each refusal that can be an answer, by its code.
static STATUSES: LazyLock<toml::Table> = LazyLock::new(|| super::PROBLEMS.parse().unwrap_or_default());

fn problem(code: &'static str) -> Problem {
    let status = STATUSES.get(code).and_then(|said| said.get("status")?.as_integer()?.try_into().ok());
    match status.and_then(|status: u16| StatusCode::from_u16(status).ok()) {
        Some(status) => Problem::new(status, code),
        // No route here leads to it.
        None => {
            tracing::error!(code, "a rule became an answer that has no words");
            Problem::internal()
        }
    }
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Unknown => Self::not_found(),
            Wrong::Panel(rule) => of_panel(rule),
            Wrong::Member(rule) => of_member(rule),
            Wrong::Meeting(rule) => of_meeting(rule),
        }
    }
}

fn of_panel(rule: panel::Refusal) -> Problem {
    use panel::Refusal;
    let problem = problem(rule.code());
    match rule {
        Refusal::Text(field, fault) => problem.pointer(pointer(field)).detail(fault.code()),
        Refusal::QuestionOpen(question) => {
            problem.value("question", question.word()).value("number", question.number())
        }
        Refusal::Form(why) => problem.detail(format!("{why:?}").to_lowercase()),
        Refusal::Strata(why) => problem.detail(format!("{why:?}").to_lowercase()),
        Refusal::AttributeNotSupplied(at) => problem.value("category", at),
        _ => problem,
    }
}

const fn pointer(field: Field) -> &'static str {
    match field {
        Field::Name => "/name",
        Field::Purpose => "/purpose",
        Field::Promises => "/promises",
        Field::Answer | Field::Value => "/text",
        Field::UndecidedBy => "/undecided_by",
        Field::Who => "/who",
        Field::Reason | Field::Ground => "/ground",
        Field::Wanted => "/sv",
        Field::Source => "/source",
    }
}

fn of_meeting(rule: meeting::Refusal) -> Problem {
    use meeting::refusal::Field;
    let problem = problem(rule.code());
    let meeting::Refusal::Text(field, fault) = rule else { return problem };
    let pointer = match field {
        Field::Title => "/title",
        Field::Place => "/place",
        Field::Agenda => "/agenda",
        Field::Area => "/area",
        Field::Reason => "/reason",
        Field::Notes => "/notes",
        Field::Address => "/address",
        Field::Point => "/point",
        Field::Answer => "/answer",
        Field::Who => "/who",
    };
    problem.pointer(pointer).detail(fault.code())
}

fn of_member(rule: member::Refusal) -> Problem {
    use member::Refusal;
    let problem = problem(rule.code());
    let Refusal::Lacking(lacking) = rule else { return problem };
    let at = |asked| match asked {
        Asked::Mailbox => "/mailbox".to_owned(),
        // By the place of the field in the panel's form.
        Asked::Field(at) => format!("/fields/{at}"),
    };
    let fault = |fault: Fault| fault.code();
    match lacking {
        Lacking::Text(asked, why) => problem.pointer(at(asked)).detail(fault(why)),
        Lacking::NoSuchChoice(asked) => problem.pointer(at(asked)).detail("no-such-choice"),
        Lacking::TooYoung(age) => problem.pointer("/birth_year").detail("too-young").value("age", age),
        Lacking::TooOld(age) => problem.pointer("/birth_year").detail("too-old").value("age", age),
        Lacking::NotResident => problem.pointer("/resident").detail("not-resident"),
        Lacking::Consent => problem.pointer("/consent_version").detail("consent"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meeting;

    #[test]
    fn every_rule_has_its_words_but_those_that_say_there_is_nothing() {
        let nothing = ["unknown-panel", "unknown-member", "unknown-meeting"];
        let codes = panel::Refusal::CODES.iter().chain(member::Refusal::CODES).chain(meeting::Refusal::CODES);
        let without: Vec<_> =
            codes.filter(|code| !nothing.contains(code) && !STATUSES.contains_key(**code)).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
