//! Pages as a person walks through them: by the links and forms that stand on them.

use axum::{
    body::Body,
    http::{HeaderMap, Request},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::house::{House, house, house_under, house_with};

#[path = "letterbox.rs"]
mod letterbox;

/// A page that came.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Page {
    /// The address of the first link, form or sheet that has a text in it.
    pub(crate) fn address(&self, part: &str) -> String {
        let addresses = ["href=\"", "action=\""].into_iter().flat_map(|name| {
            self.html.split(name).skip(1).map(|rest| plain(rest.split('"').next().unwrap()))
        });
        let found = addresses.into_iter().find(|address| address.contains(part));
        found.unwrap_or_else(|| panic!("no link to {part} in {}", self.html))
    }

    pub(crate) fn value(&self, name: &str) -> String {
        let (_, rest) = self.html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        plain(rest.split('"').next().unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn has(&self, text: &str) {
        assert!(self.html.contains(text), "{text:?} isn't in {}", self.html);
    }
}

fn plain(text: &str) -> String {
    text.replace("&#x2f;", "/").replace("&amp;", "&").replace("&quot;", "\"")
}

pub(crate) async fn send(house: &House, request: Request<Body>) -> Page {
    let end = house.office.log.watermark();
    house.office.petitions.wait_for(end).await.unwrap();
    house.office.comments.wait_for(end).await.unwrap();
    house.office.inquiries.wait_for(end).await.unwrap();
    let answer = house.app.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let html = answer.into_body().collect().await.unwrap().to_bytes();
    Page { status, headers, html: String::from_utf8(html.to_vec()).unwrap() }
}

pub(crate) async fn get(house: &House, path: &str) -> Page {
    let request = Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
    send(house, request).await
}

pub(crate) async fn post(house: &House, path: &str, fields: &[(&str, &str)]) -> Page {
    post_with(house, path, fields, &[]).await
}

/// With headers written `name: value`.
pub(crate) async fn post_with(house: &House, path: &str, fields: &[(&str, &str)], headers: &[&str]) -> Page {
    let encoded = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    let mut request = Request::post(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded");
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    send(house, request.body(Body::from(body)).unwrap()).await
}

/// To where a form that was taken leads, and what stands there.
pub(crate) async fn taken(house: &House, path: &str, fields: &[(&str, &str)]) -> Page {
    let answer = post(house, path, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    get(house, answer.headers["location"].to_str().unwrap()).await
}

/// The letters that were caused since a position.
pub(crate) async fn mails(house: &House, since: u64) -> Vec<String> {
    letterbox::letters(&house.office, since..house.office.log.watermark()).await
}

/// The address in the only one.
pub(crate) async fn mailed(house: &House, since: u64) -> String {
    let mails = mails(house, since).await;
    assert_eq!(mails.len(), 1);
    let (_, rest) = mails[0].split_once(letterbox::URL).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_signature_is_made_by_links_and_forms_alone_in_both_languages() {
    for (lang, home, sign, check, confirm, listed) in [
        ("sv", "/malmo", "Skriv under", "Titta i din e-post", "Bekräfta min underskrift", "underskrifter"),
        ("en", "/malmo?lang=en", "Sign", "Check your mailbox", "Confirm my signature", "signatures"),
    ] {
        let house = house().await;
        let id = house.petition("Fler bänkar", "Det finns ingenstans att sitta.").await;
        let home = get(&house, home).await;
        home.has(&format!("<html lang=\"{lang}\">"));
        let all = get(&house, &home.address("/malmo/petitions")).await;
        let petition = get(&house, &all.address(&id.to_string())).await;
        let form = get(&house, &petition.address("/sign")).await;
        form.has(sign);
        assert_eq!(form.headers["cache-control"], "no-store");
        let since = house.office.log.watermark();
        let hidden = form.value("form");
        // As long as a person takes to type.
        house.office.log.set_clock(house.office.now().plus_millis(10_000));
        let fields = [
            ("form", hidden.as_str()),
            ("name", "Ann Ek"),
            ("mailbox", "ann@example.org"),
            ("postcode", "211 45"),
            ("shown", "alias"),
            ("alias", "Bänkvän"),
        ];
        let next = taken(&house, &form.address("/sign"), &fields).await;
        next.has(check);
        let link = mailed(&house, since).await;
        assert_eq!(link.ends_with("?lang=en"), lang == "en", "a link speaks the language of its mail");
        get(&house, &link).await.has(confirm);
        assert_eq!(post(&house, &link, &[("act", "confirm")]).await.status, 200);
        let petition = get(&house, &all.address(&id.to_string())).await;
        petition.has(listed);
        petition.has("Bänkvän");
        get(&house, &petition.address("/signatures")).await.has("Bänkvän");
    }
}

#[tokio::test]
async fn what_was_typed_is_kept_when_a_form_comes_back() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let path = format!("/malmo/petitions/{id}/sign?lang=en");
    let before = house.office.log.watermark();
    let form = get(&house, &path).await.value("form");
    let fields = [
        ("form", form.as_str()),
        ("name", "=Ann & \"Ek\""),
        ("mailbox", "ann@example.org"),
        ("shown", "anonymous"),
    ];
    let back = post(&house, &path, &fields).await;
    assert_eq!((back.status, house.office.log.watermark()), (422, before));
    back.has("<a href=\"#name\">Name: may not begin with = + - or @</a>");
    back.has("value=\"=Ann &amp; &quot;Ek&quot;\"");
    back.has("value=\"ann@example.org\"");
    back.has("aria-invalid=\"true\"");
    back.has("value=\"anonymous\" checked");
    assert_eq!(back.value("form"), form, "the time spent on it counts");
    back.has("<title>Error: ");
}

#[tokio::test]
async fn a_repeated_submission_leads_to_the_same_page_as_a_new_one() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let path = format!("/malmo/petitions/{id}/sign");
    let fields = [("name", "Ann Ek"), ("mailbox", "ann@example.org"), ("postcode", "21145")];
    let first = post(&house, &path, &fields).await;
    let again = post(&house, &path, &fields).await;
    assert_eq!((first.status, &first.headers["location"]), (again.status, &again.headers["location"]));
    assert_eq!(first.status, 303);
}

#[tokio::test]
async fn a_petition_is_handed_in_after_similar_ones_were_shown() {
    let house = house().await;
    house.petition("Fler bänkar i Folkets park", "Sitta.").await;
    let titled = get(&house, "/malmo/new?title=B%C3%A4nkar%20i%20Folkets%20park").await;
    titled.has("Fler bänkar i Folkets park");
    titled.has("value=\"Bänkar i Folkets park\"");
    let mut fields = vec![
        ("title", "Bänkar i Folkets park"),
        ("body", "Det finns ingenstans att sitta."),
        ("length", "months:5"),
        ("name", "Bo Ek"),
        ("mailbox", "bo@example.org"),
        ("postcode", "21145"),
    ];
    let back = post(&house, "/malmo/new", &fields).await;
    assert_eq!(back.status, 422);
    back.has("<a href=\"#length\">");
    back.has("ingenstans att sitta.</textarea>");
    fields[2].1 = "months:6";
    let since = house.office.log.watermark();
    taken(&house, "/malmo/new", &fields).await.has("Titta i din e-post");
    let link = mailed(&house, since).await;
    let done = post(&house, &link, &[("act", "confirm")]).await;
    assert!(!done.html.contains("value=\"confirm\""), "{}", done.html);
}

#[tokio::test]
async fn the_mail_about_supporters_leads_to_the_page_where_a_petition_is_supported() {
    let house = house_under("uk").await;
    let since = house.office.log.watermark();
    let id = house.hand_in("Fler bänkar", "Sitta.").await;
    let mails = mails(&house, since).await;
    let sought = format!("https://malmo.example/malmo/petitions/{id}/support");
    assert!(mails.iter().any(|mail| mail.contains(&sought)), "{mails:?}");
    let path = format!("/malmo/petitions/{id}/support");
    get(&house, &path).await.has("Fler bänkar");
    let since = house.office.log.watermark();
    taken(&house, &path, &[("name", "Ann Ek"), ("mailbox", "ann@example.org")]).await.has("ditt stöd");
    let link = mailed(&house, since).await;
    post(&house, &link, &[("act", "confirm")]).await;
    get(&house, &path).await.has("1 av 5");
}

#[tokio::test]
async fn comments_and_inquiries_are_written_by_form() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let path = format!("/malmo/petitions/{id}/comments");
    let form = get(&house, &path).await;
    form.has("name=\"text\"");
    let empty = post(&house, &path, &[("name", "Ann Ek"), ("mailbox", "ann@example.org")]).await;
    assert_eq!(empty.status, 422);
    empty.has("<a href=\"#text\">Text: fyll i det här</a>");
    let said = [("text", "Ja tack."), ("name", "Ann Ek"), ("mailbox", "ann@example.org")];
    let since = house.office.log.watermark();
    taken(&house, &path, &said).await.has("din kommentar");
    let link = mailed(&house, since).await;
    get(&house, &link).await.has("Bekräfta min kommentar");
    get(&house, "/malmo/inquiries").await.has("Ställ en fråga");
    let ask = get(&house, "/malmo/inquiries/new?kind=tip&lang=en").await;
    ask.has("Leave a tip");
    let tip = [
        ("kind", "tip"),
        ("title", "A lamp"),
        ("text", "It is broken."),
        ("name", "Ann Ek"),
        ("mailbox", "ann@example.org"),
    ];
    taken(&house, "/malmo/inquiries/new?lang=en", &tip).await.has("Check your mailbox");
}

#[tokio::test]
async fn all_petitions_are_searched_narrowed_and_paged_by_links() {
    let house = house().await;
    for n in 0..5 {
        house.petition(&format!("Bänk {n}"), "Sitta.").await;
    }
    let page = get(&house, "/malmo/petitions?q=&state=active&sort=start&per_page=2&lang=en&page=2").await;
    page.has("3-4 of 5");
    page.has(">First</a>");
    let last = get(&house, &format!("/malmo/petitions{}", page.address("page=3"))).await;
    last.has("5-5 of 5");
    last.has("<html lang=\"en\">");
    get(&house, "/malmo/petitions?q=b%C3%A4nk&sort=").await.has("1-5 av 5");
    get(&house, "/malmo/petitions?state=closed").await.has("Inga initiativ");
}

#[tokio::test]
async fn a_problem_is_a_page_for_people_and_json_for_programs() {
    let house = house().await;
    let missing = "/malmo/petitions/00000000000000000000000000000000";
    let page = get(&house, missing).await;
    assert_eq!(
        (page.status, page.headers["content-type"].as_bytes()),
        (404, &b"text/html; charset=utf-8"[..])
    );
    page.has("<html lang=\"sv\">");
    let program = house.ask(missing).await;
    assert_eq!(
        (program.status().as_u16(), &program.headers()["content-type"]),
        (404, &"application/problem+json".parse().unwrap())
    );
}

#[tokio::test]
async fn where_only_panels_are_offered_home_is_their_list_and_nothing_leads_to_petitions() {
    let house = house_with(serde_json::json!({ "offers": ["panels"] })).await;
    let home = get(&house, "/malmo?lang=en").await;
    assert_eq!((home.status, home.header("location")), (303, "/malmo/panels?lang=en"));
    for path in ["/malmo/guide?lang=en", "/malmo/faq?lang=en", "/malmo/terms?lang=en"] {
        let page = get(&house, path).await;
        page.has("href=\"/malmo/panels?lang=en\"");
        for never in ["petition", "/malmo/new", "/malmo/mine", "/malmo/feed.atom", "signature"] {
            assert!(!page.html.contains(never), "{path}: {never} in {}", page.html);
        }
    }
    get(&house, "/malmo/guide").await.has("Paneler</h2>");
    let start = get(&house, "/?lang=en").await;
    start.has("<a href=\"/malmo/panels?lang=en\">Panels</a>");
    start.has("/api/v1/malmo/panels");
    let both = house_with(serde_json::json!({ "offers": ["petitions", "panels"] })).await;
    let home = get(&both, "/malmo?lang=en").await;
    assert_eq!(home.status, 200);
    home.has("href=\"/malmo/panels?lang=en\"");
    home.has("href=\"/malmo/mine?lang=en\"");
}

#[tokio::test]
async fn every_page_is_whole_in_both_languages_without_scripts_cookies_or_other_sites() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    house.sign(id, 3, "21144").await;
    let mut paths = [
        "",
        "/petitions",
        "/new",
        "/new?title=B",
        "/inquiries",
        "/inquiries/new",
        "/guide",
        "/faq",
        "/terms",
        "/session",
    ]
    .map(|path| format!("/malmo{path}"))
    .to_vec();
    paths
        .extend(["", "/signatures", "/comments", "/sign"].map(|path| format!("/malmo/petitions/{id}{path}")));
    paths.extend(
        ["signature", "support", "comment", "petition", "inquiry", "report", "session"]
            .map(|what| format!("/malmo/sent/{what}")),
    );
    paths.push("/".into());
    for path in paths {
        for lang in ["sv", "en"] {
            let with = if path.contains('?') { '&' } else { '?' };
            let page = get(&house, &format!("{path}{with}lang={lang}")).await;
            assert_eq!(page.status, 200, "{path}: {}", page.html);
            assert!(!page.headers.contains_key("set-cookie"), "{path}");
            radslag_kit::html::is_whole(&path, lang, &page.html);
        }
    }
    let sheet = get(&house, "/malmo").await.address("/style.css?v=");
    let sheet = get(&house, &sheet).await;
    assert!(sheet.headers["cache-control"].to_str().unwrap().contains("immutable"));
    sheet.has("@media print");
}
