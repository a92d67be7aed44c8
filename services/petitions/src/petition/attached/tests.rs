//! What is attached to a petition.

use radslag_kernel::{
    Decider as _,
    test::{Given, given as given_any},
};

use super::*;
use crate::{
    petition::{Act, Content, Decider, Event, Fate, HandIn, Link, Submitted, samples::*},
    policy::Policy,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

/// Handed in under terms that take three files of five megabytes.
fn handed_in() -> Event {
    let Event::Submitted(submitted) = submitted() else { return submitted() };
    let policy = Policy { attachments: 3, attachment_bytes: 5_000_000, ..policy("open") };
    Event::Submitted(Box::new(Submitted { policy, ..*submitted }))
}

fn incoming(number: u8) -> Incoming {
    let File { kind, size, blob, digest, key, .. } = file();
    Incoming {
        item: attachment(number),
        key: FILE_KEY,
        typed: "Planted map.pdf".into(),
        kind: Some(kind),
        size: u64::from(size),
        looked: Looked::Clean,
        blob,
        digest,
        file: key,
        in_hand: false,
    }
}

fn attach(incoming: Incoming) -> Act {
    Act::Attach { proof: MAILBOX, file: Box::new(incoming) }
}

fn detach(number: u8) -> Act {
    Act::Detach { proof: MAILBOX, item: attachment(number), in_hand: false }
}

#[test]
fn the_initiator_attaches_files_until_it_is_decided_whether_it_opens() {
    let when = noon("2008-10-12");
    for history in [vec![handed_in()], vec![handed_in(), confirmed()], vec![handed_in(), returned()]] {
        given(history).when(at(when, attach(incoming(71)))).then([attached(when, 71)]);
    }
    let start = noon("2008-10-16");
    let approved = vec![handed_in(), confirmed(), approved(start)];
    let opened = [approved.clone(), vec![opened(start)]].concat();
    for history in [approved, opened] {
        given(history).when(at(start, attach(incoming(71)))).refused(Refusal::AttachmentsClosed);
    }
}

/// A petition that is handed in with links, under terms that take so many.
fn pointing(most: u32, urls: &[&str]) -> Result<Vec<Event>, Refusal> {
    let policy = Policy { links: most, ..policy("malmo-2008") };
    let link = |url: &&str| Link { label: "The plan".into(), url: (*url).to_owned() };
    let content = Content { links: urls.iter().map(link).collect(), ..content() };
    let handed = HandIn { policy, content, ..hand_in("malmo-2008") };
    let command = at(noon("2008-10-10"), Act::Submit(Box::new(handed)));
    Decider::decide(&Default::default(), command)
}

#[test]
fn a_petition_has_links_as_its_policy_takes_them() {
    let page = "https://malmo.se/plan";
    let Event::Submitted(submitted) = &pointing(3, &[page]).unwrap()[0] else { panic!() };
    assert_eq!(submitted.content.known().unwrap().links[0].url, page);
    assert_eq!(pointing(3, &[page, page, page]).map(|_| ()), Ok(()));
    assert_eq!(pointing(3, &[page, page, page, page]), Err(Refusal::TooManyLinks));
    assert_eq!(pointing(0, &[page]), Err(Refusal::LinksNotAllowed));
    assert_eq!(pointing(0, &[]).map(|_| ()), Ok(()));
    for wrong in ["http://malmo.se/plan", "javascript:alert(1)", "https://malmo.se@example.org"] {
        assert_eq!(pointing(3, &[wrong]), Err(Refusal::LinkNotAllowed), "{wrong}");
    }
    let long = format!("{page}/{}", "x".repeat(500));
    let too_long = Refusal::Text(crate::petition::refusal::Field::Link, crate::text::Fault::TooLong);
    assert_eq!(pointing(3, &[&long]), Err(too_long));
}

#[test]
fn nobody_else_attaches_or_takes_away() {
    let when = noon("2008-10-12");
    let (proof, file) = (NAMED, Box::new(incoming(71)));
    given([handed_in()]).when(at(when, Act::Attach { proof, file })).refused(Refusal::NotTheInitiator);
    let act = Act::Detach { proof, item: attachment(71), in_hand: false };
    given([handed_in(), attached(when, 71)]).when(at(when, act)).refused(Refusal::NotTheInitiator);
}

#[test]
fn nothing_changes_while_a_moderator_is_reading() {
    let when = noon("2008-10-12");
    let reviewed = || vec![handed_in(), confirmed(), attached(when, 71)];
    let act = attach(Incoming { in_hand: true, ..incoming(72) });
    given(reviewed()).when(at(when, act)).refused(Refusal::LockedByAnother);
    let act = Act::Detach { proof: MAILBOX, item: attachment(71), in_hand: true };
    given(reviewed()).when(at(when, act)).refused(Refusal::LockedByAnother);
}

#[test]
fn a_policy_without_attachments_takes_none() {
    let when = noon("2008-10-12");
    given([submitted()]).when(at(when, attach(incoming(71)))).refused(Refusal::AttachmentsNotAllowed);
}

#[test]
fn no_more_files_than_the_policy_says() {
    let when = noon("2008-10-12");
    let three = || [handed_in()].into_iter().chain([71, 72, 73].map(|number| attached(when, number)));
    given(three()).when(at(when, attach(incoming(74)))).refused(Refusal::TooManyAttachments);
    let one_less = three().chain([detached(when, 72)]);
    given(one_less).when(at(when, attach(incoming(74)))).then([attached(when, 74)]);
}

#[test]
fn a_file_does_not_come_and_go_for_ever() {
    let when = noon("2008-10-12");
    let history = (1..=30).flat_map(|number| [attached(when, number), detached(when, number)]);
    let history: Vec<Event> = [handed_in()].into_iter().chain(history).collect();
    given(history).when(at(when, attach(incoming(71)))).refused(Refusal::TooManyAttachments);
}

#[test]
fn a_file_is_as_large_as_the_policy_says_at_most() {
    let when = noon("2008-10-12");
    let largest = Incoming { size: 5_000_000, ..incoming(71) };
    let done = given([handed_in()]).when(at(when, attach(largest)));
    assert_eq!(done.state().0.unwrap().files().next().unwrap().1.size, 5_000_000);
    let larger = Incoming { size: 5_000_001, ..incoming(71) };
    given([handed_in()]).when(at(when, attach(larger))).refused(Refusal::AttachmentTooLarge);
}

#[test]
fn a_file_whose_bytes_are_of_no_kind_that_is_taken_is_refused_whatever_it_is_called() {
    let when = noon("2008-10-12");
    let page = Incoming { kind: None, typed: "karta.pdf".into(), ..incoming(71) };
    given([handed_in()]).when(at(when, attach(page))).refused(Refusal::AttachmentKindNotAllowed);
}

#[test]
fn an_infected_file_is_refused_and_so_is_one_nobody_looked_at() {
    let when = noon("2008-10-12");
    for (looked, rule) in
        [(Looked::Infected, Refusal::AttachmentInfected), (Looked::Not, Refusal::AttachmentsNotScanned)]
    {
        let file = Incoming { looked, ..incoming(71) };
        given([handed_in()]).when(at(when, attach(file))).refused(rule);
    }
}

#[test]
fn a_file_keeps_its_last_name_and_the_ending_of_what_it_is() {
    let when = noon("2008-10-12");
    let climbing = Incoming { typed: "../../Planted map.exe".into(), ..incoming(71) };
    given([handed_in()]).when(at(when, attach(climbing))).then([attached(when, 71)]);
}

#[test]
fn what_is_taken_away_loses_its_key_and_a_second_time_does_nothing() {
    let when = noon("2008-10-12");
    let history = || vec![handed_in(), attached(when, 71)];
    given(history()).when(at(when, detach(71))).then([detached(when, 71)]);
    assert_eq!(detached(when, 71).erases(), [FILE_KEY]);
    let gone = history().into_iter().chain([detached(when, 71)]);
    given(gone).when(at(when, detach(71))).then([]);
    given(history()).when(at(when, detach(72))).refused(Refusal::UnknownAttachment);
}

#[test]
fn what_is_removed_for_good_or_erased_takes_its_files_with_it() {
    let when = noon("2008-10-17");
    let mut history = vec![handed_in(), attached(noon("2008-10-12"), 71)];
    history.extend(open().into_iter().skip(1));
    let second = radslag_kernel::SubjectId::from_bytes([78; 16]);
    let down = Act::TakeDown {
        verdict: verdict(&["libellous"]),
        role: radslag_kernel::Role::Moderator,
        second,
        fate: Fate::Removed,
    };
    let erase = Act::Erase { by: moderator(), second, what: crate::petition::Erasable::Document };
    for act in [down, erase] {
        let events = Decider::decide(&Decider::fold(&history), at(when, act.clone())).unwrap();
        assert_eq!(events[0].erases(), [KEYS.document, FILE_KEY]);
        let left = given(history.clone()).when(at(when, act)).state().0.unwrap();
        assert_eq!((left.attachments.len(), left.files().count()), (1, 0));
    }
}
