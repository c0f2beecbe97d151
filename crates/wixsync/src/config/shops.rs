//! The shops: the default one from the environment, more from `[[shop]]`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use domain::ShopName;
use messages::Text;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::layers::{RawShop, Variable, from_environment, read_secret};
use super::{Origin, Sourced};
use crate::environment::Environment;
use crate::error::Failure;

/// Wix's own address.
const WIX: &str = "https://www.wixapis.com/";

/// The shop that the environment describes.
const DEFAULT_NAME: &str = "default";

/// So many characters the name of a shop may have.
const LONGEST_NAME: usize = 100;

const API_KEY: Variable = Variable { name: "WIX_API_KEY", key: "", secret: true };
const SITE_ID: Variable = Variable { name: "WIX_SITE_ID", key: "", secret: false };
const ACCOUNT_ID: Variable = Variable { name: "WIX_ACCOUNT_ID", key: "", secret: false };
const BASE_URL: Variable = Variable { name: "WIX_BASE_URL", key: "", secret: false };

/// One shop. Key and site may still be missing: `config show` works without them.
#[derive(Debug, Clone)]
pub(crate) struct ShopSettings {
    pub(crate) name: ShopName,
    pub(crate) api_key: Option<Sourced<SecretString>>,
    /// The file that holds the key; `None` where an environment variable does.
    pub(crate) key_kept_in: Option<PathBuf>,
    pub(crate) site_id: Option<Sourced<String>>,
    /// Kept for calls on the account; site calls are made without it.
    pub(crate) account_id: Option<Sourced<String>>,
    pub(crate) base_url: Sourced<Url>,
    /// Its own schedule, where it has one.
    pub(crate) schedule: Option<Sourced<String>>,
    /// Whether there was a `wixsync.toml` in which it could stand.
    pub(crate) file_read: bool,
}

impl ShopSettings {
    /// Key and site, or which settings are missing.
    pub(crate) fn credentials(&self) -> Result<(&SecretString, &str), Failure> {
        match (&self.api_key, &self.site_id) {
            (Some(key), Some(site)) => Ok((&key.value, &site.value)),
            (key, site) => {
                let mut missing = Vec::new();
                if key.is_none() {
                    missing.push("api_key (WIX_API_KEY, WIX_API_KEY_FILE)");
                }
                if site.is_none() {
                    missing.push("site_id (WIX_SITE_ID)");
                }
                let text = Text::new("config-shop-incomplete").with("shop", &self.name);
                let text = text.with("file", if self.file_read { "read" } else { "none" });
                Err(Failure::usage(text.with("missing", missing.join(", "))))
            }
        }
    }
}

/// The shops, the default one first where the environment or nothing else names one.
pub(super) fn shops(
    raw: Vec<RawShop>,
    file: Option<&Path>,
    environment: &Environment,
) -> Result<Vec<ShopSettings>, Failure> {
    let mut shops = Vec::new();
    for shop in raw {
        let shop = from_file(shop, file)?;
        if shops.iter().any(|other: &ShopSettings| other.name == shop.name) {
            return Err(Failure::usage(Text::new("config-shop-twice").with("shop", &shop.name)));
        }
        shops.push(shop);
    }
    let named = [API_KEY, SITE_ID, ACCOUNT_ID, BASE_URL];
    let mut said = Vec::new();
    for variable in &named {
        said.push(from_environment(environment, variable)?);
    }
    if shops.is_empty() || said.iter().any(Option::is_some) {
        let key_file = environment.get("WIX_API_KEY_FILE").map(PathBuf::from);
        overlay(&mut shops, said, key_file, file.is_some())?;
    }
    refuse_one_site_twice(&shops)?;
    Ok(shops)
}

/// A site under two names would be two shops to the lease and the journal, and written by both at once.
fn refuse_one_site_twice(shops: &[ShopSettings]) -> Result<(), Failure> {
    let mut seen = HashMap::new();
    for shop in shops {
        let Some(site) = &shop.site_id else { continue };
        let place = (shop.base_url.value.origin(), site.value.to_ascii_lowercase());
        if let Some(first) = seen.insert(place, &shop.name) {
            let text = Text::new("config-site-twice").with("site", &site.value);
            let text = text.with("first", first).with("second", &shop.name);
            return Err(Failure::usage(text));
        }
    }
    Ok(())
}

