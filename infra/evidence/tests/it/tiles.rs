//! Tiles have the names and the widths that the specification gives them.

use proptest::prelude::*;
use radslag_evidence::{
    Nodes as _,
    tile::{self, Of, Tile},
};

use crate::Leaves;

#[test]
fn a_name_is_written_in_groups_of_three() {
    for (tile, name) in [
        (Tile { of: Of::Hashes(0), number: 0, width: 256 }, "0/000"),
        (Tile { of: Of::Hashes(2), number: 1_234_067, width: 256 }, "2/x001/x234/067"),
        (Tile { of: Of::Entries, number: 1_000, width: 17 }, "entries/x001/000.p/17"),
    ] {
        assert_eq!(tile.to_string(), name);
        assert_eq!(Tile::parse(name), Some(tile));
    }
    for wrong in [
        "",
        "0",
        "0/",
        "0/1",
        "00/001",
        "64/000",
        "-1/000",
        "0/x001",
        "0/001/002",
        "0/x000/001",
        "0/x001/x002",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/01",
        "0/001.p/",
        "0/001/",
        "entry/000",
        "0/0000",
        "0/00\u{0661}",
        "0/x018/x446/x744/x073/x709/x551/616",
    ] {
        assert_eq!(Tile::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_tree_has_the_tiles_of_the_specifications_example() {
    let of = |level| Tile::all(70_000).filter(|tile| tile.of == Of::Hashes(level)).collect::<Vec<_>>();
    assert_eq!(of(0).len(), 274);
    assert_eq!(of(0).iter().filter(|tile| tile.is_whole()).count(), 273);
    assert_eq!(of(0)[273].width, 112);
    assert_eq!(of(1).iter().map(|tile| tile.width).collect::<Vec<_>>(), [256, 17]);
    assert_eq!(of(2).iter().map(|tile| tile.width).collect::<Vec<_>>(), [1]);
    assert_eq!(of(3), []);
    let entries = Tile::all(70_000).filter(|tile| tile.of == Of::Entries).count();
    assert_eq!(entries, 274);
    let names = Tile::all(256).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(names, ["entries/000", "0/000", "1/000.p/1"]);
    assert_eq!(Tile::all(0).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_name_is_that_of_another_implementation(level in 0_u8..8, number in 0_u64..1 << 40, width in 1_u16..=256) {
        let ours = Tile { of: Of::Hashes(level), number, width };
        let theirs = tlog_tiles::Tile::new(8, level, number, u32::from(width), false);
        let path = theirs.path();
        let name = path.strip_prefix("tile/8/").or_else(|| path.strip_prefix("tile/")).unwrap();
        prop_assert_eq!(ours.to_string(), name);
        prop_assert_eq!(Tile::parse(name), Some(ours));
    }

    #[test]
    fn no_text_is_read_as_another_name(text in "[0-9x/.pentrisx]{0,24}") {
        if let Some(tile) = Tile::parse(&text) {
            prop_assert_eq!(tile.to_string(), text);
        }
    }

    #[test]
    fn a_bundle_is_read_as_it_was_written(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..9), cut in 1_usize..40) {
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| tile::bundle(&mut bytes, entry));
        let read = tile::unbundle(&bytes).unwrap();
        prop_assert_eq!(&read, &entries.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let short = tile::unbundle(&bytes[..bytes.len().saturating_sub(cut)]);
        prop_assert!(short.is_none_or(|read| bytes.is_empty() || read.len() < entries.len()));
    }
}

#[test]
fn the_root_of_a_whole_tile_is_a_node_of_the_tree() {
    let leaves = Leaves::bytes(512);
    assert_eq!(tile::root(&leaves.0[256..]), Some(leaves.node(8, 1).unwrap()));
    assert_eq!(tile::root(&leaves.0[..3]), None);
    assert_eq!(tile::root(&[]), None);
}
