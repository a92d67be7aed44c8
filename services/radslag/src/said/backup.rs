//! What is said about backups.

use std::path::Path;

use super::Said;

impl Said {
    /// Over a bar.
    pub(crate) fn backing_up(self, tenant: &str, service: &str) -> String {
        self.tell(format!("kopierar {tenant} {service}"), format!("copying {tenant} {service}"))
    }

    /// A log that was copied.
    pub(crate) fn backed_up(
        self,
        tenant: &str,
        service: &str,
        events: u64,
        bytes: u64,
        files: u64,
    ) -> String {
        let mib = bytes.div_ceil(1 << 20);
        self.tell(
            format!("{tenant} {service}: {events} händelser, {mib} MiB, {files} filer\n"),
            format!("{tenant} {service}: {events} events, {mib} MiB, {files} files\n"),
        )
    }

    /// What isn't in it.
    pub(crate) fn secrets_apart(self, secrets: &Path) -> String {
        let secrets = secrets.display();
        self.tell(
            format!("Nycklar och raderingsliggare i {secrets} är inte med: kopiera dem nu, till ett annat ställe.\n"),
            format!("Keys and erasure ledgers in {secrets} aren't in it: copy them now, to another place.\n"),
        )
    }

    /// Nobody has written anything.
    pub(crate) fn nothing_to_back_up(self, ground: &Path) -> String {
        let ground = ground.display();
        self.tell(
            format!("inga loggar i {ground}; rätta data.ground"),
            format!("no logs in {ground}; set data.ground right"),
        )
    }

    /// A tenant that can't be copied.
    pub(crate) fn not_backed_up(self, tenant: &str) -> String {
        self.tell(
            format!("{tenant} kan inte säkerhetskopieras"),
            format!("no backup can be made of {tenant}"),
        )
    }
}
