//! What policies are told of credit reports (决策事实): level, record, arrears, debts, an approved adjustment. Pure.

use jiff::civil::Date;
use policy::Value;

use super::model::{About, Adjustment, Query, TOTAL, latest};

/// What the reports that count on a day say (征信事实).
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Facts, each with the date of its report.
    pub facts: Vec<(&'static str, Value, Date)>,
    /// The first day on which one of them counts no longer.
    pub until: Option<Date>,
}

impl Told {
    fn put(&mut self, name: &'static str, value: Option<Value>, on: Date) {
        self.facts.extend(value.map(|value| (name, value, on)));
    }

    fn ends(&mut self, last: Option<Date>) {
        let gone = last.and_then(|last| last.tomorrow().ok());
        self.until = [self.until, gone].into_iter().flatten().min();
    }
}

/// The facts of a day (rule `credit.counts`).
#[must_use]
pub(crate) fn of(queries: &[Query], adjustments: &[Adjustment], on: Date) -> Told {
    let mut told = Told::default();
    let text = |word: &str| Value::from(word);
    if let Some(own) = latest(queries, About::Own, on) {
        let (said, date) = (&own.content, own.content.report_on);
        told.put("credit_query_authorised", Some(Value::Boolean(true)), date);
        told.put("own_credit_level", said.level.map(|level| text(level.as_str())), date);
        told.put("credit_record", said.record.map(|record| text(record.as_str())), date);
        told.put("own_arrears", said.arrears.map(Value::Boolean), date);
        for (item, fen) in said.debts.iter().filter(|(item, _)| *item != TOTAL) {
            told.put(item, Some(Value::Integer(fen.0)), date);
        }
        told.ends(own.valid_until);
        if let Some(adjustment) = adjustments.iter().rfind(|one| one.query == own.id && one.counts(on)) {
            told.put("level_adjustment", Some(text(adjustment.content.ground.as_str())), date);
            told.put("level_adjustment_approved", Some(Value::Boolean(true)), date);
            told.ends(Some(adjustment.content.expires_on));
        }
    }
    if let Some(spouse) = latest(queries, About::Spouse, on) {
        let (said, date) = (&spouse.content, spouse.content.report_on);
        told.put("spouse_credit_level", said.level.map(|level| text(level.as_str())), date);
        told.put("spouse_arrears", said.arrears.map(Value::Boolean), date);
        told.ends(spouse.valid_until);
    }
    told
}

#[cfg(test)]
mod tests {
    use finance::Fen;
    use jiff::Timestamp;
    use jiff::civil::date;
    use platform::id::{CustomerId, UserId};

    use super::*;
    use crate::credit::model::{
        AdjustmentId, Ground, Level, NewAdjustment, NewQuery, Origin, Outcome, QueryId, Record,
    };
    use crate::document::model::DocumentId;

    const ON: Date = date(2026, 11, 20);

    fn query(id: i64, about: About, report_on: Date, level: Level) -> Query {
        Query {
            customer: CustomerId(1),
            id: QueryId(id),
            content: NewQuery {
                about,
                purpose: "loan_review".to_owned(),
                origin: Origin::Pboc,
                queried_on: report_on,
                report_on,
                authorisation: DocumentId(1),
                report: None,
                level: Some(level),
                record: Some(Record::Blemished),
                arrears: Some(false),
                debts: vec![("card_overdraft_fen", Fen(100)), (TOTAL, Fen(900))],
                note: String::new(),
            },
            valid_until: Some(date(2026, 12, 31)),
            corrects: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            recorded_by: UserId(1),
        }
    }

    fn value(told: &Told, name: &str) -> Option<String> {
        told.facts.iter().find(|(fact, ..)| *fact == name).map(|(_, value, _)| value.to_text())
    }

    // S1-13, S5.8-04, S5.6-08. Rule credit.counts
    #[test]
    fn the_latest_report_that_counts_speaks_and_an_approved_adjustment_until_it_ends() {
        let mut wrong = query(3, About::Own, date(2026, 11, 10), Level::Normal);
        wrong.corrects = None;
        let mut mend = query(4, About::Own, date(2026, 11, 10), Level::Substandard);
        mend.corrects = Some(QueryId(3));
        let old = query(1, About::Own, date(2026, 10, 1), Level::Prohibited);
        let spouse = query(2, About::Spouse, date(2026, 11, 1), Level::Flawed);
        let all = [old, spouse, wrong, mend];
        let mut adjustment = Adjustment {
            id: AdjustmentId(1),
            query: QueryId(4),
            content: NewAdjustment {
                ground: Ground::TechnicalOverdue,
                reason: "系统扣款失败".to_owned(),
                expires_on: date(2026, 11, 30),
            },
            asked_by: UserId(1),
            effective_on: ON,
            outcome: None,
        };
        let asked = of(&all, std::slice::from_ref(&adjustment), ON);
        assert_eq!(value(&asked, "own_credit_level").as_deref(), Some("substandard"), "the corrected one is silent");
        assert_eq!(value(&asked, "spouse_credit_level").as_deref(), Some("flawed"));
        assert_eq!(value(&asked, "card_overdraft_fen").as_deref(), Some("100"));
        assert_eq!(value(&asked, TOTAL), None);
        assert_eq!(value(&asked, "level_adjustment"), None, "what waits for approval does not count");
        assert_eq!(asked.until, Some(date(2027, 1, 1)));
        adjustment.outcome = Some((Outcome::Approved, ON));
        let granted = of(&all, std::slice::from_ref(&adjustment), ON);
        assert_eq!(value(&granted, "level_adjustment").as_deref(), Some("technical_overdue"));
        assert_eq!(granted.until, Some(date(2026, 12, 1)));
        let over = of(&all, &[adjustment], date(2026, 12, 1));
        assert_eq!(value(&over, "level_adjustment_approved"), None);
        assert_eq!(of(&all, &[], date(2027, 1, 1)), Told::default(), "reports lapse");
    }
}
