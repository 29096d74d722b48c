//! Cumulative incidence and its three variances in exact fractions, by their definitions.

use num_rational::BigRational;
use num_traits::{One, Zero};
use riskset::AalenJohansen;
use riskset::competing::{AalenJohansenFit, IncidenceVariance, TimeLost, TimeLostFit};
use riskset::data::Cause;

use super::oracle::{COLUMNS, Columns, number, whole};
use crate::sample::{CAUSES, Sample, assert_close, check, tied};

fn fit(sample: &Sample, columns: Columns, variance: IncidenceVariance) -> AalenJohansenFit {
    let aj = AalenJohansen::new().variance(variance);
    match (columns.entry, columns.counts) {
        (false, false) => aj.fit(&sample.competing_risks()),
        (false, true) => {
            aj.fit(&sample.competing_risks().with_weights(sample.frequency()).unwrap())
        }
        (true, false) => aj.fit(&sample.competing_process()),
        (true, true) => {
            aj.fit(&sample.competing_process().with_weights(sample.frequency()).unwrap())
        }
    }
    .unwrap()
}

/// One time at which somebody leaves.
struct Time {
    time: f64,
    n_risk: BigRational,
    /// Events of each cause.
    n_event: Vec<BigRational>,
    /// S just before and at the time.
    before: BigRational,
    after: BigRational,
    /// F of each cause at the time.
    incidence: Vec<BigRational>,
}

impl Time {
    fn any(&self) -> BigRational {
        self.n_event.iter().sum()
    }
}

fn walk(sample: &Sample, columns: Columns) -> Vec<Time> {
    let mut times = sample.exit();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let codes = sample.codes();
    let (mut survival, mut incidence) = (BigRational::one(), vec![BigRational::zero(); 3]);
    let time = |time: f64| {
        let n_risk = whole(columns.at_risk(sample.rows.iter(), time));
        let of_cause = |(code, _): &(u32, &str)| {
            let rows = sample.rows.iter().zip(&codes);
            let rows = rows.filter(|(_, of_row)| *of_row == code).map(|(row, _)| row);
            whole(columns.events(rows, time))
        };
        let n_event: Vec<BigRational> = CAUSES.iter().map(of_cause).collect();
        let before = survival.clone();
        for (sum, d) in incidence.iter_mut().zip(&n_event) {
            *sum += &before * d / &n_risk;
        }
        survival -= &before * n_event.iter().sum::<BigRational>() / &n_risk;
        let (after, incidence) = (survival.clone(), incidence.clone());
        Time { time, n_risk, n_event, before, after, incidence }
    };
    times.into_iter().map(time).collect()
}

/// What a hazard of size `a` still does to F of the cause between two times.
fn ahead(at: &Time, end: &Time, cause: usize) -> BigRational {
    match at.after.is_zero() {
        true => BigRational::zero(),
        false => (&end.incidence[cause] - &at.incidence[cause]) / &at.after,
    }
}

fn aalen(d: &BigRational, y: &BigRational) -> BigRational {
    if d.is_zero() {
        return BigRational::zero();
    }
    match *d == BigRational::one() {
        true => (y * y).recip(),
        false => d * (y - d) / (y * y * (y - BigRational::one())),
    }
}

/// Var eₖ, Cov(eₖ, e) and Var e.
fn errors(at: &Time, cause: usize, kind: IncidenceVariance) -> [BigRational; 3] {
    let (y, d, dk) = (&at.n_risk, at.any(), &at.n_event[cause]);
    match kind {
        IncidenceVariance::Delta => {
            let y3 = y * y * y;
            [dk * (y - dk) / &y3, dk * (y - &d) / &y3, &d * (y - &d) / &y3]
        }
        _ => {
            let own = aalen(dk, y);
            [own.clone(), own.clone(), own + aalen(&(&d - dk), y)]
        }
    }
}

fn model_based(times: &[Time], cause: usize, kind: IncidenceVariance) -> BigRational {
    let Some(end) = times.last() else { return BigRational::zero() };
    let term = |at: &Time| {
        let ([own, both, any], g) = (errors(at, cause, kind), ahead(at, end, cause));
        &at.before * &at.before * (own - whole(2) * &g * both + &g * &g * any)
    };
    times.iter().map(term).sum()
}

