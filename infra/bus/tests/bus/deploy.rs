//! The server's configuration that we ship.

use std::process::Command;

#[test]
fn the_shipped_configuration_is_one_the_server_takes() {
    let config = radslag_kit::workspace().join("infra/deploy/nats.conf");
    let output = Command::new(radslag_kit::nats_server().unwrap())
        .arg("-t")
        .arg("-c")
        .arg(config)
        .envs([("NATS_STORE", "/var/lib/nats"), ("NATS_SERVICES", "secret"), ("NATS_READERS", "secret")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
