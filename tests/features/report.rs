//! The page that the examples write: `examples/report`.

use std::collections::HashSet;
use std::fs;

use riskset::plot::{Drawing, ForestLine, ForestPlot};
use riskset::study::{Cell, Table};
use roxmltree::{Document, Node, ParsingOptions};

use crate::examples::report::{Report, Section};

const NASTY: &str = "a<b> & \"c\" 'd' ]]> </style></table> \u{1} \\";

fn drawing(label: &str) -> Drawing {
    ForestPlot::new(vec![ForestLine::ratio(label, Some(0.7), Some(0.5), Some(1.1))]).draw().unwrap()
}

fn table(title: &str) -> Table {
    Table::new(title, &["group", NASTY])
        .row("plain", vec![Cell::Count(3.0)])
        .row(NASTY, vec![Cell::Text(NASTY.to_owned())])
        .footnote(NASTY)
}

fn report() -> Report {
    let first = Section::new("Flow").words(NASTY).table("flow", table("Rows")).figure(
        "curve",
        drawing("a & b"),
        "Survival by arm. Shaded: limits.",
    );
    let second = Section::new(NASTY)
        .figure("forest", drawing("x < y"), NASTY)
        .table("two words", table(NASTY))
        .words("last words");
    Report { title: NASTY.to_owned(), banner: NASTY.to_owned(), sections: vec![first, second] }
}

fn with_document<T>(page: &str, read: impl FnOnce(&Document<'_>) -> T) -> T {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    read(&Document::parse_with_options(page, options).unwrap())
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

fn named<'a, 'b>(document: &'a Document<'b>, tag: &str) -> Vec<Node<'a, 'b>> {
    document.descendants().filter(|node| node.tag_name().name() == tag).collect()
}

#[test]
fn a_page_is_well_formed_whatever_its_words_are() {
    let written = NASTY.replace('\u{1}', "\u{fffd}");
    with_document(&report().html(), |document| {
        let html = document.root_element();
        assert_eq!(html.tag_name().namespace(), Some("http://www.w3.org/1999/xhtml"));
        assert_eq!(text(named(document, "h1")[0]), written);
        assert!(named(document, "h2").iter().any(|node| text(*node) == written));
        assert!(named(document, "p").iter().any(|node| text(*node) == written));
        assert!(named(document, "th").iter().any(|node| text(*node) == written));
        assert_eq!(named(document, "td").iter().filter(|node| text(**node) == written).count(), 4);
        assert_eq!(named(document, "style").len(), 1);
    });
}

#[test]
fn every_table_and_figure_is_there_once_under_its_number() {
    with_document(&report().html(), |document| {
        let captions: Vec<String> = named(document, "caption").into_iter().map(text).collect();
        assert_eq!(captions[0], "Table 1. Rows");
        assert!(captions[1].starts_with("Table 2. a<b>"), "{captions:?}");
        assert_eq!(captions.len(), 2);
        let legends: Vec<String> = named(document, "figcaption").into_iter().map(text).collect();
        assert_eq!(legends[0], "Figure 1. Survival by arm. Shaded: limits. (SVG)");
        assert!(legends[1].starts_with("Figure 2. a<b>"), "{legends:?}");
        assert_eq!(legends.len(), 2);
        let images = named(document, "figure").into_iter();
        let images = images.map(|figure| {
            figure.descendants().filter(|node| node.tag_name().name() == "svg").count()
        });
        assert_eq!(images.collect::<Vec<_>>(), [1, 1]);
    });
}

#[test]
fn ids_are_unique_and_every_link_leads_somewhere() {
    let folder = std::env::temp_dir().join(format!("riskset-report-{}", std::process::id()));
    report().write(&folder).unwrap();
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert_eq!(page, report().html());
    with_document(&page, |document| {
        let all: Vec<&str> =
            document.descendants().filter_map(|node| node.attribute("id")).collect();
        let ids: HashSet<&str> = all.iter().copied().collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(all.len(), 2 + 2 + 2, "sections, tables, figures");
        let mut inside = HashSet::new();
        let mut files = Vec::new();
        for link in named(document, "a") {
            let target = link.attribute("href").unwrap();
            match target.strip_prefix('#') {
                Some(id) => assert!(ids.contains(id) && inside.insert(id.to_owned()), "{target}"),
                None => files.push(target.strip_prefix("./").unwrap().replace("%20", " ")),
            }
        }
        assert_eq!(inside.len(), all.len(), "the contents name everything once");
        files.push("report.html".to_owned());
        let mut found: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        found.sort();
        assert_eq!(files, found);
    });
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    let page = report().html();
    with_document(&page, |document| {
        for node in document.descendants() {
            let name = node.tag_name().name();
            assert!(
                !["script", "link", "img", "iframe", "object", "base"].contains(&name),
                "{name}"
            );
            for attribute in node.attributes() {
                assert!(attribute.name() != "src" && !attribute.name().starts_with("on"), "{name}");
            }
        }
        let style = text(named(document, "style")[0]);
        assert!(!style.contains("url(") && !style.contains("@import"));
    });
}

#[test]
fn the_banner_stands_above_below_and_on_every_printed_page() {
    let banner = "SIMULATED, seed 1: \"no\" evidence </style>";
    let report = Report { banner: banner.to_owned(), ..report() };
    with_document(&report.html(), |document| {
        let banners = named(document, "p").into_iter();
        let banners = banners.filter(|node| node.attribute("class") == Some("banner"));
        let places: Vec<&str> = banners
            .inspect(|node| assert_eq!(text(*node), banner))
            .map(|node| node.parent().unwrap().tag_name().name())
            .collect();
        assert_eq!(places, ["header", "footer"]);
        let style = text(named(document, "style")[0]);
        let footer = r#"content: "SIMULATED\2c  seed 1\3a  \22 no\22  evidence \3c \2f style\3e ""#;
        assert!(style.contains(footer), "{style}");
    });
    assert!(report.to_string().starts_with(banner));
}

#[test]
fn names_that_are_no_files_of_their_own_are_refused() {
    let folder = std::env::temp_dir().join(format!("riskset-refused-{}", std::process::id()));
    let says = |section: Section| {
        let (title, banner) = ("t".to_owned(), "b".to_owned());
        let report = Report { title, banner, sections: vec![section] };
        report.write(&folder).unwrap_err().to_string()
    };
    let twice = Section::new("s").table("a", table("1")).table("a", table("2"));
    assert_eq!(says(twice), "table `a`: the name is there twice");
    let outside = Section::new("s").figure("../a", drawing("a"), "");
    assert_eq!(says(outside), "figure `../a`: the name is no name of a file");
    assert!(!folder.exists());
}
