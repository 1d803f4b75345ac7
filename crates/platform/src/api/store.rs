//! Tokens as rows (令牌存储).

use super::token::{ApiToken, read};
use crate::args;
use crate::db::{AssertSqlSafe, Row, StoreError, Tx};

const TOKEN: &str = "select t.id, t.user_id, u.name as owner, t.name, t.scopes, t.created_at, t.expires_at, t.used_at, \
     t.used_from, t.revoked_at from api_token t join app_user u on u.id = t.user_id";
/// The most tokens that are shown.
const MOST: i64 = 500;

fn decode(row: &Row) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: row.get("id")?,
        user: row.get("user_id")?,
        owner: row.get("owner")?,
        name: row.get("name")?,
        scopes: read(&row.get::<String>("scopes")?),
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get("used_at")?,
        used_from: row.get("used_from")?,
        revoked_at: row.get("revoked_at")?,
    })
}

/// One token.
pub(super) async fn token(tx: &mut Tx, id: i64) -> Result<Option<ApiToken>, StoreError> {
    let sql = AssertSqlSafe(format!("{TOKEN} where t.id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// The tokens of a person, or of everybody (0), the latest first.
pub(super) async fn tokens(tx: &mut Tx, user: i64) -> Result<Vec<ApiToken>, StoreError> {
    let sql = AssertSqlSafe(format!("{TOKEN} where ($1 = 0 or t.user_id = $1) order by t.id desc limit $2"));
    tx.fetch_all(sql, args![user, MOST]).await?.iter().map(decode).collect()
}
