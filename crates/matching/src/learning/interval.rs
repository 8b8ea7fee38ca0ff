//! How sure a share is.

/// The 95 % interval of a share of `hits` among `all` (Wilson 1927); of none, everything is possible.
#[must_use]
pub fn wilson(hits: u64, all: u64) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if all == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (all as f64, hits as f64 / all as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let all = 1.0 + Z * Z / n;
    (((middle - half) / all).max(0.0), ((middle + half) / all).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_narrows_with_numbers() {
        let near = |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() < 5e-4 && (b - d).abs() < 5e-4;
        assert!(near(wilson(7, 10), (0.3968, 0.8922)), "{:?}", wilson(7, 10));
        assert!(near(wilson(0, 10), (0.0, 0.2775)), "{:?}", wilson(0, 10));
        let (low, high) = wilson(7_000, 10_000);
        assert!(low > 0.69 && high < 0.71);
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }
}
