//! After a loss was accepted: tables that had read lost events are made again, the others go on, and what comes at the lost
//! positions is reacted to.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

use std::{
    fs,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
};

use radslag_eventlog::{
    Acceptance, Append, Clock, Context, Log, NewEvent, Options, Record, Signing, Write, Writer, frame::Head,
    segment::HEADER,
};
use radslag_kernel::{Actor, AggregateId, Encoded, Happens, Instant, Malformed, Recorded, Stored};
use radslag_readmodel::{
    Backend, Cell, Checkpoint, Op, Projection, Query, Source, Store, Table, Value, int, rebuild, text,
};
use radslag_runtime::{
    project::Running,
    reaction::{self, React, checkpoint_only},
    service::{Failure, Service, everything},
};
use radslag_vault::{Keyring, Ledger};

/// A word is said.
struct Words;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word(String);

impl Happens for Word {
    fn at(&self) -> Instant {
        Instant::from_millis(0)
    }
}

impl Service for Words {
    type Event = Word;
    const NAME: &'static str = "words";

    fn encode(event: &Word, _: Option<AggregateId>) -> Encoded {
        Encoded { kind: "word.said", schema: 1, public: event.0.clone().into(), sealed: vec![] }
    }

    fn decode(stored: &Stored<'_>) -> Result<Word, Malformed> {
        if stored.kind != "word.said" {
            return Err(Malformed(stored.kind.into()));
        }
        String::from_utf8(stored.public.into()).map(Word).map_err(|_| Malformed(stored.kind.into()))
    }
}

static SAID: Table = Table {
    name: "said",
    columns: &[int("position"), text("word")],
    key: 1,
    sealed_by: None,
    indexes: &[],
    counts: &[],
};
const PROJECTION: Projection<Word> =
    Projection { name: "said", version: 1, tables: &[&SAID], views: &[], fold };
const ALL: Query = Query::new("all", "SELECT position, word FROM said ORDER BY position");

fn fold(recorded: &Recorded<Word>, ops: &mut Vec<Op>) {
    let (position, word) = (recorded.position.cast_signed(), recorded.event.0.clone());
    let (key, cells) = (vec![Value::Int(position)], vec![("word", Cell::Open(Value::Text(word)))]);
    ops.push(Op::Set { table: &SAID, key, cells });
    let (origin, recorded_at) = (recorded.origin, recorded.recorded_at.millis());
    ops.push(Op::Count {
        of: recorded.aggregate,
        origin,
        position: recorded.position,
        recorded_at,
        delta: 1,
    });
}

fn told(said: String) -> Source {
    Source { said, recorded_at: 1 }
}

fn options(folder: &Path) -> Options {
    let secrets = folder.join("secrets");
    let keyring = Arc::new(Keyring::open(&secrets).unwrap());
    let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger")).unwrap());
    let (log, index, clock) = (folder.join("log"), folder.join("index"), Arc::new(Clock::system(0)));
    let name = "localhost/malmo/words".into();
    let signing = Signing { folder: folder.join("tree"), name, seeds: vec![[7; 32].into()] };
    let options = Options::new(log, index, (keyring, ledger), clock, Writer::start().unwrap());
    Options { signing: Some(signing), ..options }
}

async fn say(log: &Log, word: &str) {
    let context = Context {
        aggregate: AggregateId::from_bytes([7; 16]),
        item: None,
        occurred_at: log.now(),
        actor: Actor::SYSTEM,
        command: None,
        causation: None,
        trace: None,
        digest: None,
    };
    let event =
        NewEvent::seal(Words::encode(&Word(word.to_owned()), None), &context, log.vault(), &[]).unwrap();
    let writes = vec![Write { stream: format!("word-{word}"), expected: 0, events: vec![event] }];
    log.append(Append { writes, guards: vec![], keys: vec![] }).await.unwrap();
}

