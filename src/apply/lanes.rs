//! Which orders may be confirmed beside one another.
//!
//! A confirmation reserves stock, and so writes to the quants of its goods. Of two calls that write to the same quant
//! Odoo rolls one back and does it again from its beginning, after a wait: two connections then bring no more than one.
//! So goods are divided into as many lanes as there are connections. An order whose goods are all of one lane travels
//! in it; one that straddles lanes waits until there is nothing else to do, and goods are divided anew.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::queue::{Item, split_alike};
use crate::plan::{BookOrder, Reference};

/// The goods on whose stock a confirmation writes.
pub(super) type Goods = BTreeSet<Reference>;

/// The goods of an order: of its lines those that were sold, for shipping, discounts and the like are services. An
/// order that stays a quotation reserves nothing.
pub(super) fn goods(order: &BookOrder) -> Goods {
    let sold = order.lines.iter().filter(|line| order.confirm && line.transaction_id.is_some());
    sold.map(|line| line.product.clone()).collect()
}

/// Orders on their way to Odoo, in lanes that share no goods.
pub(super) struct Lanes {
    lane_of: BTreeMap<Reference, usize>,
    waiting: Vec<VecDeque<Item<BookOrder>>>,
    straddling: VecDeque<Item<BookOrder>>,
}

impl Lanes {
    /// So many lanes, at least one.
    pub(super) fn new(count: usize) -> Self {
        let waiting = (0..count.max(1)).map(|_| VecDeque::new()).collect();
        Self { lane_of: BTreeMap::new(), waiting, straddling: VecDeque::new() }
    }

    /// How many orders wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.iter().map(VecDeque::len).fold(self.straddling.len(), usize::saturating_add)
    }

    /// Whether some lane could fill a batch of this size.
    pub(super) fn holds(&self, size: usize) -> bool {
        self.waiting.iter().any(|lane| lane.len() >= size)
    }

    /// Adds orders. Goods that have their lane keep it.
    pub(super) fn add(&mut self, orders: Vec<Item<BookOrder>>) {
        let all: Vec<Goods> = orders.iter().map(|item| goods(&item.action)).collect();
        self.assign(&all);
        for (item, goods) in orders.into_iter().zip(all) {
            let pile = match self.lane(&goods) {
                Some(lane) => self.waiting.get_mut(lane),
                None => None,
            };
            pile.unwrap_or(&mut self.straddling).push_back(item);
        }
    }

    /// Takes the next batch of up to `size` orders that are alike, from the fullest lane that shares no goods with
    /// those `under_way`, or else from the fullest. Nothing when no order waits.
    pub(super) fn take<K: PartialEq>(
        &mut self,
        size: usize,
        under_way: &[&Goods],
        trait_of: impl Fn(&BookOrder) -> K,
    ) -> Vec<Item<BookOrder>> {
        if self.waiting.iter().all(VecDeque::is_empty) {
            self.divide_anew();
        }
        let in_lanes = self.len().saturating_sub(self.straddling.len());
        if in_lanes < self.straddling.len().min(size) / 2 {
            // what nearly everything has cannot be divided
            return split_alike(&mut self.straddling, size, |item| trait_of(&item.action));
        }
        let is_free = |lane: &VecDeque<Item<BookOrder>>| {
            lane.iter().take(size).all(|item| apart(&goods(&item.action), under_way))
        };
        let fullest = self
            .waiting
            .iter_mut()
            .filter(|lane| !lane.is_empty())
            .max_by_key(|lane| (is_free(lane), lane.len()));
        let lane = fullest.unwrap_or(&mut self.straddling);
        split_alike(lane, size, |item| trait_of(&item.action))
    }

    /// Forgets the lanes of all goods, and finds lanes for the orders that straddle the old ones.
    fn divide_anew(&mut self) {
        self.lane_of.clear();
        let straddling = std::mem::take(&mut self.straddling);
        self.add(straddling.into());
    }

    /// The lane of all these goods; the shortest for an order that has none.
    fn lane(&self, goods: &Goods) -> Option<usize> {
        let mut lanes = goods.iter().map(|product| self.lane_of.get(product).copied());
        let Some(first) = lanes.next() else {
            let lengths = self.waiting.iter().map(VecDeque::len).enumerate();
            return lengths.min_by_key(|(_, length)| *length).map(|(lane, _)| lane);
        };
        lanes.all(|lane| lane == first).then_some(first).flatten()
    }

    /// Gives a lane to all goods that have none: goods that are sold together share one, as far as no lane gets more
    /// than its share of the orders.
    fn assign(&mut self, orders: &[Goods]) {
        let mut clusters = Clusters::of(orders, &self.lane_of);
        let even = clusters.total().div_ceil(self.waiting.len().max(1));
        // a little more, so that goods that are new find room beside those they are sold with
        let share = even.saturating_add(even / 4);
        for goods in orders {
            clusters.join(goods, share);
        }
        let mut loads = vec![0_usize; self.waiting.len()];
        let mut homeless = Vec::new();
        for cluster in clusters.into_list() {
            let load = cluster.lane.and_then(|lane| Some((lane, loads.get_mut(lane)?)));
            let Some((lane, load)) = load else {
                homeless.push((cluster.weight, cluster.goods));
                continue;
            };
            *load = load.saturating_add(cluster.weight);
            self.lane_of.extend(cluster.goods.into_iter().map(|product| (product, lane)));
        }
        // the heaviest first, each to the lane that has least
        homeless.sort_by(|one, other| other.cmp(one));
        for (weight, goods) in homeless {
            let lightest = loads.iter_mut().enumerate().min_by_key(|(_, load)| **load);
            let Some((lane, load)) = lightest else { return };
            *load = load.saturating_add(weight);
            self.lane_of.extend(goods.into_iter().map(|product| (product, lane)));
        }
    }
}

