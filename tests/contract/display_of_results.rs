//! How the results of the smaller rooms print. The numbers are proved elsewhere; here the words, the
//! columns and the rounding.

use riskset::adjustment::{
    Balance, BalancingWeights, EstimatedWeights, PropensityScores, Standardisation,
    TargetPopulation,
};
use riskset::data::IntervalCensored;
use riskset::nonparametric::{
    BandKind, Bands, Estimand, InfluenceFunctions, LifeTable, MaxCombo, OneSampleLogRank,
    SmoothedHazard, TestWeight, Turnbull,
};
use riskset::validation::{Concordance, Jackknife, Score};
use riskset::{
    CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored,
    Weights,
};

const TIME: [f64; 10] = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.];
const EVENT: [bool; 10] = [true, true, false, true, true, false, true, true, false, true];
const AGE: [f64; 10] = [70., 51., 64., 66., 58., 49., 61., 55., 47., 60.];
const ARM: [&str; 10] = ["b", "a", "a", "b", "b", "a", "b", "a", "a", "b"];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &EVENT).unwrap()
}

fn arms() -> Groups {
    Groups::new(&ARM).unwrap()
}

#[track_caller]
fn assert_prints(found: &impl std::fmt::Display, expected: &str) {
    let (found, expected) = (found.to_string(), expected.trim_start_matches('\n'));
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}");
}

#[test]
fn a_band() {
    let fit = KaplanMeier::new().fit(&data()).unwrap();
    let band = Bands::new().kind(BandKind::EqualPrecision).confidence(0.55).of(&fit).unwrap();
    assert_prints(
        &band,
        "
EqualPrecision band, critical value 1.9161
time survival lower 55% upper 55%
   1   0.9000    0.4885    0.9846
   2   0.8000    0.4200    0.9442
   3   0.8000    0.4200    0.9442
   4   0.6857    0.3139    0.8844
   5   0.5714    0.2247    0.8108
   6   0.5714    0.2247    0.8108
   7   0.4286    0.1193    0.7134
   8   0.2857    0.0486    0.5952
   9   0.2857    0.0486    0.5952
",
    );
}

#[test]
fn a_smoothed_hazard() {
    let fit = NelsonAalen::new().fit(&data()).unwrap();
    let smooth = SmoothedHazard::new(3.0).confidence(0.9).of(&fit, &[2.0, 5.0, 8.0]).unwrap();
    assert_eq!((smooth.bandwidth(), smooth.level()), (3.0, 0.9));
    assert_eq!(smooth.time(), [2.0, 5.0, 8.0]);
    assert_prints(
        &smooth,
        "
time  hazard std.err lower 90% upper 90%
   2 0.07351 0.04324   0.02793    0.1934
   5 0.10813 0.06285   0.04157    0.2813
   8 0.37920 0.26049   0.12251    1.1738
",
    );
}

#[test]
fn a_max_combo_test() {
    let weights = [
        TestWeight::LogRank,
        TestWeight::FlemingHarrington { rho: 0.0, gamma: 1.0 },
        TestWeight::Gehan,
        TestWeight::TaroneWare,
        TestWeight::PetoPeto,
        TestWeight::ModifiedPetoPeto,
    ];
    let fit = MaxCombo::new().weights(&weights).fit(&data(), &arms()).unwrap();
    assert_eq!((fit.groups(), fit.weights()), (arms().names(), &weights[..]));
    assert_prints(
        &fit,
        "
                   weight     z    r1    r2    r3    r4    r5    r6
                 log-rank 0.951 1.000 0.810 0.935 0.981 0.963 0.950
Fleming-Harrington (0, 1) 0.564 0.810 1.000 0.552 0.680 0.623 0.586
                    Gehan 0.943 0.935 0.552 1.000 0.986 0.995 0.999
              Tarone-Ware 0.977 0.981 0.680 0.986 1.000 0.997 0.993
                Peto-Peto 1.002 0.963 0.623 0.995 0.997 1.000 0.999
       modified Peto-Peto 0.996 0.950 0.586 0.999 0.993 0.999 1.000

 MaxCombo= 1.002, p= 0.501
",
    );
}

