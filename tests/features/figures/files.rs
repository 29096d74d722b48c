//! The written files: XML that parses and says all texts, PDF whose table points at its objects.

use riskset::plot::{CurvePlot, Drawing, ForestLine, ForestPlot};

use super::page::curves;

fn drawing(name: &str) -> Drawing {
    let names = [name.to_owned(), "other".to_owned()];
    CurvePlot::survival(&curves(&names, 20, 0.03)).title(name).caption(name).draw().unwrap()
}

#[test]
fn svg_is_well_formed_and_says_what_was_given() {
    for name in ["<b>&amp;\"it's\"</b>", "naïve — ≥65 × 10², č 日本", "]]>", "tail\u{200d}"]
    {
        let svg = drawing(name).svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        let found = texts.filter(|node| node.text() == Some(name)).count();
        assert!(found >= 3, "{name}: {found}");
        let root = document.root_element();
        assert_eq!(root.attribute("aria-label"), Some(name));
        assert_eq!(root.attribute("role"), Some("img"));
    }
}

#[test]
fn a_measured_text_is_fitted_to_its_width() {
    let drawing = drawing("A");
    let svg = drawing.svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    for (node, text) in
        document.descendants().filter(|node| node.has_tag_name("text")).zip(drawing.texts())
    {
        assert_eq!(node.text(), Some(text.text.as_str()));
        if let Some(length) = node.attribute("textLength") {
            let length: f64 = length.parse().unwrap();
            let upright = node.attribute("transform").is_some();
            let found = if upright { text.bottom - text.top } else { text.right - text.left };
            assert!((length - found).abs() < 1e-3, "{text:?}");
        }
    }
}

/// The byte offset of `needle`.
fn find(file: &[u8], needle: &[u8]) -> Option<usize> {
    file.windows(needle.len()).position(|window| window == needle)
}

#[test]
fn every_object_of_a_pdf_is_where_its_table_says() {
    let forest = ForestPlot::new(vec![ForestLine::ratio("≥65", Some(2.0), Some(1.1), None)]);
    for drawing in [drawing("Überleben"), forest.draw().unwrap()] {
        let pdf = drawing.pdf().unwrap();
        assert_eq!(pdf, drawing.pdf().unwrap());
        let start = find(&pdf, b"xref\n0 ").unwrap();
        let table = std::str::from_utf8(&pdf[start..]).unwrap();
        assert!(table.ends_with(&format!("startxref\n{start}\n%%EOF\n")));
        let size: usize = table.lines().nth(1).unwrap()[2..].parse().unwrap();
        assert!(table.contains(&format!("/Size {size} ")));
        let entries: Vec<&str> = table.lines().skip(2).take(size).collect();
        assert_eq!(entries[0], "0000000000 65535 f ");
        for (object, entry) in entries.iter().enumerate().skip(1) {
            let offset: usize = entry[..10].parse().unwrap();
            assert_eq!(entry.len(), 19);
            assert!(pdf[offset..].starts_with(format!("{object} 0 obj\n").as_bytes()), "{object}");
        }
        let stream = find(&pdf, b"stream\n").unwrap() + 7;
        let end = find(&pdf, b"endstream").unwrap();
        assert!(find(&pdf, format!("/Length {} ", end - stream).as_bytes()).is_some());
        let content = std::str::from_utf8(&pdf[stream..end]).unwrap();
        let count = |operator: &str| content.lines().filter(|line| *line == operator).count();
        assert_eq!(count("q"), count("Q"));
        assert_eq!(count("BT"), drawing.texts().len());
        assert_eq!(count("ET"), drawing.texts().len());
    }
}

#[test]
fn a_pdf_writes_greek_and_signs_and_refuses_other_scripts() {
    let says = |name: &str| drawing(name).pdf().map(drop).map_err(|error| error.to_string());
    for name in ["β ≥ 2 − α", "“naïve” – 5 €", "Ærø", "non‑breaking hyphen"] {
        assert_eq!(says(name), Ok(()), "{name}");
    }
    assert_eq!(
        says("Dvořák"),
        Err("`Dvořák` has the character 'ř': the fonts of a PDF have no such character; write SVG, \
             or other letters"
            .to_owned())
    );
    assert!(drawing("Dvořák").svg().contains("Dvořák"));
}

#[test]
fn many_rows_make_no_large_file() {
    let names = ["a".to_owned(), "b".to_owned()];
    let drawing = CurvePlot::survival(&curves(&names, 20_000, 0.03)).draw().unwrap();
    let size = drawing.svg().len();
    assert!(size < 600_000, "{size}");
}
