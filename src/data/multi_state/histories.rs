//! The state each row begins in, and whether the rows of a subject make one history.

use crate::data::columns::Subjects;
use crate::data::rows::Rows;
use crate::error::{BadCell, Error, Result};

/// The states of rows: where each begins and where it leads, as places among the names.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::data) struct Histories {
    pub(in crate::data) from: Vec<u32>,
    /// The state entered at the end of the row; `None` where it is censored.
    pub(in crate::data) to: Vec<Option<u32>>,
}

const OVERLAP: &str = "overlap: begins before the subject's previous row has ended";
const GAP: &str = "gap: begins after the subject's previous row has ended";
const JUMP: &str = "jump: is not the state the subject was in before a gap";
const TELEPORT: &str = "teleport: is not the state the subject's previous row ended in";
const STAYS: &str = "cannot be the state the row begins in";

impl Histories {
    /// Follows each subject through its rows. Where the row's own states are not given, a subject
    /// begins in the first state.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, a state is one of those named"
    )]
    pub(super) fn follow(
        rows: &Rows,
        subjects: &Subjects,
        given: Option<Vec<u32>>,
        to: Vec<Option<u32>>,
        states: &[String],
    ) -> Result<Self> {
        let entry = rows.times.entry.as_deref().unwrap_or_default();
        let exit = &rows.times.exit;
        let name = |state: u32| states[state as usize].as_str();
        let known = given.is_some();
        let mut from = given.unwrap_or_else(|| vec![0; rows.len()]);
        let mut bad = Vec::new();
        for (before, after) in rows.successions(subjects) {
            let reached = to[before].unwrap_or(from[before]);
            let rule = match (entry[after] > exit[before], known && from[after] != reached) {
                _ if entry[after] < exit[before] => Some(OVERLAP),
                (true, false) => Some(GAP),
                (true, true) => Some(JUMP),
                (false, true) => Some(TELEPORT),
                (false, false) => None,
            };
            bad.extend(rule.map(|rule| match rule {
                JUMP | TELEPORT => BadCell::new("from", after, name(from[after]), rule),
                _ => BadCell::new("entry", after, entry[after], rule),
            }));
            if !known {
                from[after] = reached;
            }
        }
        bad.sort_by_key(|cell| cell.row);
        bad.extend(
            (from.iter().zip(&to).enumerate())
                .filter(|(_, (from, to))| Some(**from) == **to)
                .map(|(row, (from, _))| BadCell::new("to", row, name(*from), STAYS)),
        );
        if bad.is_empty() { Ok(Self { from, to }) } else { Err(Error::InvalidCells { cells: bad }) }
    }
}
