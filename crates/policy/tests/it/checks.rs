//! Every check of loading fails on a sample, at the exact file, row and column.

use std::collections::BTreeMap;

use policy::{Pack, Problem};

use crate::shipped;

const TABLE: &str = "decision,late\ntitle,逾期,Late\nrule,late\nhit,unique\ncolumn,overdue_days,level,article\n\
                     use,input,output,article\ntype,,count 0..,\na,0,0,a1\nb,[1..30],1,a1\nc,> 30,2,a1\n";

fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut add = |name: &str, text: &str| files.insert(format!("t/{name}"), text.to_owned());
    add("pack.csv", "id,t\nkind,institution\ninstitution,microloan\ntitle,测试,Test\nversion,1\n");
    add("articles.csv", "id,title_zh,title_en,gist_zh,gist_en,source,confidence\na1,一,One,要,Gist,本公司,house\n");
    add("roles.csv", "id,title_zh,title_en,permissions,article\nclerk,经办,Clerk,loan.view:own,a1\n");
    add(
        "parameters.csv",
        "name,type,value,effective_from,article,confidence,title_zh,title_en\nedge,days,30,,a1,house,界,Edge\n",
    );
    add("tables/late.csv", TABLE);
    files
}

fn problems(file: &str, text: &str) -> Vec<Problem> {
    let mut files = files();
    files.insert(format!("t/{file}"), text.to_owned());
    Pack::load(&files, "t", &shipped::facts()).err().unwrap_or_default()
}

/// `code@cell` of every problem.
fn found(file: &str, text: &str) -> Vec<String> {
    problems(file, text).iter().map(|problem| format!("{}@{}", problem.code(), problem.place.reference())).collect()
}

fn table(change: (&str, &str)) -> Vec<String> {
    assert!(TABLE.contains(change.0), "{} is in the sample", change.0);
    found("tables/late.csv", &TABLE.replacen(change.0, change.1, 1))
}

#[test]
fn the_sample_itself_has_no_problem() {
    assert_eq!(found("tables/late.csv", TABLE), Vec::<String>::new());
}

#[test]
fn every_check_of_a_table_names_the_cell() {
    let rows: &[((&str, &str), &[&str])] = &[
        // unknown and misspelt fact
        ((",overdue_days,", ",overdue_day,"), &["unknown_fact@B5"]),
        ((",overdue_days,", ",balance,"), &["unknown_fact@B5"]),
        // wrong type, in the input, the output and the header
        (("[1..30]", "\"thirty\""), &["wrong_type@B9"]),
        (("[1..30]", "[1..30.5]"), &["floating_point@B9"]),
        (("[1..30],1,", "[1..30],one,"), &["wrong_type@C9"]),
        (("[1..30],1,", "[1..30],1.5,"), &["floating_point@C9"]),
        (("[1..30],1,", "[1..30],-1,"), &["not_allowed@C9"]),
        (("type,,", "type,date,"), &["wrong_type@B7"]),
        (("count 0..", "float"), &["unreadable@C7"]),
        // gap, overlap, unreachable row
        (("> 30", "> 31"), &["gap@11"]),
        (("a,0,", "a,-,"), &["overlap@9", "overlap@10"]),
        (("a,0,", "a,< 0,"), &["unreachable@B8", "gap@11"]),
        // empty cells
        (("[1..30],1,a1", ",1,a1"), &["empty_cell@B9"]),
        (("[1..30],1,a1", "[1..30],,a1"), &["empty_cell@C9"]),
        (("title,逾期,Late", "title,,"), &["empty_cell@B2"]),
        // articles
        (("[1..30],1,a1", "[1..30],1,"), &["missing_article@D9"]),
        (("[1..30],1,a1", "[1..30],1,a2"), &["unknown_article@9"]),
        // parameters and formulas
        (("> 30", "> param.edges"), &["unknown_parameter@B10"]),
        (("> 30,2", "> 30,cel: param.edges"), &["unknown_parameter@C10"]),
        (("> 30,2", "> 30,cel: overdue_days * 1.5"), &["floating_point@C10"]),
        (("> 30,2", "> 30,cel: overdue_dayz * 2"), &["unknown_fact@C10"]),
        // header
        (("hit,unique", "hit,best"), &["not_allowed@B4"]),
        (("hit,unique\n", ""), &["missing_line@"]),
        (("rule,late", "ruel,late"), &["missing_line@"]),
        (("use,input,output,article", "use,input,output,artikel"), &["missing_column@5", "not_allowed@D6"]),
        (("hit,unique", "hit,unique\nwho,me"), &["unknown_line@A5"]),
        (("hit,unique", "hit,unique\neffective,2026-02-30"), &["wrong_type@B5"]),
        (("hit,unique", "hit,unique\neffective,2026-02-02,2026-02-01"), &["bad_period@"]),
        (("hit,unique", "hit,priority"), &["unknown_reference@"]),
    ];
    for (change, expected) in rows {
        assert_eq!(table(*change), *expected, "{change:?}");
    }
}

