use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError};
use serde_json::Value;

use super::{
    args::{Args, esc, member},
    field::notes,
};

/// `{{ticks name="kind" legend="…" items=kinds}}` writes a group of boxes that share a name.
pub(super) fn ticks(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let is_on = |item: &Value| item.get("checked").and_then(Value::as_bool).unwrap_or(false);
    out.write(&group(&args, "checkbox", "items", is_on)?)?;
    Ok(())
}

/// `{{radios name="mode" legend="…" options=modes value=mode}}` writes a choice of one.
pub(super) fn radios(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let current = args.required("value")?;
    out.write(&group(&args, "radio", "options", |item| member(item, "value") == current)?)?;
    Ok(())
}

/// The first control has the id that the error summary links to.
fn group(args: &Args<'_, '_>, kind: &str, source: &str, is_on: impl Fn(&Value) -> bool) -> Result<String, RenderError> {
    let name = args.required("name")?;
    let id = args.text("id")?;
    let id = if id.is_empty() { format!("f-{name}") } else { id };
    let error = args.error_at(&name);
    let hint = args.text("hint")?;
    let mut body = String::new();
    for (index, item) in args.list(source)?.iter().enumerate() {
        let own_id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
        let mark = if is_on(item) { " checked" } else { "" };
        let note = member(item, "hint");
        let note = if note.is_empty() { String::new() } else { format!("<small>{}</small>", esc(note)) };
        body.push_str(&format!(
            "<label class=\"opt\"><input type=\"{kind}\" id=\"{}\" name=\"{}\" value=\"{}\"{mark}>\
             <span>{}{note}</span></label>",
            esc(&own_id),
            esc(&name),
            esc(member(item, "value")),
            esc(member(item, "label")),
        ));
    }
    let wrong = if error.is_some() { " wrong" } else { "" };
    let columns = if args.flag("columns")? { " columns" } else { "" };
    let described = described(&id, !hint.is_empty(), error.is_some());
    Ok(format!(
        "<fieldset class=\"field group{wrong}\"{described}><legend>{}</legend>{}\
         <div class=\"opts{columns}\">{body}</div></fieldset>",
        esc(&args.required("legend")?),
        notes(&id, &hint, error),
    ))
}

/// The attribute ` aria-describedby` that names the hint and the error, if there are any.
fn described(id: &str, hint: bool, error: bool) -> String {
    let hint = hint.then(|| format!("{id}-hint"));
    let error = error.then(|| format!("{id}-error"));
    let names: Vec<String> = hint.into_iter().chain(error).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(" aria-describedby=\"{}\"", esc(&names.join(" ")))
}

/// `{{switch name="alerts_email" legend="…" why="…" on=alerts_email}}` writes Off and On side by
/// side (values `off` and `on`); nothing changes before the form is saved.
pub(super) fn switch(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    args.required("on")?;
    let (off, on) = if args.flag("on")? { ("", " checked") } else { (" checked", "") };
    let name = esc(&args.required("name")?);
    let legend = esc(&args.required("legend")?);
    let why = esc(&args.required("why")?);
    out.write(&format!(
        "<fieldset class=\"perm\"><legend class=\"vh\">{legend}</legend>\
         <div><strong aria-hidden=\"true\">{legend}</strong><p class=\"why\">{why}</p></div>\
         <div class=\"seg\"><label><input type=\"radio\" id=\"f-{name}\" name=\"{name}\" value=\"off\"{off}>\
         <span>Off</span></label><label><input type=\"radio\" name=\"{name}\" value=\"on\"{on}>\
         <span>On</span></label></div></fieldset>"
    ))?;
    Ok(())
}

/// `{{post action="/x" label="Close" about=title kind="bad"}}` writes a form with one button;
/// `field` and `value` add one hidden field, `about` is read by screen readers only.
pub(super) fn post(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let args = Args::new(helper, context);
    let action = format!("{}{}{}", args.required("action")?, args.text("id")?, args.text("then")?);
    let field = args.text("field")?;
    let hidden = if field.is_empty() {
        String::new()
    } else {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", esc(&field), esc(&args.text("value")?))
    };
    let about = args.text("about")?;
    let about = if about.is_empty() { String::new() } else { format!("<span class=\"vh\">: {}</span>", esc(&about)) };
    out.write(&format!(
        "<form class=\"one\" method=\"post\" action=\"{}\">{hidden}\
         <button class=\"btn {}\" type=\"submit\">{}{about}</button></form>",
        esc(&action),
        esc(&args.text("kind")?),
        esc(&args.required("label")?),
    ))?;
    Ok(())
}
