//! The token that tells a page's own forms from those of strangers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use subtle::ConstantTimeEq as _;

/// A form token that notes when it is written into a page: only such a page is somebody's own and
/// needs a cookie.
#[derive(Clone, Default)]
pub struct FormToken {
    text: String,
    written: Arc<AtomicBool>,
}

/// Marks an answer that has its reader's token in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Personal;

impl FormToken {
    /// A token that was not written yet.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { text, written: Arc::default() }
    }

    /// Whether a form sent this token; none fits an empty one. Takes the same time for any.
    pub(crate) fn fits(&self, sent: &str) -> bool {
        !self.text.is_empty() && bool::from(sent.as_bytes().ct_eq(self.text.as_bytes()))
    }

    pub(crate) fn was_written(&self) -> bool {
        self.written.load(Ordering::Relaxed)
    }

    /// The token for its cookie.
    pub(crate) fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.store(true, Ordering::Relaxed);
        f.write_str(&self.text)
    }
}

impl fmt::Debug for FormToken {
    /// Without the token: it is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormToken").field("written", &self.was_written()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_notes_that_it_was_written_wherever_it_was_cloned_to() {
        let token = FormToken::new("t".to_owned());
        let page = token.clone();
        assert!(token.fits("t") && !token.fits("u") && !FormToken::default().fits(""));
        assert!(!token.was_written());
        assert_eq!(page.to_string(), "t");
        assert!(token.was_written());
    }
}
