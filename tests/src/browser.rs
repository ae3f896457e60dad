//! A headless Chromium driven over WebDriver, and axe to look for barriers in its pages.

use std::{
    fs,
    future::poll_fn,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    pin::pin,
    process::{Child, ChildStdout, Command, Stdio},
    task::Poll,
};

use thirtyfour::prelude::*;

use crate::settings::find_command;

/// What every start of Chromium needs on a machine without a screen, a sandbox or the internet.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    // A page that names another host fails to reach it, here as on a closed network.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
];

/// What axe is asked for: WCAG 2.2 A and AA, and its own good practice.
const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";
/// The same for a mail, which is no page: it has no landmarks.
const MAIL_RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']";

/// Why there is no browser here.
pub fn available() -> Result<(), String> {
    for command in ["chromium", "chromedriver"] {
        find_command(command).ok_or_else(|| format!("{command} is not installed"))?;
    }
    let axe = axe_script();
    if axe.is_file() { Ok(()) } else { Err(format!("{} is not there; tests/run fetches it", axe.display())) }
}

/// A running chromedriver. Dropping it ends it and every browser it started.
pub struct Browser {
    driver: Child,
    url: String,
    // Kept open: the driver may write to it.
    _output: BufReader<ChildStdout>,
}

impl Browser {
    /// Starts a driver on a port of its own choice.
    ///
    /// # Panics
    /// When it does not start; ask [`available`] first.
    pub fn start() -> Browser {
        // The shell ends the whole group when our end of its input closes, so that nothing is
        // left behind when the test process is killed.
        let mut shell = Command::new("sh");
        shell.args(["-c", "chromedriver --port=0 & read _; kill $!; wait $!; kill -KILL 0"]).process_group(0);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = shell.spawn().expect("chromedriver");
        let mut output = BufReader::new(driver.stdout.take().expect("a pipe"));
        let url = format!("http://127.0.0.1:{}", announced_port(&mut output));
        Browser { driver, url, _output: output }
    }

    /// Runs a story in a new window of this size with a fresh profile, and closes the window
    /// whether the story ends well or not.
    pub async fn with_page<T>(
        &self,
        (width, height): (u32, u32),
        story: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<T>,
    ) -> T {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag).expect("a flag");
        }
        let folder = format!("--user-data-dir={}", profile.path().display());
        capabilities.add_arg(&folder).expect("a flag");
        let driver = WebDriver::new(&self.url, capabilities).await.expect("a browser");
        driver.set_window_rect(0, 0, width, height).await.expect("a window");
        let outcome = {
            let mut running = pin!(story(&driver));
            poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
                Err(panic) => Poll::Ready(Err(panic)),
            })
            .await
        };
        let last = driver.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        driver.quit().await.expect("the browser closes");
        match outcome {
            Ok(result) => result.unwrap_or_else(|error| panic!("on {last}: {error}")),
            Err(panic) => resume_unwind(panic),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.driver.stdin.take());
        let _ = self.driver.wait();
    }
}

/// What axe finds wrong with the page that is open, a line for each rule, also when it could judge no text for its
/// contrast; empty when all is well.
pub async fn axe(driver: &WebDriver) -> WebDriverResult<Vec<String>> {
    judged(driver, RULES).await
}

/// As [`axe`], of a mail.
pub async fn axe_of_mail(driver: &WebDriver) -> WebDriverResult<Vec<String>> {
    judged(driver, MAIL_RULES).await
}

async fn judged(driver: &WebDriver, rules: &str) -> WebDriverResult<Vec<String>> {
    let script = fs::read_to_string(axe_script()).expect("axe-core");
    driver.execute(&script, Vec::new()).await?;
    let run = format!(
        "const done = arguments[arguments.length - 1];
         const unjudged = found => found.passes.concat(found.violations).some(one => one.id === 'color-contrast')
             ? [] : ['color-contrast was not judged'];
         axe.run(document, {{runOnly: {rules}}}).then(
             found => done(unjudged(found).concat(found.violations.map(one =>
                 one.id + ' (' + one.impact + '): ' + one.nodes.map(node => node.html).join(' | ')))),
             error => done([String(error)]));"
    );
    driver.execute_async(&run, Vec::new()).await?.convert()
}

/// True when nothing sticks out to the right of the window.
pub async fn fits_width(driver: &WebDriver) -> WebDriverResult<bool> {
    let script = "return document.documentElement.scrollWidth <= window.innerWidth;";
    driver.execute(script, Vec::new()).await?.convert()
}

fn announced_port(output: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    while output.read_line(&mut line).expect("chromedriver speaks") > 0 {
        if let Some((_, tail)) = line.split_once("started successfully on port ") {
            return tail.trim_end().trim_end_matches('.').parse().expect("a port");
        }
        line.clear();
    }
    panic!("chromedriver ended before it named its port");
}

fn axe_script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "data:text/html,<!doctype html><html lang=en><title>t</title><main><h1>Hello</h1>";

    #[tokio::test]
    async fn axe_finds_what_is_wrong_and_nothing_else() {
        if let Err(why) = available() {
            return crate::settings::not_run("Chromium", &why);
        }
        let browser = Browser::start();
        let found = browser.with_page((390, 844), async |driver| {
            driver.goto(PAGE).await?;
            assert_eq!(axe(driver).await?, Vec::<String>::new());
            assert!(fits_width(driver).await?);
            driver.goto(format!("{PAGE}<img src=x><p style='width:900px'>wide")).await?;
            assert!(!fits_width(driver).await?);
            axe(driver).await
        });
        let found = found.await;
        assert!(found.len() == 1 && found[0].starts_with("image-alt (critical)"), "{found:?}");
    }
}
