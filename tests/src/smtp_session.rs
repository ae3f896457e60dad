//! The server's side of one SMTP connection, as scripted by its plays.

use std::io;

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

use crate::encoding::base64_decode;
use crate::smtp_peer::{Door, Mail, Play, Security, Shared};

/// Why a conversation ended.
enum End {
    Closed,
    StartTls,
}

pub(crate) async fn serve(stream: TcpStream, shared: &Shared, acceptor: TlsAcceptor) -> io::Result<()> {
    stream.set_nodelay(true)?;
    shared.note("-- connected".to_owned());
    let mut door = shared.door.subscribe();
    let now = *door.borrow_and_update();
    match now {
        Door::Open => {}
        Door::Silent => {
            // Until it opens; whoever came before that has waited in vain.
            let _ = door.wait_for(|door| *door == Door::Open).await;
            return Ok(());
        }
        Door::Slams => return Ok(()),
    }
    let mut play = shared.next_play();
    if shared.security == Security::Implicit {
        let stream = BufStream::new(acceptor.accept(stream).await?);
        let mut session = Session { stream, shared, tls: true, user: None };
        if session.greet(&play).await? {
            session.talk(&mut play).await?;
        }
        return Ok(());
    }
    let mut session = Session { stream: BufStream::new(stream), shared, tls: false, user: None };
    if !session.greet(&play).await? {
        return Ok(());
    }
    if let End::StartTls = session.talk(&mut play).await? {
        let stream = BufStream::new(acceptor.accept(session.stream.into_inner()).await?);
        Session { stream, shared, tls: true, user: None }.talk(&mut play).await?;
    }
    Ok(())
}

