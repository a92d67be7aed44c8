//! What can be found out about a hidden cell: the least and the most that it can be, given all that is shown.
//!
//! Shown are the totals of rows and columns, and some cells. Whoever changes a hidden cell by one must make up for it in its
//! row and in its column, by other hidden cells of the same rows and columns, and so on: a flow through a network whose nodes are
//! rows and columns. So the largest flow is exactly how far the cell can go, in whole numbers too.

use super::table::Table;

/// Which cells are hidden, and how far rows can give way.
pub(super) struct Hidden<'a> {
    table: &'a Table,
    /// By row, then column.
    pub(super) cells: Vec<bool>,
    /// By row: how much less, and how much more, its cells may sum to.
    give: Vec<(u64, u64)>,
}

impl<'a> Hidden<'a> {
    pub(super) fn new(table: &'a Table, cells: Vec<bool>) -> Self {
        let give = (0..table.totals.len()).map(|row| table.give(row)).collect();
        Self { table, cells, give }
    }

    pub(super) fn is(&self, row: usize, column: usize) -> bool {
        self.cells[row * self.table.columns + column]
    }

    /// How much less and how much more a hidden cell can be, each looked for up to a limit.
    pub(super) fn room(&self, row: usize, column: usize, limit: u64) -> (u64, u64) {
        let count = self.table.cell(row, column);
        let (here, there) = (Node::Row(row), Node::Column(column));
        let down = self.flow((row, column), here, there, limit.min(count));
        let most = self.table.totals[row].saturating_sub(count);
        (down, self.flow((row, column), there, here, limit.min(most)))
    }

    /// How wide the interval is that a hidden cell can be in, up to a limit.
    pub(super) fn width(&self, row: usize, column: usize, limit: u64) -> u64 {
        let (down, up) = self.room(row, column, limit);
        (down + up).min(limit)
    }

    /// The largest flow from a node to another without one cell, up to a limit.
    fn flow(&self, without: (usize, usize), from: Node, to: Node, limit: u64) -> u64 {
        let (rows, columns) = (self.table.totals.len(), self.table.columns);
        let mut network = Network { change: vec![0; rows * columns], give: vec![0; rows], without };
        let mut flow = 0;
        while flow < limit {
            let Some(path) = network.path(self, from, to) else { break };
            let room = path.windows(2).map(|step| network.room(self, step[0], step[1])).min().unwrap_or(0);
            let amount = room.min(limit - flow);
            path.windows(2).for_each(|step| network.push(columns, step[0], step[1], amount));
            flow += amount;
        }
        flow
    }
}

/// A row, a column, or what rows give way to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Row(usize),
    Column(usize),
    Give,
}

/// Changes so far.
struct Network {
    change: Vec<i64>,
    give: Vec<i64>,
    without: (usize, usize),
}

impl Network {
    /// How much can flow from a node to its neighbour: a row has one too few and takes it from a column by having more there; a
    /// column has one too many and leaves it to a row by having less there.
    fn room(&self, hidden: &Hidden<'_>, from: Node, to: Node) -> u64 {
        let (table, columns) = (hidden.table, hidden.table.columns);
        let left = |room: u64, used: i64| room.saturating_add_signed(-used);
        match (from, to) {
            (Node::Row(row), Node::Column(column)) | (Node::Column(column), Node::Row(row)) => {
                if (row, column) == self.without || !hidden.is(row, column) {
                    return 0;
                }
                let (count, change) = (table.cell(row, column), self.change[row * columns + column]);
                match from {
                    Node::Column(_) => left(count, -change),
                    _ => left(table.totals[row].saturating_sub(count), change),
                }
            }
            // A row that has one too few may have less; what gives way makes another have more.
            (Node::Row(row), Node::Give) => left(hidden.give[row].0, -self.give[row]),
            (Node::Give, Node::Row(row)) => left(hidden.give[row].1, self.give[row]),
            _ => 0,
        }
    }

    fn push(&mut self, columns: usize, from: Node, to: Node, amount: u64) {
        let amount = amount as i64;
        match (from, to) {
            (Node::Row(row), Node::Column(column)) => self.change[row * columns + column] += amount,
            (Node::Column(column), Node::Row(row)) => self.change[row * columns + column] -= amount,
            (Node::Row(row), Node::Give) => self.give[row] -= amount,
            (Node::Give, Node::Row(row)) => self.give[row] += amount,
            _ => {}
        }
    }

    /// A shortest way on which something can flow.
    fn path(&self, hidden: &Hidden<'_>, from: Node, to: Node) -> Option<Vec<Node>> {
        let (rows, columns) = (hidden.table.totals.len(), hidden.table.columns);
        let number = |node: Node| match node {
            Node::Row(row) => row,
            Node::Column(column) => rows + column,
            Node::Give => rows + columns,
        };
        let node = |number: usize| match number.checked_sub(rows) {
            None => Node::Row(number),
            Some(column) if column < columns => Node::Column(column),
            Some(_) => Node::Give,
        };
        let all = rows + columns + 1;
        let mut came_from: Vec<Option<usize>> = vec![None; all];
        let mut queue = std::collections::VecDeque::from([number(from)]);
        came_from[number(from)] = Some(number(from));
        while let Some(here) = queue.pop_front() {
            if here == number(to) {
                let mut path = vec![node(here)];
                let mut at = here;
                while at != number(from) {
                    at = came_from[at]?;
                    path.push(node(at));
                }
                path.reverse();
                return Some(path);
            }
            let neighbours = if here < rows { rows..all } else { 0..rows };
            for next in neighbours {
                if came_from[next].is_none() && self.room(hidden, node(here), node(next)) > 0 {
                    came_from[next] = Some(here);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}
