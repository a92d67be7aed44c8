//! The rules of comments, one test each.

use radslag_kernel::{
    KeyRef, Opened, SubjectId,
    test::{Given, given as kernel_given},
};

use super::{refusal::Field, samples::*, *};
use crate::{
    petition::{InitiatorTags, Official},
    signature::{Shown, Signing, View, samples as s},
    tag::Tag,
    terms::Comments::{self, After, Before},
    text::Fault,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    kernel_given(history)
}

/// The page after commands, each so many hours after the opening.
fn page(comments: Comments, acts: Vec<(u64, Act)>) -> Vec<Event> {
    let mut history = Vec::new();
    for (hours, act) in acts {
        let state = <Decider as radslag_kernel::Decider>::fold(&history);
        history.extend(decide::decide(&state, command(hours, comments, act)).unwrap());
    }
    history
}

fn submit(number: u8) -> Act {
    Act::Submit(Box::new(remark(number)))
}

fn make(remark: Remark) -> Act {
    Act::Make(Box::new(remark))
}

fn confirm(number: u8) -> Act {
    Act::Confirm { item: item(number) }
}

fn verdict() -> Verdict {
    Verdict { by: s::official(), codes: vec!["offensive".into()], text: "Planted reason".into() }
}

fn refuse(number: u8) -> Act {
    Act::Refuse { item: item(number), verdict: verdict() }
}

fn approve(number: u8) -> Act {
    Act::Approve { item: item(number), by: s::official() }
}

fn other() -> Official {
    Official { id: SubjectId::from_bytes([79; 16]), ..s::official() }
}

fn outcome(acts: Vec<(u64, Act)>) -> (Outcome, bool) {
    let history = page(Before, acts);
    let last = history.iter().rev().find_map(|event| match event {
        Event::Submitted(submission) => submission.facts.known().cloned(),
        _ => None,
    });
    last.map(|facts| (facts.outcome, facts.mail)).unwrap()
}

#[test]
fn a_comment_waits_for_a_moderator_where_the_policy_says_before() {
    let history = page(Before, vec![(1, submit(1)), (2, confirm(1))]);
    let review_by = now(2).in_days(14).0;
    assert_eq!(history[1..], [Event::Confirmed { at: s::hour(2), item: item(1), review_by }]);
    given(history).when(command(3, Before, approve(1))).then([Event::Published {
        at: s::hour(3),
        item: item(1),
        by: s::official().id,
        record: KeyRef(4),
        ground: Opened::Known("Rules, 2".into()),
    }]);
}

#[test]
fn a_comment_is_shown_at_once_where_the_policy_says_after_and_is_looked_at_later() {
    let history = page(After, vec![(1, make(remark(1)))]);
    assert!(matches!(history.as_slice(), [Event::Made { .. }, Event::Posted { .. }]));
    let state = given(history).when(command(3, After, approve(1))).state();
    assert!(state.comments[0].checked);
    let kept = page(After, vec![(1, make(remark(1))), (3, approve(1))]);
    assert!(matches!(kept.last(), Some(Event::Kept { .. })));
    given(kept).when(command(4, After, approve(1))).refused(Refusal::NotToDecide);
}

#[test]
fn over_a_rate_a_comment_is_moderated_first() {
    let suspect = Remark { suspicion: Some("rate-all-300s".into()), ..remark(1) };
    let history = page(After, vec![(1, Act::Submit(Box::new(suspect.clone()))), (2, confirm(1))]);
    assert!(matches!(history.last(), Some(Event::Confirmed { .. })));
    assert_eq!(page(After, vec![(1, make(suspect))]).len(), 1);
}

#[test]
fn the_policy_may_forbid_comments() {
    given([]).when(command(1, Comments::None, submit(1))).refused(Refusal::CommentsNotAllowed);
    given([]).when(command(1, Comments::None, make(remark(1)))).refused(Refusal::CommentsNotAllowed);
}

#[test]
fn only_a_petition_that_is_open_takes_comments() {
    for signing in [Signing::No, Signing::Counting(s::hour(9)), Signing::Until(s::hour(1))] {
        let closed = View { signing, ..view() };
        given([])
            .when(Command { petition: closed, ..command(1, Before, submit(1)) })
            .refused(Refusal::NotOpen);
    }
}

