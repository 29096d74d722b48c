//! Survival of those who have survived so far.

use super::kaplan_meier::KaplanMeier;
use super::kaplan_meier_fit::KaplanMeierFit;
use super::observed::{Observed, leaving};
use crate::error::{Error, Result, Warning};

impl KaplanMeierFit {
    /// Survival of those who are alive at `time`: S(t | s) = S(t) / S(s) for t > s.
    ///
    /// # Definition
    /// ```text
    /// S(t | s) = Π_{s < u ≤ t} (1 − d(u)/Y(u))
    /// Var ln S(t | s) = Σ_{s < u ≤ t} d(u) / (Y(u) (Y(u) − d(u)))
    /// ```
    /// A curve in its own right, with a point at every time of an event or a censoring after s and
    /// value 1 up to s. Level and transform are those of this fit. Its counts are those of the times
    /// after s; the [series](Self::series) stays that of all rows. The product is taken over (s, t]
    /// and not divided, so it is exact, and under delayed entry it is also there where the risk set
    /// [emptied](crate::Warning::RiskSetEmptied) before s: this is the way to start such a curve
    /// later.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a time that is not finite or is negative;
    /// [`Error::BeyondFollowUp`] when nobody is observed after it; [`Error::Unsupported`] for a curve
    /// with the robust variance.
    ///
    /// # Example
    /// Alive at 2 are two of four, of whom one dies at 3:
    /// ```
    /// use riskset::{KaplanMeier, RightCensored};
    ///
    /// let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true, true, true, false])?;
    /// let given = KaplanMeier::new().fit(&data)?.given(2.0)?;
    /// assert_eq!(given.time(), [3.0, 4.0]);
    /// assert_eq!(given.survival(), [0.5, 0.5]);
    /// assert_eq!(given.curve().std_error().get(0), Some(0.125_f64.sqrt())); // ½ √(1/(2·1))
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # In R
    /// `survfit(Surv(time, event) ~ 1, start.time = s)`, which counts an event *at* s among those to
    /// come: its curve is the one given survival up to just before s.
    pub fn given(&self, time: f64) -> Result<Self> {
        if !(0.0..f64::INFINITY).contains(&time) {
            let rule = "must be finite and not negative";
            return Err(Error::InvalidOption { option: "time", value: time, rule });
        }
        if let Some(&last) = self.time().last().filter(|&&last| time >= last) {
            return Err(Error::BeyondFollowUp { what: "data".to_owned(), time, last });
        }
        let curve = self.curve();
        if curve.is_robust() {
            return Err(Error::Unsupported {
                estimator: "KaplanMeier",
                what: "the robust variance of a conditional curve",
                instead: "use Variance::ModelBased, or fit the rows that are there after the time",
            });
        }
        let estimator = KaplanMeier::new().confidence(curve.level()).transform(curve.transform());
        let earlier = |warning: &&Warning| !matches!(warning, Warning::RiskSetEmptied { .. });
        let after = self.series().after(time);
        let counts = leaving(&after, self.is_reverse());
        let (curve, emptied) = estimator.curve(&counts, None)?;
        let warnings = self.warnings().iter().filter(earlier).cloned().chain(emptied).collect();
        let observed = Observed::at(self.series().clone(), &counts);
        Ok(Self::new(curve, observed, self.is_reverse(), warnings))
    }
}
