//! The lives of a log: where a loss was accepted it goes on at position n in its next origin. What it signed before holds up
//! to n, and what it signed of later entries says how much was lost. A loss is told, it is no difference; what an older life
//! signed of entries that were kept must be what they are now, or somebody changed them.

use std::sync::mpsc::Receiver;

use anyhow::Result;
use radslag_evidence::{Checkpoint, Note, Tree, VerifierKey, note};
use radslag_proto::log::LossAccepted;
use serde::Serialize;

use super::{
    CHECKPOINT,
    findings::{Difference, Found, What},
    keys_of, notes,
    source::Source,
};

/// Each is read beside the others. More lives than this no log has; what isn't looked at is a difference, or 65 losses would
/// hide what an older one signed.
const MOST: u32 = 64;

/// Where an older life's checkpoints and keys are.
pub(crate) fn folder(number: u32) -> String {
    format!("origin/{number}")
}

/// `<installation>/<tenant>/<service>` and the number of the life.
pub(crate) fn split(origin: &str) -> Option<(&str, u32)> {
    let (log, number) = origin.rsplit_once('/')?;
    Some((log, number.parse().ok().filter(|parsed: &u32| parsed.to_string() == number)?))
}

/// The keys, and the same ones under the name they have in a life: whoever trusts a key in one life of a log trusts it in all.
pub(crate) fn trusted(keys: &[VerifierKey], origin: &str) -> Vec<VerifierKey> {
    let mut all = keys.to_vec();
    let Some((log, _)) = split(origin) else { return all };
    let same = keys.iter().filter(|key| split(key.name()).is_some_and(|(theirs, _)| theirs == log));
    for named in same.filter_map(|key| key.named(origin).ok()) {
        if !all.contains(&named) {
            all.push(named);
        }
    }
    all
}

/// A checkpoint, by keys that are trusted in any life of its log.
pub(crate) fn open(
    note: &Note,
    keys: &[VerifierKey],
) -> Result<Checkpoint, radslag_evidence::checkpoint::Error> {
    let origin = Checkpoint::parse(note.text())?.origin;
    Checkpoint::open(note, &trusted(keys, &origin))
}

/// What was lost between two lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Loss {
    /// The life that ended.
    pub(crate) origin: u32,
    /// Entries of it that the log still has.
    pub(crate) kept: u64,
    /// Entries of it that were signed.
    pub(crate) signed: u64,
    /// Signed entries that are lost.
    pub(crate) lost: u64,
    /// Where the event stands that accepts it.
    pub(crate) position: u64,
    /// Why, as it says.
    pub(crate) ground: String,
}

/// An event that accepts a loss.
pub(crate) struct Accepted {
    pub(crate) position: u64,
    pub(crate) said: LossAccepted,
}

/// The checkpoints of a life that is over.
struct Older {
    number: u32,
    from: Receiver<Result<Checkpoint, Difference>>,
    next: Option<Checkpoint>,
    last: Option<Checkpoint>,
    /// The smallest of its sizes at which the log has another root now.
    wrong: Option<u64>,
}

impl Older {
    fn file(number: u32) -> String {
        format!("{}/{}", folder(number), notes::FILE)
    }

    fn advance(&mut self, found: &mut Found) {
        self.last = self.next.take().or_else(|| self.last.take());
        while let Ok(checked) = self.from.recv() {
            match checked {
                Ok(checkpoint) => {
                    self.next = Some(checkpoint);
                    return;
                }
                Err(difference) => {
                    found.differs(Difference { file: Self::file(self.number), ..difference });
                }
            }
        }
    }
}

/// All lives but the present one, and who remembers one of them.
pub(crate) struct Lives {
    log: String,
    number: u32,
    keys: Vec<VerifierKey>,
    older: Vec<Older>,
    accepted: Vec<Accepted>,
    /// A checkpoint of an older life that somebody kept, and whether the log has another root there now.
    remembered: Option<(Checkpoint, bool)>,
    contradicted: bool,
}

impl Lives {
    /// Reads what the lives before this checkpoint's have signed. Keys that weren't named are those each life gives.
    pub(crate) fn of(
        checkpoint: &Checkpoint,
        source: &Source,
        keys: &[VerifierKey],
        found: &mut Found,
    ) -> Result<Self> {
        let (log, number) = split(&checkpoint.origin).unwrap_or((checkpoint.origin.as_str(), 0));
        let mut lives = Self {
            log: log.to_owned(),
            number,
            keys: keys.to_vec(),
            older: Vec::new(),
            accepted: Vec::new(),
            remembered: None,
            contradicted: false,
        };
        let unseen = number.saturating_sub(MOST);
        if unseen > 0 {
            let detail =
                format!("only the newest {MOST} were looked at, origins 0 to {} weren't", unseen - 1);
            found.differs(Difference::new(What::Unseen, "origins", detail));
        }
        for number in unseen..number {
            if !found.keys_pinned
                && let Some(served) = source.open()?.get(&format!("{}/keys", folder(number)), note::MAX)?
            {
                let served = keys_of(&String::from_utf8_lossy(&served))?;
                lives.keys.extend(served);
            }
            if let Some(stream) = source.open()?.stream(&Older::file(number))? {
                let origin = lives.line(number);
                let keys = trusted(&lives.keys, &origin);
                let from = notes::checked(stream, keys, origin, u64::MAX, true);
                let mut older = Older { number, from, next: None, last: None, wrong: None };
                older.advance(found);
                lives.older.push(older);
            }
        }
        Ok(lives)
    }

