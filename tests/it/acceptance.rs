//! The acceptance checks that no other file of this folder proves. What each check shows, and where, stands in
//! `docs/SECURITY.md`; a test is found by its number, as in `t20_...`.

mod at_rest;
mod before_yes;
mod disclosure;
mod ends;
mod identity;
mod mails;
mod revocation;
mod sheets;
mod single_use;
mod stops;
mod switches;
mod traced;
