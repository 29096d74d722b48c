//! The estimators that `same_bits.rs` leaves out, by the same rules.

use riskset::adjustment::{
    Balance, BalancingWeights, EstimatedWeights, PropensityScores, Standardisation,
    TargetPopulation,
};
use riskset::competing::{
    CauseSpecificCox, StateOccupation, StateOccupationFit, TimeLost, TransitionCounts,
};
use riskset::data::{IntervalCensored, MultiState};
use riskset::inference::WeightedLogRank;
use riskset::nonparametric::{
    AtRiskTable, Bands, Estimand, FixedTime, InfluenceFunctions, LifeTable, MaxCombo,
    OneSampleLogRank, Pairwise, RestrictedMean, SmoothedHazard, Turnbull,
};
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::{CoxFit, SharedFrailty};
use riskset::validation::{Concordance, Jackknife, Score, TimeWeight};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Groups, KaplanMeier, NelsonAalen, Profile,
    RightCensored, Weights,
};

use super::same_bits::{Line, ROWS, Rows, in_any_order, on_one_two_and_eight_threads};

const CAUSES: [(u32, &str); 2] = [(1, "a"), (2, "b")];

fn table(rows: &Rows) -> Vec<Line> {
    [curves, comparisons, models, competing, adjustment, late_and_clustered, weighted_states]
        .iter()
        .flat_map(|part| part(rows))
        .collect()
}

fn causes(rows: &Rows) -> CompetingRisks {
    CompetingRisks::from_codes(&rows.time, &rows.code, &CAUSES).unwrap()
}

fn estimates(fit: &CoxFit) -> Vec<f64> {
    let estimates = fit.coefficients().iter().map(|c| c.estimate.unwrap());
    estimates.chain(fit.vcov().iter().copied()).collect()
}

fn curves(rows: &Rows) -> Vec<Line> {
    let (data, groups) = (rows.data(), rows.groups());
    let km = KaplanMeier::new().fit(&data).unwrap();
    let mean = RestrictedMean::new(150.0).of(&km).unwrap();
    let band = Bands::new().range(20.0, 150.0).of(&km).unwrap();
    let life = LifeTable::new(&[0.0, 50.0, 100.0, 150.0]).fit(&data).unwrap();
    let life = life.intervals().iter().flat_map(|line| [Some(line.survival), line.std_error]);
    let hazards = NelsonAalen::new().fit(&data).unwrap();
    let smooth = SmoothedHazard::new(20.0).of(&hazards, &[50.0, 100.0]).unwrap();
    let influence = InfluenceFunctions::new(Estimand::Survival).fit(&data, &[90.0]).unwrap();
    let right = rows.first(600).time;
    let left: Vec<f64> = right.iter().map(|t| (t - 20.0).max(0.0)).collect();
    let visits = IntervalCensored::new(&left, &right).unwrap();
    let turnbull = Turnbull::new().fit(&visits).unwrap();
    let at_risk = AtRiskTable::new(&data, &groups, &[0.0, 60.0, 120.0]).unwrap();
    let at_risk =
        at_risk.rows().iter().flat_map(|group| [&group.n_risk[..], &group.n_event[..]].concat());
    vec![
        ("restricted mean", vec![mean.mean, mean.std_error]),
        ("band", [band.lower, band.upper, vec![band.critical]].concat()),
        ("life table", life.map(Option::unwrap).collect()),
        ("smoothed hazard", smooth.hazard().to_vec()),
        ("influence", rows.placed(&influence.influence().column(0).to_vec())),
        ("its standard error", influence.std_error().iter().copied().collect()),
        ("Turnbull", turnbull.intervals().iter().map(|cell| cell.mass).collect()),
        ("numbers at risk", at_risk.collect()),
    ]
}

