//! How often, and after how long, a call is repeated.

use std::time::Duration;

use super::ApplyOptions;

/// What is left of the patience with one call.
#[derive(Debug)]
pub(super) struct Patience {
    resends: u32,
    conflicts: u32,
    pause: Duration,
}

impl Patience {
    pub(super) fn new(options: &ApplyOptions) -> Self {
        Self { resends: options.resends, conflicts: options.conflicts, pause: options.pause }
    }

    /// Waits after a silence; false when the call is not to be repeated any more.
    pub(super) async fn with_silence(&mut self) -> bool {
        let Some(left) = self.resends.checked_sub(1) else { return false };
        self.resends = left;
        self.wait().await;
        true
    }

    /// Waits after a conflict; false when the call is not to be repeated any more.
    pub(super) async fn with_conflict(&mut self) -> bool {
        let Some(left) = self.conflicts.checked_sub(1) else { return false };
        self.conflicts = left;
        self.wait().await;
        true
    }

    /// Waits for half to one and a half of the pause, so that two that collide do not collide again, and doubles it.
    async fn wait(&mut self) {
        let whole = u64::try_from(self.pause.as_millis()).unwrap_or(u64::MAX);
        let half = whole / 2;
        tokio::time::sleep(Duration::from_millis(half.saturating_add(fastrand::u64(0..=whole))))
            .await;
        self.pause = self.pause.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ends() {
        let pause = Duration::from_millis(1);
        let options = ApplyOptions { resends: 2, conflicts: 1, pause, ..ApplyOptions::default() };
        let mut patience = Patience::new(&options);
        assert!(patience.with_silence().await);
        assert!(patience.with_conflict().await);
        assert!(patience.with_silence().await);
        assert!(!patience.with_silence().await);
        assert!(!patience.with_conflict().await);
    }
}
