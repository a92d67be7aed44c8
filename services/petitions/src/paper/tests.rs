//! The rules of lists on paper, each by name.

use radslag_kernel::{
    Calendar, Instant, ItemId, KeyRef, Opened, SubjectId,
    test::{Given, given as given_any},
};

use super::{csv::Reader, samples::*, typed::number, *};

mod grounds;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn by(by: SubjectId, act: Act) -> Command {
    let (ground, asks_ground) = (String::new(), false);
    Command { at: at(), batch: BATCH, by, conflict: false, takes_paper: true, ground, asks_ground, act }
}

fn sheet() -> Event {
    Event::SheetEntered { at: at(), batch: BATCH, by: FIRST, sheet: 0, taken: 2, refused: 0, last: 2 }
}

fn checked(differing: u32) -> Event {
    Event::SheetChecked { at: at(), batch: BATCH, by: SECOND, sheet: 0, differing, ground: None }
}

fn accepted() -> Event {
    Event::Accepted { at: at(), batch: BATCH, by: SECOND, ground: None }
}

#[test]
fn a_batch_comes_in_with_a_scans_hash_and_a_date() {
    let register = |today: &str| {
        let (received, today) = ("2008-10-10".parse().unwrap(), today.parse().unwrap());
        by(FIRST, Act::Register { key: KeyRef(12), received, today, scan: [9; 32] })
    };
    given([]).when(register("2008-10-10")).then([registered()]);
    given([]).when(register("2008-10-09")).refused(Refusal::ReceivedInTheFuture);
    let away = Command { takes_paper: false, ..register("2008-10-10") };
    given([]).when(away).refused(Refusal::PetitionNotSigned);
    let signed = Command { conflict: true, ..register("2008-10-10") };
    given([]).when(signed).refused(Refusal::ConflictOfInterest);
}

#[test]
fn lines_are_typed_in_order_and_a_sheet_at_a_time() {
    let enter = |taken, first| by(FIRST, Act::Enter { taken, refused: 0, first, last: 2 });
    given([registered()]).when(enter(2, 1)).then([sheet()]);
    given([]).when(enter(2, 1)).refused(Refusal::UnknownBatch);
    given([registered()]).when(enter(0, 1)).refused(Refusal::LinesMissing);
    given([registered()]).when(enter(501, 1)).refused(Refusal::TooManyLines);
    given([registered(), sheet()]).when(enter(1, 2)).refused(Refusal::LinesNotInOrder);
    given([registered(), sheet(), checked(0), accepted()])
        .when(enter(1, 3))
        .refused(Refusal::AlreadyAccepted);
}

#[test]
fn who_typed_a_sheet_does_not_check_it() {
    let check = |who| by(who, Act::Check { sheet: 0, differing: 0 });
    given([registered(), sheet()]).when(check(FIRST)).refused(Refusal::SamePersonTwice);
    given([registered(), sheet()]).when(check(SECOND)).then([checked(0)]);
    given([registered(), sheet(), checked(0)]).when(check(SECOND)).refused(Refusal::AlreadyChecked);
    given([registered()]).when(check(SECOND)).refused(Refusal::UnknownLine);
}

#[test]
fn it_is_counted_only_when_checked_and_settled() {
    let accept = || by(SECOND, Act::Accept);
    let settled = Event::SheetSettled { at: at(), batch: BATCH, by: FIRST, sheet: 0, ground: None };
    given([registered()]).when(accept()).refused(Refusal::LinesMissing);
    given([registered(), sheet()]).when(accept()).refused(Refusal::NotChecked);
    given([registered(), sheet(), checked(1)]).when(accept()).refused(Refusal::DifferencesOpen);
    given([registered(), sheet(), checked(1), settled.clone()]).when(accept()).then([accepted()]);
    given([registered(), sheet(), checked(1)]).when(by(FIRST, Act::Settle { sheet: 0 })).then([settled]);
    given([registered(), sheet(), checked(0)])
        .when(by(FIRST, Act::Settle { sheet: 0 }))
        .refused(Refusal::NotDiffering);
}

fn counted(sheet: u32) -> Event {
    Event::SheetCounted { at: at(), batch: BATCH, sheet, counted: 2, uncompared: 1, dropped: 0 }
}

fn undone() -> Event {
    let ground = Opened::Known("Planted ground".to_owned());
    Event::Undone { at: at(), batch: BATCH, by: FIRST, key: KeyRef(12), ground }
}

