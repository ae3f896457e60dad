//! The breaker: while the mail server is out of reach nobody takes a mail in hand, but for one probe now and then. Each
//! node has its own, since each has its own way to the server.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// The first pause.
const FIRST: Duration = Duration::seconds(5);
/// The longest.
const LONGEST: Duration = Duration::minutes(5);

/// What the breaker says to a worker that wants a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Go on.
    Open,
    /// One mail, to see whether the server is back; everybody else waits.
    Probe,
    /// Not before this.
    Shut(DateTime<Utc>),
}

/// Shared by the workers of a node.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<Option<Pause>>);

#[derive(Debug, Clone, Copy)]
struct Pause {
    until: DateTime<Utc>,
    wait: Duration,
    probing: bool,
}

impl Breaker {
    /// Asks for a mail.
    pub fn ask(&self, now: DateTime<Utc>) -> Door {
        let mut state = self.state();
        match state.as_mut() {
            None => Door::Open,
            Some(pause) if now < pause.until => Door::Shut(pause.until),
            Some(pause) => {
                pause.until = now + pause.wait;
                pause.probing = true;
                Door::Probe
            }
        }
    }

    /// Until when nobody takes a mail; `None` when somebody may, or has one to try.
    pub fn shut_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.state().filter(|pause| !pause.probing).map(|pause| pause.until).filter(|until| now < *until)
    }

    /// The probe found no mail to try with; the next who asks has it.
    pub fn release(&self, now: DateTime<Utc>) {
        if let Some(pause) = self.state().as_mut().filter(|pause| pause.probing) {
            pause.probing = false;
            pause.until = now;
        }
    }

    /// True until the server was reached again.
    pub fn is_broken(&self) -> bool {
        self.state().is_some()
    }

    /// The server was not reached. Several workers may find that out about the same pause; it grows once.
    pub fn failed(&self, now: DateTime<Utc>) {
        let mut state = self.state();
        let wait = match *state {
            None => FIRST,
            Some(pause) if pause.probing => LONGEST.min(pause.wait * 2),
            Some(_) => return,
        };
        *state = Some(Pause { until: now + wait, wait, probing: false });
    }

    /// The server was reached; `true` when it had not been before.
    pub fn reached(&self) -> bool {
        self.state().take().is_some()
    }

    fn state(&self) -> MutexGuard<'_, Option<Pause>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    #[test]
    fn one_probe_at_a_time_and_pauses_that_grow_to_five_minutes() {
        let breaker = Breaker::default();
        assert_eq!(breaker.ask(at(0)), Door::Open);
        breaker.failed(at(0));
        // The other workers were on their way as well.
        breaker.failed(at(0));
        assert_eq!(breaker.ask(at(4)), Door::Shut(at(5)));
        let (mut now, mut waits) = (5, Vec::new());
        for _ in 0..8 {
            assert_eq!(breaker.ask(at(now)), Door::Probe);
            let Door::Shut(_) = breaker.ask(at(now)) else { panic!("a second probe") };
            breaker.failed(at(now));
            let Some(until) = breaker.shut_until(at(now)) else { panic!("open") };
            assert_eq!(breaker.ask(at(now)), Door::Shut(until));
            waits.push((until - at(now)).num_seconds());
            now += waits.last().unwrap();
        }
        assert_eq!(waits, [10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(breaker.ask(at(now)), Door::Probe);
        breaker.release(at(now));
        assert_eq!(breaker.ask(at(now)), Door::Probe, "a probe that found nothing is another one's");
        assert!(breaker.reached() && !breaker.reached() && !breaker.is_broken());
        assert_eq!(breaker.ask(at(now)), Door::Open);
        breaker.failed(at(now));
        assert_eq!(breaker.shut_until(at(now)), Some(at(now + 5)));
    }
}
