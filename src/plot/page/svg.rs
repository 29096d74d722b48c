//! Writing a drawing as SVG.

use std::fmt::Write;

use super::colour::{BLACK, Colour};
use super::drawing::{Anchor, Drawing, Item, Path, Point, Text};
use super::glyphs::{Face, is_measured};
use super::number::number;

/// Fonts with the widths of Helvetica.
const FAMILY: &str = "Helvetica, Arial, 'Liberation Sans', Arimo, sans-serif";

pub(crate) fn write(drawing: &Drawing) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height));
    let name = escaped(&drawing.name);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{name}\" \
         font-family=\"{FAMILY}\" style=\"font-kerning:none\">\n<title>{name}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for item in &drawing.items {
        svg += &match item {
            Item::Path(path) => path_element(path),
            Item::Text(text) => text_element(text),
        };
        svg.push('\n');
    }
    svg + "</svg>\n"
}

fn path_element(path: &Path) -> String {
    let mut element = String::from("<path d=\"");
    for line in &path.lines {
        element += &outline(line);
        if path.fill.is_some() {
            element.push('Z');
        }
    }
    element.push('"');
    match path.fill {
        None => element += " fill=\"none\"",
        Some(fill) => {
            element += &format!(" fill=\"{}\"", colour(fill.colour));
            if fill.alpha < 1.0 {
                element += &format!(" fill-opacity=\"{}\"", number(fill.alpha));
            }
        }
    }
    if let Some(stroke) = path.stroke {
        let (hue, width) = (colour(stroke.colour), number(stroke.width));
        element += &format!(" stroke=\"{hue}\" stroke-width=\"{width}\"");
        if !stroke.dash.is_empty() {
            let dash: Vec<String> = stroke.dash.iter().map(|&length| number(length)).collect();
            element += &format!(" stroke-dasharray=\"{}\"", dash.join(" "));
        }
    }
    element + "/>"
}

/// Level and upright pieces in their short forms.
fn outline(line: &[Point]) -> String {
    let mut path = String::new();
    let mut last: Option<(String, String)> = None;
    for &(x, y) in line {
        let (x, y) = (number(x), number(y));
        // Writing to a string cannot fail.
        let _ = match &last {
            None => write!(path, "M{x} {y}"),
            Some((before, height)) if *before == x && *height == y => Ok(()),
            Some((_, height)) if *height == y => write!(path, "H{x}"),
            Some((before, _)) if *before == x => write!(path, "V{y}"),
            Some(_) => write!(path, "L{x} {y}"),
        };
        last = Some((x, y));
    }
    path
}

fn text_element(text: &Text) -> String {
    let (x, y) = (number(text.at.0), number(text.at.1));
    let mut element = format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"", number(text.size));
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => element += " text-anchor=\"middle\"",
        Anchor::End => element += " text-anchor=\"end\"",
    }
    if text.face == Face::Bold {
        element += " font-weight=\"bold\"";
    }
    if text.colour != BLACK {
        element += &format!(" fill=\"{}\"", colour(text.colour));
    }
    if text.vertical {
        element += &format!(" transform=\"rotate(-90 {x} {y})\"");
    }
    // A single letter cannot be stretched by spacing, and needs no help.
    if is_measured(&text.content) && text.content.chars().count() > 1 {
        let width = number(text.width());
        element += &format!(" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"");
    }
    format!("{element}>{}</text>", escaped(&text.content))
}

fn colour(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text as XML holds it, in elements and in attributes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            _ => escaped.push(c),
        }
    }
    escaped
}
