//! The shop, as a run sees it: listings to read, levels to read again, batches to write.

use std::fmt;

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::listing::map::ChangedProduct;
use domain::listing::reading::ReadCosts;
use domain::run::{FailedAt, Failure};
use domain::write::batch::BatchTerms;
use domain::write::settle::{Reading, Settling};
use domain::{Batch, Listing, LocationId, ProductId, Sku, UnixMillis};

use super::StateError;
use crate::Observer;

/// A whole shop, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// Its listings; those of a product stand together.
    pub listings: Vec<Listing>,
    /// Its products, those that sell nothing included.
    pub products: u64,
    /// A moment by the shop's clock, before the read began; `None` where the shop does not tell the time.
    pub as_of: Option<UnixMillis>,
}

/// What has changed in a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// All of it.
    All {
        /// The products that changed.
        products: Vec<ChangedProduct>,
        /// How many products the shop has now.
        total: u64,
        /// A moment by the shop's clock, before the read began.
        as_of: UnixMillis,
    },
    /// All inventory items and variants that did, in a catalog that tells of each by itself.
    Items {
        /// The listings of the items that changed, as they are now.
        items: Vec<Listing>,
        /// The variants that changed, with their SKUs, as listings without an inventory item: they may have one.
        variants: Vec<Listing>,
        /// How many items the shop has now.
        total: u64,
        /// A moment by the shop's clock, before the read began.
        as_of: UnixMillis,
    },
    /// More than was asked for.
    Many,
    /// The shop does not answer that question, or not so that the answer can be relied on.
    NotOffered,
}

/// The last gate before a write: asked by the shop once the request has its place in the window, so that
/// nothing waits between the commit of SENT and the bytes.
#[async_trait]
pub trait SendGate: Send + Sync {
    /// Commits SENT (I3), and gives the moment before which the bytes must leave (I6): it is checked once more
    /// right before the body is written. Where this fails, nothing may be sent.
    async fn commit(&self) -> Result<UnixMillis, StateError>;

    /// Records when the bytes left: the request may land until its time-out from then. Without this call they
    /// count as sent at the last allowed moment.
    fn left(&self, at: UnixMillis);
}

/// What the catalog of a shop offers and demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShopTerms {
    /// The name of the catalog. What was remembered of a site says nothing once the site has another one.
    pub catalog: &'static str,
    /// What each way of reading costs.
    pub reading: ReadCosts,
    /// What a write call takes.
    pub batches: BatchTerms,
    /// How an unclear write is settled.
    pub settling: Settling,
}

/// A shop, whatever its catalog. What a catalog has of its own stands behind this trait and in [`ShopTerms`].
#[async_trait]
pub trait Shop: Send + Sync {
    /// Asks the shop which catalog it has, and whether the key is accepted; gives what the catalog offers. Asks once:
    /// later calls answer from memory. Reads nothing of the goods.
    async fn connect(&self) -> Result<ShopTerms, ShopError>;

    /// Which site this is: what is remembered of another one says nothing about it.
    fn site(&self) -> &str;

    /// Every listing of the shop, also hidden ones: the whole catalog or an error (I5).
    async fn read_all(&self, observer: &dyn Observer) -> Result<Catalog, ShopError>;

    /// What was made or changed at `since` or later, by the shop's clock: products or inventory items, not more than
    /// `at_most`.
    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError>;

    /// The listings that carry one of `skus`, asked for in groups of `batch_size`. A SKU that stands on
    /// several listings is given as often. Complete or an error; `None` where the shop cannot be asked by SKU.
    async fn find(&self, skus: &[Sku], batch_size: usize) -> Result<Option<Vec<Listing>>, ShopError>;

    /// The listings of `skus` that have no inventory item, in a catalog whose whole reads show only what has one. The
    /// answer may hold listings that have one after all. `listings` is the number of listings that a whole read shows.
    async fn without_item(&self, _skus: &[Sku], _listings: u64) -> Result<Vec<Listing>, ShopError> {
        Ok(Vec::new())
    }

