//! Vectors in bytes.

/// A vector in bytes, with what one step of them is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantised {
    /// Whole steps, each from −127 to 127.
    pub steps: Vec<u8>,
    /// What one step is worth.
    pub worth: f32,
}

impl Quantised {
    /// The nearest to a vector.
    #[must_use]
    pub fn of(vector: &[f32]) -> Self {
        let most = vector.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let worth = if most > 0.0 { most / 127.0 } else { 0.0 };
        let step = |v: &f32| if worth > 0.0 { (v / worth).round() as i8 as u8 } else { 0 };
        Self { steps: vector.iter().map(step).collect(), worth }
    }
}

/// The vector that steps stand for.
#[must_use]
pub fn restored(steps: &[u8], worth: f32) -> Vec<f32> {
    steps.iter().map(|step| f32::from(*step as i8) * worth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_comes_back_nearly_as_it_was_and_nothing_as_nothing() {
        let vector = [0.6, -0.8, 0.0, 0.003];
        let kept = Quantised::of(&vector);
        let back = restored(&kept.steps, kept.worth);
        assert!(vector.iter().zip(&back).all(|(a, b)| (a - b).abs() <= kept.worth / 2.0), "{back:?}");
        let nothing = Quantised::of(&[0.0; 3]);
        assert_eq!(restored(&nothing.steps, nothing.worth), [0.0; 3]);
    }
}
