//! A test bed: one emulated shop, one warehouse, one state database and the client.

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use super::cases::{Catalog, Kind, LIMIT, Limits, Scenario};
use super::child::{self, ChildProcess, Finished, Start, tail};
use super::figures::Figures;
use super::goods::Goods;
use super::programs::Programs;
use super::report::{self, Expected, Report};
use crate::clock::Stopwatch;

/// The time limit until a program listens. The emulator reads its shop file first.
const START: Duration = Duration::from_mins(2);
/// The time limit of a client. The slowest case reads 1,000 pages one after another.
const RUN: Duration = Duration::from_mins(15);
/// The client's log filter: the default, plus a line for each repeated read. A filter's target is a prefix, so `wix`
/// alone would match `wixsync` too.
const LOG: &str = "info,wix::client=debug";

/// The connection settings that the emulator prints.
#[derive(Debug, Deserialize)]
struct EmulatorSettings {
    base_url: String,
    api_key: String,
    site_id: String,
}

/// The processes and files of one series. Dropping it ends the emulator and deletes the files.
pub(super) struct TestBed<'a> {
    programs: &'a Programs,
    scenario: Scenario,
    goods: Goods,
    emulator_settings: EmulatorSettings,
    /// Kept so that dropping it ends the emulator.
    _emulator: ChildProcess,
    folder: TempDir,
    runs: u32,
}

impl<'a> TestBed<'a> {
    /// Starts a shop whose levels equal the stock in the warehouse.
    pub(super) fn start(programs: &'a Programs, scenario: Scenario) -> anyhow::Result<Self> {
        let folder = programs.folder.temporary()?;
        let goods = Goods::new(scenario);
        let (emulator, emulator_settings) =
            emulator(programs, scenario, &goods, &folder).context("the emulator")?;
        let test_bed =
            Self { programs, scenario, goods, emulator_settings, _emulator: emulator, folder, runs: 0 };
        test_bed.write_warehouse(&test_bed.goods.rows())?;
        Ok(test_bed)
    }

    /// Changes the warehouse and measures the run that updates the shop.
    pub(super) fn run(&mut self, kind: Kind) -> anyhow::Result<Figures> {
        let change = self.goods.change(kind);
        if !change.rows.is_empty() {
            self.write_warehouse(&change.rows)?;
        }
        let changed = change.workload.up + change.workload.down;
        let mut args = vec!["sync".to_owned(), "--json".to_owned()];
        let found = if change.named.is_empty() {
            self.goods.count()
        } else {
            args.push("--sku".to_owned());
            args.extend_from_slice(&change.named);
            changed
        };
        let ended = self.client("state.db", &args)?;
        let report = Report::checked(&ended, &Expected { outcome: "converged", found, changed })?;
        if let Some(most) = self.scenario.most_requests(kind) {
            ensure!(report.requests <= most, "{} requests, {most} are promised", report.requests);
        }
        Ok(Figures {
            requests: report.requests,
            floor: change.workload.floor(self.scenario.catalog),
            refused: report::refused(&ended.log),
            waited_ms: report.waited_ms,
            usage: ended.usage,
        })
    }

    /// Fails unless every level equals the stock, checked by a client with an empty state database. Returns the number
    /// of its requests.
    pub(super) fn check(&mut self) -> anyhow::Result<u64> {
        let ended = self.client("fresh.db", &["plan".to_owned(), "--json".to_owned()])?;
        let expected = Expected { outcome: "planned", found: self.goods.count(), changed: 0 };
        let report = Report::checked(&ended, &expected).context("the shop is not what the warehouse has")?;
        Ok(report.requests)
    }

    /// Changes the stock of every SKU.
    pub(super) fn change_all(&mut self) -> anyhow::Result<()> {
        let change = self.goods.change(Kind::ColdAll);
        self.write_warehouse(&change.rows)
    }

