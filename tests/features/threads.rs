//! The same bits for any number of threads.

use riskset::inference::CumulativeSums;
use riskset::validation::Bootstrap;
use riskset::{CoxPh, Design, RightCensored};

use super::uniform;

#[test]
fn a_cox_fit_has_the_same_bits_on_one_two_and_eight_threads() {
    let (n, mut state) = (20_000, 7);
    let mut column =
        |scale: f64| -> Vec<f64> { (0..n).map(|_| scale * uniform(&mut state)).collect() };
    let (time, x, z) = (column(1000.0), column(1.0), column(10.0));
    let event: Vec<bool> = column(1.0).iter().map(|u| *u < 0.4).collect();
    let data = RightCensored::new(&time, &event).unwrap();
    let design = Design::builder().numeric("x", &x).numeric("z", &z).build().unwrap();
    let fits: Vec<_> = [1, 2, 8]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| CoxPh::new().fit(&data, &design).unwrap())
        })
        .collect();
    assert_eq!(fits[0], fits[1]);
    assert_eq!(fits[0], fits[2]);
    assert!(fits[0].coefficients()[0].std_error.unwrap() > 0.0);
}

#[test]
fn diagnostics_have_the_same_bits_on_one_two_and_eight_threads() {
    let (n, mut state) = (9_000, 11);
    let mut column =
        |scale: f64| -> Vec<f64> { (0..n).map(|_| (scale * uniform(&mut state)).ceil()).collect() };
    let (time, x, z) = (column(50.0), column(9.0), column(9.0));
    let event: Vec<bool> = column(10.0).iter().map(|u| *u < 5.0).collect();
    let data = RightCensored::new(&time, &event).unwrap();
    let design = Design::builder().numeric("x", &x).numeric("z", &z).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let sums = CumulativeSums::new().simulations(50).seed(3);
    let results: Vec<_> = [1, 2, 8]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let form = sums.functional_form(&fit, &data, &design).unwrap();
                let proportional = sums.proportionality(&fit, &data, &design).unwrap();
                (fit.proportionality(&data, &design).unwrap(), form, proportional)
            })
        })
        .collect();
    assert_eq!(results[0], results[1]);
    assert_eq!(results[0], results[2]);
    assert!(results[0].1[0].simulated.iter().any(|value| *value != 0.0));
}

/// Each replicate depends on the seed and its number, not on who computes it.
#[test]
fn a_bootstrap_has_the_same_bits_on_one_two_and_eight_threads() {
    let (n, mut state) = (120, 11);
    let mut column =
        |scale: f64| -> Vec<f64> { (0..n).map(|_| scale * uniform(&mut state)).collect() };
    let (time, x, z) = (column(10.0), column(1.0), column(3.0));
    let event: Vec<bool> = column(1.0).iter().map(|u| *u < 0.6).collect();
    let clusters: Vec<usize> = (0..n).map(|row| row / 2).collect();
    let data = RightCensored::new(&time, &event).unwrap().with_clusters(&clusters).unwrap();
    let design = Design::builder().numeric("x", &x).numeric("z", &z).build().unwrap();
    let fits: Vec<_> = [1, 2, 8]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let bootstrap = Bootstrap::new(5).replicates(200);
            pool.install(|| bootstrap.fit_cox(&data, &design, &CoxPh::new()).unwrap())
        })
        .collect();
    assert_eq!(fits[0], fits[1]);
    assert_eq!(fits[0], fits[2]);
    assert_eq!(fits[0].values().dim(), (200, 2));
}
