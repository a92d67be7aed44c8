//! `kill -9` between what stands in the log before a letter is handed over and what would have stood there after. The mail
//! server has taken the letter and says nothing; whether it was sent, only the server knows.

use std::{
    path::Path,
    process::{Child, Command},
    sync::Arc,
    time::Duration,
};

use radslag_notifications::{
    delivery::Standing,
    letter::Class,
    shell::{
        sending,
        smtp::{Settings, Smtp, Tls},
    },
};

use crate::world::{World, letter, message_id};

const FOLDER: &str = "RADSLAG_KILLED_FOLDER";
const PORT: &str = "RADSLAG_KILLED_PORT";
const CLASS: &str = "RADSLAG_KILLED_CLASS";

fn smtp(port: u16) -> Arc<Smtp> {
    let settings = Settings {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        ca: None,
        login: None,
        hello: "radslag.example".into(),
        timeout: Duration::from_secs(600),
    };
    Arc::new(Smtp::new(settings).unwrap())
}

fn class(word: &str) -> Class {
    match word {
        "mass" => Class::Mass,
        "decision" => Class::Decision,
        "confirmation" => Class::Confirmation,
        other => panic!("{other}"),
    }
}

/// What the process does that dies; without its folder, this test is nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_process_that_dies() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let (port, class) =
        (std::env::var(PORT).unwrap().parse().unwrap(), class(&std::env::var(CLASS).unwrap()));
    let world = World::open(Path::new(&folder), smtp(port)).await;
    world.hear(7, letter("silent@nowhere.example", class)).await;
    world.keep_up().await;
    unreachable!("the server never answers");
}

fn dying(folder: &Path, port: u16, class: &str) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "killed::the_process_that_dies", "--nocapture"]);
    child.env(FOLDER, folder).env(PORT, port.to_string()).env(CLASS, class).spawn().unwrap()
}

/// Kills it in the middle, starts again, and tells what became of the letter and what the server has got.
async fn after_a_kill(word: &str) -> (Standing, Vec<String>) {
    let (folder, server) = (tempfile::tempdir().unwrap(), radslag_kit::Smtp::start(None).unwrap());
    let mut child = dying(folder.path(), server.port(), word);
    server.wait_for(1).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let world = World::open(folder.path(), smtp(server.port())).await;
    // Its owner is asked again; by now the mailbox is one that answers.
    let letter = letter("anna@nowhere.example", class(word));
    let id = world.hear(7, letter).await;
    assert_eq!(
        world.delivery(id).standing,
        Standing::Attempting,
        "it stood in the log before it was handed over"
    );
    sending::recover(&world.office).await.unwrap();
    world.keep_up().await;
    (world.delivery(id).standing, server.letters().unwrap().into_iter().map(|(_, letter)| letter).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_many_is_sent_at_most_once_though_the_process_dies() {
    let (standing, letters) = after_a_kill("mass").await;
    assert_eq!((standing, letters.len()), (Standing::InDoubt, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_or_decision_is_sent_at_least_once_under_the_same_message_id() {
    for word in ["confirmation", "decision"] {
        let (standing, letters) = after_a_kill(word).await;
        assert_eq!((standing, letters.len()), (Standing::Sent, 2), "{word}");
        let contents: Vec<String> = letters
            .iter()
            .map(|kept| serde_json::from_str::<serde_json::Value>(kept).unwrap())
            .map(|kept| kept["content"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(message_id(&contents[0]), message_id(&contents[1]), "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_with_the_letter_leaves_the_same_doubt() {
    for (class, standing) in [(Class::Mass, Standing::InDoubt), (Class::Decision, Standing::Sent)] {
        let (folder, server) = (tempfile::tempdir().unwrap(), radslag_kit::Smtp::start(None).unwrap());
        let world = World::open(folder.path(), smtp(server.port())).await;
        let id = world.hear(7, letter("dies@nowhere.example", class)).await;
        sending::send_due(&world.office).await.unwrap();
        server.restart().unwrap();
        // It has moved meanwhile, so that the second attempt has an end.
        let moved = letter("anna@nowhere.example", class);
        world
            .says
            .of(7, radslag_notifications::letter::Opened { letters: vec![moved], withdrawn: Vec::new() });
        world.keep_up().await;
        assert_eq!(world.delivery(id).standing, standing, "{class:?}");
        let expected = if class == Class::Mass { 1 } else { 2 };
        assert_eq!(server.letters().unwrap().len(), expected, "{class:?}");
    }
}
