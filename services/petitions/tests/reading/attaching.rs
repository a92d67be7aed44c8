//! Files and links, brought by forms alone.

use axum::{body::Body, http::Request};
use radslag_kernel::AggregateId;
use radslag_petitions::{petition::Act, shell::petition::Found};
use serde_json::json;

use crate::{
    forms::returned,
    house::{House, MAILBOX, house, house_with},
    own::{get_as, linked, post_as, used},
    pages::{Page, get, mailed, post, send, taken},
};

const PDF: &[u8] = b"%PDF-1.7 a map";

/// Takes files that nobody looks at.
pub(crate) async fn unscanned() -> House {
    house_with(json!({ "attachments": { "scan": "none" } })).await
}

/// Sends the form with a file, as a browser does: `path` is what the page is called, `carried` what its form carries.
pub(crate) async fn upload(
    house: &House,
    path: &str,
    (cookie, carried): (&str, &str),
    (name, bytes): (&str, &[u8]),
) -> Page {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{carried}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
    let request = Request::post(format!("{path}/attachments?{query}"))
        .header("accept", "text/html")
        .header("cookie", cookie)
        .header("content-type", "multipart/form-data; boundary=edge");
    send(house, request.body(Body::from(body)).unwrap()).await
}

/// A published petition with a link and a file.
pub(crate) async fn filed(house: &House) -> AggregateId {
    let fields = [
        ("title", "En lekplats"),
        ("body", "Gungor."),
        ("length", "months:6"),
        ("url_key", "en-lekplats"),
        ("links", "https://malmo.se/park Parken\r\nhttps://example.org\r\n"),
        ("name", "Ann Ek"),
        ("mailbox", "ann.ek@example.org"),
        ("postcode", "21145"),
    ];
    let since = house.office.log.watermark();
    taken(house, "/malmo/new", &fields).await;
    let link = mailed(house, since).await;
    let page = post(house, &link, &[("act", "confirm")]).await;
    assert_eq!(upload(house, &link, ("", ""), ("Karta över parken.pdf", PDF)).await.status, 303);
    let address = page.address("/malmo/petitions/");
    let id = address.split(['/', '?']).nth(3).unwrap().parse().unwrap();
    let approve = |by, _: &Found| Ok(Act::Approve { by, opens_on: None, url_key: None, taken: false });
    house.official(id, &approve).await;
    id
}

#[tokio::test]
async fn an_initiator_adds_files_and_takes_them_away_by_forms_alone_in_both_languages() {
    for (lang, add, remove, what) in [
        ("", "Lägg till en fil", "Ta bort Karta.pdf", "PDF, 14 byte"),
        ("?lang=en", "Add a file", "Remove Karta.pdf", "PDF, 14 bytes"),
    ] {
        let house = unscanned().await;
        let id = house.hand_in("Fler bänkar", "Sitta.").await;
        let cookie = used(&house, &linked(&house, MAILBOX, "").await).await;
        let own = format!("/malmo/mine/petition-{id}{lang}");
        let page = get_as(&house, &own, &cookie).await;
        page.has(add);
        page.has("enctype=\"multipart/form-data\"");
        let form = page.value("form");
        let session = (cookie.as_str(), form.as_str());
        assert_eq!(
            upload(&house, &own, (&cookie, ""), ("Karta.pdf", PDF)).await.status,
            403,
            "another site's form"
        );
        assert_eq!(
            upload(&house, &own, ("", &form), ("Karta.pdf", PDF)).await.status,
            401,
            "nobody's session"
        );
        let done = upload(&house, &own, session, ("Karta.pdf", PDF)).await;
        assert_eq!((done.status, done.header("location")), (303, own.as_str()));
        let page = get_as(&house, &own, &cookie).await;
        page.has(remove);
        page.has(what);
        let file = page.address("/attachments/");
        let read = get_as(&house, &file, &cookie).await;
        assert_eq!((read.status, read.html.as_bytes()), (200, PDF));
        assert!(read.header("content-disposition").starts_with("attachment; filename=\"Karta.pdf\""));
        assert_eq!(get(&house, &file).await.status, 401);
        let item = page.value("item");
        let fields = [("form", form.as_str()), ("act", "detach"), ("item", item.as_str())];
        let after = post_as(&house, &own, &cookie, &fields).await;
        assert_eq!(after.status, 200, "{}", after.html);
        assert!(!after.html.contains("Karta.pdf"), "{}", after.html);
        assert_eq!(get_as(&house, &file, &cookie).await.status, 410);
    }
}

#[tokio::test]
async fn a_file_that_isnt_taken_is_told_beside_its_field_and_the_other_forms_stay_usable() {
    let house = unscanned().await;
    let link = returned(&house).await;
    let wrong = upload(&house, &link, ("", ""), ("photo.png", b"MZ\x90\0")).await;
    assert_eq!(wrong.status, 415);
    wrong.has("<a href=\"#file\">");
    wrong.has("Den sortens fil tas inte emot");
    wrong.has("value=\"Fler bänkar\"");
    let none = upload(&house, &link, ("", ""), ("", b"")).await;
    assert_eq!(none.status, 422);
    none.has("Ingen fil är vald");
    let mut large = PDF.to_vec();
    large.resize(5_000_001, b' ');
    let large = upload(&house, &link, ("", ""), ("large.pdf", &large)).await;
    assert_eq!(large.status, 413);
    large.has("Filen är för stor");
    assert_eq!(large.address("/links/"), link, "the first form is sent to the page");
    let fields = [
        ("act", "resubmit"),
        ("title", "Fler"),
        ("body", "x"),
        ("length", "months:6"),
        ("links", "http://x.se"),
    ];
    let refused = post(&house, &link, &fields).await;
    assert_eq!(refused.status, 422);
    refused.has("<a href=\"#links\">");
    assert!(refused.html.replace("&#x2f;", "/").contains("http://x.se</textarea>"), "{}", refused.html);
}

#[tokio::test]
async fn without_a_scanner_no_form_for_files_is_shown() {
    let house = house().await;
    let page = get(&house, &returned(&house).await).await;
    page.has("value=\"resubmit\"");
    assert!(!page.html.contains("type=\"file\""), "{}", page.html);
}

#[tokio::test]
async fn everybody_sees_the_files_and_links_of_a_published_petition() {
    let house = unscanned().await;
    let id = filed(&house).await;
    let page = get(&house, &format!("/malmo/petitions/{id}")).await;
    let html = page.html.replace("&#x2f;", "/");
    for text in [
        "<a href=\"https://malmo.se/park\" rel=\"nofollow noopener ugc\">Parken</a>",
        "<a href=\"https://example.org\" rel=\"nofollow noopener ugc\">https://example.org</a>",
        "Karta över parken.pdf</a> (PDF, 14 byte)",
    ] {
        assert!(html.contains(text), "{text} isn't in {html}");
    }
    let read = get(&house, &page.address("/attachments/")).await;
    assert_eq!((read.status, read.html.as_bytes()), (200, PDF));
}
