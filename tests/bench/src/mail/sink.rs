//! A mail server that takes everything and counts, in a process of its own, so that its memory is not the mailer's.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The server, seen from the other process.
pub(super) struct Sink {
    child: Child,
    input: std::cell::RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    /// Where it listens, on the loopback address.
    pub(super) port: u16,
}

impl Sink {
    pub(super) fn start() -> Sink {
        let this = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(this)
            .arg("--sink")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts");
        let input = child.stdin.take().expect("piped");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("the server says its port");
        let port = line.trim().parse().expect("a port");
        Sink { child, input: (input, output).into(), port }
    }

    /// Mails taken so far.
    pub(super) fn taken(&self) -> u64 {
        let mut ends = self.input.borrow_mut();
        writeln!(ends.0, "count").and_then(|()| ends.0.flush()).expect("the server listens");
        let mut line = String::new();
        ends.1.read_line(&mut line).expect("the server counts");
        line.trim().parse().expect("a number")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until killed.
pub(super) fn serve() -> ! {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let taken = Arc::new(AtomicU64::new(0));
    let counted = taken.clone();
    std::thread::spawn(move || {
        for _ in std::io::stdin().lock().lines() {
            println!("{}", counted.load(Ordering::SeqCst));
        }
        std::process::exit(0);
    });
    runtime.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("the port").port());
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let taken = taken.clone();
            tokio::spawn(async move {
                // A client that goes away is an ordinary thing.
                let _ = converse(stream, &taken).await;
            });
        }
    })
}

async fn converse(mut stream: TcpStream, taken: &AtomicU64) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"220 sink ESMTP\r\n").await?;
    let (mut buffer, mut in_body) = (Vec::with_capacity(64 * 1024), false);
    loop {
        let mut answers = Vec::new();
        loop {
            let end: &[u8] = if in_body { b"\r\n.\r\n" } else { b"\r\n" };
            let Some(at) = find(&buffer, end) else { break };
            let line: Vec<u8> = buffer.drain(..at + end.len()).collect();
            if in_body {
                in_body = false;
                taken.fetch_add(1, Ordering::SeqCst);
                answers.extend_from_slice(b"250 2.0.0 queued\r\n");
                continue;
            }
            match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_slice() {
                b"EHLO" => answers.extend_from_slice(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"),
                b"DATA" => {
                    in_body = true;
                    answers.extend_from_slice(b"354 go\r\n");
                }
                b"QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => answers.extend_from_slice(b"250 2.0.0 ok\r\n"),
            }
        }
        if !answers.is_empty() {
            stream.write_all(&answers).await?;
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    // The end of a body is at its end, so looking from there finds it at once.
    let from = if what.len() > 2 { text.len().saturating_sub(64 * 1024) } else { 0 };
    text[from..].windows(what.len()).position(|window| window == what).map(|at| at + from)
}
