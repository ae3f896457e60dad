//! The command line of `bench-match`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Compares the profiles index with what else could answer: figures only after equal answers.
#[derive(Debug, Clone, Parser)]
#[command(name = "bench-match")]
pub struct Options {
    /// Members of the made-up community.
    #[arg(long, default_value_t = 1_000_000)]
    pub n: u32,
    /// Questions of the narrow and the medium class each; of the broad class a fifth.
    #[arg(long, default_value_t = 200)]
    pub per_class: usize,
    /// Openings to choose the questions from.
    #[arg(long, default_value_t = 4000)]
    pub pool: u32,
    /// Timed passes over each question.
    #[arg(long, default_value_t = 2)]
    pub passes: usize,
    /// Engines to compare; PostgreSQL's also need --pg.
    #[arg(long, value_delimiter = ',', default_values = ["index", "csr", "roaring", "naive", "sqlite", "pg"])]
    pub engines: Vec<EngineName>,
    /// Sections to run.
    #[arg(long, value_delimiter = ',', default_values = ["match"])]
    pub sections: Vec<Section>,
    /// URL of a PostgreSQL that may be filled and emptied at will.
    #[arg(long)]
    pub pg: Option<String>,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the files; a new one that is removed again when it is not given.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Writes the figures here too.
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// A few seconds, 20,000 members, nothing timed: every engine answers alike, or exit 1.
    #[arg(long)]
    pub smoke: bool,
    /// Opens the index in this folder, answers the pool, prints the bytes of memory held, and ends.
    #[arg(long, hide = true)]
    pub memory_of: Option<PathBuf>,
}

/// What can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// What ships.
    Index,
    /// Lists and columns in memory; always there, it counts the hits.
    Csr,
    /// Compressed bitmaps in memory.
    Roaring,
    /// The rule asked about every member.
    Naive,
    /// SQLite, both forms.
    Sqlite,
    /// PostgreSQL, three forms.
    Pg,
}

/// What can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Section {
    /// All of them.
    All,
    /// Opening -> members.
    Match,
    /// Ten segments against one, and two threads against one.
    Segments,
    /// Equal hits in a tenth of the members.
    Growth,
    /// One writer, changes until they are visible.
    Updates,
    /// The product's own rebuild from its database.
    Db,
    /// Member -> openings.
    Reverse,
    /// Opening -> saved alerts.
    Percolate,
    /// Words -> openings.
    Search,
}

impl Options {
    /// True when the engine takes part.
    #[must_use]
    pub fn wants(&self, engine: EngineName) -> bool {
        self.engines.contains(&engine) && (engine != EngineName::Pg || self.pg.is_some())
    }

    /// True when the section is run.
    #[must_use]
    pub fn runs(&self, section: Section) -> bool {
        self.sections.contains(&section) || self.sections.contains(&Section::All)
    }

    /// With what `--smoke` stands for.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if self.smoke {
            self.n = 20_000;
            self.pool = 600;
            self.passes = 0;
        }
        self
    }
}