fn comparisons(rows: &Rows) -> Vec<Line> {
    let (data, groups) = (rows.data(), rows.groups());
    let two: Vec<u8> = rows.arm.iter().map(|&arm| arm.min(1)).collect();
    let two = Groups::new(&two).unwrap();
    let combo = MaxCombo::new().fit(&data, &two).unwrap();
    let one = OneSampleLogRank::new().fit(&data, |t| t / 100.0).unwrap();
    let by_arm = KaplanMeier::new().fit_by(&data, &groups).unwrap();
    let fixed = FixedTime::new(90.0).compare(&by_arm).unwrap();
    let means = RestrictedMean::new(150.0).compare(&by_arm).unwrap();
    let pairs = Pairwise::new().fit(&data, &groups).unwrap();
    let weighted = data.clone().with_weights(Weights::sampling(&rows.weight).unwrap()).unwrap();
    let weighted = WeightedLogRank::new().fit(&weighted, &two).unwrap();
    let weighted = [*weighted.xie_liu(), *weighted.robust_score().unwrap()];
    let score = Score::higher_is_worse(&rows.x);
    let uno = Concordance::new().time_weight(TimeWeight::Uno).tau(150.0).fit(&data, score).unwrap();
    vec![
        ("MaxCombo", [combo.statistics(), &[combo.p_value()]].concat()),
        ("one sample", vec![one.expected(), one.test().statistic]),
        ("fixed time", vec![fixed.test.statistic]),
        ("restricted means", vec![means.test.unwrap().statistic]),
        ("pairs", pairs.iter().map(|pair| pair.test.statistic).collect()),
        ("weighted log-rank", weighted.map(|test| test.statistic).to_vec()),
        ("Uno's concordance", vec![uno.concordance, uno.std_error]),
    ]
}

fn models(rows: &Rows) -> Vec<Line> {
    let (data, design) = (rows.data(), rows.design());
    let fit = |model: CoxPh| model.fit(&data, &design).unwrap();
    let cox = fit(CoxPh::new());
    let person = Profile::new().number("x", 0.5).number("z", 3.0);
    let baseline = cox.baseline(&data, &design).unwrap();
    let predicted = baseline.single().unwrap().curve(&person).unwrap();
    let few = rows.first(600);
    let (few_data, few_design) = (few.data(), few.design());
    let few_cox = CoxPh::new().fit(&few_data, &few_design).unwrap();
    let profile = few_cox.profile_hazard_ratios(&few_data, &few_design, 0.95).unwrap();
    let profile = profile.iter().map(|ratio| ratio.interval.unwrap().upper.unwrap());
    let terms = cox.term_tests(&data, &design).unwrap();
    let terms = terms.tests.iter().map(|term| term.likelihood_ratio.unwrap().statistic);
    // Sets of three rows that stand together in the first order.
    let set: Vec<usize> = few.place.iter().map(|place| place / 3).collect();
    let case: Vec<bool> = few.code.iter().map(|&code| code == 1).collect();
    let matched = ConditionalLogistic::new().fit(&case, &set, &few_design).unwrap();
    let clustered = few_data.clone().with_clusters(&set).unwrap();
    let frailty = SharedFrailty::gamma().theta(0.3).fit(&clustered, &few_design).unwrap();
    let jackknife = Jackknife::new().fit_cox(&clustered, &few_design, &CoxPh::new()).unwrap();
    vec![
        ("ridge", estimates(&fit(CoxPh::new().ridge(0.1)))),
        ("Firth", estimates(&fit(CoxPh::new().firth()))),
        ("predicted curve", predicted.survival().to_vec()),
        ("profile limits", profile.collect()),
        ("term tests", terms.collect()),
        ("matched sets", estimates(matched.cox())),
        ("frailty", frailty.vcov().iter().copied().collect()),
        ("jackknife", jackknife.std_error().into_iter().map(Option::unwrap).collect()),
    ]
}

