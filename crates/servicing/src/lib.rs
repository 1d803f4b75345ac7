//! servicing
