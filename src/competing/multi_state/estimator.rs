//! State occupation probabilities.

use super::course::{Course, Kinds};
use super::fit::{Columns, StateOccupationFit, Transition};
use super::hazard_spread::hazard;
use super::mean_time::{MeanTime, mean_times};
use super::occupation_spread::std_errors;
use super::persons::Persons;
use super::walk::{Members, Split};
use crate::curve::ByGroup;
use crate::data::{Groups, MultiState};
use crate::error::{Error, Result, Warning};
use crate::room::room_for;
use crate::statistic::{Interval, IntervalTransform, normal_multiplier};

/// The probability of being in each state over time, by the Aalen–Johansen estimator.
///
/// # Definition
/// With d_jk(t) transitions from state j to k at t among Y_j(t) in j (entry < t ≤ exit),
/// ```text
/// A_jk(t) = Σ_{s ≤ t} d_jk(s)/Y_j(s)                          transition hazards
/// p(t)    = p(0) Π_{s ≤ t} (I + dA(s)),  dA_jj = −Σ_k dA_jk    state occupation probabilities
/// ```
/// as a row vector; p(0) are the shares of the states among those at risk at the first transition.
/// Ties are exact. With two states p is the Kaplan–Meier curve and its complement, with one state
/// that leads to several absorbing ones p has their cumulative incidences.
///
/// No Markov assumption is needed for p itself (Datta & Satten 2001), as long as censoring does not
/// depend on the history.
///
/// # Variance
/// The infinitesimal jackknife: the sum over subjects, or clusters where there are any, of the
/// squared derivative of the estimate by the weight of the subject, p(0) included. It costs time in
/// proportion to rows and the logarithm of their number, for the curve at all times. A standard error of p is
/// the root of a rest of sums of squares: beside a weight of a million times the others four digits of it are
/// left, beside one of 10⁹ times none.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | `conf.int` |
/// | [`transform`](Self::transform) | `Log` | `conf.type` |
/// | [`restricted_to`](Self::restricted_to) | no mean times | `rmean` |
///
/// # Weights, delayed entry, strata
/// Case and sampling weights multiply, frequencies count subjects and may not change within one. Rows
/// join at their entry; those who join a state whose probability is 0 by then move the hazards alone, and the
/// fit [says so](Warning::ImpossibleState). Data with strata are refused: use [`fit_by`](Self::fit_by).
///
/// # Example
/// Two patients relapse at 1 and 2, of whom one dies at 3; the third dies at 4 without a relapse.
/// ```
/// use riskset::competing::StateOccupation;
/// use riskset::data::MultiState;
///
/// let relapse = [Some(1.0), Some(2.0), None];
/// let states = ["remission", "relapse", "death"];
/// let data =
///     MultiState::illness_death(&relapse, &[3.0, 5.0, 4.0], &[true, false, true], &states)?;
/// let fit = StateOccupation::new().restricted_to(4.0).fit(&data)?;
/// let relapsed = fit.at("relapse", 3.0)?;
/// assert!((relapsed.probability - 1.0 / 3.0).abs() < 1e-15);
/// // Of three patients one is in the state: a binomial variance.
/// assert!((relapsed.std_error - (2.0_f64 / 27.0).sqrt()).abs() < 1e-15);
/// // From 1, 2 with a third each, until 3 and 4.
/// let times = fit.mean_times().unwrap();
/// assert!((times[1].mean - 4.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(Surv(entry, exit, factor(to)) ~ 1, id = id, istate = from)`. DIFFERENCE: where subjects
/// begin in several states, survival 3.5-3 takes p(0) for known unless `influence = TRUE`; here it is
/// estimated. At p = 0 and 1 the standard error is 0, where R leaves a rounding residue.
///
/// # References
/// Aalen & Johansen 1978, doi:10.2307/4615704; Datta & Satten 2001, doi:10.1016/S0167-7152(01)00155-9.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateOccupation {
    confidence: f64,
    transform: IntervalTransform,
    tau: Option<f64>,
}

impl Default for StateOccupation {
    fn default() -> Self {
        Self { confidence: 0.95, transform: IntervalTransform::default(), tau: None }
    }
}

impl StateOccupation {
    /// The estimator with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// The scale of the limits of p.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// Asks for the mean time in each state up to `tau`, in the unit of the data.
    #[must_use]
    pub fn restricted_to(self, tau: f64) -> Self {
        Self { tau: Some(tau), ..self }
    }

    /// The probabilities from all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level and τ; [`Error::NoEvents`] without transitions;
    /// [`Error::BeyondFollowUp`] for a τ past the last time, unless everybody has come to a state that
    /// nobody leaves; [`Error::InvalidCells`] for a frequency that changes within a subject;
    /// [`Error::Unsupported`] for strata; [`Error::TooLarge`] for more times × states × states than memory holds.
    pub fn fit(&self, data: &MultiState) -> Result<StateOccupationFit> {
        let context = Context::new(data, 1, |_| 0)?;
        let mut persons = Persons::new(data)?;
        let members = context.split.members(0);
        persons.of(members, None);
        self.estimate("data", &context, members, &persons)
    }

