//! One table of the numbers of the estimators used most; `same_bits_of_the_rest.rs` has the others. The same
//! bits on any number of threads, and in any order of the rows.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use riskset::adjustment::{BalancingWeights, PropensityScores, TargetPopulation};
use riskset::competing::{AalenJohansen, FineGray, GrayTest};
use riskset::data::Cause;
use riskset::regression::cox::CoxFit;
use riskset::validation::{Bootstrap, Concordance, Score};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen,
    RightCensored, Ties, Weights,
};

use super::uniform;

pub(super) const ROWS: usize = 9000;

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

/// An estimator and its numbers.
pub(super) type Line = (&'static str, Vec<f64>);

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
    let weights = || Weights::case(&rows.weight).unwrap();
    let weighted = data.clone().with_weights(weights()).unwrap();
    let na = NelsonAalen::new().fit(&data).unwrap();
    let log_rank = LogRank::new().fit(&data, &groups).unwrap();
    let causes = CompetingRisks::from_codes(&rows.time, &rows.code, &[(1, "a"), (2, "b")]).unwrap();
    let aj = |causes: &CompetingRisks| -> Vec<f64> {
        let fit = AalenJohansen::new().fit(causes).unwrap();
        let curve = fit.incidence(Cause::new(1).unwrap()).unwrap();
        curve.incidence().iter().chain(curve.std_error()).copied().collect()
    };
    let weighted_causes = causes.clone().with_weights(weights()).unwrap();
    let gray = GrayTest::new().fit(&causes, &groups).unwrap();
    let gray = gray.causes().iter().map(|cause| cause.test.unwrap().statistic).collect();
    vec![
        ("Kaplan-Meier", km(&data)),
        ("Kaplan-Meier, case weights", km(&weighted)),
        ("Nelson-Aalen", na.cumulative_hazard().to_vec()),
        ("log-rank", vec![log_rank.test().statistic, log_rank.test().p_value]),
        ("Aalen-Johansen", aj(&causes)),
        ("Aalen-Johansen, case weights", aj(&weighted_causes)),
        ("Gray", gray),
    ]
}

fn models(rows: &Rows) -> Vec<Line> {
    let (data, design) = (rows.data(), rows.design());
    let fit = |ties| CoxPh::new().ties(ties).fit(&data, &design).unwrap();
    let efron = fit(Ties::Efron);
    let entry: Vec<f64> = rows.time.iter().zip(&rows.x).map(|(time, x)| time * x / 2.0).collect();
    let event: Vec<bool> = rows.code.iter().map(|&code| code > 0).collect();
    let set: Vec<usize> = rows.place.iter().map(|place| place / 3).collect();
    let late = CountingProcess::new(&entry, &rows.time, &event).unwrap();
    let late = late.with_strata(&rows.arm).unwrap().with_clusters(&set).unwrap();
    let late = late.with_weights(Weights::case(&rows.weight).unwrap()).unwrap();
    let late = CoxPh::new().fit(&late, &design).unwrap();
    let few = rows.first(400);
    let exact = CoxPh::new().ties(Ties::ExactPartial).fit(&few.data(), &few.design()).unwrap();
    let residuals = efron.residuals(&data, &design).unwrap();
    let ph = efron.proportionality(&data, &design).unwrap();
    let ph = ph.columns().iter().map(|column| column.test).chain([ph.global().copied()]);
    let ph = ph.map(|test| test.unwrap().statistic).collect();
    let score = residuals.score();
    let score = score.columns().into_iter().flat_map(|column| rows.placed(&column.to_vec()));
    let score = score.collect();
    let causes = CompetingRisks::from_codes(&rows.time, &rows.code, &[(1, "a"), (2, "b")]).unwrap();
    let fine_gray = FineGray::new(Cause::new(1).unwrap()).fit(&causes, &design).unwrap();
    let sub = fine_gray.coefficients().iter().map(|c| c.estimate.unwrap());
    let sub = sub.chain(fine_gray.vcov().iter().copied()).collect();
    vec![
        ("Cox, Efron", of_cox(&efron)),
        ("Cox, Breslow", of_cox(&fit(Ties::Breslow))),
        ("Cox, entries, strata, clusters and weights", of_cox(&late)),
        ("Cox, exact ties", of_cox(&exact)),
        ("martingale residuals", rows.placed(&residuals.martingale())),
        ("score residuals", score),
        ("proportional hazards", ph),
        ("Fine-Gray", sub),
    ]
}

fn others(rows: &Rows) -> Vec<Line> {
    let (data, design) = (rows.data(), rows.design());
    let c = Concordance::new().fit(&data, Score::higher_is_worse(&rows.x)).unwrap();
    let scores = PropensityScores::new().fit(&rows.groups(), &design).unwrap();
    let weights = BalancingWeights::new(TargetPopulation::Overlap).fit(&scores).unwrap();
    let weighted = data.with_weights(Weights::case(&rows.weight).unwrap()).unwrap();
    let tied: Vec<f64> = rows.z.iter().map(|z| z.ceil()).collect();
    let of_weights = Concordance::new().fit(&weighted, Score::higher_is_worse(&tied)).unwrap();
    vec![
        ("concordance", vec![c.concordance, c.std_error]),
        ("concordance, case weights", vec![of_weights.concordance, of_weights.std_error]),
        ("propensity weights", rows.placed(weights.values())),
    ]
}

pub(super) fn hash(values: &[f64]) -> u64 {
    let mut hasher = DefaultHasher::new();
    values.iter().for_each(|value| value.to_bits().hash(&mut hasher));
    hasher.finish()
}

fn hashes(table: &[Line]) -> Vec<(&'static str, u64)> {
    table.iter().map(|(name, values)| (*name, hash(values))).collect()
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

/// The hashes of a table are the same in any order of the rows.
pub(super) fn in_any_order(table: impl Fn(&Rows) -> Vec<Line>) {
    for rows in [Rows::tied(), Rows::untied()] {
        let first = hashes(&table(&rows));
        for seed in [1, 2] {
            assert_eq!(hashes(&table(&rows.shuffled(seed))), first);
        }
    }
}

/// Rows are drawn by their place, so that this is no function of their set.
fn bootstrap(rows: &Rows) -> Line {
    let few = rows.first(100);
    let fit = Bootstrap::new(5).replicates(60);
    let fit = fit.fit_cox(&few.data(), &few.design(), &CoxPh::new()).unwrap();
    ("bootstrap", fit.values().iter().copied().collect())
}

#[test]
fn estimators_on_one_two_and_eight_threads() {
    let rows = Rows::tied();
    on_one_two_and_eight_threads(|| [table(&rows), vec![bootstrap(&rows)]].concat(), 19);
}

#[test]
fn estimators_in_any_order_of_the_rows() {
    in_any_order(table);
}
