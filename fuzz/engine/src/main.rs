//! libFuzzer over one parser: `BESACE_FUZZ_TARGET` says which. With `--list`, says which there are,
//! a line each: the name, and the longest input that is worth trying, in bytes.
#![no_main]

use std::sync::LazyLock;

use fuzz::Target;

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = std::env::var("BESACE_FUZZ_TARGET").unwrap_or_default();
    fuzz::target(&name).expect("BESACE_FUZZ_TARGET names a target")
});

fn list_if_asked() {
    if !std::env::args().any(|argument| argument == "--list") {
        return;
    }
    for target in fuzz::TARGETS {
        println!("{} {}", target.name, target.longest);
    }
    std::process::exit(0);
}

libfuzzer_sys::fuzz_target!(init: list_if_asked(), |bytes: &[u8]| {
    (TARGET.run)(bytes);
});
