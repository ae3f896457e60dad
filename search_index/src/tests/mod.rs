//! The indexes against naive models of themselves.

mod alerts;
mod keys;
mod openings;
mod paging;
mod profiles;
mod reverse;
mod snippet;
mod suggest;
mod text;
mod world;
