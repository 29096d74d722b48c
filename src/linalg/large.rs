//! Many numbers in one piece of memory.

use std::ops::{Deref, DerefMut};
use std::{fmt, slice};

/// Numbers from which on memory is asked for in large pages: 4 MiB.
#[cfg(target_os = "linux")]
const MANY: usize = 1 << 19;

/// A vector that does not grow.
///
/// The system clears fresh memory page by page, which can take longer than to fill it. On Linux, a large
/// vector lies in memory for which huge pages are asked; where there are none, and elsewhere, it is a `Vec`.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Vec<f64>", into = "Vec<f64>"))]
pub(crate) struct Large {
    memory: Memory,
    /// Numbers of the memory that are in use.
    length: usize,
}

enum Memory {
    Usual(Vec<f64>),
    #[cfg(target_os = "linux")]
    HugePages(memmap2::MmapMut),
}

impl Large {
    /// So many zeros.
    pub(crate) fn zeros(length: usize) -> Self {
        #[cfg(target_os = "linux")]
        if length >= MANY
            && let Some(map) = huge_pages(length)
        {
            return Self { memory: Memory::HugePages(map), length };
        }
        vec![0.0; length].into()
    }

    /// Leaves out what comes after the first so many.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }
}

/// Fresh memory for so many numbers; `None` where the system does not give it.
#[cfg(target_os = "linux")]
fn huge_pages(length: usize) -> Option<memmap2::MmapMut> {
    let map = memmap2::MmapMut::map_anon(length.checked_mul(size_of::<f64>())?).ok()?;
    map.advise(memmap2::Advice::HugePage).ok()?;
    // It begins with a page, so that every number lies where it must.
    let fits = bytemuck::try_cast_slice::<u8, f64>(&map).is_ok();
    fits.then_some(map)
}

impl From<Vec<f64>> for Large {
    fn from(numbers: Vec<f64>) -> Self {
        Self { length: numbers.len(), memory: Memory::Usual(numbers) }
    }
}

impl From<Large> for Vec<f64> {
    fn from(numbers: Large) -> Self {
        numbers.to_vec()
    }
}

impl FromIterator<f64> for Large {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut numbers = numbers.into_iter();
        let length = match numbers.size_hint() {
            (least, Some(most)) if least == most => least,
            _ => return numbers.collect::<Vec<f64>>().into(),
        };
        let mut all = Self::zeros(length);
        all.iter_mut().zip(&mut numbers).for_each(|(place, number)| *place = number);
        all
    }
}

impl<'a> IntoIterator for &'a Large {
    type Item = &'a f64;
    type IntoIter = slice::Iter<'a, f64>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Large {
    type Item = &'a mut f64;
    type IntoIter = slice::IterMut<'a, f64>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl Default for Large {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl Clone for Large {
    fn clone(&self) -> Self {
        self.iter().copied().collect()
    }
}

impl PartialEq for Large {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

impl fmt::Debug for Large {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

impl Deref for Large {
    type Target = [f64];

    #[inline]
    fn deref(&self) -> &[f64] {
        let all = match &self.memory {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(map) => bytemuck::try_cast_slice(map).unwrap_or_default(),
        };
        &all[..self.length]
    }
}

impl DerefMut for Large {
    fn deref_mut(&mut self) -> &mut [f64] {
        let all = match &mut self.memory {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(map) => bytemuck::try_cast_slice_mut(map).unwrap_or_default(),
        };
        &mut all[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_filled_copied_and_cut() {
        for length in [0, 1, 1000, (1 << 19) - 1, (1 << 19) + 3] {
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

    #[test]
    fn collects_whether_the_length_is_known_or_not() {
        let known: Large = [1.0, 2.0, 3.0].into_iter().collect();
        let unknown: Large = [1.0, -1.0, 2.0, 3.0].into_iter().filter(|&x| x > 0.0).collect();
        assert_eq!(known, unknown);
        assert_eq!(Vec::from(known), [1.0, 2.0, 3.0]);
        assert_eq!(format!("{unknown:?}"), "[1.0, 2.0, 3.0]");
        assert!(Large::default().is_empty());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn many_numbers_lie_in_a_map_of_their_own() {
        assert!(matches!(Large::zeros(1 << 19).memory, Memory::HugePages(_)));
        assert!(matches!(Large::zeros(1 << 18).memory, Memory::Usual(_)));
    }
}
