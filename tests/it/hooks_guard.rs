//! Hooks never reach into our own network: addresses in every spelling, names that lie, answers that lead elsewhere, with
//! a socket that would notice.

use crate::support::fake_receiver::{FakeReceiver, Says};
use crate::support::vendors::message;
use leadbell::base::clock::Clock;
use leadbell::base::keys::Keys;
use leadbell::base::random::Random;
use leadbell::delivery::guard::{LookUp, Policy};
use leadbell::delivery::hook::Hooks;
use leadbell::lead::hook::{Kind, new_secret};
use leadbell::outbox::channel::{Channel, HookAddress, Outcome};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn channel(policy: Policy, names: LookUp) -> Hooks {
    Hooks::new(policy, names, Keys::new([7; 32]), Clock::manual(0))
}

/// Every name has this address.
fn all_at(ip: &str) -> LookUp {
    let ip: IpAddr = ip.parse().unwrap();
    Arc::new(move |_| Box::pin(async move { Ok(vec![ip]) }))
}

async fn send(hooks: &Hooks, url: &str) -> Outcome {
    let (keys, random) = (Keys::new([7; 32]), Random::seeded(3));
    let mut message = message(hooks, "m1");
    message.hook = Some(HookAddress {
        kind: Kind::Webhook.as_str().to_owned(),
        url_sealed: keys.seal(&random, url),
        secrets_sealed: vec![keys.seal(&random, &new_secret(&random))],
    });
    hooks.send(&message).await
}

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::NotSent { reason, .. } | Outcome::Rejected { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

/// An IPv4 address in every spelling that some reader of addresses takes.
fn spellings(ip: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = ip.octets();
    let (n, high, low) = (u32::from(ip), u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    vec![
        ip.to_string(),
        n.to_string(),
        format!("0x{n:08x}"),
        format!("0{n:o}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("{a}.{b}.{low}"),
        format!("[::ffff:{ip}]"),
        format!("[::{high:x}:{low:x}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        format!("[2001:0:808:808::{:x}:{:x}]", !high, !low),
    ]
}

#[tokio::test]
async fn no_spelling_of_an_inner_address_is_ever_connected_to() {
    let receiver = FakeReceiver::start().await;
    let port = receiver.port();
    let hooks = channel(Policy::STRICT, all_at("127.0.0.1"));
    let inner =
        ["127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
            .iter()
            .chain(&["255.255.255.255", "192.0.2.1", "198.18.0.1"]);
    let mut hosts: Vec<String> = inner.flat_map(|ip| spellings(ip.parse().unwrap())).collect();
    hosts.extend(
        ["[::1]", "[::]", "[fe80::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[fec0::1]"].map(str::to_owned),
    );
    hosts.extend(
        ["localhost", "LOCALHOST.", "box.local", "a.internal", "127.1", "127.0.1", "①②⑦.0.0.1"].map(str::to_owned),
    );
    // Names of the outside that lead inside.
    hosts.extend(["crm.example.com", "127.0.0.1.example.com", "xn--bcher-kva.example"].map(str::to_owned));
    assert!(hosts.len() >= 120, "{}", hosts.len());

    for host in &hosts {
        let outcome = send(&hooks, &format!("https://{host}:{port}/in")).await;
        assert!(
            reason(&outcome).contains("private or reserved") || reason(&outcome).contains("no web address"),
            "{host}: {outcome:?}"
        );
        let plain = send(&hooks, &format!("http://{host}:{port}/in")).await;
        assert!(!matches!(plain, Outcome::Accepted { .. }), "{host}: {plain:?}");
    }

    assert_eq!((receiver.connects(), receiver.got().len()), (0, 0));
}

#[tokio::test]
async fn a_name_that_turns_inward_after_it_was_checked_is_connected_to_once_and_never_again() {
    let receiver = FakeReceiver::start().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let names: LookUp = Arc::new(move |_| {
        let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
        let ip: IpAddr = if first { "127.0.0.1".parse().unwrap() } else { "169.254.169.254".parse().unwrap() };
        Box::pin(async move { Ok(vec![ip]) })
    });
    let hooks = channel(Policy::LOOPBACK_TOO, names);
    let url = format!("http://crm.example.com:{}/in", receiver.port());

    let first = send(&hooks, &url).await;
    let once = asked.load(Ordering::SeqCst);
    let second = send(&hooks, &url).await;

    assert!(matches!(first, Outcome::Accepted { .. }), "{first:?}");
    assert_eq!(once, 1, "what was checked is what was connected to");
    assert!(reason(&second).contains("private or reserved"), "{second:?}");
    assert_eq!((receiver.connects(), asked.load(Ordering::SeqCst)), (1, 2));
}

#[tokio::test]
async fn an_answer_that_leads_elsewhere_is_not_followed_and_a_long_one_is_not_read_to_its_end() {
    let (receiver, other) = (FakeReceiver::start().await, FakeReceiver::start().await);
    let hooks = channel(Policy::LOOPBACK_TOO, all_at("127.0.0.1"));
    let url = format!("{}/in", receiver.address);

    receiver.next(Says::Elsewhere(other.address.clone().leak()));
    let led = send(&hooks, &url).await;
    receiver.next(Says::Long(20_000_000));
    let long = send(&hooks, &url).await;
    receiver.next(Says::Nothing);
    let cut = send(&hooks, &url).await;

    assert_eq!(reason(&led), "It answered with a redirect (302), which is not followed. Use the address it leads to.");
    assert_eq!(other.connects(), 0);
    assert!(matches!(long, Outcome::Accepted { .. }), "{long:?}");
    assert_eq!(reason(&cut), "It could not be reached.");
}

#[tokio::test]
async fn the_demo_calls_nobody() {
    let receiver = FakeReceiver::start().await;
    let hooks = channel(Policy::LOOPBACK_TOO, all_at("127.0.0.1")).closed();

    let outcome = send(&hooks, &receiver.address).await;

    assert_eq!((reason(&outcome), receiver.connects()), ("In the demo nothing leaves this machine.", 0));
}
