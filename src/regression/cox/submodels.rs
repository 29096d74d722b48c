//! The models that a fit contains, on its own rows: some of its columns dropped. What is tested is
//! whether columns are needed.

#![expect(
    clippy::indexing_slicing,
    reason = "a column is one of the fit, and those kept come before those tested"
)]

use ndarray::Array2;
use std::rc::Rc;

use super::engine::{Maximum, Point};
use super::fit::{Coefficient, CoefficientStatus, CoxFit};
use super::problem::Problem;
use super::robust;
use crate::data::{Design, Rows};
use crate::error::Result;
use crate::linalg::Ldl;
use crate::statistic::{TestKind, TestResult};

/// Why columns have no test of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotTested {
    /// The other columns say all that they say.
    Aliased,
    /// A coefficient is infinite.
    Infinite,
    /// The variance is robust.
    Robust,
    /// The variance is singular, or the statistic is no number.
    Singular,
}

type Test = Result<TestResult, NotTested>;

/// The columns of a design in three parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Split {
    /// Columns of both models.
    pub(crate) kept: Vec<usize>,
    /// Columns of the larger model only.
    pub(crate) tested: Vec<usize>,
    /// Columns of neither.
    pub(crate) absent: Vec<usize>,
}

impl Split {
    /// The tested columns and those absent; all others are kept.
    pub(crate) fn new(n: usize, tested: Vec<usize>, absent: Vec<usize>) -> Self {
        let kept = (0..n).filter(|j| !tested.contains(j) && !absent.contains(j)).collect();
        Self { kept, tested, absent }
    }

    /// Kept columns first, then those tested.
    fn larger(&self) -> Vec<usize> {
        [self.kept.as_slice(), &self.tested].concat()
    }

    fn dropped(&self, n: usize, tested: bool) -> Vec<bool> {
        let dropped = |j: &usize| self.absent.contains(j) || tested && self.tested.contains(j);
        (0..n).map(|j| dropped(&j)).collect()
    }
}

/// The rows of a fit once more, and what has been found so far.
#[derive(Debug)]
pub(crate) struct Submodels<'a> {
    fit: &'a CoxFit,
    rows: &'a Rows,
    problem: Problem,
    /// The log-likelihoods without some columns.
    found: Vec<(Vec<bool>, f64)>,
    /// The last maximum, of as many numbers as there are columns × columns.
    last: Option<(Vec<bool>, Maximum)>,
    /// The last order of columns, with its factors.
    ranked: Option<(Vec<usize>, Rc<Ldl>)>,
    /// Columns that are not aliased in the order of the design.
    natural: Option<Vec<bool>>,
}

impl CoxFit {
    /// The models that this one contains.
    ///
    /// # Errors
    /// Those of [`evaluate`](Self::evaluate), [`Error::Unsupported`](crate::Error::Unsupported) for a
    /// penalised fit, and those of the maximisations later.
    pub(crate) fn submodels<'a>(
        &'a self,
        rows: &'a Rows,
        design: &Design,
    ) -> Result<Submodels<'a>> {
        self.without_penalty("a test of terms in a penalised fit")?;
        self.same_columns(rows, design)?;
        let problem = Problem::new(self.model(), rows, design)?;
        let point = problem.point(self.position(), "the estimate")?;
        self.same_likelihood(point.log_likelihood())?;
        let found = Vec::new();
        Ok(Submodels { fit: self, rows, problem, found, last: None, ranked: None, natural: None })
    }
}

