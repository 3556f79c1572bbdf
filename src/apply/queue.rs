//! The actions of one kind that are outstanding in a plan, a chunk at a time.

use std::collections::VecDeque;

use super::ApplyError;
use super::application::Application;
use crate::domain::{ActionKind, ShopId};
use crate::journal;
use crate::plan::Action;

/// How many actions are read from the journal at once.
const CHUNK: i64 = 500;

/// One action of the plan.
#[derive(Debug, Clone)]
pub(super) struct Item<T> {
    /// Its number in the plan.
    pub(super) decision_no: i32,
    /// Whose it is.
    pub(super) shop: ShopId,
    /// What to do.
    pub(super) action: T,
}

/// The outstanding actions of one kind, in the order of the plan.
pub(super) struct Queue<'q, 'a, T> {
    application: &'q Application<'a>,
    kind: ActionKind,
    read: fn(Action) -> Option<T>,
    wanted: fn(&T) -> bool,
    after: i32,
    ended: bool,
    held: VecDeque<Item<T>>,
}

impl<'q, 'a, T> Queue<'q, 'a, T> {
    /// The actions of `kind`, read as what they are, as far as they are `wanted`.
    pub(super) fn new(
        application: &'q Application<'a>,
        kind: ActionKind,
        read: fn(Action) -> Option<T>,
        wanted: fn(&T) -> bool,
    ) -> Self {
        Self { application, kind, read, wanted, after: 0, ended: false, held: VecDeque::new() }
    }

    /// The next `size` actions; fewer when there are no more, none at the end.
    pub(super) async fn take(&mut self, size: usize) -> Result<Vec<Item<T>>, ApplyError> {
        self.take_alike(size, |_| ()).await
    }

    /// The next action and up to `size - 1` others that share its `trait_of`, taken from the next chunk of actions;
    /// those between keep their order.
    pub(super) async fn take_alike<K: PartialEq>(
        &mut self,
        size: usize,
        trait_of: impl Fn(&T) -> K,
    ) -> Result<Vec<Item<T>>, ApplyError> {
        self.fill(size).await?;
        Ok(split_alike(&mut self.held, size, |item| trait_of(&item.action)))
    }

    /// The next action and up to `size - 1` others of the same shop.
    pub(super) async fn take_of_one_shop(
        &mut self,
        size: usize,
    ) -> Result<Vec<Item<T>>, ApplyError> {
        self.fill(size).await?;
        Ok(split_alike(&mut self.held, size, |item| item.shop))
    }

    /// The next chunk of actions; none at the end.
    pub(super) async fn chunk(&mut self) -> Result<Vec<Item<T>>, ApplyError> {
        self.fill(1).await?;
        Ok(std::mem::take(&mut self.held).into())
    }

    async fn fill(&mut self, size: usize) -> Result<(), ApplyError> {
        let plan = self.application.plan();
        while !self.ended && self.held.len() < size {
            let chunk = journal::outstanding(
                self.application.warehouse(),
                plan,
                self.kind,
                self.after,
                CHUNK,
            )
            .await
            .map_err(|source| ApplyError::Journal { plan, source })?;
            self.ended = chunk.is_empty();
            for planned in chunk {
                let decision_no = planned.decision_no;
                self.after = decision_no;
                let action = (self.read)(planned.action)
                    .ok_or(ApplyError::Mismatch { plan, decision_no })?;
                if (self.wanted)(&action) {
                    self.held.push_back(Item { decision_no, shop: planned.shop, action });
                }
            }
        }
        Ok(())
    }
}

/// Takes the first and up to `size - 1` others that share its `trait_of`; those between keep their order.
pub(super) fn split_alike<T, K: PartialEq>(
    held: &mut VecDeque<Item<T>>,
    size: usize,
    trait_of: impl Fn(&Item<T>) -> K,
) -> Vec<Item<T>> {
    let Some(wanted) = held.front().map(&trait_of) else { return Vec::new() };
    let mut taken = Vec::new();
    let mut left = VecDeque::with_capacity(held.len());
    while let Some(item) = held.pop_front() {
        if taken.len() < size && trait_of(&item) == wanted {
            taken.push(item);
        } else {
            left.push_back(item);
        }
    }
    *held = left;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_is_alike_and_keeps_the_order() {
        let mut held: VecDeque<Item<&str>> = ["a1", "b1", "a2", "a3", "b2"]
            .into_iter()
            .zip(1..)
            .map(|(action, decision_no)| Item { decision_no, shop: ShopId(1), action })
            .collect();
        let mut take = |size| -> Vec<&str> {
            let first = |item: &Item<&str>| item.action.chars().next();
            split_alike(&mut held, size, first).into_iter().map(|item| item.action).collect()
        };
        assert_eq!(take(2), ["a1", "a2"]);
        assert_eq!(take(9), ["b1", "b2"]);
        assert_eq!(take(9), ["a3"]);
        assert!(take(9).is_empty());
    }
}
