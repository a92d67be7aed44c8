//! The page: its blocks by their names, in their order.

use std::fs;

use radslag_kit::workspace;

use crate::{apart, one};

/// A block's name and its lines.
pub(crate) fn blocks() -> Vec<(String, String)> {
    let page = fs::read_to_string(workspace().join("infra/deploy/README.md")).unwrap();
    let mut parts = page.split("\n```");
    let mut blocks = Vec::new();
    // What opens a block and what closes it take turns.
    while let (Some(_), Some(block)) = (parts.next(), parts.next()) {
        let (kind, text) = block.split_once('\n').unwrap();
        if let Some(name) = kind.strip_prefix("sh ") {
            blocks.push((name.to_owned(), format!("{text}\n")));
        } else {
            assert!(!kind.starts_with("sh") && !kind.starts_with("bash"), "a block without a name: {text}");
        }
    }
    blocks
}

/// One block.
pub(crate) fn block(name: &str) -> String {
    let found = blocks().into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("the page has no block {name}")).1
}

#[test]
fn every_block_of_the_page_is_run() {
    let mut named: Vec<String> = blocks().into_iter().map(|(name, _)| name).collect();
    let mut run: Vec<&str> = one::BLOCKS.iter().chain(apart::BLOCKS).copied().collect();
    named.sort();
    run.sort_unstable();
    assert_eq!(named, run);
}
