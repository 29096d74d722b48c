//! Competing risks against their projections.

use riskset::CompetingRisks;
use riskset::data::Cause;

use crate::sample::{CAUSES, Sample, check, tied};

fn ids(sample: &Sample) -> Vec<usize> {
    (0..sample.rows.len()).collect()
}

/// Both projections keep entry times, weights, strata, clusters and ids.
#[test]
fn projections_keep_the_columns() {
    check(40, tied(2..=20), |sample| {
        let weights = sample.frequency();
        let dress = |data: CompetingRisks<_>| {
            data.with_weights(weights.clone())?.with_strata(&sample.stratum())
        };
        let data = dress(sample.competing_process()).unwrap();
        let data = data.with_clusters(&sample.group()).unwrap().with_ids(&ids(&sample)).unwrap();
        let plain = sample.counting_process().with_weights(weights.clone()).unwrap();
        let plain = plain.with_strata(&sample.stratum()).unwrap();
        let plain = plain.with_clusters(&sample.group()).unwrap().with_ids(&ids(&sample)).unwrap();
        assert_eq!(data.any_cause(), plain);
        let mut events = 0;
        for (code, _) in CAUSES {
            let cause = Cause::new(code).unwrap();
            let one = data.cause_specific(cause).unwrap();
            assert_eq!(one.entry(), plain.entry());
            assert_eq!(one.weights(), plain.weights());
            assert_eq!(one.strata(), plain.strata());
            assert_eq!(one.clusters(), plain.clusters());
            assert_eq!(one.subjects(), plain.subjects());
            assert_eq!(one.n_events(), data.n_events(cause));
            events += one.n_events();
        }
        assert_eq!(events, plain.n_events());
    });
}

/// Without entry times a projection is right-censored data.
#[test]
fn rows_without_entry_times_give_right_censored_data() {
    check(40, tied(2..=20), |sample| {
        let data = sample.competing_risks().with_weights(sample.case()).unwrap();
        let plain = sample.right_censored().with_weights(sample.case()).unwrap();
        assert_eq!(data.any_cause(), plain);
    });
}
