//! What the command line says to people, in Swedish and English. Keys of JSON and errors of the machine are English.

mod backup;
mod bi;
mod bus;
mod checked;
mod draw;
mod loss;
mod tally;

use std::{env, path::Path};

use radslag_runtime::http::Language;

use crate::cli::Lang;

/// The texts in one language.
#[derive(Clone, Copy)]
pub(crate) struct Said(Language);

/// As the petitions service names them.
const PROJECTIONS: [&str; 10] = [
    "petitions",
    "timers",
    "persons",
    "bulks",
    "comments",
    "inquiries",
    "objections",
    "deliveries",
    "subscriptions",
    "mailings",
];

impl Said {
    /// In the language asked for, or the environment's.
    pub(crate) fn new(asked: Option<Lang>) -> Self {
        Self(match asked {
            Some(Lang::Sv) => Language::Swedish,
            Some(Lang::En) => Language::English,
            None => {
                of_locale(["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| env::var(name).unwrap_or_default()))
            }
        })
    }

    pub(crate) const fn pick(self, swedish: &'static str, english: &'static str) -> &'static str {
        match self.0 {
            Language::Swedish => swedish,
            Language::English => english,
        }
    }

    fn tell(self, swedish: String, english: String) -> String {
        match self.0 {
            Language::Swedish => swedish,
            Language::English => english,
        }
    }

    /// Where everything is, once it serves.
    pub(crate) fn serving<'a>(
        self,
        url: &str,
        data: &Path,
        mail: &Path,
        tenants: impl Iterator<Item = &'a str>,
    ) -> String {
        let (data, mail) = (data.display(), mail.display());
        let pages: String = tenants.map(|tenant| format!("  {url}/{tenant}\n")).collect();
        let links = format!("{pages}  {url}/openapi.json\n  {url}/readyz  {url}/metrics\n");
        self.tell(
            format!(
                "Rådslag är igång på {url}/\n{links}Data finns i {data}, mejl går till {mail}.\n\
                 En biljett för utveckling: radslag token malmo --role moderator --subject anna\nAvsluta med Ctrl-C."
            ),
            format!(
                "Rådslag is up at {url}/\n{links}Data is in {data}, mails go to {mail}.\n\
                 A token for development: radslag token malmo --role moderator --subject anna\nStop it with Ctrl-C."
            ),
        )
    }

    /// Before the demonstration is made.
    pub(crate) fn making_demo(self, folder: &Path) -> String {
        let folder = folder.display();
        self.tell(
            format!("Demonstrationen görs i {folder} (en gång; ta bort mappen för att börja om)."),
            format!("Making the demonstration in {folder} (once; delete the folder to begin again)."),
        )
    }

    /// While a tenant of the demonstration is filled.
    pub(crate) fn filling(self, tenant: &str) -> String {
        self.tell(format!("Fyller {tenant}"), format!("Filling {tenant}"))
    }

    /// The demonstration is only made where nothing is.
    pub(crate) fn demo_is_there(self, folder: &Path) -> String {
        let folder = folder.display();
        self.tell(
            format!("{folder} finns redan: ta bort mappen eller ange en annan (data.dir)"),
            format!("{folder} is there already: delete the folder or name another (data.dir)"),
        )
    }

