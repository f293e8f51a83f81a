//! What the road costs, on the real program with real HTTP: `cargo bench --bench road`.
//!
//! Absolute figures depend on the machine and on the minute, so throughput is a ratio: accepted leads a second to
//! raw fdatasyncs a second, both measured in turn in the same run, on the same disk. Vendors are fakes on loopback
//! that answer at once. `cargo bench --bench road -- --seconds 5 --rounds 5` takes longer and says more.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on should stop where it stands")]

mod disk;
mod house;
mod load;
mod vendors;

use house::House;
use std::time::Duration;
use vendors::Vendors;

/// The clients that throughput is measured with.
const CLIENTS: [usize; 3] = [1, 8, 32];
/// Leads a second of the latency run, each with two texts and one mail.
const PACE: u32 = 50;

struct Plan {
    seconds: u64,
    rounds: usize,
}

impl Plan {
    /// Of the command line; words of `cargo bench` itself are passed over.
    fn of(mut words: impl Iterator<Item = String>) -> Self {
        let mut plan = Plan { seconds: 3, rounds: 3 };
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|n| n.parse().ok()).expect("a number after the flag");
            match word.as_str() {
                "--seconds" => plan.seconds = number(),
                "--rounds" => plan.rounds = usize::try_from(number()).expect("a small number"),
                _ => {}
            }
        }
        plan
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let plan = Plan::of(std::env::args().skip(1));
    let vendors = Vendors::start().await;
    throughput(&plan, &vendors).await;
    latency(&plan, &vendors).await;
}

async fn throughput(plan: &Plan, vendors: &Vendors) {
    println!("accepted leads a second, as a ratio to raw fdatasyncs a second (median of {})", plan.rounds);
    println!(
        "{:>8} {:>10} {:>10} {:>7} {:>10} {:>10} {:>12}",
        "clients", "leads/s", "raw/s", "ratio", "p50 ms", "p99 ms", "CPU us/lead"
    );
    let mut numbers = 0;
    for clients in CLIENTS {
        let mut rows: Vec<Row> = Vec::new();
        for _ in 0..plan.rounds {
            // A house of its own each time: no backlog of the round before is paid for by this one.
            let house = House::start(vendors).await;
            let raw = disk::fdatasyncs_a_second(house.folder(), Duration::from_millis(700));
            let before = house.cpu_us();
            let run = load::closed_loop(&house.url, clients, Duration::from_secs(plan.seconds), numbers).await;
            numbers += 1_000_000;
            let cpu = (house.cpu_us() - before) as f64 / run.accepted.max(1) as f64;
            rows.push(Row { leads: run.per_second(), raw, p50: run.percentile(50), p99: run.percentile(99), cpu });
        }
        rows.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
        let r = &rows[rows.len() / 2];
        println!(
            "{clients:>8} {:>10.0} {:>10.0} {:>7.2} {:>10.2} {:>10.2} {:>12.0}",
            r.leads,
            r.raw,
            r.ratio(),
            r.p50,
            r.p99,
            r.cpu
        );
    }
}

struct Row {
    leads: f64,
    raw: f64,
    p50: f64,
    p99: f64,
    cpu: f64,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.leads / self.raw
    }
}

async fn latency(plan: &Plan, vendors: &Vendors) {
    let house = House::start(vendors).await;
    let idle = house.memory_mb();
    let count = PACE * u32::try_from(plan.seconds * 3).expect("a small number");
    vendors.forget();
    let run = load::open_loop(&house.url, PACE, count, 900_000_000).await;
    let arrivals = vendors.complete(count as usize, Duration::from_secs(30)).await;
    let mut waits: Vec<f64> = run
        .iter()
        .filter_map(|(token, due)| Some((arrivals.get(token)?.last_text? - *due).as_secs_f64() * 1_000.0))
        .collect();
    waits.sort_by(f64::total_cmp);
    println!(
        "\nwebhook to the later of two texts at the vendor, {PACE} leads/s with two texts and one mail each, {count} leads"
    );
    println!(
        "  p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms; without both texts: {}",
        load::percentile(&waits, 50),
        load::percentile(&waits, 99),
        waits.last().copied().unwrap_or(f64::NAN),
        count as usize - waits.len(),
    );
    println!(
        "  memory: {idle:.0} MB idle, {:.0} MB at its highest; ready {} ms after the start",
        house.peak_memory_mb(),
        house.ready_ms
    );
}