#[test]
fn a_reply_to_a_reply_is_refused() {
    let reply = |parent| Act::Make(Box::new(Remark { reply_to: Some(parent), ..remark(1) }));
    let parent = Parent { item: item(9), published: true, is_reply: false };
    let history = page(Before, vec![(1, reply(Some(parent)))]);
    assert!(matches!(&history[0], Event::Made { submission, .. } if submission.reply_to == Some(item(9))));
    let deep = Parent { is_reply: true, ..parent };
    given([]).when(command(1, Before, reply(Some(deep)))).refused(Refusal::ReplyToReply);
    let unseen = Parent { published: false, ..parent };
    given([]).when(command(1, Before, reply(Some(unseen)))).refused(Refusal::UnknownParent);
    given([]).when(command(1, Before, reply(None))).refused(Refusal::UnknownParent);
}

#[test]
fn what_came_of_a_comment_by_mailbox_is_told_to_nobody_else() {
    assert_eq!(outcome(vec![(1, submit(1))]), (Outcome::New, true));
    let again = || Act::Submit(Box::new(Remark { text: remark(1).text, ..remark(2) }));
    assert_eq!(outcome(vec![(1, submit(1)), (2, again())]), (Outcome::Repeated, true));
    assert_eq!(outcome(vec![(1, submit(1)), (26, again())]), (Outcome::New, true));
    let blocked = || Act::Submit(Box::new(Remark { blocked: true, ..remark(1) }));
    assert_eq!(outcome(vec![(1, blocked())]), (Outcome::Blocked, true));
    let history = page(Before, vec![(1, blocked())]);
    given(history).when(command(2, Before, confirm(1))).refused(Refusal::LinkExpired);
}

#[test]
fn at_most_five_mails_wait_for_an_answer() {
    let five = || (1..=5).map(|number| (u64::from(number), submit(number))).collect::<Vec<_>>();
    assert_eq!(outcome(five()), (Outcome::New, true));
    let six = five().into_iter().chain([(6, submit(6))]).collect();
    assert_eq!(outcome(six), (Outcome::TooManyMails, false));
    let answered = five().into_iter().chain([(6, confirm(3)), (6, submit(6))]).collect();
    assert_eq!(outcome(answered), (Outcome::New, true));
}

#[test]
fn by_eid_the_same_text_twice_is_told_at_once() {
    let history = page(Before, vec![(1, make(remark(1)))]);
    let again = Remark { text: remark(1).text, ..remark(2) };
    given(history).when(command(2, Before, make(again))).refused(Refusal::SaidBefore);
}

#[test]
fn a_comment_that_is_not_confirmed_expires_once_whatever_came_of_it() {
    for blocked in [true, false] {
        let history = page(Before, vec![(1, Act::Submit(Box::new(Remark { blocked, ..remark(1) })))]);
        let expire = || Act::Expire { item: item(1) };
        given(history.clone()).when(command(24, Before, expire())).refused(Refusal::NotYetExpired);
        given(history.clone()).when(command(25, Before, confirm(1))).refused(Refusal::LinkExpired);
        let expired = Event::Expired { at: s::hour(25), item: item(1) };
        given(history.clone()).when(command(30, Before, expire())).then([expired.clone()]);
        let over = history.into_iter().chain([expired]);
        given(over.clone()).when(command(31, Before, expire())).then([]);
        given(over).when(command(31, Before, confirm(1))).refused(Refusal::LinkExpired);
    }
}

#[test]
fn a_used_link_shows_the_same_page_again() {
    let history = page(Before, vec![(1, submit(1)), (2, confirm(1))]);
    given(history).when(command(3, Before, confirm(1))).then([]);
    given([]).when(command(3, Before, confirm(1))).refused(Refusal::UnknownComment);
}

#[test]
fn a_party_stands_beside_a_name_never_beside_an_alias() {
    let alias = |party: Option<&str>| Remark {
        shown: Shown::Alias("Planted alias".into()),
        party: party.map(str::to_owned),
        ..remark(1)
    };
    let Event::Made { submission, .. } = &page(Before, vec![(1, make(alias(None)))])[0] else { panic!() };
    assert_eq!(submission.said.name, Opened::Known("Planted alias".into()));
    given([]).when(command(1, Before, make(alias(Some("X"))))).refused(Refusal::AliasNotAllowed);
    let named = Remark { party: Some("X".into()), ..remark(1) };
    let Event::Made { submission, .. } = &page(Before, vec![(1, make(named))])[0] else { panic!() };
    assert_eq!(submission.said.party, Opened::Known("X".into()));
    let nobody = Remark { shown: Shown::Anonymous, ..remark(1) };
    given([]).when(command(1, Before, make(nobody))).refused(Refusal::AnonymousNotAllowed);
}

