//! When leads come, and when they wait: 7 rows x 24 columns. The darkness of a square is the number of leads, the
//! size of its red dot those of them that waited over five minutes or still wait.

use super::{Label, count, hundredth};

/// Real leads by weekday (Monday first) and hour in the shop's zone.
#[derive(Clone, Debug)]
pub struct WhenInput {
    /// How many came.
    pub leads: [[u32; 24]; 7],
    /// How many of them waited longer than five minutes.
    pub waited: [[u32; 24]; 7],
    /// Whether hours are told as `6 pm` rather than `18`.
    pub twelve_hour: bool,
}

/// The picture; squares are in per cent both ways.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// Its name.
    pub title: String,
    /// The finding.
    pub desc: String,
    /// The squares, row by row.
    pub cells: Vec<Cell>,
    /// Hours below the squares.
    pub labels: Vec<Label>,
    /// The table: hour, then for each day `leads` or `leads / waited`; hours without leads are left out.
    pub rows: Vec<(String, Vec<String>)>,
}

/// One hour of one weekday.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Left edge, per cent.
    pub x: f64,
    /// Top edge, per cent.
    pub y: f64,
    /// Darkness, 0 to 5.
    pub heat: u8,
    /// The red dot: middle (per cent both ways) and radius in pixels.
    pub waited: Option<(f64, f64, f64)>,
}

/// Width of a square in per cent.
pub const CELL_WIDTH: f64 = 3.55;
/// Height of a square in per cent.
pub const CELL_HEIGHT: f64 = 12.09;
const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

impl When {
    /// Draws it; `None` below five leads.
    pub fn draw(input: &WhenInput) -> Option<Self> {
        let all: u32 = input.leads.iter().flatten().sum();
        if usize::try_from(all).unwrap_or(usize::MAX) < super::ENOUGH {
            return None;
        }
        let most = input.leads.iter().flatten().copied().max().unwrap_or(0);
        let cells = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        let cells =
            cells.map(|(day, hour)| cell(day, hour, input.leads[day][hour], input.waited[day][hour], most)).collect();
        let labels = [0usize, 6, 12, 18]
            .map(|hour| Label::new(count(hour) / 24.0 * 100.0, 14.0, "start", "tx", axis_hour(hour, input.twelve_hour)))
            .into();
        Some(When {
            title: "When leads arrive, and when they wait".to_owned(),
            desc: describe(input, all),
            cells,
            labels,
            rows: (0..24).filter_map(|hour| row(input, hour)).collect(),
        })
    }
}

fn cell(day: usize, hour: usize, leads: u32, waited: u32, most: u32) -> Cell {
    let (x, y) = (count(hour) / 24.0 * 100.0, count(day) / 7.0 * 100.0);
    let radius = match waited {
        0 => None,
        1 => Some(3.8),
        2 => Some(4.9),
        _ => Some(6.0),
    };
    Cell {
        x: hundredth(x),
        y: hundredth(y),
        heat: heat(leads, most),
        waited: radius.map(|r| (hundredth(x + CELL_WIDTH / 2.0), hundredth(y + CELL_HEIGHT / 2.0), r)),
    }
}

/// Five even steps above none; the busiest hour is the darkest.
fn heat(leads: u32, most: u32) -> u8 {
    u8::try_from((leads * 5).div_ceil(most.max(1))).unwrap_or(5).min(5)
}

fn axis_hour(hour: usize, twelve_hour: bool) -> String {
    match (twelve_hour, hour) {
        (false, _) => hour.to_string(),
        (true, 0) => "12a".to_owned(),
        (true, 12) => "noon".to_owned(),
        (true, 1..12) => format!("{hour}a"),
        (true, _) => format!("{}p", hour - 12),
    }
}

/// `6 pm` or `18:00`.
pub fn spoken_hour(hour: usize, twelve_hour: bool) -> String {
    match (twelve_hour, hour) {
        (false, _) => format!("{hour}:00"),
        (true, 0) => "12 am".to_owned(),
        (true, 12) => "12 pm".to_owned(),
        (true, 1..12) => format!("{hour} am"),
        (true, _) => format!("{} pm", hour - 12),
    }
}

fn describe(input: &WhenInput, all: u32) -> String {
    let waited: u32 = input.waited.iter().flatten().sum();
    let busiest_hour = busiest((0..24).map(|hour| input.leads.iter().map(|day| day[hour]).sum()));
    let busiest_day = busiest(input.leads.iter().map(|day| day.iter().sum()));
    let worst_hour = busiest((0..24).map(|hour| input.waited.iter().map(|day| day[hour]).sum()));
    let mut told = format!(
        "Of {all} leads most arrive on {} and in the hour from {}.",
        DAYS[busiest_day],
        spoken_hour(busiest_hour, input.twelve_hour)
    );
    if waited == 0 {
        told.push_str(" None waited more than 5 minutes.");
    } else {
        told += &format!(
            " {waited} waited more than 5 minutes, most of them in the hour from {}.",
            spoken_hour(worst_hour, input.twelve_hour)
        );
    }
    told + " The table below has the numbers."
}

/// The first place of the highest number.
fn busiest(counts: impl Iterator<Item = u32>) -> usize {
    counts.enumerate().max_by_key(|(place, n)| (*n, usize::MAX - place)).map_or(0, |(place, _)| place)
}

fn row(input: &WhenInput, hour: usize) -> Option<(String, Vec<String>)> {
    let told = |day: usize| match (input.leads[day][hour], input.waited[day][hour]) {
        (0, _) => "–".to_owned(),
        (leads, 0) => leads.to_string(),
        (leads, waited) => format!("{leads} / {waited}"),
    };
    (0..7)
        .any(|day| input.leads[day][hour] > 0)
        .then(|| (spoken_hour(hour, input.twelve_hour), (0..7).map(told).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> WhenInput {
        let mut input = WhenInput { leads: [[0; 24]; 7], waited: [[0; 24]; 7], twelve_hour: true };
        input.leads[2][9] = 10;
        input.leads[6][18] = 3;
        input.waited[6][18] = 2;
        input
    }

    #[test]
    fn the_busiest_hour_is_darkest_and_waiting_grows_a_dot() {
        let drawn = When::draw(&input()).unwrap();

        assert_eq!(drawn.cells.len(), 168);
        assert_eq!(drawn.cells[2 * 24 + 9].heat, 5);
        assert_eq!(drawn.cells[0].heat, 0);
        assert_eq!(drawn.cells[6 * 24 + 18].waited.map(|dot| dot.2), Some(4.9));
    }

    #[test]
    fn the_sentence_names_when_to_have_someone_on_the_phone() {
        let drawn = When::draw(&input()).unwrap();

        assert_eq!(
            drawn.desc,
            "Of 13 leads most arrive on Wednesdays and in the hour from 9 am. 2 waited more than 5 minutes, most of \
             them in the hour from 6 pm. The table below has the numbers."
        );
    }

    #[test]
    fn the_table_has_a_row_for_each_hour_with_leads() {
        let drawn = When::draw(&input()).unwrap();

        assert_eq!(drawn.rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["9 am", "6 pm"]);
        assert_eq!(drawn.rows[1].1[6], "3 / 2");
    }

    #[test]
    fn four_leads_draw_nothing() {
        let mut few = input();
        few.leads = [[0; 24]; 7];
        few.leads[0][0] = 4;

        assert_eq!(When::draw(&few), None);
    }
}
