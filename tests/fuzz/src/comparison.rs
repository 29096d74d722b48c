//! Tests of groups.

use arbitrary::{Result, Unstructured};
use riskset::data::{RiskTable, SurvivalData};
use riskset::inference::{FollowUp, PowerFormula, TwoArmTrial, WeightedLogRank};
use riskset::nonparametric::{
    Alternative, FixedTime, MaxCombo, OneSampleLogRank, PairVariance, Pairwise, TestWeight,
};
use riskset::{Groups, KaplanMeier, LogRank};

use crate::finite::{checked, finite};
use crate::number::{level, option};
use crate::options::{adjust, one_of, ties, transform};
use crate::sample::Sample;
use crate::survival::{Visit, visit};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    if source.ratio(1, 16)? {
        return trials(source);
    }
    let sample = Sample::new(source)?;
    let Some(groups) = checked(sample.groups()) else { return Ok(()) };
    let expected = sample.weight.clone();
    visit(&sample, &mut Tests { groups, expected, source })
}

struct Tests<'a, 'b> {
    groups: Groups,
    expected: Vec<f64>,
    source: &'a mut Unstructured<'b>,
}

fn weight(source: &mut Unstructured<'_>) -> Result<TestWeight> {
    let (rho, gamma) = (option(&[0.0, 1.0, 0.5], source)?, option(&[0.0, 1.0, 2.0], source)?);
    let weights = [
        TestWeight::LogRank,
        TestWeight::FlemingHarrington { rho, gamma },
        TestWeight::Gehan,
        TestWeight::TaroneWare,
        TestWeight::PetoPeto,
        TestWeight::ModifiedPetoPeto,
    ];
    one_of(&weights, source)
}

impl Visit for Tests<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (groups, source) = (&self.groups, &mut *self.source);
        let test = LogRank::new().weight(weight(source)?);
        if let Some(fit) = checked(test.fit(data, groups)) {
            assert!(!fit.to_string().is_empty());
            checked(fit.trend());
            let score = |source: &mut Unstructured<'_>| option(&[1.0, 2.0, 4.0], source);
            checked(fit.trend_by(&[score(source)?, score(source)?, score(source)?]));
        }
        let variances = [PairVariance::OwnPair, PairVariance::Pooled];
        let pairs = Pairwise::new().test(test).adjust(adjust(source)?);
        checked(pairs.variance(one_of(&variances, source)?).fit(data, groups));
        if let Some(table) = checked(RiskTable::by(data, groups)) {
            checked(test.fit_table(&table));
        }
        checked(WeightedLogRank::new().ties(ties(source)?).fit(data, groups));
        let alternatives =
            [Alternative::TwoSided, Alternative::SecondHigher, Alternative::SecondLower];
        let combo = MaxCombo::new().alternative(one_of(&alternatives, source)?);
        checked(combo.fit(data, groups));
        checked(combo.weights(&[weight(source)?, weight(source)?]).fit(data, groups));
        checked(OneSampleLogRank::new().fit_expected(data, &self.expected));
        checked(OneSampleLogRank::new().fit(data, |time| time / 10.0));
        if let Some(fits) = checked(KaplanMeier::new().fit_by(data, groups)) {
            let time = FixedTime::new(option(&[1.0, 2.5, 5.0], source)?);
            let time = time.transform(transform(source)?).confidence(level(source)?);
            checked(time.compare(&fits));
        }
        Ok(())
    }
}

fn trials(source: &mut Unstructured<'_>) -> Result<()> {
    let formulas = [PowerFormula::Schoenfeld, PowerFormula::Freedman];
    let trial = TwoArmTrial::new(option(&[0.5, 0.7, 1.3], source)?)
        .allocation(option(&[1.0, 2.0], source)?)
        .significance(option(&[0.05, 0.01], source)?)
        .formula(one_of(&formulas, source)?);
    let trial = if source.arbitrary()? { trial.one_sided() } else { trial };
    let power = option(&[0.8, 0.9], source)?;
    checked(trial.events(power));
    checked(trial.power(option(&[100.0, 10.0], source)?));
    checked(trial.size_of(power, option(&[0.5, 0.9], source)?, option(&[0.5, 0.9], source)?));
    let follow_up = FollowUp::median(option(&[12.0, 1.0], source)?)
        .accrual(option(&[24.0, 0.0], source)?)
        .follow_up(option(&[12.0, 0.0], source)?)
        .dropout(option(&[0.0, 0.01], source)?);
    finite(&checked(trial.size(power, &follow_up)));
    checked(trial.power_of_size(source.arbitrary()?, source.arbitrary()?, &follow_up));
    Ok(())
}
