//! The defaults of other systems against their own output; `sas.rs` and `stata.rs` have more of those two.

use riskset::curve::Quantile;
use riskset::study::Conventions::{self, Lifelines, R, Sas, Stata};
use riskset::{Design, LogRank, Profile, RightCensored};

use super::study::{Study, estimates, log_likelihoods, printed, std_errors};
use crate::sample::assert_close;

const ALL: [Conventions; 4] = [R, Sas, Stata, Lifelines];

fn leukaemia() -> (RightCensored, Design, riskset::Groups) {
    let study = Study::read("freireich");
    let control = study.indicator("treat", "control");
    let design = Design::builder().numeric("control", &control).build().unwrap();
    (study.data(), design, study.groups("treat"))
}

fn median(whose: Conventions, data: &RightCensored) -> Quantile {
    let data = data.clone().with_time_match(whose.time_match()).unwrap();
    let fit = whose.kaplan_meier().fit(&data).unwrap();
    fit.curve().quantile_by(0.5, whose.quantile_rule()).unwrap()
}

/// S(12) with its limits: `survfit` 3.8-6, with `conf.type = "log-log"` where it stands for others,
/// and `KaplanMeierFitter` of lifelines 0.30.3.
#[test]
fn limits_of_a_curve() {
    let (data, ..) = leukaemia();
    for (whose, lower, upper) in [
        (R, 0.322_673_064_226_768_95, 0.640_856_745_712_045_8),
        (Sas, 0.295_842_604_615_301_76, 0.600_568_515_048_002_9),
        (Stata, 0.295_842_604_615_301_76, 0.600_568_515_048_002_9),
        (Lifelines, 0.295_842_604_615_301_8, 0.600_568_515_048_003),
    ] {
        let fit = whose.kaplan_meier().fit(&data).unwrap();
        let at = fit.time().iter().position(|&time| time == 12.0).unwrap();
        assert_close(fit.survival()[at], 0.454_738_617_086_014_7, 1e-15);
        assert_close(fit.curve().lower().get(at).unwrap(), lower, 1e-14);
        assert_close(fit.curve().upper().get(at).unwrap(), upper, 1e-14);
        assert_eq!(median(whose, &data).time, Some(12.0));
        let limit = median(whose, &data).interval.upper;
        assert_eq!(limit, Some(if whose == R { 22.0 } else { 17.0 }));
    }
}

/// The kidney infections of McGilchrist and Aisbett, by sex, as `LIFETEST` prints them and as
/// `survfit` does: 22 (12 to 30) and 130 (58 to 185), against 12 to 63 and 66 to 190.
#[test]
fn medians_as_sas_prints_them() {
    for (sex, time, sas, r) in
        [("1", 22.0, [12.0, 30.0], [12.0, 63.0]), ("2", 130.0, [58.0, 185.0], [66.0, 190.0])]
    {
        let data = Study::read("kidney").only("sex", sex).data();
        for (whose, limits) in [(Sas, sas), (R, r)] {
            let median = median(whose, &data);
            assert_eq!(median.time, Some(time));
            assert_eq!([median.interval.lower, median.interval.upper], limits.map(Some));
        }
    }
}

#[test]
fn medians_of_a_level_curve() {
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    let closed = RightCensored::new(&ten, &[true; 10]).unwrap();
    let open = RightCensored::new(&[1., 2., 3., 4.], &[true, true, false, false]).unwrap();
    let of = |data: &RightCensored| ALL.map(|whose| median(whose, data).time);
    assert_eq!(of(&closed), [Some(5.5), Some(5.5), Some(5.0), Some(5.0)]);
    assert_eq!(of(&open), [Some(3.0), None, Some(2.0), Some(2.0)]);
}

