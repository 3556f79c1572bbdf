//! Who may start and stop the server, and who uses it: two files locked with flock(2), which the system gives
//! back however a process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::EmbeddedError;
use super::layout::Layout;

/// How long we wait for another process that starts or stops the server; it may be recovering from a crash.
const PATIENCE: Duration = Duration::from_secs(150);

/// How often we look again.
const PAUSE: Duration = Duration::from_millis(25);

/// Held by the one process that starts or stops the server.
#[derive(Debug)]
pub(super) struct StartLock {
    /// The lock lasts as long as the open file.
    _file: File,
}

impl StartLock {
    /// Waits for the lock, within limits.
    pub(super) fn acquire(layout: &Layout) -> Result<Self, EmbeddedError> {
        let path = layout.start_lock();
        let file = open(&path)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    return Err(EmbeddedError::Busy { path, seconds: PATIENCE.as_secs() });
                }
                Err(TryLockError::Error(source)) => {
                    return Err(EmbeddedError::access("lock", &path, source));
                }
            }
        }
    }
}

/// Shared by everybody who uses the server. Joined and left with the start lock held, so that nobody joins a
/// server that is being stopped.
#[derive(Debug)]
pub(super) struct UsersLock {
    file: File,
    path: PathBuf,
}

impl UsersLock {
    /// Becomes a user of the server.
    pub(super) fn join(layout: &Layout) -> Result<Self, EmbeddedError> {
        let path = layout.users_lock();
        let file = open(&path)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Self { file, path }),
            Err(TryLockError::WouldBlock) => Err(EmbeddedError::Busy { path, seconds: 0 }),
            Err(TryLockError::Error(source)) => Err(EmbeddedError::access("lock", &path, source)),
        }
    }

    /// Stops being a user; true where this was the last one.
    pub(super) fn leave(self) -> Result<bool, EmbeddedError> {
        self.file.unlock().map_err(|source| EmbeddedError::access("unlock", &self.path, source))?;
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(source)) => {
                Err(EmbeddedError::access("lock", &self.path, source))
            }
        }
    }
}

fn open(path: &Path) -> Result<File, EmbeddedError> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        // Root may hold a lock in a directory of somebody else.
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(path)
        .map_err(|source| EmbeddedError::access("create", path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_user_is_told_to_stop_the_server() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        let first = UsersLock::join(&layout).unwrap();
        let second = UsersLock::join(&layout).unwrap();
        assert!(!first.leave().unwrap());
        assert!(second.leave().unwrap());
    }

    #[test]
    fn a_user_who_vanished_counts_no_more() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        drop(UsersLock::join(&layout).unwrap());
        assert!(UsersLock::join(&layout).unwrap().leave().unwrap());
    }

    #[test]
    fn the_start_lock_is_for_one() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        let held = StartLock::acquire(&layout).unwrap();
        let other = open(&layout.start_lock()).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        other.try_lock().unwrap();
    }
}
