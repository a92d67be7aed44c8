//! The table of tokens: which are believed, and the precise reason why each other isn't.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use radslag_kernel::{ItemId, Role};
use radslag_runtime::Verifier;
use radslag_runtime::auth::{
    Assurance, Denied, Grant, IssueError, Issuer, KeyError, LEEWAY_S, Means, Sessions,
};
use radslag_runtime::config::Auth;
use serde_json::{Value, json};

const NOW: u64 = 1_790_000_000;

struct Bench {
    folder: tempfile::TempDir,
    clock: Arc<AtomicU64>,
    verifier: Verifier,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    bench_of(folder, &Auth::default())
}

fn bench_of(folder: tempfile::TempDir, auth: &Auth) -> Bench {
    let clock = Arc::new(AtomicU64::new(NOW));
    let verifier = Verifier::open(auth, folder.path()).unwrap();
    let read = Arc::clone(&clock);
    let verifier = verifier.with_clock(Arc::new(move || read.load(Ordering::SeqCst)));
    Bench { folder, clock, verifier }
}

impl Bench {
    fn key(&self) -> EncodingKey {
        key_of(&self.folder.path().join("token.pem"))
    }

    fn signed(&self, claims: &Value) -> String {
        encode(&Header::new(Algorithm::EdDSA), claims, &self.key()).unwrap()
    }

    fn denied(&self, token: &str) -> Denied {
        self.verifier.verify(token, "malmo").unwrap_err()
    }
}

fn key_of(path: &Path) -> EncodingKey {
    EncodingKey::from_ed_pem(&std::fs::read(path).unwrap()).unwrap()
}

