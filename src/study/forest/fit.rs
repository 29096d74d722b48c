//! The forest plot of a fitted model.

use super::data::{ForestData, ForestRow, ForestRowKind};
use crate::data::{Design, Profile, SurvivalData, Term, TermKind};
use crate::error::Result;
use crate::inference::HazardRatio;
use crate::numerics::quantile::quantile;
use crate::regression::cox::CoxFit;
use crate::statistic::{TestResult, normal_multiplier};
use crate::study::counts::counts;
use crate::study::levels::{level_codes, values};
use crate::study::ratio::whole_ratio;

impl ForestData {
    /// The hazard ratios of a fitted model: every level of every factor, references included, and every
    /// other term.
    ///
    /// | term | rows |
    /// |---|---|
    /// | number | the ratio of one unit |
    /// | factor | its reference, then each level against it |
    /// | spline | its upper quartile against its lower one, both to four digits |
    /// | interaction | the ratios of the first covariate at every level of the second, or at its quartiles where it is a number |
    ///
    /// A covariate of an interaction has one ratio for each value of its partner, and no coefficient is
    /// its effect. So the first stands with the interaction, and the second is given where its
    /// partners are at their reference or their median, which the label says. Tests are the likelihood
    /// ratio of dropping the term, or Wald's under a robust variance.
    ///
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored, study::ForestData};
    ///
    /// # let time: Vec<f64> = (1..=80).map(f64::from).collect();
    /// # let event: Vec<bool> = (0..80).map(|row| row % 4 != 0).collect();
    /// # let arm: Vec<&str> = (0..80).map(|row| if row % 3 == 0 { "new" } else { "old" }).collect();
    /// # let sex: Vec<&str> = (0..80).map(|row| if row % 7 < 4 { "female" } else { "male" }).collect();
    /// # let data = RightCensored::new(&time, &event)?;
    /// let design = Design::builder().factor("arm", &arm, "old").factor("sex", &sex, "female");
    /// let design = design.interaction("arm", "sex").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let forest = ForestData::of_fit(&fit, &data, &design, 0.95)?;
    /// let labels: Vec<&str> = forest.rows.iter().map(|row| row.label.as_str()).collect();
    /// assert_eq!(labels, [
    ///     "arm", // see arm:sex
    ///     "sex", "female", "male (arm=old)",
    ///     "arm:sex", "old (sex=female)", "new (sex=female)", "old (sex=male)", "new (sex=male)",
    /// ]);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidOption`](crate::Error::InvalidOption) for the confidence level;
    /// [`LengthMismatch`](crate::Error::LengthMismatch) and [`OtherData`](crate::Error::OtherData) unless
    /// these are the rows and the design of the fit; those of
    /// [`term_tests`](CoxFit::term_tests).
    pub fn of_fit<D: SurvivalData>(
        fit: &CoxFit,
        data: &D,
        design: &Design,
        level: f64,
    ) -> Result<Self> {
        normal_multiplier(level)?;
        fit.evaluate(data.rows(), design)?;
        let forest = FitForest { fit, data, design, level };
        let terms = fit.coding().terms();
        let tests = match fit.penalty() {
            None => fit.term_tests(data, design)?.tests,
            Some(_) => Vec::new(),
        };
        let mut rows = Vec::new();
        for (index, term) in terms.iter().enumerate() {
            let test = tests.get(index).and_then(|test| test.preferred().copied());
            rows.extend(forest.term(term, test)?);
        }
        let title = "Hazard ratios, each adjusted for the other terms".to_owned();
        Ok(Self { title, level, rows, notes: Vec::new() })
    }
}

/// A fit with what it was made from.
struct FitForest<'a, D> {
    fit: &'a CoxFit,
    data: &'a D,
    design: &'a Design,
    level: f64,
}

/// One ratio of a covariate, the rows it speaks of being those of a level.
struct Part {
    label: String,
    ratio: Option<HazardRatio>,
    level: Option<usize>,
}

