//! As much HTML as it takes to fill in a form the way a browser without scripts does.

/// One form of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// What it would send as it stands: name and value, in order.
    pub fields: Vec<(String, String)>,
    /// The words on its buttons.
    pub buttons: Vec<String>,
}

impl Form {
    /// Types into a field, or chooses in a list; all earlier values of the name go.
    pub fn set(mut self, name: &str, value: &str) -> Form {
        self.fields.retain(|(one, _)| one != name);
        self.also(name, value)
    }

    /// Ticks one more box of a name.
    pub fn also(mut self, name: &str, value: &str) -> Form {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Every form of the page.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut rest = html;
    while let Some(tag) = next_tag(&mut rest) {
        if tag.name != "form" {
            continue;
        }
        let inner_end = rest.find("</form").unwrap_or(rest.len());
        let mut form = Form {
            action: tag.attribute("action").unwrap_or_default(),
            method: tag.attribute("method").unwrap_or_else(|| "get".to_owned()).to_lowercase(),
            ..Form::default()
        };
        fill(&mut form, &rest[..inner_end]);
        forms.push(form);
        rest = &rest[inner_end..];
    }
    forms
}

/// The text of the first element of this name, tags left out.
pub fn text_of(html: &str, name: &str) -> Option<String> {
    let mut rest = html;
    while let Some(tag) = next_tag(&mut rest) {
        if tag.name == name {
            return Some(plain_text(&rest[..rest.find(&format!("</{name}"))?]));
        }
    }
    None
}

/// What a reader sees: tags left out, white space folded.
pub fn plain_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        rest = rest[start..].split_once('>').map_or("", |(_, tail)| tail);
    }
    text.push_str(rest);
    unescape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A start tag as a browser reads it, whatever quotes it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// In lower case.
    pub name: String,
    /// Names in lower case, with their values.
    pub attributes: Vec<(String, String)>,
}

/// Every start tag of a page, as the standard's tokenizer finds them; what stands inside of scripts, styles and text
/// boxes is text.
pub fn elements(html: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let tail = &rest[at + 1..];
        if let Some(comment) = tail.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if tail.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (element, after) = start_tag(tail);
            rest = after;
            if ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]
                .contains(&&*element.name)
            {
                let end = format!("</{}", element.name);
                rest = rest.to_ascii_lowercase().find(&end).map_or("", |at| &rest[at..]);
            }
            found.push(element);
        } else {
            rest = tail;
        }
    }
    found
}

fn start_tag(text: &str) -> (Element, &str) {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(text.len());
    let mut element = Element { name: text[..end].to_ascii_lowercase(), attributes: Vec::new() };
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (element, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (element, after);
        }
        let stop = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>' || c == '=';
        // An equals sign in front belongs to the name.
        let end = rest.char_indices().skip(1).find(|(_, c)| stop(*c)).map_or(rest.len(), |(at, _)| at);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(tail) = rest.strip_prefix('=') {
            let tail = tail.trim_start();
            (value, rest) = match tail.chars().next() {
                Some(quote @ ('"' | '\'')) => tail[1..].split_once(quote).unwrap_or((&tail[1..], "")),
                _ => tail.split_at(tail.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(tail.len())),
            };
        }
        element.attributes.push((name, unescape(value)));
    }
}

struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute; empty for one without a value.
    fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start();
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (found, tail) = rest.split_at(end);
            if found.is_empty() {
                return None;
            }
            let (value, tail) = match tail.strip_prefix("=\"") {
                Some(quoted) => quoted.split_once('"')?,
                None => match tail.strip_prefix('=') {
                    Some(bare) => bare.split_at(bare.find(char::is_whitespace).unwrap_or(bare.len())),
                    None => ("", tail),
                },
            };
            if found.eq_ignore_ascii_case(name) {
                return Some(unescape(value));
            }
            rest = tail;
        }
    }

    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }
}

/// Steps over text, comments and end tags to the next start tag.
fn next_tag<'a>(rest: &mut &'a str) -> Option<Tag<'a>> {
    loop {
        let start = rest.find('<')?;
        let tail = &rest[start + 1..];
        if let Some(comment) = tail.strip_prefix("!--") {
            *rest = comment.split_once("-->")?.1;
            continue;
        }
        let (inside, after) = split_tag(tail)?;
        *rest = after;
        if inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let inside = inside.trim_end_matches('/');
            let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
            return Some(Tag { name: &inside[..end], attributes: &inside[end..] });
        }
    }
}

