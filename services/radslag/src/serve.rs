//! Serves all tenants in one process, until it is told to stop.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use radslag_notifications::{
    http as letters,
    shell::{asking::Within, hearing::Hearing, means, owner::Owners, process, run::listen},
};
use radslag_petitions::{
    http::{self, Api, Offices},
    letters::may,
    shell::{Office, letters::owner::Owner, run},
};
use radslag_runtime::{
    Config, Kit,
    bus::{Bus, Figures},
    http::{Health, openapi, tlog},
    letters::Counted,
    serve::{self, Shutdown, Tasks},
    telemetry,
};
use tokio::net::TcpListener;

use crate::{asyncapi, demo, open::House, print, progress::Bar, rebuild, said::Said, settings::Settings};

/// Serves as configured; without a configuration, the demonstration.
pub(crate) fn run(settings: &Settings, said: Said) -> Result<()> {
    let config = settings.config();
    telemetry::init(&config.telemetry)?;
    telemetry::quiet_panics();
    let runtime = tokio::runtime::Runtime::new().context("the runtime can't be started")?;
    runtime.block_on(async {
        if settings.file.is_none() {
            demo::make_if_missing(config, said).await?;
        }
        serving(config, said).await
    })
}

async fn serving(config: &Config, said: Said) -> Result<()> {
    let house = House::open(config)?;
    let kit = Kit::open(config, &[http::PROBLEMS, letters::PROBLEMS])?;
    kit.roles().must_know(http::COMMANDS)?;
    kit.roles().must_know(letters::COMMANDS)?;
    let shutdown = Shutdown::at_signals(kit.health())?;
    let listener = serve::bind(&config.http)?;
    let url = match &config.http.public_url {
        Some(url) => url.clone(),
        None => format!("http://{}", listener.local_addr()?),
    };
    let mut tasks = Tasks::new(shutdown.clone(), kit.health().clone());
    let offices = offices(&house, &kit, config).await;
    let bus = Bus::new(config, &url, Figures::new(kit.metrics()));
    for office in offices.values().flatten() {
        // First, since nothing is written before the bus was compared.
        bus.relay(&office.log, (&office.tenant.id, "petitions"), (&mut tasks, &shutdown)).await?;
    }
    let posts = letter_offices(&house, &kit, config, (&offices, &url)).await?;
    hear(&offices, &posts, &mut tasks, (kit.health(), &shutdown)).await?;
    for office in offices.values().flatten() {
        start(office, config, &mut tasks, (kit.health(), &shutdown));
    }
    process::start(&posts, &kit, &mut tasks, &shutdown);
    let api = Api::new(kit.clone(), offices.clone())?.ending_with(shutdown.clone());
    let document = http::document()
        .merge_from(http::figures_document())
        .merge_from(letters::document())
        .merge_from(tlog::document());
    let tenants: Vec<&str> = config.tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    let described = openapi::route(&document)?.merge(asyncapi::routes(&tenants)?);
    let routes = http::routes(api).merge(described).merge(tlog::routes(logs(&offices, &posts)));
    let routes = routes.merge(letters::routes(letters::Api::new(kit.clone(), posts)));
    caught_up(&offices, said).await?;
    print::note(&said.serving(
        &url,
        &config.data.dir,
        &mail_folder(config),
        config.tenants.iter().map(|t| t.id.as_str()),
    ));
    answer(listener, kit.wrap(routes), config, shutdown).await?;
    tasks.end(config.http.drain()).await;
    Ok(())
}

async fn answer(listener: TcpListener, app: axum::Router, config: &Config, shutdown: Shutdown) -> Result<()> {
    Ok(serve::serve(listener, app, &config.http, shutdown).await?)
}

/// Every tenant's office; a tenant whose log is damaged stops alone, and `/readyz` says why.
async fn offices(house: &House, kit: &Kit, config: &Config) -> Offices {
    let mut offices = Offices::new();
    for tenant in kit.tenants() {
        let opened = match house.office(tenant, config).await {
            Ok(office) => rebuild::stale(&office, config).await.map(|()| office),
            Err(failure) => Err(failure),
        };
        let opened = opened.map_err(|failure| {
            let cause = std::error::Error::source(&failure).map(ToString::to_string).unwrap_or_default();
            tracing::error!(tenant = tenant.id, error = %failure, cause, "a tenant can't be served");
            format!("{failure}: {cause}")
        });
        let name = format!("petitions of {}", tenant.id);
        match &opened {
            Ok(office) => {
                if config.bus.nats_url.is_some() {
                    office.log.hold("the bus hasn't been compared with the log yet");
                }
                kit.metrics().watch(office.reach());
                watch(kit.health(), name, office.clone());
            }
            Err(reason) => kit.health().set(name, Err(reason.clone())),
        }
        offices.insert(tenant.id.clone(), opened);
    }
    offices
}