impl<D: SurvivalData> FitForest<'_, D> {
    fn terms(&self) -> &[Term] {
        self.fit.coding().terms()
    }

    fn term(&self, term: &Term, test: Option<TestResult>) -> Result<Vec<ForestRow>> {
        let heading = ForestRow::new(&term.name, &term.name, ForestRowKind::Heading);
        let heading = ForestRow { test, ..heading };
        if let TermKind::Interaction { .. } = term.kind {
            return Ok([vec![heading], self.interaction(term)?].concat());
        }
        let partners = self.partners(term);
        if let Some(product) = self.leading(term) {
            let note = Some(format!("its effect depends on another term: see {product}"));
            return Ok(vec![ForestRow { kind: ForestRowKind::Omitted, note, ..heading }]);
        }
        let mut rows = vec![heading];
        let at = partners.iter().fold(Profile::new(), |at, partner| self.usual(at, partner));
        let all = |_: usize| true;
        for part in self.parts(term, &at)? {
            rows.push(self.row(term, part, &at, &all));
        }
        Ok(rows)
    }

    /// The first covariate of a product at each value of the second.
    #[expect(clippy::indexing_slicing, reason = "a row is one of the design")]
    fn interaction(&self, product: &Term) -> Result<Vec<ForestRow>> {
        let mains = self.mains(product);
        let (Some(first), Some(second)) = (mains.first(), mains.get(1)) else {
            return Ok(Vec::new());
        };
        let others = self.partners(first);
        let others = others.iter().filter(|other| other.name != second.name);
        let base = others.fold(Profile::new(), |at, other| self.usual(at, other));
        let codes = level_codes(self.design, second);
        let mut rows = Vec::new();
        for (place, at) in self.values_of(second, &base).into_iter().enumerate() {
            let factor = matches!(second.kind, TermKind::Factor { .. });
            let inside = |row: usize| !factor || codes[row] == place;
            for part in self.parts(first, &at)? {
                let mut row = self.row(first, part, &at, &inside);
                row.variable.clone_from(&product.name);
                if row.kind == ForestRowKind::Reference {
                    row.label = format!("{} ({at})", row.label);
                }
                if !factor {
                    (row.n, row.n_events) = (None, None);
                }
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// Profiles that hold each level of a covariate, or its quartiles.
    fn values_of(&self, term: &Term, base: &Profile) -> Vec<Profile> {
        match &term.kind {
            TermKind::Factor { levels } => {
                levels.iter().map(|level| base.clone().level(&term.name, level)).collect()
            }
            _ => {
                let quartiles = self.quartiles(term).into_iter();
                quartiles.map(|value| base.clone().number(&term.name, value)).collect()
            }
        }
    }

    /// The ratios of a covariate where its partners are as given.
    fn parts(&self, term: &Term, at: &Profile) -> Result<Vec<Part>> {
        let level = self.level;
        let ratio = |label: String, ratio| Part { label, ratio: Some(ratio), level: None };
        match &term.kind {
            TermKind::Factor { levels } => {
                let Some(reference) = levels.first() else { return Ok(Vec::new()) };
                let ratios = match *at == Profile::new() {
                    true => (term.columns.clone())
                        .map(|column| whole_ratio(self.fit, self.data, self.design, column, level))
                        .collect::<Result<_>>()?,
                    false => self.fit.level_ratios(&term.name, reference, at, level)?,
                };
                let others =
                    levels.iter().zip(std::iter::once(None).chain(ratios.into_iter().map(Some)));
                Ok((others.enumerate())
                    .map(|(place, (label, ratio))| Part {
                        label: label.clone(),
                        ratio,
                        level: Some(place),
                    })
                    .collect())
            }
            TermKind::Spline { .. } => {
                let [low, _, high] = self.quartiles(term);
                let found = self.fit.ratios_along(&term.name, &[high], low, at, level)?;
                let label = format!("{high} against {low}");
                Ok(found.into_iter().map(|found| ratio(label.clone(), found.ratio)).collect())
            }
            _ if *at == Profile::new() => {
                let column = term.columns.start;
                let found = whole_ratio(self.fit, self.data, self.design, column, level)?;
                Ok(vec![ratio("per unit".to_owned(), found)])
            }
            _ => {
                let found = self.fit.ratios_along(&term.name, &[1.0], 0.0, at, level)?;
                Ok(found.into_iter().map(|f| ratio("per unit".to_owned(), f.ratio)).collect())
            }
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a row is one of the data, and of the design")]
    fn row(
        &self,
        term: &Term,
        part: Part,
        at: &Profile,
        inside: &dyn Fn(usize) -> bool,
    ) -> ForestRow {
        let codes = level_codes(self.design, term);
        let member =
            |row: &usize| inside(*row) && part.level.is_none_or(|level| codes[*row] == level);
        let rows = self.data.rows();
        let counted = counts(rows, (0..rows.len()).filter(member));
        let Some(ratio) = &part.ratio else {
            let row = ForestRow::new(&term.name, &part.label, ForestRowKind::Reference);
            return ForestRow { estimate: Some(1.0), ..row.counted(counted) };
        };
        let label = match *at == Profile::new() {
            true => part.label,
            false => format!("{} ({at})", part.label),
        };
        ForestRow::new(&term.name, &label, ForestRowKind::Ratio).counted(counted).ratio(ratio)
    }

    /// Lower quartile, median and upper quartile of a number, to four digits: they are read.
    fn quartiles(&self, term: &Term) -> [f64; 3] {
        let mut sorted = values(self.design, term);
        sorted.sort_unstable_by(f64::total_cmp);
        [0.25, 0.5, 0.75].map(|p| {
            let exact = quantile(&sorted, p).unwrap_or_default();
            format!("{exact:.3e}").parse().unwrap_or(exact)
        })
    }

    /// A profile that also holds the reference or the median of a covariate.
    fn usual(&self, at: Profile, term: &Term) -> Profile {
        match &term.kind {
            TermKind::Factor { levels } => match levels.first() {
                Some(reference) => at.level(&term.name, reference),
                None => at,
            },
            _ => at.number(&term.name, self.quartiles(term)[1]),
        }
    }

    /// The covariates that a term is made of, in order.
    #[expect(clippy::indexing_slicing, reason = "a product is made of terms of its model")]
    fn mains(&self, term: &Term) -> Vec<&Term> {
        match &term.kind {
            TermKind::Interaction { of } => {
                of.iter().flat_map(|&part| self.mains(&self.terms()[part])).collect()
            }
            _ => self.terms().iter().filter(|known| known.name == term.name).collect(),
        }
    }

    /// The covariates that one has products with.
    fn partners(&self, term: &Term) -> Vec<&Term> {
        let mut partners: Vec<&Term> = Vec::new();
        for mains in self.terms().iter().map(|product| self.mains(product)) {
            if mains.iter().any(|main| main.name == term.name) {
                partners.extend(mains.into_iter().filter(|main| main.name != term.name));
            }
        }
        partners.sort_by_key(|partner| partner.columns.start);
        partners.dedup_by_key(|partner| partner.columns.start);
        partners
    }

    /// The first product that a covariate leads.
    fn leading(&self, term: &Term) -> Option<&str> {
        let leads = |product: &&Term| {
            let mains = self.mains(product);
            mains.len() > 1 && mains.first().is_some_and(|first| first.name == term.name)
        };
        self.terms().iter().find(leads).map(|product| product.name.as_str())
    }
}