#[test]
fn fields_follow_their_rules() {
    let refused = |change: fn(&mut Remark), field, fault| {
        let mut remark = remark(1);
        change(&mut remark);
        let act = Act::Submit(Box::new(remark));
        given([]).when(command(1, Before, act)).refused(Refusal::Text(field, fault));
    };
    refused(|r| r.text.clear(), Field::Text, Fault::Missing);
    refused(|r| r.text = "=1+1".into(), Field::Text, Fault::Formula);
    refused(|r| r.text = "x".repeat(2_001), Field::Text, Fault::TooLong);
    refused(|r| r.name = "www.spam.com".into(), Field::Name, Fault::Url);
    refused(|r| r.mailbox.clear(), Field::Mailbox, Fault::Missing);
}

#[test]
fn nobody_moderates_what_they_wrote_or_a_petition_they_signed_or_started() {
    let history = || page(Before, vec![(1, make(remark(1)))]);
    let by = |official: Official| Act::Approve { item: item(1), by: official };
    let author = Official { tags: vec![AUTHOR], ..s::official() };
    given(history()).when(command(2, Before, by(author))).refused(Refusal::ConflictOfInterest);
    let signed = Official { signed: true, ..s::official() };
    given(history()).when(command(2, Before, by(signed))).refused(Refusal::ConflictOfInterest);
    let initiator = InitiatorTags {
        mailbox: None,
        eid: Some(Tag([88; 16])),
        name: Tag([3; 16]),
        postcode: None,
        assisted: None,
    };
    let theirs = View { initiator: Some(initiator), ..view() };
    given(history())
        .when(Command { petition: theirs, ..command(2, Before, by(s::official())) })
        .refused(Refusal::ConflictOfInterest);
    let groundless = Official { ground: " ".into(), ..s::official() };
    given(history()).when(command(2, Before, by(groundless))).refused(Refusal::GroundMissing);
}

#[test]
fn a_refusal_has_codes_and_its_reasons_are_kept() {
    let history = || page(Before, vec![(1, make(remark(1)))]);
    let with = |codes: &[&str]| {
        let codes = codes.iter().map(ToString::to_string).collect();
        Act::Refuse { item: item(1), verdict: Verdict { codes, ..verdict() } }
    };
    given(history()).when(command(2, Before, with(&[]))).refused(Refusal::CodeMissing);
    given(history()).when(command(2, Before, with(&["rude"]))).refused(Refusal::UnknownCode);
    let state = given(history()).when(command(2, Before, refuse(1))).state();
    let decision = state.comments[0].decision.known().unwrap();
    assert_eq!(
        (decision.codes.as_slice(), decision.ground.as_str()),
        (&["offensive".to_owned()][..], "Rules, 2")
    );
}

#[test]
fn a_shown_comment_can_be_refused_and_another_moderator_restores_it() {
    let history = page(After, vec![(1, make(remark(1))), (2, refuse(1))]);
    assert_eq!(history.iter().map(Event::delta).sum::<i32>(), 0);
    let restore = |by| Act::Restore { item: item(1), by };
    given(history).when(command(3, After, restore(s::official()))).refused(Refusal::SamePersonTwice);
    let restored = page(After, vec![(1, make(remark(1))), (2, refuse(1)), (3, restore(other()))]);
    assert_eq!(restored.iter().map(Event::delta).sum::<i32>(), 1);
    given(restored).when(command(4, After, restore(other()))).refused(Refusal::NotRefused);
}

#[test]
fn others_report_a_shown_comment_once_each_and_a_moderator_looks_again() {
    let report =
        |who: u8| Act::Report { item: item(1), who: Tag([who; 16]), reason: "Planted reason".into() };
    let history = page(After, vec![(1, make(remark(1))), (2, approve(1))]);
    let own = Act::Report { item: item(1), who: AUTHOR, reason: "x".into() };
    given(history).when(command(3, After, own)).refused(Refusal::OwnComment);
    let reported = || page(After, vec![(1, make(remark(1))), (2, approve(1)), (3, report(41))]);
    given(reported()).when(command(4, After, report(41))).refused(Refusal::AlreadyReported);
    assert_eq!(given(reported()).when(command(4, After, report(42))).state().comments[0].reporters.len(), 2);
    given(reported()).when(command(4, After, approve(1))).then([Event::Kept {
        at: s::hour(4),
        item: item(1),
        by: s::official().id,
        record: KeyRef(4),
        ground: Opened::Known("Rules, 2".into()),
    }]);
    let waiting = page(Before, vec![(1, make(remark(1)))]);
    given(waiting).when(command(2, Before, report(41))).refused(Refusal::UnknownComment);
}

