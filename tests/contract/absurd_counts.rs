//! Every public function that takes a count, asked for as many as an integer holds, and for half of it:
//! an error or the right answer, without a panic and at once.
//!
//! Two counts cannot be asked here: with an absurd one `Bootstrap` and `Baseline::permutations` do what
//! they are told for as long as it takes. `Bootstrap` takes a `usize` and refuses what is above 2³² − 1.

use riskset::adjustment::PropensityScores;
use riskset::competing::FineGray;
use riskset::data::{
    Cause, CompleteCases, CountingProcess, Episodes, IntervalCensored, RecurrentEvents, Subjects,
    spline_knots,
};
use riskset::inference::{CumulativeSums, FollowUp, Proportionality, TwoArmTrial};
use riskset::ndarray::aview0;
use riskset::nonparametric::Turnbull;
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::SharedFrailty;
use riskset::statistic::Adjust;
use riskset::study::{Baseline, Methods, Style, Subgroups};
use riskset::validation::Bootstrap;
use riskset::{
    AalenJohansen, CompetingRisks, CoxPh, Design, Error, Groups, KaplanMeier, RightCensored,
    Weights,
};

const ABSURD: [usize; 3] = [usize::MAX, usize::MAX / 2, usize::MAX / 2 + 1];
const TIME: [f64; 10] = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.];
const X: [f64; 10] = [2., 5., 1., 4., 3., 0., 2., 1., 6., 2.];
const CENTRE: [&str; 10] = ["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"];

const CASE: [bool; 10] = [true, false, false, true, false, false, true, true, false, false];
const SET: [u32; 10] = [1, 1, 2, 2, 3, 3, 4, 4, 4, 3];

fn data() -> RightCensored {
    let event = [true, true, true, true, false, true, true, false, true, true];
    RightCensored::new(&TIME, &event).unwrap()
}

fn design() -> Design {
    Design::builder().numeric("x", &X).build().unwrap()
}

fn is_option<T>(result: riskset::Result<T>, name: &str) {
    match result.err() {
        Some(Error::InvalidOption { option, .. }) => assert_eq!(option, name),
        other => panic!("`{name}`: {other:?}"),
    }
}

/// Iterations are a limit, and a fit needs no more than it needs.
#[test]
fn iterations() {
    let (data, design) = (data(), design());
    let cox = CoxPh::new().fit(&data, &design).unwrap();
    let clustered = data.clone().with_clusters(&CENTRE).unwrap();
    let causes = CompetingRisks::from_codes(
        &TIME,
        &[1, 2, 1, 1, 0, 2, 1, 0, 1, 2],
        &[(1, "death"), (2, "other")],
    );
    let (causes, cause) = (causes.unwrap(), Cause::new(1).unwrap());
    let arm = Groups::new(&CENTRE).unwrap();
    let between = IntervalCensored::new(&[0.0, 1.0, 2.0], &[2.0, 3.0, 5.0]).unwrap();
    for n in ABSURD {
        let fit = CoxPh::new().max_iterations(n).fit(&data, &design).unwrap();
        assert_eq!(fit.coefficients(), cox.coefficients());
        FineGray::new(cause).max_iterations(n).fit(&causes, &design).unwrap();
        SharedFrailty::gamma().max_iterations(n).fit(&clustered, &design).unwrap();
        let sets = ConditionalLogistic::new().max_iterations(n);
        sets.fit(&CASE, &SET, &design).unwrap();
        PropensityScores::new().max_iterations(n).fit(&arm, &design).unwrap();
        Turnbull::new().max_iterations(n).fit(&between).unwrap();
    }
}

#[test]
fn rows() {
    let fit = CoxPh::new().fit(&data(), &design()).unwrap();
    let baseline = fit.baseline(&data(), &design()).unwrap();
    let (data, design) = (data(), design());
    let rows = baseline.rows(&data, &design).unwrap();
    let influence = fit.residuals(&data, &design).unwrap().influence();
    let curve = KaplanMeier::new().fit(&data).unwrap();
    for n in ABSURD {
        assert_eq!(CompleteCases::new(n), Err(Error::TooManyRows { rows: n }));
        let empty = Design::empty(n);
        assert_eq!(empty.n_rows(), n.min(usize::MAX / 2));
        assert!(matches!(CoxPh::new().fit(&data, &empty), Err(Error::LengthMismatch { .. })));
        is_option(rows.at(n, &[1.0]), "row");
        is_option(rows.curve(n), "row");
        assert_eq!(curve.curve().std_error().get(n), None);
        assert_eq!(influence.top(n).len(), TIME.len());
    }
}

