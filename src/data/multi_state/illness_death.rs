//! Illness–death histories from one row a patient.

use ndarray::ArrayView1;

use super::observations::MultiState;
use crate::data::columns::Subjects;
use crate::data::countable::countable;
use crate::error::{BadCell, Error, Result};

impl MultiState {
    /// Illness and death: everybody begins in the first of three states, may enter the second, and may
    /// enter the third from either. One row a patient: the time of the illness if there was one, the
    /// time of death or of the last visit, and whether it was death.
    ///
    /// A patient makes one or two rows; [`subjects`](Self::subjects) has the patient, counted from 0,
    /// each row belongs to, with which a column of patients becomes one of rows.
    ///
    /// # Example
    /// ```
    /// use riskset::data::MultiState;
    ///
    /// let relapse = [Some(2.0), None, Some(3.0)];
    /// let states = ["remission", "relapse", "death"];
    /// let data =
    ///     MultiState::illness_death(&relapse, &[5.0, 4.0, 6.0], &[true, true, false], &states)?;
    /// assert_eq!(data.len(), 5);
    /// let arm = ["a", "b", "b"];
    /// let by_row: Vec<&str> = data.patients().iter().map(|&i| arm[i]).collect();
    /// assert_eq!(by_row, ["a", "a", "b", "b", "b"]);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidCells`] for times that are not finite or not above
    /// 0, and for an illness that does not come before the end of follow-up, or is taken for the same time; what
    /// [`new`](Self::new) says of the states.
    pub fn illness_death<'i, 't, 'd>(
        illness: impl Into<ArrayView1<'i, Option<f64>>>,
        time: impl Into<ArrayView1<'t, f64>>,
        death: impl Into<ArrayView1<'d, bool>>,
        states: &[&str; 3],
    ) -> Result<Self> {
        let (illness, time, death) = (illness.into(), time.into(), death.into());
        for (what, found) in [("illness", illness.len()), ("death", death.len())] {
            if found != time.len() {
                let expected = time.len();
                return Err(Error::LengthMismatch { what: what.to_owned(), expected, found });
            }
        }
        countable("time", time.len())?;
        check(illness, time)?;
        let [_, ill, dead] = states;
        let (mut ids, mut entry, mut exit, mut to) = (vec![], vec![], vec![], vec![]);
        let mut stay = |patient: usize, from: f64, until: f64, state: Option<&str>| {
            ids.push(patient);
            entry.push(from);
            exit.push(until);
            to.push(state.map(str::to_owned));
        };
        for (patient, ((&end, &dies), &illness)) in time.iter().zip(death).zip(illness).enumerate()
        {
            let last = dies.then_some(*dead);
            match illness {
                Some(onset) => {
                    stay(patient, 0.0, onset, Some(ill));
                    stay(patient, onset, end, last);
                }
                None => stay(patient, 0.0, end, last),
            }
        }
        let patients = |error| of_patients(error, &ids);
        Self::new(&ids, &entry, &exit, &to, states).map_err(patients)
    }

    /// The subject of each row, counted in the order of their ids.
    #[must_use]
    pub fn patients(&self) -> Vec<usize> {
        let codes = self.subjects().map(Subjects::codes).unwrap_or_default();
        codes.iter().map(|&code| code as usize).collect()
    }
}

/// What is wrong with the rows made, in the columns and rows given: an illness so near to the end that
/// the two are taken for one time.
#[expect(clippy::indexing_slicing, reason = "a cell lies in one of the rows made")]
fn of_patients(error: Error, patients: &[usize]) -> Error {
    let Error::InvalidCells { cells } = error else { return error };
    let rule = "must come before the end of follow-up";
    let of = |cell: &BadCell| BadCell::new("illness", patients[cell.row], &cell.found, rule);
    Error::InvalidCells { cells: cells.iter().map(of).collect() }
}

fn check(illness: ArrayView1<'_, Option<f64>>, time: ArrayView1<'_, f64>) -> Result<()> {
    let rule = "must be finite and above 0";
    let good = |value: f64| value > 0.0 && value.is_finite();
    let mut cells: Vec<BadCell> = (time.iter().enumerate())
        .filter(|(_, value)| !good(**value))
        .map(|(row, value)| BadCell::new("time", row, value, rule))
        .collect();
    for (row, (onset, &end)) in illness.iter().zip(time).enumerate() {
        let Some(onset) = *onset else { continue };
        if !good(onset) {
            cells.push(BadCell::new("illness", row, onset, rule));
        } else if onset >= end {
            let rule = "must come before the end of follow-up";
            cells.push(BadCell::new("illness", row, onset, rule));
        }
    }
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}
