//! The processes: Postgres, NATS, and each service. They are started one after the other, watched, and ended the other way
//! round; each has a guardian, so that none outlives this process however that ends.

use std::{
    ffi::OsString,
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_kit::{
    Nats, Postgres,
    guardian::{Guarded, Guardian},
    until_within, workspace,
};

use crate::{
    Arguments,
    asked::Asked,
    home::{Home, SERVICES},
    report::{Report, Service, Tenant},
};

/// Reading what a large demonstration's logs hold may take this long.
const READY: Duration = Duration::from_secs(600);
const DATABASE: &str = "radslag";

/// What runs.
#[derive(Default)]
pub(crate) struct House {
    /// Removes the whole folder at the end, unless it stays. Has no server.
    keeper: Option<Guardian>,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    services: Vec<Running>,
}

struct Running {
    name: &'static str,
    guardian: Guardian,
    /// Where it answers.
    url: String,
}

impl House {
    /// Starts all of it.
    pub(crate) fn start(&mut self, home: &Home, arguments: &Arguments, asked: &Asked) -> Result<()> {
        self.keeper = Some(Guardian::new(guarded(&home.folder, home.stays, vec!["true".into()]))?);
        let radslag = arguments.radslag.canonicalize().context("the binary isn't there")?;
        say("Postgres");
        let settings = fs::read_to_string(workspace().join("infra/deploy/postgres/radslag.conf"))?;
        let postgres = Postgres::start_as_configured(&settings, &home.at("postgres"))?;
        let postgres = self.postgres.insert(postgres);
        home.configure(None)?;
        if !home.data("petitions").exists() {
            demonstrate(home, postgres, &radslag, (arguments.people, asked))?;
        }
        home.same_clocks("petitions", "notifications")?;
        asked.not_yet()?;
        say("NATS");
        accounts(home, &radslag)?;
        let nats = Nats::start_as_configured(&home.at("nats/nats.conf"), &home.at("nats"))?;
        home.configure(Some(&self.nats.insert(nats).url()))?;
        for service in SERVICES {
            asked.not_yet()?;
            say(service);
            self.services.push(serve(home, &radslag, service)?);
        }
        for service in &self.services {
            is_ready(service, asked)?;
        }
        Ok(())
    }

    /// The first that ended by itself, and what it said last.
    pub(crate) fn ended(&self) -> Option<(&'static str, String)> {
        let services = self.services.iter().filter(|one| one.guardian.has_ended());
        let mut all = services.map(|one| (one.name, one.guardian.log()));
        let nats = || Some(("NATS", self.nats.as_ref()?.ended()?));
        let postgres = || Some(("Postgres", self.postgres.as_ref()?.ended()?));
        all.next().or_else(nats).or_else(postgres)
    }

    /// Ends all that runs, the last first. All are tried; the first that couldn't be ended in order is told.
    pub(crate) fn end(mut self) -> Result<()> {
        let mut outcome = Ok(());
        while let Some(Running { name, mut guardian, .. }) = self.services.pop() {
            let ended = guardian
                .stop("TERM")
                .map(|code| eprintln!("up: {name} ended ({})", code.unwrap_or_default()));
            outcome = outcome.and(ended.context(name));
        }
        if let Some(nats) = self.nats.take() {
            outcome = outcome.and(nats.end().context("NATS"));
        }
        if let Some(postgres) = self.postgres.take() {
            outcome = outcome.and(postgres.end().context("Postgres"));
        }
        drop(self.keeper.take());
        outcome
    }

    /// Where to look.
    pub(crate) fn report(&self, home: &Home) -> Report {
        let address = |service: &Running| Service {
            name: service.name,
            url: service.url.clone(),
            readyz: format!("{}/readyz", service.url),
            pid: service.guardian.pid().unwrap_or_default(),
            log: home.at(service.name).join("log"),
            config: home.config(service.name),
        };
        let pages = self.services.first().map(|service| service.url.clone()).unwrap_or_default();
        let tenant = |tenant: &crate::home::Tenant| Tenant {
            id: tenant.id.clone(),
            name: tenant.name.clone(),
            url: format!("{pages}/{}", tenant.id),
        };
        Report {
            folder: home.folder.clone(),
            stays: home.stays,
            tenants: home.tenants.iter().map(tenant).collect(),
            services: self.services.iter().map(address).collect(),
            nats: self.nats.as_ref().map(Nats::url).unwrap_or_default(),
            psql: reader(home),
            letters: home.at("letters"),
        }
    }
}

/// How to look at the tables: as the owner, who is kept from writing.
fn reader(home: &Home) -> String {
    format!("PGOPTIONS='-c default_transaction_read_only=on' psql '{}'", home.postgres())
}

fn say(what: &str) {
    eprintln!("up: starting {what}");
}

fn guarded(folder: &Path, stays: bool, command: Vec<OsString>) -> Guarded {
    Guarded { folder: folder.to_owned(), shown: false, stays, ending: "KILL", command, user: None }
}

/// Makes the demonstration in petitions' folder and in an empty database; what an interrupted one left there goes.
fn demonstrate(
    home: &Home,
    postgres: &Postgres,
    radslag: &Path,
    (people, asked): (u64, &Asked),
) -> Result<()> {
    postgres.sql(&format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))?;
    postgres.named_database(DATABASE)?;
    say("to make the demonstration, which is made once");
    let mut command: Vec<OsString> = vec![radslag.into(), "--config".into(), home.config("petitions").into()];
    command.extend(["demo".into(), "--people".into(), people.to_string().into()]);
    let mut guardian =
        Guardian::new(Guarded { shown: true, ..guarded(&home.at("petitions"), true, command) })?;
    guardian.start(|_| Ok(Some(())))?;
    until_within("the demonstration", Duration::MAX, || {
        asked.not_yet()?;
        Ok(guardian.has_ended().then_some(()))
    })?;
    let code = guardian.stop("TERM")?;
    ensure!(code == Some(0), "the demonstration can't be made");
    Ok(())
}

