//! `radslag verify` of a web server: a plain one with files is enough, and one that means harm harms nobody.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
};

use serde_json::Value;

use crate::home::Home;

/// Answers every request with what `answer` writes; gives its address. It ends with the test.
fn serve(answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = answer.clone();
            thread::spawn(move || {
                let mut writing = stream.try_clone().unwrap();
                let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
                while let Some(first) = lines.next() {
                    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                    lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
                    // Whoever asked may be gone.
                    if answer(&path, &mut writing).is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{address}/malmo/log/petitions")
}

fn whole(body: &[u8], status: &str, to: &mut TcpStream) -> std::io::Result<()> {
    write!(to, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len())?;
    to.write_all(body)
}

/// A web server that knows nothing but files.
fn files(folder: PathBuf) -> String {
    serve(move |path, to| {
        let name = path.strip_prefix("/malmo/log/petitions/").unwrap_or("..");
        match fs::read(folder.join(name)) {
            Ok(body) => whole(&body, "200 OK", to),
            Err(_) => whole(b"not here", "404 Not Found", to),
        }
    })
}

fn exported() -> Home {
    let home = Home::new();
    let open = home.open();
    for version in 0..300 {
        open.put("petition-07", version, "petition.hidden", &[]);
    }
    open.closed();
    home.run("tenant export --tenant malmo --to out").ok();
    home
}

fn found(home: &Home, words: &str, code: i32) -> Value {
    let ran = home.run(words);
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn an_export_on_any_web_server_is_checked_over_http() {
    let home = exported();
    let url = files(home.path("out/petitions"));
    let here = found(&home, &format!("verify {url} --json --remember kept"), 0);
    assert_eq!((here["entries"].as_u64(), here["tiles"].as_u64()), (Some(300), Some(5)));
    let again = found(&home, &format!("verify {url}/ --json --remember kept"), 0);
    assert_eq!(again["remembered"].as_u64(), Some(300));
    let tile = home.path("out/petitions/tile/0/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[32 * 17] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let wrong = found(&home, &format!("verify {url} --json"), 1);
    assert_eq!(
        (&wrong["differences"][0]["what"], wrong["differences"][0]["position"].as_u64()),
        (&"entry-hash".into(), Some(17))
    );
    fs::remove_file(tile).unwrap();
    let wrong = found(&home, &format!("verify {url} --json"), 1);
    assert_eq!(wrong["differences"][0]["what"], "missing");
}

#[test]
fn a_receipt_is_checked_with_keys_from_an_address() {
    let home = Home::new();
    let open = home.log();
    open.0.sign_checkpoint().unwrap();
    fs::write(home.path("receipt"), open.0.receipt(1).unwrap().unwrap().to_string()).unwrap();
    open.closed();
    home.run("tenant export --tenant malmo --to out").ok();
    let url = files(home.path("out/petitions"));
    let proved = home.run(&format!("verify receipt receipt --keys {url}/keys --json")).json();
    assert_eq!(proved["position"].as_u64(), Some(1));
    home.run(&format!("verify receipt receipt --keys {url}/nothing")).refused(2, &["--keys"]);
}

/// What `verify` says of a server that always does this.
#[track_caller]
fn refused(answer: fn(&str, &mut TcpStream) -> std::io::Result<()>, words: &[&str]) {
    let url = serve(answer);
    Home::new().run(&format!("verify {url}")).refused(1, words);
}

#[test]
fn a_redirect_is_told_and_never_followed() {
    refused(
        |path, to| write!(to, "HTTP/1.1 302 Found\r\nlocation: {path}\r\ncontent-length: 0\r\n\r\n"),
        &["it sends us to /malmo/log/petitions/"],
    );
}

#[test]
fn an_answer_without_end_is_read_no_further_than_it_may_be_long() {
    refused(
        |_, to| {
            write!(to, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
            loop {
                to.write_all(&[b'x'; 1 << 16])?;
            }
        },
        &["its answer has more than"],
    );
}

#[test]
fn what_is_no_http_or_an_error_is_told() {
    refused(|_, to| to.write_all(b"hello\r\n\r\n"), &["asking 127.0.0.1"]);
    refused(|_, to| whole(b"", "500 Internal Server Error", to), &["it answers 500"]);
}

#[test]
fn a_bundle_or_a_chain_without_end_ends_the_check() {
    let home = exported();
    for endless in ["tile/entries/000", "tile/0/000", "checkpoints"] {
        let folder = home.path("out/petitions");
        let url = serve(move |path, to| send(&folder, path, endless, to));
        let wrong = found(&home, &format!("verify {url} --json"), 1);
        assert_eq!(wrong["whole"], false, "{endless}");
    }
}

/// One file has no end.
fn send(folder: &Path, path: &str, endless: &str, to: &mut TcpStream) -> std::io::Result<()> {
    let name = path.strip_prefix("/malmo/log/petitions/").unwrap_or("..");
    if name == endless {
        write!(to, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
        loop {
            to.write_all(&[b'\n'; 1 << 16])?;
        }
    }
    match fs::read(folder.join(name)) {
        Ok(body) => whole(&body, "200 OK", to),
        Err(_) => whole(b"not here", "404 Not Found", to),
    }
}