/// At the `>` that is not inside quotes.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}

fn fill(form: &mut Form, html: &str) {
    let mut rest = html;
    while let Some(tag) = next_tag(&mut rest) {
        let name = tag.attribute("name").unwrap_or_default();
        match tag.name {
            "input" if !name.is_empty() => input(form, &tag, name),
            "textarea" if !name.is_empty() => {
                let text = rest.split("</textarea").next().unwrap_or_default();
                form.fields.push((name, unescape(text.strip_prefix('\n').unwrap_or(text))));
            }
            "select" if !name.is_empty() => {
                let options = rest.split("</select").next().unwrap_or_default();
                form.fields.extend(chosen(options).into_iter().map(|value| (name.clone(), value)));
            }
            "button" => form.buttons.push(plain_text(rest.split("</button").next().unwrap_or_default())),
            _ => {}
        }
    }
}

fn input(form: &mut Form, tag: &Tag<'_>, name: String) {
    let value = tag.attribute("value");
    match tag.attribute("type").as_deref() {
        Some("submit" | "button" | "file") => {}
        Some("checkbox" | "radio") if !tag.has("checked") => {}
        Some("checkbox" | "radio") => form.fields.push((name, value.unwrap_or_else(|| "on".to_owned()))),
        _ => form.fields.push((name, value.unwrap_or_default())),
    }
}

/// The selected option, or the first one.
fn chosen(html: &str) -> Option<String> {
    let mut rest = html;
    let mut first = None;
    while let Some(tag) = next_tag(&mut rest) {
        if tag.name != "option" {
            continue;
        }
        let text = rest.split("</option").next().unwrap_or_default();
        let value = tag.attribute("value").unwrap_or_else(|| plain_text(text));
        if tag.has("selected") {
            return Some(value);
        }
        first.get_or_insert(value);
    }
    first
}

fn unescape(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x3D;", "=")];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&#x60;", "`").replace("&nbsp;", " ").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><!-- <form action="/no"> --><h1>Post <b>an</b> opening</h1>
<form action="/a?x=1&amp;y=2" method="POST"><input type=hidden name="csrf" value="t&quot;k">
<input name="title" required value=""><input type="checkbox" name="k" value="qme" checked>
<input type="checkbox" name="k" value="ime"><select name="s"><option value="">Choose</option>
<option value="b" selected>B</option></select><select name="n"><option>One</option></select>
<textarea name="d">
a &lt; b</textarea><button name="go">Check <i>and</i> send</button></form><form action="/b"></form>"#;

    #[test]
    fn tags_are_found_as_a_browser_finds_them() {
        let html =
            "<a b=1/ c='x>y' D=\"q\"e f>t<!-- <i> --><textarea><b></textarea ><IMG/src=x/onerror=go()>1 < 2<p =x=1>";
        let found: Vec<String> = elements(html)
            .iter()
            .map(|e| {
                format!("{}{:?}", e.name, e.attributes.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>())
            })
            .collect();
        let want = [
            "a[\"b=1/\", \"c=x>y\", \"d=q\", \"e=\", \"f=\"]",
            "textarea[]",
            "img[\"src=x/onerror=go()\"]",
            "p[\"=x=1\"]",
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let found = forms(PAGE);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].action.as_str(), found[0].method.as_str()), ("/a?x=1&y=2", "post"));
        let fields = [("csrf", "t\"k"), ("title", ""), ("k", "qme"), ("s", "b"), ("n", "One"), ("d", "a < b")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(found[0].fields, fields);
        assert_eq!(found[0].buttons, ["Check and send"]);
        assert_eq!(found[1], Form { action: "/b".to_owned(), method: "get".to_owned(), ..Form::default() });
    }

    #[test]
    fn typing_replaces_and_ticking_adds() {
        let form = forms(PAGE).remove(0).set("title", "x").also("k", "ime");
        let of = |name: &str| -> Vec<String> {
            form.fields.iter().filter(|(one, _)| one == name).map(|(_, value)| value.clone()).collect()
        };
        assert_eq!(of("title"), ["x"]);
        assert_eq!(of("k"), ["qme", "ime"]);
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        assert_eq!(text_of(PAGE, "h1").unwrap(), "Post an opening");
        assert_eq!(text_of(PAGE, "h2"), None);
    }
}
