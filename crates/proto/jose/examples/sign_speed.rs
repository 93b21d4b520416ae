//! How long a signature and a check take: `cargo run --profile demo -p jose --example sign_speed`.

use std::process::ExitCode;

use jose::{Algorithm, Error, Expected, Expiry, Keys, Leeway, SigningKey, TypeRule, verify};
use serde_json::{Value, json};

const ROUNDS: u32 = 5_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("{cause}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    let claims = json!({
        "iss": "https://idp.example/api/v2", "sub": "0190b2d0-7e57-7000-8000-000000000001",
        "aud": "client", "iat": 1_795_000_000, "exp": 1_795_003_600, "acr": "eidas1",
        "nonce": "n-0S6_WzA2Mj-n-0S6_WzA2Mj-n-0S6_WzA2Mj", "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
    });
    let expected = Expected {
        issuer: "https://idp.example/api/v2",
        audience: "client",
        kind: TypeRule::PlainJwt,
        expiry: Expiry::Required,
        now: 1_795_000_000,
        leeway: Leeway::NONE,
    };
    for key in [SigningKey::generate_es256()?, SigningKey::generate_rs256()?] {
        let token = key.sign(Some("JWT"), &claims)?;
        let sign = micros(|| key.sign(Some("JWT"), &claims).map(drop))?;
        let public = key.public_jwk().ok_or(Error::Key)?;
        let check = micros(|| {
            verify::<Value>(&token, key.algorithm(), Keys::One(public), &expected).map(drop)
        })?;
        println!(
            "{}: sign {sign:.1} µs, verify {check:.1} µs",
            Algorithm::name(key.algorithm())
        );
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measure needs the machine's clock"
)]
fn micros(mut work: impl FnMut() -> Result<(), Error>) -> Result<f64, Error> {
    let start = std::time::Instant::now();
    for _ in 0..ROUNDS {
        work()?;
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS))
}
