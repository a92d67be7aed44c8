//! A line as it was typed, and what a line must have.

use std::{fmt, sync::Arc};

pub use radslag_kernel::personal::number;
use radslag_kernel::{Calendar, Date, Instant, time};

use crate::{policy::Policy, text};

/// Characters of an address.
const ADDRESS_MAX: usize = 200;

/// A line as it was typed; a date as `2009-02-22`. Personal data: it doesn't show itself.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// Who.
    pub name: String,
    /// May be empty: then it isn't compared by name.
    pub postcode: String,
    /// Personal number; may be empty where the policy doesn't ask.
    pub number: String,
    /// The same.
    pub address: String,
    /// When it was signed.
    pub date: String,
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(..)")
    }
}

/// Why a line isn't taken, with a word that never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The row can't be read: too few or too many fields, or too long.
    RowBroken,
    /// No name.
    NameMissing,
    /// Not a name: too long, a formula, a web address, control characters.
    NameMalformed,
    /// Not a postcode.
    PostcodeMalformed,
    /// The policy asks for one.
    NumberMissing,
    /// Not a personal number.
    NumberMalformed,
    /// The policy asks for one.
    AddressMissing,
    /// Too long, a formula or control characters.
    AddressMalformed,
    /// No date, or not one.
    DateMalformed,
    /// Signed after the last day.
    DatedAfterDeadline,
    /// Signed after the list came in.
    DatedAfterReceipt,
    /// The batch came in after the time for counting.
    ReceivedTooLate,
    /// Taken, and not counted: its signer started the petition.
    Initiator,
}

impl Fault {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::RowBroken,
        Self::NameMissing,
        Self::NameMalformed,
        Self::PostcodeMalformed,
        Self::NumberMissing,
        Self::NumberMalformed,
        Self::AddressMissing,
        Self::AddressMalformed,
        Self::DateMalformed,
        Self::DatedAfterDeadline,
        Self::DatedAfterReceipt,
        Self::ReceivedTooLate,
        Self::Initiator,
    ];

    /// The word in answers and in the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RowBroken => "row-broken",
            Self::NameMissing => "name-missing",
            Self::NameMalformed => "name-malformed",
            Self::PostcodeMalformed => "postcode-malformed",
            Self::NumberMissing => "number-missing",
            Self::NumberMalformed => "number-malformed",
            Self::AddressMissing => "address-missing",
            Self::AddressMalformed => "address-malformed",
            Self::DateMalformed => "date-malformed",
            Self::DatedAfterDeadline => "dated-after-deadline",
            Self::DatedAfterReceipt => "dated-after-receipt",
            Self::ReceivedTooLate => "received-too-late",
            Self::Initiator => "initiator",
        }
    }
}

/// What a batch's lines are measured by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What the petition keeps.
    pub policy: Arc<Policy>,
    /// The last day to sign.
    pub deadline: Date,
    /// The last day on which a list may come in.
    pub receivable: Date,
    /// When this one came.
    pub received: Date,
}

impl Terms {
    /// Of a petition whose signing ends at an instant. Midnight belongs to the day before it.
    #[must_use]
    pub fn new(policy: Arc<Policy>, closes_at: Instant, received: Date, calendar: &Calendar) -> Self {
        let deadline = calendar.date(Instant::from_millis(closes_at.millis().saturating_sub(1)));
        let receivable = time::plus_days(deadline, policy.counting_hours.div_ceil(24));
        Self { policy, deadline, receivable, received }
    }

    /// Whether a line is taken, and its date.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn check(&self, typed: &Typed) -> Result<Date, Fault> {
        if typed.name.trim().is_empty() {
            return Err(Fault::NameMissing);
        }
        text::name(&typed.name).map_err(|_| Fault::NameMalformed)?;
        text::optional(&typed.postcode, text::POSTCODE_MAX).map_err(|_| Fault::PostcodeMalformed)?;
        self.check_asked(typed)?;
        let date: Date = typed.date.trim().parse().map_err(|_| Fault::DateMalformed)?;
        if self.received > self.receivable {
            return Err(Fault::ReceivedTooLate);
        }
        if date > self.deadline {
            return Err(Fault::DatedAfterDeadline);
        }
        if date > self.received {
            return Err(Fault::DatedAfterReceipt);
        }
        Ok(date)
    }

    /// A popular initiative's lines name their signer beyond doubt.
    fn check_asked(&self, typed: &Typed) -> Result<(), Fault> {
        let asked = self.policy.window_months > 0;
        if typed.number.trim().is_empty() && asked {
            return Err(Fault::NumberMissing);
        }
        if !typed.number.trim().is_empty() && number(&typed.number, self.received.year()).is_none() {
            return Err(Fault::NumberMalformed);
        }
        if typed.address.trim().is_empty() && asked {
            return Err(Fault::AddressMissing);
        }
        text::optional(&typed.address, ADDRESS_MAX).map_err(|_| Fault::AddressMalformed)
    }
}
