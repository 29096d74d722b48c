//! Whether the effect of a covariate departs from a line.

use super::hypothesis::covariates;
use super::term_test::TermTest;
use crate::data::{Coding, Design, SurvivalData, TermKind};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, Split};

impl CoxFit {
    /// Tests whether the log hazard is linear in a covariate that the design has as a spline: its columns
    /// but the first are dropped, and with them those that stand in interactions.
    ///
    /// The record carries the likelihood ratio, Wald's and the score test of
    /// [`term_tests`](Self::term_tests). Its name is that of the term, followed by `(nonlinear)`.
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, RightCensored};
    /// # let time: Vec<f64> = (1..=40).map(f64::from).collect();
    /// # let event: Vec<bool> = (0..40).map(|row| row % 3 != 0).collect();
    /// # let age: Vec<f64> = (0..40).map(|row| f64::from((row * 17) % 41 + 30)).collect();
    /// # let data = RightCensored::new(&time, &event)?;
    /// let design = Design::builder().spline("age", &age, &[35.0, 45.0, 55.0, 65.0]).build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let test = fit.linearity_test("age", &data, &design)?;
    /// assert_eq!((test.term.as_str(), test.df), ("age (nonlinear)", 2));
    ///
    /// let line = Design::builder().numeric("age", &age).build()?;
    /// let gain = fit.log_likelihood() - CoxPh::new().fit(&data, &line)?.log_likelihood();
    /// assert!((test.likelihood_ratio.unwrap().statistic - 2.0 * gain).abs() < 1e-9);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* the row `Nonlinear` of `rms::anova(cph(y ~ rcs(age)))`, Wald's test.
    ///
    /// # Errors
    /// As [`term_tests`](Self::term_tests); [`Error::UnknownName`], and [`Error::Unsupported`] for a term
    /// that is not a spline.
    pub fn linearity_test(
        &self,
        term: &str,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<TermTest> {
        let coding = self.coding();
        let TermKind::Spline { .. } = coding.term(term)?.kind else {
            return Err(Error::Unsupported {
                estimator: "linearity_test",
                what: "a test of a term that is not a spline",
                instead: "put the covariate into the design as a spline",
            });
        };
        let spline = coding.position(term)?;
        let nonlinear = nonlinear(coding, spline);
        let split = Split::new(coding.columns().len(), nonlinear, Vec::new());
        let mut models = self.submodels(data.rows(), design)?;
        TermTest::new(format!("{term} (nonlinear)"), &mut models, &split)
    }
}

/// The columns that hold a spline's departure from a line, alone and in interactions.
fn nonlinear(coding: &Coding, spline: usize) -> Vec<usize> {
    let related = |term: &usize| covariates(coding, *term).contains(&spline);
    let terms = (0..coding.terms().len()).filter(related);
    terms.flat_map(|term| bent(coding, term, spline)).collect()
}

/// Those of one term: in a product the columns of the first factor run fastest.
#[expect(clippy::indexing_slicing, reason = "a product is made of terms of its model")]
fn bent(coding: &Coding, term: usize, spline: usize) -> Vec<usize> {
    let columns = |term: usize| coding.terms()[term].columns.clone();
    match coding.terms()[term].kind {
        _ if term == spline => columns(term).skip(1).collect(),
        TermKind::Interaction { of: [a, b] } => {
            let (bent_a, bent_b) = (bent(coding, a, spline), bent(coding, b, spline));
            let pairs = columns(b).flat_map(|b| columns(a).map(move |a| (a, b)));
            let bends = pairs.map(|(a, b)| bent_a.contains(&a) || bent_b.contains(&b));
            columns(term).zip(bends).filter(|(_, bends)| *bends).map(|(j, _)| j).collect()
        }
        _ => Vec::new(),
    }
}