    /// None of the configured tenants is part of the demonstration.
    pub(crate) const fn nobody_to_fill(self) -> &'static str {
        self.pick(
            "ingen av organisationerna i konfigurationen hör till demonstrationen",
            "no tenant of the configuration is part of the demonstration",
        )
    }

    /// The names of what a tenant of the demonstration holds, in the order of its figures.
    pub(crate) const fn demo_figures(self) -> [&'static str; 13] {
        match self.0 {
            Language::Swedish => [
                "initiativ",
                "avslagna",
                "underskrifter",
                "med e-legitimation",
                "på papper",
                "återtagna",
                "ogiltigförklarade",
                "kommentarer",
                "tips och frågor",
                "besvarade",
                "överlämnade till nämnd",
                "besvarade av nämnd",
                "händelser",
            ],
            Language::English => [
                "petitions",
                "refused",
                "signatures",
                "by eID",
                "on paper",
                "withdrawn",
                "invalidated",
                "comments",
                "tips and questions",
                "answered",
                "handed over to committees",
                "answered by committees",
                "events",
            ],
        }
    }

    /// While read tables catch up with the log.
    pub(crate) fn catching_up(self, tenant: &str) -> String {
        self.tell(format!("Läser in {tenant}"), format!("Catching up {tenant}"))
    }

    /// While a projection is made again.
    pub(crate) fn rebuilding(self, tenant: &str, projection: &str) -> String {
        self.tell(format!("Bygger om {tenant} {projection}"), format!("Rebuilding {tenant} {projection}"))
    }

    /// The live tables aren't what the log says.
    pub(crate) fn tables_differ(self, rows: u64) -> String {
        self.tell(
            format!("{rows} rader skiljer sig från loggen: kör `radslag rebuild` utan --check"),
            format!("{rows} rows differ from the log: run `radslag rebuild` without --check"),
        )
    }

    /// Neither the tenant nor the projection is known.
    pub(crate) fn nothing_to_rebuild(self, tenant: Option<&str>, projection: Option<&str>) -> String {
        let wanted = [tenant, projection].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.tell(
            format!("det finns inget som heter {wanted}; projektionerna är {}", PROJECTIONS.join(", ")),
            format!("nothing is called {wanted}; the projections are {}", PROJECTIONS.join(", ")),
        )
    }

    /// The names of what `log info` shows, in its order.
    pub(crate) const fn info(self) -> [&'static str; 13] {
        match self.0 {
            Language::Swedish => [
                "logg",
                "ursprung",
                "händelser",
                "senast",
                "segment",
                "byte",
                "nycklar",
                "raderade",
                "index, byte",
                "index, körningar",
                "index, strömmar",
                "används av",
                "tillstånd",
            ],
            Language::English => [
                "log",
                "origin",
                "events",
                "last",
                "segments",
                "bytes",
                "keys",
                "erased",
                "index, bytes",
                "index, runs",
                "index, streams",
                "in use by",
                "health",
            ],
        }
    }

    /// A log without events.
    pub(crate) const fn none_yet(self) -> &'static str {
        self.pick("inga än", "none yet")
    }

    /// Nobody.
    pub(crate) const fn nobody(self) -> &'static str {
        self.pick("ingen", "nobody")
    }

    /// A log that is whole as far as was looked.
    pub(crate) const fn whole(self) -> &'static str {
        self.pick("hel", "whole")
    }

    /// What wasn't counted.
    pub(crate) const fn ask_for_index(self) -> &'static str {
        self.pick("räknas med --index, när servern är stoppad", "counted by --index, with the server stopped")
    }

    /// A process.
    pub(crate) fn process(self, id: u32) -> String {
        self.tell(format!("process {id}"), format!("process {id}"))
    }

    /// The name of a progress bar.
    pub(crate) const fn reading(self) -> &'static str {
        self.pick("läser händelser", "reading events")
    }

    /// The name of a progress bar.
    pub(crate) const fn indexing(self) -> &'static str {
        self.pick("gör om indexet", "making the index")
    }

    /// The name of a progress bar.
    pub(crate) fn wrapping(self, tenant: &str, service: &str) -> String {
        self.tell(
            format!("slår in nycklar, {tenant}/{service}"),
            format!("wrapping keys of {tenant}/{service}"),
        )
    }

    /// A log that was read from end to end: (events, frames), (sealed, erased), digest.
    pub(crate) fn verified(
        self,
        (events, frames): (u64, u64),
        (sealed, erased): (u64, u64),
        digest: &str,
    ) -> String {
        self.tell(
            format!(
                "Hel: {events} händelser i {frames} ramar. {sealed} förseglade fält har sina nycklar, {erased} är \
                 raderade.\nSumma av löven: {digest}"
            ),
            format!(
                "Whole: {events} events in {frames} frames. {sealed} sealed fields have their keys, {erased} are \
                 erased.\nDigest of the leaves: {digest}"
            ),
        )
    }

    /// The sealed fields were opened too.
    pub(crate) fn opened(self, opened: u64) -> String {
        self.tell(
            format!("{opened} förseglade fält går att öppna med sina nycklar."),
            format!("{opened} sealed fields open under their keys."),
        )
    }

    /// A log that isn't whole, so far down.
    pub(crate) const fn damaged(self) -> &'static str {
        self.pick("SKADAD", "DAMAGED")
    }

    /// An export that is on disk.
    pub(crate) fn exported(self, events: u64, to: &Path, digest: &str) -> String {
        let to = to.display();
        self.tell(
            format!("{events} händelser i {to}.\nSumma av löven: {digest}"),
            format!("{events} events in {to}.\nDigest of the leaves: {digest}"),
        )
    }

    /// A file is in the way.
    pub(crate) fn exists(self, path: &Path) -> String {
        let path = path.display();
        self.tell(
            format!("{path} finns redan; välj ett annat namn eller ta bort den"),
            format!("{path} is there already; choose another name or remove it"),
        )
    }

    /// An index that was made again.
    pub(crate) fn indexed(self, runs: usize, streams: u64) -> String {
        self.tell(
            format!("Indexet är gjort på nytt: {runs} körningar med {streams} strömmar. Det nyaste segmentets hålls i minnet."),
            format!("The index is made again: {runs} runs with {streams} streams. Those of the newest segment are kept in memory."),
        )
    }

    /// Beside every token.
    pub(crate) const fn development_token(self) -> &'static str {
        self.pick(
            "radslag: en utvecklingsnyckel har signerat detta; i drift ger en riktig utgivare ut intygen (auth.jwks_file)",
            "radslag: signed with a development key; in production a real issuer gives out tokens (auth.jwks_file)",
        )
    }

    /// Beside a token that nobody will believe.
    pub(crate) const fn token_not_believed(self) -> &'static str {
        self.pick(
            "radslag: auth.jwks_file är satt: en server med denna konfiguration tror inte på den lokala nyckeln",
            "radslag: auth.jwks_file is set: a server with this configuration doesn't believe the local key",
        )
    }

    /// A configuration that can be used.
    pub(crate) fn config_right(self, name: &str, tenants: usize) -> String {
        self.tell(
            format!("{name} går att använda; {tenants} organisationer."),
            format!("{name} can be used; {tenants} tenants."),
        )
    }

    /// A tenant whose keys were wrapped again.
    pub(crate) fn rotated(self, tenant: &str, key: u32, logs: usize, destroyed: &[u32]) -> String {
        let destroyed = list(destroyed);
        self.tell(
            format!("{tenant}: nyckeln {key} slår nu in allt i {logs} loggar; förstörda: {destroyed}"),
            format!("{tenant}: key {key} now wraps everything in {logs} logs; destroyed: {destroyed}"),
        )
    }

    /// A tenant without logs.
    pub(crate) fn nothing_to_rotate(self, tenant: &str) -> String {
        self.tell(format!("{tenant}: inga nycklar än"), format!("{tenant}: no keys yet"))
    }

    /// A key-encryption key: its number, when it was made, its age.
    pub(crate) fn kek(self, number: u32, made: &str, days: u64, current: bool) -> String {
        let current = if current { self.pick(", används", ", current") } else { "" };
        self.tell(
            format!("  nyckel {number}  gjord {made}, {days} dygn gammal{current}"),
            format!("  key {number}  made {made}, {days} days old{current}"),
        )
    }

    /// A log's slots.
    pub(crate) fn slots(self, service: &str, live: &str, erased: u64) -> String {
        self.tell(
            format!("  {service}  nycklar: {live}; raderade: {erased}"),
            format!("  {service}  keys: {live}; erased: {erased}"),
        )
    }

    /// So many slots under a key-encryption key.
    pub(crate) fn under(self, kek: u32, slots: u64) -> String {
        self.tell(format!("{slots} under nyckel {kek}"), format!("{slots} under key {kek}"))
    }

    /// A key-encryption key that has wrapped for too long.
    pub(crate) fn rotate_now(self, tenant: &str) -> String {
        self.tell(
            format!("  äldre än 30 dygn: kör `radslag keys rotate {tenant}` med servern stoppad"),
            format!("  older than 30 days: run `radslag keys rotate {tenant}` with the server stopped"),
        )
    }

    /// A clock that is to be believed.
    pub(crate) fn clock_accepted(self, tenant: &str, at: &str, marker: &Path) -> String {
        let marker = marker.display();
        self.tell(
            format!(
                "{tenant}: klockan gäller, {at}. En server som kör ser det i {marker} och skriver igen; den som startas \
                 sedan utgår ändå från sin klocka."
            ),
            format!(
                "{tenant}: the clock is right, {at}. A running server sees it in {marker} and writes again; one that is \
                 started later believes its clock anyway."
            ),
        )
    }

    /// A tenant nobody configured.
    pub(crate) fn unknown_tenant(self, tenant: &str, file: &str, known: &[&str]) -> String {
        let known = known.join(", ");
        self.tell(
            format!("{file} har ingen organisation `{tenant}`; där finns: {known}"),
            format!("{file} has no tenant `{tenant}`; it has: {known}"),
        )
    }

    /// A log nobody has.
    pub(crate) fn unknown_service(
        self,
        service: &str,
        tenant: &str,
        folder: &Path,
        known: &[String],
    ) -> String {
        let (folder, known) = (folder.display(), known.join(", "));
        self.tell(
            format!("{tenant} har ingen logg `{service}` i {folder}; där finns: {known}"),
            format!("{tenant} has no log `{service}` in {folder}; there are: {known}"),
        )
    }

    /// A tenant that has written nothing.
    pub(crate) fn no_logs(self, tenant: &str, folder: &Path) -> String {
        let folder = folder.display();
        self.tell(
            format!("{tenant} har inga loggar i {folder}; starta servern först, eller rätta data.ground"),
            format!("{tenant} has no logs in {folder}; start the server first, or set data.ground right"),
        )
    }

    /// Keys that aren't where they should be.
    pub(crate) fn no_secrets(self, tenant: &str, folder: &Path) -> String {
        let folder = folder.display();
        self.tell(
            format!("{tenant} har inga nycklar i {folder}; rätta data.secrets"),
            format!("{tenant} has no key-encryption keys in {folder}; set data.secrets right"),
        )
    }

    /// What to do about a lock.
    pub(crate) fn stop_the_server(self) -> String {
        self.pick(
            "Stoppa den processen först; `radslag log info|read|follow|verify|export` fungerar bredvid den.",
            "Stop that process first; `radslag log info|read|follow|verify|export` work beside it.",
        )
        .into()
    }

    /// What to do about damage.
    pub(crate) fn restore(self) -> String {
        self.pick(
            "Återställ filen från en säkerhetskopia; skriv inte i den. Vad som står före går att läsa och exportera.",
            "Restore the file from a backup; don't write to it. What stands before can still be read and exported.",
        )
        .into()
    }

    /// What to do without a configuration.
    pub(crate) fn name_a_configuration(self) -> String {
        self.pick(
            "Ange en fil som finns med --config, eller ingen för demonstrationen.",
            "Name a file that is there with --config, or none for the demonstration.",
        )
        .into()
    }
}

fn list(numbers: &[u32]) -> String {
    let words: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    if words.is_empty() { "-".into() } else { words.join(", ") }
}

/// The first variable that is set decides.
fn of_locale(variables: [String; 3]) -> Language {
    let set = variables.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
    if set.starts_with("sv") { Language::Swedish } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_chooses_the_language() {
        let of = |all: [&str; 3]| of_locale(all.map(Into::into));
        assert_eq!(of(["", "", "sv_SE.UTF-8"]), Language::Swedish);
        assert_eq!(of(["C", "", "sv_SE.UTF-8"]), Language::English);
        assert_eq!(of(["", "sv", "en_GB.UTF-8"]), Language::Swedish);
        assert_eq!(of(["", "", ""]), Language::English);
    }
}