fn competing(rows: &Rows) -> Vec<Line> {
    let (causes, design) = (causes(rows), rows.design());
    let lost = TimeLost::new(150.0).fit(&causes).unwrap();
    let lost = lost.causes.iter().flat_map(|cause| [cause.time_lost, cause.std_error]);
    let fit = CauseSpecificCox::new(CoxPh::new()).fit(&causes, &design).unwrap();
    let baseline = fit.baseline(&causes, &design).unwrap();
    let person = Profile::new().number("x", 0.5).number("z", 3.0);
    let incidence = baseline.single().unwrap().incidence(&person).unwrap();
    let incidence = incidence.incidence_of("a").unwrap();
    let relapse = |row: usize| (rows.code[row] == 1).then(|| rows.time[row] / 2.0);
    let relapse: Vec<Option<f64>> = (0..rows.time.len()).map(relapse).collect();
    let dead: Vec<bool> = rows.code.iter().map(|&code| code > 0).collect();
    let states = ["well", "ill", "dead"];
    let histories = MultiState::illness_death(&relapse, &rows.time, &dead, &states).unwrap();
    let states = StateOccupation::new().fit(&histories).unwrap();
    let counts = TransitionCounts::new(&histories).transitions;
    vec![
        ("time lost", lost.collect()),
        ("cause-specific models", fit.vcov().iter().copied().collect()),
        ("their incidence", incidence.incidence().to_vec()),
        ("state occupation", states.probability().iter().copied().collect()),
        ("its standard errors", states.std_error().iter().copied().collect()),
        ("transitions", counts.iter().map(|&count| count as f64).collect()),
    ]
}

/// Concordance under delayed entry, and frailties of many clusters.
fn late_and_clustered(rows: &Rows) -> Vec<Line> {
    let entry: Vec<f64> = rows.time.iter().zip(&rows.x).map(|(t, x)| t * x / 2.0).collect();
    let event: Vec<bool> = rows.code.iter().map(|&code| code > 0).collect();
    let late = CountingProcess::new(&entry, &rows.time, &event).unwrap();
    let weighted = late.clone().with_weights(Weights::case(&rows.weight).unwrap()).unwrap();
    let concordance = |data: &CountingProcess, score: &[f64]| {
        let fit = Concordance::new().fit(data, Score::higher_is_worse(score)).unwrap();
        vec![fit.concordance, fit.std_error]
    };
    let tied: Vec<f64> = rows.z.iter().map(|z| z.ceil()).collect();
    // Clusters of three rows that stand together in the first order.
    let frailties = |model: SharedFrailty, n: usize| {
        let mut few = rows.first(n);
        let set: Vec<usize> = few.place.iter().map(|place| place / 3).collect();
        few.time.iter_mut().zip(&set).for_each(|(time, set)| *time *= (1 + set % 4) as f64);
        let data = few.data().with_clusters(&set).unwrap();
        let fit = model.fit(&data, &few.design()).unwrap();
        let own = fit.frailties().iter().map(|frailty| frailty.estimate);
        own.chain(fit.vcov().iter().copied()).chain([fit.log_likelihood()]).collect()
    };
    vec![
        ("concordance, entries", concordance(&late, &rows.z)),
        ("concordance, entries and weights", concordance(&weighted, &rows.z)),
        ("the same with tied scores", concordance(&weighted, &tied)),
        ("gamma frailties", frailties(SharedFrailty::gamma().theta(0.3), ROWS)),
        ("gamma frailties, their variance sought", frailties(SharedFrailty::gamma(), 300)),
        ("log-normal frailties", frailties(SharedFrailty::log_normal().theta(0.3), 600)),
    ]
}

