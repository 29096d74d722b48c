//! Every estimator that iterates, held to a tolerance that no rounding meets and to as many iterations as
//! an integer counts: each call ends, in a fit or in an error. The rows are those that make a search
//! long: separated, collinear, tied, with a single event.

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use riskset::adjustment::PropensityScores;
use riskset::competing::FineGray;
use riskset::data::{Cause, IntervalCensored};
use riskset::inference::{FollowUp, TwoArmTrial};
use riskset::nonparametric::Turnbull;
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::{CoxFit, SharedFrailty};
use riskset::{CompetingRisks, CoxPh, Design, Error, Groups, Result, RightCensored, Ties};

const TINY: [f64; 4] = [1e-17, 1e-300, f64::MIN_POSITIVE, 5e-324];

/// Far more than any of the calls takes, on a machine with other things to do.
const AT_ONCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
struct Rows {
    name: &'static str,
    time: Vec<f64>,
    event: Vec<bool>,
    columns: Vec<Vec<f64>>,
}

impl Rows {
    fn data(&self) -> RightCensored {
        RightCensored::new(&self.time, &self.event).unwrap()
    }

    fn design(&self) -> Design {
        let named = self.columns.iter().zip(["x", "z"]);
        named.fold(Design::builder(), |all, (x, name)| all.numeric(name, x)).build().unwrap()
    }

    /// Codes 0 to k − 1 in turn.
    fn in_turn(&self, k: u32) -> Vec<u32> {
        (0..self.time.len() as u32).map(|row| row % k).collect()
    }
}

fn hard_rows() -> Vec<Rows> {
    let time: Vec<f64> = (1..=12).map(f64::from).collect();
    let x = vec![2., 5., 1., 4., 3., 0., 2., 1., 6., 2., 3., 1.];
    let z = vec![0., 1., 1., 0., 1., 0., 0., 1., 0., 1., 1., 0.];
    let early: Vec<f64> = time.iter().map(|&t| f64::from(u8::from(t < 7.0))).collect();
    let of = |f: &dyn Fn(usize) -> f64| (0..12).map(f).collect::<Vec<f64>>();
    let all = vec![true; 12];
    let some: Vec<bool> = (0..12).map(|row| row % 3 != 0).collect();
    let rows = |name, time: &[f64], event: &[bool], columns: [&[f64]; 2]| Rows {
        name,
        time: time.to_vec(),
        event: event.to_vec(),
        columns: columns.map(<[f64]>::to_vec).to_vec(),
    };
    let single: Vec<bool> = (0..12).map(|row| row == 4).collect();
    vec![
        rows("plain", &time, &some, [&x, &z]),
        rows("one event", &time, &single, [&x, &z]),
        rows("tied", &[1.0; 12], &some, [&x, &z]),
        rows("in pairs", &of(&|row| 1.0 + (row / 2) as f64), &some, [&x, &z]),
        rows("separated", &time, &all, [&early, &x]),
        rows(
            "separated, the rest censored",
            &time,
            &early.iter().map(|&e| e == 1.0).collect::<Vec<_>>(),
            [&early, &x],
        ),
        rows("monotone", &time, &all, [&of(&|row| -(row as f64)), &z]),
        rows("collinear", &time, &all, [&x, &of(&|row| 2.0 * x[row] + 1.0)]),
        rows("nearly collinear", &time, &all, [&x, &of(&|row| x[row] + 1e-9 * row as f64)]),
        rows("constant", &time, &all, [&[1.0; 12], &x]),
        rows("far from 0", &time, &all, [&of(&|row| 1e10 + 1e8 * x[row]), &z]),
    ]
}

/// Runs a call in a thread of its own, so that one that does not end fails the test.
#[track_caller]
fn ends<T: Send + 'static>(what: &str, call: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(call()));
    receiver.recv_timeout(AT_ONCE).unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// Runs it on all rows with all tolerances. What no tolerance meets is met as far as rounding goes: a fit
/// that converges with a usual tolerance converges with these.
fn each<T: Send + 'static>(
    what: &str,
    call: impl Fn(&Rows, f64, usize) -> Result<T> + Copy + Send + 'static,
) {
    for rows in hard_rows() {
        let usual = call(&rows, 1e-9, 50).is_ok();
        for tolerance in TINY {
            let label = format!("{what} of {} to {tolerance:e}", rows.name);
            let rows = rows.clone();
            let found = ends(&label, move || call(&rows, tolerance, usize::MAX));
            let error = found.err();
            assert!(!usual || error.is_none(), "{label}: {error:?}");
        }
    }
}

/// The fit and, where there is one, the profile of every coefficient.
fn profiled(model: CoxPh, rows: &Rows) -> Result<CoxFit> {
    let (data, design) = (rows.data(), rows.design());
    let fit = model.fit(&data, &design)?;
    match fit.profile_hazard_ratios(&data, &design, 0.95) {
        Ok(_) | Err(Error::Unsupported { .. } | Error::NotConverged { .. }) => Ok(fit),
        Err(error) => Err(error),
    }
}

#[test]
fn cox_models() {
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        each(&format!("Cox, {ties:?}"), move |rows, tolerance, most| {
            profiled(CoxPh::new().ties(ties).tolerance(tolerance).max_iterations(most), rows)
        });
    }
}

