//! What no command prints: sealed values, keys, and, unless it is asked for, names of streams.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::home::{Home, SECRET, STREAM};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_command_prints_a_secret() {
    let home = Home::with_log();
    home.run("token malmo --role citizen --subject x").ok();
    let secrets = home.data().join("secrets");
    let kek = fs::read(secrets.join("malmo/kek-1.key")).unwrap();
    let pem = fs::read_to_string(secrets.join("token.pem")).unwrap();
    let mut said = String::new();
    let mut private = String::new();
    for words in [
        "log info malmo petitions",
        "log info malmo petitions --index --json",
        "log read malmo petitions",
        "log read malmo petitions --json",
        "log read malmo petitions --private",
        "log read malmo petitions --private --json",
        "log follow malmo petitions --from 0 --count 4 --json",
        "log verify malmo petitions --sealed",
        "log export malmo petitions",
        "log rebuild-index malmo petitions",
        "config print",
        "config print --json",
        "config check",
        "keys status --json",
        "clock accept malmo",
        "token malmo --role citizen --subject x --json",
        "keys rotate --json",
    ] {
        let ran = home.run(words);
        assert_eq!(ran.code, 0, "{words}: {}", ran.err);
        let into = if words.contains("--private") { &mut private } else { &mut said };
        *into += &format!("{}{}", ran.out, ran.err);
    }
    assert!(private.contains(STREAM) && !said.contains(STREAM));
    let body = pem.lines().nth(1).unwrap();
    let all = said + &private;
    for secret in [SECRET, &hex(SECRET.as_bytes()), &hex(&kek), &STANDARD.encode(&kek), body] {
        assert!(!all.contains(secret), "{secret}");
    }
    let entries = all.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    for entry in
        entries.filter_map(|line| line["entry"].as_str().map(|entry| STANDARD.decode(entry).unwrap()))
    {
        let text = String::from_utf8_lossy(&entry).into_owned();
        assert!(!text.contains(STREAM) && !text.contains("Ada"));
    }
}