impl Submodels<'_> {
    /// The maximum without some columns, from the estimate of the fit.
    fn maximum(&mut self, dropped: &[bool]) -> Result<&Maximum> {
        let maximum = match self.last.take() {
            Some((known, maximum)) if known == dropped => maximum,
            _ => {
                let kept = self.fit.position().iter().zip(dropped);
                let start: Vec<f64> = kept.map(|(&b, &d)| if d { 0.0 } else { b }).collect();
                let start = self.problem.point(&start, "the estimate without some columns")?;
                self.problem.maximise_holding(start, dropped)?
            }
        };
        Ok(&self.last.insert((dropped.to_vec(), maximum)).1)
    }

    /// The log-likelihood at the maximum without some columns.
    pub(crate) fn log_likelihood(&mut self, dropped: &[bool]) -> Result<f64> {
        if !dropped.contains(&true) {
            return Ok(self.fit.log_likelihood());
        }
        if let Some((_, known)) = self.found.iter().find(|(known, _)| known == dropped) {
            return Ok(*known);
        }
        let found = self.maximum(dropped)?.point.log_likelihood();
        self.found.push((dropped.to_vec(), found));
        Ok(found)
    }

    /// The rank that the columns tested add to those kept.
    pub(crate) fn rank(&mut self, split: &Split) -> usize {
        self.rank_of(split.larger()).rank_from(split.kept.len())
    }

    /// Factors of the information with all coefficients 0, over columns in the order given.
    fn rank_of(&mut self, columns: Vec<usize>) -> Rc<Ldl> {
        let ldl = match self.ranked.take() {
            Some((known, ldl)) if known == columns => ldl,
            _ => {
                let null = &self.problem.null;
                Rc::new(factor(&null.diagonal(), &null.information, &columns))
            }
        };
        self.ranked = Some((columns, ldl.clone()));
        ldl
    }

    /// Twice the difference of the log-likelihoods with and without the columns tested.
    pub(crate) fn likelihood_ratio(&mut self, split: &Split) -> Result<Test> {
        let n = self.problem.ordered.n_columns();
        let df = self.rank(split);
        if df == 0 || self.fit.is_robust() {
            return Ok(Err(if df == 0 { NotTested::Aliased } else { NotTested::Robust }));
        }
        let larger = self.log_likelihood(&split.dropped(n, false))?;
        let smaller = self.log_likelihood(&split.dropped(n, true))?;
        Ok(chi_square(TestKind::LikelihoodRatio, 2.0 * (larger - smaller), df))
    }

    /// The score test of adding the columns tested to the model of those kept, at its maximum; with
    /// the sandwich variance where that of the fit is.
    ///
    /// With A = (−I_to I_oo⁻¹, 1) the efficient score is A U; its variance is A I Aᵀ, or A J Aᵀ.
    pub(crate) fn score(&mut self, split: &Split) -> Result<Test> {
        if self.rank(split) == 0 {
            return Ok(Err(NotTested::Aliased));
        }
        let dropped = split.dropped(self.problem.ordered.n_columns(), true);
        let point = self.maximum(&dropped)?.point.clone();
        let (columns, first) = (split.larger(), split.kept.len());
        let ldl = factor(&self.problem.null.diagonal(), &point.information, &columns);
        let (score, rank) = (pick(&point.score, &columns), ldl.rank_from(first));
        if rank == 0 {
            return Ok(Err(NotTested::Infinite));
        }
        if !self.fit.is_robust() {
            return Ok(chi_square(TestKind::Score, ldl.quadratic_form_from(first, &score), rank));
        }
        let variance = efficient(&ldl, &block(&self.meat(&point), &columns));
        let efficient = ldl.forward(&score);
        let mut live = ldl.live();
        live[..first].fill(false);
        let sandwich = Ldl::among(&variance, &live);
        Ok(match sandwich.rank() == rank {
            true => chi_square(TestKind::RobustScore, sandwich.quadratic_form(&efficient), rank),
            false => Err(NotTested::Singular),
        })
    }

    fn meat(&self, point: &Point) -> Array2<f64> {
        let Problem { ordered, control, .. } = &self.problem;
        robust::meat_of_scores(self.rows, ordered, control.ties, &point.times)
    }

    /// Wald's test, by the variance of the fit, that the larger of two models needs the columns tested.
    /// Where columns are absent from both it is what the test of all these has above the test of the
    /// absent ones.
    pub(crate) fn wald(&mut self, split: &Split) -> Test {
        let columns = [split.larger().as_slice(), &split.absent].concat();
        let rank = self.rank_of(columns.clone());
        let (from, to) = (split.kept.len(), split.kept.len() + split.tested.len());
        let live = |range: std::ops::Range<usize>| {
            range.filter(|&k| rank.has(k)).map(|k| columns[k]).collect::<Vec<usize>>()
        };
        let (all, tested, absent) =
            (live(0..columns.len()), live(from..to), live(to..columns.len()));
        if tested.is_empty() {
            return Err(NotTested::Aliased);
        }
        let (estimate, variance) = self.in_terms_of(&all)?;
        // Those absent first: what is tested is judged by what it adds.
        let order = [absent.as_slice(), &tested].concat();
        if order.iter().any(|&j| is_infinite(&self.fit.coefficients()[j])) {
            return Err(NotTested::Infinite);
        }
        let ldl = Ldl::new(&block(&variance, &order));
        match ldl.rank() == order.len() {
            true => {
                let statistic = ldl.quadratic_form_from(absent.len(), &pick(&estimate, &order));
                chi_square(TestKind::Wald, statistic, tested.len())
            }
            false if self.any_infinite() => Err(NotTested::Infinite),
            false => Err(NotTested::Singular),
        }
    }

    fn any_infinite(&self) -> bool {
        self.fit.coefficients().iter().any(is_infinite)
    }

    /// Estimate and variance when `live` are the columns that are not aliased. The fit leaves the last
    /// of dependent columns out; where other ones are, what is left out is spread over these.
    fn in_terms_of(&mut self, live: &[usize]) -> Result<(Vec<f64>, Array2<f64>), NotTested> {
        let n = self.problem.ordered.n_columns();
        let (beta, vcov) = (self.fit.position(), self.fit.vcov());
        let null = &self.problem.null;
        let natural = self.natural.get_or_insert_with(|| {
            Ldl::against(&null.diagonal(), &null.information, &vec![true; n]).live()
        });
        let mut absent = vec![true; n];
        live.iter().for_each(|&j| absent[j] = false);
        let moved: Vec<usize> = (0..n).filter(|&j| natural[j] && absent[j]).collect();
        if moved.is_empty() {
            return Ok((beta.to_vec(), vcov.to_owned()));
        }
        if self.any_infinite() {
            return Err(NotTested::Infinite);
        }
        let (information, scale) = (&self.problem.null.information, &self.problem.ordered.scale);
        let ldl = factor(&self.problem.null.diagonal(), information, live);
        let mut map = Array2::eye(n);
        for &j in &moved {
            map[[j, j]] = 0.0;
            let of = ldl.solve(&pick(&information.column(j).to_vec(), live));
            for (&k, weight) in live.iter().zip(of) {
                map[[k, j]] = weight * scale[j] / scale[k];
            }
        }
        let beta = map.dot(&ndarray::ArrayView1::from(beta));
        Ok((beta.to_vec(), map.dot(&vcov).dot(&map.t())))
    }
}

