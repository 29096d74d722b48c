//! Fine–Gray models of hard input: what is refused, in which words, what is warned of, how it prints.

use riskset::competing::{CensoringTies, FineGray, FineGrayFit, FineGrayVariance};
use riskset::data::{Cause, SurvivalData};
use riskset::regression::cox::CoefficientStatus;
use riskset::{CompetingRisks, Design, Profile, Result, Ties, Warning, Weights};

const NAMES: [(u32, &str); 3] = [(1, "relapse"), (2, "death"), (3, "other")];
const TIME: [f64; 8] = [1., 2., 3., 3., 4., 5., 6., 7.];
const CODES: [u32; 8] = [1, 2, 1, 0, 2, 1, 0, 1];
const X: [f64; 8] = [0.3, 1.2, 0.1, 0.9, -0.4, 0.2, 0.8, -0.1];

fn cause(code: u32) -> Cause {
    Cause::new(code).unwrap()
}

fn model() -> FineGray {
    FineGray::new(cause(1))
}

fn data() -> CompetingRisks {
    CompetingRisks::from_codes(&TIME, &CODES, &NAMES).unwrap()
}

fn design(x: &[f64]) -> Design {
    Design::builder().numeric("x", x).build().unwrap()
}

#[track_caller]
fn text<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn what_is_refused_says_why() {
    let (data, x) = (data(), design(&X));
    let of = |code| FineGray::new(cause(code)).fit(&data, &x);
    assert_eq!(text(of(4)), "no cause is named `4`; there are 1, 2, 3");
    assert_eq!(text(of(3)), "no events of cause `other` among 8 rows");
    assert_eq!(
        text(model().ties(Ties::ExactPartial).fit(&data, &x)),
        "FineGray: Ties::ExactPartial is not possible; use Ties::Breslow or Ties::Efron"
    );
    let sampled = data.clone().with_weights(Weights::sampling(&[1.5; 8]).unwrap()).unwrap();
    assert_eq!(
        text(model().variance(FineGrayVariance::ModelBased).fit(&sampled, &x)),
        "FineGray: the model-based variance under sampling weights is not possible; \
         use FineGrayVariance::EstimatedWeights"
    );
    assert_eq!(text(model().fit(&data, &design(&X[1..]))), "`design` has 7 rows, expected 8");
    assert_eq!(
        text(model().tolerance(f64::NAN).fit(&data, &x)),
        "option `tolerance` is NaN: must be between 0 and 1"
    );
    assert_eq!(text(model().start(&[1.0, 2.0]).fit(&data, &x)), "`start` has 2 rows, expected 1");
    assert_eq!(
        text(data.clone().with_censoring_strata(&["a", "b"])),
        "`censoring strata` has 2 rows, expected 8"
    );
}

#[test]
fn delayed_entry() {
    let process = |entry: &[f64], exit: &[f64], codes: &[u32]| {
        CompetingRisks::counting_process(entry, exit, codes, &NAMES).unwrap()
    };
    let pieces = process(&[0., 1., 0., 0.], &[1., 3., 2., 4.], &[0, 1, 2, 1]);
    let pieces = pieces.with_ids(&["a", "a", "b", "c"]).unwrap();
    assert_eq!(
        text(model().fit(&pieces, &design(&X[..4]))),
        "FineGray: a subject of several rows is not possible; \
         give each subject one row from its entry to its exit"
    );
    // All who are under observation just after 3 have entered there: nothing tells how many are missing.
    let anew = process(&[0., 0., 0., 3., 3.], &[1., 2., 3., 5., 6.], &[1, 2, 1, 1, 0]);
    assert_eq!(
        text(model().fit(&anew, &design(&X[..5]))),
        "the weights of competing events are not defined from time 3 on (censoring stratum `all`): \
         nobody who was under observation before is still there"
    );
    // The last of those observed is censored at 3, and others enter later: after the event at 2 a row
    // weighs nothing; one after 3 has no weight.
    let gone = process(&[0., 0., 0., 0., 2.5], &[1., 2., 2.5, 3., 6.], &[1, 2, 1, 0, 1]);
    assert!(model().fit(&gone, &design(&X[..5])).is_ok());
}

