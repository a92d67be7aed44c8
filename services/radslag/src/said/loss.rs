//! What is said of losses, forks and the keys that sign checkpoints.

use std::path::Path;

use radslag_evidence::fork;
use radslag_runtime::http::Language;

use super::Said;

impl Said {
    /// The names of what `log accept-loss` shows, in its order.
    pub(crate) const fn loss(self) -> [&'static str; 7] {
        match self.0 {
            Language::Swedish => [
                "logg",
                "ursprung som slutar",
                "händelser som blir kvar",
                "bekräftade som går förlorade",
                "hela men efter luckan",
                "som signerat till",
                "därför",
            ],
            Language::English => [
                "log",
                "origin that ends",
                "events that stay",
                "acknowledged and lost",
                "whole but after the gap",
                "as signed up to",
                "why",
            ],
        }
    }

    /// Everything that is there can be read.
    pub(crate) const fn nothing_missing(self) -> &'static str {
        self.pick(
            "inget saknas här; gör det bara om bussen eller någon annan vet mer än loggen",
            "nothing is missing here; only do it if the bus or somebody else knows more than the log",
        )
    }

    /// Nothing was done.
    pub(crate) fn loss_not_accepted(self, kept: u64) -> String {
        self.tell(
            format!(
                "Inget är ändrat. Pröva en säkerhetskopia först. Med --ground TEXT --yes fortsätter loggen på position \
                 {kept} i nästa ursprung, och filerna ovan kopieras först till lost-<ursprung>/."
            ),
            format!(
                "Nothing is changed. Try a backup first. With --ground TEXT --yes the log goes on at position {kept} in its \
                 next origin, and the files above are first copied to lost-<origin>/."
            ),
        )
    }

    /// It was done.
    pub(crate) fn loss_accepted(self, origin: u32, kept: u64, folder: &str) -> String {
        self.tell(
            format!(
                "Loggen fortsätter på position {kept} i ursprung {origin}. Det som är avskuret finns i {folder}. Tabeller som \
                 hade läst det görs om när servern startar; `radslag rebuild --check` jämför de andra."
            ),
            format!(
                "The log goes on at position {kept} in origin {origin}. What is cut off is in {folder}. Tables that had read \
                 it are made again when the server starts; `radslag rebuild --check` compares the others."
            ),
        )
    }

    /// Two checkpoints can't both be true.
    pub(crate) fn forked(self, log: &str, [first, second]: [u64; 2], to: Option<&Path>) -> String {
        let to = to.map_or_else(String::new, |to| format!(" {}", to.display()));
        self.tell(
            format!("FÖRGRENAD: {log} har signerat två kontrollpunkter, över {first} och {second} händelser, som inte båda kan vara sanna.{to}"),
            format!("FORKED: {log} has signed two checkpoints, over {first} and {second} events, that can't both be true.{to}"),
        )
    }

    /// Two checkpoints that are no evidence.
    pub(crate) fn no_fork(self, why: &fork::Error) -> String {
        match why {
            fork::Error::Sizes(first, second) => self.tell(
                format!(
                    "kontrollpunkter över {first} och {second} händelser kan båda vara sanna, och själva visar de inget mer; \
                     det avgör trädet som den större signerar: ange med --log var dess filer finns"
                ),
                format!(
                    "checkpoints over {first} and {second} events may both be true, and by themselves show no more; the tree \
                     that the larger one signs tells: name with --log where its tiles are"
                ),
            ),
            fork::Error::Origins(first, second) => self.tell(
                format!("kontrollpunkterna är av olika loggar eller ursprung: {first} och {second}"),
                format!("the checkpoints are of different logs or origins: {first} and {second}"),
            ),
            _ => self.pick("båda säger detsamma: ingen förgrening", "both say the same: no fork").into(),
        }
    }

    /// The larger one begins with the smaller one.
    pub(crate) fn goes_on(self, log: &str) -> String {
        self.tell(
            format!("ingen förgrening: den större fortsätter där den mindre var, och {log} därifrån"),
            format!("no fork: the larger one goes on from the smaller one, and {log} from there"),
        )
    }

    /// Nothing that is there says what the larger one has signed.
    pub(crate) fn not_provable(self, log: &str) -> String {
        self.tell(
            format!(
                "{log} visar inte trädet som den större kontrollpunkten signerar, och motsäger ingen av dem: med det går det \
                 varken att bevisa eller utesluta. Bevis vore det trädets filer, eller dess konsistensbevis, från den som \
                 visade den större"
            ),
            format!(
                "{log} doesn't show the tree that the larger checkpoint signs, and contradicts neither: with it a fork can be \
                 neither proved nor ruled out. What would prove it is that tree's tiles, or its consistency proof, from \
                 whoever showed the larger one"
            ),
        )
    }

    /// A log has one more key.
    pub(crate) fn signing_rotated(self, service: &str, keys: usize, verifiers: &[String]) -> String {
        let public: String = verifiers.iter().map(|key| format!("  {key}\n")).collect();
        self.tell(
            format!(
                "{service}: {keys} nycklar signerar när servern startats om, den äldsta först:\n{public}"
            ),
            format!(
                "{service}: {keys} keys sign once the server was started again, the oldest first:\n{public}"
            ),
        )
    }

    /// A log has one key.
    pub(crate) fn signing_retired(self, service: &str, retired: usize, verifiers: &[String]) -> String {
        let public: String = verifiers.iter().map(|key| format!("  {key}\n")).collect();
        self.tell(
            format!(
                "{service}: {retired} nycklar är borta; det de signerat går ännu att pröva. Denna signerar när servern \
                 startats om:\n{public}"
            ),
            format!(
                "{service}: {retired} keys are gone; what they signed can still be checked. This one signs once the server \
                 was started again:\n{public}"
            ),
        )
    }

    /// Too early.
    pub(crate) fn newest_has_not_signed(self, tenant: &str, service: &str) -> String {
        self.tell(
            format!(
                "den nyaste nyckeln har inte signerat {service} än: starta servern med båda, vänta på en kontrollpunkt, och \
                 gör om det; `radslag keys rotate-signing {tenant} {service}` gör en ny"
            ),
            format!(
                "the newest key hasn't signed {service} yet: start the server with both, wait for a checkpoint, and do this \
                 again; `radslag keys rotate-signing {tenant} {service}` makes a new one"
            ),
        )
    }
}