/// Whether goods are none of those.
pub(super) fn apart(goods: &Goods, others: &[&Goods]) -> bool {
    others.iter().all(|other| goods.is_disjoint(other))
}

/// Goods that belong together, with how many orders ask for them, and their lane if they have one.
#[derive(Debug, Clone, Default)]
struct Cluster {
    goods: Vec<Reference>,
    weight: usize,
    lane: Option<usize>,
}

/// All goods of some orders, in clusters that grow.
struct Clusters {
    cluster_of: BTreeMap<Reference, usize>,
    clusters: Vec<Cluster>,
}

impl Clusters {
    /// Each product for itself; those that have a lane are with all others of it.
    fn of(orders: &[Goods], lane_of: &BTreeMap<Reference, usize>) -> Self {
        let mut found = Self { cluster_of: BTreeMap::new(), clusters: Vec::new() };
        let mut cluster_of_lane: BTreeMap<usize, usize> = BTreeMap::new();
        for product in orders.iter().flatten() {
            let lane = lane_of.get(product).copied();
            let next = found.clusters.len();
            let cluster = match found.cluster_of.get(product) {
                Some(known) => *known,
                None => lane.map_or(next, |lane| *cluster_of_lane.entry(lane).or_insert(next)),
            };
            if cluster == next {
                found.clusters.push(Cluster { lane, ..Cluster::default() });
            }
            if let Some(of_product) = found.clusters.get_mut(cluster) {
                of_product.weight = of_product.weight.saturating_add(1);
                if found.cluster_of.insert(product.clone(), cluster).is_none() {
                    of_product.goods.push(product.clone());
                }
            }
        }
        found
    }

    fn total(&self) -> usize {
        self.clusters.iter().map(|cluster| cluster.weight).fold(0, usize::saturating_add)
    }

    /// Puts goods that are sold together into one cluster, unless it would be heavier than `share` or would connect
    /// two lanes.
    fn join(&mut self, goods: &Goods, share: usize) {
        let numbers: BTreeSet<usize> =
            goods.iter().filter_map(|product| self.cluster_of.get(product)).copied().collect();
        let members = || numbers.iter().filter_map(|number| self.clusters.get(*number));
        let weight = members().map(|cluster| cluster.weight).fold(0, usize::saturating_add);
        let lanes: BTreeSet<usize> = members().filter_map(|cluster| cluster.lane).collect();
        let Some(first) = numbers.first().copied() else { return };
        if numbers.len() < 2 || weight > share || lanes.len() > 1 {
            return;
        }
        let mut joint = Cluster { weight, lane: lanes.first().copied(), goods: Vec::new() };
        for number in numbers {
            if let Some(cluster) = self.clusters.get_mut(number) {
                joint.goods.append(&mut std::mem::take(cluster).goods);
            }
        }
        for product in &joint.goods {
            self.cluster_of.insert(product.clone(), first);
        }
        if let Some(cluster) = self.clusters.get_mut(first) {
            *cluster = joint;
        }
    }

