use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason};
use qrcodegen::{QrCode, QrCodeEcc};

use super::args::plain;

/// Modules of white around the code, which scanners need.
const BORDER: i32 = 4;

/// `{{qr text}}` writes a text as a QR code; the text itself has to stand beside it.
pub(super) fn qr(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = helper.param(0).filter(|found| !found.is_value_missing()).ok_or_else(fault)?;
    let code = QrCode::encode_text(&plain(text.value()), QrCodeEcc::Medium).map_err(|_| fault())?;
    let (size, mut dark) = (code.size(), String::new());
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            dark.push_str(&format!("M{} {}h1v1h-1z", x + BORDER, y + BORDER));
        }
    }
    let side = size + 2 * BORDER;
    // Black on white whatever the scheme of the page: that is what cameras read.
    out.write(&format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"The key as a QR code\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{dark}\" fill=\"#000\"/></svg>"
    ))?;
    Ok(())
}

fn fault() -> RenderError {
    RenderErrorReason::Other("helper qr needs a short text".to_owned()).into()
}