struct Session<'a, S> {
    stream: BufStream<S>,
    shared: &'a Shared,
    tls: bool,
    user: Option<String>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<'_, S> {
    /// False when the play ends here.
    async fn greet(&mut self, play: &Play) -> io::Result<bool> {
        if let Play::Greet(line) = play {
            self.say(play, line).await?;
            return Ok(false);
        }
        if let Play::HoldGreeting(gate) = play {
            self.shared.note("-- greeting held".to_owned());
            gate.pass().await;
        }
        self.say(play, "220 peer ESMTP").await?;
        Ok(true)
    }

    async fn talk(&mut self, play: &mut Play) -> io::Result<End> {
        let mut mail = self.new_mail();
        let mut play_spent = false;
        let mut brought = 0;
        while let Some(line) = self.hear().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.offer(play).await?,
                "STARTTLS" if self.shared.security == Security::StartTls && !self.tls => {
                    self.say(play, "220 2.0.0 go ahead").await?;
                    return Ok(End::StartTls);
                }
                "AUTH" => self.log_in(play, &line).await?,
                "MAIL" => {
                    if play_spent {
                        *play = self.shared.next_play();
                    }
                    play_spent = true;
                    mail = self.new_mail();
                    mail.from = address(&line);
                    brought += 1;
                    if let Some((most, line)) = self.shared.per_connection
                        && brought > most
                    {
                        self.say(play, line).await?;
                        return Ok(End::Closed);
                    }
                    if !self.answer_mail(play).await? {
                        return Ok(End::Closed);
                    }
                }
                "RCPT" => match *play {
                    Play::RefuseRcpt(reply) => self.say(play, reply).await?,
                    _ => match self.shared.refusal_of(&address(&line)) {
                        Some(reply) => self.say(play, reply).await?,
                        None => {
                            mail.to.push(address(&line));
                            self.say(play, "250 2.1.5 ok").await?;
                        }
                    },
                },
                "DATA" if mail.to.is_empty() => self.say(play, "503 5.5.1 no recipient").await?,
                "DATA" if matches!(play, Play::DropAtData) => {
                    self.shared.note("-- dropped at DATA".to_owned());
                    return Ok(End::Closed);
                }
                "DATA" => {
                    if !self.take(play, std::mem::take(&mut mail)).await? {
                        return Ok(End::Closed);
                    }
                }
                "QUIT" => {
                    self.say(play, "221 2.0.0 bye").await?;
                    return Ok(End::Closed);
                }
                "HELO" | "RSET" | "NOOP" => self.say(play, "250 2.0.0 ok").await?,
                _ => self.say(play, "502 5.5.2 unknown command").await?,
            }
        }
        Ok(End::Closed)
    }

    fn new_mail(&self) -> Mail {
        Mail { tls: self.tls, user: self.user.clone(), ..Mail::default() }
    }

    async fn offer(&mut self, play: &Play) -> io::Result<()> {
        let starttls = self.shared.security == Security::StartTls && !self.tls;
        let starttls = if starttls { "250-STARTTLS\r\n" } else { "" };
        let lines = format!(
            "250-peer\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n{starttls}250 AUTH PLAIN"
        );
        self.say(play, &lines).await
    }

    async fn log_in(&mut self, play: &Play, line: &str) -> io::Result<()> {
        let mut words = line.split_whitespace().skip(1);
        if !words.next().is_some_and(|name| name.eq_ignore_ascii_case("PLAIN")) {
            return self.say(play, "504 5.5.4 only PLAIN").await;
        }
        let given = match words.next() {
            Some(given) => given.to_owned(),
            None => {
                self.say(play, "334 ").await?;
                self.hear().await?.unwrap_or_default()
            }
        };
        let decoded = base64_decode(given.as_bytes()).unwrap_or_default();
        let decoded = String::from_utf8_lossy(&decoded).into_owned();
        let mut fields = decoded.split('\0').skip(1).map(str::to_owned);
        let (user, password) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let login = (user, password);
        if self.shared.login().is_some_and(|wanted| wanted != login) {
            return self.say(play, "535 5.7.8 wrong login").await;
        }
        self.user = Some(login.0);
        self.say(play, "235 2.7.0 welcome").await
    }

    /// False when the connection is to be closed.
    async fn answer_mail(&mut self, play: &Play) -> io::Result<bool> {
        match play {
            Play::Greet(line) => {
                self.say(play, line).await?;
                return Ok(false);
            }
            Play::RefuseMail(line) => self.say(play, line).await?,
            Play::HoldMail(gate) => {
                gate.pass().await;
                self.say(play, "250 2.1.0 ok").await?;
            }
            _ if self.shared.login().is_some() && self.user.is_none() => {
                self.say(play, "530 5.7.0 log in first").await?;
            }
            _ => self.say(play, "250 2.1.0 ok").await?,
        }
        Ok(true)
    }

    /// Reads the message up to the dot. False when the play closes the connection.
    async fn take(&mut self, play: &Play, mut mail: Mail) -> io::Result<bool> {
        self.say(play, "354 go ahead").await?;
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await? == 0 {
                self.shared.note("-- closed by the client in DATA".to_owned());
                return Ok(false);
            }
            if matches!(play, Play::DropInData) {
                self.shared.note("-- dropped in DATA".to_owned());
                return Ok(false);
            }
            if line == b".\r\n" {
                break;
            }
            mail.raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        self.shared.note(format!("C: <{} bytes>", mail.raw.len()));
        if let Play::RefuseData(reply) = play {
            self.say(play, reply).await?;
            return Ok(true);
        }
        self.shared.mails.send_modify(|mails| mails.push(mail));
        match play {
            Play::DropAfterDot => {
                self.shared.note("-- dropped after the dot".to_owned());
                return Ok(false);
            }
            Play::Hold(gate) => gate.pass().await,
            _ => {}
        }
        self.say(play, "250 2.0.0 queued").await?;
        Ok(true)
    }

    async fn say(&mut self, play: &Play, reply: &str) -> io::Result<()> {
        if let Play::Slow(wait) = play {
            tokio::time::sleep(*wait).await;
        }
        self.shared.note(format!("S: {reply}"));
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn hear(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_owned();
        self.shared.note(format!("C: {line}"));
        Ok(Some(line))
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