/// Every tenant's letters: what they are about is asked within this process.
async fn letter_offices(
    house: &House,
    kit: &Kit,
    config: &Config,
    (served, url): (&Offices, &str),
) -> Result<letters::Offices> {
    let owner = Counted::new(Arc::new(Owner::new(served.values().flatten(), url)), kit.metrics());
    let owners = Owners::default().with("petitions", Arc::new(Within(owner)));
    let mut offices = letters::Offices::new();
    for tenant in kit.tenants() {
        let means = means::of(config, &tenant.id, url, owners.clone())?;
        let opened = house.letters(tenant, config, means).await;
        offices.insert(tenant.id.clone(), process::ready(opened, config, kit, &tenant.id).await);
    }
    Ok(offices)
}

/// Has every tenant's letters listen to its petitions, from before anything is written on.
async fn hear(
    offices: &Offices,
    posts: &letters::Offices,
    tasks: &mut Tasks,
    (health, shutdown): (&Health, &Shutdown),
) -> Result<()> {
    for office in offices.values().flatten() {
        if let Some(Ok(post)) = posts.get(&office.tenant.id) {
            let hearing = Hearing { office: post.clone(), service: "petitions", may };
            listen(hearing, &office.log, tasks, (health, shutdown)).await?;
        }
    }
    Ok(())
}

/// The logs that can be checked by anybody.
fn logs(offices: &Offices, posts: &letters::Offices) -> tlog::Logs {
    let served = offices.iter().filter_map(|(tenant, office)| Some((tenant, office.as_ref().ok()?)));
    let served = served.map(|(tenant, office)| ((tenant.clone(), "petitions".into()), office.log.clone()));
    served.chain(process::logs(posts)).collect()
}

/// `/readyz` says when a log takes nothing, and why.
fn watch(health: &Health, name: String, office: Arc<Office>) {
    health.check(format!("log of {name}"), move || match office.log.health() {
        radslag_eventlog::log::Health::Open => Ok(()),
        radslag_eventlog::log::Health::ReadOnly(reason, _) => Err(reason),
        radslag_eventlog::log::Health::Damaged(error) => Err(error.to_string()),
    });
}

fn start(office: &Arc<Office>, config: &Config, tasks: &mut Tasks, (health, shutdown): (&Health, &Shutdown)) {
    run::start(office, tasks, (health, shutdown));
    let (this, ground, end) = (office.clone(), config.data.ground_dir(), shutdown.clone());
    tasks.spawn("clock", async move {
        tokio::select! {
            () = end.begun() => {}
            () = accept_clock(&this, &ground) => {}
        }
    });
}

/// Looks every second whether somebody has accepted the clock as it is.
async fn accept_clock(office: &Office, ground: &Path) {
    let file = ground.join(&office.tenant.id).join("clock-accept");
    let mut ticker = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticker.tick().await;
        if std::fs::remove_file(&file).is_ok() {
            office.log.accept_clock();
            tracing::warn!(tenant = office.tenant.id, "the clock was accepted as it is");
        }
    }
}

/// Waits until the tables have read what the logs hold.
async fn caught_up(offices: &Offices, said: Said) -> Result<()> {
    for office in offices.values().flatten() {
        let end = office.log.watermark();
        if office.petitions.reached() == end {
            continue;
        }
        let bar = Bar::new(&said.catching_up(&office.tenant.id));
        let mut waiting = std::pin::pin!(office.petitions.wait_for(end));
        loop {
            match tokio::time::timeout(Duration::from_millis(200), &mut waiting).await {
                Ok(done) => break done?,
                Err(_) => bar.set(office.petitions.reached(), end),
            }
        }
    }
    Ok(())
}

fn mail_folder(config: &Config) -> std::path::PathBuf {
    config.mail.drop_dir.clone().unwrap_or_else(|| config.data.dir.join("mail"))
}
