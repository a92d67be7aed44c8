//! `.pb` files.

use std::fmt::Write as _;

use proptest::prelude::*;
use radslag_tally::pabulib::{Error, File, Problem, Remark, VoteType};

const HEAD: &str = "META\nkey;value\ndescription;\"Grönt; blått\"\nnum_projects;2\nnum_votes;2\nbudget;100\nvote_type;approval\nmax_length;2\n";
const PROJECTS: &str =
    "PROJECTS\nproject_id;cost;votes;name\nb1;60;2;\"En \"\"bänk\"\"; två\"\nb2;50.50;1;Träd\n";
const VOTES: &str = "VOTES\nvoter_id;age;vote;sex;neighborhood\nv1;34;b1,b2;F;Öst\nv2;;b1;;\n";

fn parse(text: &str) -> Result<File, Error> {
    File::parse(text.as_bytes())
}

#[test]
fn all_is_kept_but_age_and_sex_and_said_so() {
    let file = parse(&format!("\u{feff}{}", [HEAD, PROJECTS, VOTES].concat().replace('\n', "\r\n"))).unwrap();
    assert_eq!(file.dropped(), ["age", "sex"]);
    assert_eq!(file.votes().columns(), ["voter_id", "vote", "neighborhood"]);
    assert_eq!(file.get("description"), Some("Grönt; blått"));
    assert_eq!(file.projects().cell(0, 3), "En \"bänk\"; två");
    assert_eq!((file.vote_type(), file.decimals()), (VoteType::Approval, 2));
    assert_eq!(file.remarks(), []);
    let election = file.election().unwrap();
    assert_eq!(
        (election.budget(), election.cost(1), election.unit(), election.voters()),
        (10_000, 5_050, 100, 2)
    );
    let text = file.to_string();
    assert!(!text.contains("34") && !text.contains("age") && !text.contains("sex"), "{text}");
    let again = parse(&text).unwrap();
    assert_eq!((again.meta(), again.projects(), again.votes()), (file.meta(), file.projects(), file.votes()));
    assert_eq!(again.dropped().len(), 0);
}

#[test]
fn what_is_wrong_is_told_with_line_and_field() {
    let whole = [HEAD, PROJECTS, VOTES].concat();
    let told = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        let error = parse(&whole.replacen(from, to, 1)).unwrap_err();
        (error.line, error.field.clone(), error.problem)
    };
    let at = |line, field: &str, problem| (Some(line), Some(field.to_owned()), problem);
    let missing = |field: &str| (None, Some(field.to_owned()), Problem::Missing);
    let text = |text: &str| text.to_owned();
    assert_eq!(told("budget;100\n", ""), missing("budget"));
    assert_eq!(told("vote_type;approval\n", ""), missing("vote_type"));
    assert_eq!(told("project_id;cost", "project_id;price"), missing("cost"));
    assert_eq!(told(";vote;", ";ballot;"), missing("vote"));
    assert_eq!(told("budget;100", "budget;-5"), at(6, "budget", Problem::Negative(text("-5"))));
    assert_eq!(told("budget;100", "budget;much"), at(6, "budget", Problem::NotANumber(text("much"))));
    assert_eq!(told("b1;60", "b1;-60"), at(11, "cost", Problem::Negative(text("-60"))));
    assert_eq!(told("b1;60", "b1;"), at(11, "cost", Problem::NotANumber(text(""))));
    assert_eq!(told("b1;60", "b1;0"), at(11, "cost", Problem::NoCost));
    assert_eq!(told("b2;50", "b1;50"), at(12, "project_id", Problem::Duplicate(text("b1"))));
    assert_eq!(told("v2;;", "v1;;"), at(16, "voter_id", Problem::Duplicate(text("v1"))));
    assert_eq!(told("34;b1", "34;b9"), at(15, "vote", Problem::UnknownProject(text("b9"))));
    assert_eq!(told("b1,b2", "b1,b1"), at(15, "vote", Problem::Repeated(text("b1"))));
    assert_eq!(told("max_length;2", "max_length;1"), at(15, "vote", Problem::TooMany { found: 2, most: 1 }));
    assert_eq!(
        told("max_length;2", "max_sum_cost;90"),
        at(15, "vote", Problem::TooDear { most: text("90.00") })
    );
    assert_eq!(
        told("max_length;2", "max_sum_cost;90.5"),
        at(15, "vote", Problem::TooDear { most: text("90.50") })
    );
    assert_eq!(told("approval", "choose-1"), at(15, "vote", Problem::TooMany { found: 2, most: 1 }));
    assert_eq!(told("approval", "veto"), at(7, "vote_type", Problem::VoteType(text("veto"))));
    assert_eq!(told("approval", "scoring"), missing("points"));
    assert_eq!(
        told("num_votes;2", "num_votes;3"),
        at(5, "num_votes", Problem::Count { said: text("3"), found: 2 })
    );
    assert_eq!(told("v2;;b1;;", "v2;;b1"), (Some(16), None, Problem::Fields { found: 3, expected: 5 }));
    assert_eq!(told("PROJECTS\n", ""), (Some(12), None, Problem::Misplaced));
    assert_eq!(told("VOTES\n", ""), (Some(13), None, Problem::Fields { found: 5, expected: 4 }));
    assert_eq!(told("META\n", ""), (Some(1), None, Problem::Misplaced));
    assert_eq!(told("key;value\n", ""), (Some(2), None, Problem::MetaHeader));
    assert_eq!(told("budget;100\n", "budget;100\nbudget;9\n"), at(7, "budget", Problem::Twice));
    assert_eq!(told("två\"", "två"), (Some(11), None, Problem::OpenQuote));
    assert_eq!(told("max_length;2", "default_score;1"), at(8, "default_score", Problem::DefaultScore));
    assert_eq!(parse("").unwrap_err().problem, Problem::Section("META"));
    assert_eq!(parse(HEAD).unwrap_err().problem, Problem::Section("PROJECTS"));
    assert_eq!(parse(&[HEAD, PROJECTS].concat()).unwrap_err().problem, Problem::Section("VOTES"));
    let mut latin = whole.into_bytes();
    latin[40] = 0xe5;
    assert_eq!(File::parse(&latin).unwrap_err().line, Some(3));
    assert_eq!(told_text("b1;60", "b1;-60"), "line 11, `cost`: `-60` is negative");
}