    /// Whether the shop is set up to make inventory items for listings that have none, and its catalog can.
    fn creates_items(&self) -> bool {
        false
    }

    /// Makes inventory items of level zero for `listings`, which have none, in one call, sent once through `gate`. Making
    /// one twice has no effect.
    async fn create_items(&self, _listings: &[Listing], _gate: &dyn SendGate) -> CreateReply {
        CreateReply::Failed(ShopError::new(ShopErrorClass::Refused, "this shop makes no inventory items"))
    }

    /// The levels of `products`, from the inventory endpoint; those of a product stand together. A product that the
    /// shop does not have is absent.
    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError>;

    /// Recalls the location of the listings that are remembered, so that the shop need not be asked for it. Only
    /// catalogs with locations listen.
    fn recall(&self, _location: &LocationId) {}

    /// Whether something showed that what this handle told as changed was not all, so that no later read may build on
    /// it.
    fn doubts_changes(&self) -> bool {
        false
    }

    /// Sends `batch` once, through `gate`. Never repeats it by itself.
    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply;

    /// How long a request may take before it is given up, in milliseconds.
    fn request_timeout_ms(&self) -> i64;

    /// Requests that this handle has sent to Wix so far, retries of reads included.
    fn requests(&self) -> u64;

    /// For how long requests of this handle have waited for the limit and the pace of the shop, in milliseconds.
    fn waited_ms(&self) -> u64 {
        0
    }

    /// The time of day at the shop when it made its last answer, cut to whole seconds; `None` where it has not
    /// told it.
    fn server_time(&self) -> Option<UnixMillis>;
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteReply {
    /// Nothing was sent, because SENT could not be committed.
    NotCommitted(StateError),
    /// Surely nothing left this machine, or nothing that could be taken for the request.
    NotSent(ShopError),
    /// The request left.
    Sent {
        /// What came of the call as a whole.
        call: CallReply,
        /// What is known of each line of the batch, in its order.
        lines: Vec<LineReply>,
    },
}

/// What came of a call that makes inventory items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateReply {
    /// Nothing was sent, because the gate did not open.
    NotCommitted(StateError),
    /// The call as a whole failed. Some items may have been made.
    Failed(ShopError),
    /// What the shop said of each listing, in their order.
    Answered(Vec<Creation>),
}

/// What a shop said of one inventory item that it was to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Creation {
    /// It was made. The listing as it is now; it need not name its SKU.
    Made(Listing),
    /// It was not made.
    Refused(ShopError),
    /// There was one already, or the answer does not say.
    Unclear,
}

/// What came of a write call as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallReply {
    /// A readable answer. A line that it does not name is [`LineReply::Unknown`].
    Answered,
    /// Wix refused the call (a 4xx answer). That says nothing about the lines of a call with several.
    Refused(ShopError),
    /// Anything else: it may have been applied, in whole or in part, or be applied later.
    Unclear(ShopError),
}

/// What is known of one line of a write call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineReply {
    /// A clean success, with the item as it is after it where the answer shows it.
    Applied(Option<Reading>),
    /// Wix refused this line; surely it was not applied.
    Refused(ShopError),
    /// The item no longer had the revision that the line named; surely this copy was not applied.
    Conflict,
    /// It may have been applied, or be applied later.
    Unknown,
}

impl WriteReply {
    /// A call of so many lines that left, all with the same result.
    #[must_use]
    pub fn alike(lines: usize, call: CallReply, line: LineReply) -> Self {
        Self::Sent { call, lines: vec![line; lines] }
    }

    /// A clean success of so many lines; the answer shows no item.
    #[must_use]
    pub fn applied(lines: usize) -> Self {
        Self::alike(lines, CallReply::Answered, LineReply::Applied(None))
    }

    /// A refused call of a catalog that does not answer for each line: of several lines any part may have been
    /// applied, a single one was not.
    #[must_use]
    pub fn refused(lines: usize, error: ShopError) -> Self {
        let line = if lines == 1 { LineReply::Refused(error.clone()) } else { LineReply::Unknown };
        Self::alike(lines, CallReply::Refused(error), line)
    }

