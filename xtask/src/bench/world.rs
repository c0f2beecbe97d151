//! One emulated shop, one warehouse, one state database, and the client between them.

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use super::cases::{Kind, LIMIT, Setting};
use super::child::{self, Ended, Start, Ward, tail};
use super::clock::Stopwatch;
use super::figures::Figures;
use super::goods::Goods;
use super::programs::Programs;
use super::report::{self, Report, Truth};

/// The longest that a program takes until it listens; the emulator reads its shop before.
const START: Duration = Duration::from_mins(2);
/// The longest that any client takes: the slowest case has 1,000 pages, one after the other.
const RUN: Duration = Duration::from_mins(15);
/// The client's log: as users have it, and a line for every read that is repeated. A filter's target is a prefix, so
/// `wix` alone would be `wixsync` too.
const LOG: &str = "info,wix::client=debug";

/// How the emulator can be reached, as it says itself.
#[derive(Debug, Deserialize)]
struct Reach {
    base_url: String,
    api_key: String,
    site_id: String,
}

/// Everything that one series needs. Dropping it ends the emulator and deletes the files.
pub(super) struct World<'a> {
    programs: &'a Programs,
    setting: Setting,
    goods: Goods,
    reach: Reach,
    /// Held for its end.
    _emulator: Ward,
    folder: TempDir,
    runs: u32,
}

impl<'a> World<'a> {
    /// A shop that shows what the warehouse has.
    pub(super) fn start(programs: &'a Programs, setting: Setting) -> anyhow::Result<Self> {
        let folder = programs.place.room()?;
        let goods = Goods::new(setting);
        let (emulator, reach) = emulator(programs, setting, &goods, &folder).context("the emulator")?;
        let world = Self { programs, setting, goods, reach, _emulator: emulator, folder, runs: 0 };
        world.write_warehouse(&world.goods.rows())?;
        Ok(world)
    }

    /// Changes the warehouse, and measures the run that brings the shop after it.
    pub(super) fn run(&mut self, kind: Kind) -> anyhow::Result<Figures> {
        let change = self.goods.change(kind);
        if !change.rows.is_empty() {
            self.write_warehouse(&change.rows)?;
        }
        let changed = change.demand.up + change.demand.down;
        let mut args = vec!["sync".to_owned(), "--json".to_owned()];
        let found = if change.named.is_empty() {
            self.goods.count()
        } else {
            args.push("--sku".to_owned());
            args.extend_from_slice(&change.named);
            changed
        };
        let ended = self.client("state.db", &args)?;
        let report = Report::checked(&ended, &Truth { outcome: "converged", found, changed })?;
        Ok(Figures {
            requests: report.requests,
            floor: change.demand.floor(),
            refused: report::refused(&ended.log),
            usage: ended.usage,
        })
    }

    /// Fails unless every level of the shop is what the warehouse has, in the eyes of a client that knows nothing
    /// of the runs before. Gives the number of its requests.
    pub(super) fn check(&mut self) -> anyhow::Result<u64> {
        let ended = self.client("fresh.db", &["plan".to_owned(), "--json".to_owned()])?;
        let truth = Truth { outcome: "planned", found: self.goods.count(), changed: 0 };
        let report = Report::checked(&ended, &truth).context("the shop is not what the warehouse has")?;
        Ok(report.requests)
    }

    /// Makes every level of the shop wrong.
    pub(super) fn change_all(&mut self) -> anyhow::Result<()> {
        let change = self.goods.change(Kind::ColdAll);
        self.write_warehouse(&change.rows)
    }

    /// A token for the service, which allows to start runs.
    pub(super) fn token(&mut self) -> anyhow::Result<String> {
        let args = ["token", "create", "bench", "--scope", "run", "--json"].map(String::from);
        let ended = self.client("state.db", &args)?;
        let made: serde_json::Value =
            serde_json::from_str(&ended.output).with_context(|| tail(&ended.log))?;
        let token = made.get("token").and_then(serde_json::Value::as_str);
        Ok(token.context("there is no token")?.to_owned())
    }

