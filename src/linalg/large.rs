//! Many numbers in one piece of memory.

use std::ops::{Deref, DerefMut};

/// Numbers from which on memory is asked for in large pages: 32 MiB.
#[cfg(target_os = "linux")]
const MANY: usize = 1 << 22;

/// A vector of fixed length.
///
/// The system clears fresh memory page by page, which can take longer than to fill it. On Linux, a large
/// vector lies in memory for which huge pages are asked; where there are none, and elsewhere, it is a `Vec`.
#[derive(Debug)]
pub(crate) struct Large(Memory);

#[derive(Debug)]
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
            return Self(Memory::HugePages(map));
        }
        Self(Memory::Usual(vec![0.0; length]))
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
        Self(Memory::Usual(numbers))
    }
}

impl Clone for Large {
    fn clone(&self) -> Self {
        let mut copy = Self::zeros(self.len());
        copy.copy_from_slice(self);
        copy
    }
}

impl Deref for Large {
    type Target = [f64];

    #[inline]
    fn deref(&self) -> &[f64] {
        match &self.0 {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(map) => bytemuck::try_cast_slice(map).unwrap_or_default(),
        }
    }
}

impl DerefMut for Large {
    fn deref_mut(&mut self) -> &mut [f64] {
        match &mut self.0 {
            Memory::Usual(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::HugePages(map) => bytemuck::try_cast_slice_mut(map).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_filled_and_copied() {
        for length in [0, 1, 1000, (1 << 22) - 1, (1 << 22) + 3] {
            let mut numbers = Large::zeros(length);
            assert_eq!(numbers.len(), length);
            assert!(numbers.iter().all(|&number| number == 0.0));
            numbers.iter_mut().zip(1..).for_each(|(number, place)| *number = f64::from(place));
            let copy = numbers.clone();
            numbers.fill(-1.0);
            assert!(copy.iter().zip(1..).all(|(&number, place)| number == f64::from(place)));
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn many_numbers_lie_in_a_map_of_their_own() {
        assert!(matches!(Large::zeros(1 << 22).0, Memory::HugePages(_)));
        assert!(matches!(Large::zeros(1 << 21).0, Memory::Usual(_)));
    }
}
