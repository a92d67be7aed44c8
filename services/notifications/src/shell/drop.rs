//! A folder of `.eml` files instead of a mail server: for one process that tries things out.

use std::{fs, io, path::PathBuf};

use crate::{
    delivery::Outcome,
    shell::transport::{Outgoing, Sending, Transport},
    tag::Tag,
};

/// The folder. A file is named `<subject>-<delivery>.eml`, so that an erasure finds it and a repetition replaces it.
pub struct Drop(PathBuf);

impl Drop {
    /// A folder, made if it isn't there.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn put(&self, letter: &Outgoing) -> io::Result<()> {
        let path = self.0.join(format!("{}-{}.eml", letter.subject, letter.delivery));
        let unfinished = path.with_extension("part");
        fs::write(&unfinished, &letter.bytes)?;
        fs::rename(unfinished, path)
    }
}

impl Transport for Drop {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            match self.put(letter) {
                Ok(()) => Outcome::Sent,
                Err(error) => {
                    tracing::error!(delivery = %letter.delivery, %error, "a letter can't be put into the folder");
                    Outcome::Temporary { code: 0 }
                }
            }
        })
    }

    fn forget(&self, subject: Tag) -> io::Result<()> {
        let prefix = format!("{subject}-");
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use radslag_kernel::AggregateId;

    use super::*;

    #[tokio::test]
    async fn what_was_dropped_for_an_address_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let drop = Drop::open(folder.path().join("mail")).unwrap();
        let letter = |subject, delivery| Outgoing {
            subject: Tag([subject; 16]),
            delivery: AggregateId::from_bytes([delivery; 16]),
            return_path: "bounce@malmo.example".parse().unwrap(),
            to: "planted@malmo.example".parse().unwrap(),
            bytes: b"x".to_vec(),
        };
        for (subject, delivery) in [(1, 1), (1, 1), (1, 2), (2, 3)] {
            assert_eq!(drop.send(&letter(subject, delivery)).await, Outcome::Sent);
        }
        let files = || fs::read_dir(folder.path().join("mail")).unwrap().count();
        assert_eq!(files(), 3);
        drop.forget(Tag([1; 16])).unwrap();
        assert_eq!(files(), 1);
    }
}
