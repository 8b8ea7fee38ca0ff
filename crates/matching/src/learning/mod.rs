//! What people did with the matches they were shown, and the weights that follow from it.
//!
//! A match's score is, within one list, a weighed sum of [`features`]: how much of the need's terms are met, what each
//! channel of retrieval says, how its requirements fare, and so on. [`fit`] looks for the weights under which what was
//! opened and taken up stands above what was passed over. What stands high is seen more: see [`examined`].

mod draft;
mod features;
mod fit;
mod interval;

pub use draft::{Drafted, draft};
pub use features::{FEATURES, Features, NAMES, coefficients, features, with_coefficients};
pub use fit::{Fitted, Seen, Shown, examined, fit, loss};
pub use interval::wilson;
