//! `/bi/schema`: the column dictionary of the views that dashboards read, as JSON for programs and as a page for people. Made of
//! the same descriptions as the views, once; it names no tenant, so anybody may read it.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use radslag_readmodel::view::Both;
use radslag_readmodel::{Backend, Projection, View};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{Language, Problem, QueryOf};
use crate::pages::{Pages, Words};

/// A view, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The service that makes it.
    pub service: &'static str,
    /// The projection whose tables it reads.
    pub projection: &'static str,
    /// As it is described.
    pub view: &'static View,
}

/// The views of a service's projection.
pub fn of<E>(service: &'static str, projection: &Projection<E>) -> impl Iterator<Item = Shown> {
    let (name, views) = (projection.name, projection.views);
    views.iter().map(move |view| Shown { service, projection: name, view })
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Text {
    sv: String,
    en: String,
}

impl From<Both> for Text {
    fn from(both: Both) -> Self {
        Self { sv: both.sv.into(), en: both.en.into() }
    }
}

/// Every view, column by column.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Dictionary {
    /// Whether the views are there: they are on PostgreSQL, and aren't where read tables are SQLite files.
    available: bool,
    /// The same for people.
    note: Text,
    /// How fresh a row is.
    freshness: Text,
    views: Vec<Described>,
}

/// A view.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Described {
    /// No other view has it, so it is found by a reader's search path.
    #[schema(example = "bi_petitions")]
    name: String,
    /// The schema it stands in, for the tenant whose id takes the place of `{tenant}`.
    #[schema(example = "{tenant}_petitions_petitions")]
    schema: String,
    title: Text,
    about: Text,
    columns: Vec<Column>,
}

/// A column, in the view's order.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Column {
    name: String,
    /// As `information_schema.columns.data_type` calls it.
    #[schema(example = "timestamp with time zone")]
    r#type: &'static str,
    unit: Text,
    meaning: Text,
}

const THERE: Both = Both {
    sv: "Vyerna läses i PostgreSQL av den roll som organisationens administratör har gjort med radslag bi roles.",
    en: "The views are read in PostgreSQL by the role that the organisation's administrator made with radslag bi roles.",
};
const NOT_THERE: Both = Both {
    sv: "Den här installationen har sina lästabeller i SQLite, och där finns vyerna inte. De finns när readmodel.postgres_url_file pekar ut en PostgreSQL.",
    en: "This installation keeps its read tables in SQLite, where the views don't exist. They do once readmodel.postgres_url_file names a PostgreSQL.",
};
const FRESHNESS: Both = Both {
    sv: "Varje rad har as_of_position och as_of: hur långt vyn har läst loggen, och när den sista händelsen i den skrevs. Allt som en fråga läser ur en vy är från samma läge.",
    en: "Every row has as_of_position and as_of: how far the view has read the log, and when the last event of that was written. All that a query reads of a view is as of one state.",
};

impl Dictionary {
    fn of(shown: &[Shown], available: bool) -> Self {
        let note = if available { THERE } else { NOT_THERE };
        let views = shown.iter().map(Described::of).collect();
        Self { available, note: note.into(), freshness: FRESHNESS.into(), views }
    }
}

impl Described {
    fn of(shown: &Shown) -> Self {
        let Shown { service, projection, view } = shown;
        let columns = view.entries().into_iter().map(|entry| Column {
            name: entry.name,
            r#type: entry.kind,
            unit: entry.unit.into(),
            meaning: Text { sv: entry.sv, en: entry.en },
        });
        Self {
            name: view.name.into(),
            schema: format!("{{tenant}}_{service}_{projection}"),
            title: view.title.into(),
            about: view.about.into(),
            columns: columns.collect(),
        }
    }
}

/// What is served.
struct Made {
    dictionary: Dictionary,
    pages: Pages,
}

