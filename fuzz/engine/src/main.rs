//! libFuzzer over one parser: `BESACE_FUZZ_TARGET` says which.
#![no_main]

use std::sync::LazyLock;

use fuzz::Target;

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = std::env::var("BESACE_FUZZ_TARGET").unwrap_or_default();
    fuzz::target(&name).expect("BESACE_FUZZ_TARGET names a target")
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