/// Histories of one or two rows with case weights, and the cluster of each row, one of twenty: many of their
/// rows end at one time.
fn histories(rows: &Rows) -> (MultiState, Vec<usize>) {
    let (mut ids, mut entry, mut exit) = (Vec::new(), Vec::new(), Vec::new());
    let (mut to, mut weight, mut cluster) = (Vec::new(), Vec::new(), Vec::new());
    for (row, &time) in rows.time.iter().enumerate() {
        let end = (rows.code[row] > 0).then_some("dead");
        let ill = rows.code[row] == 1;
        let well = ill.then_some((0.0, time / 2.0, Some("ill")));
        let last = (if ill { time / 2.0 } else { 0.0 }, time, end);
        for (from, until, state) in well.into_iter().chain([last]) {
            ids.push(row);
            entry.push(from);
            exit.push(until);
            to.push(state);
            weight.push(rows.weight[row]);
            cluster.push(rows.place[row] % 20);
        }
    }
    let data = MultiState::new(&ids, &entry, &exit, &to, &["well", "ill", "dead"]).unwrap();
    (data.with_weights(Weights::case(&weight).unwrap()).unwrap(), cluster)
}

/// State occupation with case weights, and its standard errors by cluster.
fn weighted_states(rows: &Rows) -> Vec<Line> {
    let (data, cluster) = histories(rows);
    let fit = |data: &MultiState| StateOccupation::new().restricted_to(100.0).fit(data).unwrap();
    let means = |fit: &StateOccupationFit| -> Vec<f64> {
        fit.mean_times().unwrap().iter().flat_map(|mean| [mean.mean, mean.std_error]).collect()
    };
    let of_hazards = |fit: &StateOccupationFit| -> Vec<f64> {
        fit.transitions().iter().flat_map(|of| of.std_error.iter().copied()).collect()
    };
    let of_states = |fit: &StateOccupationFit| -> Vec<f64> {
        fit.initial_std_error().iter().chain(fit.std_error()).copied().collect()
    };
    let (alone, clustered) = (fit(&data), fit(&data.with_clusters(&cluster).unwrap()));
    vec![
        ("states, case weights", alone.probability().iter().copied().collect()),
        ("their standard errors", of_states(&alone)),
        ("their censorings", alone.n_censor().iter().copied().collect()),
        ("mean times in states", means(&alone)),
        ("errors of transition hazards", of_hazards(&alone)),
        ("states by cluster", of_states(&clustered)),
        ("mean times by cluster", means(&clustered)),
        ("transition hazards by cluster", of_hazards(&clustered)),
    ]
}

fn adjustment(rows: &Rows) -> Vec<Line> {
    let rows = rows.first(2000);
    let (groups, columns) = (rows.groups(), rows.design());
    let scores = PropensityScores::new().fit(&groups, &columns).unwrap();
    let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores).unwrap();
    let balance = Balance::new(&groups, &columns, weights.weights()).unwrap();
    let data: RightCensored = rows.data().with_weights(weights.weights().clone()).unwrap();
    let arms = Design::builder().factor("arm", &rows.arm, "0").build().unwrap();
    let cox = CoxPh::new().fit(&data, &arms).unwrap();
    let stacked = EstimatedWeights::new(&weights, &scores, &columns).unwrap();
    let stacked = stacked.vcov(&cox, &data, &arms).unwrap();
    let design = Design::builder().factor("arm", &rows.arm, "0").numeric("x", &rows.x);
    let design = design.build().unwrap();
    let plain = CoxPh::new().fit(&rows.data(), &design).unwrap();
    let curves = Standardisation::new(&[60.0, 120.0]);
    let curves = curves.of(&plain, "arm", &rows.data(), &design).unwrap();
    let curve = curves.curve("1").unwrap().into_iter().flat_map(|at| [at.survival, at.std_error]);
    vec![
        ("balance", vec![balance.largest_before().unwrap(), balance.largest_after().unwrap()]),
        ("robust variance", stacked.vcov_known().iter().copied().collect()),
        ("stacked variance", stacked.vcov().iter().copied().collect()),
        ("standardised curve", curve.collect()),
    ]
}

#[test]
fn the_other_estimators_on_one_two_and_eight_threads() {
    let rows = Rows::tied();
    on_one_two_and_eight_threads(|| table(&rows), 47);
}

#[test]
fn the_other_estimators_in_any_order_of_the_rows() {
    in_any_order(table);
}
