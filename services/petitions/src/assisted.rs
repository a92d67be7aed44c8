//! Somebody acts for a named citizen: an official at a counter or by phone, or a municipality's e-service. Who acted, how,
//! and how surely the citizen is known is kept sealed with what they did; everybody else sees a citizen's own act.

use radslag_kernel::{Role, SubjectId, refusals};

use crate::{petition::Official, policy::Proof, signature::View, tag::Tag};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$case_doc])* $case),* }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$case),*];

            /// The word in commands and in the catalogue.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }

            /// The one with a word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    )*};
}

words! {
    /// Where they met.
    Channel {
        /// At a counter.
        Counter = "counter",
        /// By phone.
        Phone = "phone",
        /// In a municipality's e-service.
        EService = "e-service",
    }
    /// How the citizen was identified.
    Identified {
        /// A passport, a driving licence, an identity card.
        IdDocument = "id-document",
        /// Their eID.
        Eid = "eid",
        /// The official knows them.
        Known = "known",
        /// What they said of themselves.
        Questions = "questions",
    }
    /// How surely they are known: eIDAS's levels.
    Assurance {
        /// As they say.
        Low = "low",
        /// Proven.
        Substantial = "substantial",
        /// Proven with the highest certainty.
        High = "high",
    }
}

/// Who acted for a citizen, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assisted {
    /// Of this service.
    pub by: SubjectId,
    /// In which role.
    pub role: Role,
    /// Where.
    pub channel: Channel,
    /// How the citizen was identified.
    pub identified: Identified,
    /// How surely.
    pub assurance: Assurance,
    /// They were looked up in the population register, as living where the policy asks.
    pub register: bool,
}

/// Who acts, as rules see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helper {
    /// What is kept of it.
    pub how: Assisted,
    /// With their own tags, so that nobody acts where they have an interest.
    pub by: Official,
}

refusals! {
    /// An e-service acts as one and officials at a counter or by phone.
    ChannelNotYours = "channel-not-yours",
    /// A document can't be seen by phone, and an e-service knows people by eID.
    IdentificationImpossible = "identification-impossible",
    /// Nobody is known so surely by that.
    AssuranceTooHigh = "assurance-too-high",
    /// To undo something takes more than what somebody says of themselves.
    AssuranceTooLow = "assurance-too-low",
}

impl Assisted {
    /// What it is worth to a policy: low is declared; more is as an eID, and with a look into the register as registered.
    #[must_use]
    pub const fn proof(&self) -> Proof {
        match (self.assurance, self.register) {
            (Assurance::Low, _) => Proof::Declared,
            (Assurance::Substantial | Assurance::High, true) => Proof::Register,
            (Assurance::Substantial | Assurance::High, false) => Proof::Eid,
        }
    }

    /// Whether it can be so.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn check(&self) -> Result<(), Refusal> {
        if (self.role == Role::Integration) != (self.channel == Channel::EService) {
            return Err(Refusal::ChannelNotYours);
        }
        let most = match (self.channel, self.identified) {
            (Channel::Counter, Identified::IdDocument) | (_, Identified::Eid) => Assurance::High,
            (Channel::Counter, Identified::Known) => Assurance::Substantial,
            (Channel::Counter | Channel::Phone, Identified::Questions)
            | (Channel::Phone, Identified::Known) => Assurance::Low,
            (Channel::Phone | Channel::EService, Identified::IdDocument)
            | (Channel::EService, Identified::Known | Identified::Questions) => {
                return Err(Refusal::IdentificationImpossible);
            }
        };
        if self.assurance > most { Err(Refusal::AssuranceTooHigh) } else { Ok(()) }
    }

    /// Whether it is enough to take something back.
    ///
    /// # Errors
    /// `AssuranceTooLow`.
    pub const fn check_withdrawal(&self) -> Result<(), Refusal> {
        if matches!(self.assurance, Assurance::Low) { Err(Refusal::AssuranceTooLow) } else { Ok(()) }
    }
}

