//! What comes back. Only a return path of our own making counts; a letter that will never arrive is told of, and ends the
//! subscription it belongs to. Nothing else follows from it: what somebody signed or wrote has nothing to do with it.

use radslag_kernel::{AggregateId, ItemId, Opened};
use radslag_runtime::service::{Failure, Service as _};

use crate::{
    bounce,
    delivery::{Act, Decider, State},
    shell::{Notifications, Office, deliver::stream, settle},
    verp,
};

/// What was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// A letter that never arrives.
    Bounced(AggregateId),
    /// A report about one of our letters that changes nothing.
    Noted,
    /// Not a report about a letter of ours.
    NotOurs,
}

impl Office {
    /// Takes a report in, as a mail server hands it over. `envelope`: the address it was for, if the server says.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn bounced(&self, report: &[u8], envelope: Option<&str>) -> Result<Intake, Failure> {
        let Some(report) = bounce::read(report, envelope) else { return Ok(Intake::NotOurs) };
        let key = &self.sender.return_key;
        let Some(id) = report.sent_to.iter().find_map(|address| verp::delivery(key, address)) else {
            return Ok(Intake::NotOurs);
        };
        let (_, State(delivery)) = self.state::<Decider>(&stream(id))?;
        let Some(delivery) = delivery else { return Ok(Intake::NotOurs) };
        let Some(status) = report.failed else { return Ok(Intake::Noted) };
        settle(self.on_delivery(id, Act::Bounce { status }).await)?;
        if let Opened::Known(letter) = &delivery.letter
            && letter.cause.service == Notifications::NAME
        {
            self.end_unreachable(ItemId::from_bytes(letter.subject.0)).await?;
        }
        Ok(Intake::Bounced(id))
    }
}