    fn line(&self, number: u32) -> String {
        format!("{}/{number}", self.log)
    }

    /// Remembers a checkpoint, if it is of an older life.
    pub(crate) fn remember(&mut self, then: &Checkpoint) {
        self.remembered = Some((then.clone(), false)).filter(|(then, _)| self.has_had(then));
    }

    /// Whether a checkpoint is of this log, in a life before the present one.
    pub(crate) fn has_had(&self, then: &Checkpoint) -> bool {
        split(&then.origin).is_some_and(|(log, number)| log == self.log && number < self.number)
    }

    /// Compares the checkpoints of this size.
    pub(crate) fn compare(&mut self, tree: &Tree, found: &mut Found) {
        if let Some((then, wrong)) = &mut self.remembered
            && then.size == tree.size()
        {
            *wrong = then.root != tree.root();
        }
        for at in 0..self.older.len() {
            while let Some(due) = self.older[at].next.clone().filter(|due| due.size <= tree.size()) {
                if due.root != tree.root() {
                    self.older[at].wrong.get_or_insert(due.size);
                }
                self.recognise(&due);
                self.older[at].advance(found);
            }
        }
    }

    /// A life that has signed something else than what was kept of it contradicts itself.
    fn recognise(&mut self, due: &Checkpoint) {
        if let Some((then, _)) = &self.remembered {
            self.contradicted |= then.origin == due.origin && then.size == due.size && then.root != due.root;
        }
    }

    /// Takes an event that accepts a loss.
    pub(crate) fn accept(&mut self, accepted: Accepted) {
        // More of them can't be in order, which is told.
        if self.accepted.len() <= 2 * MOST as usize {
            self.accepted.push(accepted);
        }
    }

    /// What was lost between the lives, and what is wrong with that. Whether what was remembered is contradicted.
    pub(crate) fn end(mut self, found: &mut Found) -> bool {
        for at in 0..self.older.len() {
            while let Some(due) = self.older[at].next.clone() {
                self.recognise(&due);
                self.older[at].advance(found);
            }
        }
        self.in_order(found);
        for at in 0..self.accepted.len() {
            self.vouched(at, found);
        }
        for number in self.number.saturating_sub(MOST)..self.number {
            self.ended(number, found);
        }
        self.forgotten(found)
    }

    /// Every life but the first begins with an event that says so, and where.
    fn in_order(&self, found: &mut Found) {
        let mut before = None;
        for Accepted { position, said } in &self.accepted {
            if said.kept != *position {
                let detail = format!("it says that {} entries were kept and stands at {position}", said.kept);
                found.differs(Difference::new(What::Origins, "", detail).at(*position));
            }
            if before.is_some_and(|before| said.origin <= before) {
                let detail = format!("it ends origin {}, which was over", said.origin);
                found.differs(Difference::new(What::Origins, "", detail).at(*position));
            }
            before = Some(said.origin);
        }
        let begun = before.map_or(0, |before| before.saturating_add(1));
        if begun != self.number {
            let detail = format!("it is signed as origin {}, its events lead to origin {begun}", self.number);
            found.differs(Difference::new(What::Origins, CHECKPOINT, detail));
        }
    }

    /// The checkpoint that stands in an event must be that life's, and the ones that are served must lead to it.
    fn vouched(&self, at: usize, found: &mut Found) {
        let Accepted { position, said } = &self.accepted[at];
        if said.checkpoint.is_empty() {
            return;
        }
        let origin = self.line(said.origin);
        let opened = Note::parse(&said.checkpoint).map_err(|error| error.to_string()).and_then(|note| {
            Checkpoint::open(&note, &trusted(&self.keys, &origin)).map_err(|error| error.to_string())
        });
        let checkpoint = match opened {
            Ok(checkpoint) if checkpoint.origin == origin => checkpoint,
            Ok(checkpoint) => {
                let detail = format!("it ends {origin} and shows a checkpoint of {}", checkpoint.origin);
                return found.differs(Difference::new(What::Origins, "", detail).at(*position));
            }
            Err(why) => {
                let detail = format!("the checkpoint it shows doesn't hold: {why}");
                return found.differs(Difference::new(What::Origins, "", detail).at(*position));
            }
        };
        let file = Older::file(said.origin);
        match self.older.iter().find(|older| older.number == said.origin).map(|older| &older.last) {
            None => found.differs(Difference::new(What::Missing, file, "")),
            Some(Some(last)) if last.size == checkpoint.size && last.root != checkpoint.root => {
                let detail = format!("two roots over the same {} entries are signed", last.size);
                found.differs(Difference::new(What::Fork, file, detail));
            }
            Some(Some(last)) if last.size >= checkpoint.size => {}
            Some(last) => {
                let last = last.as_ref().map_or(0, |last| last.size);
                let detail = format!("it leads to {last} entries, {} were signed", checkpoint.size);
                found.differs(Difference::new(What::ChainEnd, file, detail));
            }
        }
    }

