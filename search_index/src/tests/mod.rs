//! The indexes against naive models of themselves.

mod keys;
mod openings;
mod profiles;
mod text;
mod world;
