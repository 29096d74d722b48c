//! Text tables: aligned columns, numbers with common decimals as R prints them.

use std::fmt;

/// A table of text: columns to the right, but a first one without header, the names of the rows, to
/// the left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    header: Vec<String>,
    columns: Vec<Vec<String>>,
}

impl Table {
    /// Adds a column.
    pub(crate) fn column(mut self, header: &str, cells: Vec<String>) -> Self {
        self.header.push(header.to_owned());
        self.columns.push(cells);
        self
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: &String| text.chars().count();
        let widths: Vec<usize> = (self.header.iter().zip(&self.columns))
            .map(|(header, cells)| cells.iter().map(width).fold(width(header), usize::max))
            .collect();
        let names = self.header.first().is_some_and(String::is_empty);
        let line = |f: &mut fmt::Formatter<'_>, cells: Vec<&String>| {
            let mut text = String::new();
            for (j, (cell, width)) in cells.into_iter().zip(&widths).enumerate() {
                text += if j == 0 { "" } else { " " };
                text += &match names && j == 0 {
                    true => format!("{cell:<width$}"),
                    false => format!("{cell:>width$}"),
                };
            }
            writeln!(f, "{}", text.trim_end())
        };
        line(f, self.header.iter().collect())?;
        let rows = self.columns.iter().map(Vec::len).max().unwrap_or(0);
        for row in 0..rows {
            line(f, self.columns.iter().filter_map(|cells| cells.get(row)).collect())?;
        }
        Ok(())
    }
}

/// Numbers with as many decimals as show each of them to `digits` significant digits, trailing
/// zeros of the whole column left out; `absent` where there is none.
pub(crate) fn significant(values: &[Option<f64>], digits: usize, absent: &str) -> Vec<String> {
    let places = values.iter().flatten().map(|&x| decimals(x, digits)).max().unwrap_or(0);
    if places > 12 {
        let digits = digits.saturating_sub(1);
        return each(values, absent, |x| format!("{x:.digits$e}"));
    }
    each(values, absent, |x| format!("{x:.places$}"))
}

/// Numbers with a fixed number of decimals.
pub(crate) fn fixed(values: &[Option<f64>], decimals: usize, absent: &str) -> Vec<String> {
    each(values, absent, |x| format!("{x:.decimals$}"))
}

fn each(values: &[Option<f64>], absent: &str, text: impl Fn(f64) -> String) -> Vec<String> {
    values.iter().map(|value| value.map_or_else(|| absent.to_owned(), &text)).collect()
}

/// Decimals that show x to `digits` significant digits, without trailing zeros.
fn decimals(x: f64, digits: usize) -> usize {
    if x == 0.0 {
        return 0;
    }
    let text = format!("{x:.*e}", digits.saturating_sub(1));
    let Some((mantissa, exponent)) = text.split_once('e') else { return 0 };
    let shown = mantissa.trim_start_matches('-').trim_end_matches('0').len();
    let fraction = shown.saturating_sub(2);
    fraction.saturating_add_signed(exponent.parse::<isize>().unwrap_or(0).saturating_neg())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_smallest_number() {
        let values = [Some(91.58173902), Some(73.41826098), None];
        assert_eq!(significant(&values, 3, "NA"), ["91.6", "73.4", "NA"]);
        assert_eq!(significant(&[Some(0.5), Some(0.25)], 3, ""), ["0.50", "0.25"]);
        assert_eq!(significant(&[Some(138.0), Some(1e5)], 3, ""), ["138", "100000"]);
        assert_eq!(significant(&[Some(1e-20), Some(1.0)], 3, ""), ["1.00e-20", "1.00e0"]);
    }

    #[test]
    fn columns_align() {
        let cells = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let table = Table::default().column("", cells("a", "long")).column("n", cells("1", "10"));
        assert_eq!(table.to_string(), "      n\na     1\nlong 10\n");
    }
}
