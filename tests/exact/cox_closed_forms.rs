//! Partial likelihoods of three small data sets, written by hand as functions of r = exp(β).
//!
//! The data are those of appendix E of Therneau & Grambsch 2000, *Modeling Survival Data*. Each risk
//! set adds a term −c ln P(r), where P sums the weights of its rows times the power of r that is
//! their covariate.

use riskset::regression::cox::LikelihoodAt;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties, Weights};

use crate::sample::assert_close;

/// −c ln(a₀ + a₁ r + a₂ r²).
pub struct Term {
    c: f64,
    a: [f64; 3],
}

/// A log-likelihood: β times the covariates of the events, and its terms.
pub struct Likelihood {
    slope: f64,
    terms: Vec<Term>,
}

impl Likelihood {
    fn new(slope: f64, terms: &[(f64, [f64; 3])]) -> Self {
        Self { slope, terms: terms.iter().map(|&(c, a)| Term { c, a }).collect() }
    }

    pub fn value(&self, beta: f64) -> f64 {
        self.slope * beta
            - self.terms.iter().map(|term| term.c * term.moment(beta, 0).ln()).sum::<f64>()
    }

    pub fn score(&self, beta: f64) -> f64 {
        let mean = |term: &Term| term.moment(beta, 1) / term.moment(beta, 0);
        self.slope - self.terms.iter().map(|term| term.c * mean(term)).sum::<f64>()
    }

    pub fn information(&self, beta: f64) -> f64 {
        let variance = |term: &Term| {
            let total = term.moment(beta, 0);
            term.moment(beta, 2) / total - (term.moment(beta, 1) / total).powi(2)
        };
        self.terms.iter().map(|term| term.c * variance(term)).sum()
    }
}

impl Term {
    /// Σ xᵏ a_x rˣ.
    fn moment(&self, beta: f64, k: i32) -> f64 {
        let power = |x: i32, a: f64| f64::from(x).powi(k) * a * (f64::from(x) * beta).exp();
        (0..3).zip(self.a).map(|(x, a)| power(x, a)).sum()
    }
}

/// Rows (time, status, x): (1,1,1) (1,0,1) (6,1,1) (6,1,0) (8,0,0) (9,1,0).
pub fn first() -> (RightCensored, Design) {
    let time = [1.0, 1.0, 6.0, 6.0, 8.0, 9.0];
    let event = [true, false, true, true, false, true];
    let design = Design::builder().numeric("x", &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]).build();
    (RightCensored::new(&time, &event).unwrap(), design.unwrap())
}

/// At 1 all six are at risk, at 6 one with x = 1 and three with x = 0, of whom one each die, at 9
/// one. Efron halves the dead in the second of the two steps at 6. Of the six pairs that could have
/// died there three hold the one with x = 1.
pub fn first_likelihood(ties: Ties) -> Likelihood {
    if ties == Ties::ExactPartial {
        return Likelihood::new(2.0, &[(1.0, [3.0, 3.0, 0.0]), (1.0, [3.0, 3.0, 0.0])]);
    }
    let second = if ties == Ties::Efron { [2.5, 0.5, 0.0] } else { [3.0, 1.0, 0.0] };
    Likelihood::new(2.0, &[(1.0, [3.0, 3.0, 0.0]), (1.0, [3.0, 1.0, 0.0]), (1.0, second)])
}

/// Rows (start, stop, event, x).
const SECOND: [(f64, f64, bool, f64); 10] = [
    (1.0, 2.0, true, 1.0),
    (2.0, 3.0, true, 0.0),
    (5.0, 6.0, true, 0.0),
    (2.0, 7.0, true, 1.0),
    (1.0, 8.0, true, 0.0),
    (7.0, 9.0, true, 1.0),
    (3.0, 9.0, true, 1.0),
    (4.0, 9.0, false, 1.0),
    (8.0, 14.0, false, 0.0),
    (8.0, 17.0, false, 0.0),
];

pub fn second() -> (CountingProcess, Design) {
    let column = |of: fn(&(f64, f64, bool, f64)) -> f64| SECOND.iter().map(of).collect::<Vec<_>>();
    let (start, stop, x) = (column(|r| r.0), column(|r| r.1), column(|r| r.3));
    let event: Vec<bool> = SECOND.iter().map(|row| row.2).collect();
    let design = Design::builder().numeric("x", &x).build().unwrap();
    (CountingProcess::new(&start, &stop, &event).unwrap(), design)
}

