//! What is noticed of a submission before it is decided: lists, rates and how fast a form was filled in. None of it is told
//! to who hands it in.

use std::net::IpAddr;

use ipnet::IpNet;
use radslag_kernel::AggregateId;
use radslag_runtime::{limits::Limited, service::Failure};

use crate::{
    lists::{Submitter, Verdict},
    shell::{Office, rates::Handed},
};

/// What was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// A list forbids it.
    pub blocked: bool,
    /// The rule that sets it aside.
    pub suspicion: Option<&'static str>,
}

/// A form filled in faster than a person types.
pub const TOO_FAST: &str = "too-fast";
/// A form whose moment isn't one we signed.
pub const FORM_FORGED: &str = "form-forged";

impl Office {
    /// Looks at a submission to sign by mailbox. `form` is what its form carried; a program that never showed one has none.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn notice(
        &self,
        from: IpAddr,
        petition: AggregateId,
        mailbox: &str,
        form: Option<&str>,
    ) -> Result<Noticed, Failure> {
        let from = from.to_canonical();
        let submitter = Submitter { address: IpNet::from(from), mailbox: mailbox.to_owned() };
        let suspicion = match self.lists()?.1.judge(&submitter) {
            Verdict::Blocked => return Ok(Noticed { blocked: true, suspicion: None }),
            Verdict::Allowed => None,
            Verdict::Unlisted => self.rates.take(from, petition, self.now()),
        };
        let hasty = match form {
            Some(form) => self.hasty(petition, form)?,
            None => None,
        };
        Ok(Noticed { blocked: false, suspicion: suspicion.or(hasty) })
    }

    /// Whether something may be handed in by mailbox now; by eID the subject is proven and a network says nothing.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit(&self, from: IpAddr, what: Handed) -> Result<(), Limited> {
        let waits = self.rates.waits(from, what, self.now());
        waits.map_or(Ok(()), |retry_after| Err(Limited { retry_after }))
    }

    /// Whether a list forbids what somebody hands in from an address, for a mailbox.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn forbids(&self, from: IpAddr, mailbox: &str) -> Result<bool, Failure> {
        let submitter = Submitter { address: IpNet::from(from.to_canonical()), mailbox: mailbox.to_owned() };
        Ok(self.lists()?.1.judge(&submitter) == Verdict::Blocked)
    }

    /// The signed moment for a form that is shown now.
    #[must_use]
    pub fn form(&self, petition: AggregateId) -> String {
        self.forms.token(petition, self.now())
    }

    fn hasty(&self, petition: AggregateId, form: &str) -> Result<Option<&'static str>, Failure> {
        let Some(shown) = self.forms.shown(petition, form) else { return Ok(Some(FORM_FORGED)) };
        let (version, state) = self.petition(petition)?;
        let seconds = state.view(version).map_or(0, |view| view.policy.form_seconds);
        let fast = self.now().millis_since(shown) < u64::from(seconds) * 1_000;
        Ok(fast.then_some(TOO_FAST))
    }
}
