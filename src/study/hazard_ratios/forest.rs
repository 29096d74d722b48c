//! The forest plot of a table.

use super::table::{Adjustment, HazardRatioRowKind, HazardRatioTable};
use crate::study::forest::{ForestData, ForestRow, ForestRowKind};

impl HazardRatioTable {
    /// The rows of a forest plot of one of the two models: every term of the table, with its reference.
    /// A term that the model does not have says so.
    #[must_use]
    pub fn forest(&self, adjustment: Adjustment) -> ForestData {
        let mut rows = Vec::new();
        for term in &self.terms {
            let test = match adjustment {
                Adjustment::Univariable => term.univariable,
                Adjustment::Multivariable => term.multivariable,
            };
            let heading = ForestRow::new(&term.name, &term.name, ForestRowKind::Heading);
            rows.push(ForestRow { test, ..heading });
            for row in &term.rows {
                let counted = [row.n, row.n_events];
                let of = |kind| ForestRow::new(&term.name, &row.label, kind).counted(counted);
                let ratio = match adjustment {
                    Adjustment::Univariable => &row.univariable,
                    Adjustment::Multivariable => &row.multivariable,
                };
                rows.push(match (row.kind, ratio) {
                    (HazardRatioRowKind::Reference, _) => {
                        ForestRow { estimate: Some(1.0), ..of(ForestRowKind::Reference) }
                    }
                    (_, Some(ratio)) => of(ForestRowKind::Ratio).ratio(ratio),
                    (_, None) => ForestRow {
                        note: Some("not in the model".to_owned()),
                        ..of(ForestRowKind::Omitted)
                    },
                });
            }
        }
        let title = match adjustment {
            Adjustment::Univariable => "Hazard ratios, each term alone",
            Adjustment::Multivariable => "Hazard ratios, each adjusted for the other terms",
        };
        let notes = self.warnings.iter().map(ToString::to_string).collect();
        ForestData { title: title.to_owned(), level: self.level, rows, notes }
    }
}
