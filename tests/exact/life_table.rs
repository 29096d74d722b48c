//! Life tables against published and hand-computed ones.
#![allow(clippy::excessive_precision, reason = "17 digits, as R prints them")]

use approx::assert_relative_eq;
use riskset::nonparametric::{LifeTable, LifeTableInterval};
use riskset::{Groups, RightCensored, Weights};

const DEATHS: [f64; 16] =
    [456., 226., 152., 171., 135., 125., 83., 74., 51., 42., 43., 34., 18., 9., 6., 0.];
const LOST: [f64; 16] =
    [0., 39., 22., 23., 24., 107., 133., 102., 68., 64., 45., 53., 33., 27., 23., 30.];

fn years() -> Vec<f64> {
    (0..16).map(f64::from).collect()
}

fn columns(interval: &LifeTableInterval) -> [Option<f64>; 8] {
    [
        Some(interval.n_enter),
        Some(interval.n_exposed),
        Some(interval.survival),
        interval.density,
        interval.hazard,
        interval.std_error,
        interval.std_error_density,
        interval.std_error_hazard,
    ]
}

/// `KMsurv::lifetab(c(0:15, NA), 2418, lost, deaths)`: nsubs, nrisk, surv, pdf, hazard, se.surv,
/// se.pdf, se.hazard.
#[test]
fn angina_agrees_with_lifetab() {
    let expected: [(usize, &[f64]); 6] = [
        (
            0,
            &[
                2418.,
                2418.,
                1.,
                0.18858560794044665,
                0.20821917808219179,
                0.,
                0.007955133607336743,
                0.0096977691426830773,
            ],
        ),
        (
            1,
            &[
                1962.,
                1942.5,
                0.81141439205955335,
                0.094403939565229966,
                0.1235310194042088,
                0.0079551336073367413,
                0.0059751782486874268,
                0.0082014720567098031,
            ],
        ),
        (
            2,
            &[
                1697.,
                1686.,
                0.71701045249432338,
                0.064641511731398094,
                0.094409937888198764,
                0.0091793968959514513,
                0.0050691999381317311,
                0.0076491205748376572,
            ],
        ),
        (
            7,
            &[
                722.,
                671.,
                0.41720734137835813,
                0.046010943758567069,
                0.1167192429022082,
                0.01045093023876742,
                0.0051750939434211385,
                0.013545210847917552,
            ],
        ),
        (
            14,
            &[
                59.,
                47.5,
                0.1635736844805431,
                0.020661939092279119,
                0.1348314606741573,
                0.012259921014017577,
                0.0080351198201441317,
                0.054919485044519607,
            ],
        ),
        (15, &[30., 15., 0.14291174538826398]),
    ];
    let table = LifeTable::new(&years()).of_counts(&DEATHS, &LOST).unwrap();
    assert_eq!(table.intervals().len(), 16);
    for (place, expected) in expected {
        let ours = columns(&table.intervals()[place]);
        for (ours, r) in ours.into_iter().zip(expected) {
            assert_relative_eq!(ours.unwrap(), *r, max_relative = 1e-13);
        }
    }
    let open = &table.intervals()[15];
    assert_eq!((open.end, open.density, open.hazard), (None, None, None));
    assert_relative_eq!(open.std_error.unwrap(), 0.013300257770336782, max_relative = 1e-13);
}

#[test]
fn rows_and_counts_give_one_table() {
    let (mut time, mut event, mut count) = (Vec::new(), Vec::new(), Vec::new());
    for (year, (&deaths, &lost)) in DEATHS.iter().zip(&LOST).enumerate() {
        for (n, died) in [(deaths, true), (lost, false)].into_iter().filter(|(n, _)| *n > 0.0) {
            // A time on the boundary belongs to the interval that starts there.
            time.push(year as f64 + if died { 0.0 } else { 0.75 });
            event.push(died);
            count.push(n as u64);
        }
    }
    let data = RightCensored::new(&time, &event).unwrap();
    let data = data.with_weights(Weights::frequency(&count).unwrap()).unwrap();
    let estimator = LifeTable::new(&years());
    let table = estimator.fit(&data).unwrap();
    assert_eq!(table, estimator.of_counts(&DEATHS, &LOST).unwrap());
    let groups = Groups::new(&vec!["men"; time.len()]).unwrap();
    assert_eq!(estimator.fit_by(&data, &groups).unwrap().get("men").unwrap(), &table);
}

/// Four enter, one is lost and one dies in \[0, 2), the other two die in \[2, 3), nobody is left.
#[test]
fn a_table_that_ends_by_hand() {
    let table = LifeTable::new(&[0., 2., 3.]).of_counts(&[1., 2., 0.], &[1., 0., 0.]).unwrap();
    let [first, second, open] = table.intervals() else { panic!("three intervals") };
    assert_eq!((first.n_exposed, second.n_exposed, open.n_enter), (3.5, 2.0, 0.0));
    assert_relative_eq!(first.hazard.unwrap(), 1.0 / (2.0 * 3.0));
    assert_relative_eq!(second.survival, 2.5 / 3.5);
    assert_relative_eq!(second.std_error.unwrap(), 2.5 / 3.5 * (1.0_f64 / (3.5 * 2.5)).sqrt());
    assert_relative_eq!(second.hazard.unwrap(), 2.0);
    assert_eq!(second.std_error_hazard, Some(0.0));
    assert_eq!((open.survival, open.std_error, open.hazard), (0.0, None, None));
}

/// After the last censoring nobody enters: what has survived stays, and there are no rates.
#[test]
fn intervals_without_rows_leave_the_survival() {
    let data = RightCensored::new(&[1., 2., 3., 4.], &[true, false, true, false]).unwrap();
    let table = LifeTable::new(&[0., 5., 10., 15.]).fit(&data).unwrap();
    let [_, second, third, open] = table.intervals() else { panic!("four intervals") };
    for later in [second, third, open] {
        assert_eq!(later.n_enter, 0.0);
        // Two of three exposed have the event.
        assert_relative_eq!(later.survival, 1.0 / 3.0, max_relative = 1e-14);
        assert_relative_eq!(later.std_error.unwrap(), (2.0 / 27.0_f64).sqrt());
        assert_eq!((later.density, later.hazard), (None, None));
        assert_eq!((later.std_error_density, later.std_error_hazard), (None, None));
    }
}

/// Where rates are numbers and their standard errors overflow there is neither.
#[test]
fn rates_without_an_error_are_none() {
    let data = RightCensored::new(&[0., 0., 1., 1.], &[true, false, true, false]).unwrap();
    let data = data.with_weights(Weights::case(&[1e-40; 4]).unwrap()).unwrap();
    let table = LifeTable::new(&[0., 1e-290]).fit(&data).unwrap();
    let first = &table.intervals()[0];
    assert_eq!((first.density, first.std_error_density), (None, None));
    assert_eq!((first.hazard, first.std_error_hazard), (None, None));
}