/// Columns of one cell repeated take no memory: whatever names rows refuses more than 32 bits can name.
#[test]
fn more_rows_than_32_bits_can_name() {
    const ROWS: usize = 1 << 32;
    let (one, yes, code, label) = (aview0(&1.0), aview0(&true), aview0(&1_u32), aview0(&"a"));
    let (time, event) = (one.broadcast(ROWS).unwrap(), yes.broadcast(ROWS).unwrap());
    let (code, label) = (code.broadcast(ROWS).unwrap(), label.broadcast(ROWS).unwrap());
    let refused = Some(Error::TooManyRows { rows: ROWS });
    assert_eq!(RightCensored::new(time, event).err(), refused);
    assert_eq!(CountingProcess::new(time, time, event).err(), refused);
    assert_eq!(IntervalCensored::new(time, time).err(), refused);
    assert_eq!(CompetingRisks::from_codes(time, code, &[(1, "death")]).err(), refused);
    assert_eq!(Groups::new(label).err(), refused);
    assert_eq!(Groups::first_seen(label).err(), refused);
    assert_eq!(Groups::with_levels(label, &["a"]).err(), refused);
    assert_eq!(Subjects::new(label).err(), refused);
    assert_eq!(Episodes::marginal(label, &[("death", &[1.0], &[true])]).err(), refused);
    assert_eq!(Design::builder().factor("centre", label, "a").build().err(), refused);
    assert_eq!(Baseline::new().numeric("age", time).overall().err(), refused);
}

#[test]
fn events() {
    let arm = Groups::new(&CENTRE).unwrap();
    let ids = ["1", "2", "3"];
    let events = RecurrentEvents::new(&ids, &[5.0, 6.0, 7.0]).unwrap();
    let events = events.events(&["1", "1", "2"], &[1.0, 2.0, 3.0]).unwrap();
    for n in ABSURD {
        let all = events.clone().at_most(n).andersen_gill().unwrap();
        assert_eq!(all.phase(), events.andersen_gill().unwrap().phase());
        assert_eq!(
            events.wei_lin_weissfeld(n).err(),
            Some(Error::TooManyRows { rows: usize::MAX })
        );
        Subgroups::new(&arm, "a", "b").min_events(n).fit(&data()).unwrap();
    }
    assert!(events.wei_lin_weissfeld(2).is_ok());
}

#[test]
fn replicates_and_curves() {
    let (data, design) = (data(), design());
    let cox = CoxPh::new().fit(&data, &design).unwrap();
    let paths = Proportionality::new().paths(&cox, &data, &design).unwrap();
    let path = &paths.columns[0];
    for n in ABSURD {
        let nothing = |_: &RightCensored, _: &[usize]| Ok(vec![0.0]);
        is_option(Bootstrap::new(1).replicates(n).fit(&data, nothing), "replicates");
        let sums = CumulativeSums::new().simulations(n);
        is_option(sums.link(&cox, &data, &design), "simulations");
        is_option(sums.functional_form(&cox, &data, &design), "simulations");
        is_option(sums.proportionality(&cox, &data, &design), "simulations");
        let all = CumulativeSums::new().simulations(9).seed(u64::MAX).paths(n);
        assert_eq!(all.link(&cox, &data, &design).unwrap().simulated.nrows(), 9);
        is_option(path.smooth(n, 0.95), "df");
        is_option(spline_knots(&X, n), "knots");
    }
    is_option(path.smooth(11, 0.95), "df");
}

#[test]
fn trials_codes_and_weights() {
    let trial = TwoArmTrial::new(0.5);
    let follow_up = FollowUp::median(12.0).accrual(12.0);
    for n in [u64::MAX, u64::MAX / 2] {
        let power = trial.power_of_size(n, n, &follow_up).unwrap();
        assert!((power - 1.0).abs() < 1e-12, "{power}");
        is_option(trial.power_of_size(n, 1, &follow_up), "control");
        assert!(matches!(Weights::frequency(&[1, n]), Err(Error::InvalidCells { .. })));
    }
    for code in [u32::MAX, u32::MAX / 2] {
        let cause = Cause::new(code).unwrap();
        let data =
            CompetingRisks::from_codes(&[1., 2., 3.], &[0, code, 1], &[(code, "a"), (1, "b")]);
        let fit = AalenJohansen::new().fit(&data.unwrap()).unwrap();
        assert_eq!(fit.incidence(cause).unwrap().incidence().len(), 1);
    }
}

#[test]
fn text() {
    for n in ABSURD {
        let limits = Style::default().interval(Some(0.5), None, n);
        assert!(limits.starts_with("0.5000"), "{limits}");
        assert!(!Methods::new().adjusted(Adjust::Holm, n).to_string().is_empty());
    }
}
