//! `radslag token`: a token for trying things out, signed with the local key. Its verification is the real one.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use radslag_kernel::Instant;
use radslag_runtime::auth::{Grant, Issuer};
use serde::Serialize;

use crate::{cli::TokenArgs, place::Place, print, said::Said, settings::Settings};

#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
    tenant: &'a str,
    roles: Vec<&'static str>,
    expires_at: String,
}

/// Runs the command.
pub(crate) fn run(args: &TokenArgs, settings: &Settings, said: Said) -> Result<()> {
    let tenant = Place::of(&args.tenant, settings, said)?.tenant;
    let auth = &settings.config().auth;
    let issuer = Issuer::open(auth, &settings.folders().secrets)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let grant = Grant {
        tenant: tenant.clone(),
        subject: args.subject.clone(),
        roles: args.roles.clone(),
        name: args.name.clone(),
        assurance: args.level,
        valid_s: args.hours * 3_600,
    };
    let token = issuer.issue(&grant, now)?;
    print::note(said.development_token());
    if auth.jwks_file.is_some() {
        print::note(said.token_not_believed());
    }
    let shown = Token {
        token: &token,
        tenant: &tenant,
        roles: args.roles.iter().map(|role| role.word()).collect(),
        expires_at: Instant::from_millis((now + grant.valid_s) * 1_000).to_string(),
    };
    print::result(args.json, &shown, || token.clone())
}
