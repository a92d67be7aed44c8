//! What is said of a log that was checked from outside, and of one that was written for others to check.

use std::path::Path;

use super::Said;
use crate::verify::{Difference, Found, Proved, What, lives::Loss};

impl Said {
    /// A log that was checked.
    pub(crate) fn checked(self, found: &Found) -> String {
        let mut lines = vec![self.verdict(found)];
        if !found.origin.is_empty() {
            lines.push(format!("{}, {}", found.origin, self.keys(found.keys_pinned)));
            lines.push(self.hashed(found));
            lines.push(self.counted(found));
        }
        lines.extend(found.losses.iter().map(|loss| self.loss_between(loss)));
        lines.extend(found.differences.iter().map(|difference| self.difference(difference)));
        if found.more > 0 {
            lines.push(
                self.tell(format!("... och {} till", found.more), format!("... and {} more", found.more)),
            );
        }
        if let Some(file) = &found.evidence {
            lines.push(self.tell(
                format!("Två kontrollpunkter som motsäger varandra, båda signerade, ligger i {file}."),
                format!("Two checkpoints that contradict each other, both signed, are in {file}."),
            ));
        }
        lines.join("\n")
    }

    fn verdict(self, found: &Found) -> String {
        let (size, differ) = (found.size, found.differences.len() as u64 + found.more);
        if found.whole {
            return self.tell(
                format!("STÄMMER: {size} händelser är de som signerades."),
                format!("RIGHT: {size} events are the ones that were signed."),
            );
        }
        self.tell(format!("STÄMMER INTE: {differ} fel."), format!("WRONG: {differ} differences."))
    }

