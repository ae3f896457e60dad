//! Where is searched.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use search_index::{AlertsReader, OpeningsReader, ProfilesReader, SearchError};
use store::{Db, StoreError};

use super::matcher::Matcher;
use super::{Canary, Findings};
use crate::error::AppError;

/// How much of a file is read at once.
const CHUNK: usize = 1 << 20;
/// The shortest word of a value that counts for itself.
const WORD: usize = 2;

/// What is searched.
pub struct Places {
    /// Files and folders.
    pub files: Vec<PathBuf>,
    /// Files and folders in them that are passed over.
    pub except: Vec<PathBuf>,
    /// The folder of the three indexes, when there is one.
    pub index: Option<PathBuf>,
}

/// Searches the files, every value of every table, and every term of the indexes.
///
/// # Errors
/// When something of it cannot be read: a search that left something out must not look like a clean one.
pub fn search(db: &Db, places: &Places, canaries: &[Canary]) -> Result<Findings, AppError> {
    let matcher = Matcher::new(canaries);
    let mut search = Search { canaries, matcher, found: Findings::default() };
    for path in &places.files {
        search.path(path, &places.except)?;
    }
    db.read::<_, StoreError>(|conn| {
        store::scan::each_value(conn, &mut |spot, value| {
            let place = format!("table {}, column {}", spot.table, spot.column);
            search.bytes(value, &place, |_| format!("row {}", spot.row));
        })
    })?;
    if let Some(dir) = &places.index {
        search.terms("the index of members", &mut |visit| ProfilesReader::open(dir)?.0.each_term(visit))?;
        search.terms("the index of openings", &mut |visit| OpeningsReader::open(dir)?.0.each_term(visit))?;
        search.terms("the index of alerts", &mut |visit| AlertsReader::open(dir)?.0.each_term(visit))?;
    }
    Ok(search.found)
}

type EachTerm<'a> = dyn FnMut(&mut dyn FnMut(&str)) -> Result<(), SearchError> + 'a;

struct Search<'c> {
    canaries: &'c [Canary],
    matcher: Matcher,
    found: Findings,
}

impl Search<'_> {
    fn bytes(&mut self, bytes: &[u8], place: &str, at: impl Fn(usize) -> String) {
        let (canaries, found) = (self.canaries, &mut self.found);
        self.matcher.each_hit(bytes, &mut |range, canary, form| {
            if let Some(canary) = canaries.get(canary) {
                found.add(place, &canary.label, form, || at(range.start));
            }
        });
    }

    fn path(&mut self, path: &Path, except: &[PathBuf]) -> Result<(), AppError> {
        let unread = |error: std::io::Error| AppError::internal(format!("{}: {error}", path.display()));
        if except.iter().any(|other| same(other, path)) {
            return Ok(());
        }
        // Beside a running server a file may be gone since its folder was read: segments and the log come and go.
        let about = match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            about => about.map_err(unread)?,
        };
        if !about.is_dir() {
            return match File::open(path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                file => file.and_then(|file| self.file(file, path)).map_err(unread),
            };
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unread)? {
            inside.push(entry.map_err(unread)?.path());
        }
        inside.sort();
        inside.iter().try_for_each(|path| self.path(path, except))
    }

    fn file(&mut self, mut file: File, path: &Path) -> std::io::Result<()> {
        let (place, keep) = (format!("file {}", path.display()), self.matcher.longest() + 1);
        let (mut held, mut begins): (Vec<u8>, usize) = (Vec::new(), 0);
        loop {
            let old = held.len();
            let read = file.by_ref().take(u64::try_from(CHUNK).unwrap_or(u64::MAX)).read_to_end(&mut held)?;
            if read == 0 {
                return Ok(());
            }
            let (canaries, found) = (self.canaries, &mut self.found);
            self.matcher.each_hit(&held, &mut |range, canary, form| {
                // What lies wholly in the part kept from before was told already.
                if let Some(canary) = canaries.get(canary).filter(|_| range.end > old) {
                    found.add(&place, &canary.label, form, || format!("at byte {}", begins + range.start));
                }
            });
            let over = held.len().saturating_sub(keep);
            held.drain(..over);
            begins += over;
        }
    }

    /// An index takes values apart into words, so the words are looked for too.
    fn terms(&mut self, place: &str, each: &mut EachTerm<'_>) -> Result<(), AppError> {
        let canaries = self.canaries;
        let words: Vec<Vec<String>> =
            canaries.iter().map(|c| if c.by_words { words(&c.value) } else { vec![] }).collect();
        let wanted: BTreeSet<&str> = words.iter().flatten().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        each(&mut |term| {
            self.bytes(term.as_bytes(), place, |_| "in a term".to_owned());
            if let Some(word) = wanted.get(term.to_lowercase().as_str()) {
                seen.insert(*word);
            }
        })?;
        for (canary, words) in canaries.iter().zip(&words) {
            if !words.is_empty() && words.iter().all(|word| seen.contains(word.as_str())) {
                self.found.add(place, &canary.label, "word by word", || "in its terms".to_owned());
            }
        }
        Ok(())
    }
}

fn words(value: &str) -> Vec<String> {
    let words = value.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() >= WORD).collect()
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
