//! Pages with forms. They do what the API does by mailbox; a form that can't be taken comes back as it was typed.

use axum::response::Response;
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    http::{Client, FormBody, Page, PathId, QueryOf},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    http::{
        asking::{Asking, Holder},
        comments, dto, inquiries, inquiring,
        pages::{
            reading::{Kinded, is_over, open, taken},
            view::{View, Wrong},
            web,
        },
        petitions, politicians, signatures, supporters,
    },
    petition::Supporter,
    policy::Policy,
    shell::Office,
};

pub(super) fn shown(choice: &str, alias: &str) -> dto::Shown {
    match choice {
        "alias" => dto::Shown::Alias(alias.to_owned()),
        "anonymous" => dto::Shown::Anonymous,
        _ => dto::Shown::Name,
    }
}

/// What forms ask, of the policy that a petition keeps.
pub(super) fn asks(office: &Office, petition: AggregateId) -> Result<Value, Problem> {
    let (version, state) = office.petition(petition)?;
    let known = state.view(version).ok_or_else(Problem::not_found)?;
    let policy = &known.policy;
    Ok(json!({
        "mailbox": policy.mailbox, "postcode": policy.postcode, "alias": policy.alias,
        "anonymous": policy.anonymous, "votes_against": policy.votes_against,
    }))
}

/// The form to sign.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Sign {
    name: String,
    mailbox: String,
    postcode: String,
    stance: String,
    shown: String,
    alias: String,
    form: String,
}

/// Where a petition is signed.
pub(in crate::http) async fn sign_form(
    view: View,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    sign_page(&view, petition, &Sign::default(), None).await
}

async fn sign_page(
    view: &View,
    petition: AggregateId,
    typed: &Sign,
    wrong: Option<&Wrong>,
) -> Result<Response, Problem> {
    let office = &view.office;
    let row = petitions::by_id(&view.api, office, petition, None).await?;
    // Whoever corrects a form has had the time to read it.
    let form = if typed.form.is_empty() { office.form(petition) } else { typed.form.clone() };
    let values = json!({
        "petition": petitions::detail(office, &row).await?, "policy": asks(office, petition)?, "form": form,
        "open": open(office, petition)?,
    });
    view.form("sign.html", typed, wrong, values)
}

/// Signs by mailbox.
pub(in crate::http) async fn sign(
    view: View,
    asking: Asking<Holder>,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<Sign>,
) -> Result<Response, Problem> {
    petitions::by_id(&view.api, &view.office, petition, None).await?;
    let body = dto::Sign {
        name: typed.name.clone(),
        mailbox: typed.mailbox.clone(),
        postcode: typed.postcode.clone(),
        shown: shown(&typed.shown, &typed.alias),
        stance: if typed.stance == "against" { dto::Stance::Against } else { dto::Stance::For },
        language: view.lang.into(),
        form: typed.form.clone(),
        on_behalf_of: None,
    };
    let asked = asking.asked(&format!("POST {petition}/signatures"), &body);
    match signatures::by_mailbox(&view.office, petition, &asked, client, &body).await {
        Ok(()) => Ok(view.sent("signature")),
        Err(problem) => sign_page(&view, petition, &typed, Some(&view.wrong(problem)?)).await,
    }
}

/// The form to support a petition before its review.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Support {
    name: String,
    mailbox: String,
}

/// Where a petition is supported before its review.
pub(in crate::http) async fn support_form(
    view: View,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    support_page(&view, petition, &Support::default(), None)
}

fn support_page(
    view: &View,
    petition: AggregateId,
    typed: &Support,
    wrong: Option<&Wrong>,
) -> Result<Response, Problem> {
    let sought = supporters::sought(&view.office, petition)?;
    let values = json!({ "sought": sought, "petition": petition.to_string() });
    view.form("support.html", typed, wrong, values)
}

/// Supports by mailbox.
pub(in crate::http) async fn support(
    view: View,
    asking: Asking<Holder>,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<Support>,
) -> Result<Response, Problem> {
    let asked = asking.asked(&format!("POST {petition}/supporters"), &typed);
    let supporter =
        Supporter { name: typed.name.clone(), mailbox: typed.mailbox.clone(), language: view.lang.into() };
    match supporters::by_mailbox(&view.office, petition, &asked, client, &supporter).await {
        Ok(()) => Ok(view.sent("support")),
        Err(problem) => support_page(&view, petition, &typed, Some(&view.wrong(problem)?)),
    }
}

/// The form to comment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Comment {
    text: String,
    reply_to: String,
    name: String,
    mailbox: String,
    shown: String,
    alias: String,
}

