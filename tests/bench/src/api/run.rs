//! One run: a fresh service, a load generator in a process of its own, and what both say in the end.

use std::{
    env, fs,
    path::Path,
    process::Stdio,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, ensure};
use radslag_kernel::Role;
use radslag_runtime::auth::{Assurance, Grant, Issuer};
use tokio::{
    io::AsyncWriteExt as _,
    process::{ChildStdin, Command},
};

use super::{
    Arguments, Way,
    client::find,
    post::InMemory,
    server::Server,
    spec::{Outcome, Spec},
};
use crate::house::TENANT;

/// Unmeasured, before a run.
const WARM_UP_SECONDS: f64 = 2.0;

pub(crate) async fn once(arguments: &Arguments, way: Way, folder: &Path) -> Result<Outcome> {
    let server = Server::start(&folder.join("data")).await?;
    let (tokens, file) = (folder.join("tokens"), folder.join("spec.json"));
    if way == Way::Eid {
        let wanted = (arguments.seconds + WARM_UP_SECONDS) * arguments.tokens as f64;
        fs::write(&tokens, issued(&server, wanted as u64)?)?;
    }
    let spec = Spec {
        way,
        address: server.address,
        tenant: TENANT.into(),
        petition: server.petition.to_string(),
        connections: arguments.connections,
        pace: arguments.pace,
        readers: arguments.readers,
        reads: arguments.reads,
        warm_up_seconds: WARM_UP_SECONDS,
        seconds: arguments.seconds,
        tokens,
        server: std::process::id(),
    };
    fs::write(&file, serde_json::to_vec(&spec)?)?;
    let outcome = generated(&file, &server.mails).await?;
    server.stop().await?;
    let first = outcome.first_error.as_deref().unwrap_or_default();
    ensure!(outcome.errors == 0, "{} requests failed, the first: {first}", outcome.errors);
    let Outcome { counted, answered, .. } = outcome;
    ensure!(counted == answered, "{answered} signatures were confirmed, but the count grew by {counted}");
    ensure!(!outcome.ran_dry, "a run by eID had too few tokens: give more with --tokens");
    Ok(outcome)
}

/// Runs the load generator, handing it mails as they come.
async fn generated(spec: &Path, mails: &Arc<InMemory>) -> Result<Outcome> {
    let mut command = Command::new(env::current_exe().context("asking for the bench's own path")?);
    command.args(["api", "--child"]).arg(spec).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().context("starting the load generator")?;
    let post = tokio::spawn(deliver(child.stdin.take().context("no pipe")?, mails.clone()));
    let output = child.wait_with_output().await?;
    post.abort();
    ensure!(output.status.success(), "the load generator failed: {}", output.status);
    serde_json::from_slice(&output.stdout).context("reading what the load generator says")
}

/// Each mail's link, one a line, until the generator is gone.
async fn deliver(mut pipe: ChildStdin, mails: Arc<InMemory>) {
    loop {
        let lines: Vec<u8> = mails.take().iter().filter_map(|mail| link(mail)).flatten().collect();
        if pipe.write_all(&lines).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The token of the link in a mail, with a line break.
fn link(mail: &[u8]) -> Option<Vec<u8>> {
    const BEFORE: &[u8] = b"/links/";
    let rest = &mail[find(mail, BEFORE)? + BEFORE.len()..];
    let mut token = Vec::with_capacity(128);
    let mut bytes = rest.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            // A line that quoted-printable broke.
            b'=' if bytes.peek() == Some(&b'\r') => {
                let _ = bytes.nth(1);
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => token.push(byte),
            _ => break,
        }
    }
    token.push(b'\n');
    Some(token)
}

/// Tokens of distinct people.
fn issued(server: &Server, wanted: u64) -> Result<String> {
    let issuer = Issuer::open(&server.config.auth, &server.config.data.secrets_dir())?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut tokens = String::new();
    for who in 0..wanted {
        let grant = Grant {
            tenant: TENANT.into(),
            subject: format!("19{who:010}"),
            roles: vec![Role::Citizen],
            name: Some(format!("Signe Signer {who}")),
            assurance: Some(Assurance::Substantial),
            valid_s: 86_400,
        };
        tokens += &issuer.issue(&grant, now)?;
        tokens.push('\n');
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn a_link_is_found_even_where_its_line_was_broken() {
        assert_eq!(link(b"x http://a/t/links/Ab-_9\r\n").as_deref(), Some(&b"Ab-_9\n"[..]));
        assert_eq!(link(b"x http://a/t/links/Ab=\r\n-_9.").as_deref(), Some(&b"Ab-_9\n"[..]));
        assert_eq!(link(b"nothing"), None);
    }
}
