//! The chain of checkpoints: every note that was signed, oldest first, a blank line after each, read as it comes. A thread
//! of its own checks the signatures.

use std::{
    io::{BufRead, BufReader, Read},
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use radslag_evidence::{Checkpoint, Note, VerifierKey, note};

use super::findings::{Difference, What};

/// The file of the chain.
pub(crate) const FILE: &str = "checkpoints";
/// Checkpoints that wait to be compared.
const AHEAD: usize = 256;

/// Notes of a file, as text. What a crash left of the last isn't one.
pub(crate) struct Notes<R> {
    from: BufReader<R>,
}

impl<R: Read> Notes<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from: BufReader::with_capacity(1 << 16, from) }
    }

    /// The next, with the newline at its end.
    fn read(&mut self) -> Result<Option<String>, String> {
        let mut bytes = Vec::new();
        let mut blanks = 0;
        while blanks < 2 {
            let begins = bytes.len();
            let most = (note::MAX + 1 - begins) as u64;
            let read = (&mut self.from).take(most).read_until(b'\n', &mut bytes);
            let read = read.map_err(|error| error.to_string())?;
            if bytes.len() > note::MAX {
                return Err("a note is too large".into());
            }
            // After a crash its space is zeroed: nothing else stands there.
            if bytes.contains(&0) || bytes.is_empty() {
                return Ok(None);
            }
            if read == 0 || !bytes.ends_with(b"\n") {
                return Err("the last note is cut short".into());
            }
            blanks += usize::from(bytes.len() - begins == 1);
        }
        bytes.pop();
        String::from_utf8(bytes).map(Some).map_err(|_| "a note isn't text".into())
    }
}

impl<R: Read> Iterator for Notes<R> {
    type Item = Result<String, String>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// The chain with its signatures checked, up to a size; ends at the first note that is none. A server may have signed more
/// meanwhile, a folder hasn't: `ends` says that nothing may follow.
pub(crate) fn checked(
    from: Box<dyn Read + Send>,
    keys: Vec<VerifierKey>,
    origin: String,
    up_to: u64,
    ends: bool,
) -> Receiver<Result<Checkpoint, Difference>> {
    let (sender, receiver) = sync_channel(AHEAD);
    thread::spawn(move || {
        let mut size = None;
        for note in Notes::new(from) {
            let checked = match note {
                Ok(text) => check(&text, &keys, &origin, size),
                Err(why) => Err((true, Difference::new(What::ChainSignature, FILE, why))),
            };
            let (last, checked) = match checked {
                Ok(checkpoint) if checkpoint.size > up_to && !ends => return,
                Ok(checkpoint) if checkpoint.size > up_to => {
                    let detail = format!("it goes on to {} entries, {up_to} are there", checkpoint.size);
                    (true, Err(Difference::new(What::Rollback, FILE, detail)))
                }
                Ok(checkpoint) => {
                    size = Some(checkpoint.size);
                    (false, Ok(checkpoint))
                }
                Err((ends, difference)) => (ends, Err(difference)),
            };
            // Whoever listened may have found enough.
            if sender.send(checked).is_err() || last {
                return;
            }
        }
    });
    receiver
}

/// A note of the chain; whether what follows can't be read either.
fn check(
    text: &str,
    keys: &[VerifierKey],
    origin: &str,
    before: Option<u64>,
) -> Result<Checkpoint, (bool, Difference)> {
    let after = before.map_or_else(String::new, |size| format!("after the checkpoint of {size} entries: "));
    let wrong = |what, why: String| Difference::new(what, FILE, format!("{after}{why}"));
    let note = Note::parse(text).map_err(|e| (true, wrong(What::ChainSignature, e.to_string())))?;
    let checkpoint =
        Checkpoint::open(&note, keys).map_err(|e| (false, wrong(What::ChainSignature, e.to_string())))?;
    if checkpoint.origin != origin {
        return Err((false, wrong(What::ChainOrder, format!("it is of {}", checkpoint.origin))));
    }
    if before.is_some_and(|size| size >= checkpoint.size) {
        return Err((false, wrong(What::ChainOrder, format!("it has {} entries", checkpoint.size))));
    }
    Ok(checkpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(text: &str) -> Vec<Result<String, String>> {
        Notes::new(text.as_bytes()).collect()
    }

    #[test]
    fn a_note_ends_at_the_blank_line_after_its_signatures() {
        let (a, b) = ("a\n1\n\nsigned\n", "b\n2\nmore\n\nsigned\nand\n");
        assert_eq!(notes(&format!("{a}\n{b}\n")), [Ok(a.into()), Ok(b.into())]);
        assert_eq!(notes(""), []);
    }

    #[test]
    fn what_a_crash_left_is_no_note_and_what_was_cut_off_is_told() {
        let a = "a\n1\n\nsigned\n";
        assert_eq!(notes(&format!("{a}\nb\n2\0\0\0\n\n\n")), [Ok(a.into())]);
        assert_eq!(notes(&format!("{a}\n\0\0")), [Ok(a.into())]);
        assert_eq!(notes(&format!("{a}\nb\n2")), [Ok(a.into()), Err("the last note is cut short".into())]);
    }

    #[test]
    fn a_note_without_end_is_not_read_to_its_end() {
        let endless = std::io::repeat(b'x');
        assert_eq!(Notes::new(endless).next(), Some(Err("a note is too large".into())));
    }
}
