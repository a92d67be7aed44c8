//! The server's configuration that we ship.

use std::{fs, process::Command};

use radslag_bus::accounts::{Access, accounts, new_seed, public_key};

#[test]
fn the_shipped_configuration_is_one_the_server_takes_with_the_accounts_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("nats.conf");
    fs::copy(radslag_kit::workspace().join("infra/deploy/nats.conf"), &config).unwrap();
    let key = || public_key(&new_seed().unwrap()).unwrap();
    let tenant = |tenant: &str| Access {
        tenant: tenant.into(),
        owners: vec![key(), key()],
        readers: vec![("Statistik, \"öppna data\" # 1".into(), key()), ("Arkiv".into(), key())],
    };
    let accounts = accounts(&[tenant("malmo"), tenant("true"), tenant("a-1"), tenant("9000k")]);
    fs::write(folder.path().join("accounts.conf"), accounts).unwrap();
    let output = Command::new(radslag_kit::nats_server().unwrap())
        .arg("-t")
        .arg("-c")
        .arg(config)
        .env("NATS_STORE", "/var/lib/nats")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
