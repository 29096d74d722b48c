//! The HTML page: style and figures inside it, nothing fetched.

use super::{Block, Report};

const STYLE: &str = "body{font:16px/1.5 Helvetica,Arial,sans-serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:bold}\
th,td{padding:.15rem .6rem;text-align:right}th:first-child{text-align:left;font-weight:normal}\
thead{border-bottom:1px solid}tfoot td{text-align:left;font-size:.85em}figure{margin:1rem 0}\
svg{max-width:100%;height:auto}.banner{border:2px solid #a33;padding:.5rem 1rem}";

pub(crate) fn page(report: &Report) -> String {
    let (title, banner) = (escaped(&report.title), escaped(&report.banner));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p class=\"banner\">{banner}</p>\n"
    );
    for section in &report.sections {
        page += &format!("<section>\n<h2>{}</h2>\n", escaped(&section.title));
        for block in &section.blocks {
            page += &match block {
                Block::Words(text) => format!("<p>{}</p>\n", escaped(text)),
                Block::Table(_, table) => table.to_html(),
                Block::Figure(_, drawing, legend) => format!(
                    "<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n",
                    drawing.svg(),
                    escaped(legend)
                ),
            };
        }
        page += "</section>\n";
    }
    page + "</body>\n</html>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
