//! Collections through their public functions and pages, on real databases.