/// Deaths at 2, 3, 6, 7, 8 and two at 9, both with x = 1. Of the ten pairs of the five at risk at 9
/// three have two with x = 1, six have one.
pub fn second_likelihood(ties: Ties) -> Likelihood {
    let last = if ties == Ties::Efron { [2.0, 2.0, 0.0] } else { [2.0, 3.0, 0.0] };
    let mut terms = vec![
        (1.0, [1.0, 1.0, 0.0]),
        (1.0, [2.0, 1.0, 0.0]),
        (1.0, [2.0, 3.0, 0.0]),
        (1.0, [1.0, 3.0, 0.0]),
        (1.0, [1.0, 3.0, 0.0]),
    ];
    match ties {
        Ties::ExactPartial => terms.push((1.0, [1.0, 6.0, 3.0])),
        _ => terms.extend([(1.0, [2.0, 3.0, 0.0]), (1.0, last)]),
    }
    Likelihood::new(4.0, &terms)
}

/// Rows (time, status, x, weight):
/// (1,1,2,1) (1,0,0,2) (2,1,1,3) (2,1,1,4) (2,1,0,3) (2,0,1,2) (3,0,0,1) (4,1,1,2) (5,0,0,1).
pub fn weighted() -> (RightCensored, Design) {
    let time = [1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 3.0, 4.0, 5.0];
    let event = [1, 0, 1, 1, 1, 0, 0, 1, 0].map(|status| status == 1);
    let x = [2.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0];
    let weights = Weights::case(&[1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0, 2.0, 1.0]).unwrap();
    let data = RightCensored::new(&time, &event).unwrap().with_weights(weights).unwrap();
    (data, Design::builder().numeric("x", &x).build().unwrap())
}

/// At 2 the weights 7 r + 3 die of 11 r + 5. Efron takes them in three steps of weight 10/3, with
/// all, two thirds and one third of the dead.
pub fn weighted_likelihood(ties: Ties) -> Likelihood {
    let mut terms = vec![(1.0, [7.0, 11.0, 1.0]), (2.0, [1.0, 2.0, 0.0])];
    match ties {
        Ties::Efron => {
            let step = |share: f64| (10.0 / 3.0, [2.0 + 3.0 * share, 4.0 + 7.0 * share, 0.0]);
            terms.extend([step(1.0), step(2.0 / 3.0), step(1.0 / 3.0)]);
        }
        _ => terms.push((10.0, [5.0, 11.0, 0.0])),
    }
    Likelihood::new(11.0, &terms)
}

const STEPS: [Ties; 2] = [Ties::Efron, Ties::Breslow];
const ALL: [Ties; 3] = [Ties::Efron, Ties::Breslow, Ties::ExactPartial];

fn assert_agrees(
    all: &[Ties],
    at: impl Fn(&CoxPh, f64) -> LikelihoodAt,
    expected: fn(Ties) -> Likelihood,
) {
    for &ties in all {
        let (model, expected) = (CoxPh::new().ties(ties), expected(ties));
        for beta in [-3.0, -1.0, -0.25, 0.0, 0.5, 1.0, 1.4752849, 2.0, 4.0] {
            let found = at(&model, beta);
            assert_close(found.log_likelihood(), expected.value(beta), 1e-13);
            assert_close(found.score()[0], expected.score(beta), 1e-13);
            assert_close(found.information()[[0, 0]], expected.information(beta), 1e-13);
        }
    }
}

#[test]
fn right_censored_rows() {
    let (data, design) = first();
    let at = |model: &CoxPh, beta| model.likelihood_at(&data, &design, &[beta]).unwrap();
    assert_agrees(&ALL, at, first_likelihood);
}

#[test]
fn counting_process_rows() {
    let (data, design) = second();
    let at = |model: &CoxPh, beta| model.likelihood_at(&data, &design, &[beta]).unwrap();
    assert_agrees(&ALL, at, second_likelihood);
}

#[test]
fn weighted_rows() {
    let (data, design) = weighted();
    let at = |model: &CoxPh, beta| model.likelihood_at(&data, &design, &[beta]).unwrap();
    assert_agrees(&STEPS, at, weighted_likelihood);
}

/// At 0 the first data have fractions throughout: the first Newton step leads to 8/5.
#[test]
fn first_step_lands_on_eight_fifths() {
    let (data, design) = first();
    let at = CoxPh::new().ties(Ties::Breslow).likelihood_at(&data, &design, &[0.0]).unwrap();
    assert_close(at.score()[0], 1.0, 1e-15);
    assert_close(at.information()[[0, 0]], 5.0 / 8.0, 1e-15);
    assert_close(at.score()[0] / at.information()[[0, 0]], 8.0 / 5.0, 1e-15);
}
