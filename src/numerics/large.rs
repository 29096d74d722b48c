//! Many numbers in one piece of memory.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::indexing_slicing,
        reason = "a map is as long as was asked for, and no more is used than is there"
    )
)]

use bytemuck::Pod;
use std::ops::{Deref, DerefMut};
use std::{fmt, slice};

/// Bytes of a huge page; from so many on memory is asked for in such pages.
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 1 << 21;

/// A vector that is made as long as it will be.
///
/// The system clears fresh memory page by page, which can take longer than to fill it. On Linux, a large
/// vector lies in memory for which huge pages are asked; where there are none, and elsewhere, it is a `Vec`.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Vec<T>", into = "Vec<T>"))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "T: Pod + serde::Serialize",
        deserialize = "T: Pod + serde::Deserialize<'de>"
    ))
)]
pub(crate) struct Large<T: Pod = f64>(Memory<T>);

enum Memory<T> {
    Usual(Vec<T>),
    /// Whole pages, of whose numbers the first so many are in use.
    #[cfg(target_os = "linux")]
    HugePages(memmap2::MmapMut, usize),
}

impl<T: Pod> Large<T> {
    /// So many zeros.
    pub(crate) fn zeros(length: usize) -> Self {
        #[cfg(target_os = "linux")]
        if let Some(map) = huge_pages::<T>(length) {
            return Self(Memory::HugePages(map, length));
        }
        vec![T::zeroed(); length].into()
    }

    /// Room for so many.
    pub(crate) fn with_capacity(room: usize) -> Self {
        #[cfg(target_os = "linux")]
        if let Some(map) = huge_pages::<T>(room) {
            return Self(Memory::HugePages(map, 0));
        }
        Vec::with_capacity(room).into()
    }

    /// How many there is room for.
    pub(crate) fn capacity(&self) -> usize {
        match &self.0 {
            Memory::Usual(numbers) => numbers.capacity(),
            #[cfg(target_os = "linux")]
            Memory::HugePages(map, _) => numbers::<T>(map).len(),
        }
    }

    /// Leaves out what comes after the first so many.
    pub(crate) fn truncate(&mut self, length: usize) {
        match &mut self.0 {
            Memory::Usual(numbers) => numbers.truncate(length),
            #[cfg(target_os = "linux")]
            Memory::HugePages(_, used) => *used = length.min(*used),
        }
    }

    /// Adds numbers behind the others, with which they move where there is no room.
    pub(crate) fn extend_from_slice(&mut self, more: &[T]) {
        match &mut self.0 {
            Memory::Usual(numbers) => numbers.extend_from_slice(more),
            #[cfg(target_os = "linux")]
            Memory::HugePages(map, used) => {
                let end = *used + more.len();
                match numbers_mut(map).get_mut(*used..end) {
                    Some(room) => {
                        room.copy_from_slice(more);
                        *used = end;
                    }
                    None => *self = [&self[..], more].concat().into(),
                }
            }
        }
    }

    /// Adds a number behind the others.
    #[inline]
    pub(crate) fn push(&mut self, number: T) {
        match &mut self.0 {
            Memory::Usual(numbers) => numbers.push(number),
            #[cfg(target_os = "linux")]
            Memory::HugePages(..) => self.extend_from_slice(&[number]),
        }
    }
}

/// Fresh memory for so many numbers; `None` where they are few, or the system does not give it.
#[cfg(target_os = "linux")]
fn huge_pages<T: Pod>(length: usize) -> Option<memmap2::MmapMut> {
    let size = length.checked_mul(size_of::<T>()).filter(|&size| size >= HUGE_PAGE)?;
    // Whole pages begin where a page does; otherwise both ends would lie in small ones.
    let map = memmap2::MmapMut::map_anon(size.checked_next_multiple_of(HUGE_PAGE)?).ok()?;
    map.advise(memmap2::Advice::HugePage).ok()?;
    // It begins with a page, so that every number lies where it must.
    let fits = bytemuck::try_cast_slice::<u8, T>(&map[..size]).is_ok();
    fits.then_some(map)
}

/// As many numbers as fit in a piece of memory.
#[cfg(target_os = "linux")]
#[inline]
fn numbers<T: Pod>(bytes: &[u8]) -> &[T] {
    let whole = bytes.len() - bytes.len() % size_of::<T>().max(1);
    bytemuck::try_cast_slice(&bytes[..whole]).unwrap_or_default()
}

/// The same, to be written.
#[cfg(target_os = "linux")]
#[inline]
fn numbers_mut<T: Pod>(bytes: &mut [u8]) -> &mut [T] {
    let whole = bytes.len() - bytes.len() % size_of::<T>().max(1);
    bytemuck::try_cast_slice_mut(&mut bytes[..whole]).unwrap_or_default()
}

