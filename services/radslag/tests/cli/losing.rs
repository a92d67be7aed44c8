//! `radslag log accept-loss` and `fork-evidence`, and the keys that sign checkpoints.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use radslag_evidence::{Checkpoint, Fork, SigningKey};
use serde_json::json;

use crate::home::{Home, damage, ran};

const NAME: &str = "localhost/malmo/petitions/0";

impl Home {
    fn log_folder(&self) -> PathBuf {
        self.data().join("ground/malmo/petitions")
    }

    fn words(&self, words: &[&str]) -> crate::home::Ran {
        ran(self.command(words).output().unwrap())
    }

    fn seeds(&self) -> Vec<u8> {
        fs::read(self.data().join("secrets/malmo/petitions.signing.keys")).unwrap()
    }

    /// A checkpoint signed with a key of a seed.
    fn checkpoint(&self, file: &str, seed: u8, size: u64, root: u8) -> SigningKey {
        let key = SigningKey::new(NAME, &[seed; 32].into()).unwrap();
        let note = Checkpoint::new(NAME.into(), size, [root; 32]).sign(&[&key]).unwrap();
        fs::write(self.path(file), note.to_string()).unwrap();
        key
    }
}

#[test]
fn a_loss_is_only_shown_until_it_is_accepted() {
    let home = Home::with_log();
    let offset = damage(&home.segment(), 2);
    let before = fs::read(home.segment()).unwrap();
    let shown = home.run("log accept-loss malmo petitions --json").json();
    assert_eq!((&shown["kept"], &shown["lost"], &shown["beyond"]), (&2.into(), &2.into(), &1.into()));
    assert_eq!((&shown["ends"], &shown["accepted"]), (&0.into(), &false.into()));
    // As it comes, something was signed before the last event.
    assert!(shown["signed_to"].as_u64().is_none_or(|position| position <= 2), "{shown}");
    assert!(shown["why"].as_str().unwrap().contains(&format!("at byte {offset}")), "{shown}");
    assert!(
        shown["files"].as_array().unwrap().contains(&home.segment().display().to_string().into()),
        "{shown}"
    );
    let text = home.run("log accept-loss malmo petitions").ok();
    assert!(text.contains("Nothing is changed. Try a backup first."), "{text}");
    let text = home.run("log accept-loss malmo petitions --lang sv").ok();
    assert!(text.contains("Inget är ändrat.") && text.contains("händelser som blir kvar"), "{text}");
    // Without a ground nothing is done.
    home.run("log accept-loss malmo petitions --yes").refused(2, &["--ground"]);
    home.words(&["log", "accept-loss", "malmo", "petitions", "--yes", "--ground", "  "])
        .refused(2, &["it says nothing"]);
    assert_eq!(fs::read(home.segment()).unwrap(), before);
    assert!(!home.log_folder().join("lost-0").exists());
    home.run("log accept-loss malmo choirs").refused(2, &["`choirs`"]);
}

#[test]
fn an_accepted_loss_is_an_event_for_ever_and_the_log_is_whole_again() {
    let home = Home::with_log();
    damage(&home.segment(), 2);
    let before = fs::read(home.segment()).unwrap();
    home.run("log rebuild-index malmo petitions").refused(1, &["is damaged at byte"]);
    let ground = "The disk failed on 4 March.";
    let accepted = home.words(&[
        "log",
        "accept-loss",
        "malmo",
        "petitions",
        "--ground",
        ground,
        "--by",
        "anna",
        "--yes",
        "--json",
    ]);
    let accepted = accepted.json();
    assert_eq!(
        (&accepted["accepted"], &accepted["kept"], &accepted["origin"]),
        (&true.into(), &2.into(), &1.into())
    );
    let lost = home.log_folder().join("lost-0");
    assert_eq!(accepted["folder"].as_str().map(PathBuf::from), Some(lost.clone()));
    assert_eq!(fs::read(lost.join("00000000000000000000.segment")).unwrap(), before, "nothing is deleted");

    let lines = home.run("log read malmo petitions --json").lines();
    assert_eq!(lines.len(), 3);
    let own = &lines[2];
    assert_eq!(
        (&own["position"], &own["origin"], &own["type"]),
        (&2.into(), &1.into(), &"log.loss_accepted".into())
    );
    assert_eq!((&own["public"]["ground"], &own["public"]["kept"]), (&ground.into(), &2.into()));
    assert!(own["public"]["checkpoint"].as_str().unwrap().starts_with(&format!("{NAME}\n4\n")), "{own}");
    assert_eq!(own["role"], "tenant-administrator");
    assert_ne!(own["actor"], lines[0]["actor"]);
    assert!(!own.to_string().contains("anna"), "nobody is named: {own}");
    home.run("log verify malmo petitions --sealed").ok();
    let info = home.run("log info malmo petitions --json").json();
    assert_eq!((&info["origin"], &info["events"], &info["health"]), (&1.into(), &3.into(), &"whole".into()));
    // The key of the lost signature stays, and no other gets its slot.
    assert_eq!(info["keys"], 1);
    let open = home.open();
    assert!(open.sign() > radslag_kernel::KeyRef(1));
    open.closed();
    let shown = home.run("log accept-loss malmo petitions").ok();
    assert!(shown.contains("nothing is missing here"), "{shown}");
}

