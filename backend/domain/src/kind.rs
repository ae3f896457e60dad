//! Kinds of work.

use crate::words::words;

words! {
    /// What an opening offers and what a member is interested in.
    Kind {
        /// Qualified Medical Evaluator evaluations in California workers' compensation (LC 139.2).
        Qme = "qme",
        /// Independent medical evaluations.
        Ime = "ime",
        /// Review of records without an exam.
        ChartReview = "chart_review",
    }
}

impl Kind {
    /// The name people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Qme => "QME evaluation",
            Self::Ime => "Independent medical evaluation",
            Self::ChartReview => "Chart review",
        }
    }

    /// The short name used on tags.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Qme => "QME",
            Self::Ime => "IME",
            Self::ChartReview => "Chart review",
        }
    }
}
