//! The eleven questions that every dialogue must answer before it begins (SKL, "Medborgardialog trender och case", 2008).
//! "Not decided, by the board" is an answer too.

use radslag_kernel::words;

words! {
    /// A question, by what it asks for. Its number, as people know it, is its place from 1.
    Question {
        /// Which geographic area.
        GeographicArea = "geographic-area",
        /// Which subject area.
        SubjectArea = "subject-area",
        /// How representative it is to be.
        Representativity = "representativity",
        /// How young and old are reached.
        YoungAndOld = "young-and-old",
        /// Who decides whom to invite.
        WhoInvites = "who-invites",
        /// What is promised.
        Promise = "promise",
        /// How long it lasts.
        Duration = "duration",
        /// Who replaces those who leave.
        Replacing = "replacing",
        /// How those are reached who rarely take part.
        RarelyHeard = "rarely-heard",
        /// Residents only, or not.
        ResidentsOnly = "residents-only",
        /// How participants are found.
        Finding = "finding",
    }
}

impl Question {
    /// From 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The question of a number.
    #[must_use]
    pub fn numbered(number: u32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_eleven_and_each_has_its_number() {
        assert_eq!(Question::ALL.len(), 11);
        for question in Question::ALL {
            assert_eq!(Question::numbered(question.number().into()), Some(*question));
            assert_eq!(Question::of(question.word()), Some(*question));
        }
        assert_eq!((Question::numbered(0), Question::numbered(12)), (None, None));
    }
}