/// Comments on a petition, and where one is written.
pub(in crate::http) async fn comments(
    view: View,
    PathId(petition): PathId<AggregateId>,
    page: Page,
    QueryOf(typed): QueryOf<Replying>,
) -> Result<Response, Problem> {
    let typed = Comment { reply_to: typed.reply_to, ..Comment::default() };
    comments_page(&view, petition, page, &typed, None).await
}

/// To which comment.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in crate::http) struct Replying {
    #[serde(default)]
    reply_to: String,
}

async fn comments_page(
    view: &View,
    petition: AggregateId,
    page: Page,
    typed: &Comment,
    wrong: Option<&Wrong>,
) -> Result<Response, Problem> {
    let office = &view.office;
    let row = petitions::by_id(&view.api, office, petition, None).await?;
    let order = comments::Order::Newest;
    let found = comments::page_of(office, petition, page, order, is_over(&row)).await?;
    let values = json!({
        "petition": petitions::detail(office, &row).await?, "found": found, "query": view.paging(),
        "policy": asks(office, petition)?, "limits": { "comment_max": office.terms(petition)?.comment_max },
    });
    view.form("comments.html", typed, wrong, values)
}

/// Comments by mailbox.
pub(in crate::http) async fn comment(
    view: View,
    asking: Asking<Holder>,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<Comment>,
) -> Result<Response, Problem> {
    petitions::by_id(&view.api, &view.office, petition, None).await?;
    let body = comments::Write {
        text: typed.text.clone(),
        reply_to: Some(typed.reply_to.clone()).filter(|item| !item.is_empty()),
        name: typed.name.clone(),
        mailbox: typed.mailbox.clone(),
        shown: shown(&typed.shown, &typed.alias),
        language: view.lang.into(),
        on_behalf_of: None,
    };
    let asked = asking.asked(&format!("POST {petition}/comments"), &body);
    match comments::typed(&view.office, petition, &asked, client, body).await {
        Ok(()) => Ok(view.sent("comment")),
        Err(problem) => {
            let first = Page { page: 1, per_page: 50 };
            comments_page(&view, petition, first, &typed, Some(&view.wrong(problem)?)).await
        }
    }
}

/// The form to hand a petition in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct New {
    title: String,
    body: String,
    background: String,
    length: String,
    until: String,
    url_key: String,
    links: String,
    name: String,
    public_name: String,
    mailbox: String,
    postcode: String,
}

/// As it was chosen; where there is nothing to choose, the policy looks at nothing either.
pub(super) fn length(chosen: &str, until: &str) -> dto::Length {
    let number = |text: &str| text.parse().unwrap_or(0);
    match chosen.split_once(':') {
        Some(("months", months)) => dto::Length::Months(number(months)),
        Some(("days", days)) => dto::Length::Days(number(days)),
        _ if until.is_empty() => dto::Length::Months(0),
        _ => dto::Length::Until(until.to_owned()),
    }
}

impl New {
    fn body(&self, lang: &str) -> dto::HandIn {
        dto::HandIn {
            texts: dto::Texts {
                title: self.title.clone(),
                body: self.body.clone(),
                background: self.background.clone(),
                url_key: self.url_key.clone(),
                length: length(&self.length, &self.until),
                links: web::links(&self.links),
            },
            initiator: dto::Initiator {
                name: self.name.clone(),
                mailbox: self.mailbox.clone(),
                postcode: self.postcode.clone(),
                public_name: self.public_name.clone(),
                language: lang.into(),
            },
            on_behalf_of: None,
        }
    }
}

/// Which title it is to have.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in crate::http) struct Titled {
    #[serde(default)]
    title: String,
}

/// Where a petition is handed in: with its title the similar ones are shown, and the rest of the form.
pub(in crate::http) async fn new_form(
    view: View,
    QueryOf(titled): QueryOf<Titled>,
) -> Result<Response, Problem> {
    let typed = New { title: titled.title, ..New::default() };
    new_page(&view, &typed, None).await
}

pub(super) fn lengths(policy: &Policy, sv: bool) -> Vec<Value> {
    let months = policy.months.iter().map(|count| {
        let label = if sv { format!("{count} mån") } else { format!("{count} months") };
        json!({ "value": format!("months:{count}"), "label": label })
    });
    let days = policy.days.iter().map(|count| {
        let label = if sv { format!("{count} dagar") } else { format!("{count} days") };
        json!({ "value": format!("days:{count}"), "label": label })
    });
    if policy.unsigned { Vec::new() } else { days.chain(months).collect() }
}

