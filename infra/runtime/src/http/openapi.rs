//! The parts every service's OpenAPI 3.1 document shares: the shape of a problem, the answers that any route may
//! give, and how one signs in.

use std::{collections::BTreeSet, sync::Arc};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Content, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema as _, ToSchema};

/// A refusal or failure (RFC 9457). Further members may stand beside these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the document; problems are written by hand")]
#[schema(as = Problem)]
struct ProblemShape {
    /// `urn:radslag:problem:` and the code
    r#type: String,
    /// Stable: programs go by this
    #[schema(example = "not-found")]
    code: String,
    /// The HTTP status
    status: u16,
    /// What it is, in the language of `Accept-Language` (sv, en)
    title: String,
    /// What happened this time
    detail: Option<String>,
    /// Which parameter or header
    field: Option<String>,
    /// Which part of the body, as a JSON pointer
    pointer: Option<String>,
    /// What to do
    hint: Option<String>,
    /// The request's id, as in `X-Request-Id`
    instance: String,
}

/// Name, status and description of the answers any route may give.
const SHARED: [(&str, &str, &str); 9] = [
    ("BadRequest", "400", "Something in the request can't be read; `field` or `pointer` says what"),
    ("Unauthorized", "401", "There is no token, or it isn't valid here"),
    ("Forbidden", "403", "None of the token's roles may do this"),
    ("NotFound", "404", "No such tenant or id"),
    ("TooLarge", "413", "The body is too large"),
    ("WrongType", "415", "The body is of the wrong content type"),
    ("TooMany", "429", "Too many requests from one network; nothing was written; see Retry-After"),
    ("Internal", "500", "Something went wrong on our side"),
    ("Unavailable", "503", "Not possible right now; see Retry-After"),
];

/// A service's document with what is shared: the schema `Problem`, the shared answers on every operation that
/// doesn't describe its own, and the security scheme `token`.
#[must_use]
pub fn with_shared(mut document: OpenApi) -> OpenApi {
    let mut shared = ComponentsBuilder::from(document.components.take().unwrap_or_default())
        .schema("Problem", ProblemShape::schema())
        .security_scheme(
            "token",
            SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
        );
    for (name, _, description) in SHARED {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response =
            ResponseBuilder::new().description(description).content("application/problem+json", content);
        shared = shared.response(name, response.build());
    }
    document.components = Some(shared.build());
    for path in document.paths.paths.values_mut() {
        for operation in operations(path) {
            for (name, status, _) in SHARED {
                let shared = RefOr::Ref(Ref::from_response_name(name));
                operation.responses.responses.entry(status.into()).or_insert(shared);
            }
        }
    }
    document
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = path;
    [get, put, post, delete, patch].into_iter().filter_map(Option::as_mut)
}

/// `/openapi.json`, made once.
///
/// # Errors
/// If the document can't be written as JSON.
pub fn route(document: &OpenApi) -> Result<Router, serde_json::Error> {
    let text: Arc<str> = document.to_json()?.into();
    let serve = move || {
        let text = Arc::clone(&text);
        async move { ([(CONTENT_TYPE, "application/json")], text.to_string()) }
    };
    Ok(Router::new().route("/openapi.json", get(serve)))
}

/// Holds a document and the routes it is of together, for tests: each route is described once, nothing else is, and every
/// operation has an id of its own.
///
/// # Panics
/// Where they differ.
#[doc(hidden)]
#[allow(clippy::panic, reason = "it is an assertion")]
pub fn assert_describes(document: &OpenApi, served: &[(&str, &str)]) {
    let (mut described, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let document = serde_json::to_value(document).unwrap_or_default();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            described.insert((method.clone(), path.clone()));
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(ids.insert(id.to_owned()), "{id} is the id of two operations");
        }
    }
    let routes: BTreeSet<_> =
        served.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(routes, described);
    assert_eq!(routes.len(), served.len(), "each stands there once");
}

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa::openapi::path::OperationBuilder;
    use utoipa::openapi::{HttpMethod, InfoBuilder, PathsBuilder};

    #[test]
    fn every_operation_gets_the_shared_answers_and_keeps_its_own() {
        let own = ResponseBuilder::new().description("our own 404").build();
        let operation = OperationBuilder::new().response("404", own).build();
        let paths = PathsBuilder::new().path("/x", PathItem::new(HttpMethod::Get, operation)).build();
        let info = InfoBuilder::new().title("t").version("1").build();
        let document = serde_json::to_value(with_shared(OpenApi::new(info, paths))).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let responses = &document["paths"]["/x"]["get"]["responses"];
        assert_eq!(responses["404"]["description"], "our own 404");
        assert_eq!(responses["429"]["$ref"], "#/components/responses/TooMany");
        let problem = &document["components"]["responses"]["TooMany"]["content"]["application/problem+json"];
        assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem");
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        assert!(document["components"]["schemas"]["Problem"]["properties"]["pointer"].is_object());
    }
}
