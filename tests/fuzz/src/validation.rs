//! Concordance and resampling.

use arbitrary::{Result, Unstructured};
use riskset::data::SurvivalData;
use riskset::validation::{Bootstrap, Concordance, Jackknife, Score, TimeWeight};
use riskset::{CoxPh, Design};

use crate::design::design;
use crate::finite::{checked, finite};
use crate::number::{level, option};
use crate::options::one_of;
use crate::sample::Sample;
use crate::survival::{Visit, visit};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(design) = design(&sample, source)? else { return Ok(()) };
    let scores = [sample.weight.clone(), sample.entry.clone()];
    visit(&sample, &mut Validation { design, scores, source })
}

struct Validation<'a, 'b> {
    design: Design,
    scores: [Vec<f64>; 2],
    source: &'a mut Unstructured<'b>,
}

impl Visit for Validation<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let source = &mut *self.source;
        if source.ratio(1, 4)? {
            return resampled(data, &self.design, source);
        }
        let mut estimator = Concordance::new().confidence(level(source)?);
        if source.arbitrary()? {
            estimator = estimator.tau(option(&[1.0, 5.0], source)?);
        }
        let [one, other] = &self.scores;
        for weight in [TimeWeight::Survival, TimeWeight::Uno, TimeWeight::Equal] {
            let estimator = estimator.clone().time_weight(weight);
            checked(estimator.fit(data, Score::higher_is_worse(one)));
            let scores = (Score::higher_is_worse(one), Score::higher_is_better(other));
            checked(estimator.compare(data, scores.0, scores.1));
        }
        Ok(())
    }
}

fn resampled<D: SurvivalData + Sync>(
    data: &D,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let (mut bootstrap, mut jackknife) =
        (Bootstrap::new(source.arbitrary()?).replicates(20), Jackknife::new());
    if one_of(&[true, false], source)? {
        (bootstrap, jackknife) = (bootstrap.within_strata(), jackknife.within_strata());
    }
    let Some(bootstrap) = checked(bootstrap.fit_cox(data, design, &CoxPh::new())) else {
        return Ok(());
    };
    finite(&(bootstrap.bias(), bootstrap.std_error()));
    checked(bootstrap.percentile(0.5));
    let Some(jackknife) = checked(jackknife.fit_cox(data, design, &CoxPh::new())) else {
        return Ok(());
    };
    finite(&(jackknife.acceleration(), jackknife.std_error()));
    checked(bootstrap.bca(0.5, &jackknife));
    Ok(())
}