fn struck() -> Event {
    Event::SheetStruck { at: at(), batch: BATCH, sheet: 0, struck: 2 }
}

fn reinstated() -> Event {
    Event::SheetReinstated { at: at(), batch: BATCH, sheet: 0 }
}

/// An accepted batch of one sheet, and what came after.
fn accepted_and(events: &[Event]) -> Vec<Event> {
    [registered(), sheet(), checked(0), accepted()].iter().chain(events).cloned().collect()
}

#[test]
fn sheets_are_counted_once_and_struck_once() {
    let count = || by(SECOND, Act::Count { counted: 2, uncompared: 1, dropped: 0 });
    let strike = || by(SECOND, Act::Strike { struck: 2 });
    given(accepted_and(&[])).when(count()).then([counted(0)]);
    given(accepted_and(&[counted(0)])).when(count()).then([]);
    given(accepted_and(&[counted(0)])).when(strike()).then([]);
    let undo = |ground: &str| by(FIRST, Act::Undo { ground: ground.into() });
    given(accepted_and(&[counted(0)])).when(undo("Planted ground")).then([undone()]);
    given(accepted_and(&[counted(0)])).when(undo(" ")).refused(Refusal::GroundMissing);
    given(accepted_and(&[counted(0), undone()])).when(strike()).then([struck()]);
    given(accepted_and(&[counted(0), undone(), struck()])).when(strike()).then([]);
    given(accepted_and(&[counted(0), undone()])).when(undo("x")).refused(Refusal::AlreadyUndone);
}

#[test]
fn what_lost_to_a_struck_sheet_counts_again_before_the_next_is_struck() {
    let work = |events: &[Event]| {
        let mut state = State::default();
        accepted_and(events).iter().for_each(|event| state.evolve(event));
        state.0.unwrap().work()
    };
    let finish = |act| by(SECOND, act);
    assert_eq!(work(&[]), Some(Work::Count(0)));
    assert_eq!(work(&[counted(0)]), Some(Work::FinishCount));
    given(accepted_and(&[counted(0)]))
        .when(finish(Act::FinishCount))
        .then([Event::Counted { at: at(), batch: BATCH }]);
    assert_eq!(work(&[counted(0), Event::Counted { at: at(), batch: BATCH }]), None);
    assert_eq!(work(&[undone()]), Some(Work::FinishStrike), "nothing was counted yet");
    assert_eq!(work(&[counted(0), undone()]), Some(Work::Strike(0)));
    assert_eq!(work(&[counted(0), undone(), struck()]), Some(Work::Reinstate(0)));
    given(accepted_and(&[counted(0), undone(), struck()])).when(finish(Act::Reinstate)).then([reinstated()]);
    given(accepted_and(&[counted(0), undone()])).when(finish(Act::Reinstate)).then([]);
    assert_eq!(work(&[counted(0), undone(), struck(), reinstated()]), Some(Work::FinishStrike));
    let over = Event::Struck { at: at(), batch: BATCH };
    let history = accepted_and(&[counted(0), undone(), struck(), reinstated()]);
    given(history).when(finish(Act::FinishStrike)).then([over.clone()]);
    assert_eq!(work(&[counted(0), undone(), struck(), reinstated(), over]), None);
}

fn received(parts: u32) -> Event {
    Event::ImportReceived { at: at(), batch: BATCH, parts, rows: 2, refused: 0 }
}

fn cancelled() -> Event {
    Event::ImportCancelled { at: at(), batch: BATCH, by: FIRST, keys: vec![IMPORT], ground: None }
}

fn begin() -> Command {
    let date = |text: &str| text.parse().unwrap();
    let (deadline, receivable) = (date("2009-02-22"), date("2009-02-23"));
    by(FIRST, Act::BeginImport { key: IMPORT, deadline, receivable })
}

