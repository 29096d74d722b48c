//! What can name a group, a stratum, a cluster, a subject or a factor level.

use ndarray::ArrayView1;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::countable::{countable, nameable};
use crate::error::{BadCell, Error, Result};
use crate::numerics::large::Large;
use crate::numerics::to_u32::{row_numbers, to_u32};

/// A value that names a group, stratum, cluster, subject or factor level.
///
/// Implemented for integers, `bool`, `char`, `&str` and `String`, for pairs and triples of labels
/// (written `a, b`), and for `Option` of a label, where `None` is a missing value. Labels sort by
/// their own order: numbers as numbers, text by its characters.
pub trait Label: Ord {
    /// The label as text; `None` when it is missing.
    fn text(&self) -> Option<String>;
}

macro_rules! label {
    ($($type:ty)*) => { $(
        impl Label for $type {
            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )* };
}

label!(bool char u8 u16 u32 u64 usize i8 i16 i32 i64 isize &str String);

impl<L: Label> Label for Option<L> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(Label::text)
    }
}

impl<A: Label, B: Label> Label for (A, B) {
    fn text(&self) -> Option<String> {
        Some(format!("{}, {}", self.0.text()?, self.1.text()?))
    }
}

impl<A: Label, B: Label, C: Label> Label for (A, B, C) {
    fn text(&self) -> Option<String> {
        Some(format!("{}, {}, {}", self.0.text()?, self.1.text()?, self.2.text()?))
    }
}

/// A column of labels as dense codes into a table of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labels {
    pub(crate) codes: Large<u32>,
    pub(crate) names: Vec<String>,
}

impl Labels {
    /// Names in the labels' own order.
    #[expect(clippy::indexing_slicing, reason = "a code is below the number of names")]
    pub(crate) fn sorted<L: Label>(what: &str, labels: ArrayView1<'_, L>) -> Result<Self> {
        countable(what, labels.len())?;
        let (mut codes, seen) = coded(labels);
        let mut order: Vec<usize> = (0..seen.len()).collect();
        order.sort_unstable_by_key(|&code| seen[code]);
        let mut place = vec![0; seen.len()];
        order.iter().zip(0..).for_each(|(&code, at)| place[code] = at);
        codes.iter_mut().for_each(|code| *code = place[*code as usize]);
        Self::named(what, labels, codes, order.into_iter().map(|code| seen[code]))
    }

    /// Names in the order of their first row.
    pub(crate) fn first_seen<L: Label>(what: &str, labels: ArrayView1<'_, L>) -> Result<Self> {
        countable(what, labels.len())?;
        let (codes, seen) = coded(labels);
        Self::named(what, labels, codes, seen.into_iter())
    }

    /// Names as listed; every label must be among them.
    #[expect(clippy::indexing_slicing, reason = "a code is below the number of names")]
    pub(crate) fn with_levels<L: Label>(
        what: &str,
        labels: ArrayView1<'_, L>,
        levels: &[&str],
    ) -> Result<Self> {
        nameable(levels.len())?;
        let found = Self::sorted(what, labels)?;
        let names: Vec<String> = levels.iter().map(ToString::to_string).collect();
        unique(&names)?;
        let place: HashMap<&str, u32> =
            names.iter().map(String::as_str).zip(row_numbers(names.len())).collect();
        let recode = found
            .names
            .iter()
            .map(|name| {
                place.get(name.as_str()).copied().ok_or_else(|| Error::UnknownLevel {
                    column: what.to_owned(),
                    level: name.clone(),
                    known: names.clone(),
                })
            })
            .collect::<Result<Vec<u32>>>()?;
        let codes = found.codes.iter().map(|&code| recode[code as usize]).collect();
        Ok(Self { codes, names })
    }

    fn named<'a, L: Label + 'a>(
        what: &str,
        labels: ArrayView1<'_, L>,
        codes: Large<u32>,
        table: impl Iterator<Item = &'a L>,
    ) -> Result<Self> {
        let names: Option<Vec<String>> = table.map(Label::text).collect();
        let Some(names) = names else {
            let missing = (labels.iter().enumerate())
                .filter(|(_, label)| label.text().is_none())
                .map(|(row, _)| BadCell::new(what, row, "missing", "every row needs a label"));
            return Err(Error::InvalidCells { cells: missing.collect() });
        };
        unique(&names)?;
        Ok(Self { codes, names })
    }

