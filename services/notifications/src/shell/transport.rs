//! How a letter leaves the house: by SMTP, or into a folder.

use std::{io, pin::Pin};

use lettre::Address;
use radslag_kernel::AggregateId;

use crate::{delivery::Outcome, tag::Tag};

/// A letter, ready.
pub struct Outgoing {
    /// Stands for the address: what is kept of it goes when the address is erased.
    pub subject: Tag,
    /// Its delivery.
    pub delivery: AggregateId,
    /// Where it comes back to.
    pub return_path: Address,
    /// Where it goes.
    pub to: Address,
    /// RFC 5322.
    pub bytes: Vec<u8>,
}

/// What becomes of it.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A way out.
pub trait Transport: Send + Sync {
    /// Hands it over. The same delivery twice is the same letter: it has the same Message-ID.
    fn send<'a>(&'a self, letter: &'a Outgoing) -> Sending<'a>;
    /// Destroys what is kept for a subject.
    ///
    /// # Errors
    /// If it can't.
    fn forget(&self, subject: Tag) -> io::Result<()>;
}
