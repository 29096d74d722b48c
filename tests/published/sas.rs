//! What SAS printed, next to the defaults that `Conventions::Sas` hands out.
//!
//! Output of SAS 9.4 as the working group CAMIS published it (comparing analysis method implementations in
//! software, <https://psiaims.github.io/CAMIS/>, Apache-2.0): its pages `SAS/survival`, `SAS/weighted_logrank_test`,
//! `SAS/survival_csh`, `SAS/survival_cif` and `Comp/r-sas_survival`.

use riskset::competing::AalenJohansen;
use riskset::curve::ByGroup;
use riskset::nonparametric::{KaplanMeierFit, TestWeight};
use riskset::regression::cox::CoxFit;
use riskset::study::Conventions::{R, Sas};
use riskset::{CompetingRisks, Design, Groups, LogRank, RightCensored};

use super::study::{Study, estimates, log_likelihoods, printed, std_errors, tests};

/// The Worcester Heart Attack Study: time to death in years with two decimals, as on those pages.
fn in_years(study: &Study) -> RightCensored {
    let years = |days: f64| (days / 365.25 * 100.0).round() / 100.0;
    let time: Vec<f64> = study.frame.numbers("time").into_iter().map(years).collect();
    RightCensored::new(&time, &study.flags("status")).unwrap()
}

/// `proc lifetest timelist = 1 3 5; time lenfoly*fstat(0); strata afb`.
#[test]
fn curves_by_atrial_fibrillation() {
    let study = Study::read("whas500");
    let curves = Sas.kaplan_meier().fit_by(&in_years(&study), &study.groups("afb")).unwrap();
    let rows = [
        ("0", 1.0, ["0.7393", "0.0214"], ["0.695", "0.779"]),
        ("0", 3.0, ["0.6416", "0.0245"], ["0.591", "0.687"]),
        ("0", 5.0, ["0.5299", "0.0311"], ["0.467", "0.589"]),
        ("1", 1.0, ["0.6410", "0.0543"], ["0.524", "0.736"]),
        ("1", 3.0, ["0.4548", "0.0599"], ["0.335", "0.567"]),
        ("1", 5.0, ["0.3149", "0.0643"], ["0.195", "0.442"]),
    ];
    for (afb, time, [survival, std_error], [lower, upper]) in rows {
        let at = curves.get(afb).unwrap().at(&[time]).unwrap().remove(0);
        printed(at.survival, survival);
        printed(at.std_error.unwrap(), std_error);
        let interval = at.interval.unwrap();
        printed(interval.lower.unwrap(), lower);
        printed(interval.upper.unwrap(), upper);
    }
    let quartiles = [
        ("0", 0.25, 0.94, 0.51, Some(1.45)),
        ("0", 0.50, 5.91, 4.31, None),
        ("0", 0.75, 6.44, 6.44, None),
        ("1", 0.25, 0.26, 0.05, Some(0.90)),
        ("1", 0.50, 2.37, 1.15, Some(3.77)),
        ("1", 0.75, 6.43, 4.24, None),
    ];
    for (afb, p, time, lower, upper) in quartiles {
        assert_eq!(quartile(&curves, afb, p), (Some(time), Some(lower), upper), "{afb} {p}");
    }
}

type Limited = (Option<f64>, Option<f64>, Option<f64>);

fn quartile(curves: &ByGroup<KaplanMeierFit>, group: &str, p: f64) -> Limited {
    limited(curves.get(group).unwrap(), p)
}

fn limited(fit: &KaplanMeierFit, p: f64) -> Limited {
    let quantile = fit.curve().quantile_by(p, Sas.quantile_rule()).unwrap();
    (quantile.time, quantile.interval.lower, quantile.interval.upper)
}

/// `strata afb / test = (logrank wilcoxon peto modpeto tarone fh(1, 0))`, of years and of days.
#[test]
fn tests_by_atrial_fibrillation() {
    let study = Study::read("whas500");
    let groups = study.groups("afb");
    let of = |data: &RightCensored, weight| {
        LogRank::new().weight(weight).fit(data, &groups).unwrap().test().statistic
    };
    let years = in_years(&study);
    printed(of(&years, TestWeight::LogRank), "10.8943");
    printed(of(&years, Sas.wilcoxon()), "8.2449");
    let days = study.data();
    printed(of(&days, TestWeight::LogRank), "10.9000");
    printed(of(&days, Sas.wilcoxon()), "8.2593");
    printed(of(&days, Sas.peto()), "9.8238");
    printed(of(&days, TestWeight::ModifiedPetoPeto), "9.7491");
    printed(of(&days, TestWeight::TaroneWare), "9.4230");
    // SAS's FH(1, 0), which R calls Peto's.
    printed(of(&days, R.peto()), "9.9000");
}

/// `PHREG` ends its search where gᵀ H⁻¹ g is below 1e-8 of the log-likelihood (`GCONV`), and that is the squared
/// distance to the maximum in standard errors: the last digits of its estimates, and of Wald's test, need not be
/// those of the maximum.
#[track_caller]
fn near(fit: &CoxFit, column: usize, theirs: f64) {
    let off = (estimates(fit)[column] - theirs) / std_errors(fit)[column];
    assert!(off * off <= 1e-8 * fit.log_likelihood().abs(), "{off} standard errors");
}