impl<T: Pod> From<Vec<T>> for Large<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self(Memory::Usual(numbers))
    }
}

impl<T: Pod> From<Large<T>> for Vec<T> {
    fn from(numbers: Large<T>) -> Self {
        match numbers.0 {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(..) => numbers.to_vec(),
        }
    }
}

impl<T: Pod> FromIterator<T> for Large<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        let numbers = numbers.into_iter();
        let length = match numbers.size_hint() {
            (least, Some(most)) if least == most => least,
            _ => return numbers.collect::<Vec<T>>().into(),
        };
        let mut all = Self::zeros(length);
        all.iter_mut().zip(numbers).for_each(|(place, number)| *place = number);
        all
    }
}

impl<T: Pod> Extend<T> for Large<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, more: I) {
        match &mut self.0 {
            Memory::Usual(numbers) => numbers.extend(more),
            #[cfg(target_os = "linux")]
            Memory::HugePages(..) => more.into_iter().for_each(|number| self.push(number)),
        }
    }
}

impl<'a, T: Pod> IntoIterator for &'a Large<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: Pod> IntoIterator for &'a mut Large<T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T: Pod> Default for Large<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T: Pod> Clone for Large<T> {
    fn clone(&self) -> Self {
        self.iter().copied().collect()
    }
}

impl<T: Pod + PartialEq> PartialEq for Large<T> {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

impl<T: Pod + Eq> Eq for Large<T> {}

impl<T: Pod + fmt::Debug> fmt::Debug for Large<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

impl<T: Pod> Deref for Large<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(map, used) => &numbers(map)[..*used],
        }
    }
}

impl<T: Pod> DerefMut for Large<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(map, used) => &mut numbers_mut(map)[..*used],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths of both kinds of memory, and where one becomes the other.
    const LENGTHS: [usize; 5] = [0, 1, 1000, (1 << 18) - 1, (1 << 18) + 3];

    #[test]
    fn every_length_is_filled_copied_and_cut() {
        for length in LENGTHS {
            let mut numbers = Large::zeros(length);
            assert_eq!(numbers.len(), length);
            assert!(numbers.iter().all(|&number| number == 0.0));
            numbers.iter_mut().zip(1..).for_each(|(number, place)| *number = f64::from(place));
            let mut copy = numbers.clone();
            assert_eq!(copy, numbers);
            numbers.fill(-1.0);
            assert!(copy.iter().zip(1..).all(|(&number, place)| number == f64::from(place)));
            copy.truncate(length / 2);
            assert_eq!(copy.len(), length / 2);
            copy.truncate(length);
            assert_eq!(copy.clone().len(), length / 2);
        }
    }

    /// Within the room it was given and beyond it.
    #[test]
    fn every_length_grows() {
        for room in LENGTHS {
            let (mut numbers, mut expected) = (Large::with_capacity(room), Vec::new());
            assert!(numbers.capacity() >= room);
            // There can be more room than was asked for: up to a page.
            for more in [room / 2, room, 1 << 18, 3] {
                let piece: Vec<f64> = (7..).take(more).map(f64::from).collect();
                numbers.extend_from_slice(&piece);
                numbers.extend([5.0, 6.0]);
                expected.extend(piece);
                expected.extend([5.0, 6.0]);
                assert!(numbers[..] == expected[..], "{room} and {more} more");
            }
        }
    }

    #[test]
    fn collects_whether_the_length_is_known_or_not() {
        let known: Large = [1.0, 2.0, 3.0].into_iter().collect();
        let unknown: Large = [1.0, -1.0, 2.0, 3.0].into_iter().filter(|&x| x > 0.0).collect();
        assert_eq!(known, unknown);
        assert_eq!(Vec::from(known), [1.0, 2.0, 3.0]);
        assert_eq!(format!("{unknown:?}"), "[1.0, 2.0, 3.0]");
        assert!(Large::<f64>::default().is_empty());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn many_numbers_lie_in_whole_pages_of_their_own() {
        let bytes = |numbers: Large<u32>| match numbers.0 {
            Memory::Usual(_) => None,
            Memory::HugePages(map, _) => Some(map.len()),
        };
        assert_eq!(bytes(Large::zeros((1 << 19) - 1)), None);
        assert_eq!(bytes(Large::zeros(1 << 19)), Some(1 << 21));
        assert_eq!(bytes(Large::with_capacity((1 << 19) + 1)), Some(1 << 22));
    }
}