    /// The probabilities of each group; one label a row.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), for any group, and [`Error::LengthMismatch`].
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a group"
    )]
    pub fn fit_by(
        &self,
        data: &MultiState,
        groups: &Groups,
    ) -> Result<ByGroup<StateOccupationFit>> {
        data.rows().same_length("groups", groups.len())?;
        let code = |row: usize| groups.codes()[row] as usize;
        let context = Context::new(data, groups.names().len(), code)?;
        let mut persons = Persons::new(data)?;
        let mut before = None;
        ByGroup::try_new(groups.names(), |group, name| {
            let members = context.split.members(group);
            persons.of(members, before.replace(members));
            self.estimate(name, &context, members, &persons)
        })
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a kind of transition is one of those that occur, between two of the states"
    )]
    fn estimate(
        self,
        name: &str,
        context: &Context<'_>,
        members: Members<'_>,
        persons: &Persons<'_>,
    ) -> Result<StateOccupationFit> {
        let Context { data, kinds, continues, .. } = context;
        let z = normal_multiplier(self.confidence)?;
        if let Some(tau) = self.tau.filter(|&tau| !(tau > 0.0 && tau < f64::INFINITY)) {
            let rule = "must be above 0 and finite";
            return Err(Error::InvalidOption { option: "tau", value: tau, rule });
        }
        let Some(course) = Course::new(data, kinds, continues, members) else {
            return Err(Error::NoEvents { rows: members.by_exit.len() });
        };
        let mean_times = match self.tau {
            Some(tau) => Some(self.mean_times(name, data, &course, tau, members, persons)?),
            None => None,
        };
        let states = data.states();
        let transition = |kind: usize| {
            let (from, to) = kinds.pairs[kind];
            let of = hazard(data, &course, kinds, kind, members, persons);
            Transition {
                from: states[from].clone(),
                to: states[to].clone(),
                n_event: course
                    .n_event
                    .iter()
                    .skip(kind)
                    .step_by(kinds.pairs.len())
                    .copied()
                    .collect(),
                cumulative_hazard: of.cumulative,
                std_error: of.std_error,
            }
        };
        let transitions = (0..kinds.pairs.len()).map(transition).collect();
        let (initial_std_error, std_error) = std_errors(data, &course, members, persons);
        let impossible = states.iter().enumerate().filter_map(|(j, state)| {
            let time = course.impossible(j)?;
            Some(Warning::ImpossibleState { state: state.clone(), time })
        });
        let columns = Columns {
            n_subjects: persons.n,
            initial_std_error,
            std_error,
            transitions,
            mean_times,
            warnings: data.rows().warnings().into_iter().chain(impossible).collect(),
        };
        Ok(StateOccupationFit::new(states, course, columns, (self.confidence, self.transform, z)))
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a course has a transition, and so a probability of each state at its last time"
    )]
    fn mean_times(
        self,
        name: &str,
        data: &MultiState,
        course: &Course,
        tau: f64,
        members: Members<'_>,
        persons: &Persons<'_>,
    ) -> Result<Vec<MeanTime>> {
        let z = normal_multiplier(self.confidence)?;
        let k = course.initial.len();
        let last = course.time.last().copied().unwrap_or_default();
        let moves_on =
            |j: usize| course.n_risk.iter().skip(j).step_by(k).any(|&at_risk| at_risk > 0.0);
        let end = &course.probability[course.probability.len() - k..];
        if tau > last && (0..k).any(|j| end[j] > 0.0 && moves_on(j)) {
            return Err(Error::BeyondFollowUp { what: name.to_owned(), time: tau, last });
        }
        let (mean, std_error) = mean_times(data, course, tau, members, persons);
        let of = |(state, (mean, std_error)): (&String, (f64, f64))| {
            let limit = |z: f64| (mean + z * std_error).clamp(0.0, tau);
            let interval = Interval::between(limit(-z), limit(z), self.confidence);
            MeanTime { state: state.clone(), tau, mean, std_error, interval }
        };
        Ok(data.states().iter().zip(mean.into_iter().zip(std_error)).map(of).collect())
    }
}

/// Fails where the steps of a group, or the results of all of them, are more than memory holds.
fn room(data: &MultiState, n_groups: usize, n_kinds: usize) -> Result<()> {
    let rows = data.rows();
    let k = data.states().len();
    let by_exit = &rows.times.by_exit;
    let times = by_exit.values.chunk_by(|a, b| a == b).count();
    // Matrices of the steps, products over blocks of them, and running sums of areas.
    room_for::<[f64; 8]>("event times × states × states", &[times, k, k])?;
    // Influences of persons, with their weights; counts, estimates and errors of states and transitions.
    room_for::<[f64; 3]>("rows × states", &[rows.len(), k])?;
    let times = times.saturating_mul(n_groups).min(rows.len());
    room_for::<[f64; 5]>("event times × states and transitions", &[times, k + n_kinds])
}

/// What the groups of a fit share.
struct Context<'a> {
    data: &'a MultiState,
    kinds: Kinds,
    continues: Vec<bool>,
    split: Split,
}

impl<'a> Context<'a> {
    fn new(data: &'a MultiState, n_groups: usize, group: impl Fn(usize) -> usize) -> Result<Self> {
        if data.strata().is_some() {
            return Err(Error::Unsupported {
                estimator: "StateOccupation",
                what: "one estimate over strata",
                instead: "use fit_by with the strata as groups",
            });
        }
        let kinds = Kinds::new(data);
        room(data, n_groups, kinds.pairs.len())?;
        Ok(Self {
            data,
            kinds,
            continues: data.continues(),
            split: Split::new(data, n_groups, group),
        })
    }
}
