//! A swarm of dots: places on a line come in, an offset for each goes out, so that no two dots cover each other.
//!
//! Dots are taken from left to right; each takes the free offset nearest to the middle. When a place is so crowded
//! that none is free, the dot takes the one with most room: a lead is drawn twice over before it is left out.

/// How dots keep apart, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Width at which the places are laid out.
    pub width: f64,
    /// Least distance between the middles of two dots.
    pub apart: f64,
    /// Offsets are multiples of this.
    pub step: f64,
    /// Furthest offset upwards (positive number).
    pub up: f64,
    /// Furthest offset downwards.
    pub down: f64,
}

/// Offsets in pixels (down is positive) for places given in per cent and sorted from left to right.
pub fn settle(places: &[f64], room: Room) -> Vec<f64> {
    let offsets = candidates(room);
    let mut settled: Vec<(f64, f64)> = Vec::with_capacity(places.len());
    for place in places {
        let x = place / 100.0 * room.width;
        let near: Vec<(f64, f64)> = settled.iter().rev().take_while(|dot| x - dot.0 < room.apart).copied().collect();
        let y = offsets
            .iter()
            .copied()
            .find(|y| nearest(&near, x, *y) >= room.apart - 1e-9)
            .or_else(|| offsets.iter().copied().max_by(|a, b| nearest(&near, x, *a).total_cmp(&nearest(&near, x, *b))))
            .unwrap_or(0.0);
        settled.push((x, y));
    }
    settled.into_iter().map(|dot| dot.1).collect()
}

/// The middle first, then outwards, below before above.
fn candidates(room: Room) -> Vec<f64> {
    let mut offsets = vec![0.0];
    let mut reach = room.step;
    while reach <= room.up.max(room.down) {
        if reach <= room.down {
            offsets.push(reach);
        }
        if reach <= room.up {
            offsets.push(-reach);
        }
        reach += room.step;
    }
    offsets
}

fn nearest(dots: &[(f64, f64)], x: f64, y: f64) -> f64 {
    dots.iter().map(|dot| (dot.0 - x).hypot(dot.1 - y)).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM: Room = Room { width: 470.0, apart: 9.2, step: 4.6, up: 46.0, down: 69.0 };

    #[test]
    fn dots_with_room_stay_on_the_line() {
        assert_eq!(settle(&[10.0, 20.0, 30.0], ROOM), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn two_in_one_place_stand_one_below_the_other() {
        assert_eq!(settle(&[10.0, 10.0, 10.0], ROOM), [0.0, 9.2, -9.2]);
    }

    proptest! {
        #[test]
        fn no_dot_covers_another_while_there_is_room(mut places in proptest::collection::vec(0.0f64..84.0, 0..24)) {
            places.sort_by(f64::total_cmp);
            let offsets = settle(&places, ROOM);
            for (i, a) in offsets.iter().enumerate() {
                for (j, b) in offsets.iter().enumerate().take(i) {
                    let across = (places[i] - places[j]) * 4.7;
                    prop_assert!(across.hypot(a - b) > 9.19);
                }
            }
        }

        #[test]
        fn a_crowd_stays_inside_its_lane(crowd in 1usize..300) {
            let offsets = settle(&vec![40.0; crowd], ROOM);
            prop_assert_eq!(offsets.len(), crowd);
            prop_assert!(offsets.iter().all(|y| (-46.0..=69.0).contains(y)));
        }
    }
}
