//! What makes vectors of texts.

use super::model::Model;

/// Makes vectors of texts, near to each other where the texts mean alike.
pub trait Encoder: Send + Sync + std::fmt::Debug {
    /// The meaning of a text, given in folded parts: a vector of length 1, or of 0 where nothing of it is known.
    /// `None`: it cannot be told now, and the channels of meaning say nothing.
    fn encode(&self, parts: &[&str]) -> Option<Vec<f32>>;
}

impl Encoder for Model {
    fn encode(&self, parts: &[&str]) -> Option<Vec<f32>> {
        Some(self.vector(parts))
    }
}
