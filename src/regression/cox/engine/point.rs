//! The likelihood at one point.

use ndarray::Array2;
use std::borrow::Cow;

use super::ordered::Ordered;
use super::penalty::Pull;
use super::rows::RowsPass;
use super::ties::Ties;
use super::times::TimesPass;
use crate::linalg::Ldl;

/// The likelihood and its derivatives at one point, in the scaled columns, and what a penalty adds.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) beta: Vec<f64>,
    pub(crate) times: TimesPass,
    pub(crate) score: Vec<f64>,
    pub(crate) information: Array2<f64>,
    moment: Vec<f64>,
    /// Whether columns had to be centred in blocks of event times.
    pub(crate) recentred: bool,
    pub(crate) pull: Pull,
}

/// A column whose information is below this fraction of its second moment times the tolerance of a
/// pivot is constant within every risk set: what is left there are the roundings of a difference.
const CONSTANT: f64 = 0.01;

impl Point {
    /// Both passes at `beta`; `None` where the likelihood or a derivative is not finite.
    pub(crate) fn new(ordered: &Ordered, ties: Ties, beta: Vec<f64>) -> Option<Self> {
        let times = TimesPass::new(ordered, ties, &beta)?;
        Self::of(ordered, ties, beta, times)
    }

    /// The second pass; `None` where a derivative is not finite.
    pub(super) fn of(
        ordered: &Ordered,
        ties: Ties,
        beta: Vec<f64>,
        times: TimesPass,
    ) -> Option<Self> {
        let RowsPass { score, information, moment, recentred } =
            RowsPass::new(ordered, ties, &beta, &times);
        let finite = score.iter().chain(&information).all(|derivative| derivative.is_finite());
        let pull = Pull::default();
        finite.then_some(Self { beta, times, score, information, moment, recentred, pull })
    }

    /// The diagonal that pivots of the information are held against.
    fn own_diagonal(&self) -> Vec<f64> {
        let both = self.information.diag().into_iter().zip(&self.moment);
        both.map(|(information, moment)| information.max(CONSTANT * moment)).collect()
    }

    /// Factors of the information without a penalty.
    pub(crate) fn own_factors(&self) -> Ldl {
        let all = vec![true; self.beta.len()];
        Ldl::against(&self.own_diagonal(), &self.information, &all)
    }

    /// The diagonal that pivots are held against.
    pub(crate) fn diagonal(&self) -> Vec<f64> {
        let mut diagonal = self.own_diagonal();
        diagonal.iter_mut().zip(&self.pull.curvature).for_each(|(own, more)| *own += more);
        diagonal
    }

    /// Factors of the information, by which a column has a rank of its own or not.
    pub(crate) fn rank(&self) -> Ldl {
        let all = vec![true; self.beta.len()];
        Ldl::against(&self.diagonal(), &self.curvature(), &all)
    }

    pub(crate) fn log_likelihood(&self) -> f64 {
        self.times.log_likelihood
    }

    /// What is maximised: the log-likelihood with its penalty.
    pub(crate) fn objective(&self) -> f64 {
        self.times.log_likelihood + self.pull.value
    }

    /// The gradient of the objective.
    pub(crate) fn slope(&self) -> Vec<f64> {
        let mut slope = self.score.clone();
        slope.iter_mut().zip(&self.pull.gradient).for_each(|(own, more)| *own += more);
        slope
    }

    /// The information with the curvature of the penalty, where that is a diagonal.
    pub(crate) fn curvature(&self) -> Cow<'_, Array2<f64>> {
        if self.pull.curvature.is_empty() {
            return Cow::Borrowed(&self.information);
        }
        let mut sum = self.information.clone();
        sum.diag_mut().iter_mut().zip(&self.pull.curvature).for_each(|(own, more)| *own += more);
        Cow::Owned(sum)
    }
}