#[test]
fn concordances_and_their_difference() {
    let age = Score::higher_is_worse(&AGE);
    let fit = Concordance::new().confidence(0.9).fit(&data(), age).unwrap();
    assert_prints(
        &fit,
        "
n = 10, 7 events
Concordance = 0.7273, se = 0.1563, 90% limits 0.4701–0.9844
    concordant discordant tied score tied time tied both      C
all         24          9          0         0         0 0.7273

",
    );
    let arm = ARM.map(|arm| f64::from(arm == "b"));
    let compared = Concordance::new().compare(&data(), age, Score::higher_is_worse(&arm)).unwrap();
    assert_prints(
        &compared,
        "
C of the first = 0.7273, se = 0.1563
C of the second = 0.6212, se = 0.1172
difference = 0.1061, se = 0.0707, 95% limits -0.0325–0.2446
Wald test: z = 1.500, p = 0.134
",
    );
    let by_sex = data().with_strata(&["f", "m"].repeat(5)).unwrap();
    let fit = Concordance::new().fit(&by_sex, Score::higher_is_worse(&AGE)).unwrap();
    assert_prints(
        &fit,
        "
n = 10, 7 events
Concordance = 0.6667, se = 0.1912, 95% limits 0.2920–1.0000
  concordant discordant tied score tied time tied both      C
f          6          1          0         0         0 0.8571
m          4          4          0         0         0 0.5000

",
    );
}

#[test]
fn a_jackknife_with_a_failure() {
    // The third value has no number without the row that is censored first.
    let fit = Jackknife::new().fit(&data(), |data: &RightCensored, _| {
        let mean = data.time().iter().sum::<f64>() / data.time().len() as f64;
        match data.time().contains(&3.0) {
            true => Ok(vec![mean, 1.0]),
            false => Err(riskset::Error::NoEvents { rows: 9 }),
        }
    });
    assert_prints(
        &fit.unwrap(),
        "
10 units, each left out once
  estimate std.err acceleration
0      5.5       -            -
1      1.0       -            -

1 failed, the first: no events among 9 rows
",
    );
}

#[test]
fn weights_balance_and_standardised_curves() {
    let age = Design::builder().numeric("age", &AGE).build().unwrap();
    let scores = PropensityScores::new().fit(&arms(), &age).unwrap();
    let estimator = BalancingWeights::new(TargetPopulation::Everyone).truncated(0.1, 0.9);
    let cut = estimator.fit(&scores).unwrap();
    assert_eq!(cut.target(), &TargetPopulation::Everyone);
    assert_prints(
        &cut,
        "
     n effective    sum smallest largest
a    5     4.309  7.119    1.033   2.538
b    5     4.680  7.241    1.033   2.082
all 10     8.979 14.360    1.033   2.538
truncated to 1.0330–2.5385: 1 raised, 1 lowered from at most 6.6473
",
    );
    let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores).unwrap();
    let balance = Balance::new(&arms(), &age, weights.weights()).unwrap();
    assert_eq!(balance.lines().len(), 1);
    assert_prints(
        &balance,
        "
    before after
age  1.666 0.477
",
    );
    let weighted = data().with_weights(weights.weights().clone()).unwrap();
    let arm = Design::builder().factor("arm", &ARM, "a").build().unwrap();
    let fit = CoxPh::new().fit(&weighted, &arm).unwrap();
    let known = EstimatedWeights::new(&weights, &scores, &age).unwrap();
    let stacked = known.vcov(&fit, &weighted, &arm).unwrap();
    assert_eq!(stacked.vcov_known(), fit.vcov());
    assert_prints(
        &stacked,
        "
        coef se, weights estimated se, weights known
arm=b 0.8456                0.6984            0.7299
",
    );
    let both = Design::builder().factor("arm", &ARM, "a").numeric("age", &AGE).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &both).unwrap();
    let curves = Standardisation::new(&[4.0]).restricted_mean(5.0);
    let curves = curves.of(&fit, "arm", &data(), &both);
    assert_prints(
        &curves.unwrap(),
        "
      time survival std.err 0.95LCL 0.95UCL
arm=a    4    0.599   0.179   0.334       1
arm=b    4    0.718   0.127   0.507       1
arm=a: mean up to 5 3.9324 (std.err 0.5924)
arm=b: mean up to 5 4.2933 (std.err 0.4013)
",
    );
}

