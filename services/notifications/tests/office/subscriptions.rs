//! Subscriptions and mailings: nobody gets what they didn't confirm, everybody who did gets it once, one click ends it.

use std::sync::Arc;

use radslag_kernel::{AggregateId, Role};
use radslag_notifications::{
    mailing::{self, Standing, Text, event::Words},
    shell::{
        Asked, Wrong,
        tokens::{Token, Use},
    },
    verp,
};
use radslag_runtime::execute::Undone;

use crate::world::{Watched, World, files_with};

async fn world() -> (tempfile::TempDir, Arc<Watched>, World) {
    let folder = tempfile::tempdir().unwrap();
    let transport = Arc::new(Watched::default());
    let world = World::open(folder.path(), transport.clone()).await;
    (folder, transport, world)
}

fn text(subject: &str) -> Text {
    let words =
        |language: &str| Words { subject: format!("{subject} {language}"), body: "Nytt.\n\nMer.".into() };
    Text { list: "newsletter".into(), sv: words("sv"), en: words("en") }
}

impl World {
    async fn subscribe(&self, mailbox: &str, language: &str) {
        self.office.subscribe(&Asked::by_system(), mailbox, language, "newsletter").await.unwrap();
        self.keep_up().await;
    }

    async fn subscribed(&self, transport: &Watched, mailbox: &str, language: &str) {
        self.subscribe(mailbox, language).await;
        self.office.confirm(&self.token(transport, mailbox, Use::Confirm)).await.unwrap();
        self.keep_up().await;
    }