/// `proc phreg; class afb; model lenfol*fstat(0) = afb / rl`.
#[test]
fn hazard_ratio_of_atrial_fibrillation() {
    let study = Study::read("whas500");
    let design = Design::builder().numeric("none", &study.indicator("afb", "0")).build().unwrap();
    let fit = Sas.cox().fit(&study.data(), &design).unwrap();
    near(&fit, 0, -0.53899);
    printed(estimates(&fit)[0], "-0.53899");
    printed(std_errors(&fit)[0], "0.16544");
    let ratio = fit.hazard_ratios(0.95).unwrap().remove(0);
    printed(ratio.estimate.unwrap(), "0.583");
    printed(ratio.interval.unwrap().lower.unwrap(), "0.422");
    printed(ratio.interval.unwrap().upper.unwrap(), "0.807");
}

/// Ten made-up rows of which S is ½ from the fifth on; then the last one is an event.
#[test]
fn quartiles_of_a_level_curve() {
    let time = [54., 75., 77., 84., 87., 92., 103., 105., 112., 118.];
    let mut event = [true, true, true, true, true, false, false, false, false, false];
    for (last, median, third) in [(false, None, None), (true, Some(102.5), Some(118.0))] {
        event[9] = last;
        let data = RightCensored::new(&time, &event).unwrap();
        let fit = Sas.kaplan_meier().fit(&data).unwrap();
        assert_eq!(limited(&fit, 0.25), (Some(77.0), Some(54.0), None));
        assert_eq!(limited(&fit, 0.50), (median, Some(54.0), None));
        assert_eq!(limited(&fit, 0.75), (third, Some(87.0), None));
        for (time, survival, lower, upper) in
            [(80.0, "0.7", "0.329", "0.892"), (100.0, "0.5", "0.184", "0.753")]
        {
            let at = fit.at(&[time]).unwrap().remove(0);
            printed(at.survival, survival);
            printed(at.interval.unwrap().lower.unwrap(), lower);
            printed(at.interval.unwrap().upper.unwrap(), upper);
        }
    }
}

fn transplants() -> (Study, CompetingRisks) {
    let study = Study::read("bmt_causes");
    let codes: Vec<u32> = study.frame.numbers("cause").iter().map(|&code| code as u32).collect();
    let time: Vec<f64> = study.frame.numbers("time").iter().map(|days| days / 365.25).collect();
    let causes = [(1, "relapse"), (2, "death")];
    let data = CompetingRisks::from_codes(&time, &codes, &causes).unwrap();
    (study, data)
}

/// `class group (ref = first); strata waitCat; model TYears*Status(0, 2) = group`, waiting for more than 200
/// days or not.
#[test]
fn relapse_after_transplantation() {
    let (study, data) = transplants();
    let design = Design::builder()
        .numeric("AML low", &study.indicator("group", "AML low"))
        .numeric("AML high", &study.indicator("group", "AML high"));
    let long: Vec<bool> = study.frame.numbers("wait").iter().map(|&days| days > 200.0).collect();
    let data = data.cause_specific(data.cause("relapse").unwrap()).unwrap();
    let data = data.with_strata(&long).unwrap();
    let fit = Sas.cox().fit(&data, &design.build().unwrap()).unwrap();
    near(&fit, 0, -0.94534);
    near(&fit, 1, 0.61620);
    for (ours, figures) in [
        (std_errors(&fit), ["0.45076", "0.36361"]),
        (log_likelihoods(&fit).map(|l| -2.0 * l).to_vec(), ["323.492", "308.127"]),
        (tests(&fit)[1..].to_vec(), ["15.8279", "15.3651"]),
    ] {
        ours.iter().zip(figures).for_each(|(&ours, figure)| printed(ours, figure));
    }
}

/// `proc lifetest error = aalen conftype = loglog timelist = 0.5 1 1.5 2 3; time TYears*Status(0) / eventcode = 1`
/// of the group AML low: both options are the defaults of SAS, as they are here.
#[test]
fn incidence_of_relapse() {
    let (study, data) = transplants();
    let groups: Groups = study.groups("group");
    let fits = AalenJohansen::new().fit_by(&data, &groups).unwrap();
    let relapse = fits.get("AML low").unwrap().incidence_of("relapse").unwrap();
    let rows = [
        (1.0, ["0.0741", "0.0360", "0.0234", "0.1646"]),
        (1.5, ["0.1296", "0.0463", "0.0563", "0.2344"]),
        (2.0, ["0.1481", "0.0489", "0.0685", "0.2565"]),
        (3.0, ["0.1667", "0.0514", "0.0813", "0.2783"]),
    ];
    assert_eq!(relapse.at(&[0.5]).unwrap()[0].incidence, 0.0);
    for (years, [incidence, std_error, lower, upper]) in rows {
        let at = relapse.at(&[years]).unwrap().remove(0);
        printed(at.incidence, incidence);
        printed(at.std_error, std_error);
        printed(at.interval.lower.unwrap(), lower);
        printed(at.interval.upper.unwrap(), upper);
    }
}
