//! What clients bring back: cursors, tokens, and the links of mails.

use std::{
    cell::OnceCell,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::{Arc, LazyLock},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer as _, SigningKey};
use radslag_kernel::{AggregateId, Instant, ItemId, Role};
use radslag_petitions::{
    Tag,
    shell::links::{Link, Links, Purpose},
};
use radslag_runtime::{Verifier, config::Auth, http::Cursors, secret::Secret};
use serde_json::Value;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::input::Input;

/// A folder of secrets that are always the same.
static SECRETS: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for (name, seed) in [("token.pem", 1), ("session.pem", 2)] {
        let head = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let key = STANDARD.encode([&head[..], &[seed; 32]].concat());
        let path = folder.path().join(name);
        fs::write(&path, format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    folder
});

fn secrets() -> &'static Path {
    SECRETS.path()
}

static CURSORS: LazyLock<Cursors> = LazyLock::new(|| {
    let key = || Zeroizing::new(vec![4; 32]);
    Cursors::new(&Secret::read_or_create(&secrets().join("cursor.key"), key).unwrap())
});

/// A cursor says what was put into it, in its list only; nobody else can make one.
pub fn cursor(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    assert!(CURSORS.decode::<Value>("list", &text).is_err());
    let Ok(after) = serde_json::from_slice::<Value>(data) else { return };
    if has_fraction(&after) {
        // No list is ordered by one, and as text it may lose its last bit.
        return;
    }
    let Ok(cursor) = CURSORS.encode("list", &after) else { return };
    let read = CURSORS.decode::<Value>("list", &cursor);
    assert!(
        read.is_err() == (cursor.len() > 2_048) && read.is_ok_and(|read| read == after)
            || cursor.len() > 2_048
    );
    assert!(CURSORS.decode::<Value>("other", &cursor).is_err());
    assert!(CURSORS.decode::<Value>("list", &flipped(&cursor, data)).is_err());
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(values) => values.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// With one character changed.
fn flipped(text: &str, by: &[u8]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = by.iter().map(|byte| usize::from(*byte)).sum::<usize>() % bytes.len();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

/// The moment at which tokens are looked at.
pub(crate) const NOW: u64 = 1_790_000_000;

thread_local! {
    static VERIFIER: OnceCell<Verifier> = const { OnceCell::new() };
}

fn verify(token: &str, tenant: &str) -> bool {
    VERIFIER.with(|verifier| {
        let made = || Verifier::open(&Auth::default(), secrets()).unwrap().with_clock(Arc::new(|| NOW));
        let Ok(principal) = verifier.get_or_init(made).verify(token, tenant) else { return false };
        assert_eq!(principal.tenant, tenant);
        assert!(!principal.subject.is_empty());
        assert!(!principal.is(Role::System) && !principal.is(Role::Initiator));
        true
    })
}

/// A header and claims as a token, signed with the issuer's or the sessions' key.
pub(crate) fn signed(header: &[u8], claims: &[u8], by: u8) -> String {
    let said = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = SigningKey::from_bytes(&[by; 32]).sign(said.as_bytes()).to_bytes();
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A token is believed only if it is signed, names its issuer, audience and tenant, and its time is now.
pub fn token(data: &[u8]) {
    assert!(!verify(&String::from_utf8_lossy(data), "malmo"));
    let mut input = Input(data);
    let by = 1 + input.byte() % 3;
    let header = input.part();
    let token = signed(header, input.0, by);
    if !verify(&token, "malmo") {
        return;
    }
    // What nobody asks for may be anything, even no text: then there is nothing to compare with.
    let (Ok(claims), Ok(header)) =
        (serde_json::from_slice::<Value>(input.0), serde_json::from_slice::<Value>(header))
    else {
        return;
    };
    let of_session = header["kid"] == "radslag-session";
    assert_eq!((by, header["alg"].as_str()), (if of_session { 2 } else { 1 }, Some("EdDSA")));
    assert_eq!(claims["tenant"], "malmo");
    assert!(claims["exp"].as_f64().unwrap() >= (NOW - 31) as f64);
    assert!(claims["nbf"].as_f64().unwrap() <= (NOW + 31) as f64);
    assert!(!verify(&token, "lund"));
    let (said, _) = token.rsplit_once('.').unwrap();
    assert!(!verify(&flipped(said, data), "malmo") && !verify(&format!("{said}."), "malmo"));
}

/// A link says what was put into it until its time is over; nobody else can make one.
pub fn link(data: &[u8]) {
    let links = Links::new([3; 32]);
    let text = String::from_utf8_lossy(data);
    assert!(links.read(&text, Instant::from_millis(0)).is_none() && links.read_session(&text).is_none());
    let mut input = Input(data);
    let purposes =
        [Purpose::Signature, Purpose::Initiator, Purpose::Supporter, Purpose::Comment, Purpose::Inquiry];
    let purpose = purposes[usize::from(input.byte()) % purposes.len()];
    let (petition, item) = (AggregateId::from_bytes(input.array()), ItemId::from_bytes(input.array()));
    let (tag, expires_at) = (Tag(input.array()), Instant::from_millis(input.long()));
    let link = Link { purpose, petition, tag, item, expires_at };
    let (token, now) = (links.token(&link), Instant::from_millis(input.long()));
    assert_eq!(links.read(&token, now), (now < expires_at).then_some(link));
    let session = links.session_token(tag, item, expires_at);
    assert_eq!((links.read_session(&session), links.read_session(&token)), (Some((tag, item)), None));
    for token in [&token, &session] {
        let other = flipped(token, data);
        assert!(
            links.read(&other, Instant::from_millis(0)).is_none() && links.read_session(&other).is_none()
        );
    }
    assert!(links.read(&session, Instant::from_millis(0)).is_none());
}
