//! No column of the data is ignored silently: it changes the numbers, or the estimator refuses it with a
//! typed error, or its documentation says that the column does not concern it.

use riskset::adjustment::Standardisation;
use riskset::competing::{
    AalenJohansen, CauseSpecificCox, FineGray, GrayPairwise, GrayTest, StateOccupation, TimeLost,
    TransitionCounts,
};
use riskset::data::{IntervalCensored, MultiState, SurvivalData};
use riskset::inference::{CumulativeSums, Proportionality, WeightedLogRank};
use riskset::nonparametric::{
    AtRiskTable, Estimand, FixedTime, InfluenceFunctions, LifeTable, MaxCombo, OneSampleLogRank,
    Pairwise, RestrictedMean, Turnbull,
};
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::SharedFrailty;
use riskset::study::{HazardRatios, Subgroups, SurvivalSummary};
use riskset::validation::{Bootstrap, Concordance, Jackknife, Score};
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

macro_rules! states {
    ($name:ident, $instead:expr) => {
        Row {
            name: stringify!($name),
            right: |column| $name(&with!(histories(&[0.0; N]), column)),
            counting: Some(|| $name(&histories(&ENTRY))),
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

fn histories(entry: &[f64]) -> MultiState {
    let ids: [usize; N] = std::array::from_fn(|row| row);
    let to = CODE.map(|code| [None, Some("relapse"), Some("death")][code as usize]);
    MultiState::new(&ids, entry, &EXIT, &to, &["remission", "relapse", "death"]).unwrap()
}

/// Visits every other unit of time.
fn visits() -> IntervalCensored {
    let before = EXIT.map(|exit| 2.0 * ((exit - 1.0) / 2.0).floor());
    let end = |row: usize| if CODE[row] > 0 { before[row] + 2.0 } else { f64::INFINITY };
    IntervalCensored::new(&before, &std::array::from_fn::<f64, N, _>(end)).unwrap()
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

fn influences(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let fit = InfluenceFunctions::new(Estimand::Survival).fit(data, &[8.0])?;
    Ok(vec![fit.estimate()[[0, 0]], fit.std_error()[[0, 0]]])
}

fn fixed_time(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let curves = KaplanMeier::new().fit_by(data, &groups())?;
    Ok(vec![FixedTime::new(8.0).compare(&curves)?.test.statistic])
}

fn survival_at_8<D: SurvivalData>(data: &D) -> Result<Vec<f64>> {
    Ok(vec![KaplanMeier::new().fit(data)?.at_time(8.0)?.survival])
}

fn bootstrap<D: SurvivalData + Sync>(data: &D) -> Result<Vec<f64>> {
    let fit = Bootstrap::new(1).replicates(20).fit(data, |sample, _| survival_at_8(sample))?;
    Ok(vec![fit.estimate()[0], fit.std_error()[0].unwrap()])
}

fn jackknife<D: SurvivalData + Sync>(data: &D) -> Result<Vec<f64>> {
    let fit = Jackknife::new().fit(data, |sample, _| survival_at_8(sample))?;
    Ok(vec![fit.estimate()[0], fit.std_error()[0].unwrap()])
}

fn standardised(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let arm = STRATUM.map(|stratum| if stratum == 1 { "old" } else { "new" });
    let design = Design::builder().factor("arm", &arm, "old").numeric("x", &X).build()?;
    let fit = CoxPh::new().fit(data, &design)?;
    let curves = Standardisation::new(&[8.0]).of(&fit, "arm", data, &design)?;
    let at = &curves.curve("old")?[0];
    Ok(vec![at.survival, at.std_error])
}

fn hazard_ratios(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let table = HazardRatios::new().fit(data, &design())?;
    let ratio = table.terms[0].rows[0].multivariable.as_ref().unwrap();
    Ok(vec![ratio.estimate.unwrap(), ratio.std_error_ln.unwrap()])
}

fn subgroups(data: &impl SurvivalData) -> Result<Vec<f64>> {
    let levels = Groups::new(&CLUSTER.map(|cluster| cluster % 2))?;
    let forest = Subgroups::new(&groups(), "high", "low").variable("site", &levels).min_events(1);
    let rows = forest.fit(data)?.rows;
    let of = |interval: &riskset::statistic::Interval| interval.upper.unwrap();
    let numbers = rows.iter().filter_map(|row| Some([row.estimate?, of(row.interval.as_ref()?)]));
    Ok(numbers.flatten().collect())
}

fn state_occupation(data: &MultiState) -> Result<Vec<f64>> {
    let fit = StateOccupation::new().restricted_to(8.0).fit(data)?;
    let (at, mean) = (fit.at("relapse", 8.0)?, &fit.mean_times().unwrap()[1]);
    Ok(vec![at.probability, at.std_error, mean.mean, mean.std_error])
}

fn transition_counts(data: &MultiState) -> Result<Vec<f64>> {
    Ok(TransitionCounts::new(data).transitions.iter().map(|&count| count as f64).collect())
}

fn turnbull(data: &IntervalCensored) -> Result<Vec<f64>> {
    Ok(Turnbull::new().fit(data)?.intervals().iter().map(|cell| cell.mass).collect())
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
/// Counts of rows, as `survcheck`.
const COUNTED_ROWS: &[(Column, Instead)] = &[
    (Case, Unconcerned),
    (Frequency, Unconcerned),
    (Sampling, Unconcerned),
    (Clusters, Unconcerned),
    (Entry, Unconcerned),
    (Strata, Unconcerned),
];
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
        survival!(influences, POOLED),
        survival!(fixed_time, POOLED),
        survival!(bootstrap, &[(Frequency, Refused), (Strata, Unconcerned)]),
        survival!(jackknife, &[(Frequency, Refused), (Strata, Unconcerned)]),
        survival!(standardised, &[]),
        survival!(hazard_ratios, &[]),
        survival!(subgroups, &[]),
        untyped(
            "turnbull",
            |column| {
                let weights = column.and_then(weights);
                turnbull(&weights.map_or(visits(), |w| visits().with_weights(w).unwrap()))
            },
            &[(Clusters, Untyped), (Entry, Untyped), (Strata, Untyped)],
        ),
        states!(state_occupation, &[(Strata, Refused)]),
        states!(transition_counts, COUNTED_ROWS),
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
            let verdict = instead.iter().find(|(of, _)| *of == column).map(|(_, instead)| *instead);
            let found = match (column, counting) {
                _ if verdict == Some(Untyped) => None,
                (Entry, Some(counting)) => Some(counting()),
                (Entry, None) => None,
                _ => Some(right(Some(column))),
            };
            let at = format!("{name} with {column:?}: {found:?}");
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

/// Cases, sets and covariates are all that it is given.
#[test]
fn the_sets_of_a_conditional_model_count() {
    let case = CODE.map(|code| code > 0);
    let of = |sets: &[u32]| {
        let fit = ConditionalLogistic::new().fit(&case, sets, &design()).unwrap();
        let ratio = &fit.odds_ratios(0.95).unwrap()[0];
        vec![ratio.estimate.unwrap(), ratio.std_error_ln.unwrap()]
    };
    assert!(differ(&of(&STRATUM), &of(&CLUSTER)));
}
