//! Section 9: the effect of synchronous therapy within subgroups.

use riskset::Groups;
use riskset::plot::ForestPlot;
use riskset::study::{ForestData, Subgroups};

use super::super::cohort::Cohort;
use super::super::covariates::{Covariate, NODE, NUMBER, SEX, SITE, TIMING, Values};
use super::super::model::{Endpoint, groups};
use super::super::options::Options;
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{add_figure, patients};

/// All of them are printed, whatever comes out.
const VARIABLES: [Covariate; 5] = [NUMBER, TIMING, NODE, SEX, SITE];

/// What is compared.
const ARMS: [&str; 2] = ["sync", "none"];

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let mut section = Section::new("9. Subgroups").words(
        "Synchronous therapy against none, unadjusted, within each level of a list that was fixed in advance. A \
         level with fewer than 10 events has no hazard ratio. There is no p-value within a level; that of a \
         variable tests its interaction with the therapy. Of variables without any interaction one in twenty \
         shows one, and in the simulation there is none.",
    );
    for endpoint in Endpoint::ALL {
        section = match forest(endpoint, &patients) {
            Ok(mut forest) => {
                forest.title = format!("{}: {}", endpoint.name(), forest.title);
                let name = format!("subgroups-{}", endpoint.key());
                let drawing = ForestPlot::of(&forest)
                    .title(endpoint.name())
                    .caption(&options.source.mark())
                    .label_heading("Subgroup")
                    .directions("favours synchronous therapy", "favours none")
                    .draw();
                let legend = "Hazard ratios of synchronous therapy against none; p: interaction.";
                add_figure(section.table(&name, &forest), &name, legend, drawing)
            }
            Err(error) => section.words(format!("{}: not estimated, {error}.", endpoint.name())),
        };
    }
    Ok(section)
}

/// The hazard ratios of an endpoint; a missing value is a level of its own.
pub(crate) fn forest(endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<ForestData> {
    let start = Subgroups::new(&groups(patients)?, ARMS[0], ARMS[1]);
    let mut subgroups = start;
    for Covariate { name, values } in VARIABLES {
        let Values::Levels(levels, of) = values else { continue };
        let labels: Vec<&str> =
            patients.iter().map(|patient| of(patient).unwrap_or("missing")).collect();
        let levels: Vec<&str> = (levels.iter().copied().chain(["missing"]))
            .filter(|level| labels.contains(level))
            .collect();
        subgroups = subgroups.variable(name, &Groups::with_levels(&labels, &levels)?);
    }
    subgroups.fit(&endpoint.data(patients)?)
}