    /// No clean answer to a call of so many lines.
    #[must_use]
    pub fn unclear(lines: usize, error: ShopError) -> Self {
        Self::alike(lines, CallReply::Unclear(error), LineReply::Unknown)
    }

    /// Whether every line is in the shop.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        let all = |lines: &[LineReply]| lines.iter().all(|line| matches!(line, LineReply::Applied(_)));
        matches!(self, Self::Sent { call: CallReply::Answered, lines } if all(lines))
    }
}

/// What kind of failure it is; decides what a run and a user can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShopErrorClass {
    /// No connection could be made.
    Unreachable,
    /// No answer in time, or the connection broke.
    NoAnswer,
    /// Wix's own failure (5xx).
    ServerError,
    /// Too many requests.
    Throttled,
    /// Too many requests in a row: nothing gets through for minutes. It ends a run.
    Blocked,
    /// The key is not accepted.
    Unauthorised,
    /// The key may not do this on this site: another site, or a permission is missing.
    Forbidden,
    /// Wix knows no such thing.
    NotFound,
    /// The site is on a catalog that this version does not know.
    CatalogNotSupported,
    /// The site has moved to another catalog since it was asked which one it has.
    CatalogChanged,
    /// The site's catalog is being set up.
    CatalogProvisioning,
    /// The site has no Wix Stores.
    StoresNotInstalled,
    /// Wix refused the request, with a reason.
    Refused,
    /// An answer that cannot be read: cut, empty, HTML.
    Malformed,
    /// The address leads elsewhere (a redirect), which is not followed.
    Redirected,
    /// The catalog read does not add up, twice in a row.
    Incomplete,
    /// The moment before which the request had to leave has passed.
    TooLate,
}

impl ShopErrorClass {
    /// Every value.
    pub const ALL: &'static [Self] = &[
        Self::Unreachable,
        Self::NoAnswer,
        Self::ServerError,
        Self::Throttled,
        Self::Blocked,
        Self::Unauthorised,
        Self::Forbidden,
        Self::NotFound,
        Self::CatalogNotSupported,
        Self::CatalogChanged,
        Self::CatalogProvisioning,
        Self::StoresNotInstalled,
        Self::Refused,
        Self::Malformed,
        Self::Redirected,
        Self::Incomplete,
        Self::TooLate,
    ];

    /// Whether the shop refused access, or is another one than before, so that no other request can succeed.
    #[must_use]
    pub fn keeps_out(self) -> bool {
        matches!(self, Self::Unauthorised | Self::Forbidden | Self::CatalogChanged | Self::StoresNotInstalled)
    }

    /// The code that programs read; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "wix_unreachable",
            Self::NoAnswer => "wix_no_answer",
            Self::ServerError => "wix_server_error",
            Self::Throttled => "wix_throttled",
            Self::Blocked => "throttled",
            Self::Unauthorised => "wix_unauthorised",
            Self::Forbidden => "wix_forbidden",
            Self::NotFound => "wix_not_found",
            Self::CatalogNotSupported => "catalog_not_supported",
            Self::CatalogChanged => "catalog_changed",
            Self::CatalogProvisioning => "catalog_provisioning",
            Self::StoresNotInstalled => "stores_not_installed",
            Self::Refused => "wix_refused",
            Self::Malformed => "wix_malformed",
            Self::Redirected => "wix_redirected",
            Self::Incomplete => "wix_incomplete",
            Self::TooLate => "too_late",
        }
    }
}

/// A failure of the shop, with what Wix said; free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ShopError {
    /// What kind.
    pub class: ShopErrorClass,
    /// Status, Wix's code and reason, request id: as far as they are known.
    pub detail: String,
}

impl ShopError {
    /// A failure of `class` with what is known of it.
    #[must_use]
    pub fn new(class: ShopErrorClass, detail: impl Into<String>) -> Self {
        Self { class, detail: detail.into() }
    }
}

impl From<ShopError> for Failure {
    fn from(error: ShopError) -> Self {
        Self { at: FailedAt::Shop, code: error.class.code().to_owned(), detail: error.detail }
    }
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.code(), self.detail)
    }
}
