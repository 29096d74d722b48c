//! Text broken into lines.

use super::colour::Colour;
use super::drawing::{ASCENT, Anchor, DESCENT, Drawing, LEADING, Text};
use super::glyphs::{Face, text_width};
use crate::error::{Error, Result};

/// Lines of text below each other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Paragraph {
    pub(crate) lines: Vec<String>,
    pub(crate) size: f64,
    pub(crate) face: Face,
}

impl Paragraph {
    /// Breaks a text between words, and within those that are too long by themselves, so that no
    /// line is wider than `width`. A line feed begins a new line.
    pub(crate) fn new(text: &str, face: Face, size: f64, width: f64) -> Self {
        let fits = |line: &str| text_width(line, face, size) <= width;
        let mut lines = Vec::new();
        for part in text.split('\n') {
            let mut line = String::new();
            for word in part.split_whitespace() {
                let longer =
                    if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if fits(&longer) {
                    line = longer;
                    continue;
                }
                lines.extend((!line.is_empty()).then_some(line));
                line = break_word(word, fits, &mut lines);
            }
            lines.push(line);
        }
        if lines.iter().all(String::is_empty) {
            lines.clear();
        }
        Self { lines, size, face }
    }

    pub(crate) fn width(&self) -> f64 {
        self.lines.iter().map(|line| text_width(line, self.face, self.size)).fold(0.0, f64::max)
    }

    /// From the top of the first line to the foot of the last one; 0 without lines.
    pub(crate) fn height(&self) -> f64 {
        match self.lines.len() {
            0 => 0.0,
            n => self.size * ((n - 1) as f64 * LEADING + ASCENT + DESCENT),
        }
    }

    /// Draws the lines below `top`.
    pub(crate) fn draw(
        &self,
        drawing: &mut Drawing,
        x: f64,
        top: f64,
        anchor: Anchor,
        hue: Colour,
    ) {
        for (k, line) in self.lines.iter().enumerate() {
            let y = top + self.size * (ASCENT + k as f64 * LEADING);
            let text = Text::new((x, y), line, self.size).anchor(anchor).colour(hue);
            drawing.text(if self.face == Face::Bold { text.bold() } else { text });
        }
    }
}

/// Breaks a word into full lines, and gives back the rest.
fn break_word(word: &str, fits: impl Fn(&str) -> bool, lines: &mut Vec<String>) -> String {
    let mut piece = String::new();
    for c in word.chars() {
        piece.push(c);
        if !fits(&piece) && piece.chars().nth(1).is_some() {
            piece.pop();
            lines.push(std::mem::replace(&mut piece, c.to_string()));
        }
    }
    piece
}

/// Fails for a text that no figure can hold.
pub(crate) fn check_text(text: &str) -> Result<()> {
    let bad = |c: &char| (c.is_control() && *c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    match text.chars().find(bad) {
        None => Ok(()),
        Some(character) => {
            let rule = "no control character but a line feed can be drawn";
            Err(Error::UnwritableText { text: text.to_owned(), character, rule })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words_first() {
        let lines = |text, width| Paragraph::new(text, Face::Regular, 10.0, width).lines;
        assert_eq!(lines("a long label", 1000.0), ["a long label"]);
        assert_eq!(lines("a long label", 30.0), ["a long", "label"]);
        assert_eq!(lines("one\ntwo", 1000.0), ["one", "two"]);
        // 41.12 points for the first eight letters.
        assert_eq!(lines("incomprehensible", 42.0), ["incompre", "hensible"]);
        assert_eq!(lines("wide", 0.0), ["w", "i", "d", "e"]);
        assert!(lines(" ", 10.0).is_empty());
    }
}
