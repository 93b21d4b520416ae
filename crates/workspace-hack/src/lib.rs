//! No code: the manifest names one feature set for the dependencies that many crates share,
//! so that `cargo test -p portal` reuses what `cargo build --workspace` compiled.