    /// Starts the service at a free port and waits until it listens; its address.
    pub(super) fn serve(&self) -> anyhow::Result<(Ward, String)> {
        let mut environment = self.environment("state.db").to_vec();
        environment.push(("WIXSYNC_LISTEN", "127.0.0.1:0".to_owned()));
        environment.push(("WIXSYNC_SCHEDULE", "off".to_owned()));
        let start = Start {
            program: &self.programs.wixsync,
            args: &["serve".to_owned(), "--json".to_owned()],
            environment: &environment,
            folder: self.folder.path(),
            name: "service",
            input: None,
        };
        let mut service = Ward::start(&start, None)?;
        let Listens { url } = said(&mut service)?;
        Ok((service, url))
    }

    /// The folder of its files.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn client(&mut self, state: &str, args: &[String]) -> anyhow::Result<Ended> {
        self.runs += 1;
        let start = Start {
            program: &self.programs.wixsync,
            args,
            environment: &self.environment(state),
            folder: self.folder.path(),
            name: &format!("client-{}", self.runs),
            input: None,
        };
        child::measured(&start, RUN)
    }

    fn environment(&self, state: &str) -> [(&'static str, String); 8] {
        [
            ("WIX_BASE_URL", self.reach.base_url.clone()),
            ("WIX_API_KEY", self.reach.api_key.clone()),
            ("WIX_SITE_ID", self.reach.site_id.clone()),
            ("WIXSYNC_WAREHOUSE_URL", format!("sqlite://{}", self.file("warehouse.db").display())),
            ("WIXSYNC_STATE_URL", format!("sqlite://{}", self.file(state).display())),
            ("WIXSYNC_RATE_LIMIT", self.setting.rate_limit()),
            ("WIXSYNC_LOG", LOG.to_owned()),
            ("WIXSYNC_LANG", "en".to_owned()),
        ]
    }

    fn write_warehouse(&self, rows: &[(String, u32, u32)]) -> anyhow::Result<()> {
        let input = self.file("rows.json");
        std::fs::write(&input, serde_json::to_string(rows)?)?;
        let start = Start {
            program: &self.programs.warehouse,
            args: &["warehouse.db".to_owned()],
            environment: &[],
            folder: self.folder.path(),
            name: "warehouse",
            input: Some(&input),
        };
        let mut writer = Ward::start(&start, None)?;
        if !writer.wait(RUN)?.success() {
            bail!("the warehouse was not written: {}", tail(&writer.log()?));
        }
        Ok(())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Where the service can be reached, as it says itself.
#[derive(Debug, Deserialize)]
struct Listens {
    url: String,
}

/// Starts the emulator and waits until it listens.
fn emulator(
    programs: &Programs,
    setting: Setting,
    goods: &Goods,
    folder: &TempDir,
) -> anyhow::Result<(Ward, Reach)> {
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text);
    write("shop.json", goods.shop().to_string())?;
    let mut args: Vec<String> =
        ["emulator", "shop.json", "--listen", "127.0.0.1:0", "--json"].map(String::from).to_vec();
    if setting.limited {
        args.extend(["--rate-limit".to_owned(), LIMIT.to_string()]);
    }
    if setting.latency_ms > 0 {
        write("faults.json", serde_json::json!({"latencyMs": setting.latency_ms}).to_string())?;
        args.extend(["--faults", "faults.json"].map(String::from));
    }
    let start = Start {
        program: &programs.wixsync,
        args: &args,
        environment: &[],
        folder: folder.path(),
        name: "emulator",
        input: None,
    };
    let mut emulator = Ward::start(&start, None)?;
    let reach = said(&mut emulator)?;
    Ok((emulator, reach))
}

/// What a program says of itself once it listens.
fn said<T: DeserializeOwned>(program: &mut Ward) -> anyhow::Result<T> {
    let watch = Stopwatch::start();
    while watch.elapsed() < START {
        // Half a line is no JSON yet.
        if let Ok(said) = serde_json::from_str(&program.output()?) {
            return Ok(said);
        }
        if let Some(status) = program.ended()? {
            bail!("it has ended ({status}): {}", tail(&program.log()?));
        }
        sleep(Duration::from_millis(10));
    }
    bail!("it does not listen after {} s", START.as_secs())
}
