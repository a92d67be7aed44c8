//! What is said about draws.

use radslag_draw::{
    bundle::{Category, Verdict},
    certificate::{ROUNDING, UNIT},
    conflict::{Conflict, Side},
    instance::Feature,
};
use radslag_runtime::http::Language;

use super::Said;

impl Said {
    /// Over a bar.
    pub(crate) const fn solving(self) -> [&'static str; 2] {
        match self.0 {
            Language::Swedish => ["räknar ut andelar", "delar upp i paneler"],
            Language::English => ["finding shares", "splitting into panels"],
        }
    }

    /// A draw that holds.
    pub(crate) fn draw_holds(self, verdict: &Verdict) -> String {
        let Verdict { digest, people, proven, drawn } = verdict;
        let mut text = self.tell(
            format!("{people} personer, kungörelse {digest}\n"),
            format!("{people} people, announcement {digest}\n"),
        );
        if let Some(proven) = proven {
            let least = percent(proven.shares.iter().min().copied().unwrap_or_default());
            let (gap, deviation) = (percent(proven.gap), percent(proven.deviation));
            text += &self.tell(
                format!("minsta chans {least} %, högst {gap} % från LEXIMIN, lotteriets avrundning högst {deviation} %\n"),
                format!("least chance {least} %, at most {gap} % from LEXIMIN, rounding of the lottery at most {deviation} %\n"),
            );
            if proven.gap > ROUNDING {
                text += self.pick(
                    "Lotteriet är inte bevisat LEXIMIN: avståndet ovan är större än avrundning.\n",
                    "The lottery isn't proven to be LEXIMIN: the distance above is more than rounding.\n",
                );
            }
        }
        text + if *drawn {
            self.pick("dragen: de dragna följer av fröet\n", "drawn: those drawn follow from the seed\n")
        } else {
            self.pick("ännu inte dragen\n", "not drawn yet\n")
        }
    }

    /// Quotas that can't hold.
    pub(crate) fn conflict(self, conflict: &Conflict, categories: &[Category]) -> String {
        let name = |feature: Feature| {
            let category = &categories[feature.category];
            format!("{}: {}", category.name, category.features[feature.code].name)
        };
        let mut lines = vec![
            if conflict.bounds.is_empty() {
                self.pick(
                    "det finns fler platser än hushåll; sänk --seats",
                    "there are more seats than households; lower --seats",
                )
            } else {
                self.pick("dessa kvoter går inte ihop:", "these quotas don't go together:")
            }
            .to_owned(),
        ];
        for bound in &conflict.bounds {
            let of = categories[bound.feature.category].features[bound.feature.code].clone();
            let (side, value) = match bound.side {
                Side::Least => (self.pick("minst", "at least"), of.min),
                Side::Most => (self.pick("högst", "at most"), of.max),
            };
            lines.push(format!("  {} {side} {value}", name(bound.feature)));
        }
        if !conflict.relaxed.is_empty() {
            let heading = if conflict.smallest {
                self.pick("minsta ändring som räcker:", "the smallest change that is enough:")
            } else {
                self.pick("en ändring som räcker:", "a change that is enough:")
            };
            lines.push(heading.to_owned());
        }
        for (feature, quota) in &conflict.relaxed {
            lines.push(format!("  {} {}-{}", name(*feature), quota.min, quota.max));
        }
        lines.join("\n")
    }

    /// The same draw can't be drawn twice.
    pub(crate) const fn already_drawn(self) -> &'static str {
        self.pick(
            "den är redan dragen med ett annat värde; en ny dragning behöver en ny kungörelse",
            "it is already drawn with another value; a new draw needs a new announcement",
        )
    }

    /// Another file than was announced.
    pub(crate) const fn other_people(self) -> &'static str {
        self.pick(
            "filen är inte den som dragningen förbereddes från, eller --household är en annan",
            "the file isn't the one the draw was prepared from, or --household is another",
        )
    }

    /// A file that isn't overwritten.
    pub(crate) const fn draw_is_there(self) -> &'static str {
        self.pick(
            "filen finns redan; en kungjord dragning skrivs inte över",
            "the file is already there; an announced draw isn't overwritten",
        )
    }

    /// Not 64 digits.
    pub(crate) const fn no_secret(self) -> &'static str {
        self.pick(
            "hemligheten ska vara 64 hexadecimala siffror",
            "the secret has to be 64 hexadecimal digits",
        )
    }

    /// Prepared.
    pub(crate) const fn publish_now(self) -> &'static str {
        self.pick(
            "Publicera filen nu. Dra med `radslag draw reveal` när det offentliga värdet är känt.\n",
            "Publish the file now. Draw with `radslag draw reveal` once the public value is known.\n",
        )
    }

    /// Over those drawn.
    pub(crate) const fn drawn(self) -> [&'static str; 2] {
        match self.0 {
            Language::Swedish => ["dragna", "reserver"],
            Language::English => ["drawn", "reserves"],
        }
    }
}

/// Parts of `UNIT` with four digits.
fn percent(units: u64) -> String {
    let parts = (u128::from(units) * 1_000_000).div_ceil(u128::from(UNIT));
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}