fn told_text(from: &str, to: &str) -> String {
    parse(&[HEAD, PROJECTS, VOTES].concat().replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn points_are_held_to_their_limits() {
    let file = |meta: &str, points: &str| {
        let head = HEAD.replace("approval", "cumulative").replace("max_length;2\n", meta);
        let votes = format!("VOTES\nvoter_id;vote;points\nv1;b1,b2;{points}\nv2;;\n");
        parse(&[head.as_str(), &PROJECTS.replace(";votes", ";points"), &votes].concat())
    };
    let supports = |file: File| file.election().unwrap().groups()[0].supports.to_vec();
    assert_eq!(supports(file("", "3,0").unwrap()), [(0, 3)]);
    let problem = |meta: &str, points: &str| file(meta, points).unwrap_err().problem;
    assert_eq!(problem("max_sum_points;4\n", "3,2"), Problem::TooManyPoints { found: 5, most: 4 });
    assert_eq!(problem("max_points;2\n", "1,3"), Problem::TooManyPoints { found: 3, most: 2 });
    assert_eq!(problem("", "1"), Problem::Points { points: 1, projects: 2 });
    assert_eq!(problem("", "1,-1"), Problem::Negative("-1".into()));
    assert_eq!(problem("", "1,1.5"), Problem::NotANumber("1.5".into()));
    let remarks = file("min_sum_points;9\n", "1,1").unwrap().remarks().to_vec();
    assert_eq!(remarks[0], Remark::TooFew { line: Some(15), key: "min_sum_points" });
}

#[test]
fn the_first_of_an_ordinal_vote_has_most_points() {
    let supports = |length: &str| {
        let head = HEAD.replace("approval", "ordinal").replace("max_length;2\n", length);
        let file = parse(&[&head, PROJECTS, VOTES].concat()).unwrap();
        file.election().unwrap().groups()[0].supports.to_vec()
    };
    assert_eq!(supports("max_length;3\n"), [(0, 3), (1, 2)]);
    assert_eq!(supports(""), [(0, 2), (1, 1)]);
}

#[test]
fn what_a_files_own_columns_say_is_compared() {
    let file = parse(&[HEAD, &PROJECTS.replace("b1;60;2", "b1;60;7"), VOTES].concat()).unwrap();
    let differs = Remark::Differs { project: "b1".into(), column: "votes", said: "7".into(), counted: 2 };
    assert_eq!(file.remarks(), [differs]);
}

#[test]
fn a_large_file_is_read() {
    let mut text = HEAD.replace("num_votes;2", "num_votes;200000");
    text += PROJECTS;
    text += "VOTES\nvoter_id;age;vote;sex;neighborhood\n";
    for voter in 0..200_000 {
        writeln!(text, "voter-{voter};41;b1,b2;M;\"norr; om ån\"").unwrap();
    }
    let file = parse(&text).unwrap();
    assert_eq!(file.votes().rows(), 200_000);
    assert_eq!(file.votes().cell(199_999, 2), "norr; om ån");
    assert_eq!(file.election().unwrap().groups().len(), 1);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = File::parse(&bytes);
    }

    #[test]
    fn whatever_stands_in_fields_is_written_and_read_again(
        fields in proptest::collection::vec("[a\"; \n\r\t,åVOTES\u{feff}]{0,6}", 4),
    ) {
        let quoted: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
        let head = HEAD.replace("\"Grönt; blått\"", &quoted[0]);
        let projects = PROJECTS.replace("Träd", &quoted[1]);
        let votes = VOTES.replace("neighborhood", &quoted[2]).replace("Öst", &quoted[3]);
        let file = parse(&[head, projects, votes].concat());
        prop_assume!(!fields[2].trim().is_empty() || file.is_ok());
        let file = file.unwrap();
        prop_assert_eq!(file.get("description"), Some(fields[0].as_str()));
        prop_assert_eq!(file.projects().cell(1, 3), &fields[1]);
        prop_assert_eq!(file.votes().cell(0, 2), &fields[3]);
        let again = parse(&file.to_string()).unwrap();
        prop_assert_eq!((again.meta(), again.projects(), again.votes()), (file.meta(), file.projects(), file.votes()));
    }
}
