//! The shops: the default one from the environment, more from `[[shop]]`.

use std::collections::HashMap;
use std::path::PathBuf;

use domain::ShopName;
use figment::value::{Dict, Value};
use messages::Text;
use wix::Credentials;

use super::input::Input;
use super::layers::{Assignment, Layers, assigned_by};
use super::secret::read_secret;
use super::setting::{Declaration, Surroundings, bad_value};
use super::table::{SHOP, ServiceSettings, ShopSettings, of_shop, shop_name};
use super::values::{OFF, SCHEDULES};
use super::{Origin, Sourced};
use crate::error::Failure;
use server::Schedule;

/// The shop that the environment describes.
pub(super) const DEFAULT_NAME: &str = "default";

/// The settings that may stand in a file of their own.
const SECRETS: [&str; 2] = ["api_key", "app_secret"];

impl ShopSettings {
    /// Key and site, or an app's client credentials; or which settings are missing.
    pub(crate) fn credentials(&self) -> Result<Credentials, Failure> {
        if self.has_app() {
            return self.app_credentials();
        }
        if let (Some(key), Some(site)) = (&self.api_key.value, &self.site_id.value) {
            return Ok(Credentials::ApiKey { key: key.clone(), site_id: site.clone() });
        }
        Err(self.incomplete(&[
            ("shop.api_key", self.api_key.value.is_none()),
            ("shop.site_id", self.site_id.value.is_none()),
        ]))
    }

    /// Whether the shop is reached as an app.
    pub(crate) fn has_app(&self) -> bool {
        self.app_id.value.is_some() || self.app_secret.value.is_some() || self.instance_id.value.is_some()
    }

    fn app_credentials(&self) -> Result<Credentials, Failure> {
        if self.api_key.value.is_some() {
            return Err(Failure::usage(Text::new("config-two-credentials").with("shop", &self.name)));
        }
        let parts = (&self.app_id.value, &self.app_secret.value, &self.instance_id.value);
        if let (Some(app_id), Some(secret), Some(instance_id)) = parts {
            let (app_id, secret, instance_id) = (app_id.clone(), secret.clone(), instance_id.clone());
            return Ok(Credentials::App { app_id, secret, instance_id });
        }
        Err(self.incomplete(&[
            ("shop.app_id", parts.0.is_none()),
            ("shop.app_secret", parts.1.is_none()),
            ("shop.instance_id", parts.2.is_none()),
        ]))
    }

    /// The error that names the settings that are missing.
    fn incomplete(&self, is_missing: &[(&str, bool)]) -> Failure {
        let missing: Vec<String> = Self::declarations()
            .iter()
            .filter(|one| is_missing.contains(&(one.key, true)))
            .map(Declaration::with_variables)
            .collect();
        let text = Text::new("config-shop-incomplete").with("shop", &self.name);
        let text = text.with("file", if self.file_read { "read" } else { "none" });
        Failure::usage(text.with("missing", missing.join(", ")))
    }

    /// What names the site at Wix: the site's id, or the id of the app on the site.
    pub(crate) fn address(&self) -> Option<&str> {
        let id = if self.has_app() { &self.instance_id } else { &self.site_id };
        id.value.as_deref()
    }
}

impl ServiceSettings {
    /// The schedule of a shop; `None` if it is off.
    pub(crate) fn schedule_of(&self, shop: &ShopSettings) -> Result<Option<Schedule>, Failure> {
        let text = shop.schedule.value.as_ref().unwrap_or(&self.schedule.value);
        if text.trim() == OFF {
            return Ok(None);
        }
        match self.parse(text, &shop.name) {
            Some(schedule) => Ok(Some(schedule)),
            None => Err(bad_value(&format!("{SHOP}.{}.schedule", shop.name), text, SCHEDULES)),
        }
    }

    fn parse(&self, text: &str, shop: &ShopName) -> Option<Schedule> {
        let jitter_ms = i64::try_from(self.jitter.value.as_millis()).ok()?;
        Schedule::parse(text, self.time_zone.value.clone(), shop, jitter_ms).ok()
    }
}

/// A shop before its settings are read.
struct ShopLayers {
    layers: Layers,
    name: ShopName,
    secrets_kept_in: Vec<PathBuf>,
}

impl ShopLayers {
    fn read(&self, around: &Surroundings<'_>) -> Result<ShopSettings, Failure> {
        let input = Input { layers: &self.layers, entry: Some(self.name.as_str()), around: *around };
        ShopSettings::read(&input, self.name.clone(), self.secrets_kept_in.clone(), around.file.is_some())
    }
}

