//! Pages of panels as people walk through them: by links and forms alone, in both languages.

use radslag_kernel::{Actor, AggregateId, Instant, ItemId, Tag};
use radslag_panels::{
    member::{self, Act, Command, View, command::Newcomer},
    panel,
    person::{Person, Tags},
    shell::{Wrong, links::Link, membering::stream},
};
use radslag_runtime::{acting::On, asked::Asked};
use serde_json::json;

use crate::{
    form, link, started, started_with, strata,
    world::{LEADER, World},
};

const ANNA: [(&str, &str); 4] =
    [("mailbox", "anna@a.example"), ("name", "Anna Ek"), ("birth_year", "1970"), ("gender", "woman")];

/// A form with every kind of question, an age limit and a consent.
fn whole_form() -> serde_json::Value {
    json!({"age_min": 16, "age_max": 90, "residents_only": true, "consent_version": 3,
    "consent_sv": "Kommunen får spara uppgifterna.", "consent_en": "The municipality may keep this.",
    "fields": [
        {"ask": "name", "required": true}, {"ask": "street"}, {"ask": "postcode"}, {"ask": "town"},
        {"ask": "birth_year", "required": true}, {"ask": "gender", "required": true, "choices": ["woman", "man"]},
        {"ask": "phone"},
        {"ask": "other", "key": "tenure", "label_sv": "Upplåtelseform", "label_en": "Tenure",
            "choices": ["rental", "owner"]},
        {"ask": "other", "key": "why", "label_sv": "Varför", "label_en": "Why"},
    ]})
}

