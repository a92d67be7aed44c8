//! `kill -9` of the notifications process, between what stands in its log before a letter is handed over and what would have
//! stood there after: the mail server has taken the letter and says nothing.

use crate::{
    home::{Home, Running, link, message_id},
    letters::{open, sign},
};

const SILENT: &str = "silent@example.org";

/// Something that comes later was sent: what was to be repeated has been, too.
fn settled(home: &Home, petitions: &Running, id: &str, mailbox: &str) {
    sign(petitions, id, mailbox);
    home.letter(mailbox, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_is_sent_at_least_once_and_a_letter_to_many_at_most_once() {
    let home = Home::new();
    let (petitions, notifications) = (home.start("petitions"), home.start("notifications"));
    petitions.is_ready();
    notifications.is_ready();
    let id = open(&home, &petitions);
    home.letter("ada@example.org", 1);

    let asked = r#"{"mailbox":"silent@example.org"}"#;
    notifications.json(202, ("POST", "/api/v1/malmo/notifications/subscriptions"), None, asked);
    let first = home.letter(SILENT, 1);
    notifications.kill();
    let notifications = home.start("notifications");
    let second = home.letter(SILENT, 2);
    assert_eq!(message_id(&first), message_id(&second), "who gets it twice can tell");
    // Once more, and nobody knows for ever.
    notifications.kill();
    let notifications = home.start("notifications");
    settled(&home, &petitions, &id, "anna@example.org");
    assert_eq!(home.letters_to(SILENT).len(), 2);

    let confirm = link(&first, "/malmo/notifications/subscribe/");
    assert_eq!(notifications.ask("POST", &confirm, None, "").0, 200);
    let official = home.token("notifications", "official", "olle");
    let news = r#"{"list":"newsletter","subject_sv":"Nytt","body_sv":"Nytt.","subject_en":"News","body_en":"News."}"#;
    let at = "/api/v1/malmo/notifications/mailings";
    let drafted = notifications.json(201, ("POST", at), Some(&official), news);
    let start = format!("{at}/{}/start", drafted["id"].as_str().unwrap());
    notifications.json(200, ("POST", &start), Some(&official), "");
    let news = home.letter(SILENT, 3);
    assert!(news.contains("List-Unsubscribe-Post"), "{news}");
    notifications.kill();
    let notifications = home.start("notifications");
    settled(&home, &petitions, &id, "bo@example.org");
    assert_eq!(home.letters_to(SILENT).len(), 3, "what goes to many is never repeated");

    let doubtful = home.run("notifications", &["notifications", "deliveries", "malmo", "--json"]);
    let mut templates = Vec::new();
    for letter in doubtful.as_array().unwrap() {
        assert_eq!(letter["state"], "in-doubt");
        templates.push(letter["template"].as_str().unwrap());
        let id = letter["delivery"].as_str().unwrap();
        home.run("notifications", &["notifications", "retry", "malmo", id, "--json"]);
    }
    templates.sort_unstable();
    assert_eq!(templates, ["newsletter", "subscription_confirm"]);
    assert_eq!(message_id(&home.letter(SILENT, 4)), message_id(&first), "somebody wanted it sent again");
    notifications.kill();
    tables_are_of_the_log(&home);
    let _notifications = home.start("notifications");
    settled(&home, &petitions, &id, "cia@example.org");
    assert_eq!(home.letters_to(SILENT).len(), 4, "that goes for what goes to many, whoever wants it");
}

fn tables_are_of_the_log(home: &Home) {
    let compared = home.run("notifications", &["rebuild", "malmo", "--check", "--json"]);
    let one = |one: &serde_json::Value| {
        (one["projection"].as_str().unwrap().to_owned(), one["compared"][1].clone())
    };
    let all: Vec<_> = compared.as_array().unwrap().iter().map(one).collect();
    let equal = |name: &str| (name.to_owned(), serde_json::json!(0));
    assert_eq!(all, ["deliveries", "subscriptions", "mailings"].map(equal));
}
