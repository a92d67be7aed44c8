//! `radslag notifications`: letters that somebody should look at. It reads a running server's tables, and leaves it a word
//! about what is to be sent again.

use anyhow::{Context as _, Result};
use radslag_kernel::{AggregateId, Calendar, Instant};
use radslag_notifications::{
    catalogue::Catalogue,
    projections::{DELIVERIES, lists},
    shell::{Notifications, spool},
};
use radslag_readmodel::{Query, Store, Value};
use radslag_runtime::{house, service::Service as _};
use serde::Serialize;

use crate::{
    cli::notifications::{DeliveriesArgs, RetryArgs},
    failure::Usage,
    place::Place,
    print,
    said::Said,
    settings::Settings,
};

const DELIVERIES_IN: Query = lists::DELIVERIES_IN;
/// Those somebody may decide about.
const UNDECIDED: [&str; 2] = ["failed", "in-doubt"];
/// Letters shown of a state.
const MOST: i64 = 1_000;
const HOUR_MS: u64 = 3_600_000;

/// A letter, and nobody it is for.
#[derive(Serialize)]
struct Letter {
    delivery: String,
    /// When it was planned.
    date: String,
    state: String,
    template: String,
}

/// Lists letters.
pub(crate) fn deliveries(args: &DeliveriesArgs, settings: &Settings, said: Said) -> Result<()> {
    let place = Place::of(&args.tenant, settings, said)?;
    let backend = house::backend(settings.config(), place.folders())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let letters = runtime.block_on(async {
        let store = Store::open_to_read(&backend, &place.tenant, Notifications::NAME, &DELIVERIES).await?;
        let Some(store) = store else { return Ok(Vec::new()) };
        let mut letters = Vec::new();
        let states = args.state.as_deref().map_or_else(|| UNDECIDED.to_vec(), |state| vec![state]);
        for state in states {
            let rows = store.query(&DELIVERIES_IN, &[Value::Text(state.into()), Value::Int(MOST)]).await?;
            for row in &rows {
                let hour = row.opt_int("hour")?.unwrap_or_default().unsigned_abs();
                letters.push(Letter {
                    delivery: AggregateId::from_slice(row.bytes("delivery")?).unwrap_or_default().to_string(),
                    date: Calendar::utc().date(Instant::from_millis(hour * HOUR_MS)).to_string(),
                    state: state.to_owned(),
                    template: row.opt_text("template")?.unwrap_or_default().to_owned(),
                });
            }
        }
        Ok(letters)
    });
    let letters =
        letters.map_err(|error: radslag_readmodel::Error| error).context("the letters can't be read")?;
    print::result(args.json, &letters, || {
        let line = |letter: &Letter| {
            let words = Catalogue::shipped().state.get(&letter.state);
            let words = words.map_or(letter.state.as_str(), |label| said.pick(&label.sv, &label.en));
            format!("{} {} {}: {words}\n", letter.delivery, letter.date, letter.template)
        };
        letters.iter().map(line).collect::<String>() + said.unless_any(letters.is_empty())
    })
}

#[derive(Serialize)]
struct Again {
    tenant: String,
    delivery: String,
}

/// Has a letter sent again.
pub(crate) fn retry(args: &RetryArgs, settings: &Settings, said: Said) -> Result<()> {
    let place = Place::of(&args.tenant, settings, said)?;
    let Ok(delivery) = args.delivery.parse::<AggregateId>() else {
        return Err(Usage(said.not_a_letter(&args.delivery)).into());
    };
    let folder = spool::folder(&settings.config().data.dir, &place.tenant);
    spool::put_again(&folder, delivery).context("the wish can't be written")?;
    let again = Again { tenant: place.tenant, delivery: delivery.to_string() };
    print::result(args.json, &again, || said.letter_again(&again.delivery))
}