/// Every tenant's account on the NATS server, for each service's own key.
fn accounts(home: &Home, radslag: &Path) -> Result<()> {
    fs::copy(workspace().join("infra/deploy/nats.conf"), home.at("nats/nats.conf"))?;
    let mut command = Command::new(radslag);
    command.args(["bus", "accounts", "--config"]).arg(home.config(SERVICES[0]));
    for other in &SERVICES[1..] {
        command.arg("--with").arg(home.config(other));
    }
    command.arg("--to").arg(home.at("nats/accounts.conf")).stdin(Stdio::null());
    let status = command.status().context("starting radslag")?;
    ensure!(status.success(), "the accounts can't be written: {status}");
    Ok(())
}

/// Starts a service, which then answers, ready or not.
fn serve(home: &Home, radslag: &Path, name: &'static str) -> Result<Running> {
    let folder = home.at(name);
    let log = folder.join("log");
    // Of the demonstration, or of the last time.
    fs::rename(&log, folder.join("log.before")).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    let mut command: Vec<OsString> = vec![radslag.into(), "--config".into(), home.config(name).into()];
    command.extend(["serve", "--only", name].map(OsString::from));
    let mut guardian = Guardian::new(guarded(&folder, true, command))?;
    let port = guardian.start(|_| {
        let said = fs::read_to_string(&log).unwrap_or_default();
        let line = said.lines().find(|line| line.contains("listening"));
        let rest = line.and_then(|line| line.split("127.0.0.1:").nth(1));
        Ok(rest.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>()))
    })?;
    Ok(Running { name, guardian, url: format!("http://127.0.0.1:{port}") })
}

fn is_ready(service: &Running, asked: &Asked) -> Result<()> {
    let mut last = String::new();
    let ready = until_within("the service to be ready", READY, || {
        asked.not_yet()?;
        if service.guardian.has_ended() {
            bail!("{} ended by itself. The last it said:\n{}", service.name, service.guardian.log());
        }
        last = ask(&service.url).unwrap_or_default();
        Ok(last.starts_with("HTTP/1.1 200").then_some(()))
    });
    ready.with_context(|| format!("{} says {last}", service.name))
}

/// What `/readyz` answers.
fn ask(url: &str) -> Result<String> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
