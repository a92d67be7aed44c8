//! Gives the panels their places: of an orbit each household, and in it each person, is on as many panels as any other, or one more.
//!
//! A kind of one orbit takes its households in turn. Otherwise a household must not be on a panel twice by different orbits: panels and orbits
//! are the two sides of a graph, its edges the people wanted, its colours the households. An orbit is cut into parts of as many
//! edges as there are households. Each node then has no more edges than there are colours, so by König the edges can be coloured such
//! that no two at a node have the same: no household twice on a panel, and in each whole part of an orbit every household once (de Werra's
//! equitable colouring).

use std::collections::BTreeMap;

use crate::orbit::{Kind, Orbits};

/// The places of each panel, in rising order; a panel says how many of each orbit.
pub(super) fn seat(orbits: &Orbits, panels: &[&[i64]]) -> Vec<Vec<u32>> {
    let mut seated = vec![Vec::new(); panels.len()];
    for kind in &orbits.kinds {
        // Wanted: panel and orbit, once for each person.
        let wanted: Vec<(usize, usize)> = kind
            .orbits
            .clone()
            .flat_map(|orbit| {
                panels
                    .iter()
                    .enumerate()
                    .flat_map(move |(panel, counts)| (0..counts[orbit]).map(move |_| (panel, orbit)))
            })
            .collect();
        let households = kind.households as usize;
        let chosen: Vec<usize> = if kind.orbits.len() == 1 || households == 1 {
            (0..wanted.len()).map(|index| index % households).collect()
        } else {
            coloured(&wanted, households)
        };
        let mut turns: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for ((panel, orbit), household) in wanted.into_iter().zip(chosen) {
            let turn = turns.entry((orbit, household)).or_default();
            seated[panel].push(place(kind, household, orbit, *turn));
            *turn += 1;
        }
    }
    seated.iter_mut().for_each(|places| places.sort_unstable());
    seated
}

/// The place of a household's member of an orbit whose turn it is.
fn place(kind: &Kind, household: usize, orbit: usize, turn: usize) -> u32 {
    let of_orbit: Vec<usize> =
        (0..kind.members.len()).filter(|member| kind.members[*member] == orbit).collect();
    let member = of_orbit[turn % of_orbit.len()];
    u32::try_from(kind.first_place + household * kind.members.len() + member).unwrap_or(u32::MAX)
}

/// A colour for each edge between a panel and an orbit; edges of an orbit stand together.
fn coloured(edges: &[(usize, usize)], colours: usize) -> Vec<usize> {
    let mut graph = Graph { ends: Vec::new(), colour: Vec::new(), at: BTreeMap::new() };
    let (mut orbit, mut nth) = (usize::MAX, 0);
    let mut parts = 0;
    for (panel, of) in edges {
        if *of != orbit || nth == colours {
            (orbit, nth, parts) = (*of, 0, parts + 1);
        }
        graph.add([Node::Panel(*panel), Node::Part(parts)], nth, colours);
        nth += 1;
    }
    graph.colour
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Panel(usize),
    Part(usize),
}

struct Graph {
    ends: Vec<[Node; 2]>,
    colour: Vec<usize>,
    /// The edge of a colour at a node.
    at: BTreeMap<(Node, usize), usize>,
}

impl Graph {
    /// One edge more; colours are tried from one that is likely free.
    fn add(&mut self, ends: [Node; 2], likely: usize, colours: usize) {
        let free = |node: Node| {
            let mut tried = (0..colours).map(|step| (likely + step) % colours);
            tried.find(|colour| !self.at.contains_key(&(node, *colour))).unwrap_or_default()
        };
        let (at_panel, at_part) = (free(ends[0]), free(ends[1]));
        if self.at.contains_key(&(ends[1], at_panel)) {
            self.flip(ends[1], at_panel, at_part);
        }
        let edge = self.ends.len();
        self.ends.push(ends);
        self.colour.push(at_panel);
        ends.iter().for_each(|node| {
            self.at.insert((*node, at_panel), edge);
        });
    }

    /// Exchanges two colours along the path that begins at a node with the first of them: between two sides it can't come
    /// back to the node the edge is for.
    fn flip(&mut self, from: Node, first: usize, second: usize) {
        let (mut node, mut colour, mut path) = (from, first, Vec::new());
        while let Some(edge) = self.at.get(&(node, colour)).copied() {
            path.push(edge);
            let [one, other] = self.ends[edge];
            node = if one == node { other } else { one };
            colour = if colour == first { second } else { first };
        }
        for edge in &path {
            self.ends[*edge].iter().for_each(|node| {
                self.at.remove(&(*node, self.colour[*edge]));
            });
        }
        for edge in path {
            self.colour[edge] = if self.colour[edge] == first { second } else { first };
            let colour = self.colour[edge];
            for node in self.ends[edge] {
                self.at.insert((node, colour), edge);
            }
        }
    }
}