/// The influence of each row on F at the last of the times.
fn influence(sample: &Sample, columns: Columns, times: &[Time], cause: usize) -> Vec<BigRational> {
    let Some(end) = times.last() else { return vec![BigRational::zero(); sample.rows.len()] };
    let codes = sample.codes();
    let of_row = |row: usize| {
        let (rows, code) = (&sample.rows, CAUSES[cause].0);
        let at_risk =
            |at: &&Time| (!columns.entry || rows[row].entry < at.time) && at.time <= rows[row].exit;
        let term = |at: &Time| {
            let leaves = |is: bool| match is && rows[row].exit == at.time {
                true => BigRational::one(),
                false => BigRational::zero(),
            };
            let (y, d) = (&at.n_risk, at.any());
            let own = leaves(codes[row] == code) - &at.n_event[cause] / y;
            let any = leaves(rows[row].event) - d / y;
            &at.before * (own - ahead(at, end, cause) * any) / y
        };
        times.iter().filter(at_risk).map(term).sum::<BigRational>()
    };
    (0..sample.rows.len()).map(of_row).collect()
}

/// Σ over rows of their squares.
fn squares(sample: &Sample, columns: Columns, influence: &[BigRational]) -> BigRational {
    let count = |row: usize| whole(if columns.counts { sample.rows[row].count } else { 1 });
    influence.iter().enumerate().map(|(row, value)| count(row) * value * value).sum()
}

/// What each time of the curve contributes up to τ: how long F stays as it is there.
fn lengths(times: &[Time], tau: f64) -> Vec<BigRational> {
    let next = times.iter().skip(1).map(|at| at.time).chain([tau]);
    let length = |(at, next): (&Time, f64)| {
        BigRational::from_float((next.min(tau) - at.time).max(0.0)).unwrap()
    };
    times.iter().zip(next).map(length).collect()
}

/// The variance of ∫₀^τ F from the covariances of F(s) and F(t), each the variance of Fₖ at the earlier
/// time and what it carries on.
fn model_based_area(
    times: &[Time],
    cause: usize,
    kind: IncidenceVariance,
    tau: f64,
) -> BigRational {
    let lengths = lengths(times, tau);
    // The error of F at a later time is own · eₖ − any · e for each time of events.
    let term = |(k, at): (usize, &Time)| {
        let (mut own, mut any) = (BigRational::zero(), BigRational::zero());
        for (later, length) in times.iter().zip(&lengths).skip(k) {
            own += length;
            any += length * ahead(at, later, cause);
        }
        let [of_cause, both, of_any] = errors(at, cause, kind);
        let both = &own * &any * both * whole(2);
        &at.before * &at.before * (&own * &own * of_cause - both + &any * &any * of_any)
    };
    times.iter().enumerate().map(term).sum()
}

#[test]
fn estimates_agree_to_the_last_bits() {
    check(80, tied(2..=30), |sample| {
        for columns in COLUMNS {
            let found = fit(&sample, columns, IncidenceVariance::Aalen);
            let expected = walk(&sample, columns);
            for (k, at) in expected.iter().enumerate() {
                let s = number(&at.after);
                assert!((found.survival()[k] - s).abs() <= 2.3e-16 * s, "S at {}", at.time);
                assert_eq!(found.n_risk()[k], number(&at.n_risk));
                for (curve, exact) in found.curves().iter().zip(&at.incidence) {
                    let (f, exact) = (curve.at(&[at.time]).unwrap()[0].incidence, number(exact));
                    assert!((f - exact).abs() <= 1e-15 * exact, "{f:e} is not {exact:e}");
                }
            }
            for (j, (code, _)) in CAUSES.iter().enumerate() {
                let curve = found.incidence(Cause::new(*code).unwrap()).unwrap();
                let steps = || expected.iter().filter(|at| !at.n_event[j].is_zero());
                assert_eq!(curve.time(), steps().map(|at| at.time).collect::<Vec<_>>());
                let n_event: Vec<f64> = steps().map(|at| number(&at.n_event[j])).collect();
                assert_eq!(curve.n_event(), n_event);
            }
        }
    });
}

