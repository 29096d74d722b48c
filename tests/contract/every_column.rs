//! No column of the data is ignored silently: it changes the numbers, or the estimator refuses it with a
//! typed error, or its documentation says that the column does not concern it.

use riskset::competing::{
    AalenJohansen, CauseSpecificCox, FineGray, GrayPairwise, GrayTest, TimeLost,
};
use riskset::data::SurvivalData;
use riskset::inference::{CumulativeSums, Proportionality, WeightedLogRank};
use riskset::nonparametric::{
    AtRiskTable, LifeTable, MaxCombo, OneSampleLogRank, Pairwise, RestrictedMean,
};
use riskset::regression::cox::SharedFrailty;
use riskset::study::SurvivalSummary;
use riskset::validation::{Concordance, Score};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Error, Groups, KaplanMeier, LogRank,
    NelsonAalen, Result, RightCensored, Weights,
};

const N: usize = 16;
const ENTRY: [f64; N] = [0.5, 3., 0., 2.5, 1., 0.5, 4.5, 0., 6., 5., 2., 3., 8., 1., 7., 2.];
const EXIT: [f64; N] = [1., 4., 2., 3., 7., 5., 8., 6., 9., 9., 11., 10., 12., 13., 14., 12.];
const CODE: [u32; N] = [1, 1, 2, 1, 0, 1, 2, 1, 1, 1, 0, 2, 1, 1, 2, 0];
const X: [f64; N] =
    [0.3, -1.2, 0.8, 0.1, 1.4, -0.6, 0.2, -0.9, 0.7, 0.4, -0.3, 1.1, -0.8, 0.5, 0.0, 0.9];
const STRATUM: [u32; N] = [1, 2, 2, 1, 1, 2, 1, 1, 2, 2, 1, 2, 2, 1, 2, 1];
/// Four rows each, so that a sandwich has enough of them.
const CLUSTER: [u32; N] = [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6];
const WEIGHT: [f64; N] = [1., 2., 1., 3., 1., 2., 1., 1., 2., 1., 1., 2., 3., 1., 1., 2.];
const CAUSES: [(u32, &str); 2] = [(1, "relapse"), (2, "death")];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Column {
    Case,
    Frequency,
    Sampling,
    Clusters,
    Entry,
    Strata,
}

use Column::{Case, Clusters, Entry, Frequency, Sampling, Strata};

const COLUMNS: [Column; 6] = [Case, Frequency, Sampling, Clusters, Entry, Strata];

/// What becomes of the columns that an estimator does not use.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Instead {
    /// [`Error::Unsupported`].
    Refused,
    /// The type of the data has no such column.
    Untyped,
    /// The numbers stay, as the documentation says.
    Unconcerned,
}

use Instead::{Refused, Unconcerned, Untyped};

fn weights(column: Column) -> Option<Weights> {
    let whole: Vec<u64> = WEIGHT.iter().map(|&weight| weight as u64).collect();
    Some(match column {
        Case => Weights::case(&WEIGHT).unwrap(),
        Sampling => Weights::sampling(&WEIGHT).unwrap(),
        Frequency => Weights::frequency(&whole).unwrap(),
        _ => return None,
    })
}

/// The data with a column more, of a kind that shares the methods.
macro_rules! with {
    ($data:expr, $column:expr) => {{
        let data = $data;
        match ($column, $column.and_then(weights)) {
            (_, Some(weights)) => data.with_weights(weights).unwrap(),
            (Some(Clusters), _) => data.with_clusters(&CLUSTER).unwrap(),
            (Some(Strata), _) => data.with_strata(&STRATUM).unwrap(),
            _ => data,
        }
    }};
}

/// What an estimator says of data without entry times, and with them.
struct Row {
    name: &'static str,
    right: fn(Option<Column>) -> Result<Vec<f64>>,
    counting: Option<fn() -> Result<Vec<f64>>>,
    instead: &'static [(Column, Instead)],
}

macro_rules! survival {
    ($name:ident, $instead:expr) => {
        Row {
            name: stringify!($name),
            right: |column| $name(&with!(right(), column)),
            counting: Some(|| $name(&counting())),
            instead: $instead,
        }
    };
}

macro_rules! competing {
    ($name:ident, $instead:expr) => {
        Row {
            name: stringify!($name),
            right: |column| $name(&with!(risks(), column)),
            counting: Some(|| $name(&counting_risks())),
            instead: $instead,
        }
    };
}

fn right() -> RightCensored {
    RightCensored::new(&EXIT, &CODE.map(|code| code > 0)).unwrap()
}

fn counting() -> CountingProcess {
    CountingProcess::new(&ENTRY, &EXIT, &CODE.map(|code| code > 0)).unwrap()
}