/// One who is censored last in a stratum of the censoring leaves its competing events without a weight.
#[test]
fn a_censoring_distribution_that_ends() {
    let groups = ["a", "a", "b", "a", "b", "b", "b", "b"];
    let codes = [1, 2, 1, 0, 2, 1, 0, 1];
    let data = CompetingRisks::from_codes(&TIME, &codes, &NAMES).unwrap();
    let fit = model().fit(&data.with_censoring_strata(&groups).unwrap(), &design(&X)).unwrap();
    let warning = Warning::CensoringReachesZero { group: "a".to_owned(), time: 3.0 };
    assert_eq!(fit.warnings(), std::slice::from_ref(&warning));
    assert_eq!(
        warning.to_string(),
        "nobody is observed after 3 in the censoring stratum `a`: \
         its rows with a competing event weigh nothing from then on"
    );
}

#[test]
fn predictions_that_are_refused() {
    let (data, x) = (data(), design(&X));
    let fit = model().fit(&data, &x).unwrap();
    assert_eq!(
        text(fit.incidence(&data, &x, &[1.0, f64::NAN])),
        "option `times` is NaN: must be a number"
    );
    let codes = [2, 1, 1, 0, 2, 1, 0, 1];
    let other = CompetingRisks::from_codes(&TIME, &codes, &NAMES).unwrap();
    assert_eq!(
        text(fit.incidence(&other, &x, &[1.0])),
        "the log-likelihood at the estimate is not that of the fit: \
         give the rows and the design it was made from"
    );
    let incidence = fit.incidence(&data, &x, &[0.0, 3.0, 9.0]).unwrap();
    assert_eq!(text(incidence.at(&Profile::new())), "the profile says nothing about `x`");
    let person = Profile::new().number("x", 0.5);
    assert_eq!(
        text(incidence.clone().confidence(1.5).at(&person)),
        "option `confidence` is 1.5: must be between 0 and 1"
    );
    let far = Profile::new().number("x", 1e300);
    assert!(incidence.at(&far).is_err());
    let at = incidence.at(&person).unwrap();
    assert_eq!(at[0].cumulative_incidence, 0.0);
    assert_eq!((at[0].interval.lower, at[0].interval.upper), (Some(0.0), Some(0.0)));
    assert!(!at[1].beyond_follow_up && at[2].beyond_follow_up);
    let strata = data.clone().with_strata(&["a", "b", "a", "b", "a", "b", "a", "b"]).unwrap();
    let fit = model().fit(&strata, &x).unwrap();
    assert_eq!(
        text(fit.incidence(&strata, &x, &[1.0])),
        "FineGrayFit: a prediction without a stratum from a model with strata is not possible; \
         name the stratum"
    );
    assert_eq!(
        text(fit.incidence_in("c", &strata, &x, &[1.0])),
        "no stratum is named `c`; there are a, b"
    );
    assert!(fit.incidence_in("b", &strata, &x, &[5.0]).is_ok());
}

#[track_caller]
fn assert_finite(fit: Result<FineGrayFit>) {
    let Ok(fit) = fit else { return };
    assert!(fit.vcov().iter().all(|value| value.is_finite()));
    assert!(fit.log_pseudo_likelihood().is_finite());
    for coefficient in fit.coefficients() {
        let numbers = [coefficient.estimate, coefficient.std_error];
        assert!(numbers.into_iter().flatten().all(f64::is_finite));
    }
}

