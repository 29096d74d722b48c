//! Tables whose sides a user chooses each by itself: inputs of at most some megabytes that ask for more
//! than memory holds. An error with the size, before anything is allocated, as a failed allocation would end
//! the process.

use riskset::adjustment::{Balance, PropensityScores, Standardisation};
use riskset::competing::{
    CauseSpecificCox, FineGray, GrayPairwise, GrayTest, StateOccupation, TimeLost,
};
use riskset::data::{Cause, MultiState, RecurrentEvents, RiskTable, Variance};
use riskset::inference::{CumulativeSums, WeightedLogRank};
use riskset::ndarray::Array2;
use riskset::nonparametric::{
    AtRiskTable, Estimand, InfluenceFunctions, LifeTable, MaxCombo, Pairwise, RestrictedMean,
};
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::SharedFrailty;
use riskset::statistic::LevelDifference;
use riskset::study::{Baseline, HazardRatios, Subgroups, SurvivalSummary};
use riskset::validation::{Bootstrap, Jackknife};
use riskset::{
    AalenJohansen, CompetingRisks, CoxPh, Design, Error, Groups, LogRank, Profile, RightCensored,
    Weights,
};

/// Rows, groups, times or columns of which the square takes 29 GB.
const MANY: usize = 60_000;

#[track_caller]
fn is_too_large<T>(result: riskset::Result<T>) {
    match result.err() {
        Some(Error::TooLarge { bytes, .. }) => assert!(bytes > 1.7e10, "{bytes:e}"),
        other => panic!("{other:?}"),
    }
}

fn numbers(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

fn times(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + i as f64).collect()
}

fn data(n: usize) -> RightCensored {
    RightCensored::new(&times(n), &vec![true; n]).unwrap()
}

/// One group for each row.
fn groups(n: usize) -> Groups {
    Groups::new(&numbers(n)).unwrap()
}

fn halves(n: usize) -> Groups {
    Groups::new(&numbers(n).iter().map(|i| i % 2).collect::<Vec<_>>()).unwrap()
}

fn causes(n: usize) -> CompetingRisks {
    let codes: Vec<u32> = numbers(n).iter().map(|i| i % 3).collect();
    CompetingRisks::from_codes(&times(n), &codes, &[(1, "a"), (2, "b")]).unwrap()
}

fn column(n: usize) -> Design {
    let x: Vec<f64> = (0..n).map(|i| ((i * 31) % 17) as f64).collect();
    Design::builder().numeric("x", &x).build().unwrap()
}

fn names(n: usize) -> Vec<String> {
    (0..n).map(|i| i.to_string()).collect()
}

fn listed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Four rows of many columns.
fn wide() -> Design {
    let matrix = Array2::from_shape_fn((4, MANY), |(i, j)| ((i * 7 + j * 3 + i * j) % 11) as f64);
    Design::from_owned(matrix, &listed(&names(MANY))).unwrap()
}

#[test]
fn the_message() {
    let error = LogRank::new().fit(&data(MANY), &groups(MANY)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the covariance of the groups would take 1.7e11 bytes: at most 16 GiB are supported, and no more \
         than are free"
    );
}

#[test]
fn strata_and_groups() {
    let (rows, groups) = (data(MANY).with_strata(&numbers(MANY)).unwrap(), groups(MANY));
    is_too_large(RiskTable::by(&rows, &groups));
    is_too_large(LogRank::new().fit(&rows, &groups));
    is_too_large(MaxCombo::new().fit(&rows, &groups));
    is_too_large(Pairwise::new().fit(&rows, &groups));
    is_too_large(WeightedLogRank::new().fit(&rows, &groups));
    let by_stratum = RiskTable::new(&rows);
    is_too_large(by_stratum.merge(&RiskTable::by(&data(MANY), &groups).unwrap()));
    let rows = causes(MANY).with_strata(&numbers(MANY)).unwrap();
    is_too_large(GrayTest::new().fit(&rows, &groups));
}