#[test]
fn accepting_a_loss_beside_the_server_is_refused() {
    let home = Home::new();
    let open = home.log();
    home.run("log accept-loss malmo petitions").ok();
    home.words(&["log", "accept-loss", "malmo", "petitions", "--ground", "fire", "--yes"])
        .refused(1, &["in use by process", "Stop that process"]);
    open.closed();
    assert_eq!(home.run("log info malmo petitions --json").json()["origin"], 0);
}

#[test]
fn two_checkpoints_that_can_not_both_be_true_become_evidence_that_anybody_checks() {
    let home = Home::new();
    let key = home.checkpoint("one", 1, 5, 1);
    home.checkpoint("other", 1, 5, 2);
    home.checkpoint("later", 1, 6, 2);
    home.checkpoint("foreign", 9, 5, 2);
    fs::write(home.path("keys"), format!("{}\n", key.verifier())).unwrap();
    let made = home.run("log fork-evidence one other --keys keys --to fork.txt --json").json();
    assert_eq!((&made["log"], &made["sizes"]), (&NAME.into(), &json!([5, 5])));
    let text = fs::read_to_string(home.path("fork.txt")).unwrap();
    assert_eq!(home.run("log fork-evidence one other --keys keys").ok(), text);
    assert!(Fork::parse(&text).unwrap().check(&[key.verifier()]).is_ok());
    for file in ["one", "other"] {
        assert!(text.contains(&fs::read_to_string(home.path(file)).unwrap()), "verbatim");
    }
    let checked = home.run("log fork-evidence fork.txt --keys keys").ok();
    assert!(checked.starts_with("FORKED: "), "{checked}");
    let checked = home.run("log fork-evidence fork.txt --keys keys --lang sv").ok();
    assert!(checked.starts_with("FÖRGRENAD: "), "{checked}");

    home.run("log fork-evidence one other --keys keys --to fork.txt")
        .refused(2, &["fork.txt is there already"]);
    home.run("log fork-evidence one one --keys keys").refused(1, &["both say the same"]);
    home.run("log fork-evidence one later --keys keys")
        .refused(1, &["may both be true, and by themselves show no more", "--log"]);
    home.run("log fork-evidence one foreign --keys keys").refused(1, &["no trusted key has signed it"]);
    home.run("log fork-evidence one --keys keys").refused(1, &["it is not evidence of a fork"]);
}

#[test]
fn one_signing_key_takes_over_from_another() {
    let home = Home::with_log();
    let old = home.seeds();
    assert_eq!(old.len(), 32);
    let rotated = home.run("keys rotate-signing malmo petitions --json").json();
    assert_eq!((&rotated[0]["keys"], rotated[0]["verifiers"].as_array().unwrap().len()), (&2.into(), 2));
    let both = home.seeds();
    assert_eq!((both.len(), &both[..32]), (64, &old[..]));
    let file = home.data().join("secrets/malmo/petitions.signing.keys");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // The new one hasn't signed anything beside the old one yet.
    home.run("keys retire-signing malmo").refused(2, &["the newest key hasn't signed petitions yet"]);
    home.run("keys retire-signing malmo --lang sv").refused(2, &["har inte signerat petitions än"]);
    assert_eq!(home.seeds(), both);

    let open = home.open();
    assert_eq!(open.0.verifiers().len(), 2);
    open.put("petition-08", 0, "petition.closed", &[]);
    let signed = open.0.sign_checkpoint().unwrap().unwrap();
    assert_eq!(signed.note.signatures().len(), 2, "both sign");
    let first = open.0.verifiers().remove(0);
    open.closed();

    let retired = home.run("keys retire-signing malmo petitions --json").json();
    assert_eq!((&retired[0]["keys"], &retired[0]["retired"]), (&1.into(), &1.into()));
    assert_eq!(home.seeds(), both[32..]);
    let open = home.open();
    open.put("petition-08", 1, "petition.closed", &[]);
    let alone = open.0.sign_checkpoint().unwrap().unwrap();
    assert_eq!(alone.note.signatures().len(), 1);
    // What the old one signed can still be checked.
    assert!(open.0.verifiers().contains(&first));
    assert!(Checkpoint::open(&signed.note, &[first]).is_ok());
    open.closed();
    let text = home.run("keys retire-signing malmo").ok();
    assert!(text.starts_with("petitions: 0 keys are gone"), "{text}");
}

#[test]
fn signing_keys_are_not_made_for_logs_that_are_not_there() {
    let home = Home::with_log();
    home.run("keys rotate-signing malmo choirs").refused(2, &["`choirs`"]);
    home.run("keys rotate-signing tomelilla").refused(2, &["tomelilla has no logs"]);
    home.run("keys rotate-signing lund").refused(2, &["`lund`"]);
    assert!(!home.data().join("secrets/tomelilla").exists());
    let text = home.run("keys rotate-signing malmo").ok();
    assert!(text.contains("petitions: 2 keys sign once the server was started again"), "{text}");
}