#[test]
fn a_file_becomes_sheets_once_it_is_here_and_its_key_ends_with_it() {
    let receive = |import, parts| by(FIRST, Act::ReceiveImport { import, parts, rows: 2, refused: 0 });
    let enter = |import| by(FIRST, Act::EnterPart { import, taken: 2, refused: 0, first: 1, last: 2 });
    let finished = Event::ImportFinished { at: at(), batch: BATCH, keys: vec![IMPORT] };
    given([registered()]).when(begin()).then([started()]);
    given([registered(), started()]).when(enter(1)).then([]);
    given([registered(), started()]).when(receive(1, 1)).then([received(1)]);
    given([registered(), started()]).when(receive(2, 1)).refused(Refusal::ImportReplaced);
    given([registered(), started()]).when(receive(1, 0)).then([received(0), finished.clone()]);
    given([registered(), started(), received(2)]).when(enter(1)).then([sheet()]);
    given([registered(), started(), received(1)]).when(enter(1)).then([sheet(), finished.clone()]);
    given([registered(), started(), received(1)]).when(enter(2)).then([]);
    given([registered(), started(), received(1), sheet(), finished]).when(enter(1)).then([]);
}

#[test]
fn while_a_file_is_read_in_nothing_else_changes_the_batch() {
    let under_way = || given([registered(), sheet(), checked(0), started(), received(1)]);
    let enter = Act::Enter { taken: 1, refused: 0, first: 3, last: 3 };
    for act in [enter, Act::Accept, Act::Undo { ground: "x".into() }] {
        under_way().when(by(SECOND, act)).refused(Refusal::ImportUnderWay);
    }
    under_way().when(begin()).refused(Refusal::ImportUnderWay);
    given([registered(), sheet(), checked(0), accepted()]).when(begin()).refused(Refusal::AlreadyAccepted);
}

#[test]
fn a_file_that_broke_off_gives_way_and_one_that_is_here_is_cancelled() {
    let cancel = |import| by(FIRST, Act::CancelImport { import });
    given([registered(), started()]).when(begin()).then([cancelled(), started()]);
    given([registered(), started()]).when(cancel(Some(1))).then([cancelled()]);
    given([registered(), started(), received(1)]).when(cancel(Some(1))).then([]);
    given([registered(), started(), received(1)]).when(cancel(None)).then([cancelled()]);
    given([registered()]).when(cancel(None)).refused(Refusal::NoImport);
    assert_eq!(cancelled().erases(), [IMPORT]);
}

#[test]
fn rows_that_waited_read_as_they_did_when_they_came() {
    let file = "\u{feff}datum;namn\n2009-01-01;\"Ek; Ann\"\n\"Boe\n".as_bytes();
    let (mut reader, mut rows) = (Reader::default(), Vec::new());
    reader.feed(file, &mut rows).unwrap();
    let waiting = |row: &csv::Row| csv::Waiting {
        number: row.number,
        raw: row.raw.clone(),
        broken: row.typed.is_none(),
    };
    let part = csv::Part { header: reader.header().into(), rows: rows.iter().map(waiting).collect() };
    assert_eq!(part.read(), rows);
    assert_eq!(rows[0].typed.as_ref().unwrap().name, "Ek; Ann");
    assert_eq!(rows[1].typed, None);
}

#[test]
fn the_initiators_own_line_is_dropped_by_name() {
    let dropped = Event::Dropped {
        at: at(),
        item: entered(1).item(),
        key: KeyRef(101),
        reason: Opened::Known(Fault::Initiator.word().into()),
    };
    let sheet = Sheet::fold(&[entered(1), entered(2), dropped]);
    assert_eq!(sheet.lines[0].standing, Standing::Dropped(Opened::Known("initiator".into())));
    assert_eq!((sheet.lines[0].stands(), sheet.lines[1].stands().is_some()), (None, true));
}

/// The terms of lists that came in on a date, of a petition that is signed until an instant in UTC, counted for a day.
fn ending(at: &str, received: &str) -> Terms {
    let at: jiff::Timestamp = at.parse().unwrap();
    let at = Instant::from_millis(u64::try_from(at.as_millisecond()).unwrap());
    let policy = std::sync::Arc::new(crate::petition::samples::policy("open"));
    Terms::new(policy, at, received.parse().unwrap(), &Calendar::of("Europe/Stockholm").unwrap())
}

