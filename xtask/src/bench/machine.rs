//! Describes the machine on which the figures were measured.

use std::fs::read_to_string;

/// CPU, cores and memory in one line; unknown values are left out.
pub(super) fn machine() -> String {
    let processor = read_to_string("/proc/cpuinfo").ok().and_then(|text| field(&text, "model name"));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = read_to_string("/proc/meminfo").ok().and_then(|text| field(&text, "MemTotal"));
    let memory = memory.and_then(|text| gibibytes(&text)).map(|size| format!("{size} GiB of memory"));
    let cores = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    [processor, Some(cores), memory].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The first value of a `name : value` line.
fn field(text: &str, name: &str) -> Option<String> {
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    let mut values = pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim());
    values.next().filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Converts `24689340 kB` to gibibytes, rounded to the nearest.
fn gibibytes(text: &str) -> Option<u64> {
    let kibibytes: u64 = text.strip_suffix("kB")?.trim().parse().ok()?;
    Some((kibibytes + (1 << 19)) >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_whatever_the_gaps() {
        let text = "processor\t: 0\nmodel name\t: Fast: one\nmodel name\t: other\nflags\t:\n";
        assert_eq!(field(text, "model name"), Some("Fast: one".to_owned()));
        assert_eq!(field(text, "flags"), None);
        assert_eq!(field(text, "absent"), None);
    }

    #[test]
    fn memory_is_rounded() {
        assert_eq!(gibibytes("24689340 kB"), Some(24));
        assert_eq!(gibibytes("much"), None);
    }
}
