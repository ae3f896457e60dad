//! The server of Rosterline: settings, use cases, the JSON API, pages, sign-in, mail, jobs.
//!
//! The only crate that knows actix-web, lettre, reqwest, jsonwebtoken, the environment and the clock.

pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
mod csv;
pub mod demo;
pub mod errand;
pub mod error;
pub mod flood;
pub mod index;
pub mod jobs;
pub mod leak;
pub mod ledger;
pub mod mail;
pub mod middleware;
mod random;
pub mod server;
pub mod usecases;
pub mod web;

pub use app::App;
pub use error::AppError;
