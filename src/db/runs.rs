//! Multi-row statements with few texts.

/// Splits a list into runs of at most 32, then 16, 8 … 1, so that a multi-row statement has one of six texts and the
/// statement cache holds them all.
pub fn runs<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = match items.len() {
            0 => return None,
            n if n >= 32 => 32,
            n => 1 << n.ilog2(),
        };
        let (run, rest) = items.split_at(size);
        items = rest;
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn runs_cover_everything_once_with_few_sizes() {
        for n in 0..200usize {
            let items: Vec<usize> = (0..n).collect();

            let runs: Vec<&[usize]> = super::runs(&items).collect();

            assert_eq!(runs.concat(), items);
            assert!(runs.iter().all(|r| [1, 2, 4, 8, 16, 32].contains(&r.len())));
        }
    }
}
