//! Every mail in a real browser: on a phone and beside a list of mails, light and dark, and without its style sheet.

use std::{fs, path::Path};

use harness::browser::axe_of_mail;
use serde_json::json;
use thirtyfour::prelude::*;

use super::started;

/// A phone, and the reading pane of a desk.
const WIDTHS: [u32; 2] = [360, 640];
const HEIGHT: u32 = 800;

/// What must look different in the dark: a selector and a property of its style.
const COLOURS: &str = "
    const seen = [];
    for (const [what, property] of [['body', 'backgroundColor'], ['h1', 'color'], ['.name', 'color'],
            ['.card', 'backgroundColor'], ['.changed', 'borderLeftColor'], ['.button', 'backgroundColor'],
            ['.button', 'color'], ['a:not(.button)', 'color'], ['.small', 'color']]) {
        const one = document.querySelector(what);
        if (one) seen.push([what + ' ' + property, getComputedStyle(one)[property]]);
    }
    return seen;";

/// The HTML part of every mail, by the name of its snapshot, which a test of `frontend` keeps equal to what is sent.
fn letters(folder: &Path) -> Vec<(String, String)> {
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/src/tests/snapshots");
    let mut letters = Vec::new();
    for entry in fs::read_dir(snapshots).expect("the snapshots") {
        let path = entry.expect("a snapshot").path();
        let text = fs::read_to_string(&path).expect("a snapshot");
        let (_, html) = text.split_once("<!DOCTYPE html>").expect("an HTML part");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let page = folder.join(format!("{name}.html"));
        fs::write(&page, format!("<!DOCTYPE html>{html}")).expect("a page");
        letters.push((name, format!("file://{}", page.display())));
    }
    letters.sort();
    letters
}

/// Shows pages in a window of this width to somebody who likes it light or dark.
async fn show_as(page: &WebDriver, width: u32, scheme: &str) -> WebDriverResult<()> {
    let size = json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false });
    page.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    page.cdp().send_raw("Emulation.setEmulatedMedia", media).await.map(drop)
}

async fn colours(page: &WebDriver) -> WebDriverResult<Vec<(String, String)>> {
    page.execute(COLOURS, Vec::new()).await?.convert()
}

/// What is wrong with the mail that is open.
async fn faults(page: &WebDriver, width: u32) -> WebDriverResult<Vec<String>> {
    let mut faults = axe_of_mail(page).await?;
    let wide: u32 = page.execute("return document.documentElement.scrollWidth;", Vec::new()).await?.convert()?;
    if wide > width {
        faults.push(format!("{wide} pixels wide"));
    }
    let script = "return performance.getEntriesByType('resource').map(one => one.name);";
    let fetched: Vec<String> = page.execute(script, Vec::new()).await?.convert()?;
    faults.extend(fetched.into_iter().map(|name| format!("fetches {name}")));
    Ok(faults)
}

/// What is wrong with one mail in one width.
async fn looked_at(page: &WebDriver, url: &str, width: u32) -> WebDriverResult<Vec<String>> {
    let mut found = Vec::new();
    let mut note = |how: &str, faults: Vec<String>| found.extend(faults.into_iter().map(|f| format!("{how}: {f}")));
    show_as(page, width, "light").await?;
    page.goto(url).await?;
    let light = colours(page).await?;
    note("light", faults(page, width).await?);

    show_as(page, width, "dark").await?;
    page.goto(url).await?;
    note("dark", faults(page, width).await?);
    for ((what, light), (_, dark)) in light.into_iter().zip(colours(page).await?) {
        if light == dark {
            note("dark", vec![format!("{what} is {light} as by day")]);
        }
    }

    // Some programs drop the style sheet: what stands at each element has to do, by day and by night.
    let strip = "for (const one of document.querySelectorAll('style, meta[name*=color-scheme]')) one.remove();";
    page.execute(strip, Vec::new()).await?;
    note("without its style sheet", faults(page, width).await?);
    Ok(found)
}

/// No sideways scrolling, contrast of at least 4.5 to 1 and nothing else that axe finds, dark colours that are really
/// dark, and nothing fetched from anywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_looks_right_on_phone_and_desk_light_and_dark() {
    let Some(browser) = started() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let letters = letters(folder.path());
    let found = browser.with_page((1280, 900), async |page| {
        let mut found = Vec::new();
        for (name, url) in &letters {
            for width in WIDTHS {
                let faults = looked_at(page, url, width).await?;
                found.extend(faults.into_iter().map(|fault| format!("{name} at {width}, {fault}")));
            }
        }
        Ok(found)
    });
    let found = found.await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}