fn claims() -> Value {
    json!({
        "iss": "radslag-local", "aud": "radslag", "sub": "official-1", "tenant": "malmo",
        "roles": ["moderator", "official"], "nbf": NOW, "exp": NOW + 3600,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(header), part(claims))
}

#[test]
fn a_good_token_speaks_for_its_subject() {
    let bench = bench();
    let mut claims = with("name", json!("Anna"));
    claims["acr"] = json!("http://id.elegnamnden.se/loa/1.0/loa3");
    let principal = bench.verifier.verify(&bench.signed(&claims), "malmo").unwrap();
    assert_eq!((principal.tenant.as_str(), principal.subject.as_str()), ("malmo", "official-1"));
    assert_eq!(principal.roles, [Role::Moderator, Role::Official]);
    assert_eq!(principal.name.as_deref(), Some("Anna"));
    assert_eq!(principal.assurance, Some(Assurance::Substantial));
}

#[test]
fn a_token_for_several_audiences_is_for_us_too() {
    let bench = bench();
    let token = bench.signed(&with("aud", json!(["other", "radslag"])));
    assert!(bench.verifier.verify(&token, "malmo").is_ok());
}

#[test]
fn each_wrong_claim_has_its_reason() {
    let bench = bench();
    let table = [
        (with("tenant", json!("number10")), Denied::OtherTenant),
        (without("tenant"), Denied::NoClaim("tenant")),
        (without("aud"), Denied::NoClaim("aud")),
        (with("aud", json!("other")), Denied::Audience),
        (with("aud", json!([])), Denied::Audience),
        (with("aud", json!(7)), Denied::NoClaim("aud")),
        (without("iss"), Denied::NoClaim("iss")),
        (with("iss", json!("other")), Denied::Issuer),
        (with("iss", json!(null)), Denied::NoClaim("iss")),
        (without("sub"), Denied::NoClaim("sub")),
        (with("sub", json!("")), Denied::NoClaim("sub")),
        (without("exp"), Denied::NoClaim("exp")),
        (without("nbf"), Denied::NoClaim("nbf")),
        (with("exp", json!(NOW - LEEWAY_S)), Denied::Expired),
        (with("exp", json!(0)), Denied::Expired),
        (with("nbf", json!(NOW + LEEWAY_S + 1)), Denied::NotYetValid),
        (with("nbf", json!(1e300)), Denied::NoClaim("nbf")),
        (with("exp", json!(-5)), Denied::NoClaim("exp")),
        (with("exp", json!("soon")), Denied::Garbage),
        (with("roles", json!("moderator")), Denied::Garbage),
    ];
    for (claims, reason) in table {
        assert_eq!(bench.denied(&bench.signed(&claims)), reason, "{claims}");
    }
}

#[test]
fn clocks_may_differ_by_the_leeway() {
    let bench = bench();
    for claims in [with("exp", json!(NOW - LEEWAY_S + 1)), with("nbf", json!(NOW + LEEWAY_S))] {
        assert!(bench.verifier.verify(&bench.signed(&claims), "malmo").is_ok(), "{claims}");
    }
}

#[test]
fn another_algorithm_is_refused_even_with_the_public_key_as_its_secret() {
    let bench = bench();
    let public = Jwk::from_encoding_key(&bench.key(), Algorithm::EdDSA).unwrap();
    let public = serde_json::to_value(public).unwrap()["x"].as_str().unwrap().to_owned();
    let raw = URL_SAFE_NO_PAD.decode(&public).unwrap();
    for secret in [raw.as_slice(), public.as_bytes()] {
        let key = EncodingKey::from_secret(secret);
        let token = encode(&Header::new(Algorithm::HS256), &claims(), &key).unwrap();
        assert_eq!(bench.denied(&token), Denied::Algorithm);
    }
}

#[test]
fn no_algorithm_is_refused() {
    let bench = bench();
    for none in ["none", "None", "NONE", ""] {
        let token = unsigned(&json!({ "alg": none, "typ": "JWT" }), &claims());
        assert_eq!(bench.denied(&token), Denied::Garbage, "{none}");
    }
    let token = unsigned(&json!({ "alg": "EdDSA", "typ": "JWT" }), &claims());
    assert_eq!(bench.denied(&token), Denied::Signature);
}

#[test]
fn extensions_that_must_be_understood_are_not() {
    let bench = bench();
    let header = Header { crit: Some(vec!["x".into()]), ..Header::new(Algorithm::EdDSA) };
    let token = encode(&header, &claims(), &bench.key()).unwrap();
    assert_eq!(bench.denied(&token), Denied::Garbage);
}

#[test]
fn another_key_and_a_changed_token_are_refused() {
    let (bench, other) = (bench(), bench_of(tempfile::tempdir().unwrap(), &Auth::default()));
    assert_eq!(bench.denied(&other.signed(&claims())), Denied::Signature);
    let token = bench.signed(&claims());
    let changed = unsigned(&json!({ "alg": "EdDSA", "typ": "JWT" }), &with("sub", json!("somebody-else")));
    let changed = changed + token.rsplit('.').next().unwrap();
    assert_eq!(bench.denied(&changed), Denied::Signature);
}

#[test]
fn garbage_is_refused() {
    let bench = bench();
    let huge = "a".repeat(9000);
    for token in ["", ".", "..", "a.b.c", "ä.ö.å", "e30.e30.e30", "\u{0}"] {
        assert_eq!(bench.denied(token), Denied::Garbage, "{token:?}");
    }
    assert_eq!(bench.denied(&huge), Denied::TooLong);
}

#[test]
fn a_token_verified_once_still_expires_and_still_holds_for_its_tenant_only() {
    let bench = bench();
    let token = bench.signed(&claims());
    assert!(bench.verifier.verify(&token, "malmo").is_ok());
    assert_eq!(bench.verifier.verify(&token, "number10"), Err(Denied::OtherTenant));
    bench.clock.store(NOW + 3600 + LEEWAY_S, Ordering::SeqCst);
    assert_eq!(bench.denied(&token), Denied::Expired);
    bench.clock.store(NOW - LEEWAY_S - 1, Ordering::SeqCst);
    assert_eq!(bench.denied(&token), Denied::NotYetValid);
    bench.clock.store(NOW, Ordering::SeqCst);
    assert!(bench.verifier.verify(&token, "malmo").is_ok());
}

#[test]
fn roles_that_follow_from_what_somebody_did_are_not_given_by_tokens() {
    let bench = bench();
    let token = bench.signed(&with("roles", json!(["system", "initiator", "citizen", "emperor"])));
    assert_eq!(bench.verifier.verify(&token, "malmo").unwrap().roles, [Role::Citizen]);
}

#[test]
fn a_development_token_is_verified_as_any_other() {
    let bench = bench();
    let issuer = Issuer::open(&Auth::default(), bench.folder.path()).unwrap();
    let grant = Grant {
        tenant: "malmo".into(),
        subject: "dev".into(),
        roles: vec![Role::Moderator],
        name: None,
        assurance: Some(Assurance::High),
        valid_s: 600,
    };
    let principal = bench.verifier.verify(&issuer.issue(&grant, NOW).unwrap(), "malmo").unwrap();
    assert_eq!(principal.roles, [Role::Moderator]);
    assert_eq!(principal.assurance, Some(Assurance::High));
    let system = Grant { roles: vec![Role::System], ..grant };
    assert_eq!(issuer.issue(&system, NOW), Err(IssueError::NotGrantable("system")));
}

/// An issuer's set with the public parts of these keys.
fn set(folder: &Path, keys: &[(&str, &EncodingKey, Algorithm)]) -> Auth {
    let jwk = |(id, key, algorithm): &(&str, &EncodingKey, Algorithm)| {
        let mut jwk = Jwk::from_encoding_key(key, *algorithm).unwrap();
        jwk.common.key_id = Some((*id).to_owned());
        jwk
    };
    let path = folder.join("jwks.json");
    let keys: Vec<Jwk> = keys.iter().map(jwk).collect();
    std::fs::write(&path, json!({ "keys": keys }).to_string()).unwrap();
    Auth { jwks_file: Some(path), ..Auth::default() }
}

/// RFC 7515, appendix A.3: a P-256 key, as PKCS#8.
fn p256() -> EncodingKey {
    let secret = URL_SAFE_NO_PAD.decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").unwrap();
    let x = URL_SAFE_NO_PAD.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").unwrap();
    let y = URL_SAFE_NO_PAD.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").unwrap();
    let head = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";
    fn hex(text: &str) -> impl Iterator<Item = u8> {
        (0..text.len()).step_by(2).map(move |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
    }
    let mut der: Vec<u8> = hex(head).collect();
    der.extend(secret);
    der.extend(hex("a144034200"));
    der.push(4);
    der.extend(x.into_iter().chain(y));
    EncodingKey::from_ec_der(&der)
}

#[test]
fn a_key_set_names_its_keys_and_each_has_one_algorithm() {
    let first = bench();
    let (ed, es) = (first.key(), p256());
    let auth = set(first.folder.path(), &[("ed-1", &ed, Algorithm::EdDSA), ("es-1", &es, Algorithm::ES256)]);
    let bench = bench_of(first.folder, &auth);
    let token = |id: Option<&str>, algorithm, key: &EncodingKey| {
        let header = Header { kid: id.map(Into::into), ..Header::new(algorithm) };
        encode(&header, &claims(), key).unwrap()
    };
    assert!(bench.verifier.verify(&token(Some("ed-1"), Algorithm::EdDSA, &ed), "malmo").is_ok());
    assert!(bench.verifier.verify(&token(Some("es-1"), Algorithm::ES256, &es), "malmo").is_ok());
    assert_eq!(bench.denied(&token(None, Algorithm::EdDSA, &ed)), Denied::UnknownKey);
    assert_eq!(bench.denied(&token(Some("ed-2"), Algorithm::EdDSA, &ed)), Denied::UnknownKey);
    assert_eq!(bench.denied(&token(Some("es-1"), Algorithm::EdDSA, &ed)), Denied::Algorithm);
}

#[test]
fn where_there_is_a_key_set_the_local_key_is_not_believed() {
    let (local, other) = (bench(), bench());
    let auth = set(local.folder.path(), &[("ed-1", &other.key(), Algorithm::EdDSA)]);
    let token = local.signed(&claims());
    let bench = bench_of(local.folder, &auth);
    assert_eq!(bench.denied(&token), Denied::Signature);
}

#[test]
fn a_key_set_without_usable_keys_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let auth = Auth { jwks_file: Some(path.clone()), ..Auth::default() };
    let opened = || Verifier::open(&auth, folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(opened(), KeyError::Unreadable { .. }));
    std::fs::write(&path, "not a set").unwrap();
    assert!(matches!(opened(), KeyError::NotASet { .. }));
    let symmetric = json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" }] });
    std::fs::write(&path, symmetric.to_string()).unwrap();
    assert!(matches!(opened(), KeyError::NoKey { .. }));
    std::fs::write(folder.path().join("token.pem"), "not a key").unwrap();
    std::fs::set_permissions(
        folder.path().join("token.pem"),
        std::os::unix::fs::PermissionsExt::from_mode(0o600),
    )
    .unwrap();
    let local = Verifier::open(&Auth::default(), folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(local, KeyError::NotAKey { .. }));
}

#[test]
fn a_session_is_a_citizens_with_a_mailbox_and_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = Sessions::open(&Auth::default(), folder.path()).unwrap();
    let verifier = Verifier::open(&Auth::default(), folder.path()).unwrap();
    let session = ItemId::from_bytes([7; 16]);
    let token = sessions.issue("malmo", "ann@example.org", session).unwrap();
    let principal = verifier.verify(&token, "malmo").unwrap();
    assert_eq!(principal.means, Means::Mailbox { session });
    assert_eq!((principal.subject.as_str(), principal.roles), ("ann@example.org", vec![Role::Citizen]));
    assert_eq!(verifier.verify(&token, "number10"), Err(Denied::OtherTenant));
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Verifier::open(&Auth::default(), elsewhere.path()).unwrap();
    assert_eq!(other.verify(&token, "malmo"), Err(Denied::Signature));
}

#[test]
fn no_other_key_makes_a_session_and_the_sessions_key_makes_nothing_else() {
    let bench = bench();
    let named = Header { kid: Some("radslag-session".into()), ..Header::new(Algorithm::EdDSA) };
    let mut claims = claims();
    claims["sid"] = json!("07070707070707070707070707070707");
    assert_eq!(bench.denied(&encode(&named, &claims, &bench.key()).unwrap()), Denied::Signature);
    let principal = bench.verifier.verify(&bench.signed(&claims), "malmo").unwrap();
    assert_eq!(principal.means, Means::Issuer, "a claim alone is no session");
    let key = key_of(&bench.folder.path().join("session.pem"));
    assert_eq!(bench.denied(&encode(&named, &claims, &key).unwrap()), Denied::Issuer);
    claims["iss"] = json!("radslag-session");
    claims["roles"] = json!(["moderator", "citizen"]);
    let principal = bench.verifier.verify(&encode(&named, &claims, &key).unwrap(), "malmo").unwrap();
    assert_eq!(principal.roles, [Role::Citizen]);
    let unnamed = encode(&Header::new(Algorithm::EdDSA), &claims, &key).unwrap();
    assert_eq!(bench.denied(&unnamed), Denied::Signature);
}
