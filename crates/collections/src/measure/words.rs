//! How groups are called (分组名称): branches, people, causes, steps, buckets, products, patterns.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::Ui;
use platform::policies::{self, InForce};
use platform::work::Work;

use super::figures;
use super::model::By;
use super::store;

/// What is known of names (名称).
pub(crate) struct Words {
    branches: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
    policy: Arc<InForce>,
}

impl Words {
    /// The names of today.
    pub(crate) async fn load(work: &mut Work) -> Result<Self, ActionError> {
        let on = work.business_date;
        let people = crate::people(work).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let policy = policies::in_force(work, on).await?;
        Ok(Self { branches: store::branches(&mut work.tx).await?, people, policy })
    }

    /// The name of a group.
    pub(crate) fn group(&self, ui: &Ui, by: By, id: &str) -> String {
        if id.is_empty() {
            return ui.t(format!("measure-none-{}", by.as_str()));
        }
        let english = ui.lang() == Lang::En;
        let known = |names: &BTreeMap<String, String>| names.get(id).cloned();
        let found = match by {
            By::Branch => known(&self.branches),
            By::Collector => known(&self.people),
            By::Cause => Some(ui.t(format!("cause-{id}"))),
            By::Step => Some(ui.t(format!("case-rung-{id}"))),
            By::Bucket => self.policy.pack().outcome("bucket", id).map(|o| o.title.in_language(english).to_owned()),
            By::Product => self.policy.pack().product(id).map(|p| p.title.in_language(english).to_owned()),
            By::Strategy => id.split_once(':').map(|(strategy, arm)| {
                let title = self.policy.pack().outcome("champion", strategy);
                let title = title.map_or(strategy, |known| known.title.in_language(english));
                format!("{title} · {}", ui.t(format!("strategy-{arm}")))
            }),
        };
        found.unwrap_or_else(|| id.to_owned())
    }

    /// Where a loan of a bucket went.
    pub(crate) fn end(&self, ui: &Ui, id: &str) -> String {
        match id {
            "cured" | "gone" => ui.t(format!("measure-{id}")),
            bucket => self.group(ui, By::Bucket, bucket),
        }
    }

    /// The groups in the order in which people look for them: buckets as the policy has them, others by name.
    pub(crate) fn order(&self, ui: &Ui, by: By, ids: &mut [String]) {
        let buckets = figures::buckets(self.policy.pack());
        ids.sort_by_key(|id| match by {
            By::Bucket => (buckets.iter().position(|known| known == id).unwrap_or(usize::MAX), String::new()),
            By::Branch | By::Collector => (usize::from(id.is_empty()), format!("{id:0>20}")),
            By::Cause | By::Step | By::Product | By::Strategy => (usize::from(id.is_empty()), self.group(ui, by, id)),
        });
    }

    /// The name of an article.
    pub(crate) fn article(&self, ui: &Ui, id: &str) -> String {
        self.policy.article_title(id, ui.lang() == Lang::En)
    }

    /// The rules in force.
    pub(crate) fn policy(&self) -> &InForce {
        &self.policy
    }
}
