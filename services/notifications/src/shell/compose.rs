//! A letter as it goes out: both parts, its headers, and the signature. The same delivery has the same Message-ID however
//! often it is written, so that who got it twice can tell.

use lettre::{
    Address,
    message::{
        Mailbox, Message, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use radslag_kernel::{AggregateId, Instant};

use crate::{
    letter::{Class, Letter, To},
    shell::{dkim::Signer, transport::Outgoing},
    templates::Words,
    verp,
};

/// Who writes.
pub struct Sender {
    /// Who letters are from.
    pub from: Mailbox,
    /// Behind the `@` of return paths: where reports are taken in.
    pub return_domain: String,
    /// What return paths are made with.
    pub return_key: [u8; 32],
    /// What signs.
    pub signer: Option<Signer>,
}

/// One click that ends it, for letters to many (RFC 8058).
pub struct Unsubscribe {
    /// Takes a POST.
    pub url: String,
    /// The list's name: `newsletter.malmo`.
    pub list: String,
}

/// What can't be a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritable(pub &'static str);

impl Sender {
    /// A letter, ready to be handed over.
    ///
    /// # Errors
    /// If the mailbox isn't an address, or the parts aren't a message.
    pub fn write(
        &self,
        delivery: AggregateId,
        letter: &Letter,
        words: Words,
        unsubscribe: Option<&Unsubscribe>,
        at: Instant,
    ) -> Result<Outgoing, Unwritable> {
        let To { name, mailbox, .. } = letter.to.as_ref().ok_or(Unwritable("nobody"))?;
        let to: Address = mailbox.trim().parse().map_err(|_| Unwritable("not an address"))?;
        let name = Some(name.clone()).filter(|name| !name.is_empty());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, to.clone()))
            .subject(words.subject)
            .date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(at.millis()))
            .message_id(Some(format!("<{delivery}@{}>", self.return_domain)))
            .multipart(MultiPart::alternative_plain_html(words.text, words.html));
        let mut message = message.map_err(|_| Unwritable("not a message"))?;
        let mut header = |name, value: String| {
            let name = HeaderName::new_from_ascii_str(name);
            message.headers_mut().insert_raw(HeaderValue::new(name, value));
        };
        header("Auto-Submitted", "auto-generated".into());
        if let Some(Unsubscribe { url, list }) = unsubscribe.filter(|_| letter.class == Class::Mass) {
            header("List-Id", format!("<{list}>"));
            header("List-Unsubscribe", format!("<{url}>"));
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into());
        }
        let return_path = verp::address(&self.return_key, delivery, &self.return_domain);
        let return_path = return_path.parse().map_err(|_| Unwritable("no return path"))?;
        let plain = message.formatted();
        let bytes = match &self.signer {
            Some(signer) => signer.sign(&plain, at).ok_or(Unwritable("not signed"))?,
            None => plain,
        };
        Ok(Outgoing { subject: letter.subject, delivery, return_path, to, bytes })
    }
}
