//! What must hold of the repository itself. Each file is one family of rules; a failure lists
//! every place that breaks the rule, so that one run is enough to mend them all.

mod acceptance;
mod arrows;
mod documents;
mod migrations;
mod pages;
mod repository;
mod routes;
mod schema;
mod sizes;
mod words;