    /// The labels of some rows, in their order; names that no row has any more are left out.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the labels, a code is below the number of names"
    )]
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        let mut place: Vec<Option<u32>> = vec![None; self.names.len()];
        rows.iter().for_each(|&row| place[self.codes[row as usize] as usize] = Some(0));
        let mut names = Vec::new();
        for (place, name) in place.iter_mut().zip(&self.names).filter(|(place, _)| place.is_some())
        {
            *place = Some(to_u32(names.len()));
            names.push(name.clone());
        }
        let code = |&row: &u32| place[self.codes[row as usize] as usize].unwrap_or_default();
        Self { codes: rows.iter().map(code).collect(), names }
    }

    /// The numbers of `n` rows as labels.
    pub(crate) fn numbered(n: usize) -> Self {
        let rows = row_numbers(n);
        Self { names: rows.clone().map(|row| row.to_string()).collect(), codes: rows.collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }
}

/// The labels in the order of their first row, and for each row which of them it has.
fn coded<L: Label>(labels: ArrayView1<'_, L>) -> (Large<u32>, Vec<&L>) {
    match labels.to_slice() {
        Some(labels) => coded_in_turn(labels.iter()),
        None => coded_in_turn(labels.into_iter()),
    }
}

fn coded_in_turn<'a, L: Label>(
    mut labels: impl ExactSizeIterator<Item = &'a L> + Clone,
) -> (Large<u32>, Vec<&'a L>) {
    let mut codes = Large::zeros(labels.len());
    let table = Table::Few(Vec::new());
    let mut coder = Coder { table, seen: Vec::new(), ascending: true, previous: None };
    for codes in codes.chunks_mut(BLOCK) {
        if coder.find_known(labels.clone(), codes) {
            labels.nth(codes.len() - 1);
        } else {
            coder.code(labels.by_ref(), codes);
        }
    }
    (codes, coder.seen)
}

/// Labels that are coded at once.
const BLOCK: usize = 256;

/// Codes labels in the order of their first row.
struct Coder<'a, L> {
    table: Table<'a, L>,
    /// The labels, each at its code.
    seen: Vec<&'a L>,
    /// As long as labels ascend, as those of rows kept by subject do, none has to be looked up.
    ascending: bool,
    /// The label before, and its code.
    previous: Option<(&'a L, u32)>,
}

impl<'a, L: Label> Coder<'a, L> {
    /// Codes some labels, one after the other.
    fn code(&mut self, labels: impl Iterator<Item = &'a L>, codes: &mut [u32]) {
        let Self { table, seen, ascending, previous } = self;
        for (own, label) in codes.iter_mut().zip(labels) {
            let code = match *previous {
                Some((before, code)) if (*ascending || table.is_slow()) && before == label => code,
                Some((before, _)) if *ascending && before > label => {
                    *ascending = false;
                    *table = Table::of(seen);
                    table.look_up(seen, label)
                }
                _ if *ascending => {
                    seen.push(label);
                    to_u32(seen.len()) - 1
                }
                _ => match table.find(label) {
                    Some(code) => code,
                    None => table.look_up(seen, label),
                },
            };
            *previous = Some((label, code));
            *own = code;
        }
    }

    /// Codes some labels if all of them are among very few that are known, without a way out in between.
    #[expect(clippy::indexing_slicing, reason = "a place up to the last is one of the table")]
    fn find_known(&mut self, labels: impl Iterator<Item = &'a L>, codes: &mut [u32]) -> bool {
        let Table::Few(table) = &self.table else { return false };
        // As long as they ascend the table is empty.
        if self.ascending || table.len() > VERY_FEW {
            return false;
        }
        let last = table.len() - 1;
        let mut known = true;
        for (own, label) in codes.iter_mut().zip(labels) {
            let (found, code) = table[place(table, label).min(last)];
            known &= found == label;
            *own = code;
        }
        self.previous = None;
        known
    }
}

