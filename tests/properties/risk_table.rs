//! Tables of counts add up as the rows do.

use riskset::data::{RiskSeries, RiskTable};
use riskset::{CountingProcess, Groups, KaplanMeier, LogRank};

use crate::sample::{Sample, check, tied};

fn table(sample: &Sample) -> RiskTable {
    let data: CountingProcess = sample.counting_process().with_strata(&sample.stratum()).unwrap();
    RiskTable::by(&data, &Groups::new(&sample.group()).unwrap()).unwrap()
}

/// Three parts of the rows, none of them empty.
fn parts(sample: &Sample) -> [Sample; 3] {
    let third = sample.rows.len() / 3;
    let part = |rows: &[_]| Sample { rows: rows.to_vec() };
    [
        part(&sample.rows[..third]),
        part(&sample.rows[third..2 * third]),
        part(&sample.rows[2 * third..]),
    ]
}

/// The series of both by name: the order of the names depends on who came first.
fn assert_same(a: &RiskTable, b: &RiskTable) {
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    assert_eq!(sorted(a.strata()), sorted(b.strata()));
    assert_eq!(sorted(a.groups()), sorted(b.groups()));
    for stratum in a.strata() {
        for group in a.groups() {
            assert_eq!(a.series(stratum, group), b.series(stratum, group));
        }
    }
    assert_eq!(a.pooled(), b.pooled());
}

#[test]
fn parts_add_up_to_the_whole_in_any_order() {
    check(60, tied(6..=30), |sample| {
        let [a, b, c] = parts(&sample).map(|part| table(&part));
        let left = a.merge(&b).unwrap().merge(&c).unwrap();
        let right = a.merge(&b.merge(&c).unwrap()).unwrap();
        let turned = c.merge(&a).unwrap().merge(&b).unwrap();
        let whole = table(&sample);
        for sum in [&left, &right, &turned] {
            assert_same(sum, &whole);
        }
        let test = |table: &RiskTable| LogRank::new().fit_table(table).map(|fit| *fit.test());
        assert_eq!(
            left == whole,
            left.groups() == whole.groups() && left.strata() == whole.strata()
        );
        if left == whole {
            assert_eq!(test(&left), test(&whole));
        }
    });
}

#[test]
fn what_was_merged_can_be_removed() {
    check(60, tied(6..=30), |sample| {
        let [a, b, _] = parts(&sample).map(|part| table(&part));
        let both = a.merge(&b).unwrap();
        let back = both.remove(&b).unwrap();
        for stratum in a.strata() {
            for group in a.groups() {
                assert_eq!(back.series(stratum, group), a.series(stratum, group));
            }
        }
        assert_eq!(back.pooled(), a.pooled());
        assert!(a.remove(&both).is_err());
    });
}

#[test]
fn the_empty_series_is_the_identity() {
    check(40, tied(4..=20), |sample| {
        let whole = table(&sample);
        let (empty, series) = (RiskSeries::default(), whole.pooled());
        assert_eq!(series.merge(&empty), series);
        assert_eq!(empty.merge(&series), series);
        assert_eq!(whole.merge(&RiskTable::default()), Ok(whole.clone()));
        assert_eq!(RiskTable::default().merge(&whole), Ok(whole.clone()));
    });
}

#[test]
fn a_table_gives_the_curves_and_tests_of_its_rows() {
    check(40, tied(4..=25), |sample| {
        let (table, groups) = (table(&sample), sample.groups());
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let km = KaplanMeier::new();
        assert_eq!(km.fit_table(&table), km.fit_by(&data, &groups));
        assert_eq!(LogRank::new().fit_table(&table), LogRank::new().fit(&data, &groups));
    });
}
