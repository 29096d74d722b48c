//! What can go wrong ([`Error`]) and what a fit wants its reader to know ([`Warning`]).

mod warning;

pub use warning::Warning;

use std::fmt;

/// Short for `Result<T, riskset::Error>`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One cell of the input that breaks a rule; [`Error::InvalidCells`] lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadCell {
    /// Name of the column.
    pub column: String,
    /// Row, counted from 0.
    pub row: usize,
    /// What was found there, as text.
    pub found: String,
    /// The rule it breaks.
    pub rule: &'static str,
}

impl BadCell {
    pub(crate) fn new(
        column: impl Into<String>,
        row: usize,
        found: impl ToString,
        rule: &'static str,
    ) -> Self {
        Self { column: column.into(), row, found: found.to_string(), rule }
    }
}

impl fmt::Display for BadCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, row, found, rule } = self;
        write!(f, "`{column}` row {row} is {found}: {rule}")
    }
}

/// How many bad cells an error message spells out; the error itself holds them all.
const SPELLED_OUT: usize = 8;

fn list(cells: &[BadCell]) -> String {
    let mut text: Vec<String> = cells.iter().take(SPELLED_OUT).map(BadCell::to_string).collect();
    if cells.len() > SPELLED_OUT {
        text.push(format!("and {} more", cells.len() - SPELLED_OUT));
    }
    text.join("; ")
}

