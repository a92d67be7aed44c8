//! The id of a command and the digest of its body, under the log's command key: what makes a repeated request the same.

use radslag_kernel::{AggregateId, id::CommandId};
use radslag_vault::cipher::hmac;

/// A log's command key; kept with the key-encryption keys.
pub struct CommandKey([u8; 32]);

/// Who asks for what, as far as it makes a request the same request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// The token's subject; a stranger has none, and then path and body stand in for it.
    pub principal: Option<&'a str>,
    /// Method and path.
    pub route: &'a str,
    /// The `Idempotency-Key`, if there is one.
    pub key: Option<&'a str>,
    /// The body as it came.
    pub body: &'a [u8],
}

impl CommandKey {
    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The command's id; random without a key.
    #[must_use]
    pub fn id(&self, request: &Request<'_>) -> CommandId {
        let Some(key) = request.key else { return CommandId::from_bytes(rand::random()) };
        let stranger = request.principal.is_none();
        let body = if stranger { request.body } else { b"" };
        let parts = [
            request.tenant.as_bytes(),
            request.principal.unwrap_or("").as_bytes(),
            request.route.as_bytes(),
            key.as_bytes(),
            body,
        ];
        CommandId::from_bytes(first(self.of(b"command", &parts)))
    }

    /// The digest of its body.
    #[must_use]
    pub fn digest(&self, body: &[u8]) -> [u8; 32] {
        self.of(b"body", &[body])
    }

    /// The id of what the command makes, so that the same command makes the same thing.
    #[must_use]
    pub fn aggregate(&self, command: CommandId) -> AggregateId {
        AggregateId::from_bytes(first(self.of(b"id", &[command.as_bytes()])))
    }

    /// The id of a command that a reaction gives because of an event.
    #[must_use]
    pub fn caused(&self, reaction: &str, cause: &[u8; 16]) -> CommandId {
        CommandId::from_bytes(first(self.of(b"reaction", &[reaction.as_bytes(), cause])))
    }

    /// A key for another purpose.
    #[must_use]
    pub fn purpose(&self, purpose: &str) -> [u8; 32] {
        self.of(b"purpose", &[purpose.as_bytes()])
    }

    /// What stands for somebody within this log, and nowhere else.
    #[must_use]
    pub fn short(&self, kind: &str, who: &str) -> [u8; 16] {
        first(self.of(b"short", &[kind.as_bytes(), who.as_bytes()]))
    }

    /// Every part with its length before it, so that no two requests run together.
    fn of(&self, kind: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let mut message = Vec::new();
        for part in std::iter::once(&kind).chain(parts) {
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        hmac(&self.0, &[&message])
    }
}

fn first(hash: [u8; 32]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: CommandKey = CommandKey::new([7; 32]);
    const REQUEST: Request<'_> =
        Request { tenant: "malmo", principal: Some("ada"), route: "POST /x", key: Some("k"), body: b"{}" };

    #[test]
    fn the_same_request_is_the_same_command_whatever_its_body() {
        assert_eq!(KEY.id(&REQUEST), KEY.id(&Request { body: b"other", ..REQUEST }));
        assert_ne!(KEY.digest(b"{}"), KEY.digest(b"other"));
    }

    #[test]
    fn another_tenant_principal_route_or_key_is_another_command() {
        for other in [
            Request { tenant: "ale", ..REQUEST },
            Request { principal: Some("eva"), ..REQUEST },
            Request { route: "POST /y", ..REQUEST },
            Request { key: Some("l"), ..REQUEST },
            Request { tenant: "malmoa", principal: Some("da"), ..REQUEST },
        ] {
            assert_ne!(KEY.id(&REQUEST), KEY.id(&other));
        }
    }

    #[test]
    fn a_strangers_body_stands_in_for_the_principal() {
        let stranger = Request { principal: None, ..REQUEST };
        assert_ne!(KEY.id(&stranger), KEY.id(&Request { body: b"other", ..stranger }));
    }

    #[test]
    fn without_a_key_every_request_is_a_command_of_its_own() {
        let loose = Request { key: None, ..REQUEST };
        assert_ne!(KEY.id(&loose), KEY.id(&loose));
    }
}
