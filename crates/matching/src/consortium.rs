//! Sets of offers that together cover what none covers alone: weighted set cover.
//!
//! Up to [`EXACT_MUSTS`] musts the lightest sets are found exactly by branch and bound, as long as
//! that takes no more than [`MOST_NODES`] steps. Beyond that one set is found greedily; it weighs at
//! most H(n) = 1 + 1/2 + … + 1/n times the lightest, n being the most musts one offer covers
//! (Chvátal 1979).

use std::cmp::Reverse;

/// The most musts for which the exact search is tried: one bit each.
pub const EXACT_MUSTS: usize = 64;
/// The most steps of the exact search, so that it always ends soon and in the same place.
pub const MOST_NODES: usize = 200_000;

/// An offer that may join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What having it costs; a set is the better the less it weighs.
    pub weight: u32,
    /// The musts it meets, by number.
    pub meets: Vec<usize>,
}

/// Who of a set covers what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The candidate's number.
    pub candidate: usize,
    /// The musts it meets.
    pub meets: Vec<usize>,
    /// Those of them that nobody else of the set meets: why it is needed.
    pub alone: Vec<usize>,
}

/// Candidates that together meet all musts that can be met; none of them could be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consortium {
    /// By number of musts they meet alone, most first.
    pub members: Vec<Member>,
    /// The sum of their weights.
    pub weight: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Consortia {
    /// The lightest first.
    pub sets: Vec<Consortium>,
    /// Musts that no candidate meets.
    pub missing: Vec<usize>,
    /// How many times the lightest set the first one weighs at most; 1 where it is the lightest.
    pub within: f64,
}

/// The lightest sets of candidates that together meet `musts` musts, `most` of them where the
/// search is exact and one where it is greedy.
#[must_use]
pub fn consortia(musts: usize, candidates: &[Candidate], most: usize) -> Consortia {
    let covers = Covers::new(musts, candidates);
    let missing = covers.missing();
    if most == 0 || missing.len() == musts {
        return Consortia { sets: Vec::new(), missing, within: 1.0 };
    }
    let greedy = covers.greedy();
    let exact = if musts <= EXACT_MUSTS { Search::new(&covers, most, &greedy).run() } else { None };
    let (sets, within) = match exact {
        Some(sets) => (sets, 1.0),
        None => (vec![greedy], covers.greedy_bound()),
    };
    Consortia { sets: sets.iter().map(|s| covers.consortium(s)).collect(), missing, within }
}

/// Each candidate's musts, in order and once.
struct Covers<'a> {
    candidates: &'a [Candidate],
    meets: Vec<Vec<usize>>,
    musts: usize,
}

impl<'a> Covers<'a> {
    fn new(musts: usize, candidates: &'a [Candidate]) -> Self {
        let clean = |c: &Candidate| {
            let mut meets: Vec<usize> = c.meets.iter().copied().filter(|m| *m < musts).collect();
            meets.sort_unstable();
            meets.dedup();
            meets
        };
        Self { candidates, meets: candidates.iter().map(clean).collect(), musts }
    }

    fn missing(&self) -> Vec<usize> {
        let mut met = vec![false; self.musts];
        self.meets.iter().flatten().for_each(|m| met[*m] = true);
        (0..self.musts).filter(|m| !met[*m]).collect()
    }

    fn weight(&self, set: &[usize]) -> u64 {
        set.iter().map(|c| u64::from(self.candidates[*c].weight)).sum()
    }

    /// Takes again and again whoever covers most of what is open for its weight, then leaves out
    /// whoever is no longer needed, the heaviest first.
    fn greedy(&self) -> Vec<usize> {
        let mut open = vec![true; self.musts];
        let mut set = Vec::new();
        loop {
            let gain = |c: usize| self.meets[c].iter().filter(|m| open[**m]).count() as u64;
            // a/b < c/d without dividing.
            let best = (0..self.meets.len()).map(|c| (c, gain(c))).filter(|(_, g)| *g > 0).min_by(|a, b| {
                let weight = |c: usize| u64::from(self.candidates[c].weight);
                (weight(a.0) * b.1).cmp(&(weight(b.0) * a.1)).then(b.1.cmp(&a.1)).then(a.0.cmp(&b.0))
            });
            let Some((chosen, _)) = best else { break };
            self.meets[chosen].iter().for_each(|m| open[*m] = false);
            set.push(chosen);
        }
        self.thinned(set)
    }

    fn thinned(&self, mut set: Vec<usize>) -> Vec<usize> {
        let mut times = vec![0_usize; self.musts];
        set.iter().flat_map(|c| &self.meets[*c]).for_each(|m| times[*m] += 1);
        let mut order = set.clone();
        order.sort_by_key(|c| (Reverse(self.candidates[*c].weight), *c));
        for c in order {
            if self.meets[c].iter().all(|m| times[*m] > 1) {
                self.meets[c].iter().for_each(|m| times[*m] -= 1);
                set.retain(|held| *held != c);
            }
        }
        set.sort_unstable();
        set
    }

    fn greedy_bound(&self) -> f64 {
        let n = self.meets.iter().map(Vec::len).max().unwrap_or(0);
        (1..=n).map(|k| 1.0 / k as f64).sum()
    }

