//! Notes, checkpoints and receipts: read as written, refused when wrong, and others read ours.

use radslag_evidence::{
    Checkpoint, Note, Receipt, SigningKey, VerifierKey, checkpoint, note, proof, receipt, tree,
};
use signed_note::{StandardVerifier, VerifierList};

use crate::Leaves;

const ORIGIN: &str = "radslag.example/malmo/petitions/0";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::new(name, &[seed; 32].into()).unwrap()
}

fn signed(size: u64) -> (Checkpoint, Note) {
    let checkpoint = Checkpoint::new(ORIGIN.into(), size, Leaves::bytes(size).root(size));
    let note = checkpoint.sign(&[&key(ORIGIN, 1)]).unwrap();
    (checkpoint, note)
}

#[test]
fn a_checkpoint_is_read_as_it_was_written() {
    let (checkpoint, note) = signed(7);
    let read = Note::parse(&note.to_string()).unwrap();
    assert_eq!(read, note);
    assert_eq!(Checkpoint::open(&read, &[key(ORIGIN, 1).verifier()]).unwrap(), checkpoint);
}

#[test]
fn another_implementation_reads_a_checkpoint() {
    let (checkpoint, note) = signed(7);
    let verifier = StandardVerifier::new(&key(ORIGIN, 1).verifier().to_string()).unwrap();
    let theirs = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
    let (verified, unknown) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    let read = tlog_tiles::Checkpoint::from_bytes(theirs.text()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash().0), (ORIGIN, 7, checkpoint.root));
}

