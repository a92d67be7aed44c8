//! Serves all tenants until it is told to stop: every service in one process, or those that are named.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use radslag_notifications::shell::process as notifications;
use radslag_panels::shell::process as panels;
use radslag_petitions::{http::Offices, shell::process as petitions};
use radslag_runtime::{
    Config,
    process::{Process, Says},
    telemetry,
};

use crate::{
    asyncapi,
    cli::serve::{ServeArgs, Served},
    demo, print,
    progress::Bar,
    said::Said,
    settings::Settings,
};

/// Serves as configured; without a configuration, the demonstration.
pub(crate) fn run(args: &ServeArgs, settings: &Settings, said: Said) -> Result<()> {
    let config = settings.config();
    telemetry::init(&config.telemetry)?;
    telemetry::quiet_panics();
    let runtime = tokio::runtime::Runtime::new().context("the runtime can't be started")?;
    runtime.block_on(async {
        if settings.file.is_none() {
            demo::make_if_missing(config, said).await?;
        }
        serving(args, config, said).await
    })
}

/// Services that are asked whom letters go to come before the one that asks.
async fn serving(args: &ServeArgs, config: &Config, said: Said) -> Result<()> {
    let has = |service| args.only.is_empty() || args.only.contains(&service);
    let mut process = Process::start(config, &says(&has))?;
    if !process.has_database().await {
        return Ok(process.end().await?);
    }
    if has(Served::Petitions) {
        let offices = petitions::mount(&mut process).await?;
        caught_up(&offices, said).await?;
    }
    if has(Served::Panels) {
        panels::mount(&mut process).await?;
    }
    if has(Served::Notifications) {
        notifications::mount(&mut process).await?;
    }
    let tenants: Vec<&str> = config.tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    process.mount(asyncapi::routes(&tenants)?, None);
    process.open().await?;
    print::note(&said.serving(&process.url, &config.data.dir, &post(config), tenants.iter().copied()));
    Ok(process.end().await?)
}

fn says(has: &dyn Fn(Served) -> bool) -> Vec<Says> {
    let all = [
        (Served::Petitions, petitions::SAYS),
        (Served::Panels, panels::SAYS),
        (Served::Notifications, notifications::SAYS),
    ];
    all.into_iter().filter(|(service, _)| has(*service)).map(|(_, says)| says).collect()
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
fn post(config: &Config) -> PathBuf {
    let mail = &config.mail;
    match &mail.smtp_host {
        Some(host) => format!("{host}:{}", mail.smtp_port).into(),
        None => mail.drop_dir.clone().unwrap_or_else(|| config.data.dir.join("mail")),
    }
}

#[cfg(test)]
mod tests {
    use radslag_notifications::templates::REPLIES;
    use radslag_notifications::templates::shipped;
    use radslag_petitions::letters::{TEMPLATES, class};
    use radslag_proto::notifications::Class;

    #[test]
    fn every_letter_of_petitions_has_its_words_in_both_languages() {
        for template in TEMPLATES {
            assert!(shipped(template, "sv").is_some() && shipped(template, "en").is_some(), "{template}");
            assert_ne!(shipped(template, "sv"), shipped(template, "en"), "{template}");
        }
    }

    /// Which template it is would tell whoever reads counts what came of a submission.
    #[test]
    fn every_letter_that_answers_a_submission_counts_as_a_reply() {
        for template in TEMPLATES {
            let asked_for = matches!(class(template), Class::Confirmation);
            assert_eq!(asked_for, REPLIES.contains(template), "{template}");
        }
    }
}