#[test]
fn what_data_say_of_themselves() {
    assert_prints(&data(), "10 rows, 7 events, times 1 to 10");
    let entry = TIME.map(|time| time / 2.0);
    let late = CountingProcess::new(&entry, &TIME, &EVENT).unwrap();
    let late = late.with_weights(Weights::frequency(&[2; 10]).unwrap()).unwrap();
    let late = late.with_strata(&ARM).unwrap().with_clusters(&[1, 2].repeat(5)).unwrap();
    assert_prints(
        &late,
        "
10 rows, 7 events, times 1 to 10, delayed entry, frequency weights, 2 strata, 2 clusters",
    );
}

#[test]
fn a_life_table() {
    let table = LifeTable::new(&[0.0, 5.0]).fit_by(&data(), &arms()).unwrap();
    assert_prints(
        &table,
        "
a
    n censored exposed events survival std.err density std.err hazard std.err
0-5 5        1     4.5      1   1.0000  0.0000 0.04444  0.0392   0.05  0.0496
5-  3        2     2.0      1   0.7778  0.1960       -       -      -       -

b
    n censored exposed events survival std.err density std.err hazard std.err
0-5 5        0       5      2   1.0000  0.0000    0.08  0.0438    0.1  0.0685
5-  3        0       3      3   0.6000  0.2191       -       -      -       -

",
    );
}

/// Group b has left before the first event: nothing is expected of it.
#[test]
fn a_log_rank_test_with_a_group_without_a_part() {
    let data = RightCensored::new(&[1., 3., 0.5, 2., 4.], &[true, false, false, true, false]);
    let groups = Groups::new(&["a", "a", "b", "c", "c"]).unwrap();
    assert_prints(
        &LogRank::new().fit(&data.unwrap(), &groups).unwrap(),
        "
  N Observed Expected (O-E)^2/E (O-E)^2/V
a 2        1    0.833    0.0333    0.0588
b 1        0    0.000         -         -
c 2        1    1.167    0.0238    0.0588

 Chisq= 0.1  on 1 degrees of freedom, p= 0.808
",
    );
}

#[test]
fn influences_on_a_restricted_mean() {
    let fit = InfluenceFunctions::new(Estimand::RestrictedMean).fit(&data(), &[2.0]).unwrap();
    assert_prints(
        &fit,
        "
influence of 10 rows
    time restricted mean  std.err
all    2             1.9 0.094868

",
    );
}

#[test]
fn a_test_of_one_sample() {
    let fit = OneSampleLogRank::new().fit(&data(), |time| 0.1 * time).unwrap();
    assert_prints(
        &fit,
        "
 N Observed Expected  O/E
10        7      5.5 1.27

 Chisq= 0.4  on 1 degrees of freedom, p= 0.522
",
    );
}

/// Half of the mass at 1, and the rest halved by a row in (2, 3] and one after 3.
#[test]
fn masses_of_intervals() {
    let rows =
        IntervalCensored::new(&[1.0, 1.0, 2.0, 3.0], &[1.0, 1.0, 3.0, f64::INFINITY]).unwrap();
    assert_prints(
        &Turnbull::new().fit(&rows).unwrap(),
        "
n = 4, log-likelihood -4.1589, reduced gradient 0.0e0
lower upper    mass survival
    1     1 0.50000  0.50000
    2     3 0.25000  0.25000
    3   Inf 0.25000        -
",
    );
}

#[test]
fn intervals() {
    let rows = IntervalCensored::new(&[1.0, 2.0, 3.0], &[1.0, 4.0, f64::INFINITY]).unwrap();
    assert_prints(&rows, "3 rows, 1 exact, 1 in intervals, 1 right-censored");
    let rows = rows.with_weights(Weights::case(&[1.0, 2.0, 0.5]).unwrap()).unwrap();
    assert_prints(&rows, "3 rows, 1 exact, 1 in intervals, 1 right-censored, case weights");
}