fn risks() -> CompetingRisks {
    CompetingRisks::from_codes(&EXIT, &CODE, &CAUSES).unwrap()
}

fn counting_risks() -> CompetingRisks<CountingProcess> {
    CompetingRisks::counting_process(&ENTRY, &EXIT, &CODE, &CAUSES).unwrap()
}

fn groups() -> Groups {
    Groups::new(&X.map(|x| if x > 0.25 { "high" } else { "low" })).unwrap()
}

fn design() -> Design {
    Design::builder().numeric("x", &X).build().unwrap()
}

fn kaplan_meier(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let at = KaplanMeier::new().fit(data)?.at_time(8.0)?;
    Ok(vec![at.survival, at.std_error.unwrap()])
}

fn nelson_aalen(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = NelsonAalen::new().fit(data)?;
    let error = fit.std_error().iter().map(|error| error.unwrap_or(0.0)).sum();
    Ok(vec![fit.cumulative_hazard_at(8.0).unwrap(), error])
}

fn life_table(data: &RightCensored) -> Result<Vec<f64>> {
    let fit = LifeTable::new(&[0.0, 5.0, 10.0]).fit(data)?;
    let third = &fit.intervals()[2];
    Ok(vec![third.survival, third.std_error.unwrap()])
}

fn restricted_mean(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = RestrictedMean::new(9.0).fit(data)?;
    Ok(vec![fit.mean, fit.std_error])
}

fn at_risk_table(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let table = AtRiskTable::new(data, &groups(), &[2.0, 8.0])?;
    Ok(table.weighted().iter().flat_map(|group| group.n_risk.clone()).collect())
}

fn log_rank(data: &impl SurvivalData) -> Result<Vec<f64>> {
    Ok(vec![LogRank::new().fit(data, &groups())?.test().statistic])
}

fn pairwise(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let pairs = Pairwise::new().fit(data, &groups())?;
    Ok(pairs.iter().map(|pair| pair.test.statistic).collect())
}

fn max_combo(data: &impl SurvivalData) -> Result<Vec<f64>> {
    Ok(MaxCombo::new().fit(data, &groups())?.statistics().to_vec())
}

fn one_sample(data: &impl SurvivalData) -> Result<Vec<f64>> {
    Ok(vec![OneSampleLogRank::new().fit(data, |time| 0.05 * time)?.test().statistic])
}

fn weighted_log_rank(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = WeightedLogRank::new().fit(data, &groups())?;
    Ok(vec![fit.robust_score().unwrap().statistic])
}

fn cox(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = CoxPh::new().fit(data, &design())?;
    Ok(vec![fit.coefficients()[0].estimate.unwrap(), fit.vcov()[[0, 0]]])
}

fn frailty(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = SharedFrailty::gamma().theta(0.3).fit(data, &design())?;
    Ok(vec![fit.coefficients()[0].estimate.unwrap(), fit.vcov()[[0, 0]]])
}

fn profile(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = CoxPh::new().fit(data, &design())?;
    let ratios = fit.profile_hazard_ratios(data, &design(), 0.95)?;
    let interval = ratios[0].interval.unwrap();
    Ok(vec![interval.lower.unwrap(), interval.upper.unwrap()])
}

fn proportionality(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = CoxPh::new().fit(data, &design())?;
    let test = Proportionality::new().fit(&fit, data, &design())?;
    Ok(vec![test.global().unwrap().statistic])
}

fn cumulative_sums(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = CoxPh::new().fit(data, &design())?;
    let sums = CumulativeSums::new().simulations(9).proportionality(&fit, data, &design())?;
    Ok(sums[0].observed.clone())
}

fn concordance(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = Concordance::new().fit(data, Score::higher_is_worse(&X))?;
    Ok(vec![fit.concordance, fit.std_error])
}

fn survival_summary(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let table = SurvivalSummary::new().times(&[8.0]).fit(data)?;
    let at = &table.overall.at[0];
    Ok(vec![at.survival, at.std_error.unwrap()])
}

fn aalen_johansen<D: SurvivalData>(data: &CompetingRisks<D>) -> Result<Vec<f64>> {
    let fit = AalenJohansen::new().fit(data)?;
    let curve = &fit.curves()[0];
    Ok(vec![curve.incidence().iter().sum(), curve.std_error().iter().sum()])
}

fn time_lost<D: SurvivalData>(data: &CompetingRisks<D>) -> Result<Vec<f64>> {
    let fit = TimeLost::new(9.0).fit(data)?;
    Ok(vec![fit.causes[0].time_lost, fit.causes[0].std_error])
}

fn gray<D: SurvivalData>(data: &CompetingRisks<D>) -> Result<Vec<f64>> {
    Ok(vec![GrayTest::new().fit(data, &groups())?.causes()[0].test.unwrap().statistic])
}