#[test]
fn a_deadline_is_a_date_in_the_tenants_zone_to_the_end_of_its_day() {
    for (closes_at, deadline, receivable) in [
        // Midnight in Stockholm is 23:00 UTC in winter and 22:00 in summer.
        ("2009-02-22T23:00:00Z", "2009-02-22", "2009-02-23"),
        ("2009-07-22T22:00:00Z", "2009-07-22", "2009-07-23"),
        ("2009-07-22T23:00:00Z", "2009-07-23", "2009-07-24"),
        // The nights of daylight saving have 23 and 25 hours.
        ("2009-03-28T23:00:00Z", "2009-03-28", "2009-03-29"),
        ("2009-03-29T22:00:00Z", "2009-03-29", "2009-03-30"),
        ("2009-10-24T22:00:00Z", "2009-10-24", "2009-10-25"),
        ("2009-10-25T23:00:00Z", "2009-10-25", "2009-10-26"),
        // Month ends and leap days.
        ("2009-02-28T23:00:00Z", "2009-02-28", "2009-03-01"),
        ("2012-02-28T23:00:00Z", "2012-02-28", "2012-02-29"),
        ("2012-02-29T23:00:00Z", "2012-02-29", "2012-03-01"),
        ("2009-12-31T23:00:00Z", "2009-12-31", "2010-01-01"),
        // Closed early, in the middle of a day: that day still counts.
        ("2009-02-22T11:00:00Z", "2009-02-22", "2009-02-23"),
    ] {
        let terms = ending(closes_at, "2009-02-01");
        let found = (terms.deadline.to_string(), terms.receivable.to_string());
        assert_eq!(found, (deadline.to_owned(), receivable.to_owned()), "{closes_at}");
    }
}

#[test]
fn the_29th_of_february_is_a_day_in_leap_years_only() {
    let check = |closes_at, received, date| ending(closes_at, received).check(&typed("Ann", date)).err();
    let leap = "2012-02-29T23:00:00Z";
    assert_eq!(check(leap, "2012-03-01", "2012-02-29"), None);
    assert_eq!(check(leap, "2012-03-02", "2012-02-29"), Some(Fault::ReceivedTooLate));
    assert_eq!(check(leap, "2012-03-01", "2012-03-01"), Some(Fault::DatedAfterDeadline));
    assert_eq!(check("2009-02-28T23:00:00Z", "2009-03-01", "2009-02-29"), Some(Fault::DateMalformed));
    assert_eq!(check("2012-02-28T23:00:00Z", "2012-02-29", "2012-02-29"), Some(Fault::DatedAfterDeadline));
}

#[test]
fn differences_are_found_by_line_and_settled() {
    let sheet = Sheet::fold(&[entered(1), entered(2)]);
    let (same, other) = (typed("PLANTED  person", "2008-10-09"), typed("Planted Parson", "2008-10-09"));
    let when = (at(), SECOND);
    assert_eq!(sheet.compare(when, &[(1, same.clone()), (2, same.clone())]), Ok(vec![]));
    let found = sheet.compare(when, &[(1, same.clone()), (2, other.clone())]).unwrap();
    assert!(matches!(found.as_slice(), [Event::Differed { item, .. }] if *item == entered(2).item()));
    assert_eq!(sheet.compare(when, &[(1, same)]).unwrap().len(), 1, "a line left out differs");
    assert_eq!(sheet.compare(when, &[(3, other.clone())]), Err(Refusal::UnknownLine));
    let differing = Sheet::fold([entered(1), entered(2)].iter().chain(&found));
    let terms = terms("open", "2008-10-10");
    let settle = |kept| differing.settle(when, 2, kept, &terms);
    assert!(
        matches!(settle(Kept::Second), Ok(Event::Settled { typed: Opened::Known(Some(typed)), .. }) if typed == other)
    );
    assert!(matches!(settle(Kept::Neither), Ok(Event::Settled { typed: Opened::Known(None), .. })));
    assert_eq!(differing.settle(when, 1, Kept::First, &terms), Err(Refusal::NotDiffering));
    assert_eq!(differing.lines.iter().filter_map(Line::stands).count(), 1, "what differs doesn't count");
}

#[test]
fn line_date_and_received_date_count_against_the_deadline() {
    let on = |received: &str, date: &str| terms("open", received).check(&typed("Ann", date)).err();
    assert_eq!(on("2009-02-22", "2009-02-22"), None);
    assert_eq!(on("2009-02-23", "2009-02-23"), Some(Fault::DatedAfterDeadline));
    assert_eq!(on("2009-02-23", "2009-02-22"), None);
    assert_eq!(on("2009-02-24", "2009-02-22"), Some(Fault::ReceivedTooLate));
    assert_eq!(on("2009-02-20", "2009-02-21"), Some(Fault::DatedAfterReceipt));
    assert_eq!(on("2009-02-20", "2009-02-29"), Some(Fault::DateMalformed));
}

