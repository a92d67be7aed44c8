//! The rules of the lists, each by name.

use radslag_kernel::{
    Decider as _, ItemId, KeyRef,
    test::{Given, given as given_any},
};

use super::{samples::*, *};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn command(hours: u64, ground: &str, act: Act) -> Command {
    Command { at: at(hours), by: BY, ground: ground.into(), act }
}

fn add(number: u8, effect: Effect, kind: Kind, pattern: &str) -> Command {
    let (item, key) = (ItemId::from_bytes([number; 16]), KeyRef(200 + u64::from(number)));
    command(1, "Planted ground", Act::Add { item, key, effect, kind, pattern: pattern.into() })
}

fn submitter(address: &str, mailbox: &str) -> Submitter {
    Submitter { address: format!("{address}/32").parse().unwrap(), mailbox: mailbox.into() }
}

fn judged(entries: &[(Effect, Kind, &str)], address: &str, mailbox: &str) -> Verdict {
    let entries = entries.iter().enumerate();
    let events: Vec<Event> = entries
        .map(|(number, (effect, kind, pattern))| {
            added(u8::try_from(number).unwrap(), *effect, *kind, pattern)
        })
        .collect();
    Decider::fold(&events).judge(&submitter(address, mailbox))
}

#[test]
fn an_official_adds_and_removes_with_a_ground() {
    let entry = add(1, Effect::Block, Kind::Domain, "*.Spam.example");
    given([]).when(entry.clone()).then([added(1, Effect::Block, Kind::Domain, "*.spam.example")]);
    given([]).when(Command { ground: " ".into(), ..entry }).refused(Refusal::GroundMissing);
    let listed = added(1, Effect::Block, Kind::Domain, "*.spam.example");
    let remove = Act::Remove { item: listed.item() };
    given([listed.clone()]).when(command(2, "Planted ground", remove.clone())).then([removed(1)]);
    given([listed, removed(1)]).when(command(3, "again", remove)).refused(Refusal::UnknownEntry);
}

#[test]
fn the_same_entry_is_not_added_twice_but_may_be_allowed_and_blocked() {
    let listed = added(1, Effect::Block, Kind::Network, "192.0.2.0/24");
    given([listed.clone()])
        .when(add(2, Effect::Block, Kind::Network, "192.0.2.7/24"))
        .refused(Refusal::AlreadyListed);
    let allowed = add(2, Effect::Allow, Kind::Network, "192.0.2.0/24");
    given([listed]).when(allowed).then([added(2, Effect::Allow, Kind::Network, "192.0.2.0/24")]);
}

#[test]
fn a_network_is_a_cidr_an_address_or_stars() {
    for (pattern, address, verdict) in [
        ("192.0.2.0/24", "192.0.2.200", Verdict::Blocked),
        ("192.0.2.0/24", "192.0.3.1", Verdict::Unlisted),
        ("192.0.2.7", "192.0.2.7", Verdict::Blocked),
        ("192.0.2.7", "192.0.2.8", Verdict::Unlisted),
        ("192.0.*.*", "192.0.77.1", Verdict::Blocked),
        ("192.0.*.*", "192.1.0.1", Verdict::Unlisted),
    ] {
        assert_eq!(judged(&[(Effect::Block, Kind::Network, pattern)], address, ""), verdict, "{pattern}");
    }
    for wrong in ["", "192.0.2", "192.0.*.7", "*.0.2.1", "300.1.1.1", "192.0.2.0/33", "a.example", "::g"] {
        assert_eq!(Pattern::parse(Kind::Network, wrong), Err(Refusal::PatternMalformed), "{wrong}");
    }
}

#[test]
fn a_domain_and_a_mailbox_are_globs_however_the_address_is_typed() {
    let about = |kind, pattern, mailbox| judged(&[(Effect::Block, kind, pattern)], "192.0.2.1", mailbox);
    assert_eq!(about(Kind::Domain, "*.spam.example", "a@MX.spam.example"), Verdict::Blocked);
    assert_eq!(about(Kind::Domain, "spam.example", "a@notspam.example"), Verdict::Unlisted);
    assert_eq!(about(Kind::Mailbox, "bot-*@example.org", "Bot-17@Example.org"), Verdict::Blocked);
    assert_eq!(about(Kind::Mailbox, "annaberg@gmail.com", "Anna.Berg+x@googlemail.com"), Verdict::Blocked);
    assert_eq!(about(Kind::Mailbox, "a@b.example", "not an address"), Verdict::Unlisted);
    assert_eq!(Pattern::parse(Kind::Domain, "a@b"), Err(Refusal::PatternMalformed));
    assert_eq!(Pattern::parse(Kind::Mailbox, "spam.example"), Err(Refusal::PatternMalformed));
}

#[test]
fn nothing_is_about_everybody() {
    for (kind, wide) in
        [(Kind::Network, "0.0.0.0/0"), (Kind::Network, "::/0"), (Kind::Domain, "*.*"), (Kind::Mailbox, "*@*")]
    {
        assert_eq!(Pattern::parse(kind, wide), Err(Refusal::PatternTooWide), "{wide}");
    }
}

#[test]
fn blocks_come_before_allows_and_a_shared_address_can_be_allowed() {
    let school = (Effect::Allow, Kind::Network, "192.0.2.0/24");
    assert_eq!(judged(&[school], "192.0.2.9", "a@b.example"), Verdict::Allowed);
    let bot = (Effect::Block, Kind::Mailbox, "a@b.example");
    assert_eq!(judged(&[school, bot], "192.0.2.9", "a@b.example"), Verdict::Blocked);
    assert_eq!(judged(&[bot, school], "192.0.2.9", "c@b.example"), Verdict::Allowed);
    assert_eq!(judged(&[], "192.0.2.9", "c@b.example"), Verdict::Unlisted);
}

#[test]
fn a_pattern_does_not_show_itself() {
    let pattern = Pattern::parse(Kind::Mailbox, "a@b.example").unwrap();
    assert_eq!(format!("{pattern:?}"), "Pattern(..)");
    assert_eq!(pattern.to_string(), "a@b.example");
}

#[test]
fn who_blocks_a_mailbox_is_who_named_it_and_otherwise_whoever_blocks_a_network() {
    let by = |number: u8, effect, kind, pattern: &str| {
        let by = radslag_kernel::SubjectId::from_bytes([number; 16]);
        match added(number, effect, kind, pattern) {
            Event::Added { at, item, key, effect, kind, pattern, ground, .. } => {
                Event::Added { at, item, by, key, effect, kind, pattern, ground }
            }
            other => other,
        }
    };
    let lists = Decider::fold(&[
        by(1, Effect::Block, Kind::Network, "203.0.113.0/24"),
        by(2, Effect::Block, Kind::Domain, "spam.example"),
        by(3, Effect::Allow, Kind::Mailbox, "ann@spam.example"),
    ]);
    let who =
        |mailbox: &str| lists.who_blocks(mailbox).iter().map(|who| who.as_bytes()[0]).collect::<Vec<_>>();
    assert_eq!((who("ann@spam.example"), who("ann@example.org")), (vec![2], vec![1]));
}
