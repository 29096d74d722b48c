//! The glyphs of the fonts that every PDF reader has, and how wide they are.
//!
//! Widths are those of Adobe's Core 14 font metrics (the AFM files of Helvetica, Helvetica-Bold and
//! Symbol, 1997), in thousandths of the font size. Arial and Liberation Sans have the same widths.

/// A font of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
}

/// The font that holds a glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Font {
    Helvetica,
    HelveticaBold,
    Symbol,
}

/// One character as a PDF writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) font: Font,
    pub(crate) code: u8,
    /// In thousandths of the font size.
    pub(crate) width: u16,
}

/// The glyph of a character, if the fonts have it.
#[expect(clippy::indexing_slicing, reason = "a code is from 32 to 255, and has its width")]
pub(crate) fn glyph(c: char, face: Face) -> Option<Glyph> {
    if let Some(&(_, code, width)) = SYMBOL.iter().find(|(symbol, ..)| *symbol == c) {
        return Some(Glyph { font: Font::Symbol, code, width });
    }
    let code = win_ansi(c)?;
    let (font, widths) = match face {
        Face::Regular => (Font::Helvetica, &HELVETICA),
        Face::Bold => (Font::HelveticaBold, &HELVETICA_BOLD),
    };
    Some(Glyph { font, code, width: widths[usize::from(code) - 32] })
}

/// The width of a text in points. A character the fonts do not have counts a whole em, which no
/// letter of any script exceeds by much.
pub(crate) fn text_width(text: &str, face: Face, size: f64) -> f64 {
    let width = |c| glyph(c, face).map_or(1000, |glyph| u32::from(glyph.width));
    f64::from(text.chars().map(width).sum::<u32>()) * size / 1000.0
}

/// Whether the fonts have every character.
pub(crate) fn is_measured(text: &str) -> bool {
    text.chars().all(|c| glyph(c, Face::Regular).is_some())
}

/// The code of a character in `WinAnsiEncoding` (PDF 32000-1:2008, annex D).
fn win_ansi(c: char) -> Option<u8> {
    match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        // Other spaces and hyphens look the same.
        '\u{2009}' | '\u{202f}' => Some(b' '),
        '\u{2010}' | '\u{2011}' => Some(b'-'),
        _ => HIGH.iter().find(|(known, _)| *known == c).map(|&(_, code)| code),
    }
}

/// What `WinAnsiEncoding` has between ASCII and Latin-1.
#[rustfmt::skip]
const HIGH: [(char, u8); 27] = [
    ('€', 128), ('‚', 130), ('ƒ', 131), ('„', 132), ('…', 133), ('†', 134), ('‡', 135), ('ˆ', 136),
    ('‰', 137), ('Š', 138), ('‹', 139), ('Œ', 140), ('Ž', 142), ('\u{2018}', 145),
    ('\u{2019}', 146), ('\u{201c}', 147), ('\u{201d}', 148), ('•', 149), ('–', 150), ('—', 151),
    ('˜', 152), ('™', 153), ('š', 154), ('›', 155), ('œ', 156), ('ž', 158), ('Ÿ', 159),
];

/// Widths by `WinAnsiEncoding`, from code 32.
#[rustfmt::skip]
const HELVETICA: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 0,
    556, 0, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0,
    0, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 0, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// Widths by `WinAnsiEncoding`, from code 32.
#[rustfmt::skip]
const HELVETICA_BOLD: [u16; 224] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 0,
    556, 0, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0,
    0, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 0, 500, 667,
    278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278,
    611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
];

/// Characters of the font Symbol: the code of its own encoding and the width.
#[rustfmt::skip]
const SYMBOL: [(char, u8, u16); 68] = [
    ('Α', 65, 722), ('Β', 66, 667), ('Γ', 71, 603), ('Δ', 68, 612), ('Ε', 69, 611),
    ('Ζ', 90, 611), ('Η', 72, 722), ('Θ', 81, 741), ('Ι', 73, 333), ('Κ', 75, 722),
    ('Λ', 76, 686), ('Μ', 77, 889), ('Ν', 78, 722), ('Ξ', 88, 645), ('Ο', 79, 722),
    ('Π', 80, 768), ('Ρ', 82, 556), ('Σ', 83, 592), ('Τ', 84, 611), ('Υ', 85, 690),
    ('Φ', 70, 763), ('Χ', 67, 722), ('Ψ', 89, 795), ('Ω', 87, 768), ('α', 97, 631),
    ('β', 98, 549), ('γ', 103, 411), ('δ', 100, 494), ('ε', 101, 439), ('ζ', 122, 494),
    ('η', 104, 603), ('θ', 113, 521), ('ι', 105, 329), ('κ', 107, 549), ('λ', 108, 549),
    ('μ', 109, 576), ('ν', 110, 521), ('ξ', 120, 493), ('ο', 111, 549), ('π', 112, 549),
    ('ρ', 114, 549), ('ς', 86, 439), ('σ', 115, 603), ('τ', 116, 439), ('υ', 117, 576),
    ('φ', 102, 521), ('χ', 99, 549), ('ψ', 121, 686), ('ω', 119, 686), ('′', 162, 247),
    ('″', 178, 411), ('←', 172, 987), ('↑', 173, 603), ('→', 174, 987), ('↓', 175, 603),
    ('↔', 171, 1042), ('∂', 182, 494), ('∈', 206, 713), ('∑', 229, 713), ('−', 45, 549),
    ('√', 214, 549), ('∝', 181, 713), ('∞', 165, 713), ('≈', 187, 549), ('≠', 185, 549),
    ('≡', 186, 549), ('≤', 163, 549), ('≥', 179, 549),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_metrics() {
        assert_eq!(text_width("Survival", Face::Regular, 1000.0), 3556.0);
        assert_eq!(text_width("Survival", Face::Bold, 1000.0), 3891.0);
        assert_eq!(text_width("≥65 – ×²", Face::Regular, 1000.0), 3690.0);
        assert_eq!(glyph('’', Face::Regular).map(|glyph| glyph.code), Some(146));
        assert!(is_measured("0.49 (0.36–0.67), µ ± σ") && !is_measured("č"));
    }
}
