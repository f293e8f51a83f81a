//! Codes by which the carriers, or the vendor for them, block every text of a number, whoever it is to: the number is not
//! registered, not verified, or the account is one for trying out. What such a code says holds for the next text too.

/// Why all texts of a number are blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// The number is not registered with the US carriers (A2P 10DLC), or not yet.
    NotRegistered,
    /// The toll-free number is not verified.
    NotVerified,
    /// A trial account texts confirmed numbers only.
    Trial,
}

impl Block {
    /// All codes that say so; see [`Block::of_code`].
    pub const CODES: [i64; 8] = [21219, 21608, 30024, 30032, 30033, 30034, 30035, 30040];

    /// What a code of the vendor says, if it says this.
    pub fn of_code(code: i64) -> Option<Self> {
        match code {
            30024 | 30033 | 30034 | 30035 | 30040 => Some(Block::NotRegistered),
            30032 => Some(Block::NotVerified),
            21219 | 21608 => Some(Block::Trial),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn the_list_of_codes_is_the_one_that_is_understood() {
        let understood: Vec<i64> = (20_000..40_000).filter(|code| Block::of_code(*code).is_some()).collect();

        assert_eq!(understood, Block::CODES);
    }
}
