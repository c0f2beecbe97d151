//! The error codes. Each has a message, a hint and a page.
//!
//! 1xxx usage and settings, 2xxx warehouse, 3xxx Wix and the shop, 4xxx state database, 5xxx runs, plans and the
//! guard, 6xxx import and setup, 7xxx server. A released code never changes its meaning and is never reused.

use std::fmt;
use std::str::FromStr;

use crate::{Lang, Messages, Text};

/// An error code that users see, such as `WX3003`.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCode {
    number: u16,
    /// The id of the message that says what is wrong.
    pub message: &'static str,
    /// The id of the hint that says what to do. It may use the arguments of the message.
    pub hint: &'static str,
    english: &'static str,
    russian: &'static str,
}

macro_rules! codes {
    ($($number:literal $message:literal $hint:literal)*) => {
        /// All codes in ascending order.
        pub const ALL: &[ErrorCode] = &[$(ErrorCode {
            number: $number,
            message: $message,
            hint: $hint,
            english: include_str!(concat!("../../../docs/errors/WX", $number, ".md")),
            russian: include_str!(concat!("../../../docs/errors/ru/WX", $number, ".md")),
        }),*];
    };
}

codes! {
    1001 "usage-unknown-argument" "hint-usage-option"
    1002 "usage-unknown-command" "hint-usage-command"
    1003 "usage-missing-command" "hint-usage-command"
    1004 "usage-missing-argument" "hint-usage-value"
    1005 "usage-not-one-of" "hint-usage-value"
    1006 "usage-bad-value" "hint-usage-value"
    1007 "usage-missing-value" "hint-usage-value"
    1008 "usage-conflict" "hint-usage-option"
    1009 "usage-unreadable" "hint-usage-option"
    1020 "set-twice" "hint-set-twice"
    1021 "error-code-unknown" "hint-error-code-unknown"
    1022 "output-lost" "hint-output-lost"

    1101 "config-unreadable" "hint-config-value"
    1102 "config-no-file" "hint-no-file"
    1103 "config-file-unreadable" "hint-config-file"
    1104 "config-unknown-setting" "hint-config-file"
    1105 "config-wrong-type" "hint-config-file"
    1106 "config-missing-setting" "hint-config-file"
    1107 "config-bad-value" "hint-config-value"
    1108 "config-twice" "hint-twice"
    1109 "config-secret-file" "hint-secret-file"
    1110 "config-secret-empty" "hint-secret-empty"
    1111 "config-unknown-variable" "hint-unknown-variable"
    1112 "config-otlp" "hint-otlp"
    1113 "config-database-scheme" "hint-database-scheme"
    1114 "config-database-url" "hint-database-url"
    1115 "config-not-unicode" "hint-not-unicode"
    1116 "config-file-not-utf-8" "hint-file-not-utf-8"
    1117 "config-file-syntax" "hint-file-syntax"
    1118 "config-one-table" "hint-one-table"
    1119 "config-database-name" "hint-database-name"
    1120 "config-foreign" "hint-foreign"
    1121 "state-second" "hint-state-second"
    1130 "config-unknown-zone" "hint-unknown-zone"
    1201 "config-shop-incomplete" "hint-shop-incomplete"
    1202 "config-shop-twice" "hint-shop-names"
    1203 "config-site-twice" "hint-site-twice"
    1204 "config-shop-nameless" "hint-shop-names"
    1205 "config-bad-key" "hint-bad-key"
    1206 "config-bad-base-url" "hint-bad-base-url"
    1207 "config-no-such-shop" "hint-shop-option"
    1208 "config-which-shop" "hint-which-shop"
    1209 "config-two-credentials" "hint-two-credentials"
    1210 "config-plain-http" "hint-plain-http"

    1801 "emulator-start" "hint-emulator-start"
    1802 "emulator-file" "hint-emulator-file"
    1803 "emulator-faults" "hint-emulator-file"
    1811 "demo-broken" "hint-demo"
    1812 "demo-wrong" "hint-demo-wrong"
    1901 "error-runtime" "hint-runtime"
    1902 "error-defect" "hint-defect"

    2001 "config-no-warehouse-url" "hint-warehouse-url"
    2002 "config-empty-query" "hint-empty-query"
    2003 "config-no-warehouses" "hint-no-warehouses"
    2101 "fail-warehouse-unreachable" "fail-hint-warehouse-unreachable"
    2102 "fail-warehouse-schema" "fail-hint-warehouse-schema"
    2103 "fail-warehouse-query" "fail-hint-warehouse-query"
    2104 "fail-warehouse-value" "fail-hint-warehouse-value"
    2105 "fail-warehouse-unknown-name" "fail-hint-warehouse-unknown-name"
    2106 "fail-warehouse-missing" "fail-hint-warehouse-missing"
    2107 "fail-warehouse-damaged" "fail-hint-warehouse-damaged"
    2110 "fail-warehouse-locked" "fail-hint-warehouse-locked"
    2111 "fail-warehouse-unfinished" "fail-hint-warehouse-unfinished"
    2112 "fail-warehouse-denied" "fail-hint-warehouse-denied"
    2113 "fail-warehouse-timeout" "fail-hint-warehouse-timeout"
    2201 "doctor-warehouse-without-rows" "hint-doctor-warehouse-without-rows"
    2202 "doctor-duplicate-rows" "hint-doctor-duplicate-rows"
    2203 "doctor-no-product-row" "hint-doctor-no-product-row"
    2204 "doctor-sku-empty" "hint-doctor-sku-empty"
    2205 "doctor-unreadable-stock" "hint-doctor-unreadable-stock"
    2206 "doctor-negative-stock" "hint-doctor-negative-stock"
    2207 "doctor-fractional-stock" "hint-doctor-fractional-stock"
    2208 "doctor-above-ceiling" "hint-doctor-above-ceiling"
    2209 "doctor-too-long" "hint-doctor-too-long"
    2210 "doctor-reserved-column" "hint-doctor-reserved-column"
    2211 "doctor-odd-prices" "hint-doctor-odd-prices"

    3001 "fail-wix-unreachable" "fail-hint-wix-unreachable"
    3002 "fail-wix-no-answer" "fail-hint-wix-no-answer"
    3003 "fail-wix-unauthorised" "fail-hint-wix-unauthorised"
    3004 "fail-wix-not-found" "fail-hint-wix-not-found"
    3005 "fail-wix-server-error" "fail-hint-wix-server-error"
    3006 "fail-wix-throttled" "fail-hint-wix-throttled"
    3007 "fail-wix-refused" "fail-hint-wix-refused"
    3008 "fail-wix-malformed" "fail-hint-wix-malformed"
    3009 "fail-wix-incomplete" "fail-hint-wix-incomplete"
    3010 "fail-catalog-not-supported" "fail-hint-catalog-not-supported"
    3011 "fail-stores-not-installed" "fail-hint-stores-not-installed"
    3012 "error-client" "hint-client"
    3013 "fail-wix-forbidden" "fail-hint-wix-forbidden"
    3014 "fail-catalog-changed" "fail-hint-catalog-changed"
    3015 "fail-catalog-provisioning" "fail-hint-catalog-provisioning"
    3020 "fail-wix-redirected" "fail-hint-wix-redirected"
    3030 "fail-throttled" "fail-hint-throttled"
    3101 "doctor-nothing-matches" "hint-doctor-nothing-matches"
    3102 "doctor-few-match" "hint-doctor-few-match"
    3103 "doctor-near-misses" "hint-doctor-near-misses"
    3104 "doctor-duplicate-skus" "hint-doctor-duplicate-skus"
    3105 "doctor-untracked" "hint-doctor-untracked"
    3106 "doctor-no-level" "hint-doctor-no-level"
    3107 "doctor-shop-empty" "hint-doctor-shop-empty"
    3108 "doctor-window-full" "hint-doctor-window-full"
    3109 "doctor-clock-off" "hint-doctor-clock-off"
    3110 "doctor-window-closed" "hint-doctor-window-closed"
    3120 "doctor-clock-was-ahead" "hint-doctor-clock-was-ahead"
    3130 "doctor-pace-slowed" "hint-doctor-pace-slowed"

    4001 "error-state" "hint-state"
    4002 "config-no-state-url" "hint-no-state-url"
    4003 "config-state-is-warehouse" "hint-state-is-warehouse"
    4004 "error-state-damaged" "hint-state-damaged"
    4005 "error-state-newer" "hint-state-newer"

    5001 "fail-budget-spent" "fail-hint-budget-spent"
    5002 "fail-too-late" "fail-hint-too-late"
    5003 "error-fenced" "hint-fenced"
    5004 "run-another-waits" "hint-another-waits"
    5005 "run-stopped-waiting" "hint-stopped-waiting"
    5006 "run-not-found" "hint-run-not-found"
    5007 "fail-shop-paused" "fail-hint-shop-paused"
    5008 "fail-attempts-spent" "fail-hint-attempts-spent"
    5009 "run-ambiguous" "hint-run-ambiguous"
    5101 "fail-plan-not-found" "fail-hint-plan-not-found"
    5102 "fail-plan-of-other-shop" "fail-hint-plan-of-other-shop"
    5103 "fail-plan-not-applicable" "fail-hint-plan-not-applicable"
    5104 "fail-plan-expired" "fail-hint-plan-expired"
    5105 "fail-plan-policy-changed" "fail-hint-plan-policy-changed"
    5201 "trip-warehouse-empty" "trip-hint-warehouse-empty"
    5202 "trip-warehouse-shrunk" "trip-hint-warehouse-shrunk"
    5203 "trip-too-many-to-zero" "trip-hint-too-many-to-zero"
    5204 "trip-too-many-units-taken" "trip-hint-too-many-units-taken"
    5205 "trip-too-many-units-added" "trip-hint-too-many-units-added"
    5206 "trip-matches-collapsed" "trip-hint-matches-collapsed"
    5207 "trip-many-back-on-sale" "trip-hint-many-back-on-sale"
    5208 "trip-another-writer" "trip-hint-another-writer"
    5301 "line-rejected" "hint-line-rejected"
    5302 "line-suspect" "hint-line-suspect"
    5303 "line-unresolved" "hint-line-unresolved"
    5401 "doctor-last-run-not-good" "hint-doctor-last-run-not-good"
    5402 "doctor-other-writer" "hint-doctor-other-writer"
    5403 "doctor-another-writer" "hint-doctor-another-writer"

    6001 "import-file" "hint-import-file"
    6002 "import-too-large" "hint-import-too-large"
    6003 "import-query" "hint-import-query"
    6004 "import-warehouse-twice" "hint-import-warehouse-twice"
    6005 "import-which-warehouse" "hint-import-which-warehouse"
    6006 "import-part" "hint-import-part"
    6007 "import-database" "hint-import-database"
    6008 "import-not-a-table" "hint-import-tables"
    6009 "import-missing-columns" "hint-import-tables"
    6010 "import-not-kept" "hint-import-not-kept"
    6011 "import-state-database" "hint-import-state-database"
    6012 "import-on-server" "hint-import-on-server"
    6101 "import-empty" "hint-import-save-anew"
    6102 "import-not-a-list-markup" "hint-import-save-anew"
    6103 "import-not-a-list-pdf" "hint-import-save-anew"
    6104 "import-not-a-list-archive" "hint-import-save-anew"
    6105 "import-not-a-list-moxel" "hint-import-save-anew"
    6106 "import-not-a-list-database" "hint-import-save-anew"
    6107 "import-not-a-list-binary" "hint-import-save-anew"
    6108 "import-unclear-encoding" "hint-import-encoding"
    6109 "import-broken-workbook" "hint-import-save-anew"
    6110 "import-protected" "hint-import-protected"
    6111 "import-no-such-sheet" "hint-import-sheet"
    6112 "import-several-sheets" "hint-import-sheet"
    6113 "import-no-headings" "hint-import-columns"
    6114 "import-several-columns" "hint-import-columns"
    6115 "import-no-such-column" "hint-import-columns"
    6116 "import-numbers-needed" "hint-import-numbers"
    6117 "import-no-numbers" "hint-import-numbers"
    6118 "import-no-rows" "hint-import-save-anew"
    6119 "import-bad-lines" "hint-import-mend"
    6120 "import-unzipped-too-large" "hint-import-unzipped-too-large"
    6121 "import-long-cell" "hint-import-long-cell"
    6122 "import-no-sheets" "hint-import-no-sheets"
    6123 "import-several-files" "hint-import-several-files"
    6124 "import-mixed-warehouses" "hint-import-mixed-warehouses"
    6125 "import-subtract-from" "hint-import-subtract-from"
    6126 "import-not-a-list-dbf" "hint-import-save-anew"
    6127 "import-not-a-list-binary-workbook" "hint-import-save-anew"
    6128 "import-no-such-profile" "hint-import-no-such-profile"
    6129 "import-folder" "hint-import-folder"
    6201 "init-exists" "hint-init-exists"
    6202 "init-no-terminal" "hint-init-no-terminal"
    6203 "init-missing" "hint-init-missing"
    6204 "init-no-key-on-stdin" "hint-init-no-key-on-stdin"
    6205 "init-stopped" "hint-init-stopped"
    6206 "init-no-tables" "hint-init-query"
    6207 "init-several-tables" "hint-init-query"
    6208 "init-no-such-warehouse" "hint-init-no-such-warehouse"
    6209 "init-unwritable" "hint-init-unwritable"
    6210 "check-no-warehouse" "hint-check-no-warehouse"
    6211 "check-open-key" "hint-check-open-key"
    6212 "init-no-folder" "hint-init-no-folder"
    6213 "init-not-a-database" "hint-init-not-a-database"

    7001 "problem-no-such-path" "problem-hint-no-such-path"
    7002 "problem-wrong-method" "problem-hint-no-such-path"
    7003 "problem-no-such-run" "problem-hint-no-such-run"
    7004 "problem-no-such-shop" "problem-hint-no-such-shop"
    7005 "problem-which-shop" "problem-hint-no-such-shop"
    7006 "problem-no-token" "problem-hint-no-token"
    7007 "problem-not-allowed" "problem-hint-not-allowed"
    7008 "problem-too-many-tries" "problem-hint-too-many-tries"
    7009 "problem-not-json" "problem-hint-bad-body"
    7010 "problem-bad-body" "problem-hint-bad-body"
    7011 "problem-bad-query" "problem-hint-bad-body"
    7012 "problem-body-too-large" "problem-hint-body-too-large"
    7013 "problem-bad-key" "problem-hint-bad-key"
    7014 "problem-key-reused" "problem-hint-key-reused"
    7015 "problem-another-waits" "problem-hint-another-waits"
    7016 "problem-shop-paused" "problem-hint-shop-paused"
    7017 "problem-run-is-over" "problem-hint-run-is-over"
    7018 "problem-not-a-task" "problem-hint-not-a-task"
    7019 "problem-shop-failed" "problem-hint-took-too-long"
    7020 "problem-took-too-long" "problem-hint-took-too-long"
    7021 "problem-state-failed" "problem-hint-state-failed"
    7022 "problem-defect" "problem-hint-defect"
    7023 "problem-encoded-body" "problem-hint-encoded-body"
    7024 "problem-state-damaged" "problem-hint-state-damaged"
    7040 "problem-too-many-explanations" "problem-hint-too-many-explanations"
    7101 "serve-cannot-listen" "hint-serve-cannot-listen"
    7102 "serve-broken" "hint-serve-broken"
    7103 "serve-no-metrics" "hint-serve-broken"
    7104 "doctor-tasks-wait" "hint-doctor-tasks-wait"
    7105 "doctor-service-not-ready" "hint-doctor-service-not-ready"
    7106 "doctor-service-stranger" "hint-doctor-service-stranger"
    7107 "doctor-service-foreign" "hint-doctor-service-foreign"
    7108 "doctor-rehearsal-waits" "hint-doctor-rehearsal-waits"
    7109 "doctor-rehearsal-failed" "hint-doctor-rehearsal-failed"
    7110 "doctor-api-broken" "hint-doctor-api-broken"
    7111 "token-no-randomness" "hint-token-no-randomness"
    7112 "token-name-taken" "hint-token-name-taken"
    7113 "token-unknown" "hint-token-unknown"
    7114 "token-bad-name" "hint-token-bad-name"
    7115 "doctor-rehearsal-left-out" "hint-doctor-rehearsal-left-out"
    7116 "doctor-no-client" "hint-doctor-no-client"
    7120 "doctor-stopped" "hint-doctor-stopped"
    7121 "doctor-background-failed" "hint-doctor-background-failed"
    7122 "doctor-background-overdue" "hint-doctor-background-overdue"
}

