//! The database servers of the tests: a PostgreSQL and a MariaDB that live as long as the command, on ports of their
//! own, with files in a temporary folder. Each test makes its own database on them.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use tempfile::TempDir;

use crate::clock::Stopwatch;
use crate::steps::say;

/// Where the tests find the servers; `testkit` reads the same variables.
const POSTGRES: &str = "WIXSYNC_TEST_POSTGRES";
const MARIADB: &str = "WIXSYNC_TEST_MARIADB";
/// The certificate that both servers show.
const CERTIFICATE: &str = "WIXSYNC_TEST_CERTIFICATE";

/// A password with signs that an address must escape.
const PASSWORD: &str = "p@ss/word";
const ESCAPED: &str = "p%40ss%2Fword";

const START: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(50);
/// PostgreSQL's programs are not in the search path on Debian.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Both servers. They end with this value.
pub(crate) struct Databases {
    postgres: Server,
    mariadb: Server,
    certificate: PathBuf,
    // Deleted after the servers have ended: fields are dropped in this order.
    _folder: TempDir,
}

impl Databases {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("wixsync-databases").tempdir()?;
        let at = folder.path();
        let (certificate, key) = (at.join("certificate.pem"), at.join("key.pem"));
        make_certificate(&certificate, &key)?;
        fs::write(at.join("password"), PASSWORD)?;
        fs::write(at.join("setup.sql"), setup())?;
        give_to_the_user(at)?;
        let postgres = start_postgres(at, &certificate, &key)?;
        let mariadb = start_mariadb(at, &certificate, &key)?;
        let started = Self { postgres, mariadb, certificate, _folder: folder };
        started.postgres.wait(&program("pg_isready"), &["--host=127.0.0.1", "--timeout=1"], "--port")?;
        let ping = ["--no-defaults", "--host=127.0.0.1", "--user=tester", "--silent", "ping"];
        started.mariadb.wait(&program("mariadb-admin"), &ping, "--port")?;
        Ok(started)
    }

    /// The variables that tell the tests where the servers are.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        [
            (POSTGRES, format!("postgres://tester:{ESCAPED}@127.0.0.1:{}", self.postgres.port)),
            (MARIADB, format!("mysql://tester:{ESCAPED}@127.0.0.1:{}", self.mariadb.port)),
            (CERTIFICATE, self.certificate.display().to_string()),
        ]
    }
}

/// Whether the programs of both servers are there.
pub(crate) fn are_installed() -> bool {
    ["initdb", "postgres", "pg_isready", "mariadb-install-db", "mariadbd", "mariadb-admin"]
        .iter()
        .all(|name| program(name).is_file())
}

/// A server process.
struct Server {
    name: &'static str,
    child: Child,
    port: u16,
    stop: Signal,
    log: PathBuf,
}

