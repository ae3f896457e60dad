//! A process that does nothing but send mail, to be killed or frozen; and the other end of it, for tests.
//!
//! The node's clock stands still until a line on its input moves it: `advance SECONDS`. `drain` is answered with `rest`
//! once nothing is due; `stop` ends it in order, so that everything it knows is written.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use chrono::{DateTime, Duration, TimeZone, Utc};
use rosterline::{clock::Clock, config::Config, mail, server};
use tokio_util::sync::CancellationToken;

/// When the clocks of all nodes begin.
pub fn begin() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 18, 0, 0).single().expect("a time")
}

/// What a node needs to know.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its own folder.
    pub data_dir: PathBuf,
    /// The database that several share.
    pub database: String,
    /// The master key that all share.
    pub key_file: PathBuf,
    /// The mail server.
    pub smtp: String,
    /// Connections.
    pub connections: u16,
    /// How far its clock is ahead of `begin`, in seconds.
    pub ahead: i64,
}

impl Seat {
    /// The settings of the node.
    pub fn config(&self) -> Config {
        let mut config = Config::new(self.data_dir.clone());
        config.database_url = Some(self.database.clone());
        config.master_key_file = Some(self.key_file.clone());
        config.smtp_url = Some(self.smtp.clone());
        config.smtp_connections = self.connections;
        config.mail_from = "Rosterline <no-reply@rosterline.example>".to_owned();
        config.public_url = Some("http://127.0.0.1".to_owned());
        config
    }

    fn args(&self) -> Vec<String> {
        let path = |path: &Path| path.display().to_string();
        vec![
            "--node".to_owned(),
            path(&self.data_dir),
            self.database.clone(),
            path(&self.key_file),
            self.smtp.clone(),
            self.connections.to_string(),
            self.ahead.to_string(),
        ]
    }

    /// Reads what `args` wrote.
    pub fn read(args: &[String]) -> Seat {
        let [node, data_dir, database, key_file, smtp, connections, ahead] = args else {
            panic!("seven arguments, not {}", args.len());
        };
        assert_eq!(node, "--node");
        Seat {
            data_dir: data_dir.into(),
            database: database.clone(),
            key_file: key_file.into(),
            smtp: smtp.clone(),
            connections: connections.parse().expect("a number"),
            ahead: ahead.parse().expect("a number"),
        }
    }
}

/// Sends mail until it is told to stop, or killed.
pub async fn serve(seat: &Seat) {
    let clock = Clock::manual(begin() + Duration::seconds(seat.ahead));
    let app = server::open(seat.config(), clock.clone(), None).expect("the node opens");
    let stop = CancellationToken::new();
    let workers = tokio::spawn(mail::run(app.clone(), stop.clone()));
    say("ready");
    let (lines, mut heard) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    while let Some(line) = heard.recv().await {
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("advance", seconds) => {
                clock.advance(Duration::seconds(seconds.parse().expect("seconds")));
                app.pulse.wake();
                say("advanced");
            }
            ("drain", _) => {
                app.settle().await.expect("the database answers");
                say("rest");
            }
            _ => break,
        }
    }
    stop.cancel();
    workers.await.expect("the workers end in order");
    say("stopped");
}

fn say(word: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{word}").and_then(|()| out.flush()).expect("somebody listens");
}

/// The other end of a node.
pub struct Node {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Node {
    /// Starts `program` as a node and waits until it works.
    pub fn start(program: &str, seat: &Seat) -> Node {
        let mut child = Command::new(program)
            .args(seat.args())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the node starts");
        let input = child.stdin.take().expect("piped");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let mut node = Node { child, input, output };
        node.hear("ready");
        node
    }

    /// Moves its clock.
    pub fn advance(&mut self, seconds: i64) {
        self.tell(&format!("advance {seconds}"));
        self.hear("advanced");
    }

    /// Waits until nothing is due for it.
    pub fn drain(&mut self) {
        self.tell("drain");
        self.hear("rest");
    }

    /// Lets it end in order.
    pub fn stop(mut self) {
        self.tell("stop");
        self.hear("stopped");
        self.child.wait().expect("it ends");
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }

    /// Sends a signal such as `STOP` or `CONT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").and_then(|()| self.input.flush()).expect("the node listens");
    }

    fn hear(&mut self, word: &str) {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the node speaks");
        assert_eq!(line.trim(), word, "the node");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