fn gray_pairwise<D: SurvivalData>(data: &CompetingRisks<D>) -> Result<Vec<f64>> {
    Ok(vec![GrayPairwise::new().fit(data, &groups())?[0].pairs[0].test.statistic])
}

fn fine_gray<D: SurvivalData>(data: &CompetingRisks<D>) -> Result<Vec<f64>> {
    let fit = FineGray::new(data.cause("relapse")?).fit(data, &design())?;
    Ok(vec![fit.coefficients()[0].estimate.unwrap(), fit.vcov()[[0, 0]]])
}

fn cause_specific<D: SurvivalData>(data: &CompetingRisks<D>) -> Result<Vec<f64>> {
    let fit = CauseSpecificCox::new(CoxPh::new()).fit(data, &design())?;
    Ok(vec![
        fit.get(data.cause("relapse")?)?.coefficients()[0].estimate.unwrap(),
        fit.vcov()[[0, 0]],
    ])
}

/// Curves over all strata, as `survfit` without a stratum.
const POOLED: &[(Column, Instead)] = &[(Strata, Unconcerned)];
const HYPERGEOMETRIC: &[(Column, Instead)] =
    &[(Case, Refused), (Sampling, Refused), (Clusters, Refused)];

fn table() -> Vec<Row> {
    let untyped = |name, right, instead| Row { name, right, counting: None, instead };
    vec![
        survival!(kaplan_meier, POOLED),
        survival!(nelson_aalen, POOLED),
        untyped(
            "life_table",
            |column| life_table(&with!(right(), column)),
            &[(Sampling, Refused), (Clusters, Refused), (Entry, Untyped), (Strata, Unconcerned)],
        ),
        survival!(restricted_mean, POOLED),
        survival!(at_risk_table, &[(Clusters, Unconcerned), (Strata, Unconcerned)]),
        survival!(log_rank, HYPERGEOMETRIC),
        survival!(pairwise, HYPERGEOMETRIC),
        survival!(max_combo, HYPERGEOMETRIC),
        survival!(
            one_sample,
            &[(Case, Refused), (Sampling, Refused), (Clusters, Refused), (Strata, Unconcerned)]
        ),
        survival!(weighted_log_rank, &[]),
        survival!(cox, &[]),
        survival!(profile, &[(Sampling, Refused), (Clusters, Refused)]),
        survival!(proportionality, &[(Clusters, Unconcerned)]),
        survival!(cumulative_sums, &[(Clusters, Refused)]),
        survival!(concordance, &[]),
        survival!(survival_summary, POOLED),
        competing!(aalen_johansen, POOLED),
        competing!(time_lost, POOLED),
        competing!(gray, HYPERGEOMETRIC),
        competing!(gray_pairwise, HYPERGEOMETRIC),
        competing!(fine_gray, &[]),
        competing!(cause_specific, &[]),
    ]
}

#[test]
fn a_column_counts_or_is_refused() {
    for Row { name, right, counting, instead } in table() {
        let plain = right(None).unwrap();
        for column in COLUMNS {
            let found = match (column, counting) {
                (Entry, Some(counting)) => Some(counting()),
                (Entry, None) => None,
                _ => Some(right(Some(column))),
            };
            let at = format!("{name} with {column:?}: {found:?}");
            let verdict = instead.iter().find(|(of, _)| *of == column).map(|(_, instead)| *instead);
            match (verdict, found) {
                (None, Some(found)) => assert!(differ(&plain, &found.expect(&at)), "{at}"),
                (Some(Refused), Some(found)) => {
                    assert!(matches!(found, Err(Error::Unsupported { .. })), "{at}");
                }
                (Some(Unconcerned), Some(found)) => assert_eq!(plain, found.unwrap(), "{at}"),
                (Some(Untyped), None) => {}
                _ => panic!("{at}, expected {verdict:?}"),
            }
        }
    }
}

fn differ(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-9 * a.abs())
}

/// A frailty is of clusters, so that it cannot do without them.
#[test]
fn a_frailty_takes_every_column() {
    let clustered = || right().with_clusters(&CLUSTER).unwrap();
    let plain = frailty(&clustered()).unwrap();
    for column in [Case, Frequency, Strata] {
        assert!(differ(&plain, &frailty(&with!(clustered(), Some(column))).unwrap()), "{column:?}");
    }
    let entered = counting().with_clusters(&CLUSTER).unwrap();
    assert!(differ(&plain, &frailty(&entered).unwrap()));
    let sampled = frailty(&with!(clustered(), Some(Sampling)));
    assert!(matches!(sampled, Err(Error::Unsupported { .. })));
    assert!(matches!(frailty(&right()), Err(Error::Unsupported { .. })));
}
