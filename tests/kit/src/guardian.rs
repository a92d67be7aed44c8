//! A server process that cannot outlive its test.
//!
//! A small shell (the guardian) starts the server and obeys one word a line on its standard input. When that pipe
//! closes (dropped, or the test process died in any way), it kills the server and removes the folder, unless that is to stay.
//! So not even a `static` server of a process that is killed leaves anything behind.

use std::{
    ffi::OsString,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::until;

const SCRIPT: &str = r#"
folder=$1; ending=$2; stays=$3; shown=$4; shift 4
trap '' INT TERM HUP
pid=
while read -r word rest; do
  answer=
  case $word in
    start)
      if [ "$shown" = true ]; then "$@" >&2 </dev/null & else "$@" >>"$folder/log" 2>&1 </dev/null & fi
      pid=$!; answer=$pid ;;
    signal) kill -s $rest >/dev/null 2>&1 ;;
    wait) wait "$pid"; answer=$?; pid= ;;
  esac
  echo "$answer"
done
if [ -n "$pid" ]; then kill -s CONT "$pid"; kill -s "$ending" "$pid"; wait "$pid"; fi 2>/dev/null
if [ "$stays" = true ]; then exit; fi
# Whoever still writes there is about to end, too.
tries=0
until rm -rf "$folder" 2>/dev/null || [ "$tries" -ge 50 ]; do tries=$((tries + 1)); sleep 0.1; done
"#;

/// Whom a server runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// Its number.
    pub uid: u32,
    /// Its group's.
    pub gid: u32,
}

/// What to guard.
pub struct Guarded {
    /// Holds the server's output in `log`, unless that is shown.
    pub folder: PathBuf,
    /// Whether the output goes where this process's errors go.
    pub shown: bool,
    /// Whether the folder is there when the server is gone; otherwise it is removed.
    pub stays: bool,
    /// The signal that ends the server without a trace, without `SIG`.
    pub ending: &'static str,
    /// The server and its arguments.
    pub command: Vec<OsString>,
    /// As somebody else than this process.
    pub user: Option<User>,
}

/// The shell beside the server.
pub struct Guardian {
    folder: PathBuf,
    shell: Child,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    server: Option<u32>,
}

impl Guardian {
    /// Starts the shell, not yet the server. In a process group of its own, so that Ctrl-C reaches the test first.
    ///
    /// # Errors
    /// If there is no shell.
    pub fn new(guarded: Guarded) -> Result<Self> {
        let Guarded { folder, shown, stays, ending, command, user } = guarded;
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT, "guardian"]).arg(&folder);
        shell.args([ending, &stays.to_string(), &shown.to_string()]).args(command);
        shell.current_dir(&folder).process_group(0);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped());
        shell.stderr(if shown { Stdio::inherit() } else { Stdio::null() });
        if let Some(user) = user {
            shell.uid(user.uid).gid(user.gid);
        }
        let mut shell = shell.spawn().context("starting /bin/sh")?;
        let words = shell.stdin.take();
        let answers = BufReader::new(shell.stdout.take().context("no pipe from the guardian")?);
        Ok(Self { folder, shell, words, answers, server: None })
    }

    /// Where the server keeps its files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The server's process, if it was started.
    #[must_use]
    pub const fn pid(&self) -> Option<u32> {
        self.server
    }

    /// Starts the server and asks until it is ready; starts it again if it ended before that.
    ///
    /// # Errors
    /// What the question says, or that it isn't ready within a minute, with the last lines of what it said.
    pub fn start<T>(&mut self, ready: impl Fn(u32) -> Result<Option<T>>) -> Result<T> {
        let mut pid = self.spawn()?;
        let mut again = 0;
        let answer = until("a server to start", || {
            if let Some(answer) = ready(pid)? {
                return Ok(Some(answer));
            }
            // A port or a shared memory block of the one before may need a moment; a wrong setting stays wrong.
            if ended(pid) {
                again += 1;
                if again > 5 {
                    bail!("it ended at once, five times");
                }
                pid = self.spawn()?;
            }
            Ok(None)
        });
        answer.with_context(|| format!("the server said:\n{}", self.log()))
    }

    /// Whether the server ended by itself.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.server.is_some_and(ended)
    }

    /// Asks the server to end by a signal, waits for it, and tells its exit code (128 and the signal's number, if one ended
    /// it). Whoever takes more than a minute is killed.
    ///
    /// # Errors
    /// If it can't be asked, or took too long.
    pub fn stop(&mut self, signal: &str) -> Result<Option<i32>> {
        let Some(pid) = self.server else { return Ok(None) };
        self.say(&format!("signal {signal} {pid}"))?;
        let stopped = until("a server to stop", || Ok(ended(pid).then_some(())));
        if stopped.is_err() {
            self.kill()?;
        }
        stopped?;
        let code = self.say("wait")?;
        self.server = None;
        Ok(code.parse().ok())
    }

    /// Sends a signal to the server and to the processes it started, by name without `SIG`.
    ///
    /// # Errors
    /// If it isn't running.
    pub fn signal(&mut self, name: &str) -> Result<()> {
        let pid = self.server.context("the server isn't running")?;
        let pids: Vec<String> = tree(pid).iter().map(u32::to_string).collect();
        self.say(&format!("signal {name} {}", pids.join(" "))).map(drop)
    }

    /// `kill -9` for the server and all it started; returns when they are gone.
    ///
    /// # Errors
    /// If the signal can't be sent.
    pub fn kill(&mut self) -> Result<()> {
        let Some(pid) = self.server else { return Ok(()) };
        let family = tree(pid);
        self.signal("KILL")?;
        self.say("wait")?;
        self.server = None;
        until("the server to end", || Ok(family.iter().all(|pid| ended(*pid)).then_some(())))
    }

    fn spawn(&mut self) -> Result<u32> {
        let pid = self.say("start")?.parse().context("the guardian names no process")?;
        self.server = Some(pid);
        Ok(pid)
    }

    /// One word and its answer: the server's process id or exit code, if there is something to tell.
    fn say(&mut self, word: &str) -> Result<String> {
        let words = self.words.as_mut().context("the guardian was dismissed")?;
        writeln!(words, "{word}").context("writing to the guardian")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).context("reading from the guardian")?;
        Ok(answer.trim_end().to_owned())
    }

    /// The last lines of what the server said.
    #[must_use]
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

impl Drop for Guardian {
    /// Returns when the server and its folder are gone.
    fn drop(&mut self) {
        if let Some(pid) = self.server {
            let pids: Vec<String> = tree(pid).iter().map(u32::to_string).collect();
            let _ = self.say(&format!("signal CONT {}", pids.join(" ")));
        }
        drop(self.words.take());
        let _ = self.shell.wait();
    }
}

/// A process and its descendants.
fn tree(pid: u32) -> Vec<u32> {
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        family.extend(
            children.unwrap_or_default().split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()),
        );
        next += 1;
    }
    family
}

/// Whether a process has ended, collected by its parent or not.
fn ended(pid: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return true };
    // The state follows the name, which stands in brackets and may hold any byte.
    stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X']))
}

/// Copies a folder as it is, owners included.
pub(crate) fn copy(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    let done = std::process::Command::new("cp").arg("-a").arg("-T").arg(from).arg(to).status()?;
    anyhow::ensure!(done.success(), "copying {} failed: {done}", from.display());
    Ok(())
}
