//! Every page in Chromium, with the rules of WCAG 2.1 AA as axe-core knows them.

use std::path::Path;

use radslag_kernel::AggregateId;

use crate::{
    attaching::{filed, unscanned, upload},
    forms::{commented, returned, signed},
    house::{House, MAILBOX},
    own::{get_as, linked, used},
    pages::{Page, get, mailed, post},
};

/// What axe-core finds on a page, and whether one has to scroll sideways.
fn found(html: &str, folder: &Path, width: u32) -> Vec<String> {
    let style = include_str!("../../../../infra/runtime/pages/style.css");
    radslag_kit::html::violations(html, style, folder, width)
}

#[test]
fn axe_core_sees_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let html = "<html><head><title>x</title><link rel=\"stylesheet\" href=\"\"></head>\
        <body><input><p class=\"act\" style=\"color: #4478aa\">Some words</p><p style=\"width: 400px\">wide</p></body></html>";
    let found = found(html, folder.path(), 1_000);
    for rule in ["label: ", "color-contrast: ", "html-has-lang: ", "reflow: "] {
        assert!(found.iter().any(|found| found.starts_with(rule)), "{rule}{found:?}");
    }
}

/// What an initiator sees of their petition.
async fn started(house: &House) -> Page {
    let initiator = used(house, &linked(house, MAILBOX, "").await).await;
    let theirs = get_as(house, "/malmo/mine", &initiator).await.address("/mine/petition-");
    let started = get_as(house, &theirs, &initiator).await;
    started.has("Ange en medinitiativtagare");
    started
}

/// Pages that anybody may open, and how wide.
fn public(id: AggregateId) -> Vec<(String, u32)> {
    vec![
        ("/malmo".to_owned(), 1_000),
        ("/malmo/petitions?per_page=1&lang=en".into(), 500),
        (format!("/malmo/petitions/{id}"), 500),
        (format!("/malmo/petitions/{id}/figures"), 500),
        (format!("/malmo/petitions/{id}/signatures?per_page=5&lang=en"), 1_000),
        (format!("/malmo/petitions/{id}/comments"), 500),
        (format!("/malmo/petitions/{id}/sign"), 1_000),
        ("/malmo/new?title=B%C3%A4nkar".into(), 500),
        ("/malmo/inquiries".into(), 1_000),
        ("/malmo/inquiries/new?lang=en".into(), 1_000),
        ("/malmo/petitions?topic=Park&area=Husie&word=signing".into(), 500),
        ("/malmo/sent/signature".into(), 1_000),
        ("/malmo/sent/report?lang=en".into(), 1_000),
        ("/malmo/session".into(), 500),
        ("/malmo/guide?lang=en".into(), 1_000),
        ("/?lang=en".into(), 1_000),
    ]
}

#[tokio::test]
async fn axe_core_finds_nothing_on_any_page() {
    let house = unscanned().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    house.sign(id, 12, "21144").await;
    let (returned, signed) = (returned(&house).await, signed(&house, id).await);
    let commented = commented(&house, id).await;
    assert_eq!(upload(&house, &returned, ("", ""), ("karta.txt", b"en karta")).await.status, 303);
    let refused = upload(&house, &returned, ("", ""), ("karta.txt", b"MZ\0")).await;
    assert_eq!(refused.status, 415);
    let filed = format!("/malmo/petitions/{}", filed(&house).await);
    let report = get(&house, &commented).await.address("/report");
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let linked_to = [(report, 500), (returned, 500), (signed, 1_000), (filed, 500)];
    for (path, width) in public(id).into_iter().chain(linked_to) {
        let html = house.text(&path).await;
        wrong.extend(found(&html, folder.path(), width).into_iter().map(|rule| (path.clone(), rule)));
    }
    let broken = [("name", "=Ann Ek"), ("shown", "alias"), ("mailbox", "ann@example.org")];
    let sign = format!("/malmo/petitions/{id}/sign");
    let back = post(&house, &sign, &broken).await;
    assert_eq!(back.status, 422);
    // Another try within a minute would be looked at first.
    house.office.log.set_clock(house.office.now().plus_millis(61_000));
    let since = house.office.log.watermark();
    let whole = [("name", "Eva Ek"), ("mailbox", "eva@example.org"), ("postcode", "21145")];
    assert_eq!(post(&house, &sign, &whole).await.status, 303);
    let link = get(&house, &mailed(&house, since).await).await;
    link.has("Bekräfta min underskrift");
    let missing = get(&house, "/malmo/petitions/0?lang=en").await;
    assert_eq!(missing.status, 404);
    assert_eq!(post(&house, &mailed(&house, since).await, &[("act", "confirm")]).await.status, 200);
    let once = linked(&house, "ann@example.org", "").await;
    let asked = get(&house, &once).await;
    let cookie = used(&house, &once).await;
    let spent = get(&house, &once).await;
    let mine = get_as(&house, "/malmo/mine", &cookie).await;
    let own = get_as(&house, &mine.address("/mine/signature-"), &cookie).await;
    own.has("Ta tillbaka min underskrift");
    let started = started(&house).await;
    for (what, page) in [
        ("the dictionary of views", get(&house, "/bi/schema?lang=sv").await),
        ("a form with errors", back),
        ("a file that isn't taken", refused),
        ("a link in a mail", link),
        ("a problem", missing),
        ("a petition of one's own", started),
        ("a one-time link", asked),
        ("a one-time link that was used", spent),
        ("what is one's own", mine),
        ("a signature of one's own", own),
    ] {
        let found = found(&page.html, folder.path(), 500).into_iter();
        wrong.extend(found.map(|rule| (what.to_owned(), rule)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
