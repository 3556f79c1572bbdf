//! Our process killed at random moments, and Odoo with all its processes, during one import: the same end state.

use std::time::Duration;

use etsy_odoo::sandbox::world::WorldSize;

use super::{RealOffice, required, run_command, seed, variable};

const OUR_KILLS: u32 = 20;
const ODOOS_KILLS: u32 = 5;

/// Longer than any wait of ours on a lock that a killed process still holds.
const ATTEMPTS: u32 = 60;

impl RealOffice {
    /// Starts to apply a plan, and kills the process after a while. Says whether it was killed at work.
    async fn apply_and_kill(&self, plan: i64, after: Duration) -> bool {
        let mut child = self.program.start(&format!("apply --plan {plan}"), &[]);
        let is_at_work = tokio::time::timeout(after, child.wait()).await.is_err();
        if is_at_work {
            child.kill().await.unwrap();
        }
        is_at_work
    }

    /// Applies to the end, as a person would who reads 75 as "try again".
    async fn apply_to_the_end(&self, plan: i64) {
        for _ in 0..ATTEMPTS {
            let ending = self.apply(plan).await;
            if ending.said.contains("another run") || ending.said.contains("got no answer") {
                tokio::time::sleep(Duration::from_millis(500)).await;
                continue;
            }
            ending.expect(0);
            return;
        }
        assert_eq!(self.outstanding(plan).await, 0, "the plan was never applied");
    }

    async fn outstanding(&self, plan: i64) -> i64 {
        let states = self.states(plan).await;
        states.iter().filter(|(_, state, _)| state != "applied").map(|(_, _, count)| count).sum()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18 that can be killed"]
async fn twenty_kills_of_ours_and_five_of_odoo_end_in_the_same_state() {
    let restart = required("ODOO_RESTART");
    let seed = seed("kills");
    let mut dice = fastrand::Rng::with_seed(seed);
    let receipts = variable("RECEIPTS").and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let office = RealOffice::new(WorldSize { receipts, listings: 200, shops: 3, seed }).await;
    let plan = office.plan().await;
    let (mut ours, mut odoos) = (0, 0);
    while ours < OUR_KILLS || odoos < ODOOS_KILLS {
        let left = office.outstanding(plan).await;
        assert!(left > 0, "all was done after {ours} kills of ours and {odoos} of Odoo");
        let after = Duration::from_millis(dice.u64(200..3_500));
        if ours < OUR_KILLS && (odoos >= ODOOS_KILLS || dice.u32(0..5) > 0) {
            if office.apply_and_kill(plan, after).await {
                ours += 1;
                println!("kill {ours} of ours after {after:?}, {left} were left");
            }
        } else {
            let line = format!("apply --plan {plan}");
            let applying = office.program.run(&line);
            let killing = async {
                tokio::time::sleep(after).await;
                run_command("ODOO_RESTART", &restart).await;
            };
            let (ending, ()) = tokio::join!(applying, killing);
            odoos += 1;
            println!("kill {odoos} of Odoo after {after:?}, {left} were left");
            assert!(!ending.said.contains("panicked"), "{}", ending.said);
        }
    }
    office.apply_to_the_end(plan).await;
    println!("{:?}", office.states(plan).await);
    office.expect_whole().await;
    office.program.run("plan").await.expect(0);
}
