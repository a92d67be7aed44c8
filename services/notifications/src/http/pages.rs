//! The pages behind the links of letters. GET shows what a link is for, only POST does it: mail scanners follow links. One
//! click in a mail program (RFC 8058) is a POST to the same address, whatever its body.

use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use radslag_runtime::{
    Problem,
    http::{Language, PathId},
    limits::Admitted,
};

use crate::{
    http::{answer, asking::Reading},
    shell::{
        Office,
        tokens::{Token, Use},
    },
};

const CONFIRM: [(&str, &str, &str); 2] = [
    ("Bekräfta", "Vill du ha våra brev till din adress?", "Ja, skicka dem"),
    ("Confirm", "Do you want our letters at your address?", "Yes, send them"),
];
const CONFIRMED: [(&str, &str); 2] = [
    ("Bekräftat", "Du får våra brev. Varje brev har en länk som avslutar dem."),
    ("Confirmed", "You get our letters. Each of them has a link that stops them."),
];
const END: [(&str, &str, &str, &str); 2] = [
    ("Avsluta", "Vill du inte ha de här breven längre?", "Avsluta", "Avsluta alla utskick till min adress"),
    ("Stop", "Don't you want these letters any more?", "Stop", "Stop all letters to many to my address"),
];
const ENDED: [(&str, &str); 2] = [
    ("Avslutat", "Du får inte fler av de här breven. Din adress har vi inte kvar för dem."),
    ("Stopped", "You get no more of these letters. We don't keep your address for them."),
];

/// What a link to confirm is for.
pub(super) async fn confirm(
    Reading { office, .. }: Reading,
    PathId(token): PathId<String>,
) -> Result<Response, Problem> {
    read(&office, &token, Use::Confirm)?;
    let (title, text, button) = CONFIRM[words(&office)];
    Ok(page(
        &office,
        title,
        &format!("<p>{text}</p>\n<form method=\"post\"><button>{button}</button></form>"),
    ))
}

/// Confirms.
pub(super) async fn confirmed(
    Reading { office, .. }: Reading,
    PathId(token): PathId<String>,
    _: Admitted,
) -> Result<Response, Problem> {
    let token = read(&office, &token, Use::Confirm)?;
    office.confirm(&token).await.map_err(answer::undone)?;
    let (title, text) = CONFIRMED[words(&office)];
    Ok(page(&office, title, &format!("<p>{text}</p>")))
}

/// What a link to stop is for.
pub(super) async fn end(
    Reading { office, .. }: Reading,
    PathId(token): PathId<String>,
) -> Result<Response, Problem> {
    read(&office, &token, Use::End)?;
    let (title, text, button, all) = END[words(&office)];
    let form = format!(
        "<p>{text}</p>\n<form method=\"post\"><button>{button}</button></form>\n\
         <form method=\"post\"><button name=\"all\" value=\"1\">{all}</button></form>"
    );
    Ok(page(&office, title, &form))
}

/// Stops, from the page or by one click. The same page again for who does it twice. No network is held up: the clicks of
/// all who read their mail at one provider come from its own servers, and only a token of ours does anything.
pub(super) async fn ended(
    Reading { office, .. }: Reading,
    PathId(token): PathId<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let token = read(&office, &token, Use::End)?;
    let all = body.as_ref() == b"all=1";
    office.unsubscribe(&token, all).await.map_err(answer::undone)?;
    let (title, text) = ENDED[words(&office)];
    Ok(page(&office, title, &format!("<p>{text}</p>")))
}

fn read(office: &Office, token: &str, what: Use) -> Result<Token, Problem> {
    office.tokens.read(token).filter(|token| token.what == what).ok_or_else(Problem::not_found)
}

fn words(office: &Office) -> usize {
    usize::from(office.tenant.language() == Language::English)
}

/// Names nobody, and isn't kept by anything on its way.
fn page(office: &Office, title: &str, main: &str) -> Response {
    let (language, name) = (office.tenant.language().tag(), escape(&office.tenant.name));
    let html = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title} - {name}</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{main}\n</main>\n</body>\n</html>\n"
    );
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let kept = HeaderValue::from_static("no-store");
    (StatusCode::OK, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], html).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
