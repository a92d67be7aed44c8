//! Our rule is at least as strict as buf's, which judges the same changes: what breaks those who read bytes or JSON for buf
//! breaks them for us.

use std::{fs, path::Path, process::Command};

use prost_reflect::DescriptorPool;
use radslag_kit::buf;

use crate::lines::of_pool;

const EVENTS: &str = "radslag/petitions/v1/events.proto";
/// Whoever reads old bytes or their JSON.
const RULES: &str = "version: v2\nbreaking:\n  use: [WIRE_JSON]\n";

/// What is changed, by what, and whether buf takes it for a breach.
const CHANGES: [(&str, &str, &str, bool); 13] = [
    ("a field goes", "  bool against = 3;", "//", true),
    ("a field gets another number", "bool against = 3;", "bool against = 9;", true),
    ("a field gets another name", "bool against = 3;", "bool voted_against = 3;", true),
    (
        "a field gets another name in JSON",
        "bool against = 3;",
        "bool against = 3 [json_name = \"no\"];",
        true,
    ),
    ("a field gets another type", "uint64 expires_at = 2;", "string expires_at = 2;", true),
    ("a field gets a type of the same bytes", "uint64 expires_at = 2;", "int64 expires_at = 2;", false),
    ("a field is repeated", "uint64 expires_at = 2;", "repeated uint64 expires_at = 2;", true),
    ("what may be absent can't be", "optional bytes dialogue_id = 1;", "bytes dialogue_id = 1;", false),
    ("a choice is taken apart", "oneof length {", "message Length {", true),
    ("a value goes", "  REOPENED_FOR_ERROR = 2;", "", true),
    ("a value gets another number", "REOPENED_FOR_ERROR = 2;", "REOPENED_FOR_ERROR = 7;", true),
    ("a value gets another name", "REOPENED_FOR_ERROR = 2;", "REOPENED_FOR_MISTAKE = 2;", true),
    ("an event gets another name", "message SignatureSigned {", "message SignatureWritten {", false),
];

/// A copy of the schema, with one thing changed.
fn copy(to: &Path, change: Option<(&str, &str)>) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![std::path::PathBuf::from("radslag")];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(to.join(&folder)).unwrap();
        for entry in fs::read_dir(from.join(&folder)).unwrap().map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                fs::copy(entry.path(), to.join(path)).unwrap();
            }
        }
    }
    fs::write(to.join("buf.yaml"), RULES).unwrap();
    if let Some((before, after)) = change {
        let text = fs::read_to_string(to.join(EVENTS)).unwrap();
        assert!(text.contains(before), "{before} isn't there any more");
        fs::write(to.join(EVENTS), text.replacen(before, after, 1)).unwrap();
    }
}

fn pool(folder: &Path) -> Result<DescriptorPool, protox::Error> {
    let names = ["petitions/v1/events", "petitions/v1/commands", "notifications/v1/events", "log/v1/log"];
    let files = protox::compile(names.map(|name| format!("radslag/{name}.proto")), [folder])?;
    Ok(DescriptorPool::from_file_descriptor_set(files).unwrap())
}

/// Whether buf takes a schema for one that breaks readers of another; it needs no network for it.
fn buf_finds(old: &Path, new: &Path) -> bool {
    let mut buf = Command::new(buf().unwrap());
    buf.args(["breaking", ".", "--against"]).arg(old).current_dir(new).env("HOME", new);
    let output = buf.output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("Failure"), "{said}");
    !output.status.success()
}

#[test]
fn what_breaks_readers_for_buf_breaks_them_for_us() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    copy(&old, None);
    let before = of_pool(&pool(&old).unwrap());
    assert!(!buf_finds(&old, &old));
    for (number, (what, from, to, for_buf)) in CHANGES.into_iter().enumerate() {
        let new = folder.path().join(number.to_string());
        copy(&new, Some((from, to)));
        let Ok(pool) = pool(&new) else { panic!("{what}: it is no schema any more") };
        assert_eq!(buf_finds(&old, &new), for_buf, "{what}, for buf");
        let after = of_pool(&pool);
        assert!(before.iter().any(|line| !after.contains(line)), "{what}, for us");
    }
}