#[test]
fn a_first_hit_table_has_rows_that_later_rows_cannot_reach() {
    let text = TABLE.replacen("hit,unique", "hit,first", 1);
    assert_eq!(found("tables/late.csv", &text.replacen("a,0,", "a,<= 5,", 1)), Vec::<String>::new());
    assert_eq!(found("tables/late.csv", &text.replacen("a,0,", "a,<= 30,", 1)), ["unreachable@9"]);
    // Covered by two rows together, by none alone.
    let text = text.replacen("c,> 30,2,a1", "c,[5..40],2,a1\nd,> 30,3,a1", 1).replacen("[1..30]", "[1..35]", 1);
    assert_eq!(found("tables/late.csv", &text), Vec::<String>::new());
    let text = text.replacen("[5..40],2", "[5..34],2", 1);
    let problems = problems("tables/late.csv", &text);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].to_string(),
        "t/tables/late.csv, row 10: this row can never take effect (covered by rows 9)"
    );
}

#[test]
fn messages_say_what_is_uncovered_and_what_was_meant() {
    let text = |change: (&str, &str)| problems("tables/late.csv", &TABLE.replacen(change.0, change.1, 1));
    let gap = &text(("> 30", "> 60"))[0];
    assert_eq!(gap.fields().last(), Some(&("inputs", "overdue_days = 31..60".to_owned())));
    assert_eq!(gap.to_string(), "t/tables/late.csv, row 11: no row of late covers overdue_days = 31..60");
    let fact = &text((",overdue_days,", ",overdue_day,"))[0];
    assert_eq!(
        fact.to_string(),
        "t/tables/late.csv, row 5, column 2 (B): the fact overdue_day is unknown; is overdue_days meant?"
    );
    let overlap = &text(("> 30", ">= 30"))[0];
    assert_eq!(overlap.to_string(), "t/tables/late.csv, row 10: this row and row 9 both cover overdue_days = 30");
}

#[test]
fn gaps_over_several_inputs_are_named_together() {
    let text = "decision,d\ntitle,表,T\nrule,d\nhit,first\ncolumn,overdue_days,late,x,article\nuse,input,input,output,article\n\
                formula,,overdue_days > 0,,\ntype,,boolean,boolean,\n,0,-,true,a1\n,>= 10,true,true,a1\n";
    let found: Vec<String> = problems("tables/d.csv", text).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "t/tables/d.csv, row 11: no row of d covers overdue_days = 1..9",
            "t/tables/d.csv, row 11: no row of d covers overdue_days = 10..; late = false",
        ]
    );
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let mut files = files();
    files.insert("t/tables/late.csv".to_owned(), TABLE.replace("a1", "a9"));
    files.insert("t/duties.csv".to_owned(), "id\nx\n".to_owned());
    files.insert("t/dutys.csv".to_owned(), String::new());
    let problems = Pack::load(&files, "t", &shipped::facts()).unwrap_err();
    let codes: std::collections::BTreeSet<&str> = problems.iter().map(Problem::code).collect();
    for code in ["unknown_article", "missing_column", "unknown_reference"] {
        assert!(codes.contains(code), "{code} in {codes:?}");
    }
    assert!(problems.is_sorted_by(|a, b| a.place <= b.place));
}

