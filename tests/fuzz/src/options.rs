//! Options that several estimators share.

use arbitrary::{Result, Unstructured};
use riskset::Ties;
use riskset::data::{TimeMatch, Variance};
use riskset::statistic::{Adjust, IntervalTransform};

pub fn one_of<T: Clone>(values: &[T], source: &mut Unstructured<'_>) -> Result<T> {
    source.choose(values).cloned()
}

pub fn transform(source: &mut Unstructured<'_>) -> Result<IntervalTransform> {
    use IntervalTransform::{Arcsin, Log, LogLog, Logit, Plain};
    one_of(&[Log, LogLog, Plain, Logit, Arcsin], source)
}

pub fn variance(source: &mut Unstructured<'_>) -> Result<Variance> {
    one_of(&[Variance::Automatic, Variance::ModelBased, Variance::Robust], source)
}

pub fn ties(source: &mut Unstructured<'_>) -> Result<Ties> {
    one_of(&[Ties::Efron, Ties::Breslow, Ties::ExactPartial], source)
}

pub fn time_match(source: &mut Unstructured<'_>) -> Result<TimeMatch> {
    one_of(&[TimeMatch::default(), TimeMatch::Exact, TimeMatch::RTimefix], source)
}

pub fn adjust(source: &mut Unstructured<'_>) -> Result<Adjust> {
    use Adjust::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Hochberg, Holm, None};
    one_of(&[None, Bonferroni, Holm, Hochberg, BenjaminiHochberg, BenjaminiYekutieli], source)
}
