//! `examples/six_centres`: what centres send adds up to the fit of all their rows.

use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, RightCensored};

use crate::examples::trial;

#[path = "../../examples/six_centres/centre.rs"]
mod centre;
#[path = "../../examples/six_centres/coordinator.rs"]
mod coordinator;
#[path = "../../examples/six_centres/newton.rs"]
mod newton;
#[path = "../../examples/six_centres/patients.rs"]
mod patients;

use centre::{Centre, Grid};
use newton::Maximum;
use trial::{Endpoint, Row};

/// At both endpoints, by the day and by the year: then hundreds of events are tied across the centres.
fn trials() -> Vec<Vec<Row>> {
    let by_day = [Endpoint::Recurrence, Endpoint::Death].map(|at| patients::read(at).unwrap());
    let by_year = by_day.clone().map(|mut rows| {
        rows.iter_mut().for_each(|row| row.years = row.years.ceil());
        rows
    });
    by_day.into_iter().chain(by_year).collect()
}

fn pooled(rows: &[Row], by_centre: bool) -> CoxFit {
    let mut data = patients::observed(rows).unwrap();
    if by_centre {
        data = data.with_strata(&patients::centre_of(rows.len())).unwrap();
    }
    let design = patients::covariates(rows).unwrap();
    CoxPh::new().tolerance(1e-14).fit(&data, &design).unwrap()
}

#[track_caller]
fn same(found: &Maximum, pooled: &CoxFit) {
    let p = found.coefficients.len();
    assert_eq!(p, pooled.coefficients().len());
    let variance = pooled.vcov();
    for i in 0..p {
        let estimate = pooled.coefficients()[i].estimate.unwrap();
        assert!((found.coefficients[i] - estimate).abs() <= 1e-12, "{found:?}");
        for j in 0..p {
            let size = (variance[[i, i]] * variance[[j, j]]).sqrt();
            let off = (found.variance[i * p + j] - variance[[i, j]]).abs();
            assert!(off <= 1e-12 * size, "{i} {j}: {off:e} of {size:e}");
        }
    }
    let likelihood = pooled.log_likelihood();
    assert!((found.log_likelihood - likelihood).abs() <= 1e-12 * likelihood.abs());
}

#[test]
fn centres_with_their_own_baseline_hazards_add_up_to_the_stratified_fit() {
    for rows in trials() {
        let centres = patients::centres(&rows).unwrap();
        same(&coordinator::stratified(&centres).unwrap(), &pooled(&rows, true));
    }
}

#[test]
fn centres_with_one_baseline_hazard_add_up_to_the_pooled_fit() {
    for rows in trials() {
        let centres = patients::centres(&rows).unwrap();
        same(&coordinator::common(&centres).unwrap(), &pooled(&rows, false));
    }
}

/// On a grid of time no difference of sums is that of few patients, and the fit is that of the grid.
#[test]
fn on_a_grid_single_patients_are_hidden() {
    let rows = patients::read(Endpoint::Recurrence).unwrap();
    let centres = patients::centres(&rows).unwrap();
    let by_day = Grid { width: 1.0 / 365.25, end: 9.0 };
    let by_year = Grid { width: 1.0, end: 5.0 };
    assert!(coordinator::on_first_grid(&centres, &[by_day], 5).unwrap().is_none());
    let found = coordinator::on_first_grid(&centres, &[by_day, by_year], 5).unwrap();
    let (grid, coarse) = found.unwrap();
    assert_eq!(grid, by_year);
    let moved: Vec<Row> = rows.iter().map(|row| patients::on_grid(row, grid)).collect();
    same(&coordinator::common(&coarse).unwrap(), &pooled(&moved, false));

    let times = coordinator::event_times(&coarse);
    let mut sums = coarse.iter().map(|centre| centre.sums(&times, &[0.0; 6]));
    let mut total = sums.next().unwrap();
    for other in sums {
        total.iter_mut().zip(&other).for_each(|(sum, other)| sum.add(other));
    }
    assert!(coordinator::disclosed(&total).is_empty());
    let at_risk = |k: usize| total.get(k).map_or(0.0, |sum| sum.at_risk.total);
    for (k, sum) in total.iter().enumerate() {
        let (left, events) = (at_risk(k) - at_risk(k + 1), f64::from(sum.events));
        let enough = |n: f64| n == 0.0 || n >= 5.0;
        assert!(enough(events) && enough(left - events), "{k}: {left} {events}");
    }
}

#[test]
fn a_centre_sends_only_sums_of_the_same_size_whatever_its_rows() {
    let rows = patients::read(Endpoint::Death).unwrap();
    let centres = patients::centres(&rows).unwrap();
    let times = coordinator::event_times(&centres);
    assert!(times.is_sorted());
    let sizes = centres.iter().map(|centre| centre.sums(&times, &[0.0; 6]).len());
    assert!(sizes.into_iter().all(|size| size == times.len()));
    let mut n_at_start: Vec<f64> =
        centres.iter().map(|centre| centre.sums(&times, &[0.0; 6])[0].at_risk.total).collect();
    n_at_start.sort_by(f64::total_cmp);
    assert_eq!(n_at_start.iter().sum::<f64>(), 911.0);
}

/// The example warns of it, so it has to be true.
#[test]
fn differences_of_sums_are_the_covariates_of_single_patients() {
    let rows = patients::read(Endpoint::Recurrence).unwrap();
    let centres = patients::centres(&rows).unwrap();
    let times = coordinator::event_times(&centres);
    let design = patients::covariates(&rows).unwrap();
    let of = patients::centre_of(rows.len());
    let mut n = 0;
    for (place, centre) in centres.iter().enumerate() {
        let own: Vec<Vec<f64>> = (design.matrix().rows().into_iter().zip(&of))
            .filter(|(_, of)| **of == place)
            .map(|(row, _)| row.to_vec())
            .collect();
        for read in coordinator::disclosed(&centre.sums(&times, &[0.0; 6])) {
            let is_read = |row: &Vec<f64>| row.iter().zip(&read).all(|(a, b)| (a - b).abs() < 1e-9);
            assert!(own.iter().any(is_read), "{read:?}");
            n += 1;
        }
    }
    assert_eq!(n, 422);
}

#[test]
fn what_has_no_maximum_is_an_error() {
    let centre = |x: &[f64], names: &[&str]| {
        let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true; 4]).unwrap();
        let columns = names.iter().fold(Design::builder(), |design, name| design.numeric(name, x));
        Centre::new(data, columns.build().unwrap())
    };
    let says = |centres: &[Centre]| {
        let found = [coordinator::stratified(centres), coordinator::common(centres)];
        found.map(|found| found.unwrap_err())
    };
    assert_eq!(says(&[]), ["there is no centre"; 2]);
    let twice = centre(&[1.0, 0.0, 1.0, 0.0], &["a", "b"]);
    assert_eq!(says(&[twice]), ["the information is singular"; 2]);
    let mixed = [centre(&[1.0, 0.0, 1.0, 0.0], &["a"]), centre(&[1.0, 0.0, 1.0, 0.0], &["a", "b"])];
    assert_eq!(says(&mixed), ["the centres have different columns"; 2]);
}
