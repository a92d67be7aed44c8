//! A configuration and logs in a folder of the test, and the binary run on them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use radslag_eventlog::{Append, Clock, Context, Log, NewEvent, Write, Writer};
use radslag_kernel::{Actor, AggregateId, Encoded, KeyRef, Plain};
use radslag_runtime::ground::{Folders, Tenant};
use serde_json::Value;

/// Sealed in every log that has a signature.
pub(crate) const SECRET: &str = "Ada Lovelace, Rosengård";
/// The stream it stands in.
pub(crate) const STREAM: &str = "mailbox-07-f00dcafe";
/// `PetitionThresholdReached { threshold: ANSWER, count: 200 }`.
const THRESHOLD: [u8; 5] = [0x10, 1, 0x18, 0xc8, 0x01];

pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
}

/// How the binary ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let out = self.ok();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    #[track_caller]
    pub(crate) fn lines(self) -> Vec<Value> {
        self.ok().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    pub(crate) fn refused(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in {}", self.err);
        }
        self
    }
}

impl Home {
    /// Two tenants, no data.
    pub(crate) fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        let dir = home.data();
        home.configure(&format!(
            "data.dir = {dir:?}\n[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n\
             [[tenants]]\nid = \"tomelilla\"\nname = \"Tomelilla kommun\"\n"
        ));
        home
    }

    /// A petition of three events, and a signature with a sealed name.
    pub(crate) fn with_log() -> Self {
        let home = Self::new();
        home.log().closed();
        home
    }

    /// The same, left open as by a server.
    pub(crate) fn log(&self) -> Open {
        let open = self.open();
        open.put("petition-07", 0, "petition.threshold_reached", &THRESHOLD);
        open.put("petition-07", 1, "petition.closed", &[]);
        open.put("petition-07", 2, "test.unknown", &[0xfe, 0xed]);
        open.sign();
        open
    }

    pub(crate) fn open(&self) -> Open {
        let at = |name: &str| self.data().join(name);
        let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
        let tenant = Tenant::open(&folders, "malmo", Arc::new(Clock::system(0))).unwrap();
        Open(tenant.log("petitions", &Writer::start().unwrap()).unwrap())
    }

    pub(crate) fn configure(&self, toml: &str) {
        fs::write(self.path("radslag.toml"), toml).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(crate) fn segment(&self) -> PathBuf {
        self.data().join("ground/malmo/petitions/segments/00000000000000000000.segment")
    }

    /// The binary in the folder of the test, where its configuration is found.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "RADSLAG_CONFIG"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs words that are separated by spaces.
    pub(crate) fn run(&self, words: &str) -> Ran {
        let words: Vec<&str> = words.split(' ').collect();
        ran(self.command(&words).output().unwrap())
    }
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An open log.
pub(crate) struct Open(pub(crate) Log);

impl Open {
    pub(crate) fn put(&self, stream: &str, expected: u64, kind: &'static str, public: &[u8]) {
        let encoded = Encoded { kind, schema: 1, public: public.to_vec(), sealed: vec![] };
        let event = NewEvent::seal(encoded, &self.context(), self.0.vault(), &[]).unwrap();
        self.append(stream, expected, event, vec![]);
    }

    /// So many events in one append.
    pub(crate) fn several(&self, stream: &str, events: usize) {
        let event = || {
            let encoded = Encoded { kind: "test.unknown", schema: 1, public: vec![], sealed: vec![] };
            NewEvent::seal(encoded, &self.context(), self.0.vault(), &[]).unwrap()
        };
        let events = std::iter::repeat_with(event).take(events).collect();
        let writes = vec![Write { stream: stream.into(), expected: 0, events }];
        self.0.append_blocking(Append { writes, guards: vec![], keys: vec![] }).unwrap();
    }

    pub(crate) fn sign(&self) -> KeyRef {
        let key = self.0.vault().reserve();
        let reference = key.reference;
        let plain = Plain { field: 4, under: vec![reference], committed: true, value: SECRET.into() };
        let encoded = Encoded { kind: "signature.signed", schema: 1, public: vec![], sealed: vec![plain] };
        let keys = [key];
        let event = NewEvent::seal(encoded, &self.context(), self.0.vault(), &keys).unwrap();
        self.append(STREAM, 0, event, keys.into());
        reference
    }

    pub(crate) fn closed(self) {
        self.0.close();
    }

    fn append(&self, stream: &str, expected: u64, event: NewEvent, keys: Vec<radslag_vault::NewKey>) {
        let writes = vec![Write { stream: stream.into(), expected, events: vec![event] }];
        self.0.append_blocking(Append { writes, guards: vec![], keys }).unwrap();
    }

    pub(crate) fn context(&self) -> Context {
        Context {
            aggregate: AggregateId::from_bytes([7; 16]),
            item: None,
            occurred_at: self.0.now(),
            actor: Actor::SYSTEM,
            command: None,
            causation: None,
            trace: None,
            digest: None,
        }
    }
}

/// Flips a bit of the frame that holds a position, and tells where that frame begins.
pub(crate) fn damage(segment: &Path, frame: usize) -> u64 {
    use radslag_eventlog::{frame::Head, segment::HEADER};
    let mut bytes = fs::read(segment).unwrap();
    let mut at = HEADER as usize;
    for _ in 0..frame {
        at += Head::read(&bytes[at..]).unwrap().padded();
    }
    bytes[at + 50] ^= 1;
    fs::write(segment, bytes).unwrap();
    at as u64
}
