//! Colours that colour-blind readers tell apart, and dash patterns for print in grey.

/// An opaque colour, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

pub(crate) const BLACK: Colour = Colour(0, 0, 0);
pub(crate) const GREY: Colour = Colour(0x77, 0x77, 0x77);
pub(crate) const LIGHT_GREY: Colour = Colour(0xbb, 0xbb, 0xbb);

/// The palette of Okabe & Ito 2008 (<https://jfly.uni-koeln.de/color/>), darkest contrasts first and
/// without its yellow, which does not show on white.
const PALETTE: [Colour; 7] = [
    Colour(0x00, 0x72, 0xb2),
    Colour(0xd5, 0x5e, 0x00),
    Colour(0x00, 0x9e, 0x73),
    Colour(0xcc, 0x79, 0xa7),
    Colour(0x56, 0xb4, 0xe9),
    Colour(0xe6, 0x9f, 0x00),
    BLACK,
];

/// Lengths of dashes and gaps in points; the first is a solid line.
const DASHES: [&[f64]; 7] = [
    &[],
    &[6.0, 3.0],
    &[1.5, 2.0],
    &[7.0, 2.0, 1.5, 2.0],
    &[11.0, 3.0],
    &[3.0, 2.0],
    &[7.0, 2.0, 1.5, 2.0, 1.5, 2.0],
];

/// How many curves can be told apart.
pub(crate) const MOST_STYLES: usize = PALETTE.len() * DASHES.len();

/// Colour and dashes of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) colour: Colour,
    pub(crate) dash: &'static [f64],
}

/// The style of the curve at a place, all different up to [`MOST_STYLES`]. With `dashed` the first
/// seven differ by their dashes, too.
#[expect(
    clippy::indexing_slicing,
    reason = "a remainder is below the number of colours, or of dashes"
)]
pub(crate) fn style(place: usize, dashed: bool) -> Style {
    let n = PALETTE.len();
    let dash = if dashed { place + place / n } else { place / n };
    Style { colour: PALETTE[place % n], dash: DASHES[dash % DASHES.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_differ() {
        for dashed in [false, true] {
            let styles: Vec<Style> = (0..MOST_STYLES).map(|place| style(place, dashed)).collect();
            for (k, style) in styles.iter().enumerate() {
                assert!(!styles[..k].contains(style), "{k} {dashed}");
            }
        }
        let dashes: Vec<&[f64]> = (0..7).map(|place| style(place, true).dash).collect();
        assert!((1..7).all(|k| !dashes[..k].contains(&dashes[k])));
    }
}
