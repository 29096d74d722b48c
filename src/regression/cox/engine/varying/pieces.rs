//! A piece of time over which the functions of time are constant, as ordinary ordered rows.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, and lies in one of the strata"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use std::ops::Range;

use super::plan::Varying;
use crate::linalg::RowMajor;
use crate::regression::cox::engine::covariates::centre;
use crate::regression::cox::engine::ordered::Ordered;
use crate::regression::cox::engine::parts::parts;
use crate::regression::cox::engine::row_weights::RowWeights;
use crate::regression::cox::engine::stratum::{StratumRows, TiedTimes, intervals_of};

/// Calls `visit(frozen, places)` for every piece of a stratum, latest first: the rows at risk in it,
/// with the varying columns as they are there, and their places. Stops at the first `None`.
pub(super) fn walk(
    ordered: &Ordered,
    varying: &Varying,
    s: usize,
    mut visit: impl FnMut(&Ordered, &[u32]) -> Option<()>,
) -> Option<()> {
    let stratum = &ordered.strata[s];
    let (mut places, mut next) = (Vec::new(), stratum.rows.start);
    for piece in varying.pieces(s, stratum.times.len()) {
        let end = stratum.times.at(piece.end - 1).events().end;
        places.extend(next as u32..end as u32);
        next = end;
        if let Some(at_risk) = &stratum.at_risk {
            let first = piece.start as u32;
            places.retain(|&place| at_risk[place as usize - stratum.rows.start].end > first);
        }
        let frozen = freeze(ordered, varying, s, piece, &places);
        visit(&frozen, &places)?;
    }
    Some(())
}

/// The rows at some places over a piece of time.
fn freeze(
    ordered: &Ordered,
    varying: &Varying,
    s: usize,
    piece: Range<usize>,
    places: &[u32],
) -> Ordered {
    let (n, p) = (places.len(), ordered.n_columns());
    let g = varying.at(s, piece.start);
    let mut values = Vec::with_capacity(n * p);
    for &place in places {
        values.extend(varying.extended(ordered.row(place as usize), g));
    }
    let weight = places.iter().map(|&place| ordered.weight[place as usize]);
    let weight = RowWeights::from(weight.collect::<Vec<f64>>());
    let strata = vec![freeze_stratum(ordered, s, piece.clone(), places)];
    // Where the rows of a piece lie does not matter, and must not cost digits.
    centre(&mut values, p, &weight, &strata);
    // A row with a later event is only at risk here.
    let first = ordered.strata[s].times.at(piece.start).events().start as u32;
    let event = |&place: &u32| place >= first && ordered.event[place as usize];
    let offset = ordered.offset.as_ref();
    Ordered {
        parts: parts(&strata, p),
        strata,
        x: RowMajor::from_rows(values, n, p),
        weight,
        offset: offset.map(|offset| places.iter().map(|&place| offset[place as usize]).collect()),
        event: places.iter().map(event).collect(),
        source: places.to_vec(),
        scale: vec![1.0; p],
        event_weight: ordered.event_weight,
        total_event_weight: ordered.total_event_weight,
        varying: None,
    }
}

/// The event times of a piece, and when the rows are at risk.
fn freeze_stratum(ordered: &Ordered, s: usize, piece: Range<usize>, places: &[u32]) -> StratumRows {
    let stratum = &ordered.strata[s];
    let index = |place: usize| places.partition_point(|&other| (other as usize) < place);
    let mut times = stratum.times.alike(piece.len(), 0);
    for time in stratum.times.range(piece.clone()) {
        let events = index(time.events().start)..index(time.events().end);
        times.push(time.time, events, time.weight());
    }
    let at_risk = stratum.at_risk.as_ref().map(|at_risk| {
        let (start, end) = (piece.start as u32, piece.end as u32);
        let of = |&place: &u32| {
            let range = &at_risk[place as usize - stratum.rows.start];
            range.start.max(start) - start..range.end.min(end) - start
        };
        places.iter().map(of).collect::<Vec<_>>()
    });
    let intervals = at_risk.as_ref().map(|at_risk| intervals_of(at_risk, &times, 0));
    StratumRows {
        rows: 0..places.len(),
        times,
        tied: TiedTimes::default(),
        intervals,
        at_risk,
        tails: None,
    }
}
