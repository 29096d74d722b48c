//! Start, tolerance and number of iterations mean the same for every model that has them.

use riskset::competing::FineGray;
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::SharedFrailty;
use riskset::{CompetingRisks, Design, Error, RightCensored, Ties};

const TIME: [f64; 12] = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.];
const X: [f64; 12] = [2.1, 0.3, 1.7, -0.4, 3.0, 0.2, -1.2, 1.1, -0.8, 0.9, -2.0, 0.1];

fn design() -> Design {
    Design::builder().numeric("x", &X).build().unwrap()
}

fn stopped_after(error: Error) -> usize {
    let Error::NotConverged { iterations, .. } = error else { panic!("{error}") };
    iterations
}

#[test]
fn fine_gray() {
    let cause = [1, 2, 1, 0, 1, 1, 2, 0, 1, 2, 1, 0];
    let data = CompetingRisks::from_codes(&TIME, &cause, &[(1, "relapse"), (2, "death")]).unwrap();
    let model = FineGray::new(data.cause("relapse").unwrap());
    let fit = model.clone().fit(&data, &design()).unwrap();
    let estimate = fit.coefficients()[0].estimate.unwrap();
    assert!(fit.convergence().iterations > 1);
    let few = model.clone().max_iterations(1).fit(&data, &design());
    assert_eq!(stopped_after(few.unwrap_err()), 1);
    // From the maximum it is not far.
    let again = model.clone().start(&[estimate]).fit(&data, &design()).unwrap();
    assert!(again.convergence().iterations < fit.convergence().iterations);
    let loose = model.clone().tolerance(0.5).fit(&data, &design()).unwrap();
    assert!(loose.convergence().iterations < fit.convergence().iterations);
    let error = model.tolerance(-1.0).fit(&data, &design()).unwrap_err();
    assert!(error.to_string().contains("`tolerance` is -1"), "{error}");
}

#[test]
fn conditional_logistic() {
    let case: Vec<bool> = (0..12).map(|row| row % 3 == 0).collect();
    let set: Vec<usize> = (0..12).map(|row| row / 3).collect();
    let fit = |model: ConditionalLogistic| model.fit(&case, &set, &design());
    let full = fit(ConditionalLogistic::new()).unwrap();
    let estimate = full.cox().coefficients()[0].estimate.unwrap();
    assert!(full.cox().convergence().iterations > 1);
    let few = fit(ConditionalLogistic::new().max_iterations(1));
    assert_eq!(stopped_after(few.unwrap_err()), 1);
    let again = fit(ConditionalLogistic::new().start(&[estimate])).unwrap();
    assert!(again.cox().convergence().iterations < full.cox().convergence().iterations);
    let loose = fit(ConditionalLogistic::new().tolerance(0.5)).unwrap();
    assert!(loose.cox().convergence().iterations < full.cox().convergence().iterations);
    // One case in each set: the treatments of ties are the same.
    let breslow = fit(ConditionalLogistic::new().ties(Ties::Breslow)).unwrap();
    let other = breslow.cox().coefficients()[0].estimate.unwrap();
    approx::assert_relative_eq!(other, estimate, max_relative = 1e-9);
    let last = "matched sets= 4, without a case= 0, without a control= 0\n";
    assert!(full.to_string().ends_with(last), "{full}");
}

#[test]
fn shared_frailty() {
    let event = [true, true, false, true, true, false, true, true, true, false, true, true];
    let data = RightCensored::new(&TIME, &event).unwrap();
    let data = data.with_clusters(&(0..12).map(|row| row / 3).collect::<Vec<_>>()).unwrap();
    let few = SharedFrailty::gamma().theta(0.5).max_iterations(1).fit(&data, &design());
    assert_eq!(stopped_after(few.unwrap_err()), 1);
    assert!(SharedFrailty::gamma().theta(0.5).fit(&data, &design()).is_ok());
}