    const fn keys(self, pinned: bool) -> &'static str {
        if pinned {
            return self.pick("kontrollerad med angivna nycklar", "checked with the keys that were named");
        }
        self.pick(
            "kontrollerad med nycklar som loggen själv anger (--key litar på andra)",
            "checked with the keys that the log itself gives (--key trusts others)",
        )
    }

    fn hashed(self, found: &Found) -> String {
        let (entries, tiles) = (found.entries, found.tiles);
        let chain = match found.checkpoints {
            Some(count) => self.tell(format!("{count} kontrollpunkter"), format!("{count} checkpoints")),
            None => {
                self.pick("inga tidigare kontrollpunkter anges", "no earlier checkpoints are given").into()
            }
        };
        let before = match found.remembered {
            Some(size) => self.tell(
                format!(" Den fortsätter där den hade {size} händelser."),
                format!(" It goes on from where it had {size} events."),
            ),
            None => String::new(),
        };
        self.tell(
            format!("Hashade: {entries} händelser i {tiles} filer; {chain}.{before}"),
            format!("Hashed: {entries} events in {tiles} files; {chain}.{before}"),
        )
    }

    fn counted(self, found: &Found) -> String {
        let (petitions, acts) = (found.petitions, found.signature_acts);
        let (held, passed) = (found.published_held, found.published_passed);
        let figures = match (found.figures, found.figures_as_of) {
            (Some(figures), Some(as_of)) => self.tell(
                format!("{figures} publicerade siffror jämfördes efter {as_of} händelser"),
                format!("{figures} published figures were compared after {as_of} events"),
            ),
            _ => self
                .pick("inga publicerade siffror att jämföra med", "no published figures to compare with")
                .into(),
        };
        let disclosed = match found.disclosed {
            Some(texts) => self.tell(
                format!(" {texts} öppnade värden är de som loggen lovade."),
                format!(" {texts} disclosed values are those the log committed to."),
            ),
            None => String::new(),
        };
        let passed = match passed {
            0 => String::new(),
            _ => self.tell(
                format!(" ({passed} kan inte räknas om: för gamla, eller bara nyliga underskrifter)"),
                format!(" ({passed} can't be counted again: too old, or of recent signatures alone)"),
            ),
        };
        self.tell(
            format!(
                "Räknade om: {petitions} petitioner, {acts} händelser om underskrifter; {figures}; {held} antal i loggen \
                 gäller{passed}.{disclosed}"
            ),
            format!(
                "Recounted: {petitions} petitions, {acts} events of signatures; {figures}; {held} counts in the log \
                 hold{passed}.{disclosed}"
            ),
        )
    }

    fn loss_between(self, loss: &Loss) -> String {
        let Loss { origin, kept, signed, lost, position, ground } = loss;
        self.tell(
            format!(
                "FÖRLUST, accepterad: av ursprung {origin} finns {kept} händelser kvar; {signed} hade signerats, {lost} gick \
                 förlorade. Det står på position {position}, med grunden: {ground}"
            ),
            format!(
                "LOSS, accepted: of origin {origin} {kept} events remain; {signed} had been signed, {lost} were lost. That \
                 stands at position {position}, with the ground: {ground}"
            ),
        )
    }

    fn difference(self, difference: &Difference) -> String {
        let Difference { what, position, file, detail } = difference;
        let mut text = format!("- {}", self.what(*what));
        if let Some(position) = position {
            text.push_str(&self.tell(format!(", position {position}"), format!(", position {position}")));
        }
        if !file.is_empty() {
            text.push_str(&format!(", {file}"));
        }
        if !detail.is_empty() {
            text.push_str(&format!(": {detail}"));
        }
        text
    }

    const fn what(self, what: What) -> &'static str {
        match what {
            What::Missing => self.pick("filen saknas", "the file is missing"),
            What::Unreadable => self.pick("filen går inte att läsa", "the file can't be read"),
            What::Length => self.pick("fel längd", "wrong length"),
            What::EntryHash => self.pick("händelsen är en annan", "the event is another one"),
            What::EntryFormat => self.pick("det är ingen händelse", "it is no event"),
            What::EntryPosition => {
                self.pick("händelsen hör hemma på en annan plats", "the event belongs elsewhere")
            }
            What::TileHash => self.pick("trädet stämmer inte", "the tree is wrong"),
            What::Root => self.pick("roten är inte den signerade", "the root isn't the signed one"),
            What::Checkpoint => self.pick("kontrollpunkten gäller inte", "the checkpoint doesn't hold"),
            What::ChainSignature => {
                self.pick("en tidigare kontrollpunkt gäller inte", "an earlier checkpoint doesn't hold")
            }
            What::ChainOrder => {
                self.pick("kontrollpunkterna står inte i ordning", "the checkpoints aren't in order")
            }
            What::ChainRoot => self.pick("loggen var en annan då", "the log was another one then"),
            What::ChainEnd => {
                self.pick("kontrollpunkterna leder inte hit", "the checkpoints don't lead here")
            }
            What::Origins => self.pick(
                "loggens ursprung följer inte på varandra som den säger",
                "the log's origins don't follow each other as it says",
            ),
            What::Unseen => self.pick("allt har inte granskats", "not all of it was looked at"),
            What::Recount => self.pick("det går inte att räkna så", "it can't be counted so"),
            What::Figure => {
                self.pick("den publicerade siffran är en annan", "the published figure is another one")
            }
            What::Figures => self.pick("siffrorna går inte att jämföra", "the figures can't be compared"),
            What::Disclosed => self
                .pick("texten är inte den som loggen lovade", "the text isn't the one the log committed to"),
            What::Rollback => self.pick("loggen har glömt", "the log has forgotten"),
            What::Fork => self.pick("loggen har två historier", "the log has two histories"),
            What::OtherLog => self.pick("det är en annan logg", "it is another log"),
        }
    }

    /// Nothing to check.
    pub(crate) const fn no_checkpoint(self) -> &'static str {
        self.pick(
            "här finns ingen kontrollpunkt: ange en loggs adress eller mapp, till exempel .../malmo/log/petitions",
            "there is no checkpoint here: name a log's address or folder, for example .../malmo/log/petitions",
        )
    }

    /// Nothing to check with.
    pub(crate) fn no_keys(self) -> String {
        self.pick("här finns inga nycklar: ange en med --key", "there are no keys here: name one with --key")
            .into()
    }

    /// A receipt says nothing without a key.
    pub(crate) fn name_a_key(self) -> String {
        self.pick(
            "ange nyckeln som du litar på, med --key, eller en fil av dem med --keys",
            "name the key you trust with --key, or a file of them with --keys",
        )
        .into()
    }

    /// Something else.
    pub(crate) fn no_receipt(self, file: &Path) -> String {
        let file = file.display();
        self.tell(format!("{file} är inget kvitto"), format!("{file} is no receipt"))
    }

    /// It can't be checked alone.
    pub(crate) fn no_entry(self, file: &Path) -> String {
        let file = file.display();
        self.tell(
            format!("{file} innehåller inte händelsen som den gäller"),
            format!("{file} doesn't hold the event it is for"),
        )
    }

    /// It is false.
    pub(crate) fn receipt_proves_nothing(self, file: &Path) -> String {
        let file = file.display();
        self.tell(format!("{file} bevisar ingenting"), format!("{file} proves nothing"))
    }

    /// It is of another event.
    pub(crate) fn receipt_of_another_place(self, file: &Path, index: u64, position: u64) -> String {
        let file = file.display();
        self.tell(
            format!("{file} bevisar ingenting: händelsen på plats {index} skrevs på plats {position}"),
            format!(
                "{file} proves nothing: the event at position {index} was written at position {position}"
            ),
        )
    }

    /// It is true.
    pub(crate) fn proved(self, proved: &Proved) -> String {
        let Proved { origin, position, size, r#type: kind, recorded_at, aggregate, item } = proved;
        let item = item.as_deref().map_or_else(String::new, |item| format!(", {item}"));
        self.tell(
            format!(
                "ÄKTA: händelse {position} av {size} i {origin}\n{kind}, {recorded_at}, {aggregate}{item}"
            ),
            format!(
                "GENUINE: event {position} of {size} in {origin}\n{kind}, {recorded_at}, {aggregate}{item}"
            ),
        )
    }

    /// The name of a progress bar.
    pub(crate) fn writing(self, service: &str) -> String {
        self.tell(format!("skriver {service}"), format!("writing {service}"))
    }

    /// A service's log that is on disk for others.
    pub(crate) fn log_exported(self, folder: &Path, size: u64, figures: Option<u64>) -> String {
        let folder = folder.display();
        let figures = match figures {
            Some(petitions) => self.tell(
                format!("siffror för {petitions} petitioner"),
                format!("figures of {petitions} petitions"),
            ),
            None => self
                .pick(
                    "inga siffror: läsbara tabeller saknas, eller de är nyare än kontrollpunkten",
                    "no figures: there are no tables to read, or they are newer than the checkpoint",
                )
                .into(),
        };
        self.tell(
            format!("{folder}: {size} händelser, {figures}. Kontrollera: radslag verify {folder}\n"),
            format!("{folder}: {size} events, {figures}. Check it: radslag verify {folder}\n"),
        )
    }

    /// Nothing was signed yet.
    pub(crate) fn never_signed(self, service: &str) -> String {
        self.tell(
            format!("loggen {service} har ingen kontrollpunkt än: starta servern först"),
            format!("the log {service} has no checkpoint yet: start the server first"),
        )
    }

    /// A folder is in the way.
    pub(crate) fn not_empty(self, folder: &Path) -> String {
        let folder = folder.display();
        self.tell(
            format!("{folder} är inte tom; välj en annan mapp"),
            format!("{folder} isn't empty; choose another folder"),
        )
    }
}
