//! A line that can be made bad: it stands between two servers of a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How the line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weather {
    /// Everything goes through.
    Fair,
    /// Requests are taken and never answered.
    Hangs,
    /// Requests that begin so are done, but so many of their answers are lost on the way.
    LosesAnswers(&'static str, usize),
}

/// A line to a server.
pub struct Proxy {
    /// Where it is reached.
    pub url: String,
    weather: watch::Sender<Weather>,
    lost: Arc<AtomicUsize>,
    running: JoinHandle<()>,
}

impl Proxy {
    /// A line to the server at `target`, in fair weather.
    pub async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (weather, forecast) = watch::channel(Weather::Fair);
        let lost = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&lost);
        let running = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let line = Line { forecast: forecast.clone(), lost: Arc::clone(&counter) };
                tokio::spawn(line.carry(client, target.clone()));
            }
        });
        Self { url, weather, lost, running }
    }

    /// From now on it is so.
    pub fn becomes(&self, weather: Weather) {
        self.lost.store(0, Ordering::SeqCst);
        self.weather.send_replace(weather);
    }

    /// How many answers were lost since it last changed.
    pub fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// One connection.
struct Line {
    forecast: watch::Receiver<Weather>,
    lost: Arc<AtomicUsize>,
}

impl Line {
    async fn carry(self, mut client: TcpStream, target: String) {
        let Ok(mut server) = TcpStream::connect(&target).await else { return };
        let (mut up, mut down) = ([0; 16 * 1024], [0; 16 * 1024]);
        let mut loses = false;
        loop {
            tokio::select! {
                read = client.read(&mut up) => {
                    let Ok(n @ 1..) = read else { return };
                    let weather = self.forecast.borrow().clone();
                    match weather {
                        Weather::Fair => {}
                        Weather::Hangs => { tokio::time::sleep(Duration::from_secs(60)).await; return; }
                        Weather::LosesAnswers(beginning, _) => loses |= up[..n].starts_with(beginning.as_bytes()),
                    }
                    if server.write_all(&up[..n]).await.is_err() { return; }
                }
                read = server.read(&mut down) => {
                    let Ok(n @ 1..) = read else { return };
                    if loses && self.may_lose() { return; }
                    if client.write_all(&down[..n]).await.is_err() { return; }
                }
            }
        }
    }

    /// Counts one more lost answer, unless enough were lost.
    fn may_lose(&self) -> bool {
        let Weather::LosesAnswers(_, most) = *self.forecast.borrow() else { return false };
        self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |lost| (lost < most).then_some(lost + 1)).is_ok()
    }
}
