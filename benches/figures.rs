//! The table of figures.

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// Nobody set one.
    None,
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
}

impl Target {
    fn met(self, value: f64) -> &'static str {
        let met = match self {
            Self::None => return "",
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        };
        if met { "met" } else { "**missed**" }
    }
}

/// The printed table: each figure with a baseline of the same run, the ratio, and its target.
#[derive(Debug)]
pub struct Figures(());

/// A number with as many digits as it deserves.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 1_000.0 => {
            let digits = format!("{value:.0}");
            let (mut out, first) = (String::new(), digits.len() % 3);
            for (i, c) in digits.chars().enumerate() {
                if i > 0 && i % 3 == first {
                    out.push(',');
                }
                out.push(c);
            }
            out
        }
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

impl Figures {
    /// Prints the head of the table.
    #[must_use]
    pub fn begin() -> Self {
        println!("\n| what | figure | baseline | ratio | target | |\n|---|---:|---:|---:|---:|---|");
        Self(())
    }

    /// Prints a figure. `baseline` is in the same unit, with what it is of.
    pub fn add(&self, what: &str, value: f64, unit: &str, baseline: Option<(f64, &str)>, target: Target) {
        let (base, ratio) = match baseline {
            Some((base, of)) => (format!("{} {unit} ({of})", number(base)), format!("{:.2}×", value / base)),
            None => (String::new(), String::new()),
        };
        let wanted = match target {
            Target::None => String::new(),
            Target::AtMost(most) => format!("≤ {} {unit}", number(most)),
            Target::AtLeast(least) => format!("≥ {} {unit}", number(least)),
        };
        println!("| {what} | {} {unit} | {base} | {ratio} | {wanted} | {} |", number(value), target.met(value));
    }

    /// Prints a line for what could not be measured here.
    pub fn skipped(&self, what: &str, why: &str) {
        println!("| {what} | skipped: {why} | | | | |");
    }
}

/// Times of single requests, in milliseconds.
#[derive(Debug, Clone)]
pub struct Times(Vec<f64>);

impl Times {
    /// From times in any order; at least one.
    #[must_use]
    pub fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// Times some work for each of the inputs, in order.
    ///
    /// # Errors
    /// Those of the work.
    pub fn of<T>(inputs: &[T], mut work: impl FnMut(&T) -> crate::Done) -> crate::Done<Self> {
        let mut times = Vec::with_capacity(inputs.len());
        for input in inputs {
            let (seconds, ()) = crate::timed(|| work(input))?;
            times.push(seconds * 1e3);
        }
        Ok(Self::new(times))
    }

    /// The median over rounds of what is told of each.
    #[must_use]
    pub fn median(rounds: &[Self], of: fn(&Self) -> f64) -> f64 {
        Self::new(rounds.iter().map(of).collect()).p50()
    }

    /// The time below which this part of all is.
    #[must_use]
    pub fn quantile(&self, part: f64) -> f64 {
        let place = ((self.0.len() as f64 * part).ceil() as usize).clamp(1, self.0.len());
        self.0[place - 1]
    }

    /// The median.
    #[must_use]
    pub fn p50(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The time that one in a hundred exceeds.
    #[must_use]
    pub fn p99(&self) -> f64 {
        self.quantile(0.99)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