impl Server {
    fn start(
        name: &'static str,
        folder: &Path,
        port: u16,
        stop: Signal,
        args: &[String],
    ) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let (out, err) = (fs::File::create(&log)?, fs::File::options().append(true).open(&log)?);
        let mut command = as_the_user(&program(name));
        command.args(args).current_dir(folder).stdin(Stdio::null()).stdout(out).stderr(err);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, child, port, stop, log })
    }

    /// Waits until the server answers.
    fn wait(&self, program: &Path, args: &[&str], port: &str) -> anyhow::Result<()> {
        let begun = Stopwatch::start();
        while begun.elapsed() < START {
            let mut ping = Command::new(program);
            ping.args(args.iter().take(1)).arg(format!("{port}={}", self.port)).args(args.iter().skip(1));
            ping.env("MYSQL_PWD", PASSWORD).stdout(Stdio::null()).stderr(Stdio::null());
            if ping.status()?.success() {
                return Ok(());
            }
            sleep(POLL);
        }
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        bail!("{} did not start within {} s:\n{log}", self.name, START.as_secs())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error only means that it has already ended.
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(id), self.stop);
        }
        let begun = Stopwatch::start();
        while begun.elapsed() < START && matches!(self.child.try_wait(), Ok(None)) {
            sleep(POLL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start_postgres(folder: &Path, certificate: &Path, key: &Path) -> anyhow::Result<Server> {
    let data = folder.join("postgres-data");
    let password = format!("--pwfile={}", folder.join("password").display());
    let mut init = as_the_user(&program("initdb"));
    init.args(["--username=tester", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", &password]);
    run(init.arg("--pgdata").arg(&data).current_dir(folder))?;
    let port = free_port()?;
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=200".to_owned(),
        "fsync=off".to_owned(),
        "ssl=on".to_owned(),
        format!("ssl_cert_file={}", certificate.display()),
        format!("ssl_key_file={}", key.display()),
    ];
    let mut args = vec!["-D".to_owned(), data.display().to_string()];
    args.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
    // Its word for ending the sessions at once, but in order.
    Server::start("postgres", folder, port, Signal::SIGINT, &args)
}

fn start_mariadb(folder: &Path, certificate: &Path, key: &Path) -> anyhow::Result<Server> {
    let data = format!("--datadir={}", folder.join("mariadb-data").display());
    let mut init = as_the_user(&program("mariadb-install-db"));
    run(init.args(["--no-defaults", "--skip-test-db", &data]).current_dir(folder))?;
    let port = free_port()?;
    let file = |name: &str| folder.join(name).display().to_string();
    let args = [
        "--no-defaults".to_owned(),
        data,
        format!("--port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--socket={}", file("mariadb.sock")),
        format!("--pid-file={}", file("mariadb.pid")),
        format!("--init-file={}", file("setup.sql")),
        format!("--ssl-cert={}", certificate.display()),
        format!("--ssl-key={}", key.display()),
        "--innodb-flush-log-at-trx-commit=0".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--character-set-server=utf8mb4".to_owned(),
    ];
    Server::start("mariadbd", folder, port, Signal::SIGTERM, &args)
}

/// What MariaDB runs when it starts.
fn setup() -> String {
    format!(
        "CREATE USER IF NOT EXISTS tester@'%' IDENTIFIED BY '{PASSWORD}';\n\
         GRANT ALL ON *.* TO tester@'%' WITH GRANT OPTION;\n"
    )
}

/// A certificate for this machine's loopback addresses. A client that is given it trusts it.
fn make_certificate(certificate: &Path, key: &Path) -> anyhow::Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
    // One that is an authority may not also be a server's.
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    run(openssl.arg("-keyout").arg(key).arg("-out").arg(certificate))
}

/// The program, where it is.
#[expect(clippy::disallowed_methods, reason = "the search path says where the system's programs are")]
fn program(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    folders.push(PathBuf::from("/usr/sbin"));
    let mut versions: Vec<PathBuf> =
        fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| PathBuf::from(name))
}

/// Runs as `nobody` where this is root, which both servers refuse to be; ends with this process.
fn as_the_user(program: &Path) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    if geteuid().is_root() {
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
    }
    command.args(["--pdeathsig=KILL", "--"]).arg(program);
    command
}

/// Gives the folder to the user whom the servers run as.
fn give_to_the_user(folder: &Path) -> anyhow::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    run(Command::new("chown").args(["-R", "nobody:nogroup"]).arg(folder))
}

/// Runs a command, and shows what it said only where it fails.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_owned();
    let ran = command.stdin(Stdio::null()).output();
    let output = ran.with_context(|| format!("cannot start {}", name.display()))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&said).trim());
    }
    Ok(())
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Starts the servers, says where they are, and keeps them until the command is ended.
pub(crate) fn serve() -> anyhow::Result<()> {
    let databases = Databases::start()?;
    say("the servers run until this command is ended; for the tests:");
    for (name, value) in databases.variables() {
        say(&format!("export {name}='{value}'"));
    }
    loop {
        std::thread::park();
    }
}