    /// Where what a life has said ends, and the event that says so.
    fn end_of(&self, number: u32) -> Option<&Accepted> {
        let later = self.accepted.iter().filter(|accepted| accepted.said.origin >= number);
        later.min_by_key(|accepted| accepted.said.kept)
    }

    /// How a life ended.
    fn ended(&self, number: u32, found: &mut Found) {
        let Some(Accepted { position, said }) = self.end_of(number) else { return };
        let kept = said.kept;
        let older = self.older.iter().find(|older| older.number == number);
        if let Some(size) = older.and_then(|older| older.wrong).filter(|size| *size <= kept) {
            let detail =
                format!("the root it signs over {size} entries isn't theirs, and none of them was lost");
            let wrong = Difference::new(What::ChainRoot, Older::file(number), detail);
            found.differs(wrong.at(size.saturating_sub(1)));
        }
        let remembered = self.remembered.as_ref().map(|(then, _)| then);
        let remembered = remembered.filter(|then| then.origin == self.line(number));
        let signed = [older.and_then(|older| older.last.as_ref()), remembered].into_iter().flatten();
        let signed = signed.map(|checkpoint| checkpoint.size).max().unwrap_or(0);
        found.losses.push(Loss {
            origin: number,
            kept,
            signed,
            lost: signed.saturating_sub(kept),
            position: *position,
            ground: said.ground.clone(),
        });
    }

    /// What somebody remembers of an older life must be what that life signed, and where nothing was lost, what is there.
    fn forgotten(&self, found: &mut Found) -> bool {
        let Some((then, wrong)) = &self.remembered else { return false };
        let number = split(&then.origin).map_or(0, |(_, number)| number);
        let older = self.older.iter().find(|older| older.number == number);
        let signed = older.and_then(|older| older.last.as_ref()).map_or(0, |last| last.size);
        let kept = self.end_of(number).map_or(u64::MAX, |accepted| accepted.said.kept);
        if self.contradicted || (*wrong && then.size <= kept) {
            let detail = format!("two roots over the same {} entries are signed", then.size);
            found.differs(Difference::new(What::Fork, CHECKPOINT, detail));
            return true;
        }
        if signed < then.size {
            let detail = format!("origin {number} had {} entries, now it shows {signed} of them", then.size);
            found.differs(Difference::new(What::Rollback, Older::file(number), detail));
            return true;
        }
        found.remembered = Some(then.size);
        false
    }
}

#[cfg(test)]
mod tests {
    use radslag_evidence::{SigningKey, tree};

    use super::*;

    #[test]
    fn a_key_is_trusted_in_every_life_of_its_log_and_in_no_other_log() {
        let key = SigningKey::new("radslag.example/malmo/petitions/0", &[1; 32].into()).unwrap().verifier();
        let names = |origin: &str| -> Vec<String> {
            trusted(std::slice::from_ref(&key), origin).iter().map(|key| key.name().to_owned()).collect()
        };
        let own = "radslag.example/malmo/petitions/0";
        assert_eq!(names(own), [own]);
        assert_eq!(names("radslag.example/malmo/petitions/3"), [own, "radslag.example/malmo/petitions/3"]);
        for other in [
            "radslag.example/lund/petitions/1",
            "radslag.example/malmo/polls/1",
            "radslag.example/malmo/petitions/01",
            "radslag.example/malmo/petitions/-1",
            "radslag.example/malmo/petitions/1/1",
            "nothing",
        ] {
            assert_eq!(names(other), [own], "{other}");
        }
    }

    #[test]
    fn lives_that_were_not_looked_at_are_a_difference() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::Folder(folder.path().into());
        let told = |number: u32| {
            let origin = format!("radslag.example/malmo/petitions/{number}");
            let checkpoint = Checkpoint { origin, size: 0, root: tree::empty(), extensions: Vec::new() };
            let mut found = Found { keys_pinned: true, ..Found::default() };
            Lives::of(&checkpoint, &source, &[], &mut found).unwrap();
            found.differences.into_iter().map(|one| (one.what, one.detail)).collect::<Vec<_>>()
        };
        assert_eq!(told(MOST), []);
        let detail = "only the newest 64 were looked at, origins 0 to 1 weren't";
        assert_eq!(told(MOST + 2), [(What::Unseen, detail.to_owned())]);
    }
}
