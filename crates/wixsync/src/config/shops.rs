//! The shops: the default one from the environment, more from `[[shop]]`.

use std::collections::HashMap;
use std::path::PathBuf;

use domain::ShopName;
use figment::value::{Dict, Value};
use messages::Text;
use secrecy::SecretString;

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
const DEFAULT_NAME: &str = "default";

/// The setting that may stand in a file of its own.
const API_KEY: &str = "api_key";

impl ShopSettings {
    /// Key and site, or which settings are missing.
    pub(crate) fn credentials(&self) -> Result<(&SecretString, &str), Failure> {
        if let (Some(key), Some(site)) = (&self.api_key.value, &self.site_id.value) {
            return Ok((key, site));
        }
        let is_missing =
            [("shop.api_key", self.api_key.value.is_none()), ("shop.site_id", self.site_id.value.is_none())];
        let missing: Vec<String> = Self::declarations()
            .iter()
            .filter(|one| is_missing.contains(&(one.key, true)))
            .map(Declaration::with_variables)
            .collect();
        let text = Text::new("config-shop-incomplete").with("shop", &self.name);
        let text = text.with("file", if self.file_read { "read" } else { "none" });
        Err(Failure::usage(text.with("missing", missing.join(", "))))
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
    key_kept_in: Option<PathBuf>,
}

impl ShopLayers {
    fn read(&self, around: &Surroundings<'_>) -> Result<ShopSettings, Failure> {
        let input = Input { layers: &self.layers, entry: Some(self.name.as_str()), around: *around };
        ShopSettings::read(&input, self.name.clone(), self.key_kept_in.clone(), around.file.is_some())
    }
}

/// All shops. The one that the environment describes, or the default one if there is no other, comes first.
pub(super) fn shops(entries: Vec<Dict>, around: &Surroundings<'_>) -> Result<Vec<ShopSettings>, Failure> {
    let (mut layers, mut shops) = (Vec::new(), Vec::<ShopSettings>::new());
    for entry in entries {
        let shop = from_file(entry, around)?;
        let read = shop.read(around)?;
        if shops.iter().any(|other| other.name == read.name) {
            return Err(Failure::usage(Text::new("config-shop-twice").with("shop", &read.name)));
        }
        layers.push(shop);
        shops.push(read);
    }
    let assigned = assigned_by(around.environment, &of_shop())?;
    if shops.is_empty() || !assigned.is_empty() {
        let at = described_by_environment(&shops);
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
fn described_by_environment(shops: &[ShopSettings]) -> Option<usize> {
    match shops {
        [_] => Some(0),
        several => several.iter().position(|shop| shop.name.as_str() == DEFAULT_NAME),
    }
}

fn overlay(shop: Option<ShopLayers>, assigned: Vec<Assignment>, around: &Surroundings<'_>) -> ShopLayers {
    let mut shop = shop.unwrap_or_else(|| ShopLayers {
        layers: Layers::default(),
        name: ShopName::new(DEFAULT_NAME),
        key_kept_in: None,
    });
    for assignment in assigned {
        if assignment.key.ends_with(API_KEY) {
            shop.key_kept_in = around.environment.get("WIX_API_KEY_FILE").map(PathBuf::from);
        }
        shop.layers = shop.layers.set(assignment);
    }
    shop
}

/// Two shops with the same site would have two leases and two journals, and both would write to it at once.
fn refuse_one_site_twice(shops: &[ShopSettings]) -> Result<(), Failure> {
    let mut seen = HashMap::new();
    for shop in shops {
        let Some(site) = &shop.site_id.value else { continue };
        let address = (shop.base_url.value.origin(), site.to_ascii_lowercase());
        if let Some(first) = seen.insert(address, &shop.name) {
            let text = Text::new("config-site-twice").with("site", site);
            let text = text.with("first", first).with("second", &shop.name);
            return Err(Failure::usage(text));
        }
    }
    Ok(())
}

/// A `[[shop]]`, with the key's file read.
fn from_file(mut entry: Dict, around: &Surroundings<'_>) -> Result<ShopLayers, Failure> {
    let origin = around.file.map_or(Origin::Default, |file| Origin::File(file.to_owned()));
    let file_key = format!("{API_KEY}_file");
    let key_file = entry.remove(&file_key).and_then(Value::into_string);
    let key_file = key_file.map(|path| around.beside_file(&path).unwrap_or_else(|| PathBuf::from(path)));
    let mut key_kept_in = key_file.clone();
    match (key_file, entry.contains_key(API_KEY)) {
        (Some(_), true) => {
            let text = Text::new("config-twice").with("setting", API_KEY).with("other", file_key);
            return Err(Failure::usage(text));
        }
        (Some(file), false) => {
            entry.insert(API_KEY.to_owned(), Value::from(read_secret(&file, &file_key)?));
        }
        (None, true) => key_kept_in = around.file.map(ToOwned::to_owned),
        (None, false) => {}
    }
    let values = Dict::from([(SHOP.to_owned(), Value::from(entry))]);
    let layers = Layers::default().over(values, origin);
    let Sourced { value: name, .. } =
        Input { layers: &layers, entry: None, around: *around }.read(&shop_name())?;
    Ok(ShopLayers { layers, name, key_kept_in })
}
