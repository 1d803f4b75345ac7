//! The check sheet (核查表) as the facts, the policy and the assessor's answers make it on a day.

use std::sync::Arc;

use finance::{Fen, monthly_payment};
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::{Facts, Product, Value};

use super::model::{Application, Assessment, Both, Conclusion, Item, Lending, Sheet, Terms, Verdict};
use super::rules::{self, CheckKind, CheckRow};
use crate::customer::model::{Customer, CustomerKind};
use crate::datum::facts::{self, Known};
use crate::datum::item;
use crate::datum::model::Datum;
use crate::datum::store as data;
use crate::document::model::Document;
use crate::document::store as documents;
use crate::evaluation::rules::source;
use crate::guarantee::ceiling::{self, Held};
use crate::lead::policy::number;
use crate::lending::effect;
use crate::merge::{self, open_file};
use crate::policy_list;

/// What the application itself tells: nobody is asked for it.
const OURS: [&str; 5] =
    ["loan_method_asked", "loan_product_kind", "mitigants_recorded", "payment_fen", "product_for_persons"];
/// How often answers may bring up further items: as deep as decisions lie below each other.
const ROUNDS: usize = 6;

/// Everything that an admission review looks at on the business date.
pub(super) struct Desk {
    /// Whose.
    pub customer: Customer,
    /// The rules in force.
    pub rules: Arc<InForce>,
    /// What is known.
    pub known: Known,
    /// The documents of the file that count.
    pub documents: Vec<Document>,
    held: Option<Held>,
    data: Vec<Datum>,
    today: Date,
}

/// An item that the policy wants evidence for.
struct Wanted {
    fact: String,
    needs: String,
}

impl Desk {
    /// The desk for a customer within the reach of an action.
    pub(super) async fn lay(work: &mut Work, id: CustomerId, action: &str) -> Result<Self, ActionError> {
        let customer = open_file(work, id, action).await?;
        let today = work.business_date;
        let rules = policies::in_force(work, today).await?;
        let known = facts::known(work, &customer, &rules, today).await?;
        let (mut held, mut papers) = (Vec::new(), Vec::new());
        for file in merge::united(&mut work.tx, id).await? {
            held.extend(data::of_customer(&mut work.tx, file).await?);
            papers.extend(documents::of_customer(&mut work.tx, file).await?);
        }
        papers.retain(Document::is_current);
        let guaranteed = ceiling::held(work, &rules, id).await?;
        Ok(Self { customer, rules, known, documents: papers, held: guaranteed, data: held, today })
    }

    /// The products on offer for this kind of customer.
    pub(super) fn products(&self) -> Vec<&Product> {
        let kind = self.customer.kind.as_str();
        let fits = |product: &&Product| product.nature.borrower.is_empty() || product.nature.borrower == kind;
        self.rules.edition(self.today).products(self.today).filter(fits).collect()
    }

    /// What the rules know of an application, beside the person.
    fn of_application(&self, asked: &Application) -> Facts {
        let mut facts = self.known.facts.clone();
        let product = self.rules.pack().product(&asked.product);
        let nature = product.map(|product| product.nature.clone()).unwrap_or_default();
        let persons = nature.borrower == CustomerKind::Person.as_str();
        facts.insert("product_for_persons".to_owned(), Value::Boolean(persons));
        facts.insert("loan_method_asked".to_owned(), Value::from(asked.method.as_str()));
        if let Some(revolving) = nature.revolving {
            let kind = if revolving { "quota" } else { "non_revolving" };
            facts.insert("loan_product_kind".to_owned(), Value::from(kind));
        }
        facts.entry("mitigants_recorded".to_owned()).or_insert(Value::Boolean(false));
        facts
    }

    /// The checks that the policy makes of this case (rule `admission.checks`); those that the pack does not have are
    /// left out.
    fn rows(&self, facts: &Facts) -> Result<Vec<CheckRow>, ActionError> {
        let edition = self.rules.edition(self.today);
        let rows = policy_list::rows_for(&self.rules, self.today, ("admission_check", facts), |row| {
            let kind = match row.value("check_kind")?.as_text()? {
                "term" => CheckKind::Term,
                "risk" => CheckKind::Risk,
                _ => CheckKind::Outcome,
            };
            let pass = row.value("check_pass")?.as_text()?.split('|').map(str::to_owned).collect();
            Some(CheckRow { decision: row.value("check_decision")?.as_text()?.to_owned(), kind, pass })
        })?;
        Ok(rows.into_iter().filter(|row| edition.decision(&row.decision).is_ok()).collect())
    }

    /// The items that the policy wants evidence for (rule `admission.items`).
    fn wanted(&self) -> Result<Vec<Wanted>, ActionError> {
        let of = ("admission_item", self.customer.kind);
        let dictionary = self.rules.pack().dictionary();
        let rows = policy_list::rows(&self.rules, self.today, of, |row| {
            let fact = row.value("admission_item")?.as_text()?.to_owned();
            Some(Wanted { fact, needs: row.value("item_evidence")?.as_text()?.to_owned() })
        })?;
        Ok(rows.into_iter().filter(|one| dictionary.get(&one.fact).is_some()).collect())
    }

