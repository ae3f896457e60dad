use handlebars::Handlebars;
use serde::Serialize;
use serde_json::Value;

use crate::{Chrome, helpers};

/// The files of `frontend/templates` as they were when the program was built.
#[derive(rust_embed::Embed)]
#[folder = "$CARGO_MANIFEST_DIR/templates"]
struct Templates;

/// A page: a view model with the name of the template that shows it.
pub trait Page: Serialize {
    /// The file in `templates/pages`, without `.hbs`.
    const TEMPLATE: &'static str;

    /// What the browser's title bar says, without the product's name.
    fn title(&self) -> String;
}

/// A mail: a view model with the name of its folder of templates.
pub trait Mail: Serialize {
    /// The folder in `templates/mail`, which holds `subject`, `text` and `html`.
    const NAME: &'static str;
}

/// A mail as it is handed to the composer.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line without control characters.
    pub subject: String,
    /// The plain text part, complete in itself.
    pub text: String,
    /// The HTML part, with its style sheet inlined.
    pub html: String,
}

impl std::fmt::Debug for RenderedMail {
    /// Shows sizes only: a mail may hold a sign-in link.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RenderedMail")
            .field("text_bytes", &self.text.len())
            .field("html_bytes", &self.html.len())
            .finish_non_exhaustive()
    }
}

/// Why a page or mail could not be made; always a fault of the program, never of its input.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template does not parse.
    #[error("template {name} does not parse")]
    Template {
        /// The template's name.
        name: String,
        /// What the parser said.
        #[source]
        source: Box<handlebars::TemplateError>,
    },
    /// A template file is not UTF-8.
    #[error("template {0} is not UTF-8")]
    Encoding(String),
    /// A template asked for something its view model does not have.
    #[error("template {name} does not fit its view model")]
    Render {
        /// The template's name.
        name: String,
        /// What the engine said.
        #[source]
        source: Box<handlebars::RenderError>,
    },
    /// A view model is not a plain object of JSON values.
    #[error("view model of {0} is not an object")]
    Model(&'static str),
    /// The style sheet of a mail could not be inlined.
    #[error("style sheet of mail {0} could not be inlined")]
    Inline(&'static str),
}

/// Holds the parsed templates; make it once and share it.
#[derive(Debug)]
pub struct Renderer {
    // Escaping is a property of a whole registry, hence two of them.
    escaping: Handlebars<'static>,
    plain: Handlebars<'static>,
}

impl Renderer {
    /// Parses all templates.
    pub fn new() -> Result<Self, RenderError> {
        let mut renderer = Self { escaping: registry(), plain: registry() };
        renderer.plain.register_escape_fn(handlebars::no_escape);
        for file in Templates::iter() {
            let Some(name) = file.strip_suffix(".hbs") else {
                continue;
            };
            let Some(content) = Templates::get(&file) else {
                continue;
            };
            let text = std::str::from_utf8(&content.data).map_err(|_| RenderError::Encoding(name.to_owned()))?;
            let target = if is_plain(name) { &mut renderer.plain } else { &mut renderer.escaping };
            target
                .register_template_string(name, text)
                .map_err(|source| RenderError::Template { name: name.to_owned(), source: Box::new(source) })?;
        }
        Ok(renderer)
    }

    /// One HTML document.
    pub fn page<P: Page>(&self, page: &P, chrome: &Chrome) -> Result<String, RenderError> {
        let mut model = object(page, P::TEMPLATE)?;
        let errors = model.get("errors").cloned().unwrap_or(Value::Array(Vec::new()));
        let failed = errors.as_array().is_some_and(|list| !list.is_empty());
        let title = page.title();
        let frame = Frame {
            chrome,
            nav: chrome.nav(),
            title: if failed { format!("Error: {title}") } else { title },
            body: format!("pages/{}", P::TEMPLATE),
            errors,
        };
        let frame = serde_json::to_value(frame).map_err(|_| RenderError::Model(P::TEMPLATE))?;
        model.insert("chrome".to_owned(), frame);
        render(&self.escaping, "layouts/page", &Value::Object(model))
    }

    /// The three parts of a mail.
    pub fn mail<M: Mail>(&self, mail: &M) -> Result<RenderedMail, RenderError> {
        let name = M::NAME;
        let model = Value::Object(object(mail, name)?);
        let subject = render(&self.plain, &format!("mail/{name}/subject"), &model)?;
        let text = render(&self.plain, &format!("mail/{name}/text"), &model)?;
        let html = render(&self.escaping, &format!("mail/{name}/html"), &model)?;
        // The `@media` block for dark mode is dropped unless at-rules are kept.
        let html = css_inline::CSSInliner::options()
            .keep_at_rules(true)
            .load_remote_stylesheets(false)
            .build()
            .inline(&html)
            .map_err(|_| RenderError::Inline(name))?;
        Ok(RenderedMail { subject: one_line(&subject), text: tidy(&text), html })
    }
}

/// What the layout needs besides the page's own fields.
#[derive(Serialize)]
struct Frame<'a> {
    #[serde(flatten)]
    chrome: &'a Chrome,
    nav: Vec<crate::chrome::NavItem>,
    title: String,
    body: String,
    errors: Value,
}

fn registry() -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    helpers::register(&mut registry);
    registry
}

/// Subjects and text parts are not HTML.
fn is_plain(name: &str) -> bool {
    name.starts_with("mail/") && (name.ends_with("/subject") || name.ends_with("/text"))
}

fn object<T: Serialize>(model: &T, name: &'static str) -> Result<serde_json::Map<String, Value>, RenderError> {
    match serde_json::to_value(model) {
        Ok(Value::Object(map)) => Ok(map),
        _ => Err(RenderError::Model(name)),
    }
}

fn render(registry: &Handlebars<'_>, name: &str, model: &Value) -> Result<String, RenderError> {
    registry
        .render(name, model)
        .map_err(|source| RenderError::Render { name: name.to_owned(), source: Box::new(source) })
}

/// A header value: control characters (line ends among them) become spaces, and runs of spaces
/// become one, so that no text can add a header.
fn one_line(subject: &str) -> String {
    let spaced: String = subject.chars().map(|c| if c.is_control() || is_line_end(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Ends a text part with exactly one line end.
fn tidy(text: &str) -> String {
    format!("{}\n", text.trim())
}
