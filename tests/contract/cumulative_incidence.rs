//! Cumulative incidence of hard input, its error texts, and how it prints.

use proptest::prelude::*;
use proptest::sample::select;
use riskset::competing::{IncidenceVariance, TimeLost};
use riskset::data::{Cause, SurvivalData};
use riskset::{AalenJohansen, CompetingRisks, Groups, Weights};

use super::error_text::text;
use super::hard_input::assert_finite;
use crate::sample::{TRANSFORMS, check};

const NAMES: [(u32, &str); 2] = [(1, "relapse"), (2, "death")];

fn data() -> CompetingRisks {
    let time = [1., 2., 2., 3., 5., 6.];
    CompetingRisks::from_codes(&time, &[1, 2, 1, 0, 1, 0], &NAMES).unwrap()
}

fn everything(data: &CompetingRisks<impl SurvivalData>, groups: &Groups) {
    for variance in [
        IncidenceVariance::Automatic,
        IncidenceVariance::Aalen,
        IncidenceVariance::Delta,
        IncidenceVariance::Robust,
    ] {
        for transform in TRANSFORMS {
            let fit = AalenJohansen::new().variance(variance).transform(transform);
            let fit = fit.fit_by(data, groups);
            assert_finite(&fit);
            for (_, fit) in fit.iter().flat_map(riskset::curve::ByGroup::iter) {
                for curve in fit.curves() {
                    assert_finite(&curve.at(&[-1.0, 0.0, 1e-300, 2.0, 1e300]));
                    assert_finite(&curve.quantile(0.25));
                    assert!(curve.at(&[f64::NAN]).is_err());
                }
                assert_finite(&fit.counts_at(&[-1.0, 0.0, 2.0, 1e300]));
                assert!(!format!("{fit:#}").is_empty());
            }
        }
        for tau in [1e-300, 2.5, 1e300] {
            let lost = TimeLost::new(tau).carry_forward().variance(variance);
            assert_finite(&lost.compare(data, groups));
        }
    }
}

#[test]
fn hard_rows_give_numbers_or_errors() {
    let time = select(vec![0.0, 5e-324, 1.0, 1.0 + 2e-16, 2.0, 1e16, 1e300]);
    let row = (time, 0_u32..=2, select(vec![1e-100, 1.0, 1e16, 1e100]), 0_u8..2);
    check(60, prop::collection::vec(row, 1..12), |rows| {
        let time: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let codes: Vec<u32> = rows.iter().map(|row| row.1).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let groups: Vec<u8> = rows.iter().map(|row| row.3).collect();
        let groups = Groups::new(&groups).unwrap();
        let data = CompetingRisks::from_codes(&time, &codes, &NAMES).unwrap();
        everything(&data, &groups);
        let case = Weights::case(&weights).unwrap();
        everything(&data.clone().with_weights(case).unwrap(), &groups);
        let sampling = Weights::sampling(&weights).unwrap();
        everything(&data.with_weights(sampling).unwrap(), &groups);
        let (entry, exit): (Vec<f64>, Vec<f64>) =
            time.iter().map(|&time| (time / 2.0, time + 0.5)).unzip();
        if let Ok(data) = CompetingRisks::counting_process(&entry, &exit, &codes, &NAMES) {
            everything(&data, &groups);
        }
    });
}

/// A cause for each row, and as many again that nobody has.
#[test]
fn more_causes_than_rows() {
    let n = 300_u32;
    let time: Vec<f64> = (1..=n).map(f64::from).collect();
    let codes: Vec<u32> = (1..=n).collect();
    let names: Vec<String> = (1..=2 * n).map(|code| format!("cause {code}")).collect();
    let names: Vec<(u32, &str)> = (1..).zip(names.iter().map(String::as_str)).collect();
    let data = CompetingRisks::from_codes(&time, &codes, &names).unwrap();
    let fit = AalenJohansen::new().fit(&data).unwrap();
    assert_eq!(fit.curves().len(), 600);
    assert_eq!(fit.incidence_of("cause 7").unwrap().time(), [7.0]);
    assert!((fit.incidence_of("cause 7").unwrap().incidence()[0] - 1.0 / 300.0).abs() < 1e-17);
    assert!(fit.incidence_of("cause 301").unwrap().time().is_empty());
    // A fraction 1/n of n: its variance is p (1 − p)/n by the delta method.
    let delta = AalenJohansen::new().variance(IncidenceVariance::Delta).fit(&data).unwrap();
    let p: f64 = 1.0 / 300.0;
    let sigma = delta.incidence_of("cause 7").unwrap().std_error()[0];
    assert!((sigma - (p * (1.0 - p) / 300.0).sqrt()).abs() < 1e-15);
}

#[test]
fn one_row_and_nobody_with_an_event() {
    let one = CompetingRisks::from_codes(&[2.0], &[2], &NAMES).unwrap();
    let fit = AalenJohansen::new().fit(&one).unwrap();
    let death = fit.incidence_of("death").unwrap();
    assert_eq!(
        (death.incidence(), death.lower(), death.upper()),
        (&[1.][..], &[1.][..], &[1.][..])
    );
    assert_eq!(fit.survival(), [0.0]);
    let none = CompetingRisks::from_codes(&[2.0, 3.0], &[0, 0], &NAMES).unwrap();
    let fit = AalenJohansen::new().fit(&none).unwrap();
    assert_eq!((fit.time(), fit.survival()), (&[2.0, 3.0][..], &[1.0, 1.0][..]));
    let at = fit.incidence_of("death").unwrap().at(&[2.5, 3.5]).unwrap();
    assert_eq!((at[0].incidence, at[0].beyond_follow_up), (0.0, false));
    assert!(at[1].beyond_follow_up);
}