fn refused(number: u8) -> Event {
    let (item, key) = (ItemId::from_bytes([number; 16]), KeyRef(100 + u64::from(number)));
    let known = |text: &str| Opened::Known(text.to_owned());
    let (reason, raw) = (known("row-broken"), known("Planted"));
    Event::Refused { at: at(), item, key, number: number.into(), reason, raw }
}

/// Erases a line of a sheet whose lines have these events, when its batch has those.
fn erase(lines: &[Event], batch: &[Event], number: u32, change: fn(&mut Erasing)) -> Result<Event, Refusal> {
    let (mut state, sheet) = (State::default(), Sheet::fold(lines));
    batch.iter().for_each(|event| state.evolve(event));
    let (record, ground) = (crate::petition::samples::KEYS.record, "Planted ground".into());
    let mut asked = Erasing { by: FIRST, second: SECOND, conflict: false, ground, record };
    change(&mut asked);
    sheet.erase(&state.0.unwrap(), number, asked, at())
}

#[test]
fn two_officials_erase_a_line_that_is_not_taken_and_it_keeps_its_place() {
    let (lines, batch) = (vec![entered(1), refused(2)], accepted_and(&[counted(0)]));
    let of = |change| erase(&lines, &batch, 2, change);
    assert_eq!(of(|_| ()), Ok(erased(2)));
    assert_eq!(of(|asked| asked.second = FIRST), Err(Refusal::SamePersonTwice));
    assert_eq!(of(|asked| asked.ground.clear()), Err(Refusal::GroundMissing));
    assert_eq!(of(|asked| asked.conflict = true), Err(Refusal::ConflictOfInterest));
    assert_eq!(erase(&lines, &batch, 3, |_| ()), Err(Refusal::UnknownLine));
    let after = [lines, vec![erased(2)]].concat();
    assert_eq!(erase(&after, &batch, 2, |_| ()), Err(Refusal::AlreadyErased));
    let sheet = Sheet::fold(&after);
    let standing = Standing::Refused { reason: Opened::Gone, raw: Opened::Gone };
    assert_eq!((sheet.lines[1].number, &sheet.lines[1].standing), (2, &standing));
}

#[test]
fn a_line_that_may_be_counted_yet_is_not_erased_before() {
    let (lines, typing) = (vec![entered(1)], vec![registered(), sheet()]);
    assert_eq!(erase(&lines, &typing, 1, |_| ()), Err(Refusal::LineWaits));
    assert_eq!(erase(&lines, &accepted_and(&[]), 1, |_| ()), Err(Refusal::LineWaits));
    assert_eq!(erase(&lines, &[typing.clone(), vec![undone()]].concat(), 1, |_| ()), Ok(erased(1)));
    let (item, key) = (ItemId::from_bytes([1; 16]), KeyRef(101));
    let neither = Event::Settled { at: at(), by: FIRST, item, key, typed: Opened::Known(None) };
    assert_eq!(erase(&[entered(1), neither], &typing, 1, |_| ()), Ok(erased(1)));
    let dropped = Event::Dropped { at: at(), item, key, reason: Opened::Known("initiator".into()) };
    assert_eq!(erase(&[entered(1), dropped], &accepted_and(&[counted(0)]), 1, |_| ()), Ok(erased(1)));
    assert_eq!(
        erase(&[refused(1)], &[typing, vec![started()]].concat(), 1, |_| ()),
        Err(Refusal::ImportUnderWay),
        "the file that waits says the same"
    );
}

#[test]
fn a_popular_initiative_asks_for_number_and_address() {
    let check = |policy: &str, typed: &Typed| terms(policy, "2009-02-20").check(typed).err();
    let line = typed("Ann", "2009-02-19");
    assert_eq!(check("folkinitiativ", &line), None);
    let without = Typed { number: String::new(), ..line.clone() };
    assert_eq!(
        (check("folkinitiativ", &without), check("open", &without)),
        (Some(Fault::NumberMissing), None)
    );
    let homeless = Typed { address: String::new(), ..line.clone() };
    assert_eq!(check("folkinitiativ", &homeless), Some(Fault::AddressMissing));
    assert_eq!(check("open", &Typed { number: "811218-9877".into(), ..line }), Some(Fault::NumberMalformed));
}

