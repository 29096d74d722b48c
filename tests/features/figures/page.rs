//! What a reader checks on a page, and what figures are made from.

use riskset::curve::ByGroup;
use riskset::nonparametric::KaplanMeierFit;
use riskset::plot::{Drawing, TextBox};
use riskset::{Groups, KaplanMeier, RightCensored};

/// Curves of groups with these names, each row's times drawn from a congruential generator.
pub fn curves(names: &[String], rows_each: usize, hazard: f64) -> ByGroup<KaplanMeierFit> {
    let mut state = 11_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let (mut time, mut event, mut group) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..rows_each * names.len() {
        let g = row % names.len();
        let failure = -uniform().ln() / (hazard * (1.0 + g as f64 / 2.0));
        let censoring = 60.0 * (0.1 + 0.9 * uniform());
        time.push((failure.min(censoring) * 10.0).ceil() / 10.0);
        event.push(failure <= censoring);
        group.push(names[g].as_str());
    }
    let data = RightCensored::new(&time, &event).unwrap();
    KaplanMeier::new().fit_by(&data, &Groups::new(&group).unwrap()).unwrap()
}

fn apart(a: &TextBox, b: &TextBox) -> bool {
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
}

/// Fails when two texts overlap, one leaves the page, or a line is drawn through one.
#[track_caller]
pub fn assert_readable(drawing: &Drawing) {
    let texts = drawing.texts();
    assert!(!texts.is_empty());
    for (k, text) in texts.iter().enumerate() {
        let inside = text.left >= 4.0
            && text.top >= 4.0
            && text.right <= drawing.width() - 4.0
            && text.bottom <= drawing.height() - 4.0;
        assert!(inside, "cut: {text:?} on {} × {}", drawing.width(), drawing.height());
        for other in &texts[..k] {
            assert!(apart(text, other), "{text:?} overlaps {other:?}");
        }
    }
    for (a, b) in strokes(&drawing.svg()) {
        for text in &texts {
            let [left, right] = [a.0.min(b.0), a.0.max(b.0)];
            let [top, bottom] = [a.1.min(b.1), a.1.max(b.1)];
            let clear = right < text.left
                || text.right < left
                || bottom < text.top + 0.5
                || text.bottom - 0.5 < top;
            assert!(clear, "a line from {a:?} to {b:?} runs through {text:?}");
        }
    }
}

type Point = (f64, f64);

/// The pieces of every line that is drawn, read back from the SVG.
fn strokes(svg: &str) -> Vec<(Point, Point)> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let paths = document.descendants().filter(|node| node.has_tag_name("path"));
    let mut pieces = Vec::new();
    for path in paths.filter(|path| path.attribute("stroke").is_some()) {
        let outline = path.attribute("d").unwrap();
        let mut at = (0.0, 0.0);
        let commands: Vec<usize> = outline
            .char_indices()
            .filter(|(_, c)| c.is_ascii_alphabetic())
            .map(|(k, _)| k)
            .chain([outline.len()])
            .collect();
        for pair in commands.windows(2) {
            let numbers: Vec<f64> = outline[pair[0] + 1..pair[1]]
                .split_whitespace()
                .map(|number| number.parse().unwrap())
                .collect();
            let to = match &outline[pair[0]..=pair[0]] {
                "M" | "L" => (numbers[0], numbers[1]),
                "H" => (numbers[0], at.1),
                "V" => (at.0, numbers[0]),
                _ => at,
            };
            if !outline[pair[0]..].starts_with('M') {
                pieces.push((at, to));
            }
            at = to;
        }
    }
    pieces
}