    /// The token of the last letter to a mailbox.
    fn token(&self, transport: &Watched, mailbox: &str, what: Use) -> Token {
        let sent = transport.sent.lock().unwrap();
        let (_, letter) = sent.iter().rfind(|(to, _)| to == mailbox).expect("it got a letter");
        // As a mail program puts quoted-printable together again.
        let letter = letter.replace("=\r\n", "");
        let page = if what == Use::Confirm { "/subscribe/" } else { "/unsubscribe/" };
        let start = letter.find(page).expect("it has a link") + page.len();
        let token: String =
            letter[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        self.office.tokens.read(&token).unwrap_or_else(|| panic!("{token}"))
    }

    async fn send(&self, number: u8, subject: &str) -> AggregateId {
        let id = AggregateId::from_bytes([number; 16]);
        let asked = Asked::by_system();
        self.office.draft(&asked, ("eva", Role::Official), id, &text(subject)).await.unwrap();
        self.office.start_mailing(&asked, ("eva", Role::Official), id).await.unwrap();
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_confirmed_gets_a_mailing_in_their_language_and_who_did_not_gets_none() {
    let (_folder, transport, world) = world().await;
    world.subscribed(&transport, "anna@a.example", "sv").await;
    world.subscribed(&transport, "bob@b.example", "en").await;
    world.subscribe("cecilia@c.example", "sv").await;
    let before = transport.to().len();
    let id = world.send(1, "Nyheter").await;
    world.keep_up().await;
    world.pass(1);
    world.keep_up().await;
    let sent: Vec<(String, String)> = transport.sent.lock().unwrap()[before..].to_vec();
    let mut to: Vec<&str> = sent.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["anna@a.example", "bob@b.example"]);
    for (to, letter) in &sent {
        let language = if to.starts_with("anna") { "sv" } else { "en" };
        assert!(letter.contains(&format!("Subject: Nyheter {language}")), "{letter}");
        assert!(
            letter.contains("List-Unsubscribe: <https://radslag.example/malmo/notifications/unsubscribe/")
        );
        assert!(letter.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    }
    let mailing = world.office.mailing(id).unwrap().unwrap();
    assert_eq!((mailing.standing, mailing.letters), (Standing::Sent, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_ends_a_subscription_also_between_plan_and_letter_and_destroys_the_address() {
    let (folder, transport, world) = world().await;
    world.subscribed(&transport, "anna@a.example", "sv").await;
    world.subscribed(&transport, "planted@b.example", "sv").await;
    world.send(1, "Ett").await;
    world.keep_up().await;
    world.pass(1);
    world.keep_up().await;
    let token = world.token(&transport, "planted@b.example", Use::End);
    world.send(2, "Annat").await;
    world.office.step_mailings().await.unwrap();
    world.office.unsubscribe(&token, false).await.unwrap();
    world.office.unsubscribe(&token, false).await.unwrap();
    world.send(3, "Tredje").await;
    world.keep_up().await;
    world.pass(1);
    world.keep_up().await;
    let subjects = |to: &str, what: &str| {
        let sent = transport.sent.lock().unwrap();
        sent.iter().filter(|(mailbox, text)| mailbox == to && text.contains(what)).count()
    };
    let got = |to: &str| ["Subject: Ett", "Subject: Annat", "Subject: Tredje"].map(|what| subjects(to, what));
    assert_eq!((got("planted@b.example"), got("anna@a.example")), ([1, 0, 0], [1, 1, 1]));
    assert!(!transport.forgotten.lock().unwrap().is_empty());
    world.close().await;
    assert_eq!(files_with(folder.path(), "planted"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_opt_out_holds_for_every_list_until_a_subscription_is_confirmed_again() {
    let (_folder, transport, world) = world().await;
    world.subscribed(&transport, "anna@a.example", "sv").await;
    let confirm = world.token(&transport, "anna@a.example", Use::Confirm);
    let end = Token { what: Use::End, ..confirm };
    world.office.unsubscribe(&end, true).await.unwrap();
    assert!(world.office.wants_none("Anna+x@a.example").unwrap());
    world.subscribe("anna@a.example", "sv").await;
    assert!(world.office.wants_none("anna@a.example").unwrap(), "asking alone changes nothing: anybody can");
    world.office.confirm(&world.token(&transport, "anna@a.example", Use::Confirm)).await.unwrap();
    assert!(!world.office.wants_none("anna@a.example").unwrap());
    let wrong = world.office.confirm(&end).await;
    assert!(matches!(wrong, Err(Undone::Refused(Wrong::Unknown))), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_text_ends_letters_of_the_older_that_wait() {
    let (_folder, transport, world) = world().await;
    world.subscribed(&transport, "anna@a.example", "sv").await;
    world.subscribed(&transport, "bob@b.example", "sv").await;
    let id = world.send(1, "Fel").await;
    world.office.step_mailings().await.unwrap();
    let asked = Asked::by_system();
    world.office.draft(&asked, ("eva", Role::Official), id, &text("Nytt")).await.unwrap();
    world.pass(1);
    world.keep_up().await;
    assert!(!transport.sent.lock().unwrap().iter().any(|(_, text)| text.contains("Subject: Fel")));
    world.office.start_mailing(&asked, ("eva", Role::Official), id).await.unwrap();
    world.keep_up().await;
    world.pass(1);
    world.keep_up().await;
    let new =
        transport.sent.lock().unwrap().iter().filter(|(_, text)| text.contains("Subject: Nytt")).count();
    assert_eq!(new, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_confirms_in_three_days_is_forgotten() {
    let (folder, transport, world) = world().await;
    world.subscribe("planted@b.example", "sv").await;
    let token = world.token(&transport, "planted@b.example", Use::Confirm);
    world.pass(73);
    world.keep_up().await;
    let late = world.office.confirm(&token).await;
    assert!(matches!(late, Err(Undone::Refused(Wrong::Subscription(_)))), "{late:?}");
    assert_eq!(world.office.subscribers("newsletter").await.unwrap(), 0);
    world.close().await;
    assert_eq!(files_with(folder.path(), "planted"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_comes_back_for_good_ends_its_subscription_and_nothing_else() {
    let (_folder, transport, world) = world().await;
    world.subscribed(&transport, "anna@a.example", "sv").await;
    world.subscribed(&transport, "bob@b.example", "sv").await;
    world.send(1, "Nyheter").await;
    world.keep_up().await;
    world.pass(1);
    world.keep_up().await;
    let letter = {
        let sent = transport.sent.lock().unwrap();
        sent.iter().rfind(|(to, _)| to == "anna@a.example").unwrap().1.clone()
    };
    let id: AggregateId = letter.split("Message-ID: <").nth(1).unwrap()[..32].parse().unwrap();
    let path = verp::address(&world.office.sender.return_key, id, "malmo.example");
    let report = "Content-Type: multipart/report; boundary=b\r\nMIME-Version: 1.0\r\n\r\n--b\r\n\
        Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";
    world.office.bounced(report.as_bytes(), Some(&path)).await.unwrap();
    assert_eq!(world.office.subscribers("newsletter").await.unwrap(), 1);
    assert!(!world.office.wants_none("anna@a.example").unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailing_is_spread_over_the_hours() {
    let (_folder, transport, world) = world().await;
    for number in 0..4 {
        world.subscribed(&transport, &format!("n{number}@a.example"), "sv").await;
    }
    let before = transport.to().len();
    world.send(1, "Nyheter").await;
    world.keep_up().await;
    // 3,600 an hour: one a second, the first at once.
    let first = transport.to().len() - before;
    assert!((1..4).contains(&first), "{first}");
    world.pass_millis(4_000);
    world.keep_up().await;
    assert_eq!(transport.to().len() - before, 4);
    let mailing = world.office.mailing(AggregateId::from_bytes([1; 16])).unwrap().unwrap();
    assert_eq!(mailing.revision, 1);
    let again = world
        .office
        .start_mailing(&Asked::by_system(), ("eva", Role::Official), AggregateId::from_bytes([1; 16]))
        .await;
    assert!(
        matches!(again, Err(Undone::Refused(Wrong::Mailing(mailing::Refusal::AlreadySent)))),
        "{again:?}"
    );
}
