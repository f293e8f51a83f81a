//! The bars: nearly every break is noticed within five submissions, nothing harmless ever is, and no lead is lost.

use super::dice::Dice;
use super::vary::{Habit, base, filled, text};
use super::{Form, mutate};
use crate::intake::drift::Baseline;
use crate::intake::node::Node;
use crate::intake::reading::Kind;

/// So many submissions before anything breaks.
const BEFORE: i64 = 30;
/// Within so many the break must be noticed.
const WITHIN: i64 = 5;

fn habit(form: &Form) -> Habit {
    // A field or two that not everybody fills in: never one that the breaks are about.
    let optional = ["company", "Company", "address", "page", "city", "newsletter", "how_did_you_hear"];
    let mut optional: Vec<String> =
        optional.iter().filter(|name| has(&form.tree, name)).map(|n| (*n).to_owned()).collect();
    optional.push("nickname".to_owned());
    Habit { optional, share: 0.7 }
}

fn has(node: &Node, name: &str) -> bool {
    match node {
        Node::Map(entries) => entries.iter().any(|(key, child)| key == name || has(child, name)),
        Node::List(items) => items.iter().any(|item| has(item, name)),
        _ => false,
    }
}

fn learned(form: &Form, base: &Node, habit: &Habit, dice: &Dice) -> Baseline {
    let mut baseline = Baseline::default();
    for at in 0..BEFORE {
        let (tree, reading) = filled(form, base, habit, dice);
        let found = baseline.observe(&form.shape(&tree, &reading), at);
        assert!(found.is_empty(), "{}: {found:?} while nothing changed", form.name);
    }
    baseline
}

#[test]
fn of_forms_that_break_in_twelve_ways_nearly_all_are_noticed_within_five_submissions_and_no_lead_is_lost() {
    let dice = Dice::new(1_404);
    let (mut tried, mut missed, mut lost) = (0, Vec::new(), Vec::new());
    let forms = Form::all();
    assert!(forms.len() >= 30, "{} forms", forms.len());
    for form in &forms {
        let (base, habit) = (base(form), habit(form));
        let usual = learned(form, &base, &habit, &dice);
        for (name, mutate) in mutate::ALL {
            let mut baseline = usual.clone();
            let mut found = Vec::new();
            // A break that has no place in a form (no field of its own for the number) does not count.
            let (sample, _) = filled(form, &base, &habit, &dice);
            let mut broken = sample.clone();
            mutate(form, &mut broken);
            if broken == sample {
                continue;
            }
            tried += 1;
            for n in 0..WITHIN {
                let (before, _) = filled(form, &base, &habit, &dice);
                let mut tree = before;
                mutate(form, &mut tree);

                let (reading, shape) = form.send(&tree);
                found.extend(baseline.observe(&shape, BEFORE + n));

                let is_found = !found.is_empty();
                if reading.kind != Kind::Lead || (reading.email.is_none() && reading.phone.is_none()) {
                    lost.push(format!("{}: {name}: {:?} {:?}", form.name, reading.kind, reading.problem));
                }
                if is_found {
                    break;
                }
            }
            if found.is_empty() {
                missed.push(format!("{}: {name}", form.name));
            }
        }
    }

    let percent = 100.0 * (1.0 - missed.len() as f64 / f64::from(tried));
    println!("{percent:.1} % of {tried} breaks of {} forms noticed; missed:\n{}", forms.len(), missed.join("\n"));
    println!("{} leads lost\n{}", lost.len(), lost.join("\n"));
    assert!(tried >= 360, "{tried} breaks");
    assert!(percent >= 95.0, "{percent:.1} %\n{}", missed.join("\n"));
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn what_only_varies_is_never_called_a_change() {
    let dice = Dice::new(77);
    let (mut tried, mut alarms) = (0, Vec::new());
    let forms: Vec<(Form, Node, Habit)> =
        Form::all().into_iter().map(|f| (base(&f), habit(&f), f)).map(|(b, h, f)| (f, b, h)).collect();
    let usual: Vec<Baseline> = forms.iter().map(|(form, base, habit)| learned(form, base, habit, &dice)).collect();
    while tried < 10_000 {
        for ((form, base, habit), usual) in forms.iter().zip(&usual) {
            let mut baseline = usual.clone();
            // The owner adds a field that some fill in, as the forms' makers add what the vendor now sends.
            let added = dice.one_of(&["nickname", "floor", "pets", "utm_term", "Preferred contact", "zip"]);
            for n in 0..30 {
                let (mut tree, reading) = filled(form, base, habit, &dice);
                if dice.happens(0.8) {
                    let value =
                        dice.one_of(&["", "Blue", "none", "78701", "yes", "please call after 5, the dog barks"]);
                    push(&mut tree, added, text(value));
                }
                if dice.happens(0.5) {
                    turn(&mut tree, &dice);
                }
                // Every tenth goes all the way.
                let shape = if n % 10 == 0 { form.send(&tree).1 } else { form.shape(&tree, &reading) };
                let found = baseline.observe(&shape, BEFORE + n);
                alarms.extend(found.iter().map(|change| format!("{}: {}", form.name, change.words())));
                tried += 1;
            }
        }
    }

    println!("{} false alarms in {tried} harmless submissions\n{}", alarms.len(), alarms.join("\n"));
    assert!(alarms.len() <= 1, "{}", alarms.join("\n"));
}

fn push(node: &mut Node, name: &str, value: Node) {
    if let Node::Map(entries) = node {
        entries.push((name.to_owned(), value));
    }
}

/// Another order of the names.
fn turn(node: &mut Node, dice: &Dice) {
    if let Node::Map(entries) = node {
        let by = usize::try_from(dice.between(0, 5)).unwrap() % entries.len().max(1);
        entries.rotate_left(by);
        entries.iter_mut().for_each(|(_, child)| turn(child, dice));
    }
}
