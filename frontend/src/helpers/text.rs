use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason};
use serde_json::Value;

use super::args::{esc, plain};
use crate::assets;

/// `{{plural n "opening" "openings"}}` writes "1 opening" or "3 openings".
pub(super) fn plural(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let number = param(helper, 0)?.as_i64().ok_or_else(|| fault(helper, "needs a number"))?;
    let word = plain(param(helper, if number == 1 { 1 } else { 2 })?);
    out.write(&esc(&format!("{number} {word}")))?;
    Ok(())
}

/// `{{asset "app.css"}}` writes the address of a static file.
pub(super) fn asset(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let name = plain(param(helper, 0)?);
    out.write(&esc(url_of(helper, &name)?))?;
    Ok(())
}

/// `{{icon "pin"}}` writes a symbol of the icon sprite, hidden from screen readers.
pub(super) fn icon(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let url = esc(url_of(helper, "icons.svg")?);
    let name = esc(symbol(&plain(param(helper, 0)?)));
    out.write(&format!("<svg class=\"i\" aria-hidden=\"true\"><use href=\"{url}#{name}\"/></svg>"))?;
    Ok(())
}

/// States and kinds of records may be given instead of the name of a symbol.
fn symbol(name: &str) -> &str {
    match name {
        "yes" | "ok" => "check",
        "no" => "cross",
        "unknown" | "warn" | "bad" | "" => "near",
        "introduction" => "lock",
        "view" | "admin_look" => "eye",
        "revocation" => "undo",
        "void" | "expiry" => "clock",
        other => other,
    }
}

/// `{{bar 57}}` writes a bar of 57 percent; the number itself stands beside it as text.
pub(super) fn bar(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let percent = param(helper, 0)?.as_i64().ok_or_else(|| fault(helper, "needs a number"))?;
    let percent = percent.clamp(0, 100);
    out.write(&format!(
        "<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"100\" height=\"6\" rx=\"1\"/><rect width=\"{percent}\" height=\"6\" rx=\"1\"/></svg>"
    ))?;
    Ok(())
}

/// `{{query text}}` writes text as a value of a query string.
pub(super) fn query(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    for byte in plain(param(helper, 0)?).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.write(char::from(byte).encode_utf8(&mut [0; 4]))?;
        } else {
            out.write(&format!("%{byte:02X}"))?;
        }
    }
    Ok(())
}

/// `{{web url}}` writes an address that somebody typed, or `#` when it is not a web address.
pub(super) fn web(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let url = plain(param(helper, 0)?);
    let lower = url.to_ascii_lowercase();
    let allowed = lower.starts_with("https://") || lower.starts_with("http://");
    out.write(&if allowed { esc(&url) } else { "#".to_owned() })?;
    Ok(())
}

fn param<'h>(helper: &'h Helper<'_>, index: usize) -> Result<&'h Value, RenderError> {
    match helper.param(index) {
        Some(found) if !found.is_value_missing() => Ok(found.value()),
        _ => Err(fault(helper, &format!("lacks parameter {index}"))),
    }
}

fn url_of(helper: &Helper<'_>, name: &str) -> Result<&'static str, RenderError> {
    assets().url(name).ok_or_else(|| fault(helper, &format!("knows no file {name}")))
}

fn fault(helper: &Helper<'_>, what: &str) -> RenderError {
    RenderErrorReason::Other(format!("helper {} {what}", helper.name())).into()
}