    /// The clusters that were not joined to others.
    fn into_list(self) -> impl Iterator<Item = Cluster> {
        self.clusters.into_iter().filter(|cluster| !cluster.goods.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::apply::records::tests::book_order;

    fn order(number: i32, products: &[i32]) -> Item<BookOrder> {
        let mut action = book_order(i64::from(number));
        let line = action.lines[0].clone();
        action.lines = products
            .iter()
            .map(|product| crate::plan::BookLine {
                product: Reference::OdooId(*product),
                ..line.clone()
            })
            .collect();
        Item { decision_no: number, shop: crate::domain::ShopId(1), action }
    }

    fn add(lanes: &mut Lanes, orders: &[Vec<i32>]) {
        let orders = (1..).zip(orders).map(|(number, products)| order(number, products));
        lanes.add(orders.collect());
    }

    fn numbers(batch: &[Item<BookOrder>]) -> Vec<i32> {
        batch.iter().map(|item| item.decision_no).collect()
    }

    fn all_goods(batch: &[Item<BookOrder>]) -> Goods {
        batch.iter().flat_map(|item| goods(&item.action)).collect()
    }

    proptest! {
        #[test]
        fn every_order_comes_out_once(
            orders in prop::collection::vec(prop::collection::vec(1..30, 0..4), 0..120),
            more in prop::collection::vec(prop::collection::vec(1..40, 0..4), 0..60),
            count in 1_usize..5,
            size in 1_usize..40,
        ) {
            let mut lanes = Lanes::new(count);
            add(&mut lanes, &orders);
            let mut taken = Vec::new();
            if !orders.is_empty() {
                taken.push(lanes.take(size, &[], |_| ()).len());
            }
            add(&mut lanes, &more);
            while lanes.len() > 0 {
                let batch = lanes.take(size, &[], |_| ());
                prop_assert!(!batch.is_empty() && batch.len() <= size);
                taken.push(batch.len());
            }
            prop_assert!(lanes.take(size, &[], |_| ()).is_empty());
            prop_assert_eq!(taken.iter().sum::<usize>(), orders.len() + more.len());
        }

        #[test]
        fn what_is_in_two_lanes_shares_nothing(
            orders in prop::collection::vec(prop::collection::vec(1..30, 1..4), 0..120),
            count in 2_usize..5,
        ) {
            let mut lanes = Lanes::new(count);
            add(&mut lanes, &orders);
            let of_lanes: Vec<Goods> = lanes
                .waiting
                .iter()
                .map(|lane| lane.iter().flat_map(|item| goods(&item.action)).collect())
                .collect();
            for (one, goods) in of_lanes.iter().enumerate() {
                let others: Vec<&Goods> = of_lanes.iter().skip(one + 1).collect();
                prop_assert!(apart(goods, &others));
            }
        }
    }

    #[test]
    fn goods_that_are_sold_apart_fill_two_lanes() {
        let mut lanes = Lanes::new(2);
        add(&mut lanes, &[vec![1, 2], vec![3, 4], vec![2, 5], vec![4, 6], vec![5, 1], vec![6]]);
        let first = lanes.take(10, &[], |_| ());
        assert_eq!(first.len(), 3);
        let under_way = all_goods(&first);
        let second = lanes.take(10, &[&under_way], |_| ());
        assert_eq!(second.len(), 3);
        assert!(apart(&all_goods(&second), &[&under_way]));
        assert_eq!(lanes.len(), 0);
    }

    #[test]
    fn what_is_in_everything_is_no_obstacle() {
        // nearly all orders straddle, and leave in large batches none the less
        let mut lanes = Lanes::new(2);
        let orders: Vec<Vec<i32>> = (2..102).map(|other| vec![1, other]).collect();
        add(&mut lanes, &orders);
        let mut batches = 0;
        while lanes.len() > 0 {
            lanes.take(25, &[], |_| ());
            batches += 1;
        }
        assert!(batches <= 10, "{batches}");
    }

    #[test]
    fn few_goods_in_any_mixture_still_make_two_lanes() {
        let mut lanes = Lanes::new(2);
        let orders: Vec<Vec<i32>> =
            (0..200).map(|number| vec![number * 7 % 20, number * 13 % 20]).collect();
        add(&mut lanes, &orders);
        assert!(lanes.waiting.iter().all(|lane| lane.len() >= 30), "{}", lanes.straddling.len());
    }

    #[test]
    fn the_free_lane_comes_first() {
        let mut lanes = Lanes::new(2);
        add(&mut lanes, &[vec![1], vec![1], vec![1], vec![2], vec![2]]);
        let under_way = Goods::from([Reference::OdooId(1)]);
        assert_eq!(numbers(&lanes.take(10, &[&under_way], |_| ())), [4, 5]);
        assert_eq!(numbers(&lanes.take(2, &[&under_way], |_| ())), [1, 2]);
    }

    #[test]
    fn quotations_reserve_nothing() {
        let mut item = order(1, &[1, 2]);
        item.action.confirm = false;
        assert!(goods(&item.action).is_empty());
        let mut item = order(1, &[1]);
        item.action.lines[0].transaction_id = None;
        assert!(goods(&item.action).is_empty());
    }
}
