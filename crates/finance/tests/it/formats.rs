//! The examples of `docs/formats.md` run: every JSON block that is named in its fence is executed.

use finance::json::{Format, run_replay, run_schedule};

/// Blocks fenced as ```` ```json name ````.
fn blocks<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let fence = format!("```json {name}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

const FORMATS: &str = include_str!("../../../../docs/formats.md");

#[test]
fn every_schedule_request_of_the_document_runs() {
    let requests = blocks(FORMATS, "schedule-request");
    assert!(requests.len() >= 4, "{}", requests.len());
    for request in requests {
        for explain in [false, true] {
            run_schedule(request, explain, Format::Json).unwrap_or_else(|error| panic!("{error}\n{request}"));
        }
        assert!(run_schedule(request, true, Format::Table).unwrap().contains("total"));
    }
}

#[test]
fn every_replay_request_of_the_document_runs() {
    let requests = blocks(FORMATS, "replay-request");
    assert!(requests.len() >= 2, "{}", requests.len());
    for request in requests {
        for explain in [false, true] {
            run_replay(request, explain, Format::Json).unwrap_or_else(|error| panic!("{error}\n{request}"));
        }
        assert!(run_replay(request, true, Format::Table).unwrap().contains("outstanding"));
    }
}

#[test]
fn every_transaction_of_the_document_reads_as_it_is_written() {
    let list = blocks(FORMATS, "transactions");
    let transactions: Vec<finance::Transaction> = serde_json::from_str(list[0]).unwrap();
    let written: serde_json::Value = serde_json::to_value(&transactions).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(list[0]).unwrap());
    let mut names: Vec<&str> = transactions.iter().map(|t| t.kind.name()).collect();
    names.dedup();
    assert_eq!(names.len(), 13, "every kind occurs once: {names:?}");
}

#[test]
fn the_full_terms_of_the_document_name_every_field() {
    let text = blocks(FORMATS, "terms");
    let terms: finance::Terms = serde_json::from_str(text[0]).unwrap();
    let written = serde_json::to_value(&terms).unwrap();
    let documented: serde_json::Value = serde_json::from_str(text[0]).unwrap();
    assert_eq!(written, documented, "the document shows every field as it is written");
}

#[test]
fn unknown_fields_and_wrong_types_are_refused_with_their_place() {
    for (json, part) in [
        (r#"{"method": "flat", "principle": 1}"#, "unknown field `principle`"),
        (r#"{"method": "flat", "principal": 1.5}"#, "floating point"),
        (r#"{"method": "flat", "method": "flat"}"#, "duplicate field"),
        (r#"{"method": "flat", "principal": 100, "start_on": 45000}"#, "invalid type"),
        ("[", "EOF"),
    ] {
        let error = run_schedule(json, false, Format::Json).unwrap_err();
        assert_eq!(error.code(), "json.shape");
        assert!(error.to_string().contains(part) && error.to_string().contains("line"), "{error}");
    }
}

#[test]
fn absurd_terms_are_refused_with_their_numbers() {
    let cases = [
        (r#""principal": 0, "periods": 12"#, "terms.principal-not-positive"),
        (r#""principal": -1, "periods": 12"#, "terms.principal-not-positive"),
        (r#""principal": 1000000000000000, "periods": 12"#, "terms.amount-too-large"),
        (r#""principal": 100, "periods": 1200"#, "terms.too-many-periods"),
        (r#""principal": 100, "periods": 0"#, "terms.no-periods"),
        (r#""principal": 100"#, "terms.no-term"),
        (r#""principal": 100, "maturity_on": "2024-01-15"#, "terms.maturity-not-after-start"),
        (r#""principal": 100, "periods": 3, "first_due_on": "2020-01-01"#, "terms.dates-not-ascending"),
        (r#""principal": 100, "periods": 999, "frequency": {"every": 10, "unit": "year"}"#, "terms.date-out-of-range"),
        (r#""principal": 100, "periods": 3, "frequency": {"every": 0, "unit": "month"}"#, "terms.bad-frequency"),
        (r#""principal": 100, "periods": 3, "repayment_day": {"fixed": 32}"#, "terms.bad-repayment-day"),
        (r#""principal": 100, "periods": 3, "grace": {"principal": 3}"#, "terms.grace-too-long"),
        (r#""principal": 100, "periods": 3, "down_payment": 100"#, "terms.sum-mismatch"),
    ];
    for (fields, code) in cases {
        let quote = if fields.matches('"').count() % 2 == 1 { "\"" } else { "" };
        let json = format!(
            r#"{{"method": "equal_instalment", "start_on": "2025-01-15", "rate": {{"fixed": "12%/year"}}, {fields}{quote}}}"#
        );
        let error = run_schedule(&json, false, Format::Json).unwrap_err();
        assert_eq!(error.code(), code, "{json}: {error}");
    }
    let floating = r#"{"method": "flat", "principal": 100, "start_on": "2025-01-15", "periods": 3,
        "rate": {"lpr": {"tenor": "1y", "add_bp": 50}}}"#;
    assert_eq!(run_schedule(floating, false, Format::Json).unwrap_err().code(), "terms.lpr-missing");
    let negative = r#"{"method": "flat", "principal": 100, "start_on": "2025-01-15", "periods": 3,
        "rate": {"fixed": "-1%/year"}}"#;
    assert_eq!(run_schedule(negative, false, Format::Json).unwrap_err().code(), "terms.rate-out-of-range");
}
