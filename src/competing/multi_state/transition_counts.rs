//! How often each transition was made.

use ndarray::Array2;
use std::fmt;

use crate::data::MultiState;
use crate::statistic::Table;

/// Observed transitions between states, counted in rows.
///
/// # Example
/// ```
/// use riskset::competing::TransitionCounts;
/// use riskset::data::MultiState;
///
/// let to = [Some("ill"), Some("dead"), None];
/// let states = ["well", "ill", "dead"];
/// let data = MultiState::new(&[1, 1, 2], &[0.0, 2.0, 0.0], &[2.0, 5.0, 4.0], &to, &states)?;
/// let counts = TransitionCounts::new(&data);
/// assert_eq!((counts.transitions[[0, 1]], counts.transitions[[1, 2]]), (1, 1));
/// assert_eq!(counts.censored, [1, 0, 0]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survcheck(…)$transitions`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct TransitionCounts {
    /// Names of the states.
    pub states: Vec<String>,
    /// Transitions, states left × states entered.
    pub transitions: Array2<usize>,
    /// Subjects whose last row ends in each state without entering another one: those censored there.
    pub censored: Vec<usize>,
}

impl TransitionCounts {
    /// Those of all rows.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, a state one of those named"
    )]
    pub fn new(data: &MultiState) -> Self {
        let k = data.states().len();
        let (mut transitions, mut censored) = (Array2::zeros((k, k)), vec![0; k]);
        let continues = data.continues();
        for (row, (&from, to)) in data.from().iter().zip(data.to()).enumerate() {
            match to {
                Some(to) => transitions[[from as usize, *to as usize]] += 1,
                None => censored[from as usize] += usize::from(!continues[row]),
            }
        }
        Self { states: data.states().to_vec(), transitions, censored }
    }
}

/// As R prints the transitions of `survcheck`.
impl fmt::Display for TransitionCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |counts: Vec<usize>| counts.iter().map(usize::to_string).collect();
        let mut table = Table::default().column("", self.states.clone());
        for (k, state) in self.states.iter().enumerate() {
            let column = self.transitions.column(k).to_vec();
            if column.iter().any(|&count| count > 0) {
                table = table.column(state, text(column));
            }
        }
        write!(f, "{}", table.column("(censored)", text(self.censored.clone())))
    }
}

#[cfg(feature = "serde")]
impl TransitionCounts {
    fn check(&self) -> crate::Result<()> {
        let (rows, columns) = self.transitions.dim();
        let censored = ("censored", self.censored.len());
        let sides = [("transitions", rows), ("transitions", columns), censored];
        crate::checked::same_lengths(self.states.len(), &sides)
    }
}
