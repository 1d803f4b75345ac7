//! How customers were won (获客): from which channels they came, a campaign with its costs, a partner with its agreement,
//! leads of the last days, and a referral whose reward waits.

use customers::CustomerKind;
use customers::campaign::actions as campaigns;
use customers::campaign::model::{CampaignId, Content as Campaign};
use customers::lead::actions::{self as leads, Said};
use customers::lead::model::{NewLead, Origin, StepKind};
use customers::lead::source;
use customers::partner::actions as partners;
use customers::partner::model::{Content as Partner, NewAgreement, PartnerId};
use finance::Fen;
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::error::ActionError;
use platform::id::BranchId;
use platform::web::UploadedFile;
use platform::work::Work;

use super::at;
use super::files::Kept;
use super::plan::Plan;
use super::staff::Staff;
use crate::failure::Failure;

/// The channels of those who came without anybody naming them, in turn.
const CHANNELS: [&str; 4] = ["walk_in", "advertising_online", "social_media", "advertising_offline"];
/// Of so many customers one came by the campaign, and one by the partner.
const BY_CAMPAIGN: usize = 6;
/// See [`BY_CAMPAIGN`].
const BY_PARTNER: usize = 9;
/// A sheet of paper.
const PAPER: &[u8] = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n";

/// A lead of the last days: name, number, channel, what became of it.
const LEADS: [(&str, &str, &str, &str, Option<StepKind>); 5] = [
    ("钱多多", "13900001101", "advertising_online", "装修用款十万元", None),
    ("孙小圆", "13900001102", "walk_in", "店铺进货周转", Some(StepKind::Contacted)),
    ("李建业", "13900001103", "social_media", "购车", Some(StepKind::Visited)),
    ("周大海", "13900001104", "advertising_offline", "渔船维修", Some(StepKind::Refused)),
    ("吴秋月", "13900001105", "walk_in", "开店", Some(StepKind::Lost)),
];

/// Says of every customer of the plan from where it came; the borrower whose first loan starts last was referred.
pub async fn sources(app: &App, staff: &Staff, plan: &Plan, all: &[Kept], opens: Date) -> Result<(), Failure> {
    let Some(head) = staff.with_role("general_manager", BranchId(1)).cloned() else { return Ok(()) };
    let mut work = Work::begin(app, head).await?;
    let campaign = campaign(&mut work, opens).await?;
    let partner = partner(&mut work, opens).await?;
    let referred = latest(plan);
    for (place, one) in all.iter().enumerate() {
        let Some(manager) = staff.user(one.manager) else { continue };
        work.actor = manager.clone();
        let referrer = all.get(usize::from(place == 0)).map(|other| other.customer);
        let origin = match referrer.filter(|_| referred == Some(place)) {
            Some(referrer) => {
                Origin { channel: "word_of_mouth".to_owned(), referrer: Some(referrer), ..Origin::default() }
            }
            None if place % BY_CAMPAIGN == 1 => {
                Origin { channel: "marketing_event".to_owned(), campaign: Some(campaign), ..Origin::default() }
            }
            None if place % BY_PARTNER == 2 => {
                Origin { channel: "partner_referral".to_owned(), partner: Some(partner), ..Origin::default() }
            }
            None => Origin { channel: CHANNELS[place % CHANNELS.len()].to_owned(), ..Origin::default() },
        };
        source::record(&mut work, one.customer, &origin).await?;
    }
    Ok(work.commit().await?)
}

/// Whose first loan starts last.
fn latest(plan: &Plan) -> Option<usize> {
    let mut first: std::collections::BTreeMap<usize, Date> = std::collections::BTreeMap::new();
    for loan in &plan.loans {
        let on = first.entry(loan.borrower).or_insert(loan.terms.start_on);
        *on = loan.terms.start_on.min(*on);
    }
    first.into_iter().max_by_key(|(place, on)| (*on, *place)).map(|(place, _)| place)
}

async fn campaign(work: &mut Work, opens: Date) -> Result<CampaignId, ActionError> {
    let content = Campaign {
        title: "商户走访季".to_owned(),
        channel: "marketing_event".to_owned(),
        aim: "走访批发市场与沿街商户，介绍经营周转贷款".to_owned(),
        target: (String::new(), String::new()),
        branch: None,
        starts_on: opens,
        ends_on: super::STANDS,
        budget: Fen(3_000_000),
        target_leads: 120,
    };
    let id = campaigns::plan(work, &content).await?;
    for (amount, purpose) in [(860_000, "场地与展架"), (425_050, "宣传折页"), (300_000, "礼品")] {
        campaigns::spend(work, &id.to_string(), Fen(amount), opens, purpose).await?;
    }
    Ok(id)
}

async fn partner(work: &mut Work, opens: Date) -> Result<PartnerId, ActionError> {
    let content = Partner {
        name: "东湖商会".to_owned(),
        kind: "chamber".to_owned(),
        note: "每月例会推荐会员企业".to_owned(),
        branch: None,
    };
    let id = partners::register(work, &content).await?;
    let new = NewAgreement {
        title: "客户推荐合作协议".to_owned(),
        from: opens,
        until: finance::add_days(super::STANDS, 20).unwrap_or(super::STANDS),
    };
    let sent = UploadedFile { field: "file".to_owned(), name: "合作协议.pdf".to_owned(), bytes: PAPER.to_vec() };
    partners::agree(work, &id.to_string(), &new, Some(&sent)).await?;
    Ok(id)
}

/// The leads of the last day.
pub async fn leads_of(app: &App, staff: &Staff, stands: Date, all: &[Kept]) -> Result<(), Failure> {
    app.clock.set(at(stands, 16, 10)?);
    for ((name, phone, channel, interest, step), one) in LEADS.into_iter().zip(all.iter().cycle()) {
        let Some(manager) = staff.user(one.manager).cloned() else { continue };
        let new = NewLead {
            kind: CustomerKind::Person,
            name: name.to_owned(),
            phone: Some(phone.to_owned()),
            origin: Origin { channel: channel.to_owned(), ..Origin::default() },
            ground: "consent".to_owned(),
            ground_note: "填写意向表时勾选同意联系".to_owned(),
            interest: interest.to_owned(),
            customer: None,
            owner: one.manager,
        };
        follow(app, manager, &new, step).await?;
    }
    Ok(())
}

async fn follow(app: &App, manager: Actor, new: &NewLead, step: Option<StepKind>) -> Result<(), ActionError> {
    let mut work = Work::begin(app, manager).await?;
    let id = leads::take(&mut work, new).await?;
    if let Some(step) = step {
        let reason = if step == StepKind::Lost { "price".to_owned() } else { String::new() };
        let said = Said { note: "电话说明额度与利率".to_owned(), next_on: None, reason };
        leads::step(&mut work, &id.to_string(), step, &said).await?;
    }
    Ok(work.commit().await?)
}
