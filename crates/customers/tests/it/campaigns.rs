//! Campaigns and partners through HTTP, on every database.

use axum::http::StatusCode;
use customers::campaign::model::Effect;
use customers::campaign::{actions as campaigns, store};
use customers::lead::Acquisition;
use customers::partner::actions as partners;
use finance::Fen;
use jiff::civil::date;
use platform::access::DataScope;
use platform::close::{CloseDay, CloseStep as _};
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::leads::{lead, taken};
use crate::lender::lenders;

const PAPER: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

// S1-04, S5.8-13, S5.3-04. Rules campaign.plan, campaign.cost, campaign.review
#[tokio::test]
async fn a_campaign_has_a_target_costs_leads_and_a_review() {
    for lender in lenders().await {
        let mut browser = lender.browser("chief").await;
        let fields = [
            ("title", "秋季商户走访"),
            ("channel", "marketing_event"),
            ("aim", "走访市场商户，介绍周转贷"),
            ("target", "credit_grade:excellent"),
            ("branch", ""),
            ("starts_on", "2026-11-01"),
            ("ends_on", "2026-11-19"),
            ("budget", "5000"),
            ("target_leads", "30"),
        ];
        let mut wrong = fields;
        (wrong[0].1, wrong[1].1, wrong[3].1, wrong[6].1) = ("", "poem", "poem:x", "2026-10-01");
        let back = browser.post_from("/campaigns/new", "/campaigns/new", &wrong).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post_from("/campaigns/new", "/campaigns/new", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let own = done.location().to_owned();
        let costs = format!("{own}/costs/new");
        let cost = [("amount", "1200.50"), ("spent_on", "2026-11-10"), ("purpose", "场地")];
        assert_eq!(browser.post_from(&costs, &costs, &cost).await.status, StatusCode::SEE_OTHER);
        let late = [("amount", "-1"), ("spent_on", "2026-12-10"), ("purpose", "")];
        assert_eq!(browser.post_from(&costs, &costs, &late).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let id = own.rsplit('/').next().unwrap().parse().map(customers::campaign::model::CampaignId).unwrap();
        let mut new = lead(&lender, "梁文", "lin").await;
        new.origin.channel = "marketing_event".to_owned();
        assert!(taken(&lender, "lin", &new).await.is_err(), "the channel needs its campaign");
        new.origin.campaign = Some(id);
        taken(&lender, "lin", &new).await.unwrap();
        let mut work = lender.work("chief").await;
        let effect = store::effect(&mut work.tx, id, DataScope::everything()).await.unwrap();
        assert_eq!(effect, Effect { leads: 1, won: 0, cost: Fen(120_050) });
        let first = store::costs(&mut work.tx, id).await.unwrap()[0].id;
        campaigns::take_back(&mut work, &id.to_string(), first, "记错活动").await.unwrap();
        assert!(campaigns::take_back(&mut work, &id.to_string(), first, "再次").await.is_err(), "once");
        assert_eq!(store::effect(&mut work.tx, id, DataScope::everything()).await.unwrap().cost, Fen(0));
        work.commit().await.unwrap();
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            let pages = ["/campaigns".to_owned(), "/campaigns/new".to_owned(), own.clone(), costs.clone()];
            for page in pages.into_iter().chain([format!("{own}/review"), "/campaigns?view=all".to_owned()]) {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let review = format!("{own}/review");
        assert_eq!(browser.post_from(&review, &review, &[("note", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post_from(&review, &review, &[("note", "线索偏少，下次提前预约")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(browser.post_from(&costs, &costs, &cost).await.status, StatusCode::CONFLICT, "it is over");
        // A colleague in the lobby plans nothing and sees neither budget nor costs, nor whom others brought.
        let mut lobby = lender.work("tang").await;
        let scope = lobby.authorise("lead.view").unwrap();
        assert!(!campaigns::sees_costs(&lobby, scope));
        assert_eq!(store::effect(&mut lobby.tx, id, scope).await.unwrap().leads, 0);
        drop(lobby);
        let mut officer = lender.browser("lin").await;
        assert_eq!(officer.get(&own).await.status, StatusCode::OK, "what is of the whole house is seen by all");
        let refused = officer.post_from("/campaigns/new", "/campaigns/new", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "not for the whole house");
    }
}

// S1-05. Rules partner.register, partner.agreement, partner.kinds, duty.partner_agreement
#[tokio::test]
async fn a_partner_has_agreements_and_its_renewal_is_a_duty() {
    for lender in lenders().await {
        let mut browser = lender.browser("chief").await;
        let fields = [("name", "东湖商会"), ("kind", "chamber"), ("branch", ""), ("note", "每月例会")];
        let wrong = [("name", ""), ("kind", "poem"), ("branch", "x"), ("note", "")];
        let back = browser.post_from("/partners/new", "/partners/new", &wrong).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post_from("/partners/new", "/partners/new", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let own = done.location().to_owned();
        let id = own.rsplit('/').next().unwrap().to_owned();
        let paper = format!("{own}/agreements/new");
        let terms = [("title", "推荐合作协议"), ("valid_from", "2026-01-01"), ("valid_until", "2026-12-31")];
        let done = browser.upload_from(&paper, &paper, &terms, ("file", "协议.pdf", PAPER)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let beside = [("title", "宣传合作协议"), ("valid_from", "2026-02-01"), ("valid_until", "2026-12-31")];
        let done = browser.upload_from(&paper, &paper, &beside, ("file", "协议.pdf", PAPER)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut work = lender.work("chief").await;
        let ending = customers::partner::store::ending(&mut work.tx, date(2027, 1, 1)).await.unwrap();
        assert_eq!(ending.len(), 1, "two agreements that end on one day");
        drop(work);
        let open = "select count(*) as n from duty where kind = 'partner_agreement' and state = 'open'";
        for day in [date(2026, 11, 20), date(2026, 12, 3), date(2026, 12, 4)] {
            let mut work = lender.system().await;
            work.business_date = day;
            let day = CloseDay::of(day).unwrap();
            Acquisition.batch(&mut work, day, CustomerId(-1)).await.unwrap();
            work.commit().await.unwrap();
        }
        assert_eq!(lender.count(open).await, 1, "a month before its end, once");
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for page in
                ["/partners".to_owned(), "/partners/new".to_owned(), own.clone(), paper.clone(), format!("{own}/end")]
            {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let next = [("title", "续签"), ("valid_from", "2027-01-01"), ("valid_until", "2027-12-31")];
        let done = browser.upload_from(&paper, &paper, &next, ("file", "协议.pdf", PAPER)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lender.count(open).await, 0);
        let shown = browser.get(&own).await.text;
        let href = shown.split('"').find(|part| part.ends_with("/file") && part.contains("/agreements/")).unwrap();
        let mut work = lender.work("chief").await;
        let agreement = href.rsplit('/').nth(1).unwrap();
        assert_eq!(partners::paper(&mut work, &id, agreement).await.unwrap().bytes, PAPER);
        work.commit().await.unwrap();
        let (status, bytes) = browser.file(href).await;
        assert_eq!((status, bytes.as_slice()), (StatusCode::OK, PAPER));
        let end = format!("{own}/end");
        assert_eq!(browser.post_from(&end, &end, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post_from(&end, &end, &[("reason", "合作期满")]).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.work("chief").await;
        assert!(partners::end(&mut work, &id, "再次").await.is_err());
    }
}
