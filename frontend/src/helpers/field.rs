use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError};
use serde_json::Value;

use super::args::{Args, esc, member};

/// `{{input name="email" label="E-mail" value=email hint="…" type="email"}}` writes a labelled
/// one-line field with its hint and its error.
pub(super) fn input(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let field = Field::new(&args)?;
    let mut attributes = String::new();
    let kind = args.text("type")?;
    push(&mut attributes, "type", if kind.is_empty() { "text" } else { &kind });
    for name in ["autocomplete", "inputmode", "maxlength", "min", "max", "step"] {
        let value = args.text(name)?;
        if !value.is_empty() {
            push(&mut attributes, name, &value);
        }
    }
    push(&mut attributes, "value", &args.required("value")?);
    if args.flag("required")? {
        attributes.push_str(" required");
    }
    let control = format!("<input class=\"in\"{}{attributes}>", field.attributes());
    out.write(&field.wrap(&control))?;
    Ok(())
}

/// `{{textarea name="about" label="…" value=about rows=6}}` writes a labelled text box.
pub(super) fn textarea(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let field = Field::new(&args)?;
    let rows = args.text("rows")?;
    let rows = if rows.is_empty() { "6" } else { &rows };
    let value = args.required("value")?;
    // The line end after the start tag is eaten by the parser and protects one in the value.
    let control =
        format!("<textarea class=\"in\"{} rows=\"{}\">\n{}</textarea>", field.attributes(), esc(rows), esc(&value));
    out.write(&field.wrap(&control))?;
    Ok(())
}

/// `{{select name="state" label="…" options=states value=state blank="Any"}}` writes a labelled
/// choice; options with a group stand under the group's heading.
pub(super) fn select(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let field = Field::new(&args)?;
    let current = args.required("value")?;
    let mut body = String::new();
    if args.value("blank")?.is_some() {
        let mark = if current.is_empty() { " selected" } else { "" };
        let blank = esc(&args.text("blank")?);
        body.push_str(&format!("<option value=\"\"{mark}>{blank}</option>"));
    }
    push_options(&mut body, args.list("options")?, &current);
    let control = format!("<select class=\"in\"{}>{body}</select>", field.attributes());
    out.write(&field.wrap(&control))?;
    Ok(())
}

fn push_options(body: &mut String, options: &[Value], current: &str) {
    let mut open = "";
    for option in options {
        let group = member(option, "group");
        if group != open {
            if !open.is_empty() {
                body.push_str("</optgroup>");
            }
            if !group.is_empty() {
                body.push_str(&format!("<optgroup label=\"{}\">", esc(group)));
            }
            open = group;
        }
        let value = member(option, "value");
        let mark = if value == current && !value.is_empty() { " selected" } else { "" };
        let label = esc(member(option, "label"));
        body.push_str(&format!("<option value=\"{}\"{mark}>{label}</option>", esc(value)));
    }
    if !open.is_empty() {
        body.push_str("</optgroup>");
    }
}

/// `{{checkbox name="remote" label="…" checked=remote}}` writes one box; its value is `1`.
pub(super) fn checkbox(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let field = Field::new(&args)?;
    args.required("checked")?;
    let mark = if args.flag("checked")? { " checked" } else { "" };
    out.write(&format!(
        "<div class=\"field{}\"><label class=\"opt\"><input type=\"checkbox\"{} value=\"1\"{mark}>\
         <span>{}</span></label>{}</div>",
        field.mark(),
        field.attributes(),
        esc(&field.label),
        field.notes(),
    ))?;
    Ok(())
}

/// What every field has: a name, a label, perhaps a hint and an error.
struct Field {
    id: String,
    name: String,
    label: String,
    hint: String,
    error: Option<String>,
}

impl Field {
    fn new(args: &Args<'_, '_>) -> Result<Self, RenderError> {
        // Fields that come in numbered rows have their number in `n`.
        let name = format!("{}{}", args.required("name")?, args.text("n")?);
        let id = args.text("id")?;
        let id = if id.is_empty() { format!("f-{name}") } else { id };
        Ok(Self {
            error: args.error_at(&name).map(str::to_owned),
            label: args.required("label")?,
            hint: args.text("hint")?,
            id,
            name,
        })
    }

    /// The attributes ` id name aria-*` of the control.
    fn attributes(&self) -> String {
        let mut text = String::new();
        push(&mut text, "id", &self.id);
        push(&mut text, "name", &self.name);
        let mut notes = Vec::new();
        if !self.hint.is_empty() {
            notes.push(format!("{}-hint", self.id));
        }
        if self.error.is_some() {
            notes.push(format!("{}-error", self.id));
        }
        if !notes.is_empty() {
            push(&mut text, "aria-describedby", &notes.join(" "));
        }
        if self.error.is_some() {
            push(&mut text, "aria-invalid", "true");
        }
        text
    }

    fn mark(&self) -> &'static str {
        if self.error.is_some() { " wrong" } else { "" }
    }

    fn notes(&self) -> String {
        notes(&self.id, &self.hint, self.error.as_deref())
    }

    fn wrap(&self, control: &str) -> String {
        format!(
            "<div class=\"field{}\"><label for=\"{}\">{}</label>{}{control}</div>",
            self.mark(),
            esc(&self.id),
            esc(&self.label),
            self.notes()
        )
    }
}

/// The hint and the error of a field or group, each with the id that `aria-describedby` names.
pub(super) fn notes(id: &str, hint: &str, error: Option<&str>) -> String {
    let mut text = String::new();
    if !hint.is_empty() {
        let hint = esc(hint);
        text.push_str(&format!("<p class=\"hint\" id=\"{}-hint\">{hint}</p>", esc(id)));
    }
    if let Some(error) = error {
        let error = esc(error);
        text.push_str(&format!(
            "<p class=\"ferr\" id=\"{}-error\"><span class=\"vh\">Error: </span>{error}</p>",
            esc(id)
        ));
    }
    text
}

fn push(text: &mut String, name: &str, value: &str) {
    text.push_str(&format!(" {name}=\"{}\"", esc(value)));
}
