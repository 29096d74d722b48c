//! How the rows of each group end, in the order of time.

use std::borrow::Cow;

use crate::data::{CompetingRisks, Partition};
use crate::numerics::narrow::Narrow;
use crate::numerics::sort;

/// The rows of competing risks by group.
pub(in crate::competing) struct Ends<'a, D> {
    data: &'a CompetingRisks<D>,
    /// 0 where a row is censored, else 1 more than the place of its cause in the list.
    causes: Narrow,
    /// `None` where all rows are of one group.
    groups: Option<Partition>,
}

impl<'a, D> Ends<'a, D> {
    pub(in crate::competing) fn new(
        data: &'a CompetingRisks<D>,
        n_groups: usize,
        group: impl Fn(usize) -> usize,
    ) -> Self {
        let order = &data.rows().times.by_exit.rows;
        let groups = (n_groups > 1).then(|| Partition::new(order, n_groups, group));
        let place = data.place_of_row();
        let cause = |row: usize| place(row).map_or(0, |place| place as usize + 1);
        let causes = (0..data.rows().len()).map(cause);
        Self { data, causes: Narrow::new(data.causes().len(), causes), groups }
    }

    /// How many rows of a group end by each cause.
    #[expect(clippy::indexing_slicing, reason = "a row has the place of its cause from 1, or 0")]
    pub(super) fn by_cause(&self, group: usize) -> Vec<usize> {
        let Some(groups) = &self.groups else {
            return self
                .data
                .causes()
                .iter()
                .map(|&(cause, _)| self.data.n_events(cause))
                .collect();
        };
        let mut n = vec![0; self.data.causes().len() + 1];
        groups.cell(group).iter().for_each(|&row| n[self.causes.get(row as usize)] += 1);
        n.split_off(1)
    }

    /// Shows the rows of a group, times ascending: the time, the place of the cause that ends it, if any,
    /// and the weight.
    #[expect(clippy::indexing_slicing, reason = "a row is one of the data")]
    pub(super) fn each(&self, group: usize, mut visit: impl FnMut(f64, Option<usize>, f64)) {
        let rows = self.data.rows();
        let by_exit = &rows.times.by_exit;
        let (order, times) = match &self.groups {
            None => (&by_exit.rows[..], Cow::from(&by_exit.values[..])),
            Some(groups) => {
                let order = groups.cell(group);
                (order, order.iter().map(|&row| rows.times.exit[row as usize]).collect())
            }
        };
        let end = |row: usize| (self.causes.get(row), rows.weight(row));
        sort::each(order, &times, end, |time, leaving| {
            for &(cause, weight) in leaving {
                visit(time, cause.checked_sub(1), weight);
            }
        });
    }
}
