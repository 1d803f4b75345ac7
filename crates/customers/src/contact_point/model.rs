//! How a customer or a related party is reached, where that is known from, whether it was agreed. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

use crate::relation::model::RelationId;

id_type!(ContactPointId, "The key of a contact point within a customer's file (联系方式).");

/// By which way somebody is reached (联系方式类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactKind {
    /// 电话.
    Phone,
    /// 电子邮箱.
    Email,
    /// 地址.
    Address,
}

impl ContactKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Email, Self::Address];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

stored_as_text!(ContactKind, "kind of contact point");

/// Where a contact point is known from (来源).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceRoute {
    /// 本人提供.
    Customer,
    /// 关系人提供.
    RelatedParty,
    /// 合同或申请材料.
    Papers,
    /// 现场走访.
    Visit,
    /// 公开信息.
    Public,
    /// 导入的旧台账.
    Import,
}

impl SourceRoute {
    /// Every route.
    pub const ALL: [Self; 6] =
        [Self::Customer, Self::RelatedParty, Self::Papers, Self::Visit, Self::Public, Self::Import];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::RelatedParty => "related-party",
            Self::Papers => "papers",
            Self::Visit => "visit",
            Self::Public => "public",
            Self::Import => "import",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }
}

stored_as_text!(SourceRoute, "route by which a contact point is known");

/// A contact point (联系方式) as it is kept, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactPoint {
    /// Whose file.
    pub customer: CustomerId,
    /// The key within it.
    pub id: ContactPointId,
    /// The related party that it reaches; `None` is the customer.
    pub relation: Option<RelationId>,
    /// Phone, e-mail, address.
    pub kind: ContactKind,
    /// The value, masked.
    pub masked: String,
    /// Where it is known from.
    pub route: SourceRoute,
    /// Whether it may be used.
    pub consented: bool,
    /// The one to try first.
    pub main: bool,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

impl ContactPoint {
    /// The thing for the audit trail.
    pub fn subject(&self) -> String {
        format!("contact_point:{}:{}", self.customer, self.id)
    }
}

/// What is needed to add a contact point (新增联系方式).
#[derive(Clone, PartialEq, Eq)]
pub struct NewContactPoint {
    /// The related party that it reaches; `None` is the customer.
    pub relation: Option<RelationId>,
    /// Phone, e-mail, address.
    pub kind: ContactKind,
    /// The value in clear; a phone as digits only.
    pub value: String,
    /// Where it is known from.
    pub route: SourceRoute,
    /// Whether it may be used.
    pub consented: bool,
    /// The one to try first.
    pub main: bool,
}

/// Never shows the value.
impl std::fmt::Debug for NewContactPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewContactPoint({:?}, {:?})", self.kind, self.route)
    }
}
