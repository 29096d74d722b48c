//! The levels of the categories, as the files write them.

/// A category with a fixed set of levels.
pub(crate) trait Level: Copy + PartialEq + Sized + 'static {
    const ALL: &'static [Self];

    /// As the files write it.
    fn name(self) -> &'static str;

    /// The level of a name.
    fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|level| level.name() == name)
    }
}

macro_rules! levels {
    ($($(#[$doc:meta])* $category:ident { $($level:ident $name:literal),* })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $category { $($level),* }

        impl Level for $category {
            const ALL: &'static [Self] = &[$(Self::$level),*];

            fn name(self) -> &'static str {
                match self { $(Self::$level => $name),* }
            }
        }
    )* };
}

levels! {
    /// Systemic therapy: at the time of the ablation, before, only on progression, or never.
    Therapy { Sync "sync", Upfront "upfront", Delayed "delayed", None "none" }
    Sex { Female "female", Male "male" }
    Site { Colon "colon", Rectum "rectum" }
    Nodes { N0 "N0", N1 "N1", N2 "N2" }
    Kras { Wild "wild", Mutant "mutant", Unknown "unknown" }
    /// Of the metastases with respect to the primary tumour, not of the therapy.
    Timing { Metachronous "metachronous", Synchronous "synchronous" }
    Extrapulmonary {
        None "none", Liver "liver", Bone "bone", AbdominalPelvic "abdominal_pelvic", Other "other"
    }
    Modality { Microwave "mwa", Radiofrequency "rfa", Cryoablation "cryo" }
}
