//! The one definition of "typical" and "slowest tenth": the nearest rank, with those who were never answered last.
//!
//! In go lengths in milliseconds and how many there are in all; out comes the length at a rank, or `None` when that
//! rank belongs to someone who still has no answer ("not yet"). No interpolation: every figure is a lead's own.

/// Lengths in order, among `of` in all; the rest have none yet and stand behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranked {
    sorted: Vec<i64>,
    of: usize,
}

impl Ranked {
    /// Ranks lengths; `None` is someone without one.
    pub fn new(lengths: impl IntoIterator<Item = Option<i64>>) -> Self {
        let mut of = 0;
        let mut sorted: Vec<i64> = lengths.into_iter().inspect(|_| of += 1).flatten().collect();
        sorted.sort_unstable();
        Ranked { sorted, of }
    }

    /// How many are ranked, with and without a length.
    pub fn n(&self) -> usize {
        self.of
    }

    /// How many have a length.
    pub fn known(&self) -> usize {
        self.sorted.len()
    }

    /// The length at the nearest rank of `percent` (1 to 100): the smallest one that so many per cent do not exceed.
    pub fn at(&self, percent: usize) -> Option<i64> {
        let rank = (self.of * percent).div_ceil(100).max(1);
        self.sorted.get(rank - 1).copied()
    }

    /// The middle one.
    pub fn typical(&self) -> Option<i64> {
        self.at(50)
    }

    /// The 90th of a hundred.
    pub fn slowest_tenth(&self) -> Option<i64> {
        self.at(90)
    }

    /// The tenth of a hundred.
    pub fn fastest_tenth(&self) -> Option<i64> {
        self.at(10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranked(lengths: &[i64], without: usize) -> Ranked {
        let unanswered = std::iter::repeat_n(None, without);
        Ranked::new(lengths.iter().map(|l| Some(*l)).chain(unanswered))
    }

    #[test]
    fn figures_by_hand() {
        let ten = ranked(&[10, 1, 9, 2, 8, 3, 7, 4, 6, 5], 0);

        assert_eq!((ten.typical(), ten.slowest_tenth(), ten.fastest_tenth()), (Some(5), Some(9), Some(1)));
        assert_eq!(ten.at(100), Some(10));
        assert_eq!(ranked(&[7], 0).typical(), Some(7));
        assert_eq!(ranked(&[], 0).typical(), None);
    }

    #[test]
    fn the_unanswered_stand_last_and_a_middle_one_is_not_yet() {
        assert_eq!(ranked(&[1, 2], 2).typical(), Some(2));
        assert_eq!(ranked(&[1, 2], 3).typical(), None);
        assert_eq!(ranked(&[1, 2, 3, 4, 5, 6, 7, 8, 9], 1).slowest_tenth(), Some(9));
        assert_eq!(ranked(&[1, 2, 3, 4, 5, 6, 7, 8], 2).slowest_tenth(), None);
    }

    /// The definition word for word: the smallest length that at least `percent` per cent do not exceed.
    fn by_counting(lengths: &[Option<i64>], percent: usize) -> Option<i64> {
        let all = || lengths.iter().map(|l| l.unwrap_or(i64::MAX));
        let found =
            all().filter(|l| all().filter(|other| other <= l).count() * 100 >= percent * lengths.len()).min()?;
        Some(found).filter(|l| *l != i64::MAX)
    }

    proptest! {
        #[test]
        fn ranks_agree_with_counting(lengths in prop::collection::vec(prop::option::of(0i64..50), 0..40), percent in 1usize..=100) {
            prop_assert_eq!(Ranked::new(lengths.clone()).at(percent), by_counting(&lengths, percent));
        }
    }
}