#[test]
fn every_check_of_the_registers_names_the_cell() {
    let duties = "id,rule,trigger,condition,kind,owner_role,opens,due,escalate_after,escalate_to,evidence,bulk,article,title_zh\n";
    let approvals = "id,rule,subject,condition,chain,article,title_zh,title_en\n";
    let parameters = "name,type,value,direction,effective_from,effective_to,article,confidence,title_zh,title_en\n";
    let numbering = "id,pattern,reset,article,title_zh,title_en\n";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "duties.csv",
            format!("{duties}d,r,e,,k,boss,0 days,3 days,,,contact,no,a1,任务\n"),
            &["unknown_reference@F2"],
        ),
        ("duties.csv", format!("{duties}d,r,e,,k,clerk,0 days,soon,,,contact,no,a1,任务\n"), &["unreadable@H2"]),
        ("duties.csv", format!("{duties}d,r,e,,k,clerk,0 days,3 weeks,,,contact,no,a1,任务\n"), &["unreadable@H2"]),
        (
            "duties.csv",
            format!("{duties}d,r,e,,k,clerk,0 days,param.edgy days,,,contact,no,a1,任务\n"),
            &["unknown_parameter@H2"],
        ),
        (
            "duties.csv",
            format!("{duties}d,r,e,overdue_days,k,clerk,0 days,3 days,,,contact,no,a1,任务\n"),
            &["wrong_type@D2"],
        ),
        (
            "duties.csv",
            format!("{duties}d,r,e,,k,clerk,0 days,3 days,1 days,,contact,maybe,a1,任务\n"),
            &["empty_cell@J2", "not_allowed@L2"],
        ),
        (
            "duties.csv",
            format!("{duties}d,r,e,,k,clerk,0 days,3 days,,,,no,,任务\n"),
            &["empty_cell@K2", "missing_article@M2"],
        ),
        ("approvals.csv", format!("{approvals}x,r,waiver,amount_fen < 5,clerk,a1,免,W\n"), &["gap@D2"]),
        ("approvals.csv", format!("{approvals}x,r,waiver,,clerk>,a1,免,W\n"), &["unreadable@E2"]),
        ("approvals.csv", format!("{approvals}x,r,waiver,,boss,a1,免,W\n"), &["unknown_reference@E2"]),
        (
            "approvals.csv",
            format!("{approvals}x,r,waiver,,clerk,a1,免,W\ny,r,waiver,,clerk,a1,免,W\n"),
            &["unreachable@A3"],
        ),
        ("parameters.csv", format!("{parameters}p,days,3.5,,,,a1,house,参,P\n"), &["floating_point@C2"]),
        ("parameters.csv", format!("{parameters}p,choice a|b,c,,,,a1,house,参,P\n"), &["not_allowed@C2"]),
        ("parameters.csv", format!("{parameters}p,weeks,3,,,,a1,house,参,P\n"), &["unreadable@B2"]),
        ("parameters.csv", format!("{parameters}p,flag,true,max,,,a1,house,参,P\n"), &["wrong_type@D2"]),
        ("parameters.csv", format!("{parameters}p,days,3,up,,,a1,sure,参,P\n"), &["not_allowed@D2", "not_allowed@H2"]),
        (
            "parameters.csv",
            format!("{parameters}p,days,3,,2026-01-01,,a1,house,参,P\np,days,4,,2026-02-01,,a1,house,参,P\n"),
            &["bad_period@C3"],
        ),
        ("numbering.csv", format!("{numbering}loan,J{{seq:6}},yearly,a1,号,No\n"), &["missing_field@B2"]),
        ("numbering.csv", format!("{numbering}loan,J{{yyyy}},yearly,a1,号,No\n"), &["unreadable@B2"]),
        (
            "products.csv",
            "id,title_zh,title_en,status,terms,article\np,品,P,active,\"{\"\"rate\"\":1.5}\",a1\n".to_owned(),
            &["floating_point@E2"],
        ),
        (
            "products.csv",
            "id,title_zh,title_en,status,terms,article\np,品,P,active,{,a1\n".to_owned(),
            &["unreadable@E2"],
        ),
        (
            "roles.csv",
            "id,title_zh,title_en,permissions,article\nclerk,经办,C,loan.view:all,a1\n".to_owned(),
            &["unreadable@D2"],
        ),
        (
            "templates.csv",
            "id,rule,channel,mandatory,article,title_zh,title_en\nx,r,sms,,a1,文,T\n".to_owned(),
            &["missing_file@"],
        ),
        (
            "outcomes.csv",
            "output,value,title_zh,title_en,article\nlevel,9,级,L,a1\n".to_owned(),
            &["unknown_reference@B2"],
        ),
        (
            "pack.csv",
            "id,t\nkind,institution\ninstitution,microloan\ntitle,测,T\nversion,1\nextends,law\n".to_owned(),
            &["unknown_reference@"],
        ),
        (
            "pack.csv",
            "id,u\nkind,institution\ninstitution,microloan\ntitle,测,T\nversion,\n".to_owned(),
            &["not_allowed@B1", "empty_cell@B5"],
        ),
    ];
    for (file, text, expected) in rows {
        let mut found = found(file, text);
        // The sample's tables ask for the parameter and role that a replaced register no longer has.
        found.sort();
        let mut expected: Vec<String> = expected.iter().map(|cell| (*cell).to_owned()).collect();
        expected.sort();
        assert_eq!(found, expected, "{file}\n{text}");
    }
}

