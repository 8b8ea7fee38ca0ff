//! Nearness of meaning, taught by the texts themselves: latent semantic analysis.
//!
//! Terms that stand in the same texts come to lie near each other. The rows of a matrix of documents and terms
//! are cut down to their main directions by a truncated singular value decomposition, found by iterating on a
//! subspace (Halko, Martinsson and Tropp, "Finding Structure with Randomness", 2011, algorithm 4.4); a text then
//! is the sum of its terms. Nothing is drawn by chance that a seed does not fix, and nothing runs in parallel:
//! the same texts give the same numbers.

use faer::{Mat, Side};

use super::postings::Counts;

/// Directions more than wanted, which make the wanted ones exact.
const SPARE: usize = 16;
/// Rounds of the iteration.
const ROUNDS: usize = 4;
/// Documents that teach; of more, every so many-th.
const TEACHERS: usize = 30_000;
/// Terms that are learned, the most frequent ones.
const TERMS: usize = 60_000;
/// Sums that a product of two vectors is gathered in.
const LANES: usize = 16;
/// A direction of less than this part of the strongest is noise.
const NOISE: f64 = 1e-10;

/// A vector for each term. A text's vector has length 1, or 0 where it has no known term.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// Numbers of a vector.
    dimensions: usize,
    /// Of each term its rarity; 0: it was not learned.
    rarity: Vec<f32>,
    /// Of each term the row where its vector stands.
    row: Vec<u32>,
    /// One row for each learned term.
    vectors: Vec<f32>,
}

impl Meaning {
    /// Directions that so many documents can teach, at most 300.
    #[must_use]
    pub fn dimensions_for(documents: usize) -> usize {
        (documents / 5).clamp(16, 300)
    }

    /// Learns from documents whose terms have numbers below `terms`. One that stands in a single document
    /// teaches nothing.
    #[must_use]
    pub fn of(documents: &[Counts], terms: usize, dimensions: usize) -> Self {
        let mut with = vec![0u32; terms];
        documents.iter().flatten().for_each(|(term, _)| with[*term as usize] += 1);
        let mut known: Vec<u32> = (0..terms as u32).filter(|t| with[*t as usize] > 1).collect();
        if known.len() > TERMS {
            known.sort_by_key(|t| (std::cmp::Reverse(with[*t as usize]), *t));
            known.truncate(TERMS);
            known.sort_unstable();
        }
        let mut meaning = Self { dimensions: 0, rarity: vec![0.0; terms], row: vec![0; terms], vectors: Vec::new() };
        for (row, term) in known.iter().enumerate() {
            let rarity = (documents.len() as f32 + 1.0) / (with[*term as usize] as f32 + 0.5);
            meaning.rarity[*term as usize] = rarity.ln();
            meaning.row[*term as usize] = row as u32;
        }
        let every = documents.len().div_ceil(TEACHERS).max(1);
        let rows: Vec<Counts> = documents.iter().step_by(every).map(|d| meaning.weighed(d)).collect();
        let wanted = dimensions.min(rows.len()).min(known.len());
        if wanted > 0 {
            let (vectors, dimensions) = directions(&rows, known.len(), wanted);
            (meaning.vectors, meaning.dimensions) = (vectors, dimensions);
        }
        meaning
    }

    /// Numbers of a vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The rows of a text's terms with their weights, of length 1 together.
    fn weighed(&self, counts: &Counts) -> Counts {
        let known = counts.iter().filter(|(term, _)| self.rarity[*term as usize] > 0.0);
        let mut weighed: Counts = known
            .map(|(term, count)| (self.row[*term as usize], (1.0 + count.ln()).max(0.0) * self.rarity[*term as usize]))
            .collect();
        let length = weighed.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        if length > 0.0 {
            weighed.iter_mut().for_each(|(_, w)| *w /= length);
        }
        weighed
    }

    /// The vector of a text.
    #[must_use]
    pub fn vector(&self, counts: &Counts) -> Vec<f32> {
        let mut sum = vec![0.0; self.dimensions];
        for (row, weight) in self.weighed(counts) {
            add(&mut sum, self.row_of(row), weight);
        }
        unit(&mut sum);
        sum
    }

    /// Rarity and vector of a term that was learned.
    pub(crate) fn of_term(&self, term: u32) -> Option<(f32, &[f32])> {
        let rarity = self.rarity[term as usize];
        (rarity > 0.0 && self.dimensions > 0).then(|| (rarity, self.row_of(self.row[term as usize])))
    }

    fn row_of(&self, row: u32) -> &[f32] {
        &self.vectors[row as usize * self.dimensions..][..self.dimensions]
    }
}

/// Adds a vector, so many times.
pub fn add(sum: &mut [f32], vector: &[f32], times: f32) {
    sum.iter_mut().zip(vector).for_each(|(s, v)| *s += v * times);
}

/// The cosine of two vectors of length 1.
#[must_use]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Sums side by side: one sum alone would have to wait for itself.
    let mut sums = [0.0_f32; LANES];
    let (mut left, mut right) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (x, y) in left.by_ref().zip(right.by_ref()) {
        sums.iter_mut().zip(x.iter().zip(y)).for_each(|(sum, (x, y))| *sum += x * y);
    }
    let rest: f32 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

/// Gives a vector length 1; one of length 0 stays.
pub fn unit(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > f32::MIN_POSITIVE {
        vector.iter_mut().for_each(|v| *v /= length);
    }
}

