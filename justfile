# What a developer runs; `just` lists it.
default:
    @just --list

# Everything that must hold before a change lands.
check:
    bash .ci/run

# A made-up shop with twelve weeks of leads.
demo:
    cargo run --release -- demo

# The pictures of the README, drawn from the made-up shop.
pictures:
    cargo build
    cd tests/browser && npm ci --silent && node pictures.mjs
