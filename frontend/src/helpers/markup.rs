use std::sync::LazyLock;

use ammonia::Builder;
use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason};

use super::args::plain;

/// Every element that somebody's words may become.
const ELEMENTS: [&str; 10] = ["p", "br", "ul", "ol", "li", "strong", "em", "h3", "h4", "h5"];

/// What is left of HTML, whoever wrote it: these elements without attributes, and links to the web.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(ELEMENTS.into_iter().chain(["a"]).collect())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into())].into())
        .url_schemes(["http", "https"].into())
        .link_rel(Some("nofollow ugc noopener"));
    cleaner
});

/// `{{markup text}}` writes what a company wrote in the subset of Markdown that `domain::markup` reads. The second look
/// at it is not the first one's: what the reader let through by mistake is taken out here.
pub(super) fn markup(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = helper.param(0).filter(|found| !found.is_value_missing()).ok_or_else(fault)?;
    out.write(&clean(&domain::markup::html(&plain(text.value()))))?;
    Ok(())
}

fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

fn fault() -> RenderError {
    RenderErrorReason::Other("helper markup needs a text".to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_lets_through_is_cleaned() {
        let marked = "# Work\n\n- **two** *days*\n\n3. [rules](https://a.example/?a=1&b=2)";
        assert_eq!(
            clean(&domain::markup::html(marked)),
            "<h3>Work</h3>\n<ul>\n<li><strong>two</strong> <em>days</em></li>\n</ul>\n<ol start=\"3\">\n<li>\
             <a href=\"https://a.example/?a=1&amp;b=2\" rel=\"nofollow ugc noopener\">rules</a> (a.example)</li>\n</ol>\n"
        );
        for (html, want) in [
            ("<p onclick=\"x()\" class=\"y\" style=\"z\">a</p>", "<p>a</p>"),
            ("<script>x()</script><svg><a href=\"https://a.example\">b</a></svg>b", "b"),
            ("<a href=\"javascript:x()\" target=\"_blank\">a</a>", "<a rel=\"nofollow ugc noopener\">a</a>"),
            ("<img src=x onerror=x()><iframe src=y></iframe>a", "a"),
        ] {
            assert_eq!(clean(html), want, "{html}");
        }
    }
}
