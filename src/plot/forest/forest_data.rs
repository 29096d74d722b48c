//! The forest data of a study as lines.

use super::forest_line::ForestLine;
use super::forest_plot::ForestPlot;
use crate::plot::page::count;
use crate::study::{ForestData, ForestRow, ForestRowKind};

impl ForestPlot {
    /// The figure of forest data: all of their rows, with events and numbers, their title, and their
    /// notes as caption. Where there is a ratio of everybody, the p-values are those of the
    /// interactions, so that its own is left to the text.
    ///
    /// ```
    /// use riskset::plot::ForestPlot;
    /// use riskset::study::ForestData;
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6.], &[true, true, false, true, true, true])?;
    /// let design = Design::builder().factor("arm", &["a", "b", "b", "a", "b", "a"], "a").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let forest = ForestData::of_fit(&fit, &data, &design, 0.95)?;
    /// let drawing = ForestPlot::of(&forest).draw()?;
    /// assert!(drawing.texts().iter().any(|text| text.text == "1 (reference)"));
    /// # Ok::<(), riskset::Error>(())
    /// ```
    pub fn of(data: &ForestData) -> Self {
        let plot = Self::new(data.rows.iter().map(line).collect())
            .title(&data.title)
            .caption(&data.notes.join("\n"));
        let subgroups = data.rows.iter().any(|row| row.kind == ForestRowKind::Overall);
        let plot = if subgroups { plot.p_heading("p for interaction") } else { plot };
        let counted = data.rows.iter().any(|row| row.n.is_some());
        if counted { plot.columns(&["Events / n"]) } else { plot }
    }
}

fn line(row: &ForestRow) -> ForestLine {
    let label = &row.label;
    let note = row.note.as_deref().unwrap_or("not estimable");
    let line = match row.kind {
        ForestRowKind::Heading => ForestLine::heading(label),
        ForestRowKind::Reference => ForestLine::reference(label).indent(),
        // A variable that is shown with another one has no level of its own.
        ForestRowKind::Omitted if *label == row.variable => ForestLine::words(label, note),
        ForestRowKind::Omitted => ForestLine::words(label, note).indent(),
        ForestRowKind::Overall | ForestRowKind::Ratio => {
            let line = match (row.estimate, row.interval) {
                (None, None) => ForestLine::words(label, note),
                (estimate, interval) => ForestLine::with_limits(label, estimate, interval),
            };
            if row.kind == ForestRowKind::Overall { line.overall() } else { line.indent() }
        }
    };
    let test = row.test.as_ref().filter(|_| row.kind != ForestRowKind::Overall);
    let line = test.into_iter().fold(line, ForestLine::test);
    match row.n {
        None => line,
        Some(n) => {
            let n_events = row.n_events.map_or("–".to_owned(), count);
            line.cells(&[&format!("{n_events} / {}", count(n))])
        }
    }
}