/// Breaks the frame of a position, each event having one of its own.
fn break_event(folder: &Path, position: usize) {
    let path = folder.join("log/segments/00000000000000000000.segment");
    let mut bytes = fs::read(&path).unwrap();
    let at = (0..position).fold(HEADER as usize, |at, _| at + Head::read(&bytes[at..]).unwrap().padded());
    bytes[at + 50] ^= 1;
    fs::write(path, bytes).unwrap();
}

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn backend(&self) -> Backend {
        Backend::Sqlite { dir: self.folder.path().join("tables") }
    }

    async fn running(&self, log: &Log) -> Arc<Running<Words>> {
        let store = Store::open(&self.backend(), "malmo", "words", &PROJECTION).await.unwrap();
        Running::<Words>::new(log.clone(), store, PROJECTION, everything).await.unwrap()
    }

    async fn reaction(&self) -> Store {
        Store::open(&self.backend(), "malmo", "words", &checkpoint_only::<Words>("heard")).await.unwrap()
    }

    /// Twenty words, of which the tables have read so many and a reaction all.
    async fn new(read: u64) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let log = Log::open(options(world.folder.path())).unwrap();
        for n in 0..20 {
            say(&log, &format!("old-{n}")).await;
            if n + 1 == read {
                let running = world.running(&log).await;
                catch_up(&running).await;
            }
        }
        let heard = Heard::default();
        heard.hear(&log, &world.reaction().await, 20).await;
        log.close();
        world
    }

    /// The event at position 12 and all after it are lost, and that is accepted.
    fn lose(&self) -> Log {
        break_event(self.folder.path(), 12);
        let acceptance = Acceptance { ground: "a broken disk".into(), actor: Actor::SYSTEM };
        let (log, accepted) = Log::accept_loss(options(self.folder.path()), &acceptance).unwrap();
        assert_eq!((accepted.kept, log.watermark()), (12, 13));
        log
    }
}

async fn catch_up(running: &Arc<Running<Words>>) {
    let end = running.log.watermark();
    tokio::select! {
        followed = running.follow() => panic!("{followed:?}"),
        reached = running.wait_for(end) => reached.unwrap(),
    }
}

async fn words(running: &Running<Words>) -> Vec<(i64, String)> {
    let rows = running.store.query(&ALL, &[]).await.unwrap();
    rows.iter().map(|row| (row.int("position").unwrap(), row.text("word").unwrap().to_owned())).collect()
}

fn said(first: std::ops::Range<i64>, more: &[(i64, &str)]) -> Vec<(i64, String)> {
    let old = first.map(|n| (n, format!("old-{n}")));
    old.chain(more.iter().map(|(n, word)| (*n, (*word).to_owned()))).collect()
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u64>>>);

impl React for Heard {
    fn react<'a>(
        &'a self,
        records: &'a [Record],
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        self.0.lock().unwrap().extend(records.iter().map(Record::position));
        Box::pin(async { Ok(()) })
    }
}

