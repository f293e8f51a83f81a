# What a developer runs; `just` lists it.
default:
    @just --list

# Everything that must hold before a change lands.
check:
    bash .ci/run

# A made-up shop with twelve weeks of leads.
demo:
    cargo run --release -- demo
