# What a developer runs; `just` lists it.
default:
    @just --list

# Everything that must hold before a change lands.
check:
    bash .ci/run

# A made-up shop with twelve weeks of leads.
demo:
    cargo run --release -- demo

# Strangers' bytes at every parser and mapper for an hour; `just fuzz 600 vendor-stripe` for ten minutes at one.
fuzz seconds="3600" *targets:
    cargo test --release --test fuzz -- --seconds {{seconds}} {{targets}}

# The same until every target has had ten million inputs, over as many runs as that takes: each goes on where the last
# one stopped. `just fuzz-on 36000` works at it for ten hours.
fuzz-on seconds="3600" *targets:
    cargo test --release --test fuzz -- --until 10000000 --seconds {{seconds}} {{targets}}

# The pictures of the README, drawn from the made-up shop.
pictures:
    cargo build
    cd tests/browser && npm ci --silent && node pictures.mjs
