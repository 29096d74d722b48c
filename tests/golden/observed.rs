//! The rows of a case as the crate's data types.

use riskset::{CountingProcess, Groups, RightCensored, Weights};

use super::case::Case;

/// What a case observes.
pub enum Observed {
    RightCensored(RightCensored),
    CountingProcess(CountingProcess),
}

/// Adds weights, strata and clusters to either type.
macro_rules! with_columns {
    ($data:expr, $case:expr, $weights:expr) => {{
        let mut data = $data.unwrap();
        if let Some(weights) = $weights {
            data = data.with_weights(weights).unwrap();
        }
        let strata = $case.columns("strata");
        if !strata.is_empty() {
            data = data.with_strata(&$case.frame.combine(&strata).codes).unwrap();
        }
        if let Some(clusters) = $case.text("cluster") {
            data = data.with_clusters(clusters).unwrap();
        }
        data
    }};
}

impl Observed {
    pub fn new(case: &Case, weights: Option<Weights>) -> Self {
        let (time, event) = (case.numbers("time").unwrap(), case.event());
        let Some(start) = case.numbers("start") else {
            let data = RightCensored::new(&time, &event);
            return Self::RightCensored(with_columns!(data, case, weights));
        };
        let data = CountingProcess::new(&start, &time, &event);
        let data = with_columns!(data, case, weights);
        Self::CountingProcess(match case.text("id") {
            Some(ids) => data.with_ids(ids).unwrap(),
            None => data,
        })
    }
}

/// The groups of a case, in R's order.
pub fn groups(case: &Case) -> Option<Groups> {
    let columns = case.columns("group");
    if columns.is_empty() {
        return None;
    }
    let combined = case.frame.combine(&columns);
    let labels: Vec<&str> = combined.codes.iter().map(|&code| &*combined.names[code]).collect();
    let levels: Vec<&str> = combined.names.iter().map(String::as_str).collect();
    Some(Groups::with_levels(&labels, &levels).unwrap())
}

/// R's label of a group, `sex=1, ph_ecog=2` with padding, as the values only.
pub fn group_name(label: &str) -> String {
    let value =
        |part: &str| part.split_once('=').map_or(part, |(_, value)| value).trim().to_owned();
    label.split(", ").map(value).collect::<Vec<_>>().join(", ")
}
