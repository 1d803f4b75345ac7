//! Operations (接口操作): what a route of the interface takes and gives, read off its handler's own signature.

use axum::extract::{Form, Path, Query, RawQuery, State};
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;

use super::shape::Shape;
use crate::app::App;
use crate::page::Ui;
use crate::page::list::ListSpec;
use crate::web::{Circumstances, Posted, Upload, Visit};

/// What is sent in the body (请求体).
#[derive(Debug, Clone, Copy, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// A JSON object with these fields.
    Fields(fn() -> Shape),
    /// A form with files.
    Files,
}

/// What comes back (应答).
#[derive(Debug, Clone, Copy, Default)]
pub enum Answer {
    /// Where the result is.
    #[default]
    Place,
    /// The rows of a list.
    Rows(fn(&Ui) -> ListSpec),
    /// A thing, with its schema.
    Thing(fn(&mut schemars::SchemaGenerator) -> schemars::Schema),
    /// A file of one of these kinds.
    File(&'static [&'static str]),
}

/// What a route takes and gives (接口操作).
#[derive(Debug, Clone, Copy, Default)]
pub struct Operation {
    /// What is sent.
    pub body: Body,
    /// What the address is asked with.
    pub query: Option<fn() -> Shape>,
    /// What comes back.
    pub answer: Answer,
}

/// An argument of a handler: what it adds to the operation.
pub trait Argument {
    /// Notes what it takes.
    fn note(operation: &mut Operation);
}

impl<T: DeserializeOwned> Argument for Posted<T> {
    fn note(operation: &mut Operation) {
        operation.body = Body::Fields(Shape::of::<T>);
    }
}

impl Argument for Upload {
    fn note(operation: &mut Operation) {
        operation.body = Body::Files;
    }
}

impl<T: DeserializeOwned> Argument for Query<T> {
    fn note(operation: &mut Operation) {
        operation.query = Some(Shape::of::<T>);
    }
}

macro_rules! silent {
    ($([$($generic:tt)*] $name:ty),* $(,)?) => {$(
        impl<$($generic)*> Argument for $name {
            fn note(_: &mut Operation) {}
        }
    )*};
}

silent! { [] Visit, [] Circumstances, [] RawQuery, [] HeaderMap, [] State<App>, [T] Path<T>, [T] Form<T> }

/// The arguments of a handler, as the framework names them.
pub trait Signature {
    /// What they take.
    fn operation() -> Operation;
}

macro_rules! signatures {
    ($([$($argument:ident),*]),*) => {$(
        impl<M, $($argument: Argument),*> Signature for (M, $($argument,)*) {
            fn operation() -> Operation {
                let mut operation = Operation::default();
                $($argument::note(&mut operation);)*
                operation
            }
        }
    )*};
}

signatures! { [A], [A, B], [A, B, C], [A, B, C, D], [A, B, C, D, E] }

impl Signature for ((),) {
    fn operation() -> Operation {
        Operation::default()
    }
}
