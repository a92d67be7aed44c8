//! Where everything stands, and how each service is configured.
//!
//! ```text
//! <service>.toml       each service's configuration
//! <service>/data       its ground and derived data and its secrets; beside it what it said, in log
//! certificates/        of an authority of its own
//! nats/  postgres/     the servers' data, and what they said
//! letters/             mail, a folder a tenant
//! ```

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use radslag_kit::workspace;

use crate::{
    Arguments,
    authority::{self, HOST},
};

/// In the order in which they are started; they end the other way round.
pub(crate) const SERVICES: [&str; 2] = ["petitions", "notifications"];
const DEMO: &str = "services/radslag/demo.toml";
const TENANT: &str = "[[tenants]]";

/// The folder, and what is configured in it.
pub(crate) struct Home {
    pub(crate) folder: PathBuf,
    /// Whether it is there afterwards.
    pub(crate) stays: bool,
    pub(crate) tenants: Vec<Tenant>,
    /// Where petitions answer other services.
    internal_port: u16,
}

/// A tenant of the demonstration.
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) name: String,
    /// As it stands in the demonstration's configuration.
    text: String,
}

impl Home {
    /// Makes the folder with its certificates.
    pub(crate) fn new(arguments: &Arguments) -> Result<Self> {
        let tenants = tenants(&arguments.tenants)?;
        let folder = match &arguments.data {
            Some(named) => {
                fs::create_dir_all(named).with_context(|| format!("making {}", named.display()))?;
                named.canonicalize()?
            }
            None => tempfile::Builder::new().prefix("radslag-up-").tempdir()?.keep(),
        };
        // PostgreSQL, which never runs as root, passes through; what is secret is closed further in.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711))?;
        // Known before anybody listens there.
        let internal_port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let home = Self { folder, stays: arguments.data.is_some(), tenants, internal_port };
        authority::make(&home.at("certificates"), &SERVICES)?;
        authority::secret(&home.at("postgres.url"), &home.postgres())?;
        for folder in SERVICES.into_iter().chain(["nats", "postgres"]) {
            fs::create_dir_all(home.at(folder))?;
        }
        Ok(home)
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn config(&self, service: &str) -> PathBuf {
        self.at(&format!("{service}.toml"))
    }

    pub(crate) fn data(&self, service: &str) -> PathBuf {
        self.at(service).join("data")
    }

    /// How to connect to the database.
    pub(crate) fn postgres(&self) -> String {
        format!("host={} user=postgres dbname=radslag", self.at("postgres").display())
    }

    /// Writes every service's configuration; `bus` says which server events go to, once there is one.
    pub(crate) fn configure(&self, bus: Option<&str>) -> Result<()> {
        for service in SERVICES {
            fs::write(self.config(service), self.configured(service, bus))?;
        }
        Ok(())
    }

    fn configured(&self, service: &str, bus: Option<&str>) -> String {
        let certificate = |ending: &str| self.at("certificates").join(format!("{service}.{ending}"));
        let side = match service {
            "petitions" => format!("listen = \"127.0.0.1:{}\"", self.internal_port),
            _ => format!("petitions_url = \"https://{HOST}:{}\"", self.internal_port),
        };
        let bus = bus.map(|url| format!("nats_url = {url:?}\n")).unwrap_or_default();
        let tenants: String =
            self.tenants.iter().map(|tenant| format!("\n{TENANT}{}", tenant.text)).collect();
        format!(
            "# Made by `cargo xtask up`.\n[data]\ndir = {:?}\n\n[http]\nlisten = \"127.0.0.1:0\"\n\n\
             [readmodel]\npostgres_url_file = {:?}\n\n[bus]\n{bus}nats_accounts = true\n\n\
             [auth]\nlocal_key_file = {:?}\n\n[mail]\ndrop_dir = {:?}\n\n\
             [internal]\n{side}\ncertificate_file = {:?}\nkey_file = {:?}\nca_file = {:?}\n{tenants}",
            self.data(service),
            self.at("postgres.url"),
            self.at("token.pem"),
            self.at("letters"),
            certificate("pem"),
            certificate("key"),
            self.at("certificates/ca.pem"),
        )
    }

    /// Has another service's clocks run on from where the demonstration's ended: they are of 2008.
    pub(crate) fn same_clocks(&self, from: &str, to: &str) -> Result<()> {
        for tenant in &self.tenants {
            let clock = |service: &str| self.data(service).join("ground").join(&tenant.id).join("clock");
            let (from, to) = (clock(from), clock(to));
            if !to.exists() {
                fs::create_dir_all(to.parent().unwrap_or(Path::new(".")))?;
                fs::copy(&from, &to).with_context(|| format!("copying {}", from.display()))?;
            }
        }
        Ok(())
    }
}

/// Those that are asked for, or all.
fn tenants(asked: &[String]) -> Result<Vec<Tenant>> {
    let file = workspace().join(DEMO);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let mut tenants = text.split(TENANT).skip(1).map(of).collect::<Result<Vec<_>>>()?;
    if let Some(unknown) = asked.iter().find(|id| tenants.iter().all(|tenant| tenant.id != **id)) {
        let known: Vec<&str> = tenants.iter().map(|tenant| tenant.id.as_str()).collect();
        bail!("the demonstration has no tenant {unknown}; it has {}", known.join(", "));
    }
    tenants.retain(|tenant| asked.is_empty() || asked.contains(&tenant.id));
    Ok(tenants)
}

fn of(text: &str) -> Result<Tenant> {
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_prefix("= \""));
        line.and_then(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .with_context(|| format!("no {key} in {DEMO}"))
    };
    Ok(Tenant { id: value("id")?, name: value("name")?, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenants_are_the_demonstrations() {
        let ids = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|id| (*id).to_owned()).collect();
            tenants(&asked).map(|all| all.into_iter().map(|tenant| tenant.id).collect::<Vec<_>>())
        };
        assert_eq!(ids(&[]).ok(), Some(["number10", "malmo", "ale", "svenljunga"].map(String::from).into()));
        assert_eq!(ids(&["ale"]).ok(), Some(vec!["ale".to_owned()]));
        assert!(ids(&["nowhere"]).is_err_and(|error| error.to_string().contains("malmo")));
    }
}