/// `NelsonAalenFitter` of lifelines at 1 and 2 weeks, at which two of 42 and two of 40 relapse. The
/// others take Σ d/Y and Σ d/Y².
#[test]
fn cumulative_hazards() {
    let (data, ..) = leukaemia();
    let fit = Lifelines.nelson_aalen().fit(&data).unwrap();
    let lifelines = [
        [0.048_199_767_711_962_78, 0.012_053_436_342_334_254, 0.192_743_176_427_416_8],
        [0.098_840_793_352_988_68, 0.037_082_847_378_356_334, 0.263_450_708_921_296_3],
    ];
    for (k, [hazard, lower, upper]) in lifelines.into_iter().enumerate() {
        assert_close(fit.cumulative_hazard()[k], hazard, 1e-14);
        let interval = fit.intervals()[k].unwrap();
        assert_close(interval.lower.unwrap(), lower, 1e-14);
        assert_close(interval.upper.unwrap(), upper, 1e-14);
    }
    for whose in [R, Sas, Stata] {
        let fit = whose.nelson_aalen().fit(&data).unwrap();
        assert_close(fit.cumulative_hazard()[1], 2.0 / 42.0 + 2.0 / 40.0, 1e-15);
        let variance: f64 = 2.0 / 42.0_f64.powi(2) + 2.0 / 40.0_f64.powi(2);
        assert_close(fit.std_error()[1].unwrap(), variance.sqrt(), 1e-15);
    }
}

/// `survdiff(rho = 1)`; `logrank_test` with `weightings` "wilcoxon" and "peto".
#[test]
fn tests_by_their_names() {
    let (data, _, groups) = leukaemia();
    let of = |weight| LogRank::new().weight(weight).fit(&data, &groups).unwrap().test().statistic;
    assert_close(of(R.wilcoxon()), 14.457_150_818_717_125, 1e-13);
    assert_close(of(R.peto()), 14.457_150_818_717_125, 1e-13);
    for whose in [Sas, Stata, Lifelines] {
        assert_close(of(whose.wilcoxon()), 13.457_852_049_631_066, 1e-13);
        assert_close(of(whose.peto()), 14.084_139_866_856_543, 1e-13);
    }
}

/// Breslow's as Kleinbaum & Klein (*Survival Analysis*, 3rd ed. 2012, chapter 3) print them from Stata:
/// 1.509, 0.410, log-likelihood −86.380. The rest to the digits of R and lifelines.
#[test]
fn coefficients() {
    let (data, design, _) = leukaemia();
    for whose in ALL {
        let fit = whose.cox().fit(&data, &design).unwrap();
        let (beta, se, log_likelihood) = match whose {
            R | Lifelines => (1.572_125_148_8, 0.412_396_717_7, -85.008_424_577_371_66),
            _ => (1.509_191_412_585_9, 0.409_564_406_366_7, -86.379_622_071_145_56),
        };
        // R and lifelines stop at an eighth digit of their own.
        assert_close(estimates(&fit)[0], beta, 1e-6);
        assert_close(std_errors(&fit)[0], se, 1e-6);
        assert_close(log_likelihoods(&fit)[1], log_likelihood, 1e-11);
        if whose == Stata {
            printed(estimates(&fit)[0], "1.509");
            printed(std_errors(&fit)[0], "0.410");
            printed(log_likelihoods(&fit)[1], "-86.380");
        }
    }
}

/// S(12) of the treated: `survfit` of the fit with `stype` 2 and 1; `baseline_cumulative_hazard_` of
/// lifelines, which is at the mean of the covariate, ½.
#[test]
fn baselines() {
    let (data, design, _) = leukaemia();
    let at = |whose: Conventions, control: f64| {
        let fit = whose.cox().fit(&data, &design).unwrap();
        let baseline = whose.baseline(&fit, &data, &design).unwrap();
        let from = baseline.single().unwrap().form(whose.survival_form());
        from.at(&Profile::new().number("control", control), &[12.0]).unwrap()[0]
    };
    assert_close(at(R, 0.0).survival, 0.731_361_336_315_204_6, 1e-7);
    assert_close(at(Sas, 0.0).survival, 0.730_956_446_554_724_8, 1e-9);
    assert_close(at(Stata, 0.0).survival, 0.712_514_389_832_463_5, 1e-9);
    assert_close(at(Lifelines, 0.5).cumulative_hazard, 0.656_004_716_984_582_9, 1e-6);
}
