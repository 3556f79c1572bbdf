//! Our process killed at random moments, and Odoo with all its processes, during one import: the same end state.

use std::time::Duration;

use etsy_odoo::sandbox::world::WorldSize;

use super::{RealOffice, required, run_command, seed, variable};

const OUR_KILLS: usize = 20;
const ODOOS_KILLS: usize = 5;

/// Longer than any wait of ours on a lock that a killed process still holds.
const ATTEMPTS: u32 = 60;

impl RealOffice {
    /// Starts to apply a plan, lets it work until no more than `left` actions are outstanding and for a while longer,
    /// strikes Odoo if that is wanted, and kills the process. Says whether it was killed at work.
    async fn apply_and_kill(&self, plan: i64, left: i64, after: Duration, odoo: bool) -> bool {
        let mut child = self.program.start(&format!("apply --plan {plan}"), &[]);
        while child.try_wait().unwrap().is_none() && self.outstanding(plan).await > left {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(after).await;
        if odoo {
            // ours sees Odoo go and come back, and is killed over it
            run_command("ODOO_RESTART", &required("ODOO_RESTART")).await;
            tokio::time::sleep(after).await;
        }
        let was_at_work = child.try_wait().unwrap().is_none();
        if was_at_work {
            child.kill().await.unwrap();
        }
        let said = child.wait_with_output().await.unwrap();
        assert!(!String::from_utf8_lossy(&said.stderr).contains("panicked"));
        was_at_work
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
    required("ODOO_RESTART");
    let seed = seed("kills");
    let mut dice = fastrand::Rng::with_seed(seed);
    let receipts = variable("RECEIPTS").and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let office = RealOffice::new(WorldSize { receipts, listings: 200, shops: 3, seed }).await;
    let plan = office.plan().await;
    let all = office.outstanding(plan).await;
    let mut strikes = [false; OUR_KILLS].to_vec();
    strikes.extend([true; ODOOS_KILLS]);
    dice.shuffle(&mut strikes);
    let share = all / i64::try_from(strikes.len() + 2).unwrap();
    let mut kills = 0;
    for (number, odoo) in (1..).zip(strikes) {
        let after = Duration::from_millis(dice.u64(0..1_200));
        let at_work = office.apply_and_kill(plan, all - share * number, after, odoo).await;
        kills += usize::from(at_work && !odoo);
        let (left, whose) = (office.outstanding(plan).await, if odoo { "Odoo" } else { "ours" });
        println!(
            "{number}: {whose}, {} ms on, {left} of {all} left, at work: {at_work}",
            after.as_millis()
        );
        assert!(left > 0, "all was done too early");
    }
    assert_eq!(kills, OUR_KILLS, "some were not at work");
    office.apply_to_the_end(plan).await;
    println!("{:?}", office.states(plan).await);
    office.expect_whole().await;
    office.program.run("plan").await.expect(0);
}