/// Labels with their codes, in the labels' own order.
enum Table<'a, L> {
    /// Halved without a branch on how a label compares, which follows no pattern.
    Few(Vec<(&'a L, u32)>),
    Many(BTreeMap<&'a L, u32>),
}

/// So many labels are few, and so many very few.
const FEW: usize = 32;
const VERY_FEW: usize = 8;

impl<'a, L: Label> Table<'a, L> {
    /// Of labels in the order of their codes, which is theirs.
    fn of(seen: &[&'a L]) -> Self {
        let labels = seen.iter().copied().zip(0..);
        if seen.len() <= FEW { Self::Few(labels.collect()) } else { Self::Many(labels.collect()) }
    }

    /// Whether it is worth a comparison to look up less often.
    fn is_slow(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// The code of a label that is one of few.
    #[inline]
    fn find(&self, label: &L) -> Option<u32> {
        let Self::Few(codes) = self else { return None };
        let (known, code) = codes.get(place(codes, label))?;
        (*known == label).then_some(*code)
    }

    /// The code of a label, a new one where it has none.
    fn look_up(&mut self, seen: &mut Vec<&'a L>, label: &'a L) -> u32 {
        if let Some(code) = self.find(label) {
            return code;
        }
        let mut add = || {
            seen.push(label);
            to_u32(seen.len()) - 1
        };
        match self {
            Self::Few(codes) => {
                let code = add();
                codes.insert(place(codes, label), (label, code));
                if codes.len() > FEW {
                    *self = Self::Many(codes.drain(..).collect());
                }
                code
            }
            Self::Many(codes) => *codes.entry(label).or_insert_with(add),
        }
    }
}

/// Where a label stands among few.
#[inline]
fn place<L: Label>(codes: &[(&L, u32)], label: &L) -> usize {
    match codes.len() {
        // No step waits for the one before.
        ..=VERY_FEW => codes.iter().map(|&(known, _)| usize::from(known < label)).sum(),
        _ => codes.partition_point(|&(known, _)| known < label),
    }
}

/// Fails when a name stands twice.
pub(crate) fn unique(names: &[String]) -> Result<()> {
    let mut seen = HashSet::with_capacity(names.len());
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(name) => Err(Error::DuplicateName { name: name.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayView1, Axis, Slice};

    /// Ascending throughout, up to a place, with repeats, and not at all.
    #[test]
    fn codes_follow_the_first_rows_and_sorted_ones_the_labels() {
        // Over several blocks, whose second, fourth and last have labels that none before it has; the fourth
        // makes them more than very few.
        let long: Vec<u32> = (0..5 * BLOCK as u32 - 3)
            .map(|row| match row / BLOCK as u32 {
                1 if row % 50 == 0 => 2,
                3 if row % 7 > 4 => 20 + row % 11,
                4 if row % 100 == 99 => 0,
                _ => 3 + row * 7 % 5,
            })
            .collect();
        let columns: [&[u32]; 7] = [
            &long,
            &[3],
            &[1, 1, 2, 5, 5, 9],
            &[1, 4, 4, 2, 4, 9, 1],
            &[7, 7, 7],
            &[5, 3, 1],
            &[2, 9, 2, 9],
        ];
        for labels in columns {
            let mut seen: Vec<u32> = Vec::new();
            labels.iter().for_each(|label| {
                if !seen.contains(label) {
                    seen.push(*label);
                }
            });
            let mut sorted = seen.clone();
            sorted.sort_unstable();
            for (found, names) in [
                (Labels::first_seen("x", ArrayView1::from(labels)), seen),
                (Labels::sorted("x", ArrayView1::from(labels)), sorted),
            ] {
                let found = found.unwrap();
                let text: Vec<String> = names.iter().map(ToString::to_string).collect();
                assert_eq!(found.names, text);
                let of_codes = found.codes.iter().map(|&code| names[code as usize]);
                assert!(of_codes.eq(labels.iter().copied()));
            }
            // Every other label of a longer column, in memory backwards.
            let twice: Vec<u32> = labels.iter().rev().flat_map(|&label| [label, 77]).collect();
            let mut apart = ArrayView1::from(&twice[..twice.len() - 1]);
            apart.slice_axis_inplace(Axis(0), Slice::new(0, None, -2));
            assert_eq!(Labels::sorted("x", apart), Labels::sorted("x", ArrayView1::from(labels)));
        }
    }
}
