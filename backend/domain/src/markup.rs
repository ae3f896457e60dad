//! The few marks a company's words may have: paragraphs, line breaks, lists, bold, italic, links and headings, written
//! in Markdown. Everything else of Markdown, and HTML altogether, is shown as it was typed.
//!
//! One reading for all: what a page shows, what a search finds and what is looked through for contact is the same text.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use crate::input::is_unseen;

/// Lists inside of each other, at most; what is deeper belongs to the item it stands in.
const DEEPEST: usize = 3;

/// The text as HTML: `p`, `br`, `ul`, `ol`, `li`, `strong`, `em`, `h3` to `h5` and `a` with an address of the web.
/// Whoever shows it cleans it once more.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    html::push_html(&mut out, Subset::read(text).into_iter());
    out
}

/// The text without its marks.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut numbers: Vec<Option<u64>> = Vec::new();
    for event in Subset::read(text) {
        match event {
            Event::Text(words) => out.push_str(&words),
            Event::HardBreak => out.push('\n'),
            Event::Start(Tag::List(first)) => numbers.push(first),
            Event::Start(Tag::Item) => {
                new_line(&mut out);
                match numbers.last_mut() {
                    Some(Some(number)) => {
                        out.push_str(&format!("{number}. "));
                        *number = number.saturating_add(1);
                    }
                    _ => out.push_str("- "),
                }
            }
            Event::End(TagEnd::List(_)) => {
                numbers.pop();
                new_paragraph(&mut out);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => new_paragraph(&mut out),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn new_paragraph(out: &mut String) {
    new_line(out);
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

/// What was read so far, with what is open.
struct Subset<'t> {
    events: Vec<Event<'t>>,
    lists: usize,
    /// The host that the open link leads to, and where in the events its words begin; nothing when it leads nowhere.
    link: Option<(String, usize)>,
}

impl<'t> Subset<'t> {
    fn read(text: &'t str) -> Vec<Event<'t>> {
        let mut subset = Self { events: Vec::new(), lists: 0, link: None };
        for event in Parser::new_ext(text, Options::empty()) {
            subset.take(event);
        }
        subset.events
    }

    fn take(&mut self, event: Event<'t>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // What was typed on a line of its own stays on one.
            Event::SoftBreak | Event::HardBreak => self.events.push(Event::HardBreak),
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                self.words(&words);
            }
            // A ruled line parts nothing that a paragraph does not part; the rest is switched off.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>) {
        match tag {
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock => self.events.push(Event::Start(Tag::Paragraph)),
            Tag::Heading { level, .. } => {
                let (id, classes, attrs) = (None, Vec::new(), Vec::new());
                self.events.push(Event::Start(Tag::Heading { level: lowered(level), id, classes, attrs }));
            }
            Tag::List(first) => {
                self.lists += 1;
                self.if_shallow(Event::Start(Tag::List(first)));
            }
            Tag::Item => self.if_shallow(Event::Start(Tag::Item)),
            Tag::Emphasis | Tag::Strong => self.events.push(Event::Start(tag)),
            Tag::Link { dest_url, .. } => {
                // Links stand never inside of each other.
                self.link = host(&dest_url).map(|host| (host, self.events.len()));
                if self.link.is_some() {
                    let (link_type, title, id) = (LinkType::Inline, CowStr::from(""), CowStr::from(""));
                    self.events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            // Of an image the words that stand for it are left; a quotation is a paragraph.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                while self.events.last() == Some(&Event::HardBreak) {
                    self.events.pop();
                }
                self.events.push(Event::End(TagEnd::Paragraph));
            }
            TagEnd::Heading(level) => self.events.push(Event::End(TagEnd::Heading(lowered(level)))),
            TagEnd::List(ordered) => {
                self.if_shallow(Event::End(TagEnd::List(ordered)));
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Item => self.if_shallow(Event::End(TagEnd::Item)),
            TagEnd::Emphasis | TagEnd::Strong => self.events.push(Event::End(tag)),
            TagEnd::Link => {
                let Some((host, start)) = self.link.take() else { return };
                let words = self.events.iter().skip(start).filter_map(|event| match event {
                    Event::Text(words) => Some(words.as_ref()),
                    _ => None,
                });
                let is_named = words.collect::<String>().to_ascii_lowercase().contains(&host);
                self.events.push(Event::End(TagEnd::Link));
                // Where a link leads is read before it is followed.
                if !is_named {
                    self.events.push(Event::Text(CowStr::from(format!(" ({host})"))));
                }
            }
            _ => {}
        }
    }

    fn if_shallow(&mut self, event: Event<'t>) {
        if self.lists <= DEEPEST {
            self.events.push(event);
        }
    }

    /// Words line by line, without what cannot be seen: entities write it where typing it is refused.
    fn words(&mut self, words: &str) {
        let mut lines = words.split('\n').peekable();
        while let Some(line) = lines.next() {
            let seen: String = line.chars().filter(|c| !is_unseen(*c)).collect();
            if !seen.is_empty() {
                self.events.push(Event::Text(CowStr::from(Cow::<'t, str>::Owned(seen))));
            }
            if lines.peek().is_some() {
                self.events.push(Event::HardBreak);
            }
        }
    }
}

/// The page has a heading of its own, and each part of it too.
const fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        _ => HeadingLevel::H5,
    }
}

/// The host of an address of the web, in lower case.
fn host(url: &str) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let rest = ["https://", "http://"].iter().find_map(|scheme| lower.strip_prefix(scheme))?;
    let place = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    // What stands before an @ is no part of the host, whatever it looks like.
    let host = place.rsplit('@').next().unwrap_or_default();
    (!host.is_empty() && !url.chars().any(is_unseen)).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_the_subset_are_shown() {
        for (text, want) in [
            ("Examine.\n\nWrite.", "<p>Examine.</p>\n<p>Write.</p>\n"),
            ("One\ntwo", "<p>One<br />\ntwo</p>\n"),
            ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
            ("# Work\n\n###### Small", "<h3>Work</h3>\n<h5>Small</h5>\n"),
            ("[the rules](https://a.example/x)", "<p><a href=\"https://a.example/x\">the rules</a> (a.example)</p>\n"),
            (
                "[https://good.example](https://good.example@evil.example/)",
                "<p><a href=\"https://good.example@evil.example/\">https://good.example</a> (evil.example)</p>\n",
            ),
        ] {
            assert_eq!(html(text), want, "{text}");
        }
    }

    #[test]
    fn everything_else_is_shown_as_it_was_typed_or_not_at_all() {
        for (text, want) in [
            ("<b>no</b> & 5 < 6", "<p>&lt;b&gt;no&lt;/b&gt; &amp; 5 &lt; 6</p>\n"),
            ("<script>\nalert(1)\n</script>", "<p>&lt;script&gt;<br />\nalert(1)<br />\n&lt;/script&gt;</p>\n"),
            ("`code`", "<p>code</p>\n"),
            ("```\na\nb\n```", "<p>a<br />\nb</p>\n"),
            ("> quoted", "<p>quoted</p>\n"),
            ("![words](https://a.example/x.png)", "<p>words</p>\n"),
            ("[x](javascript:alert(1))", "<p>x</p>\n"),
            ("[x](//a.example) [y](/alerts)", "<p>x y</p>\n"),
            ("<olive@kern.example>", "<p>olive@kern.example</p>\n"),
            ("a&#x202e;b&#0;c&#8291;", "<p>ab\u{fffd}c</p>\n"),
            ("| a | b |\n| - | - |", "<p>| a | b |<br />\n| - | - |</p>\n"),
        ] {
            assert_eq!(html(text), want, "{text}");
        }
    }

    #[test]
    fn words_are_found_without_their_marks() {
        for (text, want) in [
            ("Plain words.\n\nTwo paragraphs,\nthree lines.", "Plain words.\n\nTwo paragraphs,\nthree lines."),
            ("# Work\n**Ex**amine [the rules](https://a.example)", "Work\n\nExamine the rules (a.example)"),
            ("<https://a.example>", "https://a.example"),
            ("- a\n- b\n\nc", "- a\n- b\n\nc"),
            ("2. a\n3. b", "2. a\n3. b"),
            ("- a\n  - b\n- c", "- a\n- b\n\n- c"),
            ("jane&#64;clinic.example", "jane@clinic.example"),
            ("", ""),
        ] {
            assert_eq!(plain(text), want, "{text}");
        }
    }

    #[test]
    fn depth_costs_nothing() {
        for text in ["- ".repeat(4000), "> ".repeat(4000), "*a ".repeat(2000), "[".repeat(8000), "<".repeat(8000)] {
            assert!(html(&format!("{text}x")).matches("<ul>").count() <= DEEPEST);
        }
    }
}
