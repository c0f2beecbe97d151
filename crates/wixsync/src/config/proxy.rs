//! The way out: which addresses are reached through a proxy.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::Settings;
use super::loopback::is_loopback;
use super::setting::SetValue;
use super::values::bad_address;
use crate::error::Failure;

/// The address of a proxy: `http://host:port`, with a user and a password where it asks for them. Without a scheme it is
/// an HTTP proxy, as other programs take it.
pub(super) fn address(text: &str) -> Option<Url> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(with_scheme.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// The error does not show the value, which may hold a password.
pub(super) fn parse(set: &SetValue<'_>) -> Result<Url, Failure> {
    address(set.text()).ok_or_else(|| bad_address(set.name, "proxy"))
}

impl Settings {
    /// The proxy that leads to `url`; `None` where it is reached directly, as this machine always is.
    pub(crate) fn proxy_to(&self, url: &Url) -> Option<Url> {
        let proxy = self.proxy.value.as_ref().filter(|_| !is_loopback(url))?;
        let matcher = Matcher::builder().all(proxy.as_str());
        let matcher = matcher.no(self.no_proxy.value.as_deref().unwrap_or_default()).build();
        matcher.intercept(&url.as_str().parse().ok()?).map(|_| proxy.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, File};
    use crate::environment::Environment;

    fn proxy_to(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let settings = config::load(&Environment::of(variables), File::None, None).unwrap();
        settings.proxy_to(&url.parse().unwrap()).map(|proxy| proxy.to_string())
    }

    #[test]
    fn the_proxy_is_used_for_others_and_never_for_this_machine() {
        let set = [("HTTPS_PROXY", "http://user:pw@proxy.example:3128")];
        let due = Some("http://user:pw@proxy.example:3128/".to_owned());
        assert_eq!(proxy_to(&set, "https://www.wixapis.com/"), due);
        for own in ["http://127.0.0.1:8080/", "https://localhost/", "http://[::1]:1/", "http://127.1.2.3/"] {
            assert_eq!(proxy_to(&set, own), None, "{own}");
        }
        assert_eq!(proxy_to(&[], "https://www.wixapis.com/"), None);
        assert_eq!(
            proxy_to(&[("https_proxy", "proxy.example:3128")], "https://www.wixapis.com/"),
            Some("http://proxy.example:3128/".to_owned())
        );
    }

    #[test]
    fn hosts_that_are_named_are_reached_directly() {
        for (no_proxy, url, is_direct) in [
            ("wixapis.com", "https://www.wixapis.com/", true),
            (".wixapis.com", "https://www.wixapis.com/", true),
            ("example.com, www.wixapis.com", "https://www.wixapis.com/", true),
            ("apis.com", "https://www.wixapis.com/", false),
            ("10.0.0.0/8", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://11.1.2.3/", false),
            ("*", "https://www.wixapis.com/", true),
        ] {
            for name in ["NO_PROXY", "no_proxy"] {
                let set = [("HTTPS_PROXY", "http://p:1"), (name, no_proxy)];
                assert_eq!(proxy_to(&set, url).is_none(), is_direct, "{no_proxy} {url}");
            }
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in ["socks5://p:1", "ftp://p", "http://", ""] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
