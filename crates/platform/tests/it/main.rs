//! The platform against real databases.

mod audit;
mod db;
mod doors;
mod people;
mod web;
