//! File systems of their own: a small one in memory, and ext4 in a file. Only root may mount; gone when dropped.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

/// A mounted file system.
pub struct Mount {
    /// Where.
    pub at: PathBuf,
}

impl Mount {
    /// A file system in memory.
    ///
    /// # Errors
    /// If it can't be mounted.
    pub fn tmpfs(at: &Path, size: &str) -> Result<Self> {
        Self::made(at, &["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
    }

    /// ext4 in a file.
    ///
    /// # Errors
    /// If it can't be mounted.
    pub fn looped(image: &Path, at: &Path) -> Result<Self> {
        Self::made(at, &["-t", "ext4", "-o", "loop", &image.to_string_lossy()])
    }

    fn made(at: &Path, arguments: &[&str]) -> Result<Self> {
        std::fs::create_dir_all(at)?;
        run(Command::new("mount").args(arguments).arg(at))?;
        Ok(Self { at: at.into() })
    }

    /// Gives a file system in memory another size.
    ///
    /// # Errors
    /// If it can't.
    pub fn resize(&self, size: &str) -> Result<()> {
        run(Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(&self.at))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if run(Command::new("umount").arg(&self.at)).is_err() {
            let _ = run(Command::new("umount").arg("-l").arg(&self.at));
        }
    }
}

/// Makes ext4 in a file of so many bytes.
///
/// # Errors
/// If there is no `mkfs.ext4`, no room.
pub fn image(path: &Path, bytes: u64) -> Result<()> {
    std::fs::File::create(path)?.set_len(bytes)?;
    run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(path))
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.output().with_context(|| format!("there is no `{name}`"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "`{name}` failed: {}", said.trim().lines().next().unwrap_or_default());
    Ok(())
}
