//! The institution as a program reads it (机构数据).

use schemars::JsonSchema;
use serde::Serialize;

use super::{SETTINGS_MANAGE, store};
use crate::api::Data;
use crate::web::{Visit, WebError};

/// The institution (机构): every text here stands on papers or goes out to customers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InstitutionData {
    /// 机构名称.
    name: String,
    /// 机构编码, as the supervisor or the association gave it; may be empty.
    code: String,
    /// 统一社会信用代码; may be empty.
    credit_code: String,
    /// 地址; may be empty.
    address: String,
    /// Where customers reach it (联系方式).
    contact: String,
    /// 收款账户: number and bank, as letters name it; may be empty.
    account: String,
    /// What a change names as `seen`.
    version: i64,
}

/// `/api/v1/institution`
pub(super) async fn institution(visit: Visit) -> Result<Data<InstitutionData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(SETTINGS_MANAGE)?;
    let (it, version) = store::load(&mut work.tx).await?;
    Ok(Data(InstitutionData {
        name: it.name,
        code: it.code,
        credit_code: it.credit_code,
        address: it.address,
        contact: it.contact,
        account: it.account,
        version,
    }))
}