    fn consortium(&self, set: &[usize]) -> Consortium {
        let mut times = vec![0_usize; self.musts];
        set.iter().flat_map(|c| &self.meets[*c]).for_each(|m| times[*m] += 1);
        let member = |c: &usize| Member {
            candidate: *c,
            meets: self.meets[*c].clone(),
            alone: self.meets[*c].iter().copied().filter(|m| times[*m] == 1).collect(),
        };
        let mut members: Vec<Member> = set.iter().map(member).collect();
        members.sort_by_key(|m| (Reverse(m.alone.len()), Reverse(m.meets.len()), m.candidate));
        Consortium { members, weight: self.weight(set) }
    }
}

/// Fixed point of the lower bound: weights are shared out among the musts they pay for.
const SHARE: u32 = 16;

/// The exact search. It always branches on the open must that fewest candidates meet; a branch
/// leaves out those tried in the branches before it, so no set is seen twice.
struct Search<'a> {
    covers: &'a Covers<'a>,
    masks: Vec<u64>,
    most: usize,
    nodes: usize,
    best: Vec<(u64, Vec<usize>)>,
    /// The weight of a set known beforehand: what weighs more need not be looked at for the first place.
    known: u64,
}

impl<'a> Search<'a> {
    fn new(covers: &'a Covers<'a>, most: usize, greedy: &[usize]) -> Self {
        let masks = covers.meets.iter().map(|m| m.iter().fold(0, |mask, m| mask | 1_u64 << m)).collect();
        Self { covers, masks, most, nodes: 0, best: Vec::new(), known: covers.weight(greedy) }
    }

    /// `None` where it takes too long.
    fn run(mut self) -> Option<Vec<Vec<usize>>> {
        let all = self.masks.iter().fold(0, |all, mask| all | mask);
        let allowed: Vec<usize> = (0..self.masks.len()).filter(|c| self.masks[*c] != 0).collect();
        let done = self.branch(all, &mut Vec::new(), 0, &allowed);
        done.then(|| self.best.into_iter().map(|(_, set)| set).collect())
    }

    /// What a set must weigh less than to be worth finding.
    fn limit(&self) -> u64 {
        match self.best.get(self.most - 1) {
            Some((worst, _)) => *worst,
            None if self.most == 1 => self.known + 1,
            None => u64::MAX,
        }
    }

    fn branch(&mut self, open: u64, set: &mut Vec<usize>, weight: u64, allowed: &[usize]) -> bool {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return false;
        }
        if open == 0 {
            self.keep(set, weight);
            return true;
        }
        let Some((rarest, at_least)) = self.bound(open, allowed) else { return true };
        if weight.saturating_add(at_least) >= self.limit() {
            return true;
        }
        let meets = |c: usize| self.masks[c] >> rarest & 1 == 1;
        let mut tried: Vec<usize> = allowed.iter().copied().filter(|c| meets(*c)).collect();
        tried.sort_by_key(|c| (self.covers.candidates[*c].weight, Reverse((self.masks[*c] & open).count_ones()), *c));
        let mut left = allowed.to_vec();
        for chosen in tried {
            left.retain(|c| *c != chosen);
            set.push(chosen);
            let more = u64::from(self.covers.candidates[chosen].weight);
            let done = self.branch(open & !self.masks[chosen], set, weight + more, &left);
            set.pop();
            if !done {
                return false;
            }
        }
        true
    }

    /// The open must that fewest candidates meet, and what covering all of them weighs at least:
    /// each must pays its smallest share of a candidate. `None` where one cannot be met.
    fn bound(&self, open: u64, allowed: &[usize]) -> Option<(usize, u64)> {
        let mut rarest: Option<(usize, usize)> = None;
        let mut sum = 0_u64;
        let mut rest = open;
        while rest != 0 {
            let must = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let (mut count, mut cheapest) = (0, u64::MAX);
            for c in allowed.iter().filter(|c| self.masks[**c] >> must & 1 == 1) {
                count += 1;
                let shared = u64::from((self.masks[*c] & open).count_ones());
                cheapest = cheapest.min((u64::from(self.covers.candidates[*c].weight) << SHARE) / shared);
            }
            if count == 0 {
                return None;
            }
            sum += cheapest;
            if rarest.is_none_or(|(fewest, _)| count < fewest) {
                rarest = Some((count, must));
            }
        }
        rarest.map(|(_, must)| (must, sum >> SHARE))
    }

    /// Keeps a set of which nobody can be left out.
    fn keep(&mut self, set: &[usize], weight: u64) {
        let needed = |c: &usize| {
            let others = set.iter().filter(|o| *o != c).fold(0, |mask, o| mask | self.masks[*o]);
            self.masks[*c] & !others != 0
        };
        if !set.iter().all(needed) {
            return;
        }
        let mut set = set.to_vec();
        set.sort_unstable();
        let key = (weight, set.len(), set);
        let at = self.best.partition_point(|(w, s)| (*w, s.len(), s) < (key.0, key.1, &key.2));
        self.best.insert(at, (key.0, key.2));
        self.best.truncate(self.most);
    }
}

#[cfg(test)]
mod tests;
