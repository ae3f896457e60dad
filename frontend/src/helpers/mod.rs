//! What templates can call besides the engine's own helpers.
//!
//! Helpers that return markup build it here from escaped text, which is why no template needs
//! the unescaped form of an expression.

mod args;
mod condition;
mod field;
mod group;
mod markup;
mod qr;
mod text;

use handlebars::{Handlebars, handlebars_helper};

handlebars_helper!(sum: |a: i64, b: i64| a.saturating_add(b));

/// Registers every helper.
pub(crate) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("if", Box::new(condition::Condition { wanted: true }));
    registry.register_helper("unless", Box::new(condition::Condition { wanted: false }));
    registry.register_helper("plural", Box::new(text::plural));
    registry.register_helper("sum", Box::new(sum));
    registry.register_helper("asset", Box::new(text::asset));
    registry.register_helper("icon", Box::new(text::icon));
    registry.register_helper("bar", Box::new(text::bar));
    registry.register_helper("qr", Box::new(qr::qr));
    registry.register_helper("markup", Box::new(markup::markup));
    registry.register_helper("query", Box::new(text::query));
    registry.register_helper("web", Box::new(text::web));
    registry.register_helper("input", Box::new(field::input));
    registry.register_helper("textarea", Box::new(field::textarea));
    registry.register_helper("select", Box::new(field::select));
    registry.register_helper("checkbox", Box::new(field::checkbox));
    registry.register_helper("ticks", Box::new(group::ticks));
    registry.register_helper("radios", Box::new(group::radios));
    registry.register_helper("switch", Box::new(group::switch));
    registry.register_helper("post", Box::new(group::post));
}
