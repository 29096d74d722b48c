//! One table of the numbers of the estimators used most; `same_bits_of_the_rest.rs` has the others. The same
//! bits on any number of threads, and under any order of the rows wherever the sums are of whole numbers, or
//! are taken in the order of times of which no two are tied.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use riskset::adjustment::{BalancingWeights, PropensityScores, TargetPopulation};
use riskset::competing::{AalenJohansen, FineGray, GrayTest};
use riskset::data::Cause;
use riskset::ndarray::ArrayView1;
use riskset::regression::cox::CoxFit;
use riskset::validation::{Bootstrap, Concordance, Score};
use riskset::{
    CompetingRisks, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored, Ties,
    Weights,
};

use super::uniform;

const ROWS: usize = 9000;

/// What the estimators are given, in some order of its rows.
pub(super) struct Rows {
    pub time: Vec<f64>,
    pub code: Vec<u32>,
    pub x: Vec<f64>,
    pub z: Vec<f64>,
    pub arm: Vec<u8>,
    pub weight: Vec<f64>,
    /// The place of each row in the first order.
    pub place: Vec<usize>,
}

impl Rows {
    /// Rows at 200 times.
    pub fn tied() -> Self {
        let mut rows = Self::untied();
        rows.time.iter_mut().for_each(|time| *time = time.ceil());
        rows
    }

    /// Rows of which no two have one time.
    pub fn untied() -> Self {
        let mut state = 23;
        let mut column =
            |scale: f64| -> Vec<f64> { (0..ROWS).map(|_| scale * uniform(&mut state)).collect() };
        Self {
            time: column(200.0),
            code: column(3.0).into_iter().map(|u| u as u32).collect(),
            x: column(1.0),
            z: column(10.0),
            arm: column(3.0).into_iter().map(|u| u as u8).collect(),
            weight: column(2.0).into_iter().map(|u| u + 0.1).collect(),
            place: (0..ROWS).collect(),
        }
    }

    fn in_order(&self, order: &[usize]) -> Self {
        fn take<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|&row| column[row]).collect()
        }
        Self {
            time: take(&self.time, order),
            code: take(&self.code, order),
            x: take(&self.x, order),
            z: take(&self.z, order),
            arm: take(&self.arm, order),
            weight: take(&self.weight, order),
            place: take(&self.place, order),
        }
    }

    /// The rows whose place is below `n`, in their order here.
    pub fn first(&self, n: usize) -> Self {
        let rows: Vec<usize> = (0..ROWS).filter(|&row| self.place[row] < n).collect();
        self.in_order(&rows)
    }

    pub fn shuffled(&self, seed: u64) -> Self {
        let (mut order, mut state): (Vec<usize>, _) = ((0..ROWS).collect(), seed);
        for k in (1..ROWS).rev() {
            order.swap(k, (uniform(&mut state) * (k + 1) as f64) as usize);
        }
        self.in_order(&order)
    }

    pub fn data(&self) -> RightCensored {
        let event: Vec<bool> = self.code.iter().map(|&code| code > 0).collect();
        RightCensored::new(&self.time, &event).unwrap()
    }

    pub fn design(&self) -> Design {
        Design::builder().numeric("x", &self.x).numeric("z", &self.z).build().unwrap()
    }

    pub fn groups(&self) -> Groups {
        Groups::new(&self.arm).unwrap()
    }

    /// Numbers of rows, in the first order of the rows.
    pub fn placed(&self, values: &[f64]) -> Vec<f64> {
        let mut placed = vec![0.0; values.len()];
        self.place.iter().zip(values).for_each(|(&place, &value)| placed[place] = value);
        placed
    }
}

fn of_cox(fit: &CoxFit) -> Vec<f64> {
    let estimates = fit.coefficients().iter().map(|c| c.estimate.unwrap());
    estimates.chain(fit.vcov().iter().copied()).chain([fit.log_likelihood()]).collect()
}

/// How the numbers of one estimator depend on the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Order {
    /// Sums of whole numbers, and functions of them: not at all.
    Free,
    /// Sums of fractions in the order of time: in the last digits, and not at all where no times are tied.
    InTime,
    /// Sums of fractions in the order of rows: in the last digits.
    Rounded,
    /// Rows are drawn by their place.
    Drawn,
}
use Order::{Drawn, Free, InTime, Rounded};