fn is_infinite(coefficient: &Coefficient) -> bool {
    let status = &coefficient.status;
    matches!(status, CoefficientStatus::PlusInfinity | CoefficientStatus::MinusInfinity)
}

/// A statistic that is a number, as a test.
fn chi_square(kind: TestKind, statistic: f64, df: usize) -> Test {
    let test = TestResult::chi_square(kind, statistic, df);
    let whole = statistic.is_finite() && test.ln_p_value.is_finite();
    if whole { Ok(test) } else { Err(NotTested::Singular) }
}

fn pick(values: &[f64], columns: &[usize]) -> Vec<f64> {
    columns.iter().map(|&j| values[j]).collect()
}

fn block(matrix: &Array2<f64>, columns: &[usize]) -> Array2<f64> {
    let n = columns.len();
    Array2::from_shape_fn((n, n), |(i, j)| matrix[[columns[i], columns[j]]])
}

fn factor(diagonal: &[f64], matrix: &Array2<f64>, columns: &[usize]) -> Ldl {
    let all = vec![true; columns.len()];
    Ldl::against(&pick(diagonal, columns), &block(matrix, columns), &all)
}

/// L⁻¹ M L⁻ᵀ.
fn efficient(ldl: &Ldl, matrix: &Array2<f64>) -> Array2<f64> {
    let half = |matrix: &Array2<f64>| {
        let mut result = Array2::zeros(matrix.dim());
        for (mut to, from) in result.columns_mut().into_iter().zip(matrix.columns()) {
            to.assign(&ndarray::Array1::from(ldl.forward(&from.to_vec())));
        }
        result
    };
    half(&half(matrix).reversed_axes())
}