impl ErrorCode {
    /// The code of a message; `None` if the message is not an error.
    #[must_use]
    pub fn of(message: &str) -> Option<&'static Self> {
        ALL.iter().find(|code| code.message == message)
    }

    /// The code of a run's failure; `None` for a failure that only a newer version knows.
    #[must_use]
    pub fn of_failure(code: &str) -> Option<&'static Self> {
        Self::of_coded("fail", code)
    }

    /// The code of the message that [`Messages::coded`] finds for `prefix` and `code`.
    #[must_use]
    pub fn of_coded(prefix: &str, code: &str) -> Option<&'static Self> {
        let code = code.replace('_', "-");
        ALL.iter().find(|known| {
            let rest = known.message.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
            rest == Some(code.as_str())
        })
    }

    /// The page of the code: what happened, why, and what to do.
    #[must_use]
    pub fn page(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.english,
            Lang::Ru => self.russian,
        }
    }

    /// The title of its page: what the code means in a few words.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        let first = self.page(lang).lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WX{:04}", self.number)
    }
}

/// A text that is not an error code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no error code {0:?}")]
pub struct UnknownCode(pub String);

impl FromStr for &'static ErrorCode {
    type Err = UnknownCode;

    /// Parses `WX3003`, also in lower case or without the letters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = match text.split_at_checked(2) {
            Some((letters, digits)) if letters.eq_ignore_ascii_case("wx") => digits,
            _ => text,
        };
        let number = digits.parse::<u16>().ok().filter(|_| digits.len() == 4);
        let known = number.and_then(|number| ALL.iter().find(|code| code.number == number));
        known.ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

