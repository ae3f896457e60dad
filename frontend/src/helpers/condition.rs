use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext, RenderErrorReason,
    Renderable,
};

/// `if` and `unless` that refuse a name the view model does not have.
///
/// The engine's own take a missing name for false even in strict mode, so a misspelt condition
/// would hide a part of a page for ever.
pub(super) struct Condition {
    pub(super) wanted: bool,
}

impl HelperDef for Condition {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if value.is_value_missing() {
            let path = value.relative_path().cloned();
            return Err(RenderErrorReason::MissingVariable(path).into());
        }
        let chosen = if value.value().is_truthy(false) == self.wanted { helper.template() } else { helper.inverse() };
        match chosen {
            Some(template) => template.render(registry, context, state, out),
            None => Ok(()),
        }
    }
}
