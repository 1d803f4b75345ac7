//! The matrices as a program reads them (迁徙矩阵数据).

use axum::extract::Query;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Matrix;
use super::pages::{MigrationAsked, load};
use crate::grade::By;

/// Where the book went between two dates (迁徙).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MigrationData {
    /// The earlier date.
    from: String,
    /// The later date.
    as_of: String,
    /// 按当时所知; null: now.
    known_at: Option<String>,
    /// `money`: every number is in fen; `loans`: every number counts loans.
    show: String,
    /// By class.
    classes: MatrixData,
    /// By bucket.
    buckets: MatrixData,
}

/// A matrix (矩阵): rows are where loans stood, columns where they ended.
#[derive(Debug, Serialize, JsonSchema)]
struct MatrixData {
    /// The steps, best first: rows and columns alike.
    steps: Vec<String>,
    /// Cells by row and column.
    cells: Vec<Vec<i64>>,
    /// 收回 (settled, in loans) by row.
    back: Vec<i64>,
    /// 核销 by row.
    written_off: Vec<i64>,
    /// 期初合计 by row.
    opening: Vec<i64>,
    /// 新增 by column.
    fresh: Vec<i64>,
    /// 期末合计 by column.
    closing: Vec<i64>,
}

impl From<Matrix> for MatrixData {
    fn from(matrix: Matrix) -> Self {
        Self {
            steps: matrix.steps.into_iter().map(|step| step.id).collect(),
            cells: matrix.cells,
            back: matrix.back,
            written_off: matrix.written_off,
            opening: matrix.opening,
            fresh: matrix.fresh,
            closing: matrix.closing,
        }
    }
}

/// `/api/v1/dashboard/migration`
pub(super) async fn migration(
    visit: Visit,
    Query(asked): Query<MigrationAsked>,
) -> Result<Data<MigrationData>, WebError> {
    let it = load(&mut visit.read().await?, &asked).await?;
    Ok(Data(MigrationData {
        from: it.from.to_string(),
        as_of: it.at.as_of.to_string(),
        known_at: it.at.known.map(|at| at.to_string()),
        show: it.show.as_str().to_owned(),
        classes: it.matrix(By::Class).into(),
        buckets: it.matrix(By::Bucket).into(),
    }))
}