/// The route.
///
/// # Errors
/// If the page can't be read.
pub fn routes<S: Clone + Send + Sync + 'static>(
    shown: &[Shown],
    backend: &Backend,
) -> Result<Router<S>, minijinja::Error> {
    let dictionary = Dictionary::of(shown, matches!(backend, Backend::Postgres { .. }));
    let page = include_str!("../../pages/schema.html");
    let words = Words { field: |_, _, _| None, label: |_, _| "", frame: |_| Value::Null };
    let pages = Pages::new(&[("schema.html", page)], words)?;
    Ok(Router::new().route("/bi/schema", get(schema)).with_state(Arc::new(Made { dictionary, pages })))
}

/// Its description.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    #[derive(OpenApi)]
    #[openapi(paths(schema))]
    struct Described;
    Described::openapi()
}

/// In which language the page is.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Spoken {
    /// `sv` or `en`; what `Accept-Language` asks for unless said.
    lang: Option<String>,
}

/// The column dictionary of the views that dashboards read. A browser gets a page.
#[utoipa::path(get, path = "/bi/schema", tag = "dashboards", operation_id = "bi_schema", params(Spoken),
    responses((status = 200, body = Dictionary)))]
async fn schema(
    State(made): State<Arc<Made>>,
    language: Language,
    OriginalUri(uri): OriginalUri,
    QueryOf(spoken): QueryOf<Spoken>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let kept = [(CACHE_CONTROL, "public, max-age=300"), (VARY, "accept, accept-language")];
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if !accepts.is_some_and(|kinds| kinds.contains("text/html")) {
        return Ok((kept, Json(&made.dictionary)).into_response());
    }
    let lang = match spoken.lang.as_deref() {
        Some("sv") => "sv",
        Some("en") => "en",
        _ => language.tag(),
    };
    let values = serde_json::to_value(&made.dictionary).map_err(|_| Problem::internal())?;
    Ok((kept, made.pages.without_tenant("schema.html", lang, &uri, values)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt as _;
    use radslag_readmodel::view::{Rows, both, number};
    use tower::ServiceExt as _;

    static LETTERS: View = View {
        name: "bi_letters",
        title: both("Brev & kort", "Letters & cards"),
        about: both("Alla", "All"),
        from: "letters",
        rows: Rows::Each,
        columns: &[number("letters", "rows", both("brev", "letters"), both("Antal", "How many"))],
        guarded: false,
        seeks: &[],
    };

    async fn answer(backend: &Backend, accept: &str, path: &str) -> (HeaderMap, String) {
        let shown = [Shown { service: "notifications", projection: "deliveries", view: &LETTERS }];
        let request = Request::get(path).header(ACCEPT, accept).body(Body::empty()).unwrap();
        let answer = routes::<()>(&shown, backend).unwrap().oneshot(request).await.unwrap();
        let headers = answer.headers().clone();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn programs_get_json_and_people_a_page_in_their_language() {
        let postgres = Backend::postgres("host=nowhere user=x", 1).unwrap();
        let (headers, json) = answer(&postgres, "*/*", "/bi/schema").await;
        assert_eq!(headers[VARY], "accept, accept-language");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["available"], true);
        let view = &json["views"][0];
        assert_eq!(
            (&view["name"], &view["schema"]),
            (&"bi_letters".into(), &"{tenant}_notifications_deliveries".into())
        );
        let columns: Vec<_> =
            view["columns"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(columns, ["tenant", "letters", "as_of_position", "as_of"]);
        assert_eq!(view["columns"][1]["unit"]["sv"], "brev");
        let (_, swedish) = answer(&postgres, "text/html,*/*", "/bi/schema?lang=sv").await;
        assert!(swedish.contains("<html lang=\"sv\">") && swedish.contains("Brev &amp; kort"), "{swedish}");
        let (_, english) = answer(&postgres, "text/html", "/bi/schema").await;
        assert!(
            english.contains("<html lang=\"en\">") && english.contains("Letters &amp; cards"),
            "{english}"
        );
    }

    #[tokio::test]
    async fn without_postgres_it_says_that_the_views_are_not_there() {
        let sqlite = Backend::Sqlite { dir: "nowhere".into() };
        let (_, json) = answer(&sqlite, "application/json", "/bi/schema").await;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["available"], false);
        let (_, page) = answer(&sqlite, "text/html", "/bi/schema?lang=sv").await;
        assert!(page.contains("där finns vyerna inte"), "{page}");
    }
}
