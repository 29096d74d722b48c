//! Section 11: the methods paragraph, and where the items of a reporting list stand.

use riskset::CoxPh;
use riskset::nonparametric::TestWeight;
use riskset::statistic::Adjust;
use riskset::study::{Manifest, Methods, Table};

use super::super::cohort::Cohort;
use super::super::model::{Endpoint, Model};
use super::super::options::Options;
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{LEVEL, patients, words};
use super::lesions::{self, cause_specific};
use super::subgroups::forest;
use super::{baseline, kaplan_meier, log_rank};

const ABSENT: &str = "not in the data";

/// STROBE (von Elm et al. 2007, doi:10.1016/S0140-6736(07)61602-X), and what papers on survival forget.
const ITEMS: [(&str, &str); 30] = [
    (
        "Design and setting",
        "paper only: retrospective, six centres; the data name centres without a place",
    ),
    ("Dates of entry", "section 0"),
    ("Time zero", "first ablation, by definition of the columns"),
    ("Eligibility", ABSENT),
    ("Definition of the groups", "names only; the windows of therapy are not in the data"),
    ("Definition of synchronous metastases", ABSENT),
    ("Endpoints", "definition of the columns; PFS: progression or death, OS: death from any cause"),
    ("What counts as progression, and how often it was looked for", ABSENT),
    ("Unit of local progression, handling of death", "section 7"),
    ("Follow-up (reverse Kaplan-Meier)", "section 0"),
    ("Date of the data lock", ABSENT),
    (
        "Numbers at each stage",
        "from the analysed patients on in section 0; those screened are not in the data",
    ),
    ("Missing data by variable", "section 0; rows left out stand below each table"),
    ("Group sizes and baseline with standardised differences", "section 1"),
    ("Numbers at risk and events", "sections 0 and 2"),
    ("Estimates of survival with intervals", "section 2"),
    ("Comparison of curves", "section 3"),
    ("Multiplicity", "section 3 for the pairs; no other p-value is adjusted"),
    ("Unadjusted estimates with intervals", "section 4, and the first line of section 8"),
    ("Adjusted estimates with intervals and exact p-values", "section 5"),
    ("How variables were chosen", "section 5"),
    ("Events per coefficient", "section 5"),
    ("Proportional hazards", "section 6"),
    ("Effect of the centre", "section 8"),
    ("Sensitivity analyses", "section 8"),
    ("Subgroups and interactions", "section 9"),
    ("Confounding by indication", "sections 1 and 8; what was not recorded cannot be adjusted for"),
    ("Immortal time", "section 8, landmark"),
    ("Funding, ethics, protocol", ABSENT),
    ("Software, ties, type of interval, seed", "section 11"),
];

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let table = ITEMS
        .iter()
        .fold(Table::new("Reporting list", &["Item", "Where"]), |table, (item, place)| {
            table.row(item, vec![words(*place)])
        });
    let table = table.footnote("STROBE, and items that papers on survival forget.");
    Ok(Section::new("11. Reporting")
        .words(further(cohort, by_group(cohort, options)?, options.source.seed())?.paragraph())
        .table("reporting-list", table)
        .table("manifest", manifest(cohort, options)?)
        .words(limitations(cohort)))
}

/// The sentences of the sections 1 to 6, as far as the cohort has those results.
fn by_group(cohort: &Cohort, options: &Options) -> riskset::Result<Methods> {
    let patients = patients(cohort);
    let mut methods = Methods::new();
    if let Ok(table) = baseline::table(&patients, options) {
        methods = methods.baseline(&table);
    }
    // What was done is the same for both endpoints.
    let endpoint = Endpoint::Os;
    if let Ok(summary) = kaplan_meier::summary(endpoint, &patients, options) {
        methods = methods.survival(&summary);
    }
    if let Ok(fit) = log_rank::fit(endpoint, &patients, TestWeight::LogRank) {
        let groups = fit.groups().len();
        methods = methods.log_rank(&fit).adjusted(Adjust::Holm, groups * (groups - 1) / 2);
    }
    let model = Model::new(endpoint, &patients, &endpoint.model_a());
    if let Ok((fit, model)) =
        model.and_then(|model| Ok((CoxPh::new().fit(&model.data, &model.design)?, model)))
    {
        methods = methods.cox(&fit, LEVEL)?;
        if let Ok(changes) = fit.proportionality(&model.data, &model.design) {
            methods = methods.proportionality(&changes);
        }
    }
    Ok(methods)
}

/// The sentences of the sections 7 to 9.
fn further(cohort: &Cohort, mut methods: Methods, seed: u64) -> riskset::Result<Methods> {
    let tumours = lesions::tumours(cohort);
    let unit = if tumours.is_some() { "tumour" } else { "patient" };
    methods = methods.sentence(&format!(
        "Local progression was analysed by {unit}, death before it being a competing event: cumulative \
         incidences by Aalen and Johansen, with limits from resampled patients (seed {seed}), and \
         cause-specific hazards."
    ));
    let lesions = tumours.unwrap_or_else(|| lesions::patients(cohort));
    if let Ok(fit) = cause_specific(&lesions) {
        if fit.is_robust() {
            methods = methods.sentence("Tumours of one patient were taken for a cluster.");
        }
        methods = methods.cox(&fit, LEVEL)?;
    }
    methods = methods.sentence(
        "The effect of therapy was also estimated without adjustment, stratified by centre, with a variance \
         clustered on the centre, by stabilised, truncated and overlap weights from a multinomial logit of the \
         group, from a landmark on, and on the patients without missing values.",
    );
    let patients: Vec<&Patient> = cohort.patients.iter().collect();
    // The list of variables is the same for both endpoints.
    let forests = Endpoint::ALL.map(|endpoint| forest(endpoint, &patients).ok());
    Ok(match forests.into_iter().flatten().next() {
        Some(forest) => methods.subgroups(&forest),
        None => methods,
    })
}

/// What the analysis was made of: the patients of both endpoints with the design of Model A, and the options.
fn manifest(cohort: &Cohort, options: &Options) -> riskset::Result<Table> {
    let patients = patients(cohort);
    let mut manifest = Manifest::new().options("options", options);
    for endpoint in Endpoint::ALL {
        manifest = manifest.data(endpoint.name(), &endpoint.data(&patients)?);
        if let Ok(model) = Model::new(endpoint, &patients, &endpoint.model_a()) {
            manifest = manifest.design(&format!("{}, Model A", endpoint.name()), &model.design);
        }
    }
    let table = Table::new("Manifest", &["Part", "SHA-256"]);
    let table = (manifest.parts().iter())
        .fold(table, |table, (name, digest)| table.row(name, vec![words(digest.as_str())]));
    let table = table.row("All of it", vec![words(manifest.digest())]);
    Ok(table.footnote("Who has the same digests had the same rows and asked the same."))
}

/// What the numbers of the cohort say about its limits.
fn limitations(cohort: &Cohort) -> String {
    use super::super::covariates::{EXTRAPULMONARY, Values};
    let small = match EXTRAPULMONARY.values {
        Values::Levels(levels, of) => (levels.iter())
            .map(|level| {
                let n = cohort.patients.iter().filter(|patient| of(patient) == Some(level)).count();
                format!("{level} {n}")
            })
            .collect::<Vec<_>>()
            .join(", "),
        Values::Number(_) => String::new(),
    };
    format!(
        "Limits: therapy was not randomised, and what guided its choice need not have been recorded; the \
         groups are partly defined by what comes after time zero; some cells are small (extrapulmonary \
         disease: {small}); progression is known only from one scan to the next."
    )
}