/// All shops. The one that the environment describes, or the default one if there is no other, comes first.
pub(super) fn shops(entries: Vec<Dict>, around: &Surroundings<'_>) -> Result<Vec<ShopSettings>, Failure> {
    let assigned = assigned_by(around.environment, &of_shop())?;
    let names: Vec<&str> = entries.iter().map(name_of).collect();
    let at = described_by_environment(&names);
    let is_assigned = |secret: &&str| assigned.iter().any(|assignment| assignment.key.ends_with(*secret));
    let assigned_secrets: Vec<&str> = SECRETS.into_iter().filter(is_assigned).collect();
    let (mut layers, mut shops) = (Vec::new(), Vec::<ShopSettings>::new());
    for (number, mut entry) in entries.into_iter().enumerate() {
        // A service may not be allowed to read the file that the commands of root use.
        for secret in assigned_secrets.iter().filter(|_| at == Some(number)) {
            entry.remove(&format!("{secret}_file"));
        }
        let shop = from_file(entry, around)?;
        let read = shop.read(around)?;
        if shops.iter().any(|other| other.name == read.name) {
            return Err(Failure::usage(Text::new("config-shop-twice").with("shop", &read.name)));
        }
        layers.push(shop);
        shops.push(read);
    }
    if shops.is_empty() || !assigned.is_empty() {
        let shop = at.map(|at| layers.remove(at));
        if let Some(at) = at {
            shops.remove(at);
        }
        shops.insert(0, overlay(shop, assigned, around).read(around)?);
    }
    refuse_one_site_twice(&shops)?;
    Ok(shops)
}

/// Which shop of the file the environment overrides: the only one, or the one named `default`. Where there is neither,
/// the environment describes a shop of its own, named so.
fn described_by_environment(names: &[&str]) -> Option<usize> {
    match names {
        [_] => Some(0),
        several => several.iter().position(|name| *name == DEFAULT_NAME),
    }
}

fn name_of(entry: &Dict) -> &str {
    entry.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn overlay(shop: Option<ShopLayers>, assigned: Vec<Assignment>, around: &Surroundings<'_>) -> ShopLayers {
    let mut shop = shop.unwrap_or_else(|| ShopLayers {
        layers: Layers::default(),
        name: ShopName::new(DEFAULT_NAME),
        secrets_kept_in: Vec::new(),
    });
    for assignment in assigned {
        if SECRETS.iter().any(|secret| assignment.key.ends_with(secret)) {
            shop.secrets_kept_in =
                around.environment.get("WIX_API_KEY_FILE").map(PathBuf::from).into_iter().collect();
        }
        shop.layers = shop.layers.set(assignment);
    }
    shop
}

/// Two shops with the same site would have two leases and two journals, and both would write to it at once.
fn refuse_one_site_twice(shops: &[ShopSettings]) -> Result<(), Failure> {
    let mut seen = HashMap::new();
    for shop in shops {
        let Some(site) = shop.address() else { continue };
        let address = (shop.base_url.value.origin(), site.to_ascii_lowercase());
        if let Some(first) = seen.insert(address, &shop.name) {
            let text = Text::new("config-site-twice").with("site", site);
            let text = text.with("first", first).with("second", &shop.name);
            return Err(Failure::usage(text));
        }
    }
    Ok(())
}

/// A `[[shop]]`, with the files of its secrets read.
fn from_file(mut entry: Dict, around: &Surroundings<'_>) -> Result<ShopLayers, Failure> {
    let origin = around.file.map_or(Origin::Default, |file| Origin::File(file.to_owned()));
    let mut secrets_kept_in = Vec::new();
    for secret in SECRETS {
        secrets_kept_in.extend(read_secret_of(&mut entry, secret, around)?);
    }
    let values = Dict::from([(SHOP.to_owned(), Value::from(entry))]);
    let layers = Layers::default().over(values, origin);
    let Sourced { value: name, .. } =
        Input { layers: &layers, entry: None, around: *around }.read(&shop_name())?;
    Ok(ShopLayers { layers, name, secrets_kept_in })
}

/// Puts the content of the file that `secret` names into `entry`. Gives the file that holds the secret; `None` if there
/// is no such secret.
fn read_secret_of(
    entry: &mut Dict,
    secret: &str,
    around: &Surroundings<'_>,
) -> Result<Option<PathBuf>, Failure> {
    let file_key = format!("{secret}_file");
    let file = entry.remove(&file_key).and_then(Value::into_string);
    let file = file.map(|path| around.beside_file(&path).unwrap_or_else(|| PathBuf::from(path)));
    match (file, entry.contains_key(secret)) {
        (Some(_), true) => {
            let text = Text::new("config-twice").with("setting", secret).with("other", file_key);
            Err(Failure::usage(text))
        }
        (Some(file), false) => {
            entry.insert(secret.to_owned(), Value::from(read_secret(&file, &file_key)?));
            Ok(Some(file))
        }
        (None, true) => Ok(around.file.map(ToOwned::to_owned)),
        (None, false) => Ok(None),
    }
}