#[test]
fn a_personal_number_has_a_century_and_a_check_digit() {
    for (written, whole) in [
        ("811218-9876", Some("198112189876")),
        ("19811218-9876", Some("198112189876")),
        ("811218+9876", Some("188112189876")),
        ("811218-9877", None),
        ("81121898", None),
        ("811218-9876x", None),
    ] {
        assert_eq!(number(written, 2009).as_deref(), whole, "{written}");
    }
}

fn read(pieces: &[&[u8]]) -> Result<Vec<(u32, Option<String>)>, csv::UnknownHeader> {
    let (mut reader, mut rows) = (Reader::default(), Vec::new());
    for piece in pieces {
        reader.feed(piece, &mut rows)?;
    }
    reader.end(&mut rows)?;
    Ok(rows.into_iter().map(|row| (row.number, row.typed.map(|typed| typed.name))).collect())
}

#[test]
fn a_broken_row_is_named_and_breaks_no_other() {
    let file = b"namn;datum\n\"Ann\";2009-01-01\n\"Boe;2009-01-01\nCia\n\nDan;2009-01-01\r\nE\"a;x";
    let named = |name: &str| Some(name.to_owned());
    let rows = vec![(2, named("Ann")), (3, None), (4, None), (6, named("Dan")), (7, None)];
    assert_eq!(read(&[file]), Ok(rows.clone()));
    let bytes: Vec<&[u8]> = file.chunks(1).collect();
    assert_eq!(read(&bytes), Ok(rows), "wherever the pieces end");
    let long = format!("name,date\n{},x\nAnn,x", "a".repeat(10_000));
    assert_eq!(read(&[long.as_bytes()]), Ok(vec![(2, None), (3, named("Ann"))]));
    assert_eq!(read(&[b"colour\nred"]), Err(csv::UnknownHeader));
    assert_eq!(read(&[b""]), Err(csv::UnknownHeader));
}

#[test]
fn a_file_is_utf_8_or_windows_1252() {
    let named = |name: &str| Ok(vec![(2, Some(name.to_owned()))]);
    assert_eq!(read(&["\u{feff}name,date\nÅsa Öberg,x".as_bytes()]), named("Åsa Öberg"));
    assert_eq!(read(&[b"name,date\n\xc5sa \xd6berg \x8aek,x"]), named("Åsa Öberg Šek"));
}

#[test]
fn a_code_never_changes_and_stands_there_once() {
    let codes: std::collections::BTreeSet<_> = Refusal::CODES.iter().collect();
    assert_eq!(codes.len(), Refusal::CODES.len());
    assert_eq!(Refusal::SamePersonTwice.to_string(), "same-person-twice");
    assert_eq!(Refusal::DifferencesOpen.to_string(), "paper-differences-open");
    assert_eq!(Fault::DatedAfterDeadline.word(), "dated-after-deadline");
}

#[test]
fn a_hundred_thousand_lines_lose_none_and_name_the_broken_ones() {
    let terms = terms("open", "2009-02-20");
    let (mut reader, mut rows, mut faults) = (Reader::default(), Vec::new(), Vec::new());
    let (mut taken, mut most) = (0, 0);
    reader.feed(b"namn;postnummer;datum\n", &mut rows).unwrap();
    for line in 2..=100_001_u32 {
        let row = match line % 10_000 {
            7 => format!("\"Person {line};211 45;2009-02-19\n"),
            8 => format!("Person {line};211 45;2009-02-29\n"),
            9 => format!("Person {line};211 45;2009-02-23\n"),
            _ => format!("Person {line};211 45;2009-02-19\n"),
        };
        reader.feed(row.as_bytes(), &mut rows).unwrap();
        most = most.max(rows.len());
        for row in rows.drain(..) {
            match row.typed.as_ref().map(|typed| terms.check(typed)) {
                Some(Ok(_)) => taken += 1,
                Some(Err(fault)) => faults.push((row.number, fault)),
                None => faults.push((row.number, Fault::RowBroken)),
            }
        }
    }
    let named = (0..10).flat_map(|ten| {
        let line = ten * 10_000;
        [
            (line + 7, Fault::RowBroken),
            (line + 8, Fault::DateMalformed),
            (line + 9, Fault::DatedAfterDeadline),
        ]
    });
    assert_eq!((taken, faults, most), (99_970, named.collect::<Vec<_>>(), 1));
}
