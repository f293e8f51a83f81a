//! Addresses in every spelling. That none of the inner ones is connected to is tried with sockets, in `tests/it`.

use super::*;

fn says(text: &str) -> Result<String, &'static str> {
    checked(text, Policy::STRICT).map(|url| url.to_string()).map_err(|refused| refused.0)
}

#[test]
fn a_public_address_is_taken_as_it_is_without_its_fragment() {
    for (typed, taken) in [
        (" https://crm.example.com/in?key=1#x ", "https://crm.example.com/in?key=1"),
        ("https://crm.example.com:8443/in", "https://crm.example.com:8443/in"),
        ("HTTPS://CRM.Example.com", "https://crm.example.com/"),
        ("https://8.8.8.8/in", "https://8.8.8.8/in"),
        ("https://[2606:4700::6810:1]/in", "https://[2606:4700::6810:1]/in"),
    ] {
        assert_eq!(says(typed), Ok(taken.to_owned()), "{typed}");
    }
}

#[test]
fn what_is_no_public_https_address_is_refused_in_words() {
    for (typed, why) in [
        ("", NO_ADDRESS),
        ("crm.example.com/in", NO_ADDRESS),
        ("https://", NO_ADDRESS),
        ("http://crm.example.com/in", NOT_HTTPS),
        ("ftp://crm.example.com/in", NOT_HTTPS),
        ("file:///etc/passwd", NOT_HTTPS),
        ("https://dave:secret@crm.example.com/", LOGIN),
        ("https://crm.example.com:22/", INNER_PORT),
        ("https://crm.example.com:25/", INNER_PORT),
        ("https://crm.example.com:6379/", INNER_PORT),
        ("https://localhost/", INNER),
        ("https://LOCALHOST./", INNER),
        ("https://printer/", INNER),
        ("https://nas.local/", INNER),
        ("https://metadata.google.internal/", INNER),
        ("https://1.0.0.127.in-addr.arpa/", INNER),
    ] {
        assert_eq!(says(typed), Err(why.0), "{typed}");
    }
}

#[test]
fn special_addresses_are_told_from_global_ones() {
    let special = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.8.8.8",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:7f00:1::1",
        "2001:0:808:808:0:0:80ff:fffe",
        "2001:0:a00:1:0:0:f7f7:f7f7",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];
    let global = [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2001:0:808:808:0:0:f7f7:f7f7",
        "2001:4860:4860::8888",
        "2606:4700::1",
    ];

    for text in special {
        assert!(!is_global(text.parse().unwrap()), "{text}");
    }
    for text in global {
        assert!(is_global(text.parse().unwrap()), "{text}");
    }
}

#[tokio::test]
async fn a_name_with_one_inner_address_among_its_addresses_is_not_asked() {
    for (addresses, lets) in [
        (vec!["8.8.8.8"], true),
        (vec!["8.8.8.8", "1.1.1.1"], true),
        (vec!["8.8.8.8", "10.0.0.1"], false),
        (vec!["::ffff:169.254.169.254"], false),
        (vec![], false),
    ] {
        let found: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        let names: LookUp = Arc::new(move |_| {
            let found = found.clone();
            Box::pin(async move { Ok(found) })
        });
        let guarded = Guarded { policy: Policy::STRICT, names };

        let resolved = guarded.resolve("crm.example.com".parse().unwrap()).await;

        assert_eq!(resolved.is_ok(), lets, "{addresses:?}");
        if let Err(error) = resolved {
            assert_eq!(refusal(&*error), Some(INNER));
        }
    }
}