async fn new_page(view: &View, typed: &New, wrong: Option<&Wrong>) -> Result<Response, Problem> {
    let policy = view.office.policy().ok_or_else(Problem::not_found)?;
    let similar = if typed.title.is_empty() {
        Vec::new()
    } else {
        crate::http::similar::similar(&view.office, &typed.title, AggregateId::default()).await?
    };
    let by_eid = policy.initiator != crate::policy::Proof::Declared;
    let values = json!({
        "similar": similar, "lengths": lengths(policy, view.sv()),
        "policy": {
            "title_max": policy.title_max, "body_max": policy.body_max, "postcode": policy.postcode,
            "background_max": policy.background_max, "until_months": policy.until_months, "by_eid": by_eid,
            "links": policy.links, "attachments": policy.attachments,
        },
    });
    view.form("new.html", typed, wrong, values)
}

/// Hands in by mailbox.
pub(in crate::http) async fn new(
    view: View,
    asking: Asking<Holder>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<New>,
) -> Result<Response, Problem> {
    let body = typed.body(view.lang);
    let asked = asking.asked("POST petitions", &body);
    match petitions::handed_in(&view.office, &asked, &body, Err(client)).await {
        Ok(_) => Ok(view.sent("petition")),
        Err(problem) => new_page(&view, &typed, Some(&view.wrong(problem)?)).await,
    }
}

/// The form to ask.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Ask {
    kind: String,
    title: String,
    text: String,
    politician: String,
    name: String,
    public_name: String,
    mailbox: String,
    private: String,
}

/// Where a tip or a question is handed in.
pub(in crate::http) async fn ask_form(
    view: View,
    QueryOf(wanted): QueryOf<Kinded>,
) -> Result<Response, Problem> {
    let typed = Ask { kind: wanted.or_taken(&view.office), ..Ask::default() };
    inquiries::kind_of(&typed.kind)?;
    ask_page(&view, &typed, None).await
}

async fn ask_page(view: &View, typed: &Ask, wrong: Option<&Wrong>) -> Result<Response, Problem> {
    let politicians = politicians::all(&view.office).await?;
    view.form("ask.html", typed, wrong, json!({ "politicians": politicians, "terms": taken(&view.office) }))
}

/// Asks by mailbox.
pub(in crate::http) async fn ask(
    view: View,
    asking: Asking<Holder>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<Ask>,
) -> Result<Response, Problem> {
    let body = inquiring::Inquire {
        kind: typed.kind.clone(),
        title: typed.title.clone(),
        text: typed.text.clone(),
        name: typed.name.clone(),
        mailbox: typed.mailbox.clone(),
        public_name: typed.public_name.clone(),
        private: !typed.private.is_empty(),
        politician: Some(typed.politician.clone()).filter(|id| !id.is_empty()),
        language: view.lang.into(),
    };
    let asked = asking.asked("POST inquiries", &body);
    match inquiring::by_mailbox(&view.office, &asked, client, body).await {
        Ok(()) => Ok(view.sent("inquiry")),
        Err(problem) => ask_page(&view, &typed, Some(&view.wrong(problem)?)).await,
    }
}

/// What comes next.
pub(in crate::http) async fn sent(view: View, PathId(what): PathId<String>) -> Result<Response, Problem> {
    let (swedish, english) = match what.as_str() {
        "signature" => (
            "Öppna länken i brevet för att bekräfta din underskrift. Den räknas först då.",
            "Open the link in the mail to confirm your signature. It counts from then.",
        ),
        "support" => (
            "Öppna länken i brevet för att bekräfta ditt stöd.",
            "Open the link in the mail to confirm your support.",
        ),
        "comment" => (
            "Öppna länken i brevet för att bekräfta din kommentar.",
            "Open the link in the mail to confirm your comment.",
        ),
        "petition" => (
            "Öppna länken i brevet för att bekräfta att du lämnar in initiativet.",
            "Open the link in the mail to confirm that you hand the petition in.",
        ),
        "inquiry" => (
            "Öppna länken i brevet för att bekräfta det du skickade.",
            "Open the link in the mail to confirm what you sent.",
        ),
        "report" => {
            ("Tack. En moderator tittar på kommentaren.", "Thank you. A moderator looks at the comment.")
        }
        "session" => (
            "Öppna länken i brevet inom 15 minuter för att komma till dina sidor.",
            "Open the link in the mail within 15 minutes to come to your pages.",
        ),
        _ => return Err(Problem::not_found()),
    };
    let text = if view.sv() { swedish } else { english };
    view.show("sent.html", json!({ "text": text, "mail": what != "report" }))
}
