//! Policies, lengths and register numbers as protobuf.

use radslag_kernel::Malformed;
use radslag_proto::petitions::{self as proto, length::Length as Wire};

use super::fields::date_in;
use crate::{
    petition::Register,
    policy::{FORM_SECONDS, Label, Length, OBJECTION_DAYS, Policy, Proof},
};

pub(super) fn length_out(length: Length) -> proto::Length {
    proto::Length {
        length: Some(match length {
            Length::Months(months) => Wire::Months(months),
            Length::Days(days) => Wire::Days(days),
            Length::Until(date) => Wire::Until(date.to_string()),
        }),
    }
}

pub(super) fn length_in(length: Option<proto::Length>) -> Result<Length, Malformed> {
    match length.and_then(|length| length.length) {
        Some(Wire::Months(months)) => Ok(Length::Months(months)),
        Some(Wire::Days(days)) => Ok(Length::Days(days)),
        Some(Wire::Until(date)) => date_in(&date).map(Length::Until),
        None => Err(Malformed("a length is missing".into())),
    }
}

pub(super) fn register_out(register: Register) -> proto::RegisterNumber {
    proto::RegisterNumber { year: u32::from(register.year), number: register.number }
}

pub(super) fn register_in(register: Option<proto::RegisterNumber>) -> Result<Register, Malformed> {
    let wrong = || Malformed("a register number is missing".into());
    let register = register.ok_or_else(wrong)?;
    Ok(Register { year: u16::try_from(register.year).map_err(|_| wrong())?, number: register.number })
}

pub(super) fn policy_out(policy: &Policy) -> proto::Policy {
    proto::Policy {
        id: policy.id.clone(),
        version: policy.version,
        initiator: match policy.initiator {
            Proof::Declared => proto::Proof::Declared,
            Proof::Eid => proto::Proof::Eid,
            Proof::Register => proto::Proof::Register,
        }
        .into(),
        mailbox: policy.mailbox,
        eid: policy.eid,
        postcode: policy.postcode,
        alias: policy.alias,
        anonymous: policy.anonymous,
        initiator_counts: policy.initiator_counts,
        months: policy.months.clone(),
        days: policy.days.clone(),
        until_months: policy.until_months,
        answer_at: policy.answer_at,
        debate_at: policy.debate_at,
        close_at_threshold: policy.close_at_threshold,
        draft_days: policy.draft_days,
        submitted_days: policy.submitted_days,
        review_days: policy.review_days,
        returned_days: policy.returned_days,
        opening_days: policy.opening_days,
        confirm_hours: policy.confirm_hours,
        counting_hours: policy.counting_hours,
        mails: policy.mails,
        title_max: policy.title_max,
        body_max: policy.body_max,
        background_max: policy.background_max,
        receipt_days: policy.receipt_days,
        answer_days: policy.answer_days,
        supporters: policy.supporters,
        supporters_max: policy.supporters_max,
        // Written only where it means something: a policy without supporters keeps its bytes.
        supporters_days: if policy.supporters > 0 { policy.supporters_days } else { 0 },
        answer_per_mille: policy.answer_per_mille,
        window_months: policy.window_months,
        unsigned: policy.unsigned,
        decision_months: policy.decision_months,
        form_seconds: (policy.form_seconds != FORM_SECONDS).then_some(policy.form_seconds),
        votes_against: policy.votes_against,
        paper_grounds: policy.paper_grounds,
        attachments: policy.attachments,
        attachment_bytes: policy.attachment_bytes,
        links: policy.links,
        objection_days: (policy.objection_days != OBJECTION_DAYS).then_some(policy.objection_days),
    }
}

pub(super) fn policy_in(policy: Option<proto::Policy>) -> Result<Policy, Malformed> {
    let policy = policy.ok_or_else(|| Malformed("a policy is missing".into()))?;
    Ok(Policy {
        initiator: match policy.initiator() {
            proto::Proof::Declared => Proof::Declared,
            proto::Proof::Eid => Proof::Eid,
            proto::Proof::Register => Proof::Register,
            proto::Proof::Unspecified => return Err(Malformed("a proof is missing".into())),
        },
        label: Label::default(),
        id: policy.id,
        version: policy.version,
        mailbox: policy.mailbox,
        eid: policy.eid,
        postcode: policy.postcode,
        alias: policy.alias,
        anonymous: policy.anonymous,
        initiator_counts: policy.initiator_counts,
        months: policy.months,
        days: policy.days,
        until_months: policy.until_months,
        answer_at: policy.answer_at,
        debate_at: policy.debate_at,
        close_at_threshold: policy.close_at_threshold,
        draft_days: policy.draft_days,
        submitted_days: policy.submitted_days,
        review_days: policy.review_days,
        returned_days: policy.returned_days,
        opening_days: policy.opening_days,
        confirm_hours: policy.confirm_hours,
        counting_hours: policy.counting_hours,
        mails: policy.mails,
        title_max: policy.title_max,
        body_max: policy.body_max,
        background_max: policy.background_max,
        receipt_days: policy.receipt_days,
        answer_days: policy.answer_days,
        supporters: policy.supporters,
        supporters_max: policy.supporters_max,
        supporters_days: if policy.supporters > 0 { policy.supporters_days } else { 90 },
        answer_per_mille: policy.answer_per_mille,
        window_months: policy.window_months,
        unsigned: policy.unsigned,
        decision_months: policy.decision_months,
        form_seconds: policy.form_seconds.unwrap_or(FORM_SECONDS),
        votes_against: policy.votes_against,
        paper_grounds: policy.paper_grounds,
        objection_days: policy.objection_days.unwrap_or(OBJECTION_DAYS),
        attachments: policy.attachments,
        attachment_bytes: policy.attachment_bytes,
        links: policy.links,
    })
}
