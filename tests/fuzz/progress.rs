//! How far each target has come over many runs, in a file beside the inputs that failed.

use crate::trial::{Plan, Told};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Where every target stands.
pub struct Progress {
    until: u64,
    path: PathBuf,
    targets: Map<String, Value>,
}

impl Progress {
    /// As it was left; each target is to have had `until` inputs in the end.
    pub fn read(until: u64) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz/progress.json");
        let targets = std::fs::read(&path).ok().map(|text| serde_json::from_slice(&text).expect("progress is JSON"));
        Progress { until, path, targets: targets.unwrap_or_default() }
    }

    pub fn is_unfinished(&self, target: &str) -> bool {
        self.number(target, "inputs") < self.until
    }

    /// What is left to do, in the time that there is. A target keeps the seed that it began with.
    pub fn plan(&self, target: &str, plan: Plan) -> Plan {
        let from = self.number(target, "inputs");
        let seed = if from == 0 { plan.seed } else { self.number(target, "seed") };
        let left = self.until - from;
        Plan { seed, from, inputs: Some(plan.inputs.map_or(left, |inputs| inputs.min(left))), ..plan }
    }

    /// Writes down what came of it, so that a run that is cut off loses one target's share. Tells how far it is.
    pub fn keep(&mut self, told: &Told, seed: u64) -> String {
        let slowest = self.number(&told.name, "slowest_ms").max(u64::try_from(told.slowest_ms).unwrap());
        let failures = self.number(&told.name, "failures") + told.failures.len() as u64;
        let entry = json!({"seed": seed, "inputs": told.next, "slowest_ms": slowest, "failures": failures});
        self.targets.insert(told.name.clone(), entry);
        std::fs::create_dir_all(self.path.parent().unwrap()).unwrap();
        std::fs::write(&self.path, serde_json::to_vec_pretty(&self.targets).unwrap()).unwrap();
        format!("{} of {} in all, slowest {slowest} ms, {failures} failures", told.next, self.until)
    }

    fn number(&self, target: &str, name: &str) -> u64 {
        self.targets.get(target).and_then(|entry| entry[name].as_u64()).unwrap_or(0)
    }
}
