//! Every term of a Cox model, given the others.

use std::fmt;

use super::hypothesis::TermHypothesis;
use super::term_test::{NoTest, TermTest};
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::CoxFit;
use crate::statistic::{Table, TestResult, p_value, significant};

/// Tests of every term of a Cox model, from [`CoxFit::term_tests`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TermTests {
    /// Which model each term was dropped from.
    pub hypothesis: TermHypothesis,
    /// One for each term, in the order of the design.
    pub tests: Vec<TermTest>,
}

impl TermTests {
    /// The tests of the term of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn term(&self, name: &str) -> Result<&TermTest> {
        self.tests.iter().find(|test| test.term == name).ok_or_else(|| Error::UnknownName {
            kind: "term",
            name: name.to_owned(),
            known: self.tests.iter().map(|test| test.term.clone()).collect(),
        })
    }
}

impl CoxFit {
    /// Tests every term given the others: likelihood ratio, Wald and score, of type II.
    ///
    /// # Definition
    /// A term with columns T is dropped from the model with columns O ∪ T, on the same rows:
    /// ```text
    /// likelihood ratio   2 (ℓ(O ∪ T) − ℓ(O))                  both at their maxima
    /// Wald               β_Tᵀ (V_TT)⁻¹ β_T                    V the variance of the fit
    /// score              U_Tᵀ [I⁻¹]_TT U_T                    U and I at the maximum of O
    /// ```
    /// O is all other terms but the interactions that contain this one; see [`TermHypothesis`] for the
    /// alternative, which [`term_tests_of`](Self::term_tests_of) gives. Where there are such interactions
    /// R, Wald's statistic is that of R ∪ T less that of R, both by the variance of the whole fit. All
    /// three are chi-square on the rank that T adds to O.
    ///
    /// A robust variance enters Wald's and the score test; the likelihood ratio has none and is
    /// [refused](NoTest::RobustVariance). With an infinite coefficient the likelihood ratio stays valid,
    /// while Wald's test does not exist.
    ///
    /// # Example
    /// Freireich et al. 1963; a single term is the whole model:
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// # let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
    /// #     22., 23.];
    /// # let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
    /// #     32., 32., 34., 35.];
    /// # let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
    /// # let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
    /// # let arm = [["control"; 21], ["6-MP"; 21]].concat();
    /// let design = Design::builder().factor("arm", &arm, "6-MP").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let tests = fit.term_tests(&data, &design)?;
    /// let arm = tests.term("arm")?;
    /// assert_eq!(arm.df, 1);
    /// let ratio = arm.likelihood_ratio.unwrap();
    /// assert!((ratio.statistic - 16.3516908).abs() < 1e-6);
    /// assert!((ratio.statistic - fit.likelihood_ratio().unwrap().statistic).abs() < 1e-9);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # In R
    /// `car::Anova(fit, type = "II")`, which has no likelihood ratio with strata and forgets an offset when
    /// it fits again; `drop1(fit, test = "Chisq")`. `anova(fit)` is [sequential](Self::sequential_tests).
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and [`Error::OtherData`] unless these are the rows and the design of the
    /// fit; those of [`CoxPh::fit`](crate::CoxPh::fit) for the smaller models.
    pub fn term_tests(&self, data: &impl SurvivalData, design: &Design) -> Result<TermTests> {
        self.term_tests_of(TermHypothesis::default(), data, design)
    }

    /// Tests every term, dropped from the model that the hypothesis says.
    ///
    /// # Errors
    /// As [`term_tests`](Self::term_tests).
    pub fn term_tests_of(
        &self,
        hypothesis: TermHypothesis,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<TermTests> {
        let mut models = self.submodels(data.rows(), design)?;
        let terms = self.coding().terms().iter().enumerate();
        let tests = terms.map(|(index, term)| {
            let split = hypothesis.split(self.coding(), index);
            TermTest::new(term.name.clone(), &mut models, &split)
        });
        Ok(TermTests { hypothesis, tests: tests.collect::<Result<_>>()? })
    }

    /// The one test of every term that a table shows, of type II: the likelihood ratio, or where there is none
    /// Wald's; without `refits` Wald's at once, for which no model is fitted.
    pub(crate) fn preferred_tests(
        &self,
        data: &impl SurvivalData,
        design: &Design,
        refits: bool,
    ) -> Result<Vec<Option<TestResult>>> {
        let mut models = self.submodels(data.rows(), design)?;
        let terms = 0..self.coding().terms().len();
        let tests = terms.map(|term| {
            let split = TermHypothesis::default().split(self.coding(), term);
            if refits && let Ok(test) = models.likelihood_ratio(&split)? {
                return Ok(Some(test));
            }
            Ok(models.wald(&split).ok())
        });
        tests.collect()
    }
}

/// A table with a row for each term.
impl fmt::Display for TermTests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        type Of = fn(&TermTest) -> &Result<TestResult, NoTest>;
        let kinds: [(&str, Of); 3] = [
            ("LR chisq", |test| &test.likelihood_ratio),
            ("Wald chisq", |test| &test.wald),
            ("score chisq", |test| &test.score),
        ];
        let column = |text: &dyn Fn(&TermTest) -> String| self.tests.iter().map(text).collect();
        let mut table = Table::default()
            .column("", column(&|test| test.term.clone()))
            .column("df", column(&|test| test.df.to_string()));
        for (name, of) in kinds {
            let statistics: Vec<Option<f64>> =
                self.tests.iter().map(|test| of(test).as_ref().ok().map(|t| t.statistic)).collect();
            let p = |test: &TermTest| match of(test) {
                Ok(result) => p_value::text(result.p_value),
                Err(_) => "NA".to_owned(),
            };
            table = table.column(name, significant(&statistics, 5, "NA")).column("p", column(&p));
        }
        writeln!(f, "Tests of terms ({})", self.hypothesis)?;
        write!(f, "{table}")
    }
}
