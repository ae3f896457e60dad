//! A PostgreSQL of one's own: one cluster for each test process, one new database for each test,
//! reached over a Unix socket, thrown away with the process however it ends.

use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::encoding::percent_encode;
use crate::settings::find_command;

/// Why there is no PostgreSQL here; starts the cluster at the first call.
pub fn available() -> Result<(), String> {
    cluster().as_ref().map(|_| ()).map_err(Clone::clone)
}

/// The URL of a new, empty database.
///
/// # Panics
/// When there is no PostgreSQL; ask [`available`] first.
pub fn fresh_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let cluster = cluster().as_ref().expect("PostgreSQL is available");
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    cluster.run_sql(&format!("CREATE DATABASE {name}")).expect("a new database");
    cluster.url(&name)
}

/// Runs SQL in the database of this URL and gives the rows, fields parted by `|`.
///
/// # Panics
/// When the SQL fails.
pub fn query(url: &str, sql: &str) -> String {
    let cluster = cluster().as_ref().expect("PostgreSQL is available");
    cluster.psql(url, sql).expect("SQL that runs")
}

/// What a backup of the database of this URL holds, as text.
///
/// # Panics
/// When it cannot be made.
pub fn dump(url: &str) -> String {
    let cluster = cluster().as_ref().expect("PostgreSQL is available");
    let mut dump = Command::new(cluster.commands.join("pg_dump"));
    dump.args(["--inserts", "--dbname", url]).current_dir(&cluster.folder);
    run(dump).expect("a dump")
}

fn cluster() -> &'static Result<Cluster, String> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

struct Cluster {
    commands: PathBuf,
    folder: PathBuf,
    /// The watcher stops the cluster when this end of its pipe closes, which the kernel does even
    /// when the test process is killed.
    _lifeline: ChildStdin,
}

impl Cluster {
    fn start() -> Result<Cluster, String> {
        let commands = command_folder().ok_or("initdb is in no known folder")?;
        // The path of a socket has room for about 100 bytes, so a long TMPDIR would not do.
        let folder = tempfile::Builder::new().prefix("rosterline-pg-").tempdir_in("/tmp");
        let folder = folder.map_err(|error| format!("no folder for the cluster: {error}"))?.keep();
        hand_over(&folder)?;
        let lifeline = watch(&commands, &folder)?;
        let data = folder.join("data");
        let mut initdb = as_postgres(&commands.join("initdb"), &folder);
        initdb.args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]);
        initdb.args(["--locale=C.UTF-8", "--no-instructions", "--pgdata"]).arg(&data);
        run(initdb)?;
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories={} -c fsync=off \
             -c synchronous_commit=off -c full_page_writes=off -c max_connections=200",
            folder.display()
        );
        let mut start = as_postgres(&commands.join("pg_ctl"), &folder);
        start.args(["start", "--wait", "--silent", "--options", &options, "--pgdata"]).arg(&data);
        start.arg("--log").arg(folder.join("log"));
        run(start)?;
        Ok(Cluster { commands, folder, _lifeline: lifeline })
    }

    fn url(&self, database: &str) -> String {
        let host = percent_encode(&self.folder.display().to_string());
        format!("postgres://postgres@{host}/{database}")
    }

    fn run_sql(&self, sql: &str) -> Result<String, String> {
        self.psql(&self.url("postgres"), sql)
    }

    fn psql(&self, url: &str, sql: &str) -> Result<String, String> {
        let mut psql = Command::new(self.commands.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1"]);
        psql.args(["--dbname", url, "--command", sql]).current_dir(&self.folder);
        run(psql)
    }
}

/// Starts the process that outlives us by a moment, to stop the cluster and clear its folder.
fn watch(commands: &Path, folder: &Path) -> Result<ChildStdin, String> {
    let mut watcher = as_postgres(Path::new("sh"), folder);
    watcher.args(["-c", "read _; \"$0\" stop --silent --mode=immediate --pgdata \"$1/data\"; rm -rf \"$1\""]);
    watcher.arg(commands.join("pg_ctl")).arg(folder).current_dir("/");
    // A group of its own: an interrupt from the keyboard reaches us and not the watcher.
    watcher.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut watcher = watcher.spawn().map_err(|error| format!("no watcher: {error}"))?;
    watcher.stdin.take().ok_or_else(|| "the watcher has no pipe".to_owned())
}

/// PostgreSQL refuses to run as root, so root becomes the user the package made.
fn as_postgres(program: &Path, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut runuser = Command::new("runuser");
        runuser.args(["-u", "postgres", "--"]).arg(program);
        runuser
    } else {
        Command::new(program)
    };
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn hand_over(folder: &Path) -> Result<(), String> {
    if is_root() {
        let mut chown = Command::new("chown");
        chown.arg("postgres:").arg(folder);
        run(chown)?;
    }
    Ok(())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn run(mut command: Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
}

/// Where initdb is: the newest of the folders that Debian fills, what pg_config says, or PATH.
fn command_folder() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let debian = versions.into_iter().rev().map(|(_, folder)| folder);
    let told = find_command("pg_config").and_then(|path| run(bindir(&path)).ok()).map(PathBuf::from);
    let on_path = find_command("initdb").and_then(|path| path.parent().map(Path::to_path_buf));
    debian.chain(told).chain(on_path).find(|folder| folder.join("initdb").is_file())
}

fn bindir(pg_config: &Path) -> Command {
    let mut command = Command::new(pg_config);
    command.arg("--bindir");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_new_and_empty() {
        if let Err(why) = available() {
            return crate::settings::not_run("PostgreSQL", &why);
        }
        let (one, two) = (fresh_database(), fresh_database());
        assert!(one.starts_with("postgres://postgres@%2Ftmp%2F"), "{one}");
        query(&one, "CREATE TABLE t (n int); INSERT INTO t VALUES (7)");
        assert_eq!(query(&one, "SELECT n, 'x' FROM t"), "7|x");
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        assert_eq!(query(&two, tables), "0");
    }
}