/// The environment overrides the file's shop where that is the only one or is named `default`; else it
/// describes a shop of its own, named so.
fn overlay(
    shops: &mut Vec<ShopSettings>,
    said: Vec<Option<(String, String)>>,
    key_file: Option<PathBuf>,
    file_read: bool,
) -> Result<(), Failure> {
    let at = match shops.as_slice() {
        [_] => Some(0),
        several => several.iter().position(|shop| shop.name.as_str() == DEFAULT_NAME),
    };
    let mut shop = match at {
        Some(at) => shops.remove(at),
        None => nameless(file_read)?,
    };
    let mut said = said
        .into_iter()
        .map(|pair| pair.map(|(name, value)| Sourced { value, origin: Origin::Environment(name) }));
    if let Some(key) = said.next().flatten() {
        shop.api_key = Some(Sourced { value: SecretString::from(key.value), origin: key.origin });
        shop.key_kept_in = key_file;
    }
    shop.site_id = said.next().flatten().or(shop.site_id);
    shop.account_id = said.next().flatten().or(shop.account_id);
    if let Some(url) = said.next().flatten() {
        shop.base_url = base_url(&url.value, url.origin, BASE_URL.name)?;
    }
    check(&shop)?;
    shops.insert(0, shop);
    Ok(())
}

fn nameless(file_read: bool) -> Result<ShopSettings, Failure> {
    Ok(ShopSettings {
        name: ShopName::new(DEFAULT_NAME),
        api_key: None,
        key_kept_in: None,
        site_id: None,
        account_id: None,
        base_url: base_url(WIX, Origin::Default, BASE_URL.name)?,
        schedule: None,
        file_read,
    })
}

fn from_file(raw: RawShop, file: Option<&Path>) -> Result<ShopSettings, Failure> {
    let origin = || file.map_or(Origin::Default, |file| Origin::File(file.to_owned()));
    let sourced = |value| Sourced { value, origin: origin() };
    let base = file.and_then(Path::parent).unwrap_or_else(|| Path::new(""));
    let key_file = raw.api_key_file.map(|path| base.join(path));
    let key_kept_in = key_file.clone().or_else(|| file.filter(|_| raw.api_key.is_some()).map(Path::to_owned));
    let key = match (raw.api_key, key_file) {
        (Some(_), Some(_)) => {
            let text = Text::new("config-twice").with("setting", "api_key").with("other", "api_key_file");
            return Err(Failure::usage(text));
        }
        (Some(key), None) => Some(key),
        (None, Some(path)) => Some(read_secret(&path, "api_key_file")?),
        (None, None) => None,
    };
    let (url, url_origin) = match raw.base_url {
        Some(url) => (url, origin()),
        None => (WIX.to_owned(), Origin::Default),
    };
    let shop = ShopSettings {
        name: ShopName::new(&raw.name),
        api_key: key.map(|key| sourced_secret(key, origin())),
        key_kept_in,
        site_id: raw.site_id.map(sourced),
        account_id: raw.account_id.map(sourced),
        base_url: base_url(&url, url_origin, "base_url")?,
        schedule: raw.schedule.map(sourced),
        file_read: file.is_some(),
    };
    check(&shop)?;
    Ok(shop)
}

fn sourced_secret(key: String, origin: Origin) -> Sourced<SecretString> {
    Sourced { value: SecretString::from(key), origin }
}

/// What cannot be a key or a site id, told before anything is sent.
fn check(shop: &ShopSettings) -> Result<(), Failure> {
    let name = shop.name.as_str();
    // A name stands in log lines, where a line break in it would forge one.
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Failure::usage(Text::new("config-shop-nameless").with("most", LONGEST_NAME)));
    }
    let bad = |text: &str| {
        text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii())
    };
    if shop.api_key.as_ref().is_some_and(|key| bad(key.value.expose_secret())) {
        let text = Text::new("config-bad-key").with("setting", API_KEY.name).with("shop", &shop.name);
        return Err(Failure::usage(text));
    }
    if shop.site_id.as_ref().is_some_and(|site| bad(&site.value)) {
        let text = Text::new("config-bad-key").with("setting", SITE_ID.name).with("shop", &shop.name);
        return Err(Failure::usage(text));
    }
    Ok(())
}

/// A base address ends with a slash, so that paths are added to it and do not replace its last part.
fn base_url(text: &str, origin: Origin, setting: &str) -> Result<Sourced<Url>, Failure> {
    let with_slash = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    match Url::parse(&with_slash) {
        Ok(value) if is_plain_address(&value) => Ok(Sourced { value, origin }),
        _ => Err(bad_address(setting, "wix")),
    }
}

/// Not an address; `of` says whose it should be: `wix`, `collector` or `dead-man`.
pub(super) fn bad_address(setting: &str, of: &str) -> Failure {
    Failure::usage(Text::new("config-bad-base-url").with("setting", setting).with("of", of))
}

/// Nothing but scheme, host, port and path: whatever else an address may hold could be a secret, and addresses
/// are shown.
pub(super) fn is_plain_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}
