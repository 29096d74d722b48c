//! The simulated cohort, and its two files.
//!
//! The individual patient data of the study are not public: what is printed from this cohort is
//! simulated, and agreement with the paper is by construction, not evidence.

use jiff::ToSpan;
use std::path::Path;

use super::baseline::Drawn;
use super::levels::{Extrapulmonary, Kras, Level, Modality, Nodes, Sex, Site, Therapy, Timing};
use super::outcomes::Outcomes;
use super::parameters::FIRST_DAY;
use super::patients::{self, Patient};
use super::random::Stream;
use super::tumours::{self, Tumour};

/// The seed of the example. It was picked among 40,000 for its nearness to the published numbers; seed 1 is
/// a typical cohort.
pub(crate) const SEED: u64 = 22_296;

/// Patients of the study.
pub(crate) const N: usize = 326;

/// Patients in the order of entry, and their tumours; no tumours where no file has them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cohort {
    pub(crate) patients: Vec<Patient>,
    pub(crate) tumours: Option<Vec<Tumour>>,
}

impl Cohort {
    /// A cohort of `n` patients; each depends on the seed and its place alone.
    pub(crate) fn simulate(seed: u64, n: usize) -> Self {
        let stream = Stream::new(seed);
        let draws = |index: usize| stream.patient(index as u64);
        let mut drawn: Vec<(usize, Drawn)> =
            (0..n).map(|index| (index, Drawn::new(draws(index), index, n))).collect();
        drawn.sort_by_key(|(index, drawn)| (drawn.entry_day, *index));
        let (mut patients, mut all) = (Vec::with_capacity(n), Vec::new());
        for (rank, (index, drawn)) in drawn.iter().enumerate() {
            let outcomes = Outcomes::new(draws(*index), drawn);
            let patient = patient(format!("P{:03}", rank + 1), drawn, &outcomes);
            for (place, (tumour, ltp)) in drawn.tumours.iter().zip(&outcomes.tumours).enumerate() {
                all.push(Tumour {
                    patient_id: patient.id.clone(),
                    tumour: place as u32 + 1,
                    size_mm: Some(tumour.size_mm),
                    peridiaphragmatic: Some(tumour.peridiaphragmatic),
                    subpleural: Some(tumour.subpleural),
                    near_vessel: Some(tumour.near_vessel),
                    ltp: *ltp,
                });
            }
            patients.push(patient);
        }
        Self { patients, tumours: Some(all) }
    }

    /// `patients.csv` as text.
    pub(crate) fn patients_csv(&self) -> csv::Result<Vec<u8>> {
        table(&patients::COLUMNS, self.patients.iter().map(Patient::record))
    }

    /// `tumours.csv` as text; only the header without tumours.
    pub(crate) fn tumours_csv(&self) -> csv::Result<Vec<u8>> {
        table(&tumours::COLUMNS, self.tumours.iter().flatten().map(Tumour::record))
    }

    /// Writes both files into a folder, which is made where it is not there.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("patients.csv"), self.patients_csv()?)?;
        std::fs::write(folder.join("tumours.csv"), self.tumours_csv()?)?;
        Ok(())
    }
}

fn table<const K: usize>(
    columns: &[&str; K],
    records: impl Iterator<Item = [String; K]>,
) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    records.into_iter().try_for_each(|record| writer.write_record(&record))?;
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn patient(id: String, drawn: &Drawn, outcomes: &Outcomes) -> Patient {
    let binary = usize::from;
    Patient {
        id,
        centre: Some(format!("C{}", drawn.centre + 1)),
        entry: FIRST_DAY.checked_add(drawn.entry_day.days()).ok(),
        group: Therapy::ALL[drawn.group],
        age: Some(drawn.age),
        sex: Some(Sex::ALL[binary(drawn.male)]),
        site: Some(Site::ALL[binary(drawn.rectum)]),
        nodes: Some(Nodes::ALL[drawn.nodes]),
        kras: Kras::ALL[drawn.kras],
        cea: drawn.cea,
        ca199: drawn.ca199,
        number: Some(drawn.number),
        largest_mm: Some(drawn.largest_mm),
        bilateral: Some(drawn.bilateral),
        timing: Some(Timing::ALL[binary(drawn.synchronous)]),
        dfi_months: Some(drawn.dfi_months),
        extrapulmonary: Some(Extrapulmonary::ALL[drawn.extrapulmonary]),
        mediastinal: Some(drawn.mediastinal),
        peridiaphragmatic: Some(drawn.tumours.iter().any(|tumour| tumour.peridiaphragmatic)),
        modality: Some(Modality::ALL[drawn.modality]),
        ltp: outcomes.ltp,
        pfs: outcomes.pfs,
        pfs_type: outcomes.pfs_type,
        os: outcomes.os,
    }
}
