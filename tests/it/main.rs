//! What the parts do together: one binary, every vendor a fake server on a loopback port, nothing sleeps.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop where it stands")]

mod channels;
mod cli;
mod hooks_guard;
mod mails;
mod own_form;
mod road_bodies;
mod road_bookings;
mod road_calls;
mod road_edge;
mod road_fetch;
mod road_fetch_trouble;
mod road_hooks;
mod road_keys;
mod road_mapping;
mod road_money;
mod road_night;
mod road_nudges;
mod road_people;
mod road_proofs;
mod road_replay;
mod road_sales;
mod road_senders;
mod road_shop;
mod road_troubles;
mod road_unknown;
mod road_words;
mod sources;
mod support;
mod texts;
