//! The data types, made of a sample with everything it says about its rows.

use riskset::data::SurvivalData;
use riskset::{CompetingRisks, CountingProcess, Result, RightCensored};

use crate::sample::Sample;

const CAUSES: [(u32, &str); 3] = [(1, "one"), (2, "two"), (3, "three")];

macro_rules! with_columns {
    ($data:expr, $sample:expr) => {{
        let mut data = $data;
        if let Some(weights) = $sample.weights() {
            data = data.with_weights(weights?)?;
        }
        if let Some(strata) = &$sample.stratum {
            data = data.with_strata(strata)?;
        }
        if let Some(clusters) = &$sample.cluster {
            data = data.with_clusters(clusters)?;
        }
        if let Some(ids) = &$sample.id {
            data = data.with_ids(ids)?;
        }
        data.with_time_match($sample.time_match)
    }};
}

pub fn right_censored(sample: &Sample) -> Result<RightCensored> {
    with_columns!(RightCensored::new(&sample.exit, &sample.event)?, sample)
}

pub fn counting_process(sample: &Sample) -> Result<CountingProcess> {
    with_columns!(CountingProcess::new(&sample.entry, &sample.exit, &sample.event)?, sample)
}

pub fn competing_risks(sample: &Sample) -> Result<CompetingRisks> {
    with_columns!(CompetingRisks::from_codes(&sample.exit, &sample.cause, &CAUSES)?, sample)
}

pub fn competing_process(sample: &Sample) -> Result<CompetingRisks<CountingProcess>> {
    let data =
        CompetingRisks::counting_process(&sample.entry, &sample.exit, &sample.cause, &CAUSES);
    with_columns!(data?, sample)
}

/// What is done to data, whether its rows enter late or not.
pub trait Visit {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(
        &mut self,
        data: &D,
    ) -> arbitrary::Result<()>;
}

/// The data of a sample, if its columns can be data at all.
pub fn visit(sample: &Sample, visitor: &mut impl Visit) -> arbitrary::Result<()> {
    if sample.counting {
        match crate::finite::checked(counting_process(sample)) {
            Some(data) => visitor.visit(&data),
            None => Ok(()),
        }
    } else {
        match crate::finite::checked(right_censored(sample)) {
            Some(data) => visitor.visit(&data),
            None => Ok(()),
        }
    }
}
