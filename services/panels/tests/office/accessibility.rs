//! Every page of panels, in both languages and in Chromium, with the rules of WCAG 2.1 AA as axe-core knows them.

use crate::{
    link,
    staging::{drawn, invited, met, whole_form, with_volunteers},
    started_with, strata,
    world::World,
};

/// Every page of this service, with what must stand there first.
async fn every_page(world: &World) -> Vec<String> {
    let path = with_volunteers(world).await;
    let draw = drawn(world, &path, true).await;
    let whole = started_with(world, [("form", whole_form()), ("strata", strata())]).await;
    let mut member = String::new();
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
            member = format!("/tyreso/panels/links/{}", link(world));
            assert_eq!(world.post(&member, &[("act", "confirm")]).await.status, 200);
        }
    }
    let asked = format!("/tyreso/panels/links/{}", link(world));
    let invited = invited(world, &whole, world.office.now().plus_hours(48)).await;
    let meeting = met(world, &whole, false).await;
    let mut all = vec!["/tyreso/panels".to_owned(), "/tyreso/panels?per_page=1".into()];
    all.extend([draw, asked, member, invited, meeting, format!("/tyreso{whole}/meetings")]);
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
    let held = met(&world, join.trim_start_matches("/tyreso").trim_end_matches("/join"), true).await;
    pages.push(("a meeting that was held".into(), world.page(&held).await));
    pages.push(("a problem".into(), world.page("/tyreso/panels/0").await));
    for (at, (path, page)) in pages.into_iter().enumerate() {
        let width = if at % 2 == 0 { 500 } else { 1_000 };
        let found = radslag_kit::html::violations(&page.html, style, folder.path(), width);
        wrong.extend(found.into_iter().map(|rule| (path.clone(), rule)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
