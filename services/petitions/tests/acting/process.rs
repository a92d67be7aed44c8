//! The process of its own: it serves what one process for all services serves, and ends when it is told to.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use radslag_kit::until;

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_process_of_its_own_serves_all_tenants_and_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let (config, said) = (folder.path().join("petitions.toml"), folder.path().join("said"));
    let data = folder.path().join("data");
    let text = format!(
        "data.dir = {data:?}\nhttp.listen = \"127.0.0.1:0\"\n[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n"
    );
    fs::write(&config, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_radslag-petitions"));
    command.arg("--config").arg(&config).arg("serve").stdin(Stdio::null());
    let mut child = command.stderr(fs::File::create(&said).unwrap()).spawn().unwrap();
    let address = until("the process to listen", || {
        let said = fs::read_to_string(&said)?;
        let line = said.lines().find(|line| line.contains("listening"));
        let port = line
            .and_then(|line| line.split("127.0.0.1:").nth(1))
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        Ok(port.map(|port| format!("127.0.0.1:{port}")))
    })
    .unwrap();
    until("the process to be ready", || {
        Ok(get(&address, "/readyz").starts_with("HTTP/1.1 200").then_some(()))
    })
    .unwrap();
    let listed = get(&address, "/api/v1/malmo/petitions");
    assert!(listed.starts_with("HTTP/1.1 200"), "{listed}");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
