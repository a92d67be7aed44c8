//! Serves all tenants in one process, until it is told to stop.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use radslag_notifications::{
    http as letters,
    shell::{asking::Within, hearing::Hearing, means, owner::Owners, process as posting, run::listen},
};
use radslag_petitions::{
    http::{self, Api, Offices},
    letters::may,
    shell::{letters::owner::Owner, process as petitioning},
};
use radslag_runtime::{
    Config, Kit,
    bus::{Bus, Figures},
    http::{Health, bi, openapi, tlog},
    letters::Counted,
    serve::{self, Shutdown, Tasks},
    telemetry,
};
use tokio::net::TcpListener;

use crate::{
    asyncapi,
    cli::serve::{ServeArgs, Served},
    demo,
    open::House,
    print,
    progress::Bar,
    said::Said,
    settings::Settings,
};

/// Serves as configured; without a configuration, the demonstration. One service alone is served as its own process serves
/// it: the others are elsewhere.
pub(crate) fn run(args: &ServeArgs, settings: &Settings, said: Said) -> Result<()> {
    let config = settings.config();
    telemetry::init(&config.telemetry)?;
    telemetry::quiet_panics();
    let runtime = tokio::runtime::Runtime::new().context("the runtime can't be started")?;
    let alone = |service| !args.only.is_empty() && args.only.iter().all(|only| *only == service);
    runtime.block_on(async {
        if alone(Served::Petitions) {
            return Ok(petitioning::serve(config).await?);
        }
        if alone(Served::Notifications) {
            return Ok(posting::serve(config).await?);
        }
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
    petitioning::relay(&offices, &bus, (&mut tasks, &shutdown)).await?;
    let posts = letter_offices(&house, &kit, config, (&offices, &url)).await?;
    posting::relay(&posts, &bus, (&mut tasks, &shutdown)).await?;
    hear(&offices, &posts, &mut tasks, (kit.health(), &shutdown)).await?;
    petitioning::start(&offices, config, &kit, (&mut tasks, &shutdown));
    posting::start(&posts, &kit, &mut tasks, &shutdown);
    let api = Api::new(kit.clone(), offices.clone())?.ending_with(shutdown.clone());
    let document = http::document()
        .merge_from(http::figures_document())
        .merge_from(letters::document())
        .merge_from(tlog::document())
        .merge_from(bi::document());
    let tenants: Vec<&str> = config.tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    let described = openapi::route(&document)?.merge(asyncapi::routes(&tenants)?);
    let logs: tlog::Logs = petitioning::logs(&offices).into_iter().chain(posting::logs(&posts)).collect();
    let routes = http::routes(api).merge(described).merge(tlog::routes(logs));
    let routes = routes.merge(letters::routes(letters::Api::new(kit.clone(), posts)));
    let routes = routes.merge(bi::routes(&crate::bi::views(), &house.backend));
    caught_up(&offices, said).await?;
    print::note(&said.serving(
        &url,
        &config.data.dir,
        &post(config),
        config.tenants.iter().map(|t| t.id.as_str()),
    ));
    answer(listener, kit.wrap(routes), config, shutdown).await?;
    tasks.end(config.http.drain()).await;
    Ok(())
}

async fn answer(listener: TcpListener, app: axum::Router, config: &Config, shutdown: Shutdown) -> Result<()> {
    Ok(serve::serve(listener, app, &config.http, shutdown).await?)
}

/// Every tenant's office.
async fn offices(house: &House, kit: &Kit, config: &Config) -> Offices {
    let mut offices = Offices::new();
    for tenant in kit.tenants() {
        let opened = house.office(tenant, config).await;
        offices.insert(tenant.id.clone(), petitioning::ready(opened, config, kit, &tenant.id).await);
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
        offices.insert(tenant.id.clone(), posting::ready(opened, config, kit, &tenant.id).await);
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

/// A mail server, or a folder.
fn post(config: &Config) -> std::path::PathBuf {
    let mail = &config.mail;
    match &mail.smtp_host {
        Some(host) => format!("{host}:{}", mail.smtp_port).into(),
        None => mail.drop_dir.clone().unwrap_or_else(|| config.data.dir.join("mail")),
    }
}

#[cfg(test)]
mod tests {
    use radslag_notifications::templates::shipped;
    use radslag_petitions::letters::TEMPLATES;

    #[test]
    fn every_letter_of_petitions_has_its_words_in_both_languages() {
        for template in TEMPLATES {
            assert!(shipped(template, "sv").is_some() && shipped(template, "en").is_some(), "{template}");
            assert_ne!(shipped(template, "sv"), shipped(template, "en"), "{template}");
        }
    }
}
