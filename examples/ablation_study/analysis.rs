//! The whole analysis as a report, and its files.

use std::fs;
use std::io;
use std::path::Path;

use super::cohort::Cohort;
use super::options::Options;
use super::report::{Block, Report};
use super::sections::{
    baseline, comparison, describe, kaplan_meier, local_progression, log_rank, multivariable,
    proportional_hazards, replicates, reporting, sensitivity, subgroups, univariable,
};
use super::source::Source;

/// All sections, with what the data are on every table and in the name of every file.
pub(crate) fn report(cohort: &Cohort, options: &Options) -> riskset::Result<Report> {
    let mut sections = vec![
        describe::section(cohort)?,
        baseline::section(cohort, options)?,
        kaplan_meier::section(cohort, options)?,
        log_rank::section(cohort)?,
        univariable::section(cohort)?,
        multivariable::section(cohort, options)?,
        proportional_hazards::section(cohort)?,
        local_progression::section(cohort, options)?,
        sensitivity::section(cohort, options)?,
        subgroups::section(cohort, options)?,
        comparison::section(cohort)?,
    ];
    if let (Source::Simulated { seed, n }, 1..) = (&options.source, options.replicates) {
        sections.push(replicates::section(*seed, *n, options.replicates)?);
    }
    sections.push(reporting::section(cohort, options)?);
    let mut report = Report {
        title: "Thermal ablation of lung metastases of colorectal cancer, by systemic therapy"
            .to_owned(),
        banner: options.source.banner(),
        sections,
    };
    let (prefix, mark) = (options.source.prefix(), options.source.mark());
    for block in report.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        match block {
            Block::Words(_) => {}
            Block::Table(name, table) => {
                *name = format!("{prefix}{name}");
                table.title = format!("{} [{mark}]", table.title);
            }
            Block::Figure(name, _, legend) => {
                *name = format!("{prefix}{name}");
                *legend = format!("{legend} [{mark}]");
            }
        }
    }
    Ok(report)
}

/// Writes the report with its tables and figures, and beside them what the data are: a CSV file cannot
/// say it.
pub(crate) fn write(report: &Report, options: &Options, folder: &Path) -> io::Result<()> {
    report.write(folder)?;
    let name = match options.source {
        Source::Simulated { .. } => "SIMULATED.txt",
        Source::Files { .. } => "README.txt",
    };
    let about = "All files of this folder are of these data. A table is there as CSV and as JSON, which has \
                 its title and notes; both keep every digit. Figures are SVG.";
    fs::write(folder.join(name), format!("{}\n\n{about}\n", report.banner))
}
