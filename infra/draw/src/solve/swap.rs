//! Finds zeros and ones that fit rows by exchanging one for another: mostly quicker than branch and bound, never sure.

/// A row over what is open: what it may sum up to.
pub(crate) struct Range {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// What is open: the rows each column stands in, and how much it is wished for.
pub(crate) struct Open<'a> {
    pub(crate) rows_of: Vec<&'a [(usize, i64)]>,
    pub(crate) wish: Vec<f64>,
    pub(crate) ranges: Vec<Range>,
    /// How many ones there are.
    pub(crate) ones: usize,
}

/// A column that was exchanged stays for so many exchanges.
const REST: usize = 12;

impl Open<'_> {
    /// Ones that fit, after at most so many exchanges.
    pub(crate) fn search(&self, exchanges: usize) -> Option<Vec<bool>> {
        let width = self.rows_of.len();
        if self.ones > width {
            return None;
        }
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by(|one, other| self.wish[*other].total_cmp(&self.wish[*one]));
        let mut chosen = vec![false; width];
        let mut sums = vec![0; self.ranges.len()];
        for column in &order[..self.ones] {
            chosen[*column] = true;
            self.rows_of[*column].iter().for_each(|(row, by)| sums[*row] += by);
        }
        let mut rests = vec![0; width];
        let mut dice = 1u64;
        for now in 1..=exchanges {
            let broken: Vec<usize> = (0..sums.len()).filter(|row| self.off(*row, sums[*row]) > 0).collect();
            if broken.is_empty() {
                return Some(chosen);
            }
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let row = broken[(dice >> 33) as usize % broken.len()];
            let (out, into) = self.exchange(row, &chosen, &mut sums, &rests, now)?;
            (chosen[out], chosen[into]) = (false, true);
            (rests[out], rests[into]) = (now + REST, now + REST);
            self.rows_of[out].iter().for_each(|(row, by)| sums[*row] -= by);
            self.rows_of[into].iter().for_each(|(row, by)| sums[*row] += by);
        }
        None
    }

    fn off(&self, row: usize, sum: i64) -> i64 {
        let Range { low, high } = self.ranges[row];
        (low - sum).max(sum - high).max(0)
    }

    /// The exchange that mends a row and breaks least.
    fn exchange(
        &self,
        row: usize,
        chosen: &[bool],
        sums: &mut [i64],
        rests: &[usize],
        now: usize,
    ) -> Option<(usize, usize)> {
        let more = sums[row] < self.ranges[row].low;
        let stands = |column: usize| self.rows_of[column].iter().any(|(of, _)| *of == row);
        let free = |column: &usize| rests[*column] < now;
        let outs: Vec<usize> =
            (0..chosen.len()).filter(|c| chosen[*c] && free(c) && stands(*c) != more).collect();
        let ins: Vec<usize> =
            (0..chosen.len()).filter(|c| !chosen[*c] && free(c) && stands(*c) == more).collect();
        let mut best: Option<(i64, f64, usize, usize)> = None;
        for out in outs {
            let less: i64 = self.rows_of[out]
                .iter()
                .map(|(row, by)| self.off(*row, sums[*row] - by) - self.off(*row, sums[*row]))
                .sum();
            self.rows_of[out].iter().for_each(|(row, by)| sums[*row] -= by);
            let add: Vec<i64> =
                (0..sums.len()).map(|row| self.off(row, sums[row] + 1) - self.off(row, sums[row])).collect();
            for into in &ins {
                let change = less
                    + self.rows_of[*into]
                        .iter()
                        .map(|(row, by)| {
                            if *by == 1 {
                                add[*row]
                            } else {
                                self.off(*row, sums[*row] + by) - self.off(*row, sums[*row])
                            }
                        })
                        .sum::<i64>();
                let wish = self.wish[*into] - self.wish[out];
                if best.is_none_or(|(least, most, ..)| change < least || change == least && wish > most) {
                    best = Some((change, wish, out, *into));
                }
            }
            self.rows_of[out].iter().for_each(|(row, by)| sums[*row] += by);
        }
        best.map(|(_, _, out, into)| (out, into))
    }
}