#[test]
fn nothing_that_is_not_finite_comes_out() {
    let models = [
        model(),
        model().censoring_ties(CensoringTies::Cmprsk).ties(Ties::Efron),
        model().variance(FineGrayVariance::ModelBased),
    ];
    for model in models {
        let fit = |time: &[f64], codes: &[u32], design: &Design| {
            let data = CompetingRisks::from_codes(time, codes, &NAMES).unwrap();
            assert_finite(model.fit(&data, design));
        };
        fit(&[1.0], &[1], &design(&[2.0]));
        fit(&[1.0, 1.0, 1.0], &[1, 2, 0], &design(&[2.0, 1.0, 3.0]));
        fit(&[0.0, 0.0, 1.0], &[2, 0, 1], &design(&[2.0, 1.0, 3.0]));
        fit(&TIME, &[1; 8], &design(&X));
        fit(&TIME, &CODES, &design(&[1.0; 8]));
        fit(&TIME, &CODES, &design(&X.map(|x| x * 1e80)));
        fit(&TIME, &CODES, &design(&X.map(|x| 1e12 + x)));
        for size in [800.0, -800.0, 1e8] {
            let offset: Vec<f64> = X.iter().map(|x| if *x > 0.5 { size } else { 0.0 }).collect();
            let builder = Design::builder().numeric("x", &X).offset(&offset);
            fit(&TIME, &CODES, &builder.build().unwrap());
        }
        fit(&TIME, &CODES, &Design::empty(8));
    }
}

/// The one with the highest x has the event while those with a competing event stay below it.
#[test]
fn aliased_and_infinite_coefficients_have_a_status() {
    let codes = [1, 2, 1, 0, 2, 1, 0, 1];
    let data = CompetingRisks::from_codes(&TIME, &codes, &NAMES).unwrap();
    let falling = [8., 0., 7., 0., 0., 6., 0., 5.];
    let twice: Vec<f64> = falling.iter().map(|x| 2.0 * x).collect();
    let design = Design::builder().numeric("x", &falling).numeric("twice", &twice).build();
    let fit = model().fit(&data, &design.unwrap()).unwrap();
    assert_eq!(fit.coefficients()[0].status, CoefficientStatus::PlusInfinity);
    let of = vec!["x".to_owned()];
    assert_eq!(fit.coefficients()[1].status, CoefficientStatus::Aliased { of });
    // Among those at risk in the ordinary sense x = 9 is not there at 3 and later: it is, with a weight.
    let stays = [8., 9., 7., 0., 0., 6., 0., 5.];
    let fit = model().fit(&data, &self::design(&stays)).unwrap();
    assert_eq!(fit.coefficients()[0].status, CoefficientStatus::Finite);
}

/// Once all of its stratum of the censoring have left, one with a competing event counts no more: with x = 9 it
/// does not keep those from being the highest who have the event later.
#[test]
fn a_weight_of_0_holds_no_coefficient_back() {
    let codes = [2, 0, 1, 0, 1, 0];
    let data = CompetingRisks::from_codes(&TIME[..6], &codes, &NAMES[..2]).unwrap();
    let x = design(&[9.0, 0.0, 4.0, 2.5, 2.0, 1.0]);
    let fit = |groups: [&str; 6]| {
        let fit = model().fit(&data.clone().with_censoring_strata(&groups).unwrap(), &x).unwrap();
        fit.coefficients()[0].status.clone()
    };
    assert_eq!(fit(["a", "a", "b", "b", "b", "b"]), CoefficientStatus::PlusInfinity);
    // Where one of them is still there at the first of the events.
    assert_eq!(fit(["a", "a", "a", "b", "b", "b"]), CoefficientStatus::Finite);
}

fn counts(data: &CompetingRisks<impl SurvivalData>) -> [f64; 4] {
    let fit = model().fit(data, &design(&X)).unwrap();
    [fit.n(), fit.n_events(), fit.n_competing(), fit.n_censored()]
}

#[test]
fn rows_are_counted_and_frequencies_as_often_as_they_say() {
    assert_eq!(counts(&data()), [8.0, 4.0, 2.0, 2.0]);
    let weights = Weights::frequency(&[2, 1, 1, 3, 1, 1, 1, 1]).unwrap();
    assert_eq!(counts(&data().with_weights(weights).unwrap()), [11.0, 5.0, 2.0, 4.0]);
}

#[test]
fn it_prints() {
    let fit = model().fit(&data(), &design(&X)).unwrap();
    let found = fit.to_string();
    assert!(found.starts_with("Fine-Gray model of the cause relapse\n"), "{found}");
    assert!(found.contains("coef exp(coef) robust se"), "{found}");
    assert!(found.contains("n= 8, events= 4, competing events= 2, censored= 2\n"), "{found}");
    assert!(format!("{fit:#}").contains("lower .95"), "{fit:#}");
}