    /// Creates an API token that may start runs.
    pub(super) fn token(&mut self) -> anyhow::Result<String> {
        let args = ["token", "create", "bench", "--scope", "run", "--json"].map(String::from);
        let ended = self.client("state.db", &args)?;
        let made: serde_json::Value =
            serde_json::from_str(&ended.output).with_context(|| tail(&ended.log))?;
        let token = made.get("token").and_then(serde_json::Value::as_str);
        Ok(token.context("there is no token")?.to_owned())
    }

    /// Starts the service on a free port, waits until it listens and returns its URL.
    pub(super) fn serve(&self) -> anyhow::Result<(ChildProcess, String)> {
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
        let mut service = ChildProcess::start(&start, None)?;
        let Listens { url } = said(&mut service)?;
        Ok((service, url))
    }

    /// The folder of the test bed's files.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn client(&mut self, state: &str, args: &[String]) -> anyhow::Result<Finished> {
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

    fn environment(&self, state: &str) -> [(&'static str, String); 9] {
        [
            ("WIX_BASE_URL", self.emulator_settings.base_url.clone()),
            ("WIX_API_KEY", self.emulator_settings.api_key.clone()),
            ("WIX_SITE_ID", self.emulator_settings.site_id.clone()),
            ("WIXSYNC_WAREHOUSE_URL", format!("sqlite://{}", self.file("warehouse.db").display())),
            ("WIXSYNC_STATE_URL", format!("sqlite://{}", self.file(state).display())),
            ("WIXSYNC_RATE_LIMIT", self.scenario.limits.rate_limit()),
            ("WIXSYNC_PACE", self.scenario.limits.pace().to_owned()),
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
        let mut writer = ChildProcess::start(&start, None)?;
        if !writer.wait(RUN)?.success() {
            bail!("the warehouse was not written: {}", tail(&writer.log()?));
        }
        Ok(())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The address that the service prints.
#[derive(Debug, Deserialize)]
struct Listens {
    url: String,
}

/// Starts the emulator and waits until it listens.
fn emulator(
    programs: &Programs,
    scenario: Scenario,
    goods: &Goods,
    folder: &TempDir,
) -> anyhow::Result<(ChildProcess, EmulatorSettings)> {
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text);
    write("shop.json", goods.shop().to_string())?;
    let mut args: Vec<String> =
        ["emulator", "shop.json", "--listen", "127.0.0.1:0", "--json"].map(String::from).to_vec();
    let catalog = match scenario.catalog {
        Catalog::V1 => "V1_CATALOG",
        Catalog::V3 => "V3_CATALOG",
    };
    let mut conditions = serde_json::json!({"latencyMs": scenario.latency_ms, "catalog": catalog});
    limits(scenario.limits, &mut conditions);
    if programs.has_latency {
        write("faults.json", conditions.to_string())?;
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
    let mut emulator = ChildProcess::start(&start, None)?;
    let emulator_settings = said(&mut emulator)?;
    Ok((emulator, emulator_settings))
}

/// Adds what the shop refuses to its conditions.
fn limits(limits: Limits, conditions: &mut serde_json::Value) {
    let most =
        |requests: u32, window_ms: u32| serde_json::json!({"requests": requests, "windowMs": window_ms});
    match limits {
        Limits::Off => {}
        Limits::Minute => conditions["rateLimit"] = most(LIMIT, 60_000),
        // As a shop on V3 was seen to do: a JSON answer after some 40 to 50 requests in a row, a page from the edge
        // after some 150 at 120 ms.
        Limits::Pace | Limits::NoPace => {
            conditions["rateLimit"] = most(45, 2_000);
            conditions["edgeLimit"] = most(150, 18_000);
        }
    }
}

/// Waits for the JSON that a program prints once it listens.
fn said<T: DeserializeOwned>(program: &mut ChildProcess) -> anyhow::Result<T> {
    let watch = Stopwatch::start();
    while watch.elapsed() < START {
        // An incomplete line is not valid JSON yet.
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
