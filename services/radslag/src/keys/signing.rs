//! `radslag keys rotate-signing` and `retire-signing`: one key that signs checkpoints takes over from another. While both
//! sign, everybody who trusts the old one sees that it vouches for what the new one signs too. The server reads them when
//! it starts.

use anyhow::Result;
use radslag_evidence::Checkpoint;
use radslag_runtime::ground::Tenant;
use serde::Serialize;

use crate::{cli::keys::SigningArgs, failure::Usage, place::Place, print, said::Said, settings::Settings};

#[derive(Serialize)]
struct Signing {
    tenant: String,
    service: String,
    /// How many sign from the next start on.
    keys: usize,
    /// How many are gone.
    retired: usize,
    /// Public halves of those that sign, oldest first, under the name in which the log signs.
    verifiers: Vec<String>,
}

/// Makes a new key beside the ones there are.
pub(crate) fn rotate(args: &SigningArgs, settings: &Settings, said: Said) -> Result<()> {
    let (place, services) = asked(args, settings, said)?;
    let tenant = place.open()?;
    let mut all = Vec::new();
    for service in services {
        let keys = tenant.add_signing_key(&service)?;
        all.push(signing(&place, &tenant, service, (keys, 0))?);
    }
    let line = |one: &Signing| said.signing_rotated(&one.service, one.keys, &one.verifiers);
    print::result(args.json, &all, || all.iter().map(line).collect())
}

/// Destroys all but the newest, once that one has signed. Either all services are ready for it, or nothing is changed.
pub(crate) fn retire(args: &SigningArgs, settings: &Settings, said: Said) -> Result<()> {
    let (place, services) = asked(args, settings, said)?;
    let tenant = place.open()?;
    for service in &services {
        if !newest_has_signed(&place, &tenant, service)? {
            return Err(Usage(said.newest_has_not_signed(&place.tenant, service)).into());
        }
    }
    let mut all = Vec::new();
    for service in services {
        let retired = tenant.retire_signing_keys(&service)?;
        all.push(signing(&place, &tenant, service, (1, retired))?);
    }
    let line = |one: &Signing| said.signing_retired(&one.service, one.retired, &one.verifiers);
    print::result(args.json, &all, || all.iter().map(line).collect())
}

fn asked(args: &SigningArgs, settings: &Settings, said: Said) -> Result<(Place, Vec<String>)> {
    settings.start_warnings()?;
    let place = Place::of(&args.tenant, settings, said)?;
    let services = match &args.service {
        Some(service) => {
            // A service without a log would get a key by being named.
            place.reader(service)?;
            vec![service.clone()]
        }
        None => place.services()?,
    };
    if services.is_empty() { Err(place.no_logs()) } else { Ok((place, services)) }
}

/// Whether the newest checkpoint has the newest key's signature; a log that has signed nothing binds nobody.
fn newest_has_signed(place: &Place, tenant: &Tenant, service: &str) -> Result<bool> {
    let Some(signed) = place.reader(service)?.checkpoint()? else { return Ok(true) };
    let newest = tenant.verifiers(service, &signed.checkpoint.origin)?.pop();
    Ok(newest.is_some_and(|newest| Checkpoint::open(&signed.note, &[newest]).is_ok()))
}

fn signing(
    place: &Place,
    tenant: &Tenant,
    service: String,
    (keys, retired): (usize, usize),
) -> Result<Signing> {
    let reader = place.reader(&service)?;
    let name = match reader.checkpoint()? {
        Some(signed) => signed.checkpoint.origin,
        None => tenant.origin_line(&service, reader.origin()),
    };
    let verifiers = tenant.verifiers(&service, &name)?.iter().map(ToString::to_string).collect();
    Ok(Signing { tenant: place.tenant.clone(), service, keys, retired, verifiers })
}
