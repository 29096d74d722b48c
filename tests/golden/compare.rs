//! Comparison with R: bounds, messages, and the count of what was compared.

use std::collections::BTreeMap;
use std::fmt::Write;

/// How near a number must come to R's, relative to its scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Counts: equal.
    Count,
    /// Sums of fractional weights.
    WeightedCount,
    /// Curves, their standard errors and limits, and what is read off them.
    Curve,
    /// Coefficients, variances, log-likelihoods and test statistics.
    Likelihood,
    /// p-values.
    PValue,
}

impl Bound {
    fn relative(self) -> f64 {
        match self {
            Self::Count => 0.0,
            Self::WeightedCount => 1e-13,
            Self::Curve => 1e-12,
            Self::Likelihood => 1e-9,
            Self::PValue => 1e-8,
        }
    }
}

/// The worst relative difference under one bound.
#[derive(Default)]
struct Worst {
    comparisons: usize,
    relative: f64,
    place: String,
}

/// Collects the comparisons of a family of cases.
pub struct Comparison {
    case: String,
    in_case: usize,
    worst: BTreeMap<Bound, Worst>,
    failures: Vec<String>,
}

impl Comparison {
    pub fn new() -> Self {
        Self { case: String::new(), in_case: 0, worst: BTreeMap::new(), failures: Vec::new() }
    }

    /// What follows belongs to this case.
    pub fn begin(&mut self, case: &str) {
        (self.case, self.in_case) = (case.to_owned(), 0);
    }

    /// A case must have compared something.
    pub fn end(&self) {
        assert!(self.in_case > 0, "{}: nothing was compared", self.case);
    }

    /// Relative to R's value.
    pub fn value(&mut self, bound: Bound, what: &str, ours: f64, theirs: f64) {
        self.scaled(bound, what, ours, theirs, theirs.abs());
    }

    /// Relative to the natural scale of the quantity.
    pub fn scaled(&mut self, bound: Bound, what: &str, ours: f64, theirs: f64, scale: f64) {
        let difference = (ours - theirs).abs();
        let relative = if difference == 0.0 { 0.0 } else { difference / scale };
        self.in_case += 1;
        let worst = self.worst.entry(bound).or_default();
        worst.comparisons += 1;
        if relative > worst.relative {
            (worst.relative, worst.place) = (relative, format!("{} {what}", self.case));
        }
        // A difference that is not a number is not within the bound either.
        if !(relative <= bound.relative()) {
            self.fail(format!("{what}: ours {ours:e}, R {theirs:e}, relative {relative:.2e}"));
        }
    }

    /// Both absent, or both there and near.
    pub fn optional(&mut self, bound: Bound, what: &str, ours: Option<f64>, theirs: Option<f64>) {
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => self.value(bound, what, ours, theirs),
            _ => self.same(what, &ours, &theirs),
        }
    }

    /// Equal, where there is no number to compare.
    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, ours: &T, theirs: &T) {
        self.in_case += 1;
        self.worst.entry(Bound::Count).or_default().comparisons += 1;
        if ours != theirs {
            self.fail(format!("{what}: ours {ours:?}, R {theirs:?}"));
        }
    }

    pub fn column(&mut self, bound: Bound, what: &str, ours: &[f64], theirs: &[f64]) {
        self.same(&format!("{what} length"), &ours.len(), &theirs.len());
        for (k, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            self.value(bound, &format!("{what}[{k}]"), *ours, *theirs);
        }
    }

    fn fail(&mut self, message: String) {
        self.failures.push(format!("{}: {message}", self.case));
    }

    /// Panics with what differs; otherwise prints how near the family came.
    pub fn finish(self, family: &str, n_cases: usize) {
        let mut summary = format!("{family}: {n_cases} cases");
        for (bound, Worst { comparisons, relative, place }) in &self.worst {
            write!(summary, "\n  {bound:?}: {comparisons} values, worst {relative:.1e} {place}")
                .unwrap();
        }
        println!("{summary}");
        let n = self.failures.len();
        let shown: Vec<&str> = self.failures.iter().map(String::as_str).take(SHOWN).collect();
        assert!(n == 0, "{n} values differ from R, the first are\n{}\n{summary}", shown.join("\n"));
    }
}

/// How many differences a message spells out.
const SHOWN: usize = 40;
