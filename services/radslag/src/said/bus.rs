//! What is said of consumers, parked events, letters and integrations' keys.

use super::Said;

impl Said {
    /// A consumer, a line.
    pub(crate) fn consumer(
        self,
        tenant: &str,
        consumer: &str,
        (origin, next): (u32, u64),
        behind: Option<u64>,
        parked: usize,
    ) -> String {
        let behind = behind.map_or_else(|| "?".to_owned(), |behind| behind.to_string());
        self.tell(
            format!("{tenant} {consumer}: nästa {origin}.{next}, {behind} kvar, {parked} parkerade\n"),
            format!("{tenant} {consumer}: next {origin}.{next}, {behind} to go, {parked} parked\n"),
        )
    }

    /// There is nothing to list.
    pub(crate) const fn unless_any(self, none: bool) -> &'static str {
        if none { self.pick("Inga.\n", "None.\n") } else { "" }
    }

    /// A parked event, a line.
    pub(crate) fn parked(
        self,
        tenant: &str,
        consumer: &str,
        event: &str,
        why: &str,
        (since, tries): (&str, u32),
        decided: bool,
    ) -> String {
        let decided = if decided { self.pick(", beslutad", ", decided") } else { "" };
        self.tell(
            format!("{tenant} {consumer} {event}: {why} (sedan {since}, {tries} försök{decided})\n"),
            format!("{tenant} {consumer} {event}: {why} (since {since}, {tries} tries{decided})\n"),
        )
    }

    /// What came of one that was parked.
    pub(crate) fn settled(
        self,
        tenant: &str,
        consumer: &str,
        event: &str,
        taken: bool,
        reason: &str,
        at: &str,
    ) -> String {
        let outcome =
            if taken { self.pick("tagen", "taken") } else { self.pick("hoppades över", "skipped") };
        let colon = if reason.is_empty() { "" } else { ": " };
        format!("{at} {tenant} {consumer} {event} {outcome}{colon}{reason}\n")
    }

    /// A decision was written.
    pub(crate) fn decided(self, event: &str, skip: bool) -> String {
        let (swedish, english) =
            if skip { ("hoppas över", "is skipped") } else { ("prövas igen", "is tried again") };
        self.tell(
            format!("{event} {swedish} inom en sekund, eller när servern startar."),
            format!("{event} {english} within a second, or when the server starts."),
        )
    }

    /// A letter is sent again.
    pub(crate) fn letter_again(self, delivery: &str) -> String {
        self.tell(
            format!("{delivery} skickas igen inom en sekund, eller när servern startar."),
            format!("{delivery} is sent again within a second, or when the server starts."),
        )
    }

    /// It names no letter.
    pub(crate) fn not_a_letter(self, typed: &str) -> String {
        self.tell(
            format!("{typed} är inget mejls id; radslag notifications deliveries visar dem"),
            format!("{typed} is no letter's id; radslag notifications deliveries shows them"),
        )
    }

    /// No such consumer.
    pub(crate) fn unknown_consumer(self, consumer: &str, known: &[&str]) -> String {
        let known = known.join(", ");
        self.tell(
            format!("ingen konsument heter {consumer}; det finns: {known}"),
            format!("no consumer is called {consumer}; there are: {known}"),
        )
    }

    /// No such parked event.
    pub(crate) fn not_parked(self, position: u64, consumer: &str) -> String {
        self.tell(
            format!("händelsen på position {position} är inte parkerad hos {consumer}"),
            format!("the event at position {position} isn't parked by {consumer}"),
        )
    }

    /// A skip needs a reason.
    pub(crate) const fn no_reason(self) -> &'static str {
        self.pick("--reason säger inget", "--reason says nothing")
    }

    /// A service that hasn't made its key for a tenant's account.
    pub(crate) fn no_nats_key(self, file: &str, tenant: &str) -> String {
        self.tell(
            format!("tjänsten i {file} har ingen NATS-nyckel för {tenant} än; starta den, så gör den en"),
            format!("the service of {file} has no NATS key for {tenant} yet; start it, and it makes one"),
        )
    }

    /// A key pair for an integration.
    pub(crate) fn nkey(self, seed: &str, nkey: &str) -> String {
        self.tell(
            format!("frö (hemligt, till det andra systemet): {seed}\nnkey (till konfigurationen): {nkey}\n"),
            format!("seed (secret, for the other system): {seed}\nnkey (for the configuration): {nkey}\n"),
        )
    }
}
