//! A short form of each row of the fault table, a test a row, named after what must hold.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use radslag_tests::faults::{self, ROWS, lab::Lab};

/// Runs a row; one that needs what isn't here (root, to mount) says so and breaks nothing.
fn row(name: &str, may_be_left_out: bool) {
    let lab = Lab::new(Path::new(env!("CARGO_BIN_EXE_faults")), 1, true, None).unwrap();
    let row = ROWS.iter().find(|row| row.name == name).unwrap();
    let report = faults::run(row, &lab);
    match &report.not_run {
        Some(why) => assert!(may_be_left_out, "not run: {why}"),
        None => assert!(report.counts.as_ref().is_some_and(|tally| tally.tried > 0)),
    }
    assert!(!report.is_broken(), "\n{}", report.failures());
}

#[test]
fn any_history_of_two_logs_reads_as_a_vec_would() {
    row("1", false);
}

#[test]
fn each_crash_point_fires_and_nothing_acknowledged_is_lost() {
    row("2", false);
}

#[test]
fn a_power_loss_loses_nothing_acknowledged() {
    row("3", false);
}

#[test]
fn a_power_cut_of_a_real_file_system_loses_nothing_acknowledged() {
    row("4", true);
}

#[test]
fn a_process_killed_under_load_opens_again_with_all_it_acknowledged() {
    row("5", false);
}

#[test]
fn damage_is_detected_or_made_again_and_never_is_a_shorter_log_served() {
    row("6", false);
}

#[test]
fn a_full_disk_is_read_only_with_a_reason_and_goes_on_when_there_is_room() {
    row("7a", true);
}

#[test]
fn a_failed_sync_ends_the_process_and_leaves_no_hole_under_what_is_acknowledged() {
    row("7b", false);
}

#[test]
fn positions_decide_whatever_the_clock_does() {
    row("10", false);
}

#[test]
fn of_a_hundred_identical_appends_signatures_or_uses_of_a_link_one_is_taken() {
    row("11", false);
}

#[test]
fn an_old_backup_brings_nothing_back_and_takes_nothing_away() {
    row("13", false);
}

#[test]
fn a_stream_equals_the_log_whatever_happens_to_its_server_and_its_relays() {
    row("8", false);
}

#[test]
fn tables_equal_a_rebuild_whatever_happens_to_postgres() {
    row("9", false);
}
