//! A process that serves one service or several: what its `main` does whichever they are. It answers `/livez` and `/readyz`
//! from the first moment, which say what it still waits for; nothing else has to be started before it. Each service mounts
//! itself: opens its offices, starts what runs beside them, and says what it answers.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    error::Error,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{Router, body::Body, http::Request, response::Response, routing::any};
use tokio::{net::TcpListener, task::JoinHandle};
use tower::ServiceExt as _;
use utoipa::openapi::OpenApi;

use crate::{
    Config, Kit, Problem,
    bus::{Bus, Figures},
    config::Tenant,
    ground,
    house::House,
    http::{
        bi::{self, Shown},
        openapi, tlog,
    },
    internal::{self, Certified},
    letters::{self, Counted, Opens},
    office::Office,
    offices::{self, Offices},
    serve::{self, ServeError, Shutdown, Tasks},
    service::{Failure, Service as _},
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

/// What a service says of its routes before it is mounted.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// The words of its problems.
    pub problems: &'static str,
    /// The commands that the table of roles must know.
    pub commands: &'static [&'static str],
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
    /// Where everything is kept.
    pub house: House,
    /// How the world reaches it, without a slash at the end.
    pub url: String,
    /// How events travel.
    pub bus: Bus,
    /// The logs of the services that are mounted, by tenant and service.
    pub logs: tlog::Logs,
    /// Those of them that are asked whom letters go to.
    pub owners: BTreeMap<&'static str, Counted>,
    shown: Vec<Shown>,
    mounted: Router,
    described: OpenApi,
    routes: Arc<OnceLock<Router>>,
    serving: JoinHandle<Result<(), ServeError>>,
}

impl<'a> Process<'a> {
    /// Takes the data folder, which no other process has, listens, and answers that it isn't ready.
    ///
    /// # Errors
    /// What can't be opened or listened on.
    pub fn start(config: &'a Config, services: &[Says]) -> Result<Self, ProcessError> {
        let house = House::open(config).map_err(because("its data can't be opened"))?;
        let problems: Vec<&str> = services.iter().map(|says| says.problems).collect();
        let kit = Kit::open(config, &problems).map_err(because("what its routes share can't be opened"))?;
        for says in services {
            kit.roles().must_know(says.commands).map_err(because("the table of roles lacks a command"))?;
        }
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
            house,
            url,
            bus,
            logs: tlog::Logs::new(),
            owners: BTreeMap::new(),
            shown: Vec::new(),
            mounted: Router::new(),
            described: tlog::document().merge_from(bi::document()),
            routes,
            serving,
        })
    }

    /// Waits until the database answers; `false` if the end comes first.
    pub async fn has_database(&self) -> bool {
        let health = self.kit.health();
        while let Err(error) = self.house.backend.answers().await {
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

    /// The offices of a service, of all tenants, each with tables that are of its log; their logs are carried to the bus from
    /// here on, and nothing is written before the two were compared.
    ///
    /// # Errors
    /// If the bus can't be used as configured. A tenant that can't be opened stops alone.
    pub async fn offices<O, F>(
        &mut self,
        mut open: impl FnMut(Arc<Tenant>, ground::Tenant) -> F,
    ) -> Result<Offices<O>, ProcessError>
    where
        O: Office,
        F: Future<Output = Result<Arc<O>, Failure>>,
    {
        let mut offices = Offices::new();
        for tenant in self.kit.tenants().filter(|tenant| O::serves(tenant)) {
            let opened = match self.house.ground(tenant) {
                Ok(ground) => open(tenant.clone(), ground).await,
                Err(failure) => Err(failure),
            };
            let ready = offices::ready(opened, self.config, &self.kit, &tenant.id).await;
            offices.insert(tenant.id.clone(), ready);
        }
        offices::relay(&offices, &self.bus, (&mut self.tasks, &self.shutdown)).await?;
        self.logs.extend(offices::logs(&offices));
        Ok(offices)
    }

    /// Letters of a service's events are asked for here.
    pub fn owns<O: Office>(&mut self, owner: Arc<dyn Opens>) {
        let counted = match self.owners.values().next() {
            Some(other) => other.also(owner),
            None => Counted::new(owner, self.kit.metrics()),
        };
        self.owners.insert(O::Service::NAME, counted);
    }

    /// Dashboards read these views of a service.
    pub fn shows(&mut self, views: Vec<Shown>) {
        self.shown.extend(views);
    }

    /// What a service answers, and how that is described.
    pub fn mount(&mut self, routes: Router, described: Option<OpenApi>) {
        self.mounted = std::mem::take(&mut self.mounted).merge(routes);
        if let Some(described) = described {
            self.described = self.described.clone().merge_from(described);
        }
    }

    /// Answers with everything that is mounted, until the end.
    ///
    /// # Errors
    /// If others can't be answered, or it stopped answering.
    pub async fn serve(mut self) -> Result<(), ProcessError> {
        self.open().await?;
        self.end().await
    }

    /// Answers with everything that is mounted from now on.
    ///
    /// # Errors
    /// If others can't be answered, or the description can't be written.
    pub async fn open(&mut self) -> Result<(), ProcessError> {
        self.answer_others().await?;
        let clocks = (&mut self.tasks, &self.shutdown);
        offices::watch_clocks(&self.logs, self.config, clocks);
        let described = openapi::route(&self.described);
        let described = described.map_err(because("its description can't be written"))?;
        let mounted = std::mem::take(&mut self.mounted).merge(described);
        let mounted = mounted.merge(tlog::routes(self.logs.clone()));
        let dictionary = bi::routes(&self.shown, &self.house.backend);
        let mounted = mounted.merge(dictionary.map_err(because("a page can't be read"))?);
        // Once: nobody else has the cell.
        let _ = self.routes.set(self.kit.wrap(mounted));
        self.kit.health().remove("start");
        Ok(())
    }

    /// Answers services in other processes, if it is configured to: whom letters go to is asked here and nowhere else.
    async fn answer_others(&mut self) -> Result<(), ProcessError> {
        let Some(address) = self.config.internal.listen else { return Ok(()) };
        let certified = Certified::open(&self.config.internal);
        let certified = certified.map_err(because("its certificate can't be used"))?;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(because("`internal.listen` can't be listened on"))?;
        let (app, end) = (letters::routes(self.owners.clone()), self.shutdown.clone());
        self.tasks.spawn("internal", async move { internal::serve(listener, &certified, app, end).await });
        Ok(())
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

fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}
