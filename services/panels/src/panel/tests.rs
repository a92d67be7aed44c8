//! The rules of panels, each by name.

use radslag_kernel::{
    ItemId, KeyRef, Opened,
    test::{Given, given as given_any},
    text::Fault,
};

use super::{draw, event::Answer, import, samples::*, state::Recruiting, *};
use crate::{
    form::{Form, Misformed},
    questions::Question,
    strata::{Strata, tests::strata},
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn on(at: u64, act: Act) -> Command {
    Command { at: day(at), by: by(LEADER), act }
}

fn by_other(at: u64, act: Act) -> Command {
    Command { at: day(at), by: by(OTHER), act }
}

fn decide(size: u32, recruiting: Recruiting) -> Act {
    let (term_months, replacement) = (24, Replacement::Automatic);
    Act::Decide { size, recruiting, term_months, replacement, who: "Planted board".into() }
}

#[test]
fn a_panel_has_a_name_and_a_purpose() {
    let plan = |texts| Act::Plan { keys: KEYS, dialogue: None, texts };
    given([]).when(on(0, plan(texts()))).then([planned()]);
    given([planned()]).when(on(0, plan(texts()))).then([]);
    let nameless = Texts { name: " ".into(), ..texts() };
    given([]).when(on(0, plan(nameless))).refused(Refusal::Text(Field::Name, Fault::Missing));
    let aimless = Texts { purpose: String::new(), ..texts() };
    given([planned()])
        .when(on(1, Act::Change { texts: aimless }))
        .refused(Refusal::Text(Field::Purpose, Fault::Missing));
    given([]).when(on(0, Act::Start)).refused(Refusal::UnknownPanel);
}

#[test]
fn start_is_refused_while_one_of_the_eleven_questions_is_open_and_names_it() {
    for question in Question::ALL {
        let mut history = vec![planned(), form_set(), decided(ENROLS)];
        history.extend(Question::ALL.iter().filter(|other| *other != question).map(|other| answered(*other)));
        given(history).when(on(3, Act::Start)).refused(Refusal::QuestionOpen(*question));
    }
    let history = [vec![planned(), form_set()], all_answered(), vec![decided(ENROLS)]].concat();
    given(history).when(on(3, Act::Start)).then([moved(3, Phase::Recruiting, false)]);
}

#[test]
fn not_decided_by_somebody_is_an_answer_too() {
    let answer = |text: &str, by: &str| Act::Answer {
        question: Question::Promise,
        text: text.into(),
        undecided_by: by.into(),
    };
    let undecided = Answer { text: String::new(), undecided_by: "Planted board".into() };
    let event = Event::Answered {
        at: day(1),
        by: LEADER,
        document: KEYS.document,
        question: Question::Promise,
        answer: undecided.into(),
    };
    given([planned()]).when(on(1, answer("", "Planted board"))).then([event.clone()]);
    given([planned(), event]).when(on(2, answer("", "Planted board"))).then([]);
    given([planned()]).when(on(1, answer("", ""))).refused(Refusal::Text(Field::Answer, Fault::Missing));
}

#[test]
fn a_panel_whose_strata_use_what_neither_register_nor_form_supplies_can_not_start() {
    let start = |more: Vec<Event>| {
        let history =
            [vec![planned(), form_set(), strata_set()], more, all_answered(), vec![decided(ENROLS)]];
        given(history.concat()).when(on(3, Act::Start))
    };
    // Ale's form asks for the year of birth and not for the gender.
    start(vec![]).refused(Refusal::AttributeNotSupplied(1));
    start(vec![begun(import::Kind::Register)]).then([moved(3, Phase::Recruiting, false)]);
}

#[test]
fn who_comes_by_themselves_fills_in_a_form() {
    let history = [vec![planned()], all_answered(), vec![decided(ENROLS)]].concat();
    given(history).when(on(3, Act::Start)).refused(Refusal::FormMissing);
    let history = [vec![planned()], all_answered(), vec![decided(INVITES)]].concat();
    given(history).when(on(3, Act::Start)).then([moved(3, Phase::Recruiting, false)]);
}

#[test]
fn a_decision_says_how_many_and_how_they_are_found_and_is_made_once() {
    given([planned()]).when(on(2, decide(45, ENROLS))).then([decided(ENROLS)]);
    given([planned()]).when(on(2, decide(0, ENROLS))).refused(Refusal::SizeNotAllowed);
    given([planned()]).when(on(2, decide(45, Recruiting::default()))).refused(Refusal::NoWayIn);
    given([planned(), decided(ENROLS)]).when(on(2, decide(45, ENROLS))).refused(Refusal::DecidedAlready);
    given([planned()]).when(on(2, Act::Start)).refused(Refusal::NotDecided);
    given(recruiting(ENROLS)).when(on(4, Act::Start)).refused(Refusal::StartedAlready);
}

#[test]
fn a_panel_recruits_works_rests_works_again_and_ends() {
    given(recruiting(ENROLS))
        .when(on(4, Act::Activate))
        .and_then()
        .when(on(5, Act::Rest))
        .and_then()
        .when(on(6, Act::Resume))
        .and_then()
        .when(on(7, Act::End { reason: "Planted reason".into() }))
        .then([ended(7)]);
    given(recruiting(ENROLS)).when(on(4, Act::Rest)).refused(Refusal::NotActive);
    given(recruiting(ENROLS)).when(on(4, Act::Resume)).refused(Refusal::NotResting);
    given([planned()]).when(on(4, Act::Activate)).refused(Refusal::NotRecruiting);
    given([planned()]).when(on(4, Act::End { reason: "x".into() })).refused(Refusal::NotDecided);
    let over = [recruiting(ENROLS), vec![ended(5)]].concat();
    given(over.clone()).when(on(6, Act::Activate)).refused(Refusal::PanelEnded);
    given(over.clone()).when(on(6, Act::Change { texts: texts() })).refused(Refusal::PanelEnded);
    given(over).when(on(6, Act::End { reason: "x".into() })).then([]);
}

#[test]
fn a_form_that_can_not_be_is_refused_and_each_text_of_it_has_a_version() {
    given([planned()])
        .when(on(1, Act::SetForm { form: Form { age_min: 16, ..Form::default() } }))
        .refused(Refusal::Form(Misformed::AgeUnknown));
    let form = Form { consent_version: 0, ..crate::form::tests::ale() };
    let second = Event::FormSet {
        at: day(2),
        by: LEADER,
        document: KEYS.document,
        version: 2,
        form: form.clone().into(),
    };
    given([planned(), form_set()]).when(on(2, Act::SetForm { form: form.clone() })).then([second.clone()]);
    given([planned(), form_set(), second]).when(on(3, Act::SetForm { form })).then([]);
}

#[test]
fn once_people_are_counted_categories_change_in_words_and_numbers_only() {
    let history = || {
        let before = vec![planned(), strata_set(), begun(import::Kind::Register), form_set()];
        [before, all_answered(), vec![decided(ENROLS), moved(3, Phase::Recruiting, false)]].concat()
    };
    given(history()).when(on(4, Act::SetStrata { strata: Strata::default() })).refused(Refusal::StrataFixed);
    let mut wished = strata();
    wished.categories[0].features[0].wanted = true;
    let set = Event::StrataSet {
        at: day(4),
        by: LEADER,
        document: KEYS.document,
        version: 2,
        strata: wished.clone().into(),
    };
    given(history()).when(on(4, Act::SetStrata { strata: wished })).then([set]);
}

fn begin(kind: import::Kind) -> Act {
    let Event::Import(import::Event { what: import::What::Begun { key, columns, deadline, .. }, .. }) =
        begun(kind)
    else {
        unreachable!()
    };
    let columns = columns.known().unwrap().clone();
    Act::Import(import::Act::Begin { import: REGISTER, kind, key, columns, deadline })
}

fn complete(import: ItemId) -> Act {
    let (parts, rows, refused, keep_until) = (2, 300, 1, day(91));
    Act::Import(import::Act::Complete { import, parts, rows, refused, hash: vec![7; 32], keep_until })
}

#[test]
fn a_register_imported_twice_is_refused_until_the_first_was_destroyed() {
    let second = ItemId::from_bytes([32; 16]);
    let begin_second = |history: Vec<Event>| {
        let columns = import::Columns::default();
        let (kind, key, deadline) = (import::Kind::Register, KeyRef(32), day(5));
        let begin = import::Act::Begin { import: second, kind, key, columns, deadline };
        given(history).when(on(4, Act::Import(begin))).and_then().when(on(4, complete(second)))
    };
    let first = vec![planned(), begun(import::Kind::Register), completed()];
    begin_second(first.clone()).refused(Refusal::ImportedAlready);
    let ground = Opened::Known("planted ground".into());
    let destroyed = of_import(2, import::What::Destroyed { key: KeyRef(31), record: KEYS.record, ground });
    let mut again = begin_second([first, vec![destroyed]].concat()).state().0.unwrap();
    assert_eq!(again.imports.pop().unwrap().standing, import::Standing::Complete);
}

#[test]
fn one_import_comes_at_a_time_and_within_its_time() {
    let coming = vec![planned(), begun(import::Kind::Register)];
    given([planned()]).when(on(1, begin(import::Kind::Register))).then([begun(import::Kind::Register)]);
    given(coming.clone()).when(on(1, begin(import::Kind::Volunteers))).refused(Refusal::ImportUnderWay);
    given(coming.clone()).when(on(1, complete(REGISTER))).then([completed()]);
    given(coming.clone()).when(on(2, complete(REGISTER))).refused(Refusal::ImportOver);
    let empty = import::Act::Complete {
        import: REGISTER,
        parts: 0,
        rows: 0,
        refused: 7,
        hash: vec![7; 32],
        keep_until: day(91),
    };
    given(coming.clone()).when(on(1, Act::Import(empty))).refused(Refusal::ImportEmpty);
    let cancel = Act::Import(import::Act::Cancel { import: REGISTER });
    let ground = Opened::Known("planted ground".into());
    let cancelled = of_import(1, import::What::Cancelled { key: KeyRef(31), record: KEYS.record, ground });
    given(coming).when(on(1, cancel)).then([cancelled]);
}

#[test]
fn a_list_of_volunteers_is_destroyed_once_each_has_a_key_of_their_own() {
    let history = vec![planned(), begun(import::Kind::Volunteers), completed()];
    let progress = |done| Act::Import(import::Act::Progress { import: REGISTER, done, taken: 90 });
    let progressed = |done, taken| of_import(3, import::What::Progressed { done, taken });
    given(history.clone()).when(on(3, progress(100))).then([progressed(100, 90)]);
    let destroyed = of_import(
        3,
        import::What::Destroyed {
            key: KeyRef(31),
            record: KEYS.record,
            ground: Opened::Known(String::new()),
        },
    );
    let quietly = |command: Command| Command { by: By { ground: String::new(), ..by(LEADER) }, ..command };
    let last = given([history, vec![progressed(100, 90)]].concat()).when(quietly(on(3, progress(200))));
    last.then([progressed(300, 180), destroyed]);
}

fn commit(kind: draw::Kind) -> Act {
    Act::Draw(draw::Act::Commit { draw: DRAW, terms: terms(kind) })
}

fn with_register() -> Vec<Event> {
    [recruiting(INVITES), vec![begun(import::Kind::Register), completed()]].concat()
}

#[test]
fn a_draw_is_committed_to_while_the_panel_recruits_or_works_and_one_at_a_time() {
    let invitation = draw::Kind::Invitation;
    given(with_register()).when(on(5, commit(invitation))).then([committed(invitation)]);
    given(recruiting(INVITES)).when(on(5, commit(invitation))).refused(Refusal::RegisterMissing);
    given(recruiting(ENROLS)).when(on(5, commit(invitation))).refused(Refusal::NotDrawnSo);
    given(recruiting(DRAWS))
        .when(on(5, commit(draw::Kind::Sortition)))
        .then([committed(draw::Kind::Sortition)]);
    given(recruiting(DRAWS)).when(on(5, commit(draw::Kind::Replacement))).refused(Refusal::NotDrawnSo);
    given([planned()]).when(on(5, commit(invitation))).refused(Refusal::NotRecruiting);
    let under_way = [with_register(), vec![committed(invitation)]].concat();
    given(under_way).when(on(5, commit(invitation))).refused(Refusal::DrawUnderWay);
}

#[test]
fn a_draw_has_places_fewer_than_people_a_source_and_a_time_to_answer() {
    let refused = |change: fn(&mut draw::Terms), why| {
        let mut terms = terms(draw::Kind::Sortition);
        change(&mut terms);
        let commit = Act::Draw(draw::Act::Commit { draw: DRAW, terms });
        given(recruiting(DRAWS)).when(on(5, commit)).refused(why);
    };
    refused(|terms| terms.places = 301, Refusal::MorePlacesThanPeople);
    refused(|terms| terms.places = 0, Refusal::PlacesNotAllowed);
    refused(|terms| terms.reply_days = 0, Refusal::ReplyTimeNotAllowed);
    refused(|terms| terms.source = String::new().into(), Refusal::Text(Field::Source, Fault::Missing));
}

fn make(made: draw::Made) -> Act {
    Act::Draw(draw::Act::Make { draw: DRAW, made })
}

#[test]
fn whoever_commits_to_a_draw_can_not_enter_the_value_that_decides_it() {
    let history = [recruiting(DRAWS), vec![committed(draw::Kind::Sortition)]].concat();
    given(history.clone()).when(on(6, make(made(LEADER)))).refused(Refusal::SamePersonTwice);
    given(history).when(by_other(6, make(made(OTHER)))).then([drawn()]);
}

#[test]
fn a_draw_repeated_with_another_value_is_refused() {
    let history = [recruiting(DRAWS), vec![committed(draw::Kind::Sortition), drawn()]].concat();
    given(history.clone()).when(by_other(7, make(made(OTHER)))).then([]);
    let other = draw::Made { value: Opened::Known("16 23 42".into()), ..made(OTHER) };
    given(history.clone()).when(by_other(7, make(other))).refused(Refusal::DrawMade);
    let cancel = Act::Draw(draw::Act::Cancel { draw: DRAW });
    given(history).when(on(7, cancel.clone())).refused(Refusal::DrawMade);
    let ground = Opened::Known("planted ground".into());
    let cancelled = of_draw(6, LEADER, draw::What::Cancelled { record: KEYS.record, ground });
    let history = [recruiting(DRAWS), vec![committed(draw::Kind::Sortition)]].concat();
    given(history.clone()).when(on(6, cancel)).then([cancelled.clone()]);
    let history = [history, vec![cancelled]].concat();
    given(history).when(by_other(7, make(made(OTHER)))).refused(Refusal::DrawCancelled);
}

#[test]
fn a_draw_is_finished_with_the_last_of_those_who_were_drawn() {
    let progress = |done, passed| Act::Draw(draw::Act::Progress { draw: DRAW, done, passed });
    let progressed = |done, passed| of_draw(6, LEADER, draw::What::Progressed { done, passed });
    let history = [recruiting(DRAWS), vec![committed(draw::Kind::Sortition), drawn()]].concat();
    given(history.clone()).when(on(6, progress(2, 1))).then([progressed(2, 1)]);
    let finished = of_draw(6, LEADER, draw::What::Finished { invited: 2, reserved: 1, passed: 1 });
    let history = [history, vec![progressed(2, 1)]].concat();
    given(history.clone()).when(on(6, progress(2, 0))).then([progressed(4, 1), finished.clone()]);
    given([history, vec![progressed(4, 1), finished]].concat()).when(on(6, progress(1, 0))).then([]);
}

#[test]
fn an_objection_to_a_draw_is_decided_by_who_had_no_part_in_it() {
    let command = |at, id, act| Command { at: day(at), by: by(id), act: Act::Draw(act) };
    let object = draw::Act::Object { draw: DRAW };
    let uphold = || draw::Act::DecideObjection { draw: DRAW, upheld: true };
    let history = [recruiting(DRAWS), vec![committed(draw::Kind::Sortition)]].concat();
    given(history.clone()).when(command(6, THIRD, object.clone())).refused(Refusal::DrawNotMade);
    let history = [history, vec![drawn()]].concat();
    given(history.clone()).when(command(7, THIRD, uphold())).refused(Refusal::NotObjected);
    let ground = || Opened::Known("planted ground".to_owned());
    let objected = of_draw(7, THIRD, draw::What::Objected { record: KEYS.record, ground: ground() });
    given(history.clone()).when(command(7, THIRD, object.clone())).then([objected.clone()]);
    let history = [history, vec![objected]].concat();
    for took_part in [LEADER, OTHER, THIRD] {
        given(history.clone()).when(command(8, took_part, uphold())).refused(Refusal::TookPart);
    }
    let fourth = radslag_kernel::SubjectId::from_bytes([74; 16]);
    let decided = of_draw(
        8,
        fourth,
        draw::What::ObjectionDecided { document: KEYS.document, upheld: true, ground: ground() },
    );
    given(history.clone()).when(command(8, fourth, uphold())).then([decided.clone()]);
    given(history.clone()).when(command(8, fourth, object)).refused(Refusal::ObjectedAlready);
    given([history, vec![decided]].concat())
        .when(command(9, fourth, uphold()))
        .refused(Refusal::ObjectionDecided);
}

#[test]
fn members_of_a_term_are_asked_before_the_next_and_the_one_before_is_settled_first() {
    let active = [recruiting(ENROLS), vec![moved(4, Phase::Active, false)]].concat();
    let begin = |ends: u64, renew: u64| Act::BeginTerm { ends_at: day(ends), renew_by: day(renew) };
    given(recruiting(ENROLS)).when(on(4, begin(704, 34))).refused(Refusal::NotActive);
    given(active.clone()).when(on(4, begin(704, 34))).then([term(1, 4)]);
    given(active.clone()).when(on(4, begin(4, 34))).refused(Refusal::TermDatesNotAllowed);
    let second = [active, vec![term(1, 4)]].concat();
    given(second.clone()).when(on(700, begin(1400, 700))).refused(Refusal::TermDatesNotAllowed);
    given(second.clone()).when(on(700, begin(1400, 730))).then([term(2, 700)]);
    let asked = [second, vec![term(2, 700)]].concat();
    given(asked.clone()).when(on(701, begin(2000, 730))).refused(Refusal::TermNotSettled);
    given(asked.clone()).when(on(729, Act::SettleTerm)).refused(Refusal::NotYet);
    let settled = Event::TermSettled {
        at: day(740),
        by: LEADER,
        record: KEYS.record,
        ground: Opened::Known(String::new()),
    };
    given(asked).when(on(740, Act::SettleTerm)).then([settled]);
}

#[test]
fn letters_about_one_thing_go_step_by_step_and_each_step_once() {
    let tell = |from, upto, finished| Act::Tell { about: Told::Term, from, upto, finished };
    let told = |from, upto, finished| Event::Told { at: day(5), about: Told::Term, from, upto, finished };
    given(recruiting(ENROLS)).when(on(5, tell(0, 19, false))).then([told(0, 19, false)]);
    let history = [recruiting(ENROLS), vec![told(0, 19, false)]].concat();
    given(history.clone()).when(on(5, tell(0, 19, false))).refused(Refusal::ToldAlready);
    given(history).when(on(5, tell(19, 40, true))).then([told(19, 40, true)]);
    given([planned()]).when(on(5, tell(0, 19, true))).refused(Refusal::NotActive);
}

#[test]
fn an_official_may_say_who_is_wanted_more_and_take_it_back() {
    let set = |sv: &str, en: &str| Act::SetWanted { sv: sv.into(), en: en.into() };
    given([planned()]).when(on(1, set("", ""))).then([]);
    given([planned()]).when(on(1, set("x", ""))).refused(Refusal::Text(Field::Wanted, Fault::Missing));
    let state = given([planned()]).when(on(1, set("a", "b"))).and_then().when(on(2, set("", ""))).state();
    assert_eq!(state.0.unwrap().wanted, None);
}

#[test]
fn an_erased_panel_says_nothing_more_and_only_an_ended_one_is_erased() {
    given(recruiting(ENROLS)).when(on(5, Act::Erase)).refused(Refusal::NotYet);
    let over = [with_register(), vec![ended(5)]].concat();
    let keys = vec![KEYS.document, KEYS.record, KEYS.tags, KeyRef(31)];
    let erased = Event::Erased { at: day(6), by: LEADER, keys };
    given(over.clone()).when(on(6, Act::Erase)).then([erased.clone()]);
    let gone = [over, vec![erased]].concat();
    given(gone.clone()).when(on(7, Act::Erase)).refused(Refusal::AlreadyErased);
    given(gone.clone()).when(on(7, Act::Change { texts: texts() })).refused(Refusal::PanelEnded);
    assert_eq!(
        given(gone)
            .when(on(7, Act::Import(import::Act::Cancel { import: REGISTER })))
            .state()
            .0
            .unwrap()
            .texts,
        Opened::Gone
    );
}
