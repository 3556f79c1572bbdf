//! Keeps Odoo's connections busy with orders: drafts batches, and confirms them beside one another where they share no
//! goods.

use std::pin::Pin;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::ApplyError;
use super::application::Application;
use super::lanes::{self, Goods, Lanes};
use super::orders::{self, DraftedBatch, Finished};
use super::pace::Pace;
use super::queue::{Item, Queue};
use super::records;
use crate::domain::ActionKind;
use crate::plan::BookOrder;

/// What one connection was busy with.
enum Ended {
    Draft(u64, Result<DraftedBatch, ApplyError>),
    Confirmation(u64, Result<Finished, ApplyError>),
}

type Work<'w> = Pin<Box<dyn Future<Output = Ended> + 'w>>;

/// Books the orders of the plan.
pub(super) async fn book(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let connections = usize::try_from(application.odoo().connections()).unwrap_or(1);
    let mut booking = Booking {
        application,
        queue: Queue::new(application, ActionKind::BookOrder, orders::read, |_| true),
        lanes: Lanes::new(connections),
        pace: Pace::new(options.largest_orders, options.target),
        connections,
        drafting: Vec::new(),
        drafted: Vec::new(),
        confirming: Vec::new(),
        number: 0,
        has_ended: false,
    };
    let mut under_way = FuturesUnordered::new();
    let mut stopped = Ok(());
    loop {
        while stopped.is_ok() && under_way.len() < connections {
            match booking.next().await {
                Ok(Some(work)) => under_way.push(work),
                Ok(None) => break,
                Err(error) => stopped = Err(error),
            }
        }
        // what is under way comes to its verdict, also when nothing new is begun
        let Some(ended) = under_way.next().await else { return stopped };
        let ended = booking.take_note(ended).and_then(|()| application.check_silence());
        stopped = stopped.and(ended);
    }
}

/// Where the orders of the plan stand.
struct Booking<'q, 'a> {
    application: &'q Application<'a>,
    queue: Queue<'q, 'a, BookOrder>,
    lanes: Lanes,
    pace: Pace,
    connections: usize,
    /// The goods of batches that are being drafted.
    drafting: Vec<(u64, Goods)>,
    /// Batches that wait for their confirmation, with their goods.
    drafted: Vec<(Goods, DraftedBatch)>,
    /// The goods of batches that are being confirmed.
    confirming: Vec<(u64, Goods)>,
    /// Of the last piece of work.
    number: u64,
    /// Whether all of the plan's orders were read.
    has_ended: bool,
}

impl<'q> Booking<'q, '_> {
    /// What a free connection does next: confirm what was drafted and shares no goods with what is being confirmed,
    /// or else draft ahead, one batch for each connection. Nothing when it has to wait.
    async fn next(&mut self) -> Result<Option<Work<'q>>, ApplyError> {
        let confirming: Vec<&Goods> = self.confirming.iter().map(|(_, goods)| goods).collect();
        let free = self.drafted.iter().position(|(goods, _)| lanes::apart(goods, &confirming));
        if let Some(place) = free {
            let (goods, batch) = self.drafted.remove(place);
            return Ok(Some(self.confirmation(goods, batch)));
        }
        if self.drafted.len().saturating_add(self.drafting.len()) >= self.connections {
            return Ok(None);
        }
        let batch = self.batch().await?;
        if batch.is_empty() {
            return Ok(None);
        }
        let number = self.count();
        let goods = batch.iter().flat_map(|item| lanes::goods(&item.action)).collect();
        self.drafting.push((number, goods));
        let drafting = orders::draft(self.application, batch);
        Ok(Some(Box::pin(async move { Ended::Draft(number, drafting.await) })))
    }

    fn confirmation(&mut self, goods: Goods, batch: DraftedBatch) -> Work<'q> {
        let number = self.count();
        self.confirming.push((number, goods));
        let finishing = orders::finish(self.application, batch);
        Box::pin(async move { Ended::Confirmation(number, finishing.await) })
    }

    fn count(&mut self) -> u64 {
        self.number = self.number.wrapping_add(1);
        self.number
    }

    /// The next orders of one shape, if possible such that can be confirmed beside what is under way.
    async fn batch(&mut self) -> Result<Vec<Item<BookOrder>>, ApplyError> {
        let size = self.pace.size();
        while !self.has_ended && !self.lanes.holds(size) && self.lanes.len() < self.enough() {
            let chunk = self.queue.chunk().await?;
            self.has_ended = chunk.is_empty();
            self.lanes.add(chunk);
        }
        let drafted = self.drafted.iter().map(|(goods, _)| goods);
        let under_way = self.confirming.iter().chain(&self.drafting).map(|(_, goods)| goods);
        let others: Vec<&Goods> = drafted.chain(under_way).collect();
        let others_wait = !others.is_empty();
        let size = if self.has_ended { self.even_share(size, others_wait) } else { size };
        Ok(self.lanes.take(size, &others, records::shape))
    }

    /// The last orders in batches of one size, and at least one for each connection, so that none is left alone with
    /// them.
    fn even_share(&self, size: usize, others_wait: bool) -> usize {
        let left = self.lanes.len();
        let least = if others_wait { 1 } else { self.connections };
        left.div_ceil(left.div_ceil(size.max(1)).max(least).max(1)).max(1)
    }

    /// As many orders as are held at most before another chunk of the plan is read.
    fn enough(&self) -> usize {
        let batches = self.connections.saturating_add(1).saturating_mul(4);
        self.application.options().largest_orders.saturating_mul(batches)
    }

    fn take_note(&mut self, ended: Ended) -> Result<(), ApplyError> {
        match ended {
            Ended::Draft(number, batch) => {
                self.drafting.retain(|(other, _)| *other != number);
                let batch = batch?;
                self.drafted.push((batch.goods(), batch));
            }
            Ended::Confirmation(number, finished) => {
                self.confirming.retain(|(other, _)| *other != number);
                let finished = finished?;
                self.pace.learn(finished.sent, finished.done, finished.elapsed);
            }
        }
        Ok(())
    }
}
