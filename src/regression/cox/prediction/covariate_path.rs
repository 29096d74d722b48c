//! Covariates that change over the time of one person.

use crate::data::Profile;
use crate::error::{BadCell, Error, Result};

/// The covariates of one person over consecutive intervals (entry, exit]: a future that is taken for
/// known.
///
/// # Definition
/// A person at x(t) has Λ = ∫ exp(x(t)β + offset) dΛ₀(t) from the start of the path on. A prediction
/// [along](super::StratumBaseline::along) it means something only where the covariates do not depend on whether
/// the person lives (an external covariate, a planned switch of treatment), or where a history is looked back
/// upon.
///
/// Not to be confused with the curve for the covariates of today, which is that of one [`Profile`].
///
/// # Example
/// ```
/// use riskset::{Profile, regression::cox::CovariatePath};
///
/// let waiting = Profile::new().number("transplant", 0.0);
/// let transplanted = Profile::new().number("transplant", 1.0);
/// let path = CovariatePath::new().over(0.0, 30.0, waiting).over(30.0, 400.0, transplanted);
/// assert_eq!(path.len(), 2);
/// ```
///
/// # In R
/// `survfit(fit, newdata, id = id)` with one id.
///
/// # References
/// Kalbfleisch & Prentice 2002, *The Statistical Analysis of Failure Time Data*, section 6.3,
/// doi:10.1002/9781118032985.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CovariatePath {
    pieces: Vec<Piece>,
}

/// One interval of a path.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Piece {
    pub(super) entry: f64,
    pub(super) exit: f64,
    pub(super) profile: Profile,
}

impl CovariatePath {
    /// A path without pieces.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an interval (entry, exit] with its covariates; it has to begin where the one before ends.
    #[must_use]
    pub fn over(mut self, entry: f64, exit: f64, profile: Profile) -> Self {
        self.pieces.push(Piece { entry, exit, profile });
        self
    }

    /// Number of intervals.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there is no interval.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The pieces, once they are known to follow each other.
    pub(super) fn checked(&self) -> Result<&[Piece]> {
        if self.is_empty() {
            return Err(Error::Empty { what: "path".to_owned() });
        }
        let mut cells = Vec::new();
        for (row, piece) in self.pieces.iter().enumerate() {
            let before = row
                .checked_sub(1)
                .and_then(|before| self.pieces.get(before))
                .map(|piece| piece.exit);
            if !(piece.entry >= 0.0 && before.is_none_or(|end| piece.entry == end)) {
                let rule = "a piece begins at 0 or later, where the one before ends";
                cells.push(BadCell::new("entry", row, piece.entry, rule));
            }
            if !(piece.exit > piece.entry && piece.exit < f64::INFINITY) {
                cells.push(BadCell::new("exit", row, piece.exit, "must lie after the entry"));
            }
        }
        if cells.is_empty() { Ok(&self.pieces) } else { Err(Error::InvalidCells { cells }) }
    }
}
