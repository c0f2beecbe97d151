//! What the command `import`, its `--watch` and the service do alike: the options of a list, reading it, writing it,
//! and where lists come from by themselves.

pub(crate) mod address;
pub(crate) mod choice;
pub(crate) mod inbox;
pub(crate) mod intake;
pub(crate) mod take;
