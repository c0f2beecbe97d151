//! Reads a query page by page, by cursor.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{PAGE, SMALL_PAGE};
use crate::{Class, Client, WixError};

/// What a site has refused of the pages of one endpoint. Sites differ in the page sizes and sorts that they accept, so
/// a refusal is remembered and the rest is asked for without it.
#[derive(Debug, Default)]
pub struct Paging {
    small: AtomicBool,
    unsorted: AtomicBool,
}

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Manner {
    limit: usize,
    sorted: bool,
}

impl Paging {
    fn manner(&self) -> Manner {
        let limit = if self.small.load(Ordering::Relaxed) { SMALL_PAGE } else { PAGE };
        Manner { limit, sorted: !self.unsorted.load(Ordering::Relaxed) }
    }

    /// Gives up what a first page that was asked for as `sent` was refused for: the sort if the text speaks of it, else
    /// the page size, else the sort. Nothing where another refusal has made the pages simpler meanwhile: this one
    /// says nothing of the simpler manner. `false` if there is nothing left to try.
    fn give_up(&self, sent: Manner, refusal: &WixError) -> bool {
        if refusal.class != Class::Refused || refusal.status != Some(400) {
            return false;
        }
        if self.manner() != sent {
            return true;
        }
        let speaks_of_sort = refusal.reason.to_ascii_lowercase().contains("sort");
        if sent.sorted && (speaks_of_sort || sent.limit == SMALL_PAGE) {
            self.unsorted.store(true, Ordering::Relaxed);
            return true;
        }
        if !speaks_of_sort && sent.limit > SMALL_PAGE {
            self.small.store(true, Ordering::Relaxed);
            return true;
        }
        false
    }
}

/// A question that is answered page by page.
pub(super) struct Paged<'a> {
    pub(super) path: &'static str,
    /// The member of the body that holds filter, sort and paging: `query` or `search`.
    pub(super) envelope: &'static str,
    pub(super) filter: &'a Value,
    /// An empty array for Wix's own order.
    pub(super) sort: Value,
}

impl Paged<'_> {
    fn first(&self, manner: Manner) -> Value {
        let mut asked = json!({"filter": self.filter, "cursorPaging": {"limit": manner.limit}});
        let has_sort = self.sort.as_array().is_some_and(|keys| !keys.is_empty());
        if let Some(members) = asked.as_object_mut().filter(|_| has_sort && manner.sorted) {
            members.insert("sort".to_owned(), self.sort.clone());
        }
        json!({self.envelope: asked})
    }

    /// The cursor carries filter and sort; they must not be sent again.
    fn next(&self, manner: Manner, cursor: &str) -> Value {
        json!({self.envelope: {"cursorPaging": {"limit": manner.limit, "cursor": cursor}}})
    }
}

/// A page, whatever its rows are called.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
struct Page<T> {
    #[serde(alias = "inventoryItems", alias = "variants")]
    rows: Vec<T>,
    paging_metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    cursors: Option<Cursors>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default)]
    next: Option<String>,
}

impl Client {
    /// Passes every row of the answer to `take`, page by page, to the end of the cursor or until `take` has enough.
    /// After an error, `take` has not received all of them. A row may come twice if the catalog changes meanwhile.
    pub(super) async fn v3_pages<T: DeserializeOwned + Send>(
        &self,
        asked: &Paged<'_>,
        paging: &Paging,
        mut take: impl FnMut(Vec<T>) -> ControlFlow<()>,
    ) -> Result<(), WixError> {
        let mut cursor: Option<String> = None;
        loop {
            let page: Page<T> = match &cursor {
                None => self.v3_first_page(asked, paging).await?,
                Some(cursor) => {
                    let body = asked.next(paging.manner(), cursor);
                    let page = self.read(Method::POST, asked.path, Some(&body)).await;
                    page.map_err(cut_short)?
                }
            };
            let rows = page.rows.len();
            if rows > PAGE {
                let reason = format!("a page of {rows} rows where {PAGE} were asked for");
                return Err(WixError::new(Class::Malformed, reason));
            }
            if take(page.rows).is_break() {
                return Ok(());
            }
            let next = page.paging_metadata.cursors.and_then(|cursors| cursors.next);
            match next.filter(|next| !next.is_empty() && rows > 0) {
                None => return Ok(()),
                Some(next) if cursor.as_ref() == Some(&next) => {
                    return Err(WixError::new(
                        Class::Malformed,
                        "the cursor of a page leads to the same page",
                    ));
                }
                next => cursor = next,
            }
        }
    }