/// Every way in which a call of this crate can fail.
///
/// Rows count from 0. A message names the column, the row and the rule.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A table without rows.
    #[error("`{what}` has no rows")]
    Empty {
        /// The column or object.
        what: String,
    },
    /// Two columns that belong together differ in length.
    #[error("`{what}` has {found} rows, expected {expected}")]
    LengthMismatch {
        /// The column or object.
        what: String,
        /// Rows of the column it was held against.
        expected: usize,
        /// Rows found.
        found: usize,
    },
    /// More rows than a 32-bit index can name.
    #[error("{rows} rows: at most {} are supported", u32::MAX)]
    TooManyRows {
        /// Rows given.
        rows: usize,
    },
    /// A table of results, or of what they are made from, that memory does not hold: its sides multiply.
    #[error(
        "{what} would take {bytes:.1e} bytes: at most 16 GiB are supported, and no more than are free"
    )]
    TooLarge {
        /// The table.
        what: &'static str,
        /// Bytes it would take.
        bytes: f64,
    },
    /// Cells that break a rule, all of them.
    #[error("{}", list(cells))]
    InvalidCells {
        /// The cells, by column in the order given, then by row.
        cells: Vec<BadCell>,
    },
    /// An option or argument outside its range.
    #[error("option `{option}` is {value}: {rule}")]
    InvalidOption {
        /// Name of the option.
        option: &'static str,
        /// The value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Data in which nothing happens.
    #[error("no events among {rows} rows")]
    NoEvents {
        /// Rows of the data.
        rows: usize,
    },
    /// A cause of failure that no row has.
    #[error("no events of cause `{cause}` among {rows} rows")]
    NoEventsOfCause {
        /// Name of the cause.
        cause: String,
        /// Rows of the data.
        rows: usize,
    },
    /// A weight for the chance of still being observed that no number holds: nobody is left, or all who are
    /// there have only just entered.
    #[error(
        "the weights of competing events are not defined from time {time} on (censoring stratum `{group}`): \
         nobody who was under observation before is still there"
    )]
    UndefinedWeight {
        /// The stratum of the censoring distribution, or `all`.
        group: String,
        /// The time.
        time: f64,
    },
    /// Matched sets of which none says anything.
    #[error("none of {sets} matched sets has both a case and a control")]
    NoInformativeSet {
        /// Number of sets.
        sets: usize,
    },
    /// A factor or grouping with fewer than two levels.
    #[error("`{what}` has a single level, `{level}`: at least two are needed")]
    SingleLevel {
        /// The factor or grouping.
        what: String,
        /// Its only level.
        level: String,
    },
    /// A level that the factor does not have.
    #[error("`{column}` has no level `{level}`; its levels are {}", known.join(", "))]
    UnknownLevel {
        /// The factor.
        column: String,
        /// The level asked for.
        level: String,
        /// The levels it has.
        known: Vec<String>,
    },
    /// A name that nothing carries.
    #[error("no {kind} is named `{name}`; there are {}", known.join(", "))]
    UnknownName {
        /// What was looked for: term, column, group.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A name given twice.
    #[error("the name `{name}` is given twice")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A term that is not given in a profile of covariates.
    #[error("the profile says nothing about `{name}`")]
    IncompleteProfile {
        /// The term.
        name: String,
    },
    /// A request the estimator cannot answer truthfully.
    #[error("{estimator}: {what} is not possible; {instead}")]
    Unsupported {
        /// The estimator or method.
        estimator: &'static str,
        /// What was asked.
        what: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// More tied events than a method that takes them one by one can take.
    #[error("{tied} events at time {time}: at most {limit} can be taken one by one")]
    TooManyTies {
        /// The time.
        time: f64,
        /// Events there, counting frequencies.
        tied: f64,
        /// The most there may be.
        limit: f64,
    },
    /// Groups that are never at risk together at an event time, so that no test compares them.
    #[error("no two groups are at risk together at any event time: there is nothing to compare")]
    NothingToCompare,
    /// No pair of rows of which it is known who failed first.
    #[error("no pair of rows is comparable: nobody is at risk after an event")]
    NothingComparable,
    /// A time at which nothing is known, because follow-up has ended.
    #[error("`{what}` is followed up to {last}: nothing is known at {time}")]
    BeyondFollowUp {
        /// The group, or `data`.
        what: String,
        /// The time asked for.
        time: f64,
        /// The last event or censoring.
        last: f64,
    },
    /// A survival probability of 0 or 1, where the quantity asked for is not defined.
    #[error("survival of `{what}` at time {time} is {survival}: {rule}")]
    DegenerateSurvival {
        /// The group, or `data`.
        what: String,
        /// The time.
        time: f64,
        /// S there: 0 or 1.
        survival: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The partial likelihood cannot be evaluated.
    #[error("the partial likelihood is not finite at {at}")]
    NotFinite {
        /// Where: the starting values, or an iteration.
        at: &'static str,
    },
    /// A covariate so large or so small that its variance would overflow.
    #[error("`{column}` varies by {scale:e}: rescale it to between 1e-100 and 1e100")]
    ColumnScale {
        /// The column.
        column: String,
        /// Its mean absolute deviation.
        scale: f64,
    },
    /// Newton's method stopped before it met its rule.
    #[error(
        "no convergence in {iterations} iterations (Newton decrement {decrement:e}, log-likelihood {log_likelihood})"
    )]
    NotConverged {
        /// Iterations done.
        iterations: usize,
        /// Half the squared Newton decrement at the last point.
        decrement: f64,
        /// Log-likelihood at the last point.
        log_likelihood: f64,
    },
    /// A nonparametric likelihood was not brought to its maximum.
    #[error(
        "no convergence in {iterations} iterations (reduced gradient {reduced_gradient:e}, log-likelihood {log_likelihood})"
    )]
    NotMaximised {
        /// Iterations done.
        iterations: usize,
        /// The largest reduced gradient at the last point, 0 at the maximum. The log-likelihood
        /// lacks at most that much for each unit of weight.
        reduced_gradient: f64,
        /// Log-likelihood at the last point.
        log_likelihood: f64,
    },
    /// Rows handed to a fit for a diagnostic that are not those it was made from.
    #[error("{what} is not that of the fit: give the rows and the design it was made from")]
    OtherData {
        /// What differs.
        what: &'static str,
    },
    /// Two models of which neither contains the other.
    #[error(
        "the models are not nested: `{column}` of the smaller one is no combination of the columns of the larger one"
    )]
    NotNested {
        /// The first such column.
        column: String,
    },
    /// A coefficient without a finite estimate takes part in a contrast or a prediction.
    #[error(
        "the contrast or prediction involves `{column}`, whose coefficient has no finite estimate"
    )]
    NotEstimable {
        /// The column.
        column: String,
    },
    /// A profile so far from the data that its hazard is no number.
    #[error(
        "the profile lies {distance} from the centre of the data on the scale of the linear predictor: \
         no number holds its hazard"
    )]
    BeyondRange {
        /// Its linear predictor less that of the centre.
        distance: f64,
    },
    /// What went wrong with one of several causes.
    #[error("cause `{cause}`: {error}")]
    InCause {
        /// Name of the cause.
        cause: String,
        /// What went wrong.
        #[source]
        error: Box<Self>,
    },
    /// A matrix that has to be positive definite is not.
    #[error("the matrix is not positive definite (pivot {pivot})")]
    NotPositiveDefinite {
        /// Index of the first bad pivot.
        pivot: usize,
    },
    /// A serialised object whose parts do not fit together.
    #[error("the serialised {what} does not hold together")]
    Inconsistent {
        /// The object.
        what: &'static str,
    },
    /// A function of time that is needed at a time where it has no finite value.
    #[error("`{function}` has no finite value at time {time}")]
    TimeFunction {
        /// The function.
        function: String,
        /// The time.
        time: f64,
    },
    /// Counts to be removed that are not there.
    #[error("at time {time} more is to be removed than was counted")]
    NotCounted {
        /// The time.
        time: f64,
    },
    /// A page without room for the axes of a figure.
    #[error("a {side} of {given} points leaves no room for the axes: at least {needed} are needed")]
    FigureTooSmall {
        /// `width` or `height`.
        side: &'static str,
        /// The length given, in points.
        given: f64,
        /// What is needed with all else unchanged.
        needed: f64,
    },
    /// A text that a figure cannot show.
    #[error("`{}` has the character {character:?}: {rule}", text.escape_debug())]
    UnwritableText {
        /// The text.
        text: String,
        /// The first such character.
        character: char,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The linear-algebra backend reported a failure.
    #[error("the LAPACK backend failed in {operation}")]
    Backend {
        /// The operation.
        operation: &'static str,
    },
}

impl Error {
    pub(crate) fn in_cause(cause: &str, error: Self) -> Self {
        Self::InCause { cause: cause.to_owned(), error: Box::new(error) }
    }
}