impl Helper {
    /// They assist themselves, or started or signed the petition.
    #[must_use]
    pub fn is_partial(&self, citizen: Option<Tag>, petition: Option<&View>) -> bool {
        let theirs = citizen.is_some_and(|citizen| self.by.tags.contains(&citizen));
        let initiator = petition.and_then(|petition| petition.initiator);
        theirs || self.by.signed || initiator.is_some_and(|initiator| initiator.is_any_of(&self.by.tags))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// At a counter, with a passport.
    pub(crate) fn assisted() -> Assisted {
        Assisted {
            by: SubjectId::from_bytes([79; 16]),
            role: Role::Official,
            channel: Channel::Counter,
            identified: Identified::IdDocument,
            assurance: Assurance::High,
            register: false,
        }
    }

    /// By phone, as they say.
    pub(crate) fn by_phone() -> Assisted {
        let (channel, identified) = (Channel::Phone, Identified::Questions);
        Assisted { channel, identified, assurance: Assurance::Low, ..assisted() }
    }

    pub(crate) fn helper(how: Assisted) -> Helper {
        let tags = vec![Tag([89; 16])];
        let by = Official { id: how.by, tags, signed: false, locked_out: false, ground: String::new() };
        Helper { how, by }
    }

    #[test]
    fn an_e_service_acts_as_one_and_officials_at_a_counter_or_by_phone() {
        let service = Assisted { channel: Channel::EService, identified: Identified::Eid, ..assisted() };
        assert_eq!(service.check(), Err(Refusal::ChannelNotYours));
        assert_eq!(Assisted { role: Role::Integration, ..service }.check(), Ok(()));
        assert_eq!(Assisted { role: Role::Integration, ..assisted() }.check(), Err(Refusal::ChannelNotYours));
        assert_eq!((assisted().check(), by_phone().check()), (Ok(()), Ok(())));
    }

    #[test]
    fn nobody_shows_a_document_by_phone_and_an_e_service_knows_people_by_eid() {
        let phone = Assisted { identified: Identified::IdDocument, ..by_phone() };
        assert_eq!(phone.check(), Err(Refusal::IdentificationImpossible));
        let (role, channel) = (Role::Integration, Channel::EService);
        for identified in [Identified::IdDocument, Identified::Known, Identified::Questions] {
            let service = Assisted { role, channel, identified, ..assisted() };
            assert_eq!(service.check(), Err(Refusal::IdentificationImpossible));
        }
    }

    #[test]
    fn the_assurance_is_at_most_what_the_identification_gives() {
        let high = Assurance::High;
        for (how, most) in [
            (assisted(), Assurance::High),
            (Assisted { identified: Identified::Eid, assurance: high, ..by_phone() }, Assurance::High),
            (Assisted { identified: Identified::Known, ..assisted() }, Assurance::Substantial),
            (Assisted { identified: Identified::Known, ..by_phone() }, Assurance::Low),
            (Assisted { identified: Identified::Questions, ..assisted() }, Assurance::Low),
        ] {
            for assurance in Assurance::ALL {
                let expected = if *assurance > most { Err(Refusal::AssuranceTooHigh) } else { Ok(()) };
                assert_eq!(Assisted { assurance: *assurance, ..how }.check(), expected, "{how:?}");
            }
        }
    }

    #[test]
    fn low_is_declared_more_is_an_eid_and_with_the_register_registered() {
        assert_eq!(Assisted { register: true, ..by_phone() }.proof(), Proof::Declared);
        assert_eq!(assisted().proof(), Proof::Eid);
        assert_eq!(Assisted { register: true, ..assisted() }.proof(), Proof::Register);
        assert_eq!(by_phone().check_withdrawal(), Err(Refusal::AssuranceTooLow));
        assert_eq!(assisted().check_withdrawal(), Ok(()));
    }

    #[test]
    fn a_word_and_a_code_never_change() {
        assert_eq!(
            Channel::ALL.iter().map(|one| one.word()).collect::<Vec<_>>(),
            ["counter", "phone", "e-service"]
        );
        let words: Vec<_> = Identified::ALL.iter().map(|one| one.word()).collect();
        assert_eq!(words, ["id-document", "eid", "known", "questions"]);
        assert_eq!(Assurance::of("substantial"), Some(Assurance::Substantial));
        assert_eq!(
            Refusal::CODES,
            ["channel-not-yours", "identification-impossible", "assurance-too-high", "assurance-too-low"]
        );
    }
}