    async fn v3_first_page<T: DeserializeOwned>(
        &self,
        asked: &Paged<'_>,
        paging: &Paging,
    ) -> Result<Page<T>, WixError> {
        loop {
            let manner = paging.manner();
            match self.read(Method::POST, asked.path, Some(&asked.first(manner))).await {
                Err(refusal) if paging.give_up(manner, &refusal) => {
                    tracing::debug!(wix.path = asked.path, %refusal, "pages are asked for in a simpler way");
                }
                answer => return answer,
            }
        }
    }
}

/// A cursor that Wix no longer accepts ends the read in the middle.
fn cut_short(error: WixError) -> WixError {
    if error.class == Class::Refused { WixError { class: Class::Incomplete, ..error } } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, reason: &str) -> WixError {
        WixError { status: Some(status), ..WixError::new(Class::Refused, reason) }
    }

    #[test]
    fn the_first_page_has_filter_and_sort_and_the_next_only_the_cursor() {
        let filter = json!({"locationId": "l"});
        let sort = json!([{"fieldName": "createdDate", "order": "ASC"}]);
        let asked = Paged { path: "p", envelope: "query", filter: &filter, sort: sort.clone() };
        let paging = Paging::default();
        let due =
            json!({"query": {"filter": {"locationId": "l"}, "sort": sort, "cursorPaging": {"limit": 1000}}});
        assert_eq!(asked.first(paging.manner()), due);
        let due = json!({"query": {"cursorPaging": {"limit": 1000, "cursor": "c"}}});
        assert_eq!(asked.next(paging.manner(), "c"), due);
    }

    fn manner(limit: usize, sorted: bool) -> Manner {
        Manner { limit, sorted }
    }

    /// Whether a page that is asked for now and refused is worth another request.
    fn refused(paging: &Paging, refusal: &WixError) -> bool {
        paging.give_up(paging.manner(), refusal)
    }

    #[test]
    fn a_refused_page_is_asked_for_in_a_simpler_way() {
        let paging = Paging::default();
        assert!(!refused(&paging, &refusal(428, "paging.limit")), "not about the page");
        assert!(refused(&paging, &refusal(400, "query.cursorPaging.limit: too large")));
        assert_eq!(paging.manner(), manner(100, true));
        assert!(refused(&paging, &refusal(400, "Field 'createdDate' is not declared as sortable")));
        assert_eq!(paging.manner(), manner(100, false));
        assert!(!refused(&paging, &refusal(400, "the filter is wrong")), "nothing is left to give up");

        let sort_first = Paging::default();
        assert!(refused(&sort_first, &refusal(400, "not declared as sortable")));
        assert_eq!(sort_first.manner(), manner(1_000, false));
        assert!(refused(&sort_first, &refusal(400, "")));
        assert_eq!(sort_first.manner(), manner(100, false));
    }

    #[test]
    fn pages_that_are_refused_at_once_give_up_one_thing() {
        let size = refusal(400, "query.cursorPaging.limit: too large");
        let paging = Paging::default();
        let sent = [paging.manner(); 3];
        assert!(sent.iter().all(|sent| paging.give_up(*sent, &size)), "each is worth another request");
        assert_eq!(paging.manner(), manner(100, true), "the sort was not refused");

        let sort = refusal(400, "not declared as sortable");
        let paging = Paging::default();
        let sent = [paging.manner(); 3];
        assert!(sent.iter().all(|sent| paging.give_up(*sent, &sort)), "each is worth another request");
        assert!(
            paging.give_up(manner(1_000, true), &refusal(400, "")),
            "the text says nothing of what was refused"
        );
        assert_eq!(paging.manner(), manner(1_000, false), "the size was not refused");
        let sent = [paging.manner(); 2];
        assert!(sent.iter().all(|sent| paging.give_up(*sent, &size)));
        assert!(!refused(&paging, &size), "nothing is left to give up");
    }

    #[test]
    fn a_page_is_read_whatever_its_rows_are_called() {
        for name in ["inventoryItems", "variants"] {
            let text =
                json!({name: [1, 2], "pagingMetadata": {"count": 2, "cursors": {"next": "n"}}}).to_string();
            let page: Page<u32> = serde_json::from_str(&text).unwrap();
            assert_eq!(page.rows, [1, 2]);
            assert_eq!(page.paging_metadata.cursors.unwrap().next.as_deref(), Some("n"));
        }
        let without: Result<Page<u32>, _> = serde_json::from_str(r#"{"inventoryItems":[]}"#);
        assert!(without.is_err(), "without metadata it would look like the end");
    }
}