#[test]
fn the_author_takes_a_comment_back() {
    let withdraw = || Act::Withdraw { item: item(1) };
    let history = page(After, vec![(1, make(remark(1))), (2, withdraw())]);
    let withdrawn = Event::Withdrawn { at: s::hour(2), item: item(1), was_public: true, assisted: None };
    assert_eq!(history.last(), Some(&withdrawn));
    given(history.clone()).when(command(3, After, withdraw())).then([]);
    given(history).when(command(3, After, approve(1))).refused(Refusal::NotToDecide);
    let refused = page(After, vec![(1, make(remark(1))), (2, refuse(1))]);
    given(refused).when(command(3, After, withdraw())).refused(Refusal::AlreadyOver);
}

#[test]
fn a_comment_is_taken_back_for_its_author_and_nobody_else() {
    use crate::assisted::tests::{assisted, helper};
    let back = |citizen, name: &str, change: fn(&mut crate::assisted::Helper)| {
        let (name, mut helper) = (name.to_owned(), Box::new(helper(assisted())));
        change(&mut helper);
        command(3, After, Act::WithdrawFor { item: item(1), citizen, name, helper })
    };
    let by_eid = || Remark { mailbox: String::new(), ..remark(1) };
    let written = || page(After, vec![(1, Act::Make(Box::new(by_eid())))]);
    given(written()).when(back(Tag([7; 16]), &remark(1).name, |_| ())).refused(Refusal::NotTheAuthor);
    given(written())
        .when(back(AUTHOR, "", |helper| helper.by.signed = true))
        .refused(Refusal::ConflictOfInterest);
    let how = Some((KeyRef(4), Opened::Known(assisted())));
    let withdrawn = Event::Withdrawn { at: s::hour(3), item: item(1), was_public: true, assisted: how };
    given(written()).when(back(AUTHOR, "", |_| ())).then([withdrawn.clone()]);
    // By mailbox it is who is called so.
    let confirmed = || page(After, vec![(1, submit(1)), (2, confirm(1))]);
    given(confirmed()).when(back(AUTHOR, "Somebody Else", |_| ())).refused(Refusal::NotTheAuthor);
    let shouted = remark(1).name.to_uppercase();
    given(confirmed()).when(back(Tag([7; 16]), &shouted, |_| ())).then([withdrawn]);
}

#[test]
fn two_officials_erase_a_comment_and_it_keeps_its_place() {
    let second = SubjectId::from_bytes([78; 16]);
    let erase = |second| Act::Erase { item: item(1), by: s::official(), second };
    let history = page(After, vec![(1, make(remark(1)))]);
    given(history).when(command(2, After, erase(s::official().id))).refused(Refusal::SamePersonTwice);
    let erased = page(After, vec![(1, make(remark(1))), (2, erase(second))]);
    assert_eq!(erased.last().map(Event::erases), Some(vec![KeyRef(201)]));
    assert_eq!(erased.iter().map(Event::delta).sum::<i32>(), 1);
    given(erased).when(command(3, After, erase(second))).refused(Refusal::AlreadyErased);
}

#[test]
fn the_number_of_published_comments_follows_the_state_whatever_happens() {
    let acts = [submit(1), confirm(1), approve(1), refuse(1), Act::Restore { item: item(1), by: other() }];
    let more = [Act::Withdraw { item: item(1) }, make(remark(2)), refuse(2), approve(2)];
    let acts: Vec<Act> = acts.into_iter().chain(more).collect();
    // Every order of commands, as far as each is allowed, by a counter that walks through them.
    for seed in 0..2_000_usize {
        let (mut history, mut at) = (Vec::<Event>::new(), seed);
        for hours in 1..8 {
            let act = acts[at % acts.len()].clone();
            at = at / acts.len() + seed;
            let state = <Decider as radslag_kernel::Decider>::fold(&history);
            let comments = if seed % 2 == 0 { Before } else { After };
            history.extend(decide::decide(&state, command(hours, comments, act)).unwrap_or_default());
        }
        let state = <Decider as radslag_kernel::Decider>::fold(&history);
        let shown = state.comments.iter().filter(|comment| comment.standing == Standing::Published).count();
        let counted: i32 = history.iter().map(Event::delta).sum();
        assert_eq!(usize::try_from(counted), Ok(shown), "seed {seed}");
    }
}
