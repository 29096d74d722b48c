//! The outcome of a test of proportional hazards.

use std::fmt;

use crate::statistic::{Table, TestResult, fixed, p_value};

/// The test of one column, or of the columns of one term, in a [`ProportionalityFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ProportionalityTest {
    /// Name of the column or term.
    pub name: String,
    /// The score test; `None` for coefficients without a finite estimate, and where the events lie at times
    /// that tell nothing of a trend.
    pub test: Option<TestResult>,
}

/// Score tests of proportional hazards, for each column, each term, and all.
///
/// What it estimates, and after whom: [`Proportionality`](crate::inference::Proportionality).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProportionalityFit {
    pub(super) transform: String,
    pub(super) columns: Vec<ProportionalityTest>,
    pub(super) terms: Vec<ProportionalityTest>,
    pub(super) global: Option<TestResult>,
}

impl ProportionalityFit {
    /// Name of the function of time: `km`, `rank`, `identity`, `log`, or a custom one.
    #[must_use]
    pub fn transform(&self) -> &str {
        &self.transform
    }

    /// A test for each column, in the order of the design.
    #[must_use]
    pub fn columns(&self) -> &[ProportionalityTest] {
        &self.columns
    }

    /// A test for each term, of all its columns together.
    #[must_use]
    pub fn terms(&self) -> &[ProportionalityTest] {
        &self.terms
    }

    /// The test of all columns; `None` as for a single one.
    #[must_use]
    pub fn global(&self) -> Option<&TestResult> {
        self.global.as_ref()
    }
}

/// A line for each term, and `GLOBAL`; with `{:#}` a line for each column.
impl fmt::Display for ProportionalityFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = if f.alternate() { &self.columns } else { &self.terms };
        let tests: Vec<Option<TestResult>> =
            lines.iter().map(|line| line.test).chain([self.global]).collect();
        let names = lines.iter().map(|line| line.name.clone()).chain(["GLOBAL".to_owned()]);
        let statistic: Vec<Option<f64>> =
            tests.iter().map(|test| test.map(|test| test.statistic)).collect();
        let df = tests.iter().map(|test| test.and_then(|test| test.df));
        let p = tests.iter().map(|test| test.map(|test| p_value::text(test.p_value)));
        let table = Table::default()
            .column("", names.collect())
            .column("chisq", fixed(&statistic, 3, "-"))
            .column("df", df.map(|df| df.map_or("-".to_owned(), |df| df.to_string())).collect())
            .column("p", p.map(|p| p.unwrap_or_else(|| "-".to_owned())).collect());
        write!(f, "along {}\n{table}", self.transform)
    }
}