#[test]
fn variances_agree_with_their_definitions() {
    check(25, tied(2..=16), |sample| {
        for columns in COLUMNS {
            let times = walk(&sample, columns);
            for kind in
                [IncidenceVariance::Aalen, IncidenceVariance::Delta, IncidenceVariance::Robust]
            {
                let found = fit(&sample, columns, kind);
                assert_eq!(found.variance(), kind);
                for end in 1..=times.len() {
                    let up_to = &times[..end];
                    for (j, curve) in found.curves().iter().enumerate() {
                        let exact = match kind {
                            IncidenceVariance::Robust => {
                                squares(&sample, columns, &influence(&sample, columns, up_to, j))
                            }
                            _ => model_based(up_to, j, kind),
                        };
                        let sigma = curve.at(&[times[end - 1].time]).unwrap()[0].std_error;
                        assert_close(sigma * sigma, number(&exact), 1e-14);
                    }
                }
            }
        }
    });
}

#[test]
fn times_lost_agree_with_their_definitions() {
    const TAU: f64 = 6.5;
    check(20, tied(2..=14), |sample| {
        for entry in [false, true] {
            let columns = Columns { entry, counts: true };
            let times: Vec<Time> =
                walk(&sample, columns).into_iter().filter(|at| at.time < TAU).collect();
            let lengths = lengths(&times, TAU);
            for kind in
                [IncidenceVariance::Aalen, IncidenceVariance::Delta, IncidenceVariance::Robust]
            {
                let found = time_lost(&sample, entry, kind);
                for (j, lost) in found.causes.iter().enumerate() {
                    let area: BigRational =
                        times.iter().zip(&lengths).map(|(at, l)| &at.incidence[j] * l).sum();
                    assert_close(lost.time_lost, number(&area), 1e-15);
                    let exact = match kind {
                        IncidenceVariance::Robust => {
                            let mut sums = vec![BigRational::zero(); sample.rows.len()];
                            for (k, length) in lengths.iter().enumerate() {
                                let at = influence(&sample, columns, &times[..=k], j);
                                sums.iter_mut().zip(at).for_each(|(sum, x)| *sum += x * length);
                            }
                            squares(&sample, columns, &sums)
                        }
                        _ => model_based_area(&times, j, kind, TAU),
                    };
                    assert_close(lost.std_error * lost.std_error, number(&exact), 1e-13);
                }
            }
        }
    });
}

fn time_lost(sample: &Sample, entry: bool, kind: IncidenceVariance) -> TimeLostFit {
    let lost = TimeLost::new(6.5).carry_forward().variance(kind);
    let weights = sample.frequency();
    match entry {
        false => lost.fit(&sample.competing_risks().with_weights(weights).unwrap()),
        true => lost.fit(&sample.competing_process().with_weights(weights).unwrap()),
    }
    .unwrap()
}

/// Nobody censored, one row a time, causes in turn: F is a half after all, S telescopes.
#[test]
fn long_curves_keep_their_digits() {
    let n = 100_000_u32;
    let time: Vec<f64> = (1..=n).map(f64::from).collect();
    let codes: Vec<u32> = (0..n).map(|row| 1 + row % 2).collect();
    let data = riskset::CompetingRisks::from_codes(&time, &codes, &[(1, "a"), (2, "b")]).unwrap();
    let fit = AalenJohansen::new().fit(&data).unwrap();
    let of = |name: &str| fit.incidence_of(name).unwrap().at(&time).unwrap();
    for (row, (a, b)) in of("a").iter().zip(of("b")).enumerate() {
        let (survival, left) = (fit.survival()[row], f64::from(n) - time[row]);
        assert_eq!(survival, left / f64::from(n));
        let exact = (row / 2 + 1) as f64 / f64::from(n);
        assert!((a.incidence - exact).abs() <= 1e-15 * exact);
        assert!((a.incidence + b.incidence + survival - 1.0).abs() <= 1e-15);
    }
}
