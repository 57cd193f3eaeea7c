//! Databases for tests: a SQLite file in a temporary folder, a PostgreSQL database on the server named by
//! `ARIADNI_TEST_POSTGRES` (a URL without a database) or on a throw-away one. All of it is gone when the test ends.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use sqlx::{AssertSqlSafe, Connection};

/// An empty database, removed when dropped.
#[derive(Debug)]
pub struct Database {
    /// How to reach it.
    pub url: String,
    place: Place,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held so that they go when the database goes")]
enum Place {
    Folder(tempfile::TempDir),
    Server { server: Arc<Server>, name: String },
}

impl Database {
    /// A SQLite file of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("ariadni.sqlite").display());
        Self { url, place: Place::Folder(folder) }
    }

    /// A PostgreSQL database of its own; `None`, with a word about it, where there is no PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        let server = Server::shared()?;
        let name = format!("ariadni_test_{}", uuid::Uuid::new_v4().simple());
        server.execute(&format!("CREATE DATABASE {name}")).await;
        let url = format!("{}/{name}", server.url);
        Some(Self { url, place: Place::Server { server, name } })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Place::Server { server, name } = &self.place else { return };
        let (server, sql) = (Arc::clone(server), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A test's own runtime may be on its way out; this one is not.
        let drop_database = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(server.execute(&sql));
        });
        drop_database.join().ok();
    }
}

/// A PostgreSQL server: one that runs already, or one of our own that is stopped when the last test lets it go.
#[derive(Debug)]
struct Server {
    url: String,
    own_folder: Option<tempfile::TempDir>,
}

static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());

impl Server {
    fn shared() -> Option<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return Some(server);
        }
        let server = Arc::new(Self::named().or_else(Self::start)?);
        *shared = Arc::downgrade(&server);
        Some(server)
    }

    #[expect(clippy::disallowed_methods, reason = "where the test server is, is no setting of the product")]
    fn named() -> Option<Self> {
        let url = std::env::var("ARIADNI_TEST_POSTGRES").ok().filter(|url| !url.is_empty())?;
        Some(Self { url: url.trim_end_matches('/').to_owned(), own_folder: None })
    }

    #[expect(clippy::print_stdout, reason = "whoever reads the run should know what it did not prove")]
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        open_to_all(folder.path());
        let output = script().arg("start").arg(folder.path().join("server")).output().expect("scripts/postgres runs");
        if output.status.code() == Some(3) {
            println!("skipped: PostgreSQL is not installed");
            return None;
        }
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let url = String::from_utf8(output.stdout).expect("a URL").trim().to_owned();
        Some(Self { url, own_folder: Some(folder) })
    }

    async fn execute(&self, sql: &str) {
        sqlx::any::install_default_drivers();
        let url = format!("{}/postgres", self.url);
        let mut connection = sqlx::AnyConnection::connect(&url).await.expect("the test server answers");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("an administrator's statement");
        connection.close().await.ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(folder) = &self.own_folder {
            script().arg("stop").arg(folder.path().join("server")).status().ok();
        }
    }
}

fn script() -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres"))
}

/// The server runs as another user where the tests run as root.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("our own folder");
}
