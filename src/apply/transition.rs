//! Moves orders from one state to another: confirmation and cancellation. Neither may be repeated blindly, so after
//! anything but a plain success the states are read before anything is sent again.

use std::collections::BTreeMap;

use super::ApplyError;
use super::application::{Application, words};
use super::patience::Patience;
use super::sift::{Fate, Sift};
use crate::odoo::{Amounts, Nature, OdooError, OrderState};

/// Where orders are moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transition {
    /// Quotations become sales.
    Confirm {
        /// The company whose rules hold.
        company_id: Option<i32>,
    },
    /// Orders are cancelled.
    Cancel,
}

impl Transition {
    /// Whether an order has still to be moved.
    fn is_due(self, order: &OrderState) -> bool {
        match self {
            Self::Confirm { .. } => order.is_quotation(),
            Self::Cancel => !order.is_cancelled(),
        }
    }
}

/// The states of orders, or why they could not be had.
pub(super) type States = Result<BTreeMap<i32, OrderState>, String>;

impl Application<'_> {
    /// Reads the states of orders; says why when Odoo keeps silent.
    pub(super) async fn states(
        &self,
        order_ids: &[i32],
        amounts: Amounts,
    ) -> Result<States, ApplyError> {
        if order_ids.is_empty() {
            return Ok(Ok(BTreeMap::new()));
        }
        let mut patience = Patience::new(self.options());
        loop {
            let error = match self.odoo().order_states(order_ids, amounts).await {
                Ok(states) => {
                    self.heard();
                    return Ok(Ok(states));
                }
                Err(error) => error,
            };
            let again = match Self::nature(&error) {
                Nature::Everything => return Err(self.stopped_by(error)),
                Nature::Data => return Ok(Err(words(&error))),
                Nature::Conflict => patience.with_conflict().await,
                Nature::Silence => patience.with_silence().await,
            };
            if !again {
                return Ok(Err(self.gave_up(error)));
            }
        }
    }

    /// Moves orders, and finds their fates: done are those that Odoo moved, or that were moved already.
    pub(super) async fn carry_out(
        &self,
        transition: Transition,
        order_ids: &[i32],
    ) -> Result<Vec<Fate>, ApplyError> {
        let mut sift = Sift::new(order_ids.len());
        while let Some(group) = sift.next() {
            self.move_group(transition, order_ids, group, &mut sift).await?;
        }
        Ok(sift.into_fates())
    }

    async fn move_group(
        &self,
        transition: Transition,
        order_ids: &[i32],
        mut group: Vec<usize>,
        sift: &mut Sift,
    ) -> Result<(), ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let ids = chosen(order_ids, &group);
            let Err(error) = self.call(transition, &ids).await else {
                self.heard();
                sift.done(&group, &ids);
                return Ok(());
            };
            let nature = Self::nature(&error);
            let again = match nature {
                Nature::Everything => return Err(self.stopped_by(error)),
                Nature::Data => false,
                Nature::Conflict => patience.with_conflict().await,
                Nature::Silence => patience.with_silence().await,
            };
            let states = match self.states(&ids, Amounts::Totals).await? {
                Ok(states) => states,
                Err(words) => {
                    sift.all(&group, &Fate::Unknown(words));
                    return Ok(());
                }
            };
            let due = |row: &usize| {
                let order = order_ids.get(*row).and_then(|id| states.get(id));
                order.is_some_and(|order| transition.is_due(order))
            };
            let (left, moved): (Vec<usize>, Vec<usize>) = group.iter().copied().partition(due);
            sift.done(&moved, &chosen(order_ids, &moved));
            if left.is_empty() {
                return Ok(());
            }
            // what stood in the way of the whole list may have been those that are moved already
            if !again && (nature != Nature::Data || left.len() == group.len()) {
                self.give_up(nature, error, &left, sift);
                return Ok(());
            }
            group = left;
        }
    }

    /// Ends the attempts to move a group.
    fn give_up(&self, nature: Nature, error: OdooError, left: &[usize], sift: &mut Sift) {
        match nature {
            Nature::Silence => sift.all(left, &Fate::Unknown(self.gave_up(error))),
            Nature::Conflict => sift.all(left, &Fate::Refused(words(&error))),
            Nature::Data | Nature::Everything => sift.refused(left, &words(&error)),
        }
    }

    async fn call(&self, transition: Transition, ids: &[i32]) -> Result<(), OdooError> {
        match transition {
            Transition::Confirm { company_id } => self.odoo().confirm(company_id, ids).await,
            Transition::Cancel => self.odoo().cancel(ids).await,
        }
    }
}

fn chosen(order_ids: &[i32], group: &[usize]) -> Vec<i32> {
    group.iter().filter_map(|row| order_ids.get(*row)).copied().collect()
}