#[test]
fn a_text_must_hold_its_mandatory_fields() {
    let mut files = files();
    let register = "id,rule,channel,mandatory,article,title_zh,title_en\nx,r,sms,amount|contact,a1,文,T\n";
    files.insert("t/templates.csv".to_owned(), register.to_owned());
    files.insert("t/templates/x.txt".to_owned(), "您逾期{amount}元".to_owned());
    let problems = Pack::load(&files, "t", &shipped::facts()).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].code(), problems[0].place.file.as_str()), ("missing_field", "t/templates/x.txt"));
    files.insert("t/templates/x.txt".to_owned(), "您逾期{amount}元，请联系{contact".to_owned());
    let problems = Pack::load(&files, "t", &shipped::facts()).unwrap_err();
    assert_eq!((problems[0].code(), problems[0].place.row), ("unreadable", Some(1)));
}

#[test]
fn packs_that_extend_each_other_in_a_circle_are_refused() {
    let mut files = files();
    let pack = |id: &str, kind: &str, below: &str| {
        format!("id,{id}\nkind,{kind}\ninstitution,microloan\ntitle,测,T\nversion,1\nextends,{below}\n")
    };
    files.insert("t/pack.csv".to_owned(), pack("t", "institution", "a"));
    files.insert("a/pack.csv".to_owned(), pack("a", "part", "b"));
    files.insert("b/pack.csv".to_owned(), pack("b", "part", "a"));
    let problems = Pack::load(&files, "t", &shipped::facts()).unwrap_err();
    let places: Vec<(&str, &str)> = problems.iter().map(|p| (p.code(), p.place.file.as_str())).collect();
    assert_eq!(places, [("unknown_reference", "b/pack.csv")]);
}

#[test]
fn the_codes_of_problems_are_unique() {
    let codes: std::collections::BTreeSet<&str> = policy::ProblemKind::CODES.iter().copied().collect();
    assert_eq!(codes.len(), policy::ProblemKind::CODES.len());
}