#[test]
fn a_note_of_another_implementation_is_read() {
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note = format!(
        "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    );
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let trusted = VerifierKey::parse(key).unwrap();
    assert_eq!(trusted.to_string(), key);
    assert_eq!(Note::parse(&note).unwrap().signed_by(&[trusted]), Ok(text));
}

#[test]
fn a_text_is_worth_what_its_signatures_are() {
    let (ours, other) = (key(ORIGIN, 1), key("other.example", 2));
    let note = Note::sign("text\n".into(), &[&ours, &other]).unwrap();
    let changed = Note::parse(&note.to_string().replace("text\n", "taxt\n")).unwrap();
    let wrong = |key: &SigningKey| Err(note::Error::Signature(key.verifier().name().to_owned()));
    assert_eq!(note.signed_by(&[other.verifier()]), Ok("text\n"));
    assert_eq!(note.signed_by(&[]), Err(note::Error::Unsigned));
    assert_eq!(note.signed_by(&[key(ORIGIN, 3).verifier()]), Err(note::Error::Unsigned), "same name alone");
    assert_eq!(changed.signed_by(&[ours.verifier()]), wrong(&ours));
    // One that is right doesn't make up for one that is known and wrong.
    let line = |note: &Note, at: usize| note.to_string().lines().nth(2 + at).unwrap().to_owned();
    let mixed = format!("taxt\n\n{}\n{}\n", line(&note, 0), {
        let right = Note::sign("taxt\n".into(), &[&other]).unwrap();
        line(&right, 0)
    });
    let mixed = Note::parse(&mixed).unwrap();
    assert_eq!(mixed.signed_by(&[other.verifier()]), Ok("taxt\n"));
    assert_eq!(mixed.signed_by(&[ours.verifier(), other.verifier()]), wrong(&ours));
}

#[test]
fn a_line_for_a_witness_is_kept_and_means_nothing() {
    let (checkpoint, note) = signed(3);
    let more = format!("{note}\u{2014} witness.example AAAAAAQAAAAA\n");
    let read = Note::parse(&more).unwrap();
    assert_eq!(read.to_string(), more);
    assert_eq!(Checkpoint::open(&read, &[key(ORIGIN, 1).verifier()]), Ok(checkpoint));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let signature = "\u{2014} a.example AAAAAQI=";
    for wrong in [
        String::new(),
        "text\n".into(),
        "text\n\n".into(),
        format!("text\n\n{signature}"),
        format!("text\r\n\n{signature}\n"),
        format!("text\u{0}\n\n{signature}\n"),
        "text\n\n\u{2014} a.example AAAA\n".into(),
        "text\n\n\u{2014} a.example AAAAAQI\n".into(),
        "text\n\n\u{2014} a+b AAAAAQI=\n".into(),
        "text\n\n\u{2014}  AAAAAQI=\n".into(),
        "text\n\n- a.example AAAAAQI=\n".into(),
        format!("text\n\n{signature}\n{signature} \n"),
        format!("text\n\n{}", format!("{signature}\n").repeat(note::MAX_SIGNATURES + 1)),
        format!("{}\n\n{signature}\n", "a".repeat(note::MAX)),
    ] {
        assert!(Note::parse(&wrong).is_err(), "{wrong:?}");
    }
    assert!(Note::parse(&format!("text\n\nmore\n\n{signature}\n")).is_ok(), "a text may have blank lines");
    for wrong in
        ["", "a", "a+00000000+", "a+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "+c74f20a3+AQ=="]
    {
        assert!(VerifierKey::parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn what_is_not_a_checkpoint_is_refused() {
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert!(Checkpoint::parse(&format!("o\n0\n{root}\n")).is_ok());
    assert_eq!(Checkpoint::parse(&format!("o\n1\n{root}\nmore\n")).unwrap().extensions, ["more"]);
    for wrong in [
        String::new(),
        "o\n1\n".into(),
        format!("\n1\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n18446744073709551616\n{root}\n"),
        format!("o\n1\n{root}"),
        format!("o\n1\n{}\n", &root[..40]),
        format!("o\n1\n{}\n", root.trim_end_matches('=')),
        format!("o\n1\n{root}\n\n"),
    ] {
        assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
    }
}

fn receipt(index: u64, size: u64) -> Receipt {
    let path = proof::inclusion(&Leaves::bytes(size), index, size).unwrap();
    Receipt { extra: Some(vec![index as u8]), index, path, checkpoint: signed(size).1 }
}

#[test]
fn a_receipt_is_checked_alone() {
    for (index, size) in [(0, 1), (2, 7), (99, 100)] {
        let receipt = receipt(index, size);
        let text = receipt.to_string();
        let read = Receipt::parse(&text).unwrap();
        assert_eq!(read, receipt);
        assert_eq!(read.to_string(), text);
        let trusted = [key(ORIGIN, 1).verifier()];
        assert_eq!(read.check(&[index as u8], &trusted), Ok(signed(size).0));
        let another = read.check(b"another", &trusted);
        assert_eq!(another, Err(receipt::Error::Path(proof::Invalid::Root)));
        let unsigned = receipt::Error::Checkpoint(checkpoint::Error::Note(note::Error::Unsigned));
        assert_eq!(read.check(&[index as u8], &[]), Err(unsigned));
    }
}

#[test]
fn what_is_not_a_receipt_is_refused() {
    let text = receipt(2, 7).to_string();
    let no_extra = text.replace("extra Ag==\n", "");
    assert_eq!(Receipt::parse(&no_extra).unwrap().extra, None);
    for (part, instead) in [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("extra Ag==", "extra Ag"),
        ("index 2", "index 02"),
        ("index 2\n", ""),
        ("index 2\n", "index 2\nshort\n"),
        ("\n\nradslag", "\nradslag"),
    ] {
        assert!(Receipt::parse(&text.replace(part, instead)).is_err(), "{instead:?}");
    }
    let long = text.replace(
        "index 2\n",
        &format!("index 2\n{}", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".repeat(65)),
    );
    assert!(Receipt::parse(&long).is_err());
    assert!(Receipt::parse("").is_err());
    assert_ne!(tree::leaf(&[2]), tree::leaf(b""));
}