impl Messages {
    /// The hint for the message of `text`; `None` if it has no code.
    #[must_use]
    pub fn hint(self, text: &Text) -> Option<String> {
        ErrorCode::of(text.id()).map(|code| self.hint_of(code, text))
    }

    /// The hint of `code`, with the arguments of `args`.
    #[must_use]
    pub fn hint_of(self, code: &ErrorCode, args: &Text) -> String {
        self.look_up(code.hint, args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let of = |text: &str| text.parse::<&ErrorCode>().map(ToString::to_string);
        for text in ["WX3003", "wx3003", "Wx3003", "3003"] {
            assert_eq!(of(text).as_deref(), Ok("WX3003"), "{text}");
        }
        for text in ["", "WX", "WX3", "WX33003", "WX9999", "3003WX", "WX+300", "WХ3003"] {
            assert_eq!(of(text), Err(UnknownCode(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn failures_and_lines_have_their_codes() {
        assert_eq!(
            ErrorCode::of_failure("wix_unauthorised").map(ToString::to_string).as_deref(),
            Some("WX3003")
        );
        assert_eq!(
            ErrorCode::of_coded("line", "suspect").map(ToString::to_string).as_deref(),
            Some("WX5302")
        );
        assert_eq!(ErrorCode::of_failure("of_a_newer_version"), None);
        assert_eq!(ErrorCode::of("report-headline"), None);
    }
}
