//! Pages of panels as people walk through them: by links and forms alone, in both languages.

use radslag_kernel::ItemId;
use serde_json::json;

use crate::{
    form, link,
    staging::{drawn, invited, met, whole_form, with_volunteers},
    started, started_with, strata,
    world::{AUDITOR, LEADER, World},
};

const ANNA: [(&str, &str); 4] =
    [("mailbox", "anna@a.example"), ("name", "Anna Ek"), ("birth_year", "1970"), ("gender", "woman")];

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
async fn programs_answer_an_invitation_by_the_same_rules() {
    let world = World::open().await;
    let mut form = form();
    form["consent_version"] = json!(1);
    (form["consent_sv"], form["consent_en"]) = (json!("Vi sparar det här."), json!("We keep this."));
    let path = started_with(&world, [("form", form), ("strata", strata())]).await;
    let page = invited(&world, &path, world.office.now().plus_hours(48)).await;
    let act = format!("/panel-memberships/{}", page.rsplit('/').next().unwrap());
    let ask = async |body| world.ask(None, "POST", &act, &body).await;
    let (status, problem) = ask(json!({"act": "accept"})).await;
    assert_eq!((status, problem["pointer"].as_str()), (422, Some("/consent_version")), "{problem}");
    assert_eq!(ask(json!({"act": "decline"})).await.0, 204);
    let yes = json!({"act": "accept", "consent_version": 1, "mailbox": "anna@a.example", "language": "sv"});
    assert_eq!(ask(yes).await.0, 204);
    world.page(&page).await.has("Du är medlem i panelen.");
    assert_eq!(ask(json!({"act": "dance"})).await.1["pointer"], "/act");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_told_before_and_after_with_what_was_asked_and_answered() {
    let world = World::open().await;
    let path = started(&world).await;
    let planned = met(&world, &path, false).await;
    let page = world.page(&planned).await;
    page.has("Ett tält vid Messingen");
    page.has("Planerat");
    page.lacks("<strong class=\"large\">");
    let page_of_held = met(&world, &path, true).await;
    let held = world.page(&page_of_held).await;
    for told in [
        "<strong class=\"large\">72</strong>",
        "Vi talade om kultur.",
        "Minnesanteckningar",
        "I tältet.",
        "40",
    ] {
        held.has(told);
    }
    // Two that didn't say are with the next smallest group.
    held.has("<th scope=\"row\">man och unsaid</th><td class=\"number\">32</td>");
    let read = async |who| {
        let meeting = format!("/meetings/{}", page_of_held.rsplit('/').next().unwrap());
        world.ask(who, "GET", &meeting, &serde_json::Value::Null).await.1["features"].clone()
    };
    assert_eq!(read(None).await, json!({"gender": {"woman": 40, "man+unsaid": 32}}));
    assert_eq!(read(AUDITOR).await, json!({"gender": {"woman": 40, "man": 30, "unsaid": 2}}));
    let list = world.page(&format!("/tyreso{path}/meetings")).await;
    list.has("72 kom");
    assert_eq!(list.html.matches("Första mötet").count(), 2);
    world.page(&format!("/tyreso{path}")).await.has("Panelens möten</a> (2)");
    let other = started(&world).await;
    let elsewhere = planned.replace(&path, &other);
    assert_eq!(world.page(&elsewhere).await.status, 404, "a meeting is of its own panel");
}