#[test]
fn groups_and_groups() {
    let (rows, groups) = (data(MANY), groups(MANY));
    is_too_large(Pairwise::new().fit(&rows, &groups));
    is_too_large(WeightedLogRank::new().fit(&rows, &groups));
    is_too_large(GrayTest::new().fit(&causes(MANY), &groups));
    is_too_large(GrayPairwise::new().fit(&causes(MANY), &groups));
    is_too_large(PropensityScores::new().fit(&groups, &column(MANY)));
    let weights = Weights::sampling(&vec![1.0; MANY]).unwrap();
    is_too_large(Balance::new(&groups, &column(MANY), &weights));
    let table = Baseline::new().numeric("x", &times(MANY));
    is_too_large(table.differences(LevelDifference::LargestLevel).by(&groups));
    // Clusters that make the groups depend on each other.
    let pairs: Vec<u32> = numbers(MANY).iter().map(|i| i / 2).collect();
    let clustered = RightCensored::new(&vec![2.0; MANY], &vec![true; MANY]).unwrap();
    let clustered = clustered.with_clusters(&pairs).unwrap();
    let mean = RestrictedMean::new(1.0).variance(Variance::Robust);
    is_too_large(mean.compare_by(&clustered, &groups));
}

/// A time keeps what it needs of every group: too many of both, though the groups alone are few.
#[test]
fn event_times_and_groups() {
    let n = 300_000;
    let arm: Vec<u32> = numbers(n).iter().map(|i| i % 2_000).collect();
    is_too_large(GrayTest::new().fit(&causes(n), &Groups::new(&arm).unwrap()));
}

#[test]
fn asked_times() {
    let (rows, groups, asked) = (data(MANY), groups(MANY), times(MANY));
    is_too_large(AtRiskTable::new(&rows, &groups, &asked));
    is_too_large(AtRiskTable::from_table(&RiskTable::by(&rows, &groups).unwrap(), &asked));
    is_too_large(InfluenceFunctions::new(Estimand::Survival).fit(&rows, &asked));
    is_too_large(SurvivalSummary::new().times(&asked).by(&rows, &groups));
    let starts: Vec<f64> = (0..MANY).map(|i| i as f64).collect();
    is_too_large(LifeTable::new(&starts).fit_by(&rows, &groups));
}

#[test]
fn predictions() {
    let (rows, design, asked) = (data(MANY), column(MANY), times(MANY));
    let cox = CoxPh::new().fit(&rows, &design).unwrap();
    let baseline = cox.baseline(&rows, &design).unwrap();
    is_too_large(baseline.rows(&rows, &design).unwrap().survival_at(&asked));
    let profiles = vec![Profile::new().number("x", 1.0); MANY];
    is_too_large(baseline.single().unwrap().curves(&profiles));
    is_too_large(cox.wald_test(&Array2::ones((MANY, 1))));
}

#[test]
fn simulations() {
    let (rows, design) = (data(1_000), column(1_000));
    let cox = CoxPh::new().fit(&rows, &design).unwrap();
    let sums = CumulativeSums::new().simulations(100_000_000).paths(100_000_000);
    is_too_large(sums.link(&cox, &rows, &design));
    is_too_large(sums.functional_form(&cox, &rows, &design));
    is_too_large(sums.proportionality(&cox, &rows, &design));
    let sums = CumulativeSums::new().simulations(u32::MAX as usize).paths(0);
    is_too_large(sums.link(&cox, &rows, &design));
}

#[test]
fn levels() {
    let id = Design::builder().factor("id", &numbers(MANY), "0");
    is_too_large(id.build());
    let names = names(MANY);
    let levels = listed(&names);
    let few = Design::builder()
        .factor_with_levels("a", &["0", "1"], &levels, "0")
        .factor_with_levels("b", &["0", "1"], &levels, "0")
        .interaction("a", "b");
    is_too_large(few.build());
    let knots = times(1_000_000);
    is_too_large(Design::builder().spline("x", &[1.0, 2.0], &knots).build());
    let subgroups = Subgroups::new(&halves(MANY), "0", "1").variable("id", &groups(MANY));
    is_too_large(subgroups.min_events(1).fit(&data(MANY)));
    let baseline = Baseline::new().labels("id", &numbers(MANY));
    is_too_large(baseline.by(&groups(MANY)));
    let distance = baseline.differences(LevelDifference::Mahalanobis);
    is_too_large(distance.by(&halves(MANY)));
}

#[test]
fn standardised_levels() {
    let n = 400;
    let code: Vec<u32> = numbers(n).iter().map(|i| i % 40).collect();
    let design = Design::builder().factor("g", &code, "0").build().unwrap();
    let (rows, cox) = (data(n), CoxPh::new());
    let cox = cox.fit(&rows, &design).unwrap();
    let asked = times(1_000_000).iter().map(|t| t / 1e7).collect::<Vec<_>>();
    is_too_large(Standardisation::new(&asked).of(&cox, "g", &rows, &design));
}

