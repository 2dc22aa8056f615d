//! For tests: the limits that docs/READING.md states.

/// The rows of a section's table: the name of the constant, and the number.
#[track_caller]
pub(crate) fn are(section: &str, constants: &[(&str, usize)]) {
    let text = include_str!("../../../docs/READING.md");
    let heading = format!("\n## {section}\n");
    let body = text.split_once(&heading).map(|(_, body)| body.split("\n## ").next().unwrap_or_default()).unwrap_or_default();
    let rows: Vec<(String, usize)> = body
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let name = cells.next().unwrap_or_default().trim_matches('`').to_owned();
            (name, cells.next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number in {line}")))
        })
        .collect();
    let constants: Vec<(String, usize)> = constants.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    assert_eq!(rows, constants, "docs/READING.md, {section}");
}