pub(super) type Line = (&'static str, Order, Vec<f64>);

fn table(rows: &Rows) -> Vec<Line> {
    let mut lines = curves(rows);
    lines.extend(models(rows));
    lines.extend(others(rows));
    lines
}

fn curves(rows: &Rows) -> Vec<Line> {
    let (data, groups) = (rows.data(), rows.groups());
    let km = |data: &RightCensored| {
        let fit = KaplanMeier::new().fit(data).unwrap();
        let limits = [fit.curve().lower(), fit.curve().upper()];
        let limits =
            limits.into_iter().flat_map(|limits| limits.iter().flatten().collect::<Vec<_>>());
        fit.survival().iter().copied().chain(limits).collect::<Vec<f64>>()
    };
    let weighted = data.clone().with_weights(Weights::case(&rows.weight).unwrap()).unwrap();
    let na = NelsonAalen::new().fit(&data).unwrap();
    let log_rank = LogRank::new().fit(&data, &groups).unwrap();
    let causes = CompetingRisks::from_codes(&rows.time, &rows.code, &[(1, "a"), (2, "b")]).unwrap();
    let aj = AalenJohansen::new().fit(&causes).unwrap();
    let curve = aj.incidence(Cause::new(1).unwrap()).unwrap();
    let incidence = curve.incidence().iter().copied().chain(curve.std_error().iter().copied());
    let gray = GrayTest::new().fit(&causes, &groups).unwrap();
    let gray = gray.causes().iter().map(|cause| cause.test.unwrap().statistic).collect();
    vec![
        ("Kaplan-Meier", Free, km(&data)),
        ("Kaplan-Meier, case weights", InTime, km(&weighted)),
        ("Nelson-Aalen", Free, na.cumulative_hazard().to_vec()),
        ("log-rank", Free, vec![log_rank.test().statistic, log_rank.test().p_value]),
        ("Aalen-Johansen", Free, incidence.collect()),
        ("Gray", Free, gray),
    ]
}

fn models(rows: &Rows) -> Vec<Line> {
    let (data, design) = (rows.data(), rows.design());
    let fit = |ties| CoxPh::new().ties(ties).fit(&data, &design).unwrap();
    let efron = fit(Ties::Efron);
    let few = rows.first(400);
    let exact = CoxPh::new().ties(Ties::ExactPartial).fit(&few.data(), &few.design()).unwrap();
    let residuals = efron.residuals(&data, &design).unwrap();
    let ph = efron.proportionality(&data, &design).unwrap();
    let ph = ph.columns().iter().map(|column| column.test).chain([ph.global().copied()]);
    let ph = ph.map(|test| test.unwrap().statistic).collect();
    // Each sum is 0 but for rounding, which goes by the size of what is summed.
    let score = residuals.score();
    let sizes = |column: ArrayView1<'_, f64>| column.mapv(f64::abs).sum();
    let sums = score.columns().into_iter().flat_map(|column| [column.sum(), sizes(column)]);
    let sums = sums.collect();
    let causes = CompetingRisks::from_codes(&rows.time, &rows.code, &[(1, "a"), (2, "b")]).unwrap();
    let fine_gray = FineGray::new(Cause::new(1).unwrap()).fit(&causes, &design).unwrap();
    let sub = fine_gray.coefficients().iter().map(|c| c.estimate.unwrap());
    let sub = sub.chain(fine_gray.vcov().iter().copied()).collect();
    vec![
        ("Cox, Efron", InTime, of_cox(&efron)),
        ("Cox, Breslow", InTime, of_cox(&fit(Ties::Breslow))),
        ("Cox, exact ties", InTime, of_cox(&exact)),
        ("martingale residuals", InTime, rows.placed(&residuals.martingale())),
        ("sums of score residuals", Rounded, sums),
        ("proportional hazards", InTime, ph),
        ("Fine-Gray", Rounded, sub),
    ]
}

fn others(rows: &Rows) -> Vec<Line> {
    let (data, design) = (rows.data(), rows.design());
    let c = Concordance::new().fit(&data, Score::higher_is_worse(&rows.x)).unwrap();
    let scores = PropensityScores::new().fit(&rows.groups(), &design).unwrap();
    let weights = BalancingWeights::new(TargetPopulation::Overlap).fit(&scores).unwrap();
    let few = rows.first(100);
    let bootstrap = Bootstrap::new(5).replicates(60);
    let bootstrap = bootstrap.fit_cox(&few.data(), &few.design(), &CoxPh::new()).unwrap();
    vec![
        ("concordance", Free, vec![c.concordance]),
        ("its standard error", Rounded, vec![c.std_error]),
        ("propensity weights", Rounded, rows.placed(weights.values())),
        ("bootstrap", Drawn, bootstrap.values().iter().copied().collect()),
    ]
}

pub(super) fn hash(values: &[f64]) -> u64 {
    let mut hasher = DefaultHasher::new();
    values.iter().for_each(|value| value.to_bits().hash(&mut hasher));
    hasher.finish()
}

fn hashes(table: &[Line]) -> Vec<(&'static str, u64)> {
    table.iter().map(|(name, _, values)| (*name, hash(values))).collect()
}

/// The hashes of a table on one, two and eight threads are the same, and those of its lines differ.
pub(super) fn on_one_two_and_eight_threads(table: impl Fn() -> Vec<Line> + Sync, lines: usize) {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        hashes(&pool.install(&table))
    };
    let one = on(1);
    assert_eq!(on(2), one);
    assert_eq!(on(8), one);
    let distinct: HashSet<u64> = one.iter().map(|line| line.1).collect();
    assert_eq!(distinct.len(), lines, "{one:?}");
}

/// Tied rows keep the order they came in, and a sum of fractions is rounded in its order: where there
/// are such sums the last digits may move, by no more than 1e-12 of the largest number.
pub(super) fn in_any_order(table: impl Fn(&Rows) -> Vec<Line>) {
    for (rows, tied) in [(Rows::tied(), true), (Rows::untied(), false)] {
        let first = table(&rows);
        for seed in [1, 2] {
            for (found, (name, order, expected)) in table(&rows.shuffled(seed)).iter().zip(&first) {
                match order {
                    Free => assert_eq!(hash(&found.2), hash(expected), "{name}"),
                    InTime if !tied => assert_eq!(hash(&found.2), hash(expected), "{name}"),
                    InTime | Rounded => near(name, &found.2, expected),
                    Drawn => {}
                }
            }
        }
    }
}

fn near(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    let largest = expected.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= 1e-12 * largest, "{name}: {a:e}, not {b:e}");
    }
}

#[test]
fn estimators_on_one_two_and_eight_threads() {
    let rows = Rows::tied();
    on_one_two_and_eight_threads(|| table(&rows), 17);
}

#[test]
fn estimators_in_any_order_of_the_rows() {
    in_any_order(table);
}