/// Two points as high as each other, each of which Newton's full step takes to the other: of a likelihood
/// −ln(1 + e^β) − ln(1 + e^−β) those with sinh β = 2 β. The numbers make it exact, and the search went to and
/// fro as long as it was let.
#[test]
fn steps_to_and_fro() {
    let two_steps = 2.177_318_984_965_306_7;
    let data = RightCensored::new(&[1.0, 2.0, 2.0, 1.0], &[true, false, false, true]).unwrap();
    let data = data.with_strata(&[1, 1, 2, 2]).unwrap();
    for x in [0.078_125, 0.156_25, 0.312_5] {
        let design = Design::builder().numeric("x", &[x, 0.0, x, 0.0]).build().unwrap();
        let model = CoxPh::new().start(&[two_steps / x]).max_iterations(1_000_000);
        let fit = model.fit(&data, &design).unwrap();
        assert!(fit.coefficients()[0].estimate.unwrap().abs() < 1e-12);
        assert!(fit.convergence().iterations < 10);
    }
}

#[test]
fn penalised_models() {
    each("Firth", |rows, tolerance, most| {
        profiled(CoxPh::new().firth().tolerance(tolerance).max_iterations(most), rows)
    });
    each("ridge", |rows, tolerance, most| {
        profiled(CoxPh::new().ridge(1.0).tolerance(tolerance).max_iterations(most), rows)
    });
}

#[test]
fn frailties() {
    for model in
        [SharedFrailty::gamma(), SharedFrailty::log_normal(), SharedFrailty::gamma().theta(0.5)]
    {
        // Clusters of two and of six rows.
        for k in [6, 2] {
            let model = model.clone();
            frailty(&model, k);
        }
    }
}

fn frailty(model: &SharedFrailty, k: u32) {
    for rows in hard_rows() {
        for tolerance in TINY {
            let label = format!("{model:?} of {} to {tolerance:e}", rows.name);
            let (model, rows) = (model.clone(), rows.clone());
            let model = model.tolerance(tolerance).max_iterations(usize::MAX);
            let data = rows.data().with_clusters(&rows.in_turn(k)).unwrap();
            let _ = ends(&label, move || model.fit(&data, &rows.design()));
        }
    }
}

#[test]
fn competing_risks() {
    each("Fine-Gray", |rows, tolerance, most| {
        let codes: Vec<u32> =
            rows.event.iter().zip(rows.in_turn(2)).map(|(&e, k)| u32::from(e) * (1 + k)).collect();
        let data = CompetingRisks::from_codes(&rows.time, &codes, &[(1, "a"), (2, "b")])?;
        let model = FineGray::new(Cause::new(1).unwrap()).tolerance(tolerance).max_iterations(most);
        model.fit(&data, &rows.design())
    });
}

#[test]
fn logistic_models() {
    each("conditional logistic", |rows, tolerance, most| {
        let model = ConditionalLogistic::new().tolerance(tolerance).max_iterations(most);
        model.fit(&rows.event, &rows.in_turn(4), &rows.design())
    });
    for k in [2, 3] {
        each("propensity score", move |rows, tolerance, most| {
            let model = PropensityScores::new().tolerance(tolerance).max_iterations(most);
            model.fit(&Groups::new(&rows.in_turn(k))?, &rows.design())
        });
    }
    each("propensity score of a column", |rows, tolerance, most| {
        let model = PropensityScores::new().tolerance(tolerance).max_iterations(most);
        let high: Vec<bool> = rows.columns[1].iter().map(|&x| x > 0.5).collect();
        model.fit(&Groups::new(&high)?, &rows.design())
    });
}

#[test]
fn intervals() {
    for rows in hard_rows() {
        for tolerance in TINY {
            let label = format!("Turnbull of {} to {tolerance:e}", rows.name);
            let rows = rows.clone();
            let _ = ends(&label, move || {
                let late = |row: usize| (rows.time[row] - 1.0 - (row % 4) as f64).max(0.0);
                let left: Vec<f64> = (0..12).map(late).collect();
                let right: Vec<f64> = rows
                    .time
                    .iter()
                    .zip(&rows.event)
                    .map(|(&t, &e)| if e { t } else { f64::INFINITY })
                    .collect();
                let data = IntervalCensored::new(&left, &right)?;
                Turnbull::new().tolerance(tolerance).max_iterations(usize::MAX).fit(&data)
            });
        }
    }
}

#[test]
fn power() {
    for ratio in [f64::MIN_POSITIVE, 1e-300, 1.0 - 1e-16, 1.0 + 1e-15, 1e300] {
        for goal in [1e-300, 1e-17, 0.5, 1.0 - 1e-16] {
            let label = format!("power of a ratio of {ratio:e} to reach {goal:e}");
            let _ = ends(&label, move || {
                let trial = TwoArmTrial::new(ratio).significance(1e-300);
                let follow_up = FollowUp::median(1e-300).accrual(1e300);
                let size = trial.size(goal, &follow_up).map(|_| ());
                (trial.events(goal), size, trial.size_of(goal, 1e-300, 1e-17).map(|_| ()))
            });
        }
    }
}
