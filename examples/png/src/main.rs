//! A figure of riskset as PNG: `cargo run --release -- figure.png` in this folder.
//!
//! A renderer without a font leaves all text out and says nothing, so a font comes along. DejaVu Sans
//! Condensed is nearly as wide as Helvetica, and the SVG says how wide each text is to be.

use std::error::Error;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use riskset::plot::{CurvePlot, Drawing};
use riskset::{Groups, KaplanMeier, LogRank, RightCensored};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).unwrap_or_else(|| "figure.png".into());
    std::fs::write(file, png(&figure()?, 300.0)?)?;
    Ok(())
}

/// Acute myelogenous leukaemia, weeks in remission with and without maintenance chemotherapy (Miller
/// 1997, Survival Analysis).
fn figure() -> riskset::Result<Drawing> {
    let weeks = [
        9., 13., 13., 18., 23., 28., 31., 34., 45., 48., 161., // maintained
        5., 5., 8., 8., 12., 16., 23., 27., 30., 33., 43., 45., // not maintained
    ];
    let relapse = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1];
    let data = RightCensored::from_codes(&weeks, &relapse, 0, 1)?;
    let arm = [&["maintained"; 11][..], &["not maintained"; 12]].concat();
    let arms = Groups::new(&arm)?;
    CurvePlot::survival(&KaplanMeier::new().fit_by(&data, &arms)?)
        .title("Remission of acute myelogenous leukaemia")
        .time_label("Weeks")
        .test(LogRank::new().fit(&data, &arms)?.test())
        .median_lines(true)
        .draw()
}

/// The figure with so many dots to the inch.
fn png(drawing: &Drawing, dpi: f32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_font_data(dejavu::sans_condensed::regular().to_vec());
    fonts.load_font_data(dejavu::sans_condensed::bold().to_vec());
    // The condensed faces belong to the family `DejaVu Sans`.
    fonts.set_sans_serif_family("DejaVu Sans");
    options.dpi = dpi;
    let tree = Tree::from_str(&drawing.svg(), &options)?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("an image without pixels")?;
    resvg::render(&tree, Transform::default(), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}
