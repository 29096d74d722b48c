//! Worked examples of the literature: every figure as it is printed, and the same quantity against R
//! to its last digits.
//!
//! The figures are those that the books print; `../golden/published.json` has R's, made by
//! `../golden/generate/50_published.R`.

mod study;

mod collett;
mod conventions;
mod kalbfleisch_prentice;
mod klein_moeschberger;
mod leukaemia;
mod repeated;
mod sas;
mod stata;
