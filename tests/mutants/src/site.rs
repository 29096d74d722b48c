//! Where in the syntax a mutant is put.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The smallest piece of syntax that can be replaced as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    /// An expression.
    Expression(usize, usize),
    /// An arm of a `match`, by the ends of its pattern and of its guard, if there is one.
    Arm(usize, Option<(usize, usize)>),
    /// The inside of the body of a function.
    Body(usize, usize),
}

/// The site of the mutant at `wanted`.
pub fn of(file: &syn::File, wanted: Range<usize>, genre: &str) -> Option<Site> {
    let mut search = Search { wanted, genre, found: None, refused: false };
    search.visit_file(file);
    search.found.filter(|_| !search.refused)
}

struct Search<'a> {
    wanted: Range<usize>,
    genre: &'a str,
    found: Option<Site>,
    refused: bool,
}

impl Search<'_> {
    fn inside(&self, span: Span) -> Option<Range<usize>> {
        let range = span.byte_range();
        (range.start <= self.wanted.start && self.wanted.end <= range.end).then_some(range)
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        if self.genre != "FnValue" && self.genre != "MatchArm" {
            if let Some(range) = self.inside(expr.span()) {
                // A condition that binds cannot be inside parentheses.
                self.refused = binds(expr);
                self.found = Some(Site::Expression(range.start, range.end));
            } else {
                return;
            }
        }
        visit::visit_expr(self, expr);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if self.genre == "MatchArm" && arm.span().byte_range().start == self.wanted.start {
            let guard = arm.guard.as_ref().map(|(_, guard)| guard.span().byte_range());
            self.refused = arm.guard.as_ref().is_some_and(|(_, guard)| binds(guard));
            self.found = Some(Site::Arm(
                arm.pat.span().byte_range().end,
                guard.map(|guard| (guard.start, guard.end)),
            ));
        }
        visit::visit_arm(self, arm);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        if self.genre == "FnValue" && self.inside(block.span()).is_some() && self.found.is_none() {
            let first = block.stmts.first().map(|statement| statement.span().byte_range().start);
            let last = block.stmts.last().map(|statement| statement.span().byte_range().end);
            if first == Some(self.wanted.start) && last == Some(self.wanted.end) {
                self.found = Some(Site::Body(self.wanted.start, self.wanted.end));
            }
        }
        visit::visit_block(self, block);
    }
}

/// Whether a condition binds names: `let` in a chain of `&&`.
fn binds(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}