/// The main directions of the rows' space, as one short row for each of `terms`, and how many there are.
fn directions(rows: &[Counts], terms: usize, wanted: usize) -> (Vec<f32>, usize) {
    let width = (wanted + SPARE).min(rows.len()).min(terms);
    let mut basis = Basis { numbers: noise(terms * width), width };
    for _ in 0..ROUNDS {
        basis = basis.through(rows).back_through(rows, terms).orthonormal();
    }
    let seen = basis.through(rows);
    let (order, _) = seen.main_axes();
    let kept = wanted.min(order.ncols());
    (basis.turned(&order, kept), kept)
}

/// Numbers between −½ and ½ that only look drawn by chance (xorshift).
fn noise(count: usize) -> Vec<f32> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// A tall matrix, row by row.
struct Basis {
    numbers: Vec<f32>,
    width: usize,
}

impl Basis {
    fn row(&self, number: usize) -> &[f32] {
        &self.numbers[number * self.width..][..self.width]
    }

    /// The rows' matrix times this.
    fn through(&self, rows: &[Counts]) -> Self {
        let mut numbers = vec![0.0; rows.len() * self.width];
        for (out, row) in numbers.chunks_exact_mut(self.width).zip(rows) {
            row.iter().for_each(|(term, weight)| add(out, self.row(*term as usize), *weight));
        }
        Self { numbers, width: self.width }
    }

    /// The rows' matrix turned over, times this.
    fn back_through(&self, rows: &[Counts], terms: usize) -> Self {
        let mut numbers = vec![0.0; terms * self.width];
        for (number, row) in rows.iter().enumerate() {
            for (term, weight) in row {
                add(&mut numbers[*term as usize * self.width..][..self.width], self.row(number), *weight);
            }
        }
        Self { numbers, width: self.width }
    }

    /// Axes of this matrix's columns, the main ones first, and their squared lengths; without those that are noise.
    fn main_axes(&self) -> (Mat<f64>, Vec<f64>) {
        let height = self.numbers.len() / self.width;
        let tall = Mat::<f64>::from_fn(height, self.width, |i, j| f64::from(self.row(i)[j]));
        let products = tall.transpose() * &tall;
        // A symmetric matrix of finite numbers has them; one that is not finite has no axes.
        let Ok(found) = products.self_adjoint_eigen(Side::Lower) else {
            return (Mat::zeros(self.width, 0), Vec::new());
        };
        let (axes, lengths) = (found.U(), found.S());
        let rising: Vec<f64> = (0..self.width).map(|i| lengths[i]).collect();
        let most = rising.last().copied().unwrap_or_default();
        let kept = rising.iter().rev().take_while(|l| **l > most * NOISE).count();
        let last = self.width - 1;
        let axes = Mat::from_fn(self.width, kept, |i, j| axes[(i, last - j)]);
        (axes, rising.into_iter().rev().take(kept).collect())
    }

    /// Columns of the same space at right angles to each other, of length 1.
    fn orthonormal(&self) -> Self {
        let (axes, lengths) = self.main_axes();
        let scaled = Mat::from_fn(axes.nrows(), axes.ncols(), |i, j| axes[(i, j)] / lengths[j].sqrt());
        let width = scaled.ncols();
        Self { numbers: self.turned(&scaled, width), width }
    }

    /// This times the first columns of a small matrix.
    fn turned(&self, by: &Mat<f64>, columns: usize) -> Vec<f32> {
        let height = self.numbers.len() / self.width.max(1);
        let tall = Mat::<f64>::from_fn(height, self.width, |i, j| f64::from(self.row(i)[j]));
        let product = &tall * by.get(.., ..columns);
        (0..height).flat_map(|i| (0..columns).map(move |j| (i, j))).map(|at| product[at] as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two subjects that share no term but the last; 0–3 are of one, 4–7 of the other.
    fn two_subjects() -> Vec<Counts> {
        (0..40u32)
            .map(|i| {
                let first = if i % 2 == 0 { 0 } else { 4 };
                let mut counts: Counts =
                    (first..first + 4).filter(|t| (t + i / 2) % 4 != 0).map(|t| (t, 1.0)).collect();
                counts.push((8, 1.0));
                counts
            })
            .collect()
    }

    #[test]
    fn terms_of_one_subject_lie_near_each_other_though_they_never_meet() {
        let meaning = Meaning::of(&two_subjects(), 9, 2);
        let of = |term| meaning.vector(&vec![(term, 1.0)]);
        assert!(dot(&of(0), &of(3)) > 0.9, "{:?} {:?}", of(0), of(3));
        assert!(dot(&of(0), &of(5)).abs() < 0.3, "{:?} {:?}", of(0), of(5));
    }

    #[test]
    fn it_is_the_same_every_time_and_known_terms_alone_count() {
        let (a, b) = (Meaning::of(&two_subjects(), 12, 2), Meaning::of(&two_subjects(), 12, 2));
        assert_eq!(a.vectors, b.vectors);
        assert_eq!(a.vector(&vec![(11, 1.0)]), [0.0, 0.0], "a term of no document");
        assert_eq!(a.vector(&vec![(1, 2.0), (11, 5.0)]), a.vector(&vec![(1, 2.0)]));
    }

    #[test]
    fn few_documents_teach_few_directions() {
        assert_eq!(Meaning::of(&[], 0, 300).dimensions(), 0);
        assert_eq!(Meaning::of(&[vec![(0, 1.0)]], 1, 300).dimensions(), 0, "a term that stands once is not learned");
        let same = vec![vec![(0, 1.0), (1, 1.0)]; 5];
        let meaning = Meaning::of(&same, 2, 300);
        assert_eq!(meaning.dimensions(), 1);
        assert!(meaning.vector(&same[0]).iter().all(|v| v.is_finite()));
    }
}
