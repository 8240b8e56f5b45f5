//! What the installer's process may know of this process's environment.

use std::ffi::{OsStr, OsString};

/// Variables that are passed on: how to reach an index, a proxy or a certificate, and where temporary files go.
/// Everything else stays here, above all this program's own secrets.
const PASSED_ON: &[&str] = &[
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SSL_CLIENT_CERT",
    "TMPDIR",
    "UV_CONCURRENT_DOWNLOADS",
    "UV_CONFIG_FILE",
    "UV_DEFAULT_INDEX",
    "UV_EXCLUDE_NEWER",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_HTTP_CONNECT_TIMEOUT",
    "UV_HTTP_RETRIES",
    "UV_HTTP_TIMEOUT",
    "UV_INDEX",
    "UV_INDEX_STRATEGY",
    "UV_INDEX_URL",
    "UV_INSECURE_HOST",
    "UV_NATIVE_TLS",
    "UV_OFFLINE",
    "UV_SYSTEM_CERTS",
    "UV_TORCH_BACKEND",
];

/// Names and passwords of named indexes: `UV_INDEX_{NAME}_USERNAME`, `UV_INDEX_{NAME}_PASSWORD`.
const OF_INDEXES: (&str, [&str; 2]) = ("UV_INDEX_", ["_USERNAME", "_PASSWORD"]);

/// What pip calls otherwise; `uv` reads none of pip's variables itself.
const FROM_PIP: &[(&str, &str)] = &[
    ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
    ("PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL"),
    ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST"),
    ("PIP_CERT", "SSL_CERT_FILE"),
    ("PIP_PROXY", "ALL_PROXY"),
];

/// How often a request is tried again unless the environment says otherwise; somebody is waiting.
const RETRIES: &str = "2";

/// The part of an environment that the installer gets.
pub(super) fn passed_on(all: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<(OsString, OsString)> {
    let all: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let mut passed: Vec<_> = all.iter().filter(|(name, _)| name.to_str().is_some_and(is_passed_on)).cloned().collect();
    let is_set = |passed: &[(OsString, OsString)], name: &str| passed.iter().any(|(set, _)| set == OsStr::new(name));
    for (pip, uv) in FROM_PIP {
        if let Some((_, value)) = all.iter().find(|(name, _)| name == OsStr::new(pip))
            && !is_set(&passed, uv)
        {
            passed.push((OsString::from(uv), value.clone()));
        }
    }
    if !is_set(&passed, "UV_HTTP_RETRIES") {
        passed.push(("UV_HTTP_RETRIES".into(), RETRIES.into()));
    }
    passed
}

fn is_passed_on(name: &str) -> bool {
    let (prefix, suffixes) = OF_INDEXES;
    PASSED_ON.iter().any(|known| name.eq_ignore_ascii_case(known) && (name == *known || known.ends_with("_PROXY")))
        || (name.starts_with(prefix) && suffixes.iter().any(|suffix| name.ends_with(suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(variables: &[(&str, &str)]) -> Vec<(String, String)> {
        let all = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let text = |part: OsString| part.into_string().expect("text");
        let mut passed: Vec<_> = passed_on(all).into_iter().map(|(name, value)| (text(name), text(value))).collect();
        passed.retain(|(name, _)| name != "UV_HTTP_RETRIES");
        passed
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn secrets_and_settings_that_change_the_meaning_stay_here() {
        let variables = [
            ("DISCORD_TOKEN", "s"),
            ("OPENAI_API_KEY", "s"),
            ("UV_PUBLISH_TOKEN", "s"),
            ("UV_TARGET", "/"),
            ("UV_NO_BINARY", "1"),
            ("UV_OVERRIDE", "x"),
            ("PYTHONPATH", "/x"),
            ("HOME", "/root"),
            ("PATH", "/bin"),
            ("LD_PRELOAD", "x"),
        ];
        assert_eq!(filtered(&variables), []);
    }

    #[test]
    fn what_leads_to_an_index_is_passed_on() {
        let variables = [
            ("https_proxy", "http://proxy:1"),
            ("NO_PROXY", "localhost"),
            ("SSL_CERT_FILE", "/ca.pem"),
            ("UV_DEFAULT_INDEX", "https://index/simple"),
            ("UV_INDEX_INNER_PASSWORD", "p"),
        ];
        assert_eq!(filtered(&variables), pairs(&variables));
    }

    #[test]
    fn settings_of_pip_hold_where_uv_has_none() {
        let variables =
            [("PIP_INDEX_URL", "https://a/simple"), ("PIP_CERT", "/pip.pem"), ("SSL_CERT_FILE", "/ssl.pem")];
        let expected = pairs(&[("SSL_CERT_FILE", "/ssl.pem"), ("UV_DEFAULT_INDEX", "https://a/simple")]);
        assert_eq!(filtered(&variables), expected);
        let both = [("PIP_INDEX_URL", "https://a/simple"), ("UV_DEFAULT_INDEX", "https://b/simple")];
        assert_eq!(filtered(&both), pairs(&[("UV_DEFAULT_INDEX", "https://b/simple")]));
    }

    #[test]
    fn an_empty_variable_is_none() {
        assert_eq!(filtered(&[("UV_DEFAULT_INDEX", ""), ("HTTPS_PROXY", "")]), []);
    }
}
