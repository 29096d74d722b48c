//! What each format takes for its own, escaped.

/// Each character, replaced where the format needs it.
fn each(text: &str, replace: impl Fn(char) -> Option<&'static str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match replace(c) {
            Some(with) => escaped.push_str(with),
            None => escaped.push(c),
        }
    }
    escaped
}

pub(super) fn markdown(text: &str) -> String {
    each(text, |c| {
        Some(match c {
            '\\' => "\\\\",
            '|' => "\\|",
            '*' => "\\*",
            '_' => "\\_",
            '`' => "\\`",
            '[' => "\\[",
            ']' => "\\]",
            '~' => "\\~",
            '#' => "\\#",
            '<' => "&lt;",
            '>' => "&gt;",
            '&' => "&amp;",
            '\n' | '\r' => " ",
            _ => return None,
        })
    })
}

pub(super) fn html(text: &str) -> String {
    each(text, |c| {
        Some(match c {
            '<' => "&lt;",
            '>' => "&gt;",
            '&' => "&amp;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => return None,
        })
    })
}

/// Also the signs of this room that are no letters of a LaTeX font.
pub(super) fn latex(text: &str) -> String {
    each(text, |c| {
        Some(match c {
            '\\' => "\\textbackslash{}",
            '{' => "\\{",
            '}' => "\\}",
            '$' => "\\$",
            '&' => "\\&",
            '#' => "\\#",
            '%' => "\\%",
            '_' => "\\_",
            '^' => "\\textasciicircum{}",
            '~' => "\\textasciitilde{}",
            '<' => "$<$",
            '>' => "$>$",
            '[' => "{[}",
            ']' => "{]}",
            '–' => "--",
            '†' => "\\textsuperscript{\\dag}",
            '∞' => "$\\infty$",
            '≥' => "$\\geq$",
            '≤' => "$\\leq$",
            '×' => "$\\times$",
            '\n' | '\r' => " ",
            _ => return None,
        })
    })
}

/// A field, in quotes where it needs them.
pub(super) fn csv(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// A string in its quotes.
pub(super) fn json(text: &str) -> String {
    let mut escaped = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if (c as u32) < 0x20 => escaped.push_str(&format!("\\u{:04x}", c as u32)),
            c => escaped.push(c),
        }
    }
    escaped.push('"');
    escaped
}
