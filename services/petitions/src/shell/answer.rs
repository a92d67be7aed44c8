//! Packages for committees' case systems: what goes out with a handover, and the same bytes again for whoever fetches it.

use radslag_kernel::{AggregateId, Decider as _, Opened};
use radslag_runtime::service::{Failure, load};

use crate::{
    event::Event,
    petition::{
        self,
        answer::{Handing, What, act::Handover, package},
    },
    shell::{Office, Petitions, office::stream, petition::Found},
};

/// A package as it is made again.
pub struct Package {
    /// The document.
    pub document: Vec<u8>,
    /// The hash that was sent; the document has another once its initiator was erased.
    pub sent: Option<String>,
}

impl Office {
    /// A handover of a petition as it is found, with a package for each committee.
    #[must_use]
    pub fn handover(
        &self,
        id: AggregateId,
        found: &Found,
        committees: &[String],
        answer_by: Option<radslag_kernel::Date>,
    ) -> Handover {
        let known = self.counts.get(id).unwrap_or_default();
        let (count, against) = (known.count.unsigned_abs(), known.against.map(i64::unsigned_abs));
        let count_position = known.position.map_or(0, |(_, position)| position);
        let (tenant, at) = (self.tenant.id.as_str(), found.now.at);
        let handing = |committee: &String| {
            let sending =
                package::Sending { tenant, petition: id, committee, count, against, count_position, at };
            let document = found.state.0.as_ref().map(|petition| package::document(petition, &sending));
            let package = package::hash(&document.unwrap_or_default());
            Handing { committee: committee.clone(), package }
        };
        Handover { to: committees.iter().map(handing).collect(), answer_by, count, against, count_position }
    }

    /// What went to the committee of a part. `None` if there is no such part, or its committee's name is erased.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn package(&self, id: AggregateId, part: u32) -> Result<Option<Package>, Failure> {
        let loaded = load::<Petitions>(&self.log, &stream(id))?;
        let mut state = petition::State::default();
        for recorded in &loaded.events {
            let Event::Petition(event) = &recorded.event else { continue };
            if let petition::Event::Answer(answer) = event
                && answer.part == part
                && let What::Sent {
                    committee: Opened::Known(committee),
                    package: sent,
                    count,
                    against,
                    count_position,
                    ..
                } = &answer.what
                && let Some(petition) = &state.0
            {
                let document = package::document(
                    petition,
                    &package::Sending {
                        tenant: &self.tenant.id,
                        petition: id,
                        committee,
                        count: *count,
                        against: *against,
                        count_position: *count_position,
                        at: answer.at,
                    },
                );
                return Ok(Some(Package { document, sent: sent.known().cloned() }));
            }
            petition::Decider::evolve(&mut state, event);
        }
        Ok(None)
    }
}
