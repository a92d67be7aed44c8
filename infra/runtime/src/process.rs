//! A service that runs as a process of its own: what its `main` does whatever the service is. It answers `/livez` and
//! `/readyz` from the first moment, which say what it still waits for; nothing else has to be started before it.

use std::{
    convert::Infallible,
    error::Error,
    fs, io,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{Router, body::Body, http::Request, response::Response, routing::any};
use radslag_eventlog::{FolderLock, Writer};
use radslag_readmodel::Backend;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use crate::{
    Config, Kit, Problem,
    bus::{Bus, Figures},
    clock,
    config::Tenant,
    ground::{self, Folders},
    serve::{self, ServeError, Shutdown, Tasks},
    service::Failure,
};

/// How often it looks whether what it waits for is there.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Why the process ends before its time.
#[derive(Debug, thiserror::Error)]
#[error("the service can't be served: {what}")]
pub struct ProcessError {
    what: &'static str,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

/// Why, in a few words.
pub fn because<E: Into<Box<dyn Error + Send + Sync>>>(what: &'static str) -> impl Fn(E) -> ProcessError {
    move |source| ProcessError { what, source: source.into() }
}

/// A process that answers, and is being made ready.
pub struct Process<'a> {
    /// As configured.
    pub config: &'a Config,
    /// What its routes share.
    pub kit: Kit,
    /// When it ends.
    pub shutdown: Shutdown,
    /// What runs beside its answers.
    pub tasks: Tasks,
    /// The writer of its logs.
    pub writer: Writer,
    /// Where the read tables are.
    pub backend: Backend,
    /// How the world reaches it, without a slash at the end.
    pub url: String,
    /// How events travel.
    pub bus: Bus,
    folders: Folders,
    routes: Arc<OnceLock<Router>>,
    serving: JoinHandle<Result<(), ServeError>>,
    _lock: FolderLock,
}

impl<'a> Process<'a> {
    /// Takes the data folder, which no other process has, listens, and answers that it isn't ready. `problems`: the
    /// catalogues of its routes; `commands`: those that roles must know.
    ///
    /// # Errors
    /// What can't be opened or listened on.
    pub fn start(config: &'a Config, problems: &[&str], commands: &[&str]) -> Result<Self, ProcessError> {
        let folders = folders(config);
        fs::create_dir_all(&folders.ground).map_err(because("its folder can't be made"))?;
        let lock = FolderLock::take(&folders.ground).map_err(because("its folder is in use"))?;
        let writer = Writer::start().map_err(because("the log's threads can't be started"))?;
        let backend = backend(config, &folders)?;
        let kit = Kit::open(config, problems).map_err(because("what its routes share can't be opened"))?;
        kit.roles().must_know(commands).map_err(because("the table of roles lacks a command"))?;
        let shutdown = Shutdown::at_signals(kit.health()).map_err(because("signals can't be heard"))?;
        let listener = serve::bind(&config.http).map_err(because("its address can't be listened on"))?;
        let address = listener.local_addr().map_err(because("it has no address"))?;
        let url = config.http.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let (routes, settings, end) = (Arc::default(), config.http.clone(), shutdown.clone());
        kit.health().set("start", Err("it is being started".into()));
        let app = answering(&kit, Arc::clone(&routes));
        let serving = tokio::spawn(async move { serve::serve(listener, app, &settings, end).await });
        let tasks = Tasks::new(shutdown.clone(), kit.health().clone());
        let bus = Bus::new(config, &url, Figures::new(kit.metrics()));
        bus.show(kit.health());
        Ok(Self {
            config,
            kit,
            shutdown,
            tasks,
            writer,
            backend,
            url,
            bus,
            folders,
            routes,
            serving,
            _lock: lock,
        })
    }

    /// Waits until the database answers; `false` if the end comes first.
    pub async fn has_database(&self) -> bool {
        let health = self.kit.health();
        while let Err(error) = self.backend.answers().await {
            health.set("database", Err(chain(&error)));
            tracing::warn!(error = chain(&error), "waiting for the database");
            tokio::select! {
                () = self.shutdown.begun() => return false,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        health.set("database", Ok(()));
        true
    }

    /// What a tenant's services share.
    ///
    /// # Errors
    /// `Vault`.
    pub fn ground(&self, tenant: &Tenant) -> Result<ground::Tenant, Failure> {
        let time = Arc::new(radslag_eventlog::Clock::system(clock::offset(&self.folders, tenant)));
        Ok(ground::Tenant::open(&self.folders, &tenant.id, time)?.of(&self.config.http.installation()))
    }

    /// Answers with its routes from now on, until the end.
    ///
    /// # Errors
    /// If it stopped answering.
    pub async fn serve(self, routes: Router) -> Result<(), ProcessError> {
        // Once: nobody else has the cell.
        let _ = self.routes.set(self.kit.wrap(routes));
        self.kit.health().remove("start");
        self.end().await
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// If it stopped answering.
    pub async fn end(self) -> Result<(), ProcessError> {
        let served = self.serving.await;
        self.tasks.end(self.config.http.drain()).await;
        let served = served.map_err(because("it stopped answering"))?;
        served.map_err(because("it stopped answering"))
    }
}

/// With the routes once there are some; until then, whatever is asked for isn't there yet.
fn answering(kit: &Kit, routes: Arc<OnceLock<Router>>) -> Router {
    let later = || async { Problem::unavailable(LOOK_EVERY) };
    let waiting = kit.wrap(Router::new().route("/", any(later)).route("/{*path}", any(later)));
    Router::new().fallback(move |request: Request<Body>| {
        let app = routes.get().unwrap_or(&waiting).clone();
        async move {
            let answer: Result<Response, Infallible> = app.oneshot(request).await;
            answer.unwrap_or_else(|never| match never {})
        }
    })
}

/// Where a process keeps everything.
#[must_use]
pub fn folders(config: &Config) -> Folders {
    let data = &config.data;
    Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() }
}

/// Where the read tables are.
///
/// # Errors
/// If the file that is named can't be read, or holds no connection string.
pub fn backend(config: &Config, folders: &Folders) -> Result<Backend, ProcessError> {
    let Some(file) = &config.readmodel.postgres_url_file else {
        return Ok(Backend::Sqlite { dir: folders.derived.clone() });
    };
    let named = |source: io::Error| Unreadable { path: file.clone(), source };
    let wrong = "where the read tables are can't be told";
    let url = fs::read_to_string(file).map_err(named).map_err(because(wrong))?;
    let backend = Backend::postgres(url.trim(), config.readmodel.postgres_connections);
    Ok(backend.map_err(because(wrong))?.read_by(&config.bi.readers))
}

#[derive(Debug, thiserror::Error)]
#[error("{path} can't be read")]
struct Unreadable {
    path: PathBuf,
    source: io::Error,
}

fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}
