//! What the owner of an event says of the letters it leads to, as `letter.proto` has it. Nothing of it is kept.

use std::fmt;

use radslag_kernel::{EventId, Malformed};
use radslag_proto::notifications as proto;

use crate::tag::Tag;

/// The event that leads to a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// That wrote it.
    pub service: String,
    /// The life of its log.
    pub origin: u32,
    /// Where it stands.
    pub position: u64,
    /// Its id.
    pub event: EventId,
}

/// How often a letter may arrive, when nobody knows whether it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Somebody asked for it: at least once.
    Confirmation,
    /// Tells what was decided: at least once.
    Decision,
    /// To many: at most once.
    Mass,
}

impl Class {
    /// As protobuf has it.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Confirmation => 1,
            Self::Decision => 2,
            Self::Mass => 3,
        }
    }

    /// The class of a number.
    #[must_use]
    pub const fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::Confirmation),
            2 => Some(Self::Decision),
            3 => Some(Self::Mass),
            _ => None,
        }
    }
}

/// To whom. In memory only, while a letter is written.
#[derive(Clone, PartialEq, Eq)]
pub struct To {
    /// As they are called.
    pub name: String,
    /// As it was typed.
    pub mailbox: String,
    /// `sv` or `en`.
    pub language: String,
}

impl fmt::Debug for To {
    /// Never shows who it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "To(.., {})", self.language)
    }
}

/// A letter, as its owner tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Stands for the address, until that is erased.
    pub subject: Tag,
    /// Empty if nothing is to be written.
    pub template: String,
    /// How often it may arrive.
    pub class: Class,
    /// Only when it is to be sent, and while the address isn't erased.
    pub to: Option<To>,
    /// A JSON object of what the template may say.
    pub values: String,
    /// Where the variable `link` leads.
    pub link: String,
}

/// All that an event leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The letters.
    pub letters: Vec<Letter>,
    /// Subjects whose address it erased.
    pub withdrawn: Vec<Tag>,
}

impl Opened {
    /// As protobuf.
    #[must_use]
    pub fn to_proto(&self) -> proto::Opened {
        let letters = self.letters.iter().map(|letter| proto::Letter {
            subject: letter.subject.0.to_vec(),
            template: letter.template.clone(),
            class: i32::try_from(letter.class.number()).unwrap_or_default(),
            to: letter.to.clone().map(|To { name, mailbox, language }| proto::To { name, mailbox, language }),
            values: letter.values.clone(),
            link: letter.link.clone(),
        });
        let withdrawn = self.withdrawn.iter().map(|subject| subject.0.to_vec());
        proto::Opened { letters: letters.collect(), withdrawn: withdrawn.collect() }
    }

    /// From protobuf.
    ///
    /// # Errors
    /// If no owner says that.
    pub fn from_proto(message: proto::Opened) -> Result<Self, Malformed> {
        let tag = |bytes: &[u8]| Tag::from_slice(bytes).ok_or(Malformed("a subject is 16 bytes".into()));
        let letters = message.letters.into_iter().map(|letter| {
            let class = u32::try_from(letter.class).ok().and_then(Class::of);
            Ok(Letter {
                subject: tag(&letter.subject)?,
                template: letter.template,
                class: class.ok_or(Malformed(format!("no class of letters is {}", letter.class)))?,
                to: letter.to.map(|proto::To { name, mailbox, language }| To { name, mailbox, language }),
                values: letter.values,
                link: letter.link,
            })
        });
        let letters = letters.collect::<Result<_, Malformed>>()?;
        let withdrawn = message.withdrawn.iter().map(|bytes| tag(bytes)).collect::<Result<_, _>>()?;
        Ok(Self { letters, withdrawn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_owner_says_survives_its_bytes_and_shows_nobody() {
        let to = To { name: "Planted".into(), mailbox: "planted@malmo.se".into(), language: "sv".into() };
        let letter = Letter {
            subject: Tag([1; 16]),
            template: "approved".into(),
            class: Class::Decision,
            to: Some(to),
            values: "{}".into(),
            link: "https://x".into(),
        };
        let opened = Opened { letters: vec![letter], withdrawn: vec![Tag([2; 16])] };
        assert_eq!(Opened::from_proto(opened.to_proto()), Ok(opened.clone()));
        assert!(!format!("{opened:?}").to_lowercase().contains("planted"));
        let mut wrong = opened.to_proto();
        wrong.letters[0].class = 9;
        assert!(Opened::from_proto(wrong).is_err());
    }
}
