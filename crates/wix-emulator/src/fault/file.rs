//! A fault as JSON.

use serde::{Deserialize, Serializer};

use super::{Fault, FaultKind};
use crate::endpoint::Endpoint;

/// A fault as it stands in a file, before defaults are filled in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FaultFile {
    endpoint: Option<Endpoint>,
    skip: Option<u32>,
    times: Option<Times>,
    kind: FaultKind,
}

/// A number, or `"always"`.
#[derive(Deserialize)]
#[serde(untagged, expecting = r#"times must be a whole number or "always""#)]
enum Times {
    Number(u32),
    Word(Word),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Word {
    Always,
}

impl TryFrom<FaultFile> for Fault {
    type Error = String;

    fn try_from(file: FaultFile) -> Result<Self, String> {
        file.kind.check()?;
        let times = file.times.map(|times| match times {
            Times::Number(times) => times,
            Times::Word(Word::Always) => Self::ALWAYS,
        });
        let counted =
            file.skip.is_some_and(|skip| skip > 0) || times.is_some_and(|times| times != Self::ALWAYS);
        if file.kind.is_standing() && counted {
            return Err("this fault lasts until it is cleared; it takes neither skip nor times".to_owned());
        }
        let fault = Self::new(file.kind);
        Ok(Self {
            endpoint: file.endpoint,
            skip: file.skip.unwrap_or(0),
            times: times.unwrap_or(fault.times),
            kind: fault.kind,
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(super) fn write_times<S: Serializer>(times: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    match *times {
        Fault::ALWAYS => serializer.serialize_str("always"),
        times => serializer.serialize_u32(times),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::catalog::Listing;
    use crate::fault::{Action, Fault, FaultKind, FaultTiming};

    #[test]
    fn reads_a_faults_file() {
        let text = r#"[{"endpoint":"incrementInventory","skip":2,"kind":{"status":{"code":503}}},
            {"kind":"dropAfterApply","times":3},{"kind":{"hang":{"durationMs":250}}},
            {"kind":{"partialApply":{"entries":2,"code":500}}},
            {"kind":"notJson","times":"always"},{"kind":{"poison":{"listing":"A"}}}]"#;
        let faults: Vec<Fault> = serde_json::from_str(text).unwrap();
        assert_eq!(faults[1], Fault::new(FaultKind::DropAfterApply).times(3));
        assert_eq!(faults[4], Fault::new(FaultKind::NotJson).times(Fault::ALWAYS));
        assert_eq!(faults[5], Fault::new(FaultKind::Poison { listing: Listing::sku("A") }));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"dropAfterApply","often":1}"#).is_err());
    }

    #[test]
    fn a_fault_reads_back_as_written() {
        let poison = Fault::new(FaultKind::Poison { listing: Listing::sku("A") });
        for fault in [Fault::new(FaultKind::CutBody).skip(4).times(2), poison] {
            let text = serde_json::to_string(&fault).unwrap();
            assert_eq!(serde_json::from_str::<Fault>(&text).unwrap(), fault, "{text}");
        }
    }

    #[test]
    fn actions_and_timings_have_these_members() {
        let text = r#"{"skip":0,"times":1,"kind":{"meanwhile":{"moment":"afterApply","acts":[{"sale":{"listing":"A","units":2}}]}}}"#;
        let sale = Action::Sale { listing: Listing::sku("A"), units: 2 };
        let fault = Fault::new(FaultKind::Meanwhile { timing: FaultTiming::AfterApply, actions: vec![sale] });
        assert_eq!(serde_json::to_string(&fault).unwrap(), text);
        assert_eq!(serde_json::from_str::<Fault>(text).unwrap(), fault);
        let hang = r#"{"kind":{"hang":{"durationMs":250,"moment":"afterApply"}}}"#;
        let kind = FaultKind::Hang { duration: Duration::from_millis(250), timing: FaultTiming::AfterApply };
        assert_eq!(serde_json::from_str::<Fault>(hang).unwrap(), Fault::new(kind));
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, what) in [
            (r#"{"kind":{"status":{"code":99}}}"#, "code 99 is outside"),
            (r#"{"kind":"cutBody","times":"often"}"#, r#"a whole number or "always""#),
            (r#"{"kind":{"poison":{"listing":"A"}},"times":2}"#, "neither skip nor times"),
            (r#"{"kind":{"poison":{"listing":"A"}},"skip":1}"#, "neither skip nor times"),
            (r#"{"kind":"meteor"}"#, "unknown variant `meteor`"),
        ] {
            let error = serde_json::from_str::<Fault>(text).unwrap_err().to_string();
            assert!(error.contains(what), "{text}: {error}");
        }
    }
}
