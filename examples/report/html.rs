//! The HTML page: style and figures inside it, nothing fetched. It is XML as well.

use super::{Block, Report, Section};

const STYLE: &str = include_str!("style.css");

pub(crate) fn page(report: &Report) -> String {
    let (title, banner) = (escaped(&report.title), escaped(&report.banner));
    let footer = css_string(&report.banner);
    let banner = format!("<p class=\"banner\">{banner}</p>");
    let mut parts = Parts::default();
    let (mut contents, mut body) = (String::new(), String::new());
    for (index, section) in report.sections.iter().enumerate() {
        let (links, blocks) = parts.section(section);
        let (number, heading) = (index + 1, escaped(&section.title));
        contents += &format!("<li><a href=\"#section-{number}\">{heading}</a>{links}</li>\n");
        body +=
            &format!("<section>\n<h2 id=\"section-{number}\">{heading}</h2>\n{blocks}</section>\n");
    }
    let page = format!(
        "<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n\
         <meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}\
         @page {{ @bottom-left {{ font: 8pt sans-serif; content: \"{footer}\"; }} \
         @bottom-right {{ font: 8pt sans-serif; content: counter(page); }} }}\n\
         </style>\n</head>\n<body>\n<header>\n{banner}\n<h1>{title}</h1>\n</header>\n\
         <nav>\n<h2>Contents</h2>\n<ul>\n{contents}</ul>\n</nav>\n<main>\n{body}</main>\n\
         <footer>\n{banner}\n</footer>\n</body>\n</html>\n"
    );
    page.chars().map(|c| if is_written(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// The tables and figures so far: they are numbered through the whole page.
#[derive(Default)]
struct Parts {
    tables: usize,
    figures: usize,
}

impl Parts {
    /// The list of what a section shows, and the section itself.
    fn section(&mut self, section: &Section) -> (String, String) {
        let (mut links, mut blocks) = (String::new(), String::new());
        let mut link = |id: &str, label: &str| {
            links += &format!("<li><a href=\"#{id}\">{}</a></li>\n", escaped(label));
        };
        for block in &section.blocks {
            match block {
                Block::Words(text) => blocks += &format!("<p>{}</p>\n", escaped(text)),
                Block::Table(name, table) => {
                    self.tables += 1;
                    let (id, number) = (format!("table-{}", self.tables), self.tables);
                    let mut table = table.clone();
                    table.title = format!("Table {number}. {}", table.title);
                    link(&id, &table.title);
                    blocks += &format!(
                        "<div class=\"table\" id=\"{id}\">\n<div class=\"scroll\" tabindex=\"0\">\n{}\
                         </div>\n<p class=\"files\">Table {number} with all digits: {}, {}</p>\n</div>\n",
                        table.to_html(),
                        file(name, "csv"),
                        file(name, "json")
                    );
                }
                Block::Figure(name, drawing, legend) => {
                    self.figures += 1;
                    let (id, number) = (format!("figure-{}", self.figures), self.figures);
                    let label = format!("Figure {number}. {}", first_sentence(legend));
                    link(&id, &label);
                    blocks += &format!(
                        "<figure id=\"{id}\">\n<div class=\"scroll\" tabindex=\"0\">\n{}</div>\n\
                         <figcaption><b>Figure {number}.</b> {} \
                         <span class=\"files\">({})</span></figcaption>\n</figure>\n",
                        drawing.svg(),
                        escaped(legend),
                        file(name, "svg")
                    );
                }
            }
        }
        let links = if links.is_empty() { links } else { format!("\n<ul>\n{links}</ul>\n") };
        (links, blocks)
    }
}

/// The link to a file beside the page.
fn file(name: &str, extension: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let path: String = (name.bytes())
        .map(|byte| if plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect();
    format!("<a href=\"./{path}.{extension}\">{}</a>", extension.to_uppercase())
}

/// What stands for a figure in the contents.
fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(sentence, _)| sentence).trim_end_matches('.')
}

/// Text as HTML and XML hold it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text between the quotes of a style sheet, which neither of them ends.
fn css_string(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == ' ';
    text.chars().map(|c| if plain(c) { c.into() } else { format!("\\{:x} ", c as u32) }).collect()
}

/// Whether a character may stand in XML.
fn is_written(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}
