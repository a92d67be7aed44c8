//! Letters from the event that leads to them to what becomes of them, over a real log and real tables.

use std::sync::Arc;

use crate::world::{DAILY, Watched, World, cause, files_with, letter, message_id, silent};
use radslag_kernel::Opened as Sealed;
use radslag_notifications::{
    Tag,
    delivery::{Outcome, Standing},
    letter::{Class, Opened},
    shell::{
        Notifications,
        bounces::Intake,
        deliver::stream,
        sending,
        transport::{Outgoing, Sending, Transport},
    },
    verp,
};
use radslag_runtime::service::load;

const MAILBOX: &str = "planted.person@nowhere.example";

async fn world() -> (tempfile::TempDir, Arc<Watched>, World) {
    let folder = tempfile::tempdir().unwrap();
    let transport = Arc::new(Watched::default());
    let world = World::open(folder.path(), transport.clone()).await;
    (folder, transport, world)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_leads_to_its_letter_once_however_often_it_is_heard_of() {
    let (_folder, transport, world) = world().await;
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    world.office.heard(&[cause(7)]).await.unwrap();
    world.keep_up().await;
    world.office.heard(&[cause(7)]).await.unwrap();
    world.keep_up().await;
    assert_eq!(transport.to(), [MAILBOX]);
    assert_eq!(world.delivery(id).standing, Standing::Sent);
    let (_, text) = transport.sent.lock().unwrap()[0].clone();
    assert!(
        text.contains("Subject: ") && text.contains("https://radslag.example/malmo/petitions/1"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_not_written_leaves_as_many_events_as_one_that_is() {
    let (_folder, transport, world) = world().await;
    let sent = world.hear(7, letter(MAILBOX, Class::Confirmation)).await;
    let not = world.hear(8, silent()).await;
    world.keep_up().await;
    assert_eq!(transport.to(), [MAILBOX]);
    let shape = |id| {
        let loaded = load::<Notifications>(&world.office.log, &stream(id)).unwrap();
        loaded.records.iter().map(|record| record.header.r#type.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shape(sent), shape(not));
    assert_eq!(shape(not), ["delivery.planned", "delivery.moved", "delivery.moved"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_temporary_is_tried_again_later_and_what_is_permanent_is_not() {
    let (_folder, transport, world) = world().await;
    *transport.answers.lock().unwrap() = vec![
        Outcome::Temporary { code: 451 },
        Outcome::Temporary { code: 0 },
        Outcome::Permanent { code: 550 },
    ];
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    world.keep_up().await;
    assert_eq!(transport.to().len(), 1, "not before its pause is over");
    world.pass_millis(76_000);
    world.keep_up().await;
    assert_eq!(transport.to().len(), 2);
    world.pass(1);
    world.keep_up().await;
    world.pass(100);
    world.keep_up().await;
    assert_eq!(transport.to().len(), 3);
    assert_eq!(world.delivery(id).standing, Standing::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_cap_what_was_decided_comes_the_next_day_and_the_rest_is_skipped() {
    let (_folder, transport, world) = world().await;
    let with = |number: u8, class| {
        let mut letter = letter(MAILBOX, class);
        letter.subject = Tag([number; 16]);
        letter
    };
    for number in 0..DAILY {
        world.hear(u64::from(number), with(u8::try_from(number).unwrap(), Class::Confirmation)).await;
    }
    world.keep_up().await;
    let skipped = world.hear(50, with(50, Class::Confirmation)).await;
    let delayed = world.hear(51, with(51, Class::Decision)).await;
    world.keep_up().await;
    assert_eq!(transport.to().len(), DAILY as usize);
    assert_eq!(world.delivery(skipped).standing, Standing::Skipped);
    assert!(matches!(world.delivery(delayed).standing, Standing::Planned { .. }));
    world.pass(25);
    world.keep_up().await;
    assert_eq!(world.delivery(delayed).standing, Standing::Sent);
    assert_eq!(transport.to().len(), DAILY as usize + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_address_ends_its_letters_and_leaves_nothing_of_them() {
    let (_folder, transport, world) = world().await;
    *transport.answers.lock().unwrap() = vec![Outcome::Temporary { code: 451 }];
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    world.keep_up().await;
    let erasing = Opened { letters: Vec::new(), withdrawn: vec![Tag([9; 16])] };
    world.says.of(8, erasing);
    world.office.heard(&[cause(8)]).await.unwrap();
    world.pass(100);
    world.keep_up().await;
    assert_eq!(transport.to().len(), 1);
    assert_eq!((world.delivery(id).standing, world.delivery(id).letter), (Standing::Erased, Sealed::Gone));
    assert_eq!(*transport.forgotten.lock().unwrap(), [Tag([9; 16])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_gone_when_a_letter_is_due_gets_none() {
    let (_folder, transport, world) = world().await;
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    let mut gone = letter(MAILBOX, Class::Decision);
    gone.to = None;
    world.says.of(7, Opened { letters: vec![gone], withdrawn: Vec::new() });
    world.keep_up().await;
    assert_eq!(transport.to().len(), 0);
    assert_eq!(world.delivery(id).standing, Standing::Skipped);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_waits_while_its_owner_is_away() {
    let (_folder, transport, world) = world().await;
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    *world.says.away.lock().unwrap() = true;
    assert!(world.office.heard(&[cause(8)]).await.is_err(), "it is to come again");
    sending::send_due(&world.office).await.unwrap();
    assert!(matches!(world.delivery(id).standing, Standing::Planned { .. }));
    *world.says.away.lock().unwrap() = false;
    world.keep_up().await;
    assert_eq!(transport.to(), [MAILBOX]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_for_good_is_told_and_only_by_a_return_path_of_ours() {
    let (_folder, _, world) = world().await;
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    world.keep_up().await;
    let report = |status: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: <>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; x@y\r\nAction: failed\r\nStatus: {status}\r\n\r\n--b--\r\n"
        )
        .into_bytes()
    };
    let ours = verp::address(&world.office.sender.return_key, id, "malmo.example");
    let others = verp::address(&[0; 32], id, "malmo.example");
    let taken =
        async |status, envelope: &str| world.office.bounced(&report(status), Some(envelope)).await.unwrap();
    assert_eq!(taken("5.1.1", &others).await, Intake::NotOurs);
    assert_eq!(taken("4.2.2", &ours).await, Intake::Noted);
    assert_eq!(world.delivery(id).standing, Standing::Sent);
    assert_eq!(taken("5.1.1", &ours).await, Intake::Bounced(id));
    assert_eq!(world.delivery(id).standing, Standing::Bounced);
    assert_eq!(world.office.bounced(b"Hello", Some(&ours)).await.unwrap(), Intake::NotOurs);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_tables_made_again_send_nothing_twice() {
    let (folder, transport, world) = world().await;
    let id = world.hear(7, letter(MAILBOX, Class::Decision)).await;
    world.keep_up().await;
    let first = message_id(&transport.sent.lock().unwrap()[0].1).to_owned();
    assert_eq!(first, format!("Message-ID: <{id}@malmo.example>"));
    world.close().await;
    for entry in std::fs::read_dir(folder.path().join("derived/malmo/notifications")).unwrap().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "db") {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    std::fs::remove_dir_all(folder.path().join("derived")).unwrap();
    let world = World::open(folder.path(), transport.clone()).await;
    sending::recover(&world.office).await.unwrap();
    world.keep_up().await;
    assert_eq!(transport.to(), [MAILBOX]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_stands_in_the_log_the_tables_or_their_names() {
    let (folder, transport, world) = world().await;
    world.hear(7, letter(MAILBOX, Class::Decision)).await;
    let asked = radslag_notifications::shell::Asked::by_system();
    world.office.subscribe(&asked, MAILBOX, "sv", "newsletter").await.unwrap();
    world.keep_up().await;
    assert_eq!(transport.to(), [MAILBOX, MAILBOX]);
    let mut kinds = std::collections::BTreeSet::new();
    for record in world.office.log.read(0, 1 << 20).unwrap() {
        kinds.insert(record.header.r#type.clone());
        assert!(!format!("{:?}", record.header).contains("planted"));
    }
    assert!(kinds.contains("subscription.requested") && kinds.contains("delivery.moved"));
    world.close().await;
    for planted in ["planted", "nowhere.example"] {
        assert_eq!(files_with(folder.path(), planted), Vec::<std::path::PathBuf>::new(), "{planted}");
    }
}

/// A way out on which one letter never arrives.
struct OneIsSilent(Arc<Watched>);

impl Transport for OneIsSilent {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> Sending<'a> {
        if letter.to.user() == "silent" { Box::pin(std::future::pending()) } else { self.0.send(letter) }
    }

    fn forget(&self, subject: Tag) -> std::io::Result<()> {
        self.0.forget(subject)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_holds_up_only_its_own_letters() {
    let (folder, transport) = (tempfile::tempdir().unwrap(), Arc::new(Watched::default()));
    let world = World::open(folder.path(), Arc::new(OneIsSilent(transport.clone()))).await;
    let silent = world.hear(7, letter("silent@nowhere.example", Class::Decision)).await;
    let sending = tokio::spawn(sending::send(world.office.clone()));
    // More than are on their way at once.
    for position in 100..250 {
        world.hear(position, letter(&format!("a{position}@nowhere.example"), Class::Decision)).await;
    }
    let all = async || {
        let others = transport.to().len() == 150;
        Ok((others && world.delivery(silent).standing == Standing::Attempting).then_some(()))
    };
    radslag_kit::eventually("all letters but the silent one's", all).await.unwrap();
    sending.abort();
}
