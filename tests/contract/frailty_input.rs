//! Shared frailty of data that have little to say: a typed answer, or a result without stand-ins.

use riskset::regression::cox::{CoefficientStatus, FrailtyFit, SharedFrailty};
use riskset::{CountingProcess, Design, Error, Result, RightCensored, Weights};

const TIME: [f64; 8] = [1., 2., 3., 4., 5., 6., 7., 8.];
const PAIRS: [u8; 8] = [1, 1, 2, 2, 3, 3, 4, 4];

fn models() -> [SharedFrailty; 2] {
    [SharedFrailty::gamma(), SharedFrailty::log_normal()]
}

fn design(x: &[f64]) -> Design {
    Design::builder().numeric("x", x).build().unwrap()
}

fn x() -> Design {
    design(&[1., 3., 2., 5., 4., 0., 2., 1.])
}

#[track_caller]
fn assert_finite(result: &Result<FrailtyFit>) {
    let Ok(fit) = result else { return };
    let text = format!("{fit:?}{fit}{fit:#}{:?}", fit.hazard_ratios(0.95));
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "NaN" || word == "inf"), "{text}");
}

fn text(result: Result<FrailtyFit>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn what_cannot_be_asked() {
    let data = RightCensored::new(&TIME, &[true; 8]).unwrap();
    let pairs = data.clone().with_clusters(&PAIRS).unwrap();
    for model in models() {
        assert_eq!(
            text(model.fit(&data, &x())),
            "SharedFrailty: a frailty without clusters is not possible; give the data clusters or ids"
        );
        let sampling = Weights::sampling(&[1.5; 8]).unwrap();
        assert_eq!(
            text(model.fit(&pairs.clone().with_weights(sampling).unwrap(), &x())),
            "SharedFrailty: a frailty under sampling weights is not possible; \
             use CoxPh, whose variance is robust"
        );
        for theta in [-1.0, f64::NAN, f64::INFINITY, 1e-300, 1e7] {
            assert!(
                text(model.clone().theta(theta).fit(&pairs, &x()))
                    .ends_with("must be 0 or from 1e-12 to 1e6")
            );
        }
        let option = |model: SharedFrailty| text(model.fit(&pairs, &x()));
        assert!(option(model.clone().confidence(1.0)).contains("`confidence` is 1"));
        assert!(option(model.clone().tolerance(0.0)).contains("`tolerance` is 0"));
        assert!(option(model.clone().max_iterations(0)).contains("`max_iterations` is 0"));
        let none = RightCensored::new(&TIME, &[false; 8]).unwrap().with_clusters(&PAIRS).unwrap();
        assert_eq!(model.fit(&none, &x()), Err(Error::NoEvents { rows: 8 }));
    }
}

#[test]
fn one_cluster() {
    let data = RightCensored::new(&TIME, &[true; 8]).unwrap().with_clusters(&["a"; 8]).unwrap();
    for model in models() {
        assert_eq!(
            text(model.fit(&data, &x())),
            "`clusters` has a single level, `a`: at least two are needed"
        );
    }
}

/// Clusters that never meet in a risk set: each a stratum, or each gone before the next enters.
#[test]
fn clusters_that_never_meet() {
    let strata = RightCensored::new(&TIME, &[true; 8]).unwrap();
    let strata = strata.with_strata(&PAIRS).unwrap().with_clusters(&PAIRS).unwrap();
    let entry = [0., 0., 2., 2., 4., 4., 6., 6.];
    let after = CountingProcess::new(&entry, &TIME, &[true; 8]).unwrap();
    let after = after.with_clusters(&PAIRS).unwrap();
    for model in models() {
        assert_eq!(model.fit(&strata, &x()), Err(Error::NothingToCompare));
        assert_eq!(model.fit(&after, &x()), Err(Error::NothingToCompare));
    }
}

#[test]
fn ids_serve_as_clusters() {
    let entry = [0., 1., 0., 2., 0., 3., 0., 4.];
    let exit = [1., 5., 2., 6., 3., 7., 4., 8.];
    let event = [true, true, false, true, true, false, true, true];
    let data = CountingProcess::new(&entry, &exit, &event).unwrap();
    let ids = data.clone().with_ids(&PAIRS).unwrap();
    let clusters = data.with_clusters(&PAIRS).unwrap();
    for model in models() {
        let [a, b] =
            [&ids, &clusters].map(|data| model.clone().theta(0.5).fit(data, &x()).unwrap());
        assert_eq!(a.frailties(), b.frailties());
        assert_eq!(a.log_likelihood(), b.log_likelihood());
    }
}

#[test]
fn few_events_many_clusters_all_tied() {
    let one = [true, false, false, false, false, false, false, false];
    let half = [true, true, true, true, false, false, false, false];
    let each = [0_u8, 1, 2, 3, 4, 5, 6, 7];
    for event in [one, half, [true; 8]] {
        for time in [TIME, [3.0; 8]] {
            for clusters in [PAIRS, each, [1, 1, 1, 1, 1, 1, 1, 2]] {
                let data = RightCensored::new(&time, &event).unwrap();
                let data = data.with_clusters(&clusters).unwrap();
                for model in models() {
                    for design in [x(), Design::empty(8), design(&[1e9; 8])] {
                        assert_finite(&model.fit(&data, &design));
                        for theta in [0.0, 1e-12, 1e-3, 1.0, 1e3, 1e6] {
                            assert_finite(&model.clone().theta(theta).fit(&data, &design));
                        }
                    }
                }
            }
        }
    }
}

/// A column that separates is infinite with frailties as it is without, and what is aliased stays so.
#[test]
fn separated_and_aliased_columns() {
    let event = [true, true, true, true, false, false, true, false];
    let data = RightCensored::new(&TIME, &event).unwrap().with_clusters(&[1, 2, 3, 4, 1, 2, 3, 4]);
    let data = data.unwrap();
    let early = [1., 1., 1., 1., 0., 0., 0., 0.];
    let other = [1., 3., 2., 5., 4., 0., 2., 1.];
    let design =
        Design::builder().numeric("early", &early).numeric("twice", &early.map(|x| 2.0 * x));
    let design = design.numeric("other", &other).build().unwrap();
    for model in models() {
        for model in [model.clone(), model.theta(0.5)] {
            let fit = model.fit(&data, &design);
            assert_finite(&fit);
            let fit = fit.unwrap();
            let status: Vec<CoefficientStatus> =
                fit.coefficients().iter().map(|c| c.status.clone()).collect();
            assert_eq!(status[0], CoefficientStatus::PlusInfinity);
            assert_eq!(status[1], CoefficientStatus::Aliased { of: vec!["early".to_owned()] });
            assert_eq!(status[2], CoefficientStatus::Finite);
            assert_eq!(fit.vcov()[[0, 0]], 0.0);
            assert!(fit.vcov()[[2, 2]] > 0.0);
            assert!(fit.warnings().len() >= 2);
        }
    }
}

#[test]
fn too_many_clusters_for_a_matrix() {
    let n = 2002;
    let time: Vec<f64> = (0..n).map(|i| f64::from(i * 7919 % n)).collect();
    let clusters: Vec<i32> = (0..n).map(|i| i / 2).collect();
    let event: Vec<bool> = (0..n).map(|i| i % 3 > 0).collect();
    let x: Vec<f64> = (0..n).map(|i| f64::from(i * 31 % 17)).collect();
    let data = RightCensored::new(&time, &event).unwrap().with_clusters(&clusters).unwrap();
    assert_eq!(
        text(SharedFrailty::log_normal().fit(&data, &design(&x))),
        "SharedFrailty: a log-normal frailty of more than 1000 clusters is not possible; \
         use a gamma frailty"
    );
    let fit = SharedFrailty::gamma().theta(0.5).fit(&data, &design(&x)).unwrap();
    assert_eq!(fit.effective_df(), None);
    assert!(fit.frailties().iter().all(|frailty| frailty.std_error_ln.is_none()));
    assert!(fit.coefficients()[0].std_error.unwrap() > 0.0);
}

#[test]
fn prints_what_was_found() {
    let time = [8., 16., 23., 13., 22., 28., 447., 318., 30., 12., 24., 245.];
    let event = [1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1].map(|e| e == 1);
    let patient = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6];
    let sex = [1., 1., 2., 2., 1., 1., 2., 2., 1., 1., 2., 2.];
    let data = RightCensored::new(&time, &event).unwrap().with_clusters(&patient).unwrap();
    let design = Design::builder().numeric("sex", &sex).build().unwrap();
    let fit = SharedFrailty::gamma().fit(&data, &design).unwrap();
    let lines: Vec<String> = fit.to_string().lines().map(str::to_owned).collect();
    assert!(lines[0].trim_start().starts_with("coef exp(coef) se(coef)"), "{fit}");
    assert!(lines[3].starts_with("Shared gamma frailty of 6 clusters: variance = "), "{fit}");
    assert!(lines[4].starts_with("Effective degrees of freedom = "), "{fit}");
    assert!(lines[5].starts_with("Marginal log-likelihood = "), "{fit}");
    assert!(lines[6].starts_with("Likelihood ratio test at the boundary = "), "{fit}");
    assert_eq!(lines[7], "n= 12, number of events= 11");
    assert!(format!("{fit:#}").contains("lower .95"));
    let given = SharedFrailty::log_normal().theta(0.25).fit(&data, &design).unwrap().to_string();
    let line = "Shared log-normal frailty of 6 clusters: variance = 0.2500 (given)";
    assert!(given.contains(line), "{given}");
    assert!(!given.contains("boundary"), "{given}");
}
