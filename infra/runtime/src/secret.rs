//! Secrets live in files: read whole, kept out of every message, made with mode 0600 where they may be made.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// A secret's bytes; wiped when dropped, never shown.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Reads a file, without the line end that editors add.
    ///
    /// # Errors
    /// If it can't be read, is empty, or may be read by everybody.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        let failed = |source| SecretError::Unreadable { path: path.into(), source };
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err(SecretError::Open { path: path.into(), mode: mode & 0o777 });
        }
        let mut bytes = Zeroizing::new(fs::read(path).map_err(failed)?);
        while bytes.last().is_some_and(u8::is_ascii_whitespace) {
            bytes.pop();
        }
        if bytes.is_empty() {
            return Err(SecretError::Empty { path: path.into() });
        }
        Ok(Self(bytes))
    }

    /// Reads a file, or makes it with mode 0600 if there is none. Of two processes that make it at once, both use
    /// the first's.
    ///
    /// # Errors
    /// As [`Secret::read`], or if it can't be made.
    pub fn read_or_create(
        path: &Path,
        make: impl FnOnce() -> Zeroizing<Vec<u8>>,
    ) -> Result<Self, SecretError> {
        if !path.try_exists().unwrap_or(true) {
            match create(path, &make()) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(SecretError::Uncreatable { path: path.into(), source: error });
                }
                _ => {}
            }
        }
        Self::read(path)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, if they are.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl std::fmt::Debug for Secret {
    /// Never shows the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Written under another name first, so that nobody reads half of it, and linked, which never overwrites.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = path.with_extension(format!("{:016x}.new", rand::random::<u64>()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let made =
        file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    made?;
    fs::File::open(folder)?.sync_all()
}

/// Why there is no secret. Names the file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Missing, or not ours to read.
    #[error("the secret in {} can't be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Everybody on the machine may read or write it.
    #[error("the secret in {} is open to everybody (mode {mode:03o}); chmod it to 600", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Nothing in it.
    #[error("the secret in {} is empty", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// Couldn't be written.
    #[error("the secret {} can't be made", path.display())]
    Uncreatable {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets/key");
        let first = Secret::read_or_create(&path, || Zeroizing::new(b"one".to_vec())).unwrap();
        let again = Secret::read_or_create(&path, || Zeroizing::new(b"two".to_vec())).unwrap();
        assert_eq!((first.bytes(), again.bytes()), (&b"one"[..], &b"one"[..]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_secret_open_to_everybody_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "s3cret").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = Secret::read(&path).unwrap_err();
        assert!(matches!(error, SecretError::Open { mode: 0o644, .. }));
        assert!(!error.to_string().contains("s3cret"));
    }

    #[test]
    fn a_secret_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let secret = Secret::read_or_create(&path, || Zeroizing::new(b"s3cret\n".to_vec())).unwrap();
        assert_eq!(secret.text(), Some("s3cret"));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn a_missing_and_an_empty_secret_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(matches!(Secret::read(&path), Err(SecretError::Unreadable { .. })));
        create(&path, b"\n").unwrap();
        assert!(matches!(Secret::read(&path), Err(SecretError::Empty { .. })));
    }
}
