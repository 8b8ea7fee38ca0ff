//! Work that takes milliseconds of a processor.

use tokio::sync::Semaphore;

use crate::AppError;

/// Runs such work beside the threads that serve, no more of it at once than there are processors:
/// a flood of it waits in line, not in memory.
pub struct Work(Semaphore);

impl Default for Work {
    fn default() -> Self {
        Self(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)))
    }
}

impl Work {
    /// Runs a piece of work when its turn comes.
    ///
    /// # Errors
    /// `Internal` when it panicked.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let internal = |reason: String| AppError::Internal(reason);
        let _turn = self.0.acquire().await.map_err(|e| internal(e.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| internal(e.to_string()))
    }
}
