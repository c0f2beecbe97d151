//! The HTTP side: accepting connections, and the way of a request from its arrival to its answer.

mod acceptor;
mod connection;
mod inject;
mod pipeline;
mod port;
mod request;
mod routes;
mod twin;

pub(crate) use acceptor::Acceptor;
