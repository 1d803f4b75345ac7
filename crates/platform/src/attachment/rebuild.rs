//! Comparing the content of kept files with their digests (附件核对): part of `loanward rebuild --verify`.

use sha2::{Digest as _, Sha256};

use super::model::Attachment;
use super::{actions, store};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::hex::hex;
use crate::rebuild::{Difference, Mode, RebuildBatch, Rebuilder};
use crate::work::Work;

/// Files of one batch.
const BATCH: i64 = 20;

/// 附件内容: what is kept is what was handed in. Nothing can be computed anew: a damaged file is in the backup.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contents;

impl Rebuilder for Contents {
    fn name(&self) -> &'static str {
        "attachments"
    }

    fn order(&self) -> i32 {
        900
    }

    fn expected<'a>(&'a self, work: &'a mut Work) -> BoxFuture<'a, Result<u64, ActionError>> {
        Box::pin(async move { Ok(store::count(&mut work.tx).await?.unsigned_abs()) })
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        after: i64,
        mode: Mode,
    ) -> BoxFuture<'a, Result<RebuildBatch, ActionError>> {
        Box::pin(async move {
            let files = store::after(&mut work.tx, after, BATCH).await?;
            let mut batch = RebuildBatch { considered: files.len() as u64, ..RebuildBatch::default() };
            // There is nothing to write: only a backup has what is damaged here.
            if mode == Mode::Verify {
                for file in &files {
                    look(work, file, &mut batch).await?;
                }
            }
            batch.last = files.last().map(|file| file.id.0).filter(|_| files.len() as i64 == BATCH);
            Ok(batch)
        })
    }
}

async fn look(work: &mut Work, file: &Attachment, batch: &mut RebuildBatch) -> Result<(), ActionError> {
    let app = work.app.clone();
    if app.vault().is_err() {
        batch.unjudged += 1;
        return Ok(());
    }
    let computed = match actions::content(&app, work, file).await {
        Ok(bytes) => hex(&Sha256::digest(&bytes)),
        // A book that came in as a workbook brought no content.
        Err(ActionError::Refused(_)) if file.brought_in => {
            batch.unjudged += 1;
            return Ok(());
        }
        Err(ActionError::Refused(refused)) => refused.code.to_owned(),
        Err(error) => return Err(error),
    };
    if computed != file.digest {
        batch.differences.push(Difference {
            table: "attachment_piece",
            row: format!("{}:{}", file.customer, file.id),
            column: "digest".to_owned(),
            kept: file.digest.clone(),
            computed,
        });
    }
    Ok(())
}
