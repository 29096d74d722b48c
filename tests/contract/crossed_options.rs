//! Options of a Cox model that do not go together, and diagnostics of fits that have none: each a typed
//! refusal that says what to do instead.

use riskset::data::Variance;
use riskset::inference::CumulativeSums;
use riskset::regression::cox::TimeFunction;
use riskset::{CoxPh, Design, RightCensored, Ties};

const X: [f64; 8] = [0.3, -1.2, 0.8, 0.1, 1.4, -0.6, 0.2, -0.9];
const Z: [f64; 8] = [1., 0., 1., 1., 0., 0., 1., 0.];
const V: [f64; 8] = [2., 3., 5., 1., 4., 0., 6., 7.];

fn data() -> RightCensored {
    let event = [true, true, false, true, true, false, true, false];
    RightCensored::new(&[1., 2., 2., 4., 5., 6., 7., 8.], &event).unwrap()
}

fn design() -> Design {
    Design::builder().numeric("x", &X).numeric("z", &Z).numeric("v", &V).build().unwrap()
}

#[track_caller]
fn text<T>(result: riskset::Result<T>) -> String {
    result.err().unwrap().to_string()
}

#[test]
fn options_that_exclude_each_other() {
    let fit = |model: CoxPh| text(model.fit(&data(), &design()));
    assert_eq!(
        fit(CoxPh::new().ties(Ties::ExactPartial).firth()),
        "CoxPh: Firth's penalty under Ties::ExactPartial is not possible; use Ties::Efron or \
         Ties::Breslow"
    );
    assert_eq!(
        fit(CoxPh::new().ties(Ties::ExactPartial).variance(Variance::Robust)),
        "CoxPh: the robust variance under Ties::ExactPartial is not possible; use Ties::Efron or \
         Ties::Breslow, or Variance::ModelBased"
    );
    let following = "CoxPh: a penalty on coefficients that follow time is not possible; cut the rows as a \
                     CountingProcess, with the product as a column";
    assert_eq!(fit(CoxPh::new().time_varying("x", TimeFunction::Log).ridge(0.1)), following);
    assert_eq!(fit(CoxPh::new().time_varying("x", TimeFunction::Log).firth()), following);
}

#[test]
fn diagnostics_of_a_penalised_fit() {
    let (data, design) = (data(), design());
    for model in [CoxPh::new().ridge(0.1), CoxPh::new().firth()] {
        let fit = model.fit(&data, &design).unwrap();
        let refused = |what: &str| {
            format!(
                "CoxFit: {what} is not possible; fit without a penalty, or use \
                 profile_hazard_ratios after firth"
            )
        };
        let terms = refused("a test of terms in a penalised fit");
        assert_eq!(text(fit.term_tests(&data, &design)), terms);
        assert_eq!(text(fit.sequential_tests(&data, &design)), terms);
        let score = refused("a score test in a penalised fit");
        assert_eq!(text(fit.proportionality(&data, &design)), score);
        let sums = CumulativeSums::new().simulations(9);
        let sums = text(sums.functional_form(&fit, &data, &design));
        assert_eq!(sums, refused("a test by cumulative sums of a penalised fit"));
        // What rests on the estimate alone is there.
        let residuals = fit.residuals(&data, &design).unwrap().martingale();
        assert!(residuals.iter().sum::<f64>().abs() < 1e-12);
        assert!(fit.baseline(&data, &design).is_ok());
        assert!(fit.concordance(&data, &design).unwrap().concordance > 0.5);
    }
}

#[test]
fn term_tests_of_exact_fits_and_of_coefficients_that_follow_time() {
    let (data, design) = (data(), design());
    let exact = CoxPh::new().ties(Ties::ExactPartial).fit(&data, &design).unwrap();
    let without_x = Design::builder().numeric("z", &Z).numeric("v", &V).build().unwrap();
    let smaller = CoxPh::new().ties(Ties::ExactPartial).fit(&data, &without_x).unwrap();
    let tests = exact.term_tests(&data, &design).unwrap();
    let ratio = tests.term("x").unwrap().likelihood_ratio.unwrap();
    let expected = 2.0 * (exact.log_likelihood() - smaller.log_likelihood());
    assert!((ratio.statistic - expected).abs() < 1e-9);

    let model = CoxPh::new().time_varying("x", TimeFunction::Identity);
    let following = model.fit(&data, &design).unwrap();
    let plain = CoxPh::new().fit(&data, &design).unwrap();
    let tests = following.term_tests(&data, &design).unwrap();
    let ratio = tests.term("x:time").unwrap().likelihood_ratio.unwrap();
    let expected = 2.0 * (following.log_likelihood() - plain.log_likelihood());
    assert!((ratio.statistic - expected).abs() < 1e-9);
}

/// Two clusters cannot tell the variance of three coefficients.
#[test]
fn a_singular_sandwich_gives_no_test_of_all_coefficients() {
    let data = data().with_clusters(&[1, 1, 1, 1, 2, 2, 2, 2]).unwrap();
    let fit = CoxPh::new().fit(&data, &design()).unwrap();
    assert!(fit.is_robust());
    assert_eq!((fit.wald(), fit.robust_score()), (None, None));
    assert!(fit.likelihood_ratio().is_some() && fit.score().is_some());
    let many = self::data().with_clusters(&[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
    let fit = CoxPh::new().fit(&many, &design()).unwrap();
    assert_eq!(fit.wald().unwrap().df, Some(3));
    assert!(fit.robust_score().is_some());
}