    /// The items of the sheet, and the facts with the answers; what cannot be read is complained of.
    fn items(
        &self,
        asked: &Application,
        said: &Assessment,
        wrong: &mut Vec<FieldError>,
    ) -> Result<(Vec<Item>, Facts), ActionError> {
        let mut facts = self.of_application(asked);
        let rows = self.rows(&facts)?;
        let mut items = Vec::new();
        for one in self.wanted()? {
            self.add(&mut items, &one.fact, &one.needs, (said, &mut facts), wrong);
        }
        let edition = self.rules.edition(self.today);
        for _ in 0..ROUNDS {
            let before = items.len();
            for row in rows.iter().filter(|row| row.kind != CheckKind::Risk) {
                for fact in rules::checked(edition, row, &facts, 0).lacking {
                    let new = !OURS.contains(&fact.as_str()) && !items.iter().any(|item: &Item| item.fact == fact);
                    if new && self.rules.pack().dictionary().get(&fact).is_some() {
                        self.add(&mut items, &fact, "", (said, &mut facts), wrong);
                    }
                }
            }
            if items.len() == before {
                break;
            }
        }
        Ok((items, facts))
    }

    /// Adds an item: what the file knows stands; else the assessor's answer, which needs a ground.
    fn add(
        &self,
        items: &mut Vec<Item>,
        fact: &str,
        needs: &str,
        (said, facts): (&Assessment, &mut Facts),
        wrong: &mut Vec<FieldError>,
    ) {
        let Some(found) = self.rules.pack().dictionary().get(fact) else { return };
        let title = (found.title.zh.clone(), found.title.in_language(true).to_owned());
        let known = self.known.facts.get(fact).map(Value::to_text);
        let field = item::find(fact).map_or("opinion", |item| item.name);
        let (mut value, mut came) = (known, self.known.origins.get(fact).map(|origin| source(origin, self.today)));
        let mut needs = needs.to_owned();
        if value.is_none() {
            // An answer of the assessor is never without a ground (rule `admission.items`).
            if needs.is_empty() {
                "note".clone_into(&mut needs);
            }
            if let Some(typed) = said.answers.get(fact) {
                match item::read(fact, &found.kind, typed) {
                    Some(read) => {
                        value = Some(read.to_text());
                        came = Some(("assessor".to_owned(), Some(self.today)));
                        facts.insert(fact.to_owned(), read);
                    }
                    None => wrong.push(FieldError::new(field, "datum-value").with("found", typed)),
                }
            }
        }
        let paper = said.documents.get(fact).copied();
        let held = paper.and_then(|id| self.documents.iter().find(|one| one.id.0 == id));
        if paper.is_some() && held.is_none() {
            wrong.push(FieldError::new(field, "admission-no-document"));
        }
        let (source, on) = came.unwrap_or_default();
        items.push(Item {
            fact: fact.to_owned(),
            title,
            needs,
            value,
            source,
            on,
            document: held.map(|one| one.id.0),
            document_name: held.map(|one| one.file.name.clone()).unwrap_or_default(),
            note: said.notes.get(fact).map(|note| note.trim().to_owned()).unwrap_or_default(),
        });
    }

    /// The sheet that an assessment makes, with all that cannot be read of it.
    ///
    /// # Errors
    /// The tables cannot be read; a parameter is missing.
    pub(super) fn sheet(
        &self,
        asked: &Application,
        said: &Assessment,
    ) -> Result<(Sheet, Vec<FieldError>), ActionError> {
        let mut wrong = Vec::new();
        let (items, mut facts) = self.items(asked, said, &mut wrong)?;
        let payment = u32::try_from(said.months).ok().and_then(|n| monthly_payment(said.amount, said.rate_e9, n));
        if let Some(payment) = payment {
            facts.insert("payment_fen".to_owned(), Value::Integer(payment.0));
        }
        if !said.mitigants.trim().is_empty() {
            facts.insert("mitigants_recorded".to_owned(), Value::Boolean(true));
        }
        let edition = self.rules.edition(self.today);
        let made =
            self.rows(&facts)?.into_iter().map(|row| (row.kind, rules::checked(edition, &row, &facts, said.months)));
        // What cannot be told of the risk of a new customer is no risk.
        let told = made.filter(|(kind, check)| *kind != CheckKind::Risk || check.verdict != Verdict::Lacking.as_str());
        let mut checks: Vec<_> = told.map(|(_, check)| check).collect();
        let effect = effect::of(edition, &facts)?;
        checks.extend(rules::of_classes(edition, &effect));
        if let (Some(held), Conclusion::Fit) = (self.held, said.conclusion) {
            checks.extend(ceiling::checks(edition, held, said.amount)?);
        }
        // Who is not let in needs no longer chain.
        let risky =
            said.conclusion == Conclusion::Fit && checks.iter().any(|check| check.verdict == Verdict::Risky.as_str());
        let reviews = match self.customer.kind {
            CustomerKind::Person => {
                let least = number(&self.rules, self.today, "admission_least_means")?;
                let days = number(&self.rules, self.today, "admission_report_days")?;
                rules::reviews(&self.data, &self.known, self.today, (least, days))
            }
            CustomerKind::Company => Vec::new(),
        };
        let sheet = Sheet {
            product: self.product_title(&asked.product),
            checks,
            items,
            reviews,
            mitigants: said.mitigants.trim().to_owned(),
            terms: Terms {
                amount: said.amount,
                months: said.months,
                rate_e9: said.rate_e9,
                payment: payment.unwrap_or(Fen::ZERO),
            },
            conclusion: said.conclusion.as_str().to_owned(),
            reason: said.reason.trim().to_owned(),
            opinion: said.opinion.trim().to_owned(),
            risky,
            lending: Some(Lending {
                fast: effect.comes_first(),
                share_ppm: effect.share_ppm,
                cut_bp: effect.cut_bp,
                why: effect.why(),
            }),
            policy_version: edition.version().to_json().to_string(),
        };
        Ok((sheet, wrong))
    }

    /// What people call a product.
    pub(super) fn product_title(&self, product: &str) -> Both {
        let found = self.rules.pack().product(product);
        found.map_or_else(
            || (product.to_owned(), product.to_owned()),
            |one| (one.title.zh.clone(), one.title.in_language(true).to_owned()),
        )
    }
}