/// A weight that follows time for each stratum of the censoring that a competing event comes from.
#[test]
fn strata_of_the_censoring_and_event_times() {
    let (rows, design) = (causes(2 * MANY), column(2 * MANY));
    let many = rows.clone().with_censoring_strata(&numbers(2 * MANY)).unwrap();
    is_too_large(FineGray::new(Cause::new(1).unwrap()).fit(&many, &design));
    // As many, but each for the event times of its own stratum alone.
    let pairs: Vec<u32> = numbers(2 * MANY).iter().map(|row| row / 3).collect();
    let few = rows.with_censoring_strata(&pairs).unwrap().with_strata(&pairs).unwrap();
    FineGray::new(Cause::new(1).unwrap()).fit(&few, &design).unwrap();
}

#[test]
fn columns_and_columns() {
    let (rows, design) = (data(4), wide());
    is_too_large(CoxPh::new().fit(&rows, &design));
    // Before a model of each column is fitted.
    is_too_large(HazardRatios::new().fit(&rows, &design));
    is_too_large(CoxPh::new().firth().fit(&rows, &design));
    is_too_large(CoxPh::new().likelihood_at(&rows, &design, &vec![0.0; MANY]));
    let pairs = rows.clone().with_clusters(&[1, 1, 2, 2]).unwrap();
    is_too_large(SharedFrailty::gamma().fit(&pairs, &design));
    is_too_large(FineGray::new(Cause::new(1).unwrap()).fit(&causes(4), &design));
    is_too_large(CauseSpecificCox::new(CoxPh::new()).fit(&causes(4), &design).map_err(inner));
    let sets = ConditionalLogistic::new();
    is_too_large(sets.fit(&[true, false, true, false], &[1, 1, 2, 2], &design));
    is_too_large(PropensityScores::new().fit(&halves(4), &design));
}

fn inner(error: Error) -> Error {
    match error {
        Error::InCause { error, .. } => *error,
        other => other,
    }
}

#[test]
fn states() {
    let names = names(MANY);
    let one = |states: &[&str]| MultiState::new(&[1], &[0.0], &[1.0], &[Some("1")], states);
    is_too_large(one(&listed(&names)));
    let states = listed(&names[..1_000]);
    let n = 10_000;
    let to: Vec<Option<&str>> = (0..n).map(|i| Some(states[1 + i % 999])).collect();
    let rows = MultiState::new(&numbers(n), &vec![0.0; n], &times(n), &to, &states).unwrap();
    is_too_large(StateOccupation::new().fit(&rows));
    is_too_large(StateOccupation::new().fit_by(&rows, &groups(n)));
}

#[test]
fn many_causes() {
    let names = names(MANY);
    let named: Vec<(u32, &str)> = (1..).zip(listed(&names)).collect();
    let rows = CompetingRisks::from_codes(&times(MANY), &vec![1; MANY], &named).unwrap();
    is_too_large(AalenJohansen::new().fit_by(&rows, &groups(MANY)));
    is_too_large(TimeLost::new(0.5).fit_by(&rows, &groups(MANY)));
    is_too_large(GrayTest::new().fit(&rows, &groups(MANY)));
}

#[test]
fn episodes() {
    let ends = vec![10.0; MANY];
    let events = RecurrentEvents::new(&numbers(MANY), &ends).unwrap();
    is_too_large(events.wei_lin_weissfeld(40_000));
    let rows = RightCensored::new(&vec![1e6; 40_000], &vec![true; 40_000]).unwrap();
    is_too_large(rows.split_at(&times(MANY)));
    assert_eq!(
        data(100_000).split_at(&times(100_000)).err(),
        Some(Error::TooManyRows { rows: 5_000_050_000 })
    );
    // Few rows, but each with all the columns of a wide design.
    let episodes = data(4).split_at(&(1..=100_000).map(|i| i as f64 / 1e5).collect::<Vec<_>>());
    is_too_large(episodes.unwrap().expand_design(&wide()));
}

#[test]
fn resampling() {
    let values = |_: &RightCensored, _: &[usize]| Ok(vec![0.0; 100_000]);
    is_too_large(Bootstrap::new(1).replicates(MANY).fit(&data(4), values));
    is_too_large(Jackknife::new().fit(&data(MANY), values));
    let one = |_: &RightCensored, _: &[usize]| Ok(vec![0.0]);
    is_too_large(Bootstrap::new(1).replicates(u32::MAX as usize).fit(&data(4), one));
}
