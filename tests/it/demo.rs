//! The demo and the sandbox as a stranger meets them: run twice, cut off, and started twice at once.

use std::path::Path;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::support::{Ending, Program, connect};

/// Small enough for a test, large enough that nothing in it is empty.
const WORLD: &str = "--receipts 12 --listings 8 --shops 1";

/// Reads lines until one contains `words`, and leaves the rest to be read.
async fn read_until(source: impl AsyncRead + Unpin, words: &str) -> String {
    let mut lines = BufReader::new(source).lines();
    let mut read = String::new();
    while !read.lines().next_back().is_some_and(|line| line.contains(words)) {
        let line = lines.next_line().await.unwrap();
        assert!(line.is_some(), "`{words}` is not in:\n{read}");
        read.extend(line);
        read.push('\n');
    }
    read
}

async fn signal(child: &Child, signal: &str) {
    let process = child.id().unwrap().to_string();
    let sent = Command::new("kill").args([signal, &process]).status().await.unwrap();
    assert!(sent.success());
}

/// A demo that ended well: nothing on standard error, nothing left to do, and its reports are there.
fn expect_reports(program: &Program, demo: Ending) {
    let demo = demo.expect(0);
    assert_eq!(demo.stderr, "");
    assert!(demo.stdout.contains("Every sum foots."), "{}", demo.stdout);
    assert!(demo.stdout.contains("a last run: nothing to do"), "{}", demo.stdout);
    let paths: Vec<&str> =
        demo.said.lines().filter_map(|line| line.strip_prefix("report: ")).collect();
    assert_eq!(paths.len(), 3, "{}", demo.said);
    for path in paths {
        assert!(Path::new(path).starts_with(program.path("data/demo/reports")), "{path}");
        assert!(std::fs::metadata(path).unwrap().len() > 0, "{path}");
    }
}

#[tokio::test]
async fn a_demo_can_be_seen_again() {
    let program = Program::new();
    let line = format!("demo {WORLD}");
    expect_reports(&program, program.run(&line).await);
    program.run(&format!("{line} --out elsewhere")).await.expect(0);
    assert!(program.path("elsewhere/report-1.html").exists());
    expect_reports(&program, program.run(&line).await);
}

/// Killed while the cluster is made, while evidence is taken, and while the plan is applied.
#[tokio::test]
async fn a_demo_that_was_cut_off_begins_again() {
    let program = Program::new();
    let line = format!("demo {WORLD} -vv");
    for words in ["the embedded Postgres", "read Etsy", "applying"] {
        let mut cut_off = program.start(&line, &[]);
        read_until(cut_off.stderr.take().unwrap(), words).await;
        cut_off.kill().await.unwrap();
    }
    expect_reports(&program, program.run(&format!("demo {WORLD}")).await);
}

#[tokio::test]
async fn a_demo_that_is_asked_to_stop_leaves_nothing_running() {
    let program = Program::new();
    let mut asked = program.start(&format!("demo {WORLD} -v"), &[]);
    let mut said = asked.stderr.take().unwrap();
    read_until(&mut said, "read Etsy").await;
    signal(&asked, "-TERM").await;
    let mut rest = String::new();
    said.read_to_string(&mut rest).await.unwrap();
    assert_eq!(asked.wait().await.unwrap().code(), Some(75), "{rest}");
    assert!(rest.contains("error: interrupted\nhint: "), "{rest}");
    let cluster = program.path("data/demo/postgres/data");
    assert!(cluster.join("PG_VERSION").exists());
    assert!(!cluster.join("postmaster.pid").exists());
}

#[tokio::test]
async fn a_second_demo_at_once_is_turned_away() {
    let program = Program::new();
    let mut first = program.start(&format!("demo {WORLD} -v"), &[]);
    let mut said = first.stderr.take().unwrap();
    read_until(&mut said, "read Etsy").await;
    // It cannot end before the second has been turned away.
    signal(&first, "-STOP").await;
    let second = program.run("demo").await.expect_one_error(75);
    insta::assert_snapshot!("second_demo", second.transcript());
    signal(&first, "-CONT").await;
    // What else it says has to be read, or it waits for a reader.
    let mut unheard = tokio::io::sink();
    let rest = tokio::io::copy(&mut said, &mut unheard);
    let (ended, rest) = tokio::join!(first.wait_with_output(), rest);
    rest.unwrap();
    assert_eq!(ended.unwrap().status.code(), Some(0));
    expect_reports(&program, program.run(&format!("demo {WORLD}")).await);
}

/// Does what one line of the instructions says, as a shell would.
async fn follow(program: &Program, command: &str) {
    if let Some((input, line)) =
        command.strip_prefix("echo ").and_then(|rest| rest.split_once(" | etsy-odoo "))
    {
        program.run_in(line, &[], input).await.expect(0);
    } else if let Some((line, psql)) =
        command.strip_prefix("etsy-odoo ").and_then(|rest| rest.split_once(" | psql "))
    {
        let grants = program.run(line).await.expect(0).said;
        let owner = connect(&psql.trim_matches('\'').parse().unwrap()).await;
        owner.batch_execute(&grants).await.unwrap();
    } else if let Some(line) = command.strip_prefix("etsy-odoo ") {
        program.run(line).await.expect(if line == "plan" { 2 } else { 0 });
    }
}

/// What the sandbox prints is a settings file and the commands that make use of it.
#[tokio::test]
async fn what_the_sandbox_prints_is_enough_to_use_it() {
    let program = Program::new();
    let line = format!("sandbox {WORLD} --etsy-port 0 --odoo-port 0");
    let mut sandbox = program.start(&line, &[]);
    let mut stdout = sandbox.stdout.take().unwrap();
    let printed = read_until(&mut stdout, "Ctrl-C ends it").await;
    program.write("etsy-odoo.toml", &printed);
    program.run(&line).await.expect_one_error(75);

    for command in printed.lines().filter_map(|line| line.strip_prefix("# ")) {
        follow(&program, command).await;
    }
    program.run("apply --plan 1").await.expect(0);
    program.run("check").await.expect(0);
    signal(&sandbox, "-INT").await;
    assert_eq!(sandbox.wait().await.unwrap().code(), Some(0));
}
