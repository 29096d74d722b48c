//! Writing a drawing as PDF (PDF 1.4, as in PDF 32000-1:2008).

use super::colour::Colour;
use super::drawing::{Drawing, Item, Path, Text};
use super::glyphs::{Font, Glyph, glyph};
use super::number::number;
use crate::error::{Error, Result};

/// The fonts, by the names they have on the page.
const FONTS: [(&str, &str); 3] = [
    ("F1", "/BaseFont /Helvetica /Encoding /WinAnsiEncoding"),
    ("F2", "/BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding"),
    ("F3", "/BaseFont /Symbol"),
];

pub(crate) fn write(drawing: &Drawing) -> Result<Vec<u8>> {
    let alphas = alphas(drawing);
    let content = content(drawing, &alphas)?;
    let (width, height) = (number(drawing.width), number(drawing.height));
    let fonts: Vec<String> =
        (FONTS.iter().enumerate()).map(|(k, (name, _))| format!("/{name} {} 0 R", k + 6)).collect();
    let states: Vec<String> = (alphas.iter().enumerate())
        .map(|(k, &alpha)| format!("/G{k} << /Type /ExtGState /ca {} >>", number(alpha)))
        .collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>"
            .to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R \
             /Resources << /Font << {} >> /ExtGState << {} >> >> >>",
            fonts.join(" "),
            states.join(" ")
        ),
        format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
        format!("<< /Title {} >>", utf16(&drawing.name)),
    ];
    let font = |(_, what): &(&str, &str)| format!("<< /Type /Font /Subtype /Type1 {what} >>");
    objects.extend(FONTS.iter().map(font));
    Ok(file(&objects))
}

/// Objects, numbered from 1, with the table of where each begins.
fn file(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (k, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", k + 1).as_bytes());
    }
    let (size, start) = (objects.len() + 1, file.len());
    let trailer = format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    file.extend(trailer.as_bytes());
    file
}

/// The different opacities below 1.
fn alphas(drawing: &Drawing) -> Vec<f64> {
    let mut alphas: Vec<f64> = Vec::new();
    for item in &drawing.items {
        if let Item::Path(Path { fill: Some(fill), .. }) = item
            && fill.alpha < 1.0
            && !alphas.contains(&fill.alpha)
        {
            alphas.push(fill.alpha);
        }
    }
    alphas
}

/// The page. PDF counts upwards.
fn content(drawing: &Drawing, alphas: &[f64]) -> Result<String> {
    let mut content = String::new();
    for item in &drawing.items {
        match item {
            Item::Path(path) => content += &path_operators(path, drawing.height, alphas),
            Item::Text(text) => content += &text_operators(text, drawing.height)?,
        }
    }
    Ok(content)
}

fn path_operators(path: &Path, height: f64, alphas: &[f64]) -> String {
    let mut operators = String::from("q\n");
    if let Some(fill) = path.fill {
        operators += &format!("{} rg\n", colour(fill.colour));
        if let Some(state) = alphas.iter().position(|&alpha| alpha == fill.alpha) {
            operators += &format!("/G{state} gs\n");
        }
    }
    if let Some(stroke) = path.stroke {
        operators += &format!("{} RG {} w\n", colour(stroke.colour), number(stroke.width));
        if !stroke.dash.is_empty() {
            let dash: Vec<String> = stroke.dash.iter().map(|&length| number(length)).collect();
            operators += &format!("[{}] 0 d\n", dash.join(" "));
        }
    }
    for line in &path.lines {
        for (k, &(x, y)) in line.iter().enumerate() {
            let operator = if k == 0 { "m" } else { "l" };
            operators += &format!("{} {} {operator}\n", number(x), number(height - y));
        }
    }
    operators
        + match (path.fill, path.stroke) {
            (Some(_), Some(_)) => "b\nQ\n",
            (Some(_), None) => "f\nQ\n",
            (None, _) => "S\nQ\n",
        }
}

fn text_operators(text: &Text, height: f64) -> Result<String> {
    let (x, y) = (text.at.0, height - text.at.1);
    let matrix = match text.vertical {
        false => format!("1 0 0 1 {} {}", number(x - text.before()), number(y)),
        true => format!("0 1 -1 0 {} {}", number(x), number(y - text.before())),
    };
    let mut operators = format!("BT\n{} rg\n{matrix} Tm\n", colour(text.colour));
    for (font, codes) in runs(text)? {
        let name = match font {
            Font::Helvetica => FONTS[0].0,
            Font::HelveticaBold => FONTS[1].0,
            Font::Symbol => FONTS[2].0,
        };
        operators += &format!("/{name} {} Tf <{codes}> Tj\n", number(text.size));
    }
    Ok(operators + "ET\n")
}

/// The text in pieces of one font, as hexadecimal codes.
fn runs(text: &Text) -> Result<Vec<(Font, String)>> {
    let mut runs: Vec<(Font, String)> = Vec::new();
    for c in text.content.chars() {
        let Glyph { font, code, .. } = glyph(c, text.face).ok_or_else(|| {
            let rule = "the fonts of a PDF have no such character; write SVG, or other letters";
            Error::UnwritableText { text: text.content.clone(), character: c, rule }
        })?;
        let code = format!("{code:02X}");
        match runs.last_mut() {
            Some((last, codes)) if *last == font => *codes += &code,
            _ => runs.push((font, code)),
        }
    }
    Ok(runs)
}

fn colour(Colour(red, green, blue): Colour) -> String {
    let part = |channel: u8| number(f64::from(channel) / 255.0);
    format!("{} {} {}", part(red), part(green), part(blue))
}

/// A text string outside the page: UTF-16 with its mark.
fn utf16(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("<FEFF{units}>")
}
