//! The page: what is drawn on it, how text is measured, and how it is written down.

mod colour;
mod drawing;
mod glyphs;
mod number;
mod paragraph;
mod pdf;
mod svg;
mod ticks;

pub(crate) use colour::{BLACK, Colour, GREY, LIGHT_GREY, MOST_STYLES, Style, style};
pub(crate) use drawing::{ASCENT, Anchor, DESCENT, LEADING, Point, Stroke, Text};
pub use drawing::{Drawing, TextBox};
pub(crate) use glyphs::{Face, text_width};
pub(crate) use number::count;
pub(crate) use paragraph::{Paragraph, check_text};
pub(crate) use ticks::{labels, nice_step, steps};
