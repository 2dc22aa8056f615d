//! Accounts × Regions: where something is open.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::words;
use crate::summary::{Cell, Matrix, Place};

/// A table with a row for each account and a column for each Region; nothing where nothing is open.
pub(super) fn table(matrix: &Matrix) -> Markup {
    // What is not known stands last.
    let places = |of: fn(&Place) -> Option<&str>| -> Vec<Option<&str>> {
        let all: BTreeSet<_> = matrix.cells.iter().map(|place| (of(place).is_none(), of(place))).collect();
        all.into_iter().map(|(_, name)| name).collect()
    };
    let accounts = places(|place| place.account.as_deref());
    let regions = places(|place| place.region.as_deref());
    let cell = |account, region| {
        matrix.cells.iter().find(|place| place.account.as_deref() == account && place.region.as_deref() == region).map(|place| place.cell)
    };
    html! {
        @if !matrix.cells.is_empty() {
            section {
                h2 #places { "Accounts and Regions" }
                @if matrix.cut { p.hint { "Of the " (matrix.examined) " requests that waited longest; there are more." } }
                // It may be wider than the page, and is moved by keyboard then.
                div.wide tabindex="0" role="region" aria-labelledby="places" {
                    table.matrix role="table" {
                        caption { "Open requests by account and Region" }
                        thead role="rowgroup" {
                            tr role="row" {
                                th scope="col" role="columnheader" { "Account" }
                                @for region in &regions { th scope="col" role="columnheader" { (region.unwrap_or("no Region")) } }
                            }
                        }
                        tbody role="rowgroup" {
                            @for account in &accounts {
                                tr role="row" {
                                    th scope="row" role="rowheader" { span.account { (account.unwrap_or("account unknown")) } }
                                    @for region in &regions {
                                        @match cell(*account, *region) {
                                            Some(cell) => td role="cell" data-region=(region.unwrap_or("no Region")) { (counts(cell)) },
                                            None => td.none role="cell" { span aria-hidden="true" { "·" } span.unseen { "none" } },
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn counts(cell: Cell) -> Markup {
    html! { (words::count("ours", cell.ours)) (words::count("overdue", cell.overdue)) (words::count("waiting", cell.waiting)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_says_what_is_open_there() {
        let place = |account: Option<&str>, region: Option<&str>, ours, overdue| Place {
            account: account.map(str::to_owned),
            region: region.map(str::to_owned),
            cell: Cell { ours, overdue, waiting: 0 },
        };
        let cells = vec![place(None, None, 1, 0), place(Some("111122223333"), Some("eu-west-1"), 0, 2)];
        let html = table(&Matrix { all: Cell::default(), cells, examined: 3, cut: false }).into_string();
        assert!(html.contains("account unknown") && html.contains("no Region") && html.contains("111122223333"), "{html}");
        assert!(html.contains("data-region=\"eu-west-1\"><span class=\"badge overdue\">"), "{html}");
        assert!(html.contains("2 <span class=\"word\">overdue</span>") && html.matches("class=\"none\"").count() == 2, "{html}");
        let none = Matrix { all: Cell::default(), cells: Vec::new(), examined: 0, cut: false };
        assert_eq!(table(&none).into_string(), "");
    }
}
