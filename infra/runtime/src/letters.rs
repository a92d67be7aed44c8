//! What a service answers when notifications asks it which letters an event leads to, and to whom (`letter.proto`): within one
//! process by a call, between processes by the same answer over [`crate::internal`]. Each call is counted by its purpose,
//! so that who reads the figures sees how often addresses are opened, and what for.

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::post,
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
};
use prost::Message as _;
use radslag_eventlog::{Log, Record};
use radslag_kernel::Tag;
use radslag_proto::notifications::{Open, Opened, Purpose};

use crate::{http::Metrics, service::Failure};

/// Where it is asked.
pub const PATH: &str = "/internal/v1/open";

/// Where somebody asks whether there is an answer at all.
pub const READY: &str = "/internal/v1/ready";

/// An answer to come.
pub type Opening<'a> = Pin<Box<dyn Future<Output = Result<Opened, Failure>> + Send + 'a>>;

/// A service that owns events. It knows which of them lead to letters, and opens an address only to send.
pub trait Opens: Send + Sync {
    /// What an event leads to.
    fn open(&self, ask: Open) -> Opening<'_>;
}

/// The letters of one tenant of a service: which ones an event leads to, and to whom.
pub trait Writes: Send + Sync + 'static {
    /// The service's name.
    const SERVICE: &'static str;

    /// Where its events stand.
    fn log(&self) -> &Log;

    /// What an event leads to. `only`: the letter to this one.
    fn of(&self, record: &Record, only: Option<Tag>) -> impl Future<Output = Result<Opened, Failure>> + Send;
}

/// A service as the owner of its events: all tenants' letters.
pub struct Owner<W>(BTreeMap<String, W>);

impl<W: Writes> Owner<W> {
    /// Of the tenants that are served.
    pub fn new(letters: impl IntoIterator<Item = (String, W)>) -> Self {
        Self(letters.into_iter().collect())
    }

    async fn answer(&self, ask: Open) -> Result<Opened, Failure> {
        let letters = self.0.get(&ask.tenant).filter(|_| ask.service == W::SERVICE);
        // One that isn't served for now, or that only the asker knows: the answer may be another later.
        let letters = letters.ok_or_else(|| Failure::NotServed(ask.tenant.clone()))?;
        let log = letters.log();
        let next = ask.position.saturating_add(1);
        // What a later life of the log says there leads to letters of its own.
        if log.holds(ask.origin, next) != next {
            return Ok(Opened::default());
        }
        let record = log.read_at(ask.position)?;
        let mut opened = letters.of(&record, Tag::from_slice(&ask.subject)).await?;
        if !ask.subject.is_empty() {
            opened.letters.retain(|letter| letter.subject == ask.subject);
        }
        if ask.purpose() != Purpose::Send {
            for letter in &mut opened.letters {
                (letter.to, letter.values, letter.link) = (None, String::new(), String::new());
            }
        }
        Ok(opened)
    }
}

impl<W: Writes> Opens for Owner<W> {
    fn open(&self, ask: Open) -> Opening<'_> {
        Box::pin(self.answer(ask))
    }
}

/// An owner whose calls are counted.
#[derive(Clone)]
pub struct Counted {
    inner: Arc<dyn Opens>,
    calls: Family<Labels, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    tenant: String,
    service: String,
    purpose: &'static str,
}

/// Why a call isn't answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unopened {
    /// It says no purpose.
    #[error("an address is opened for a purpose")]
    NoPurpose,
    /// The service can't say.
    #[error("the service can't say")]
    Failed(#[from] Failure),
}

impl Counted {
    /// Around an owner; its calls stand among the figures.
    #[must_use]
    pub fn new(inner: Arc<dyn Opens>, metrics: &Metrics) -> Self {
        let calls = Family::default();
        let counted = calls.clone();
        metrics.register(|registry| {
            registry.register("letters_opened", "Letters asked for, by purpose", counted)
        });
        Self { inner, calls }
    }

    /// Around another owner, whose calls stand among the same figures.
    #[must_use]
    pub fn also(&self, inner: Arc<dyn Opens>) -> Self {
        Self { inner, calls: self.calls.clone() }
    }

