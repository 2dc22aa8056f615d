//! The scenarios of `tests/scenarios`, played by `port25 simulate`: what is told, and when, stands beside each. `PORT25_BLESS=1` writes
//! it anew.

use std::path::Path;

use port25::simulate::{play, render};

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_tells_what_stands_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let bless = boot::world::env("PORT25_BLESS").is_some();
    let mut played = 0;
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in &files {
        let golden = file.with_extension("txt");
        if file.extension().is_some_and(|e| e == "txt") {
            assert!(file.with_extension("json").exists(), "{} belongs to no scenario", file.display());
            continue;
        }
        let text = std::fs::read_to_string(file).unwrap();
        let lines = play(&text, &folder).await.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let told = render(&lines);
        if bless {
            std::fs::write(&golden, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_else(|e| panic!("{}: {e}", golden.display()));
        assert_eq!(told, expected, "{}", file.display());
        played += 1;
    }
    assert!(played >= 8, "only {played} scenarios");
}
