//! What Stata printed, next to the defaults that `Conventions::Stata` hands out.
//!
//! Output of Stata for the remissions of Freireich et al. 1963, as Germán Rodríguez published it in the notes to
//! his course on survival analysis, <https://grodri.github.io/survival/gehan> and
//! <https://grodri.github.io/survival/cox>.

use riskset::nonparametric::TestWeight;
use riskset::study::Conventions::Stata;
use riskset::{CoxPh, Design, LogRank, Ties};

use super::study::{Study, estimates, log_likelihoods, printed, std_errors, tests};

/// `sts list, by(group)`.
#[test]
fn curves_by_treatment() {
    let study = Study::read("freireich");
    let curves = Stata.kaplan_meier().fit_by(&study.data(), &study.groups("treat")).unwrap();
    let rows = [
        ("control", 1, "0.9048 0.0641 0.6700 0.9753"),
        ("control", 2, "0.8095 0.0857 0.5689 0.9239"),
        ("control", 3, "0.7619 0.0929 0.5194 0.8933"),
        ("control", 4, "0.6667 0.1029 0.4254 0.8250"),
        ("control", 5, "0.5714 0.1080 0.3380 0.7492"),
        ("control", 8, "0.3810 0.1060 0.1831 0.5778"),
        ("control", 11, "0.2857 0.0986 0.1166 0.4818"),
        ("control", 12, "0.1905 0.0857 0.0595 0.3774"),
        ("control", 15, "0.1429 0.0764 0.0357 0.3212"),
        ("control", 17, "0.0952 0.0641 0.0163 0.2612"),
        ("control", 22, "0.0476 0.0465 0.0033 0.1970"),
        ("6-MP", 6, "0.8571 0.0764 0.6197 0.9516"),
        ("6-MP", 7, "0.8067 0.0869 0.5631 0.9228"),
        ("6-MP", 10, "0.7529 0.0963 0.5032 0.8894"),
        ("6-MP", 13, "0.6902 0.1068 0.4316 0.8491"),
        ("6-MP", 16, "0.6275 0.1141 0.3675 0.8049"),
        ("6-MP", 22, "0.5378 0.1282 0.2678 0.7468"),
        ("6-MP", 23, "0.4482 0.1346 0.1881 0.6801"),
        ("6-MP", 35, "0.4482 0.1346 0.1881 0.6801"),
    ];
    for (group, week, figures) in rows {
        let at = curves.get(group).unwrap().at(&[f64::from(week)]).unwrap().remove(0);
        let interval = at.interval.unwrap();
        let ours = [Some(at.survival), at.std_error, interval.lower, interval.upper];
        ours.iter().zip(figures.split(' ')).for_each(|(ours, figure)| {
            printed(ours.unwrap(), figure);
        });
    }
    let last = curves.get("control").unwrap().at(&[23.0]).unwrap().remove(0);
    assert_eq!((last.survival, last.std_error, last.interval), (0.0, None, None));
}

/// `sts test group`.
#[test]
fn log_rank_test() {
    let study = Study::read("freireich");
    let fit = LogRank::new().fit(&study.data(), &study.groups("treat")).unwrap();
    printed(fit.test().statistic, "16.79");
    for (count, expected) in fit.counts().iter().zip(["19.25", "10.75"]) {
        printed(count.expected, expected);
    }
    assert_eq!(fit.weight(), TestWeight::LogRank);
}

/// `stcox treated`, and `estimates table` of the rules for ties.
#[test]
fn hazard_ratio_of_treatment() {
    let study = Study::read("freireich");
    let treated = study.indicator("treat", "6-MP");
    let design = Design::builder().numeric("treated", &treated).build().unwrap();
    let fit = Stata.cox().fit(&study.data(), &design).unwrap();
    printed(estimates(&fit)[0], "-1.5091914");
    printed(log_likelihoods(&fit)[0], "-93.98505");
    printed(log_likelihoods(&fit)[1], "-86.379622");
    printed(tests(&fit)[2], "15.21");
    let ratio = fit.hazard_ratios(0.95).unwrap().remove(0);
    printed(ratio.estimate.unwrap(), "0.2210887");
    printed(ratio.estimate.unwrap() * std_errors(&fit)[0], "0.0905501");
    printed(ratio.interval.unwrap().lower.unwrap(), "0.0990706");
    printed(ratio.interval.unwrap().upper.unwrap(), "0.4933877");
    for (ties, figure) in [(Ties::Efron, "-1.5721251"), (Ties::ExactPartial, "-1.628244")] {
        let fit = CoxPh::new().ties(ties).fit(&study.data(), &design).unwrap();
        printed(estimates(&fit)[0], figure);
    }
}
