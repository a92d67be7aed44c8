//! The folds: what stands in rows after which event, and what never does.

use radslag_kernel::Recorded;
use radslag_readmodel::{Cell, Op, Projection, Table, Value};

use super::*;
use crate::{
    event::Event,
    petition::samples as p,
    signature::{Event as Signature, Outcome, samples as s},
    wire::tests::every_event,
};

const ALL: [&Projection<Event>; 5] = [&PETITIONS, &TIMERS, &PERSONS, &COMMENTS, &INQUIRIES];

fn folded(projection: &Projection<Event>, event: Event) -> Vec<Op> {
    let mut ops = Vec::new();
    (projection.fold)(&p::recorded(event), &mut ops);
    ops
}

fn cell<'a>(ops: &'a [Op], table: &Table, column: &str) -> Option<&'a Cell> {
    ops.iter().find_map(|op| match op {
        Op::Set { table: in_table, cells, .. } if in_table.name == table.name => {
            cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell)
        }
        _ => None,
    })
}

#[test]
fn every_cell_fits_its_column_and_sealed_values_stand_in_sealed_ones() {
    for projection in ALL {
        for event in every_event() {
            for op in folded(projection, event) {
                let Op::Set { table, key, cells } = op else { continue };
                assert_eq!(key.len(), table.key, "{}", table.name);
                for (name, cell) in cells {
                    let column = table.columns.iter().find(|column| column.name == name);
                    let column = column.unwrap_or_else(|| panic!("{}.{name}", table.name));
                    assert_eq!(column.sealed, matches!(cell, Cell::Sealed(_)), "{}.{name}", table.name);
                }
            }
        }
    }
}

#[test]
fn described_indexes_and_keys_name_columns() {
    for table in ALL.iter().flat_map(|projection| projection.tables) {
        let has = |name: &str| table.columns.iter().any(|column| column.name == name);
        assert!(table.indexes.iter().flat_map(|index| index.iter()).all(|name| has(name)), "{}", table.name);
        assert_eq!(
            table.sealed_by.is_some(),
            table.columns.iter().any(|column| column.sealed),
            "{}",
            table.name
        );
        assert!(table.sealed_by.is_none_or(has), "{}", table.name);
    }
}

#[test]
fn a_draft_has_no_row() {
    for event in every_event() {
        let draft = matches!(
            &event,
            Event::Petition(
                crate::petition::Event::Drafted { .. }
                    | crate::petition::Event::Expired { draft: Some(_), .. }
            )
        );
        if draft {
            assert_eq!(folded(&PETITIONS, event), []);
        }
    }
}

#[test]
fn the_count_follows_what_is_counted() {
    for event in every_event() {
        let Event::Signature(signature) = &event else { continue };
        let delta = signature.delta();
        let counted: Vec<_> = folded(&PETITIONS, event)
            .into_iter()
            .filter_map(|op| if let Op::Count { delta, .. } = op { Some(delta) } else { None })
            .collect();
        assert_eq!(counted, if delta == 0 { vec![] } else { vec![delta] });
    }
}

#[test]
fn rows_do_not_depend_on_the_outcome_of_a_submission() {
    for outcome in Outcome::ALL {
        for projection in ALL {
            let first = folded(projection, Event::Signature(s::submitted(Outcome::New, true)));
            assert_eq!(folded(projection, Event::Signature(s::submitted(outcome, false))), first);
        }
    }
}

#[test]
fn an_initiator_who_counts_is_counted_from_the_opening() {
    let mut event = p::opened(p::noon("2008-10-16"));
    if let crate::petition::Event::Opened { initiator_counts, .. } = &mut event {
        *initiator_counts = true;
    }
    let ops = folded(&PETITIONS, Event::Petition(event));
    assert!(ops.iter().any(|op| matches!(op, Op::Count { delta: 1, .. })));
    assert_eq!(cell(&ops, &petitions::PETITIONS, "state"), Some(&text("open")));
}

#[test]
fn a_confirmed_request_removes_its_timer() {
    let timers = |event| folded(&TIMERS, Event::Signature(event));
    let set = timers(s::submitted(Outcome::New, true));
    assert_eq!(cell(&set, &timers::TIMERS, "due_at"), Some(&int(s::hour(25).millis())));
    let gone = timers(Signature::Expired { at: s::hour(25), item: s::item(1) });
    assert!(matches!(gone.as_slice(), [Op::Remove { .. }]));
}

#[test]
fn an_unknown_area_is_unknown_and_a_known_one_is_sealed() {
    let recorded = |event: Event| -> Recorded<Event> { p::recorded(event) };
    let mut submission = s::submission(1, Outcome::New, false);
    let area = |submission: &crate::signature::Submission| {
        let mut ops = Vec::new();
        petitions::fold(
            &recorded(Event::Signature(Signature::Signed(Box::new(submission.clone())))),
            &mut ops,
        );
        cell(&ops, &signatures::SIGNATURES, "area").cloned()
    };
    assert_eq!(area(&submission), Some(sealed(Opened::Known("Möllevången".into()))));
    submission.public.area = Opened::Known(String::new());
    assert_eq!(area(&submission), Some(Cell::Sealed(Opened::Known(Value::Null))));
}

#[test]
fn queries_keep_to_what_both_databases_know() {
    for (name, sql) in lists::ALL {
        assert!(sql.starts_with("-- ") && sql.trim_end().ends_with(';'), "{name}");
        for word in ["ILIKE", "ifnull", "strftime", "::", "NULLS", "?"] {
            assert!(!sql.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn a_comments_row_does_not_depend_on_the_outcome_of_its_submission() {
    use crate::comment::{Outcome, samples};
    let submitted = |outcome, mail| {
        let submission = samples::submission(1, outcome, mail);
        Event::Comment(crate::comment::Event::Submitted(Box::new(submission)))
    };
    for projection in ALL {
        let first = folded(projection, submitted(Outcome::New, true));
        for outcome in Outcome::ALL {
            assert_eq!(folded(projection, submitted(outcome, false)), first);
        }
    }
}

#[test]
fn the_number_of_shown_comments_follows_what_is_counted() {
    for event in every_event() {
        let Event::Comment(comment) = &event else { continue };
        let delta = comment.delta();
        let ops = folded(&COMMENTS, event);
        let shown = cell(&ops, &comments::COMMENTS, "shown").cloned();
        match delta {
            1 => assert_eq!(shown, Some(int(1))),
            -1 => assert_eq!(shown, Some(int(0))),
            _ => {}
        }
    }
}

#[test]
fn a_private_answer_stands_in_no_row() {
    for event in crate::inquiry::samples::every_event() {
        let crate::inquiry::Event::Answered { .. } = &event else { continue };
        let mut private = event.clone();
        if let crate::inquiry::Event::Answered { public, .. } = &mut private {
            *public = false;
        }
        let answer = |event| {
            let ops = folded(&INQUIRIES, Event::Inquiry(event));
            let listed = cell(&ops, &inquiries::INQUIRIES, "listed").cloned();
            (listed, cell(&ops, &inquiries::INQUIRIES, "answer").is_some())
        };
        assert_eq!(answer(event), (Some(int(1)), true));
        assert_eq!(answer(private), (Some(int(0)), false));
    }
}
