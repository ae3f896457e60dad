//! Pages and mails: typed view models, the templates that show them, and the static files.
//!
//! This crate must never know the database, the network, the clock or the environment, and it
//! cannot: it does not depend on `store` or on any web framework. It is handed view models whose
//! values are already formatted for people, and it returns text. Nothing here decides who may see
//! a value; a value that must not be seen is simply not put into a view model.
//!
//! * [`Renderer::page`] turns a [`Page`] and the [`Chrome`] around it into one HTML document.
//! * [`Renderer::mail`] turns a [`Mail`] into a subject, a text part and an HTML part.
//! * [`assets`] gives the static files under addresses that carry a hash of their content.

mod assets;
mod chrome;
mod helpers;
pub mod mail;
pub mod pages;
mod private;
mod render;
pub mod view;

pub use assets::{Asset, Assets, assets};
pub use chrome::{Chrome, Flash, FlashKind, Role};
pub use private::Private;
pub use render::{Mail, Page, RenderError, RenderedMail, Renderer};

#[cfg(test)]
mod tests;