    /// Asks the owner.
    ///
    /// # Errors
    /// `NoPurpose`, `Failed`.
    pub async fn open(&self, ask: Open) -> Result<Opened, Unopened> {
        let purpose = match ask.purpose() {
            Purpose::Plan => "plan",
            Purpose::Send => "send",
            Purpose::Unspecified => return Err(Unopened::NoPurpose),
        };
        let (tenant, service) = (ask.tenant.clone(), ask.service.clone());
        let mut opened = self.inner.open(ask).await?;
        // Labels are of tenants there are: the owner has answered for them.
        self.calls.get_or_create(&Labels { tenant, service, purpose }).inc();
        if purpose == "plan" {
            // Whoever plans learns of nobody, whatever the owner said.
            opened.letters.iter_mut().for_each(|letter| letter.to = None);
        }
        Ok(opened)
    }
}

/// The route of owners, by the name of their service, for [`crate::internal::serve`].
pub fn routes(owners: BTreeMap<&'static str, Counted>) -> Router {
    let owners = Arc::new(owners);
    let open = post(move |body: Bytes| answer(owners.clone(), body));
    Router::new().route(PATH, open).route(READY, post(|| async { StatusCode::OK }))
}

async fn answer(owners: Arc<BTreeMap<&'static str, Counted>>, body: Bytes) -> Response {
    let Ok(ask) = Open::decode(body) else { return StatusCode::BAD_REQUEST.into_response() };
    let Some(counted) = owners.get(ask.service.as_str()) else {
        // Not here, or not yet: the answer may be another later.
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    match counted.open(ask).await {
        Ok(opened) => ([(CONTENT_TYPE, "application/x-protobuf")], opened.encode_to_vec()).into_response(),
        Err(Unopened::NoPurpose) => StatusCode::BAD_REQUEST.into_response(),
        Err(Unopened::Failed(failure)) => {
            let cause = std::error::Error::source(&failure).map(ToString::to_string).unwrap_or_default();
            tracing::error!(error = %failure, cause, "letters can't be opened");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt as _;
    use radslag_proto::notifications::{Letter, To};
    use tower::ServiceExt as _;

    use super::*;

    struct Says;

    impl Opens for Says {
        fn open(&self, _: Open) -> Opening<'_> {
            let to = Some(To { name: "Planted".into(), mailbox: "planted@x".into(), language: "sv".into() });
            Box::pin(async move {
                Ok(Opened { letters: vec![Letter { to, ..Letter::default() }], withdrawn: Vec::new() })
            })
        }
    }

    async fn ask(app: &Router, purpose: Purpose) -> (StatusCode, Option<Opened>) {
        let (tenant, service) = ("malmo".into(), "petitions".into());
        let open = Open { tenant, service, purpose: purpose.into(), ..Open::default() };
        let request = Request::post(PATH).body(Body::from(open.encode_to_vec())).unwrap();
        let answer = app.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, Opened::decode(body).ok().filter(|opened| !opened.letters.is_empty()))
    }

    #[tokio::test]
    async fn an_address_is_told_to_send_and_never_to_plan_and_each_call_is_counted() {
        let metrics = Metrics::default();
        let app = routes(BTreeMap::from([("petitions", Counted::new(Arc::new(Says), &metrics))]));
        for (purpose, told) in [(Purpose::Plan, false), (Purpose::Send, true), (Purpose::Send, true)] {
            let (status, opened) = ask(&app, purpose).await;
            assert_eq!((status, opened.unwrap().letters[0].to.is_some()), (StatusCode::OK, told));
        }
        assert_eq!(ask(&app, Purpose::Unspecified).await, (StatusCode::BAD_REQUEST, None));
        let text = metrics.text().unwrap();
        let counted = |purpose: &str| {
            format!(
                "radslag_letters_opened_total{{tenant=\"malmo\",service=\"petitions\",purpose=\"{purpose}\"}}"
            )
        };
        assert!(text.contains(&format!("{} 1", counted("plan"))), "{text}");
        assert!(text.contains(&format!("{} 2", counted("send"))), "{text}");
        assert!(!text.contains("lanted"));
    }
}