impl Heard {
    /// Follows until its checkpoint is at a position.
    async fn hear(&self, log: &Log, store: &Store, next: u64) {
        let reached = async {
            while store.checkpoint().await.unwrap() != (Checkpoint { origin: log.origin(), next }) {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            followed = reaction::follow(log, store, Arc::new(self.clone())) => panic!("{followed:?}"),
            () = reached => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_had_read_lost_events_are_made_again() {
    let world = World::new(17).await;
    let log = world.lose();
    let running = world.running(&log).await;
    assert_eq!(running.store.checkpoint().await.unwrap(), Checkpoint { origin: 0, next: 17 });
    assert!(!running.holds().await.unwrap());
    let followed = running.follow().await;
    assert!(matches!(followed, Err(Failure::Overtaken { origin: 0, next: 17 })), "{followed:?}");
    assert_eq!(words(&running).await.len(), 17, "nothing is mixed into them");

    let options = || rebuild::Options::new(world.folder.path().join("rebuild"));
    let made = running.rebuild(options(), Arc::new(|_| ())).await.unwrap();
    made.promote(&running.store).await.unwrap();
    running.settle().await.unwrap();
    assert!(running.holds().await.unwrap());
    say(&log, "new").await;
    catch_up(&running).await;
    assert_eq!(words(&running).await, said(0..12, &[(13, "new")]));
    assert_eq!(running.store.checkpoint().await.unwrap(), Checkpoint { origin: 1, next: 14 });
    let of = AggregateId::from_bytes([7; 16]);
    let now = running.store.count_at(of, radslag_readmodel::AsOf::Position(u64::MAX)).await.unwrap();
    assert_eq!((now.count, now.position), (13, Some((1, 13))));
    assert_eq!(running.check(options(), Arc::new(|_| ())).await.unwrap().total, 0, "live equals rebuilt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_had_read_only_what_stayed_go_on() {
    for read in [5, 12] {
        let world = World::new(read).await;
        let log = world.lose();
        let running = world.running(&log).await;
        assert!(running.holds().await.unwrap());
        say(&log, "new").await;
        catch_up(&running).await;
        assert_eq!(words(&running).await, said(0..12, &[(13, "new")]), "read {read}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_at_a_lost_position_is_reacted_to() {
    let world = World::new(1).await;
    let log = world.lose();
    say(&log, "new").await;
    let heard = Heard::default();
    heard.hear(&log, &world.reaction().await, 14).await;
    assert_eq!(*heard.0.lock().unwrap(), [12, 13]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(drop).unwrap() }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_are_made_again_when_an_older_copy_of_the_log_went_on_past_them() {
    let world = World { folder: tempfile::tempdir().unwrap() };
    let folder = world.folder.path();
    let log = Log::open(options(folder)).unwrap();
    for n in 0..10 {
        say(&log, &format!("old-{n}")).await;
    }
    log.close();
    copy(&folder.join("log"), &folder.join("backup"));
    let log = Log::open(options(folder)).unwrap();
    for n in 10..17 {
        say(&log, &format!("old-{n}")).await;
    }
    let running = world.running(&log).await;
    catch_up(&running).await;
    assert!(running.holds().await.unwrap());
    drop(running);
    log.close();
    // The copy takes the log's place, and says something else where the tables have read.
    for derived in ["log", "index", "tree"] {
        fs::remove_dir_all(folder.join(derived)).unwrap();
    }
    fs::rename(folder.join("backup"), folder.join("log")).unwrap();
    let log = Log::open(options(folder)).unwrap();
    for n in 10..20 {
        say(&log, &format!("new-{n}")).await;
    }
    let running = world.running(&log).await;
    assert_eq!(running.store.checkpoint().await.unwrap(), Checkpoint { origin: 0, next: 17 });
    assert!(
        !running.holds().await.unwrap(),
        "they are of the same life and not too long, and of another story"
    );
    let followed = running.follow().await;
    assert!(matches!(followed, Err(Failure::Overtaken { origin: 0, next: 17 })), "{followed:?}");
    let options = rebuild::Options::new(folder.join("rebuild"));
    let made = running.rebuild(options, Arc::new(|_| ())).await.unwrap();
    made.promote(&running.store).await.unwrap();
    assert!(running.holds().await.unwrap());
    let new: Vec<_> = (10..20).map(|n| (n, format!("new-{n}"))).collect();
    let all: Vec<_> = said(0..10, &[]).into_iter().chain(new).collect();
    assert_eq!(words(&running).await, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_are_made_again_when_they_were_made_from_another_root() {
    let world = World::new(17).await;
    let log = Log::open(options(world.folder.path())).unwrap();
    log.sign_checkpoint().unwrap();
    let running = world.running(&log).await;
    catch_up(&running).await;
    let at = running.store.checkpoint().await.unwrap();
    let own = running.store.source().await.unwrap().unwrap();
    assert!(own.starts_with("20 20 "), "signed of all that was read: {own}");
    // As of a log in which an event was changed, and the last one that was read wasn't.
    let digit = if &own[6..7] == "0" { "1" } else { "0" };
    let other = format!("{}{digit}{}", &own[..6], &own[7..]);
    running.store.apply_of(Vec::new(), at, at, told(other)).await.unwrap();
    assert!(!running.holds().await.unwrap());
    running.store.apply_of(Vec::new(), at, at, told(own)).await.unwrap();
    assert!(running.holds().await.unwrap());
    running.store.apply(Vec::new(), at, at).await.unwrap();
    assert!(!running.holds().await.unwrap(), "nobody knows what they were made from");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn catching_up_reacts_to_what_comes_at_a_lost_position_too() {
    let world = World::new(1).await;
    let log = world.lose();
    for n in 0..9 {
        say(&log, &format!("new-{n}")).await;
    }
    let heard = Heard::default();
    reaction::catch_up(&log, &world.reaction().await, &heard).await.unwrap();
    assert_eq!(
        *heard.0.lock().unwrap(),
        (12..22).collect::<Vec<u64>>(),
        "it had read up to 20 before the loss"
    );
}

/// A log with so many words; a reaction has heard them all.
async fn heard_all(words: impl Iterator<Item = String>) -> World {
    let world = World { folder: tempfile::tempdir().unwrap() };
    let log = Log::open(options(world.folder.path())).unwrap();
    for word in words {
        say(&log, &word).await;
    }
    log.sign_checkpoint().unwrap();
    Heard::default().hear(&log, &world.reaction().await, log.watermark()).await;
    log.close();
    world
}

/// Puts another log in the place of a world's own.
async fn replace(world: &World, with: impl Iterator<Item = String>) -> Log {
    let folder = world.folder.path();
    for own in ["log", "index", "tree", "secrets"] {
        fs::remove_dir_all(folder.join(own)).unwrap();
    }
    let log = Log::open(options(folder)).unwrap();
    for word in with {
        say(&log, &word).await;
    }
    log
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_reacts_to_all_of_another_log_that_took_the_place_of_its_own() {
    let world = heard_all((0..17).map(|n| format!("old-{n}"))).await;
    let log = replace(&world, (0..20).map(|n| format!("new-{n}"))).await;
    let heard = Heard::default();
    reaction::catch_up(&log, &world.reaction().await, &heard).await.unwrap();
    assert_eq!(*heard.0.lock().unwrap(), (0..20).collect::<Vec<u64>>(), "it had read 17 of the other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_that_starts_at_the_head_says_nothing_of_what_another_log_already_had() {
    let world = heard_all((0..17).map(|n| format!("old-{n}"))).await;
    let log = replace(&world, (0..20).map(|n| format!("new-{n}"))).await;
    let store = world.reaction().await;
    reaction::start_at_head(&log, &store).await.unwrap();
    say(&log, "newest").await;
    let heard = Heard::default();
    reaction::catch_up(&log, &store, &heard).await.unwrap();
    assert_eq!(*heard.0.lock().unwrap(), [20]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_goes_back_to_where_an_older_copy_of_its_log_went_another_way() {
    let world = heard_all((0..10).map(|n| format!("old-{n}"))).await;
    let folder = world.folder.path();
    copy(&folder.join("log"), &folder.join("backup"));
    let log = Log::open(options(folder)).unwrap();
    say(&log, "old-10").await;
    // Heard before it is signed: what is signed is what both stories share.
    let (at, to) = (Checkpoint { origin: 0, next: 10 }, Checkpoint { origin: 0, next: 11 });
    let store = world.reaction().await;
    let signed = store.source().await.unwrap().unwrap();
    let id = log.read_at(10).unwrap().id();
    let root = signed.split(' ').nth(2).unwrap();
    store.apply_of(Vec::new(), at, to, told(format!("11 10 {root} {id}"))).await.unwrap();
    log.close();
    for own in ["log", "index", "tree"] {
        fs::remove_dir_all(folder.join(own)).unwrap();
    }
    fs::rename(folder.join("backup"), folder.join("log")).unwrap();
    let log = Log::open(options(folder)).unwrap();
    for n in 10..13 {
        say(&log, &format!("new-{n}")).await;
    }
    let heard = Heard::default();
    reaction::catch_up(&log, &store, &heard).await.unwrap();
    assert_eq!(*heard.0.lock().unwrap(), [10, 11, 12]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_says_nothing_of_its_log_is_believed() {
    let world = heard_all((0..5).map(|n| format!("old-{n}"))).await;
    let store = world.reaction().await;
    let at = store.checkpoint().await.unwrap();
    store.apply(Vec::new(), at, at).await.unwrap();
    let log = Log::open(options(world.folder.path())).unwrap();
    say(&log, "new").await;
    let heard = Heard::default();
    reaction::catch_up(&log, &store, &heard).await.unwrap();
    assert_eq!(*heard.0.lock().unwrap(), [5], "nothing is said twice after an update");
}