/// Everybody at risk at 2 has the event while another comes at 3.
#[test]
fn an_emptied_risk_set_is_told() {
    let names = &NAMES;
    let data = CompetingRisks::counting_process(&[0., 0., 3.], &[1., 2., 4.], &[1, 2, 1], names);
    let fit = AalenJohansen::new().fit(&data.unwrap()).unwrap();
    assert_eq!(
        fit.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["the risk set emptied at 2 while others entered later"]
    );
    let relapse = fit.incidence_of("relapse").unwrap();
    assert_eq!((relapse.time(), relapse.incidence()), (&[1.0, 4.0][..], &[0.5, 0.5][..]));
    assert_eq!(relapse.n_events(), 2.0);
}

#[test]
fn error_texts() {
    let (aj, data) = (AalenJohansen::new(), data());
    assert_eq!(
        text(aj.confidence(95.0).fit(&data)),
        "option `confidence` is 95: must be between 0 and 1"
    );
    let groups = Groups::new(&["a"]).unwrap();
    assert_eq!(text(aj.fit_by(&data, &groups)), "`groups` has 1 rows, expected 6");
    let arms = Groups::with_levels(&["a"; 6], &["a", "b"]).unwrap();
    assert_eq!(text(aj.fit_by(&data, &arms)), "`b` has no rows");
    let fit = aj.fit(&data).unwrap();
    assert_eq!(
        text(fit.incidence(Cause::new(7).unwrap())),
        "no cause is named `7`; there are 1, 2"
    );
    assert_eq!(
        text(fit.incidence_of("cure")),
        "no cause is named `cure`; there are relapse, death"
    );
    let death = fit.incidence_of("death").unwrap();
    assert_eq!(text(death.at(&[f64::NAN])), "option `time` is NaN: must be a number");
    assert_eq!(text(death.quantile(1.0)), "option `p` is 1: must be between 0 and 1");
    assert_eq!(
        text(TimeLost::new(0.0).fit(&data)),
        "option `tau` is 0: must be above 0 and finite"
    );
    assert_eq!(
        text(TimeLost::new(7.0).fit(&data)),
        "`data` is followed up to 6: nothing is known at 7"
    );
    let whole = Groups::new(&["a"; 6]).unwrap();
    assert_eq!(
        text(TimeLost::new(5.0).compare(&data, &whole)),
        "`groups` has a single level, `a`: at least two are needed"
    );
    let case = data.clone().with_weights(Weights::case(&[0.5; 6]).unwrap()).unwrap();
    assert_eq!(
        text(aj.variance(IncidenceVariance::Aalen).fit(&case)),
        "AalenJohansen: Aalen's variance under case weights is not possible; \
         use IncidenceVariance::Delta"
    );
    assert_eq!(aj.fit(&case).unwrap().variance(), IncidenceVariance::Delta);
    let sampling = data.with_weights(Weights::sampling(&[0.5; 6]).unwrap()).unwrap();
    assert_eq!(
        text(aj.variance(IncidenceVariance::Delta).fit(&sampling)),
        "AalenJohansen: the model-based variance under sampling weights is not possible; \
         use Variance::Robust"
    );
    assert_eq!(aj.fit(&sampling).unwrap().variance(), IncidenceVariance::Robust);
    let clustered = self::data().with_clusters(&[1, 1, 2, 2, 3, 3]).unwrap();
    assert_eq!(aj.fit(&clustered).unwrap().variance(), IncidenceVariance::Robust);
}

#[test]
fn prints_as_r_does() {
    let fit = AalenJohansen::new().fit(&data()).unwrap();
    let expected = "        n nevent    rmean*
relapse 6      3 1.7500000
death   6      1 0.6666667
   *mean time lost to the cause (max time = 6)
";
    assert_eq!(fit.to_string(), expected);
    let steps = "
time n.risk n.event Pr((s0)) Pr(relapse) Pr(death)
   1      6       1  0.83333     0.16667   0.00000
";
    let full = format!("{fit:#}");
    assert!(full.starts_with(&format!("{expected}{steps}")), "{full}");
    let curve = fit.incidence_of("death").unwrap().to_string();
    assert_eq!(
        curve,
        "time n.event incidence std.err lower 95% upper 95%
   2       1   0.16667 0.16997   0.00422   0.55587
"
    );
    let groups = Groups::new(&["a", "a", "a", "b", "b", "b"]).unwrap();
    let by = AalenJohansen::new().fit_by(&data(), &groups).unwrap();
    assert!(by.to_string().contains("\nb, relapse 3      1"), "{by}");
    let lost = TimeLost::new(2.0).compare(&data(), &groups).unwrap();
    assert!(lost.to_string().contains("relapse, against a\n"), "{lost}");
}