fn id_of(path: &str) -> AggregateId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Somebody of a register is invited, until a moment; their link's page.
async fn invited(world: &World, path: &str, expires_at: Instant) -> String {
    let (id, person, item) = (id_of(path), Tag([7; 16]), ItemId::from_bytes([8; 16]));
    let (_, panel) = world.office.panel(id).unwrap().unwrap();
    let asked = Asked::by_system();
    let on =
        On { stream: stream(id, person), aggregate: id, dialogue: None, actor: Actor::SYSTEM, asked: &asked };
    let view = View::of(&panel, world.office.year());
    let done = world.office.act::<member::Decider, Wrong>(on, |found| {
        let key = found.key();
        let known = Person { name: "Planted Person".into(), ..Person::default() };
        let new = Newcomer { item, key, person: known, tags: Tags::default() };
        let act = Act::Invite { new, draw: ItemId::from_bytes([9; 16]), number: 1, expires_at };
        Ok(Command { at: found.at, panel: view.clone(), act })
    });
    done.await.unwrap();
    format!("/tyreso/panels/links/{}", world.office.links.write(&Link { panel: id, person, item }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_is_found_and_joined_by_links_and_forms_alone_in_both_languages() {
    for (lang, check, confirm, member) in [
        ("sv", "Titta i din e-post", "Ja, jag vill vara med", "Du är medlem i panelen."),
        ("en", "Check your mailbox", "Yes, I want to take part", "You are a member of the panel."),
    ] {
        let world = World::open().await;
        let path = started(&world).await;
        let (panel, q) = (format!("/tyreso{path}"), format!("?lang={lang}"));
        world.page(&format!("/tyreso/panels{q}")).await.has(&path.replace("/panels/", ""));
        let shown = world.page(&format!("{panel}{q}")).await;
        shown.has("/join");
        shown.has("Att höra folk");
        let asked = world.page(&format!("{panel}/join{q}")).await;
        assert_eq!(asked.headers["cache-control"], "no-store");
        let sent = world.post(&format!("{panel}/join{q}"), &ANNA).await;
        assert_eq!(sent.status, 303, "{}", sent.html);
        world.page(sent.headers["location"].to_str().unwrap()).await.has(check);
        let link = format!("/tyreso/panels/links/{}{q}", link(&world));
        let before = world.office.log.watermark();
        let asked = world.page(&link).await;
        asked.has(confirm);
        assert_eq!(world.office.log.watermark(), before, "to read it changes nothing");
        assert_eq!(asked.headers["cache-control"], "no-store");
        world.post(&link, &[("act", "confirm")]).await.has(member);
        world.page(&format!("{panel}{q}")).await.has("<strong class=\"large\">1</strong>");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_pauses_comes_back_and_leaves_behind_their_link() {
    let world = World::open().await;
    let path = started(&world).await;
    world.post(&format!("/tyreso{path}/join"), &ANNA).await;
    let page = format!("/tyreso/panels/links/{}?lang=en", link(&world));
    let act = async |act: &str| world.post(&page, &[("act", act)]).await;
    act("confirm").await.has("Take a rest");
    let paused = act("pause").await;
    paused.has("You are a member and take a rest.");
    paused.lacks("value=\"pause\"");
    act("resume").await.has("You are a member of the panel.");
    let left = act("leave").await;
    left.has("You have left the panel.");
    left.has("Ask to join again");
    let again = act("leave").await;
    assert_eq!(again.status, 409);
    again.has("You have left the panel already");
    assert_eq!(act("dance").await.status, 400);
    assert_eq!(world.page("/tyreso/panels/links/nonsense").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_there_already_gets_the_same_answer_and_reads_it_behind_the_link() {
    let world = World::open().await;
    let path = started(&world).await;
    let join = format!("/tyreso{path}/join?lang=en");
    let first = world.post(&join, &ANNA).await;
    let own = format!("/tyreso/panels/links/{}?lang=en", link(&world));
    world.post(&own, &[("act", "confirm")]).await;
    let second = world.post(&join, &ANNA).await;
    assert_eq!((second.status, &second.headers["location"]), (first.status, &first.headers["location"]));
    let again = format!("/tyreso/panels/links/{}?lang=en", link(&world));
    let page = world.page(&again).await;
    page.has("You are in the panel already.");
    page.has("value=\"pause\"");
    world.post(&again, &[("act", "pause")]).await.has("take a rest");
    world.page(&own).await.has("value=\"resume\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_submissions_that_nobody_answered_silence_the_third_and_its_page_says_so() {
    let world = World::open().await;
    let path = started(&world).await;
    for _ in 0..3 {
        assert_eq!(world.post(&format!("/tyreso{path}/join"), &ANNA).await.status, 303);
    }
    let page = world.page(&format!("/tyreso/panels/links/{}", link(&world))).await;
    page.has("Du har redan fått flera brev.");
    page.lacks("value=\"confirm\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_time_is_over_leads_to_the_form_again() {
    let world = World::open().await;
    let path = started(&world).await;
    world.post(&format!("/tyreso{path}/join"), &ANNA).await;
    let page = format!("/tyreso/panels/links/{}", link(&world));
    world.office.log.set_clock(world.office.now().plus_hours(73));
    let late = world.page(&page).await;
    late.has("Tiden för att bekräfta är över.");
    late.has(&format!("{}/join", path.replace("/panels/", "")));
    late.lacks("value=\"confirm\"");
    assert_eq!(world.post(&page, &[("act", "confirm")]).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_as_it_was_configured_and_comes_back_as_it_was_typed() {
    let world = World::open().await;
    let path = started_with(&world, [("form", whole_form()), ("strata", strata())]).await;
    let page = format!("/tyreso{path}/join?lang=en");
    let asked = world.page(&page).await;
    for field in
        ["name", "street", "postcode", "town", "birth_year", "gender", "phone", "answer_tenure", "answer_why"]
    {
        asked.has(&format!("name=\"{field}\""));
    }
    asked.has("<option value=\"rental\">rental</option>");
    asked.has("The municipality may keep this.");
    asked.has("I consent (version 3)");
    let whole = [
        ("mailbox", "anna@a.example"),
        ("name", "Anna \"Ek\""),
        ("birth_year", "1970"),
        ("gender", "woman"),
        ("answer_tenure", "owner"),
        ("resident", "yes"),
        ("consent_version", "3"),
    ];
    let before = world.office.log.watermark();
    for (field, typed, told) in [
        ("mailbox", "nobody", "<a href=\"#mailbox\">E-mail address: fill this in</a>"),
        ("name", "=Anna", "<a href=\"#name\">Name: may not begin with = + - or @</a>"),
        ("birth_year", "", "<a href=\"#birth_year\">Year of birth: fill this in</a>"),
        ("birth_year", "nineteen", "<a href=\"#birth_year\">Year of birth: write a year in four digits</a>"),
        (
            "birth_year",
            "2024",
            "<a href=\"#birth_year\">Year of birth: the panel is for those who are or turn",
        ),
        ("gender", "robot", "<a href=\"#gender\">Gender: choose one of these</a>"),
        ("answer_tenure", "castle", "<a href=\"#answer_tenure\">Tenure: choose one of these</a>"),
        ("resident", "", "<a href=\"#resident\">Residence: the panel is for residents</a>"),
        ("consent_version", "2", "<a href=\"#consent_version\">Consent: your consent is needed"),
    ] {
        let fields = whole.map(|(name, value)| (name, if name == field { typed } else { value }));
        let back = world.post(&page, &fields).await;
        assert_eq!(back.status, 422, "{field}: {}", back.html);
        back.has(told);
        back.has("aria-invalid=\"true\"");
        back.has("<title>Error: ");
        if field != "name" {
            back.has("value=\"Anna &quot;Ek&quot;\"");
        }
    }
    assert_eq!(world.office.log.watermark(), before, "nothing was written");
    assert_eq!(world.post(&page, &whole).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_says_what_is_answered_and_who_is_to_decide_what_is_not() {
    let world = World::open().await;
    let path = started(&world).await;
    let undecided = json!({"undecided_by": "kommunfullmäktige"});
    assert_eq!(world.ask(LEADER, "PUT", &format!("{path}/questions/7"), &undecided).await.0, 200);
    let page = world.page(&format!("/tyreso{path}")).await;
    page.has("Inte beslutat. Beslutas av kommunfullmäktige.");
    assert_eq!(page.html.matches("<li><strong>").count(), 11);
    page.has("Kommunstyrelsen");
    page.has("Söker medlemmar");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_is_planned_has_no_page_and_one_that_takes_nobody_no_form() {
    let world = World::open().await;
    let texts = json!({"name": "Hemlig", "purpose": "Att höra folk"});
    let (_, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    let page = format!("/tyreso/panels/{}", planned["id"].as_str().unwrap());
    for part in ["", "/join", "/sent", "/representativeness"] {
        assert_eq!(world.page(&format!("{page}{part}")).await.status, 404, "{part}");
    }
    world.page("/tyreso/panels").await.lacks("Hemlig");
    let path = started(&world).await;
    let end = json!({"to": "ended", "ground": "Uppdraget är slutfört"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{path}/course"), &end).await.0, 200);
    world.page(&format!("/tyreso{path}")).await.has("Uppdraget är slutfört");
    let form = world.page(&format!("/tyreso{path}/join")).await;
    form.has("Panelen tar inte emot någon nu.");
    form.lacks("name=\"mailbox\"");
    let late = world.post(&format!("/tyreso{path}/join"), &ANNA).await;
    assert_eq!(late.status, 409);
    late.has("Panelen tar inte emot någon nu");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_behind_its_link_and_the_answer_may_change_until_its_time_is_over() {
    let world = World::open().await;
    let mut form = form();
    form["consent_version"] = json!(1);
    (form["consent_sv"], form["consent_en"]) = (json!("Vi sparar det här."), json!("We keep this."));
    let path = started_with(&world, [("form", form), ("strata", strata())]).await;
    let until = world.office.now().plus_hours(48);
    let page = invited(&world, &path, until).await;
    let asked = world.page(&page).await;
    asked.has("Du är inbjuden.");
    asked.has("Vi sparar det här.");
    asked.has("name=\"mailbox\"");
    let unconsented = world.post(&page, &[("act", "accept"), ("mailbox", "anna@a.example")]).await;
    assert_eq!(unconsented.status, 422);
    unconsented.has("href=\"#consent_version\"");
    unconsented.has("value=\"anna@a.example\"");
    let yes = [("act", "accept"), ("consent_version", "1"), ("mailbox", "=anna@a.example")];
    assert_eq!(world.post(&page, &yes).await.status, 422);
    let declined = world.post(&page, &[("act", "decline")]).await;
    declined.has("Du har tackat nej.");
    let yes = [("act", "accept"), ("consent_version", "1"), ("mailbox", "anna@a.example")];
    world.post(&page, &yes).await.has("Du är medlem i panelen.");
    let end = world.office.log.watermark();
    world.office.log.set_clock(until);
    let late = world.post(&page, &[("act", "decline")]).await;
    assert_eq!((late.status, world.office.log.watermark()), (409, end));
    world.page(&page).await.has("value=\"pause\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_nobody_answered_in_time_says_so() {
    let world = World::open().await;
    let path = started(&world).await;
    let until = world.office.now().plus_hours(48);
    let page = invited(&world, &path, until).await;
    world.office.log.set_clock(until);
    let late = world.page(&page).await;
    late.has("Tiden för att svara är över.");
    late.lacks("<button");
}

/// A draw that was committed to, and made where there is a value: its page.
async fn drawn(world: &World, path: &str, made: bool) -> String {
    let (id, draw, asked) = (id_of(path), ItemId::from_bytes([4; 16]), Asked::by_system());
    let terms = panel::draw::Terms {
        kind: panel::draw::Kind::Sortition,
        algorithm: "leximin/1".into(),
        input_hash: [1; 32],
        secret: [2; 32].into(),
        commitment: [3; 32],
        quotas: "{\"age\": 1}".to_owned().into(),
        source: "Lotteriet på lördag".to_owned().into(),
        places: 45,
        reserves: 5,
        candidates: 600,
        frame: None,
        as_of: 17,
        order: Vec::new().into(),
        reply_days: 14,
    };
    let what = panel::draw::Act::Commit { draw, terms };
    act_on_panel(world, (id, &asked), 1, what).await;
    if made {
        let made = panel::draw::Made {
            by: radslag_kernel::SubjectId::from_bytes([2; 16]),
            value: "4 8 15 16 23 42".to_owned().into(),
            bundle_hash: [5; 32],
            chosen: 45,
            reserved: 5,
            panels: 1_000,
            lottery: 481,
            result: panel::draw::Chosen::default().into(),
        };
        act_on_panel(world, (id, &Asked::by_system()), 2, panel::draw::Act::Make { draw, made }).await;
    }
    format!("/tyreso{path}/draws/{draw}")
}

async fn act_on_panel(world: &World, (id, asked): (AggregateId, &Asked), by: u8, what: panel::draw::Act) {
    let stream = radslag_panels::shell::office::stream(id);
    let on = On { stream, aggregate: id, dialogue: None, actor: Actor::SYSTEM, asked };
    let by = radslag_kernel::SubjectId::from_bytes([by; 16]);
    let done = world.office.act::<panel::Decider, Wrong>(on, |found| {
        let by = panel::By { id: by, ground: "Så är det".into() };
        Ok(panel::Command { at: found.at, by, act: panel::Act::Draw(what.clone()) })
    });
    done.await.unwrap();
}

/// A panel whose members are drawn from volunteers.
async fn with_volunteers(world: &World) -> String {
    let texts = json!({"name": "Panelen", "purpose": "Att höra folk"});
    let (_, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    let path = format!("/panels/{}", planned["id"].as_str().unwrap());
    for number in 1..=11 {
        world.ask(LEADER, "PUT", &format!("{path}/questions/{number}"), &json!({"text": "Ja"})).await;
    }
    world.ask(LEADER, "PUT", &format!("{path}/form"), &form()).await;
    let decision = json!({"size": 45, "enrols": true, "drawn": true, "replacement": "automatic",
        "term_months": 24, "who": "Kommunstyrelsen"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{path}/decision"), &decision).await.0, 200);
    let begun = world.ask(LEADER, "POST", &format!("{path}/course"), &json!({"to": "recruiting"})).await;
    assert_eq!(begun.0, 200, "{begun:?}");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_shows_what_it_follows_from_before_and_what_decided_it_after() {
    let world = World::open().await;
    let path = with_volunteers(&world).await;
    let committed = world.page(&drawn(&world, &path, false).await).await;
    committed.has("Lotteriet på lördag");
    committed.has(&"03".repeat(32));
    committed.has("600");
    committed.lacks(&"02".repeat(32));
    committed.lacks("/bundle");
    let world = World::open().await;
    let path = with_volunteers(&world).await;
    let page = drawn(&world, &path, true).await;
    let made = world.page(&page).await;
    made.has("4 8 15 16 23 42");
    made.has(&"02".repeat(32));
    made.has("481");
    made.has(&format!("/api/v1{}/bundle", page));
    world.page(&format!("/tyreso{path}")).await.has("/draws/");
    let other = format!("/tyreso{path}/draws/{}", ItemId::from_bytes([6; 16]));
    assert_eq!(world.page(&other).await.status, 404);
}

/// Every page of this service, with what must stand there first.
async fn every_page(world: &World) -> Vec<String> {
    let path = with_volunteers(world).await;
    let draw = drawn(world, &path, true).await;
    let whole = started_with(world, [("form", whole_form()), ("strata", strata())]).await;
    for n in 0..12 {
        let mailbox = format!("m{n}@a.example");
        let gender = if n % 2 == 0 { "woman" } else { "man" };
        let fields = [
            ("mailbox", mailbox.as_str()),
            ("name", "Planted Person"),
            ("birth_year", "1970"),
            ("gender", gender),
            ("resident", "yes"),
            ("consent_version", "3"),
        ];
        assert_eq!(world.post(&format!("/tyreso{whole}/join"), &fields).await.status, 303);
        if n < 11 {
            let page = format!("/tyreso/panels/links/{}", link(world));
            assert_eq!(world.post(&page, &[("act", "confirm")]).await.status, 200);
        }
    }
    let asked = format!("/tyreso/panels/links/{}", link(world));
    let member = format!("/tyreso/panels/links/{}", crate::link_at(world, world.office.log.watermark() - 3));
    let invited = invited(world, &whole, world.office.now().plus_hours(48)).await;
    let mut all =
        vec!["/tyreso/panels".to_owned(), "/tyreso/panels?per_page=1".into(), draw, asked, member, invited];
    for panel in [path, whole] {
        all.extend(["", "/join", "/sent", "/representativeness"].map(|part| format!("/tyreso{panel}{part}")));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole_in_both_languages_without_scripts_cookies_or_other_sites() {
    let world = World::open().await;
    for path in every_page(&world).await {
        for lang in ["sv", "en"] {
            let with = if path.contains('?') { '&' } else { '?' };
            let page = world.page(&format!("{path}{with}lang={lang}")).await;
            assert_eq!(page.status, 200, "{path}: {}", page.html);
            assert!(!page.headers.contains_key("set-cookie"), "{path}");
            radslag_kit::html::is_whole(&path, lang, &page.html);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_core_finds_nothing_on_any_page() {
    let world = World::open().await;
    let style = include_str!("../../../../infra/runtime/pages/style.css");
    let (folder, mut wrong) = (tempfile::tempdir().unwrap(), Vec::new());
    let all = every_page(&world).await;
    let join = all.iter().rfind(|path| path.ends_with("/join")).unwrap().clone();
    let mut pages = Vec::new();
    for (at, path) in all.iter().enumerate() {
        let lang = if at % 2 == 0 { "sv" } else { "en" };
        let with = if path.contains('?') { '&' } else { '?' };
        pages.push((path.clone(), world.page(&format!("{path}{with}lang={lang}")).await));
    }
    let broken = [("mailbox", "nobody"), ("gender", "robot")];
    pages.push(("a form with errors".into(), world.post(&join, &broken).await));
    pages.push(("a problem".into(), world.page("/tyreso/panels/0").await));
    for (at, (path, page)) in pages.into_iter().enumerate() {
        let width = if at % 2 == 0 { 500 } else { 1_000 };
        let found = radslag_kit::html::violations(&page.html, style, folder.path(), width);
        wrong.extend(found.into_iter().map(|rule| (path.clone(), rule)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
