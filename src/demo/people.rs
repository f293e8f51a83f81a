//! Who writes to the made-up shop, and what about. All invented.

/// Given names.
pub const FIRST: [&str; 48] = [
    "Maria", "James", "Priya", "Tom", "Janet", "Lena", "Carlos", "Grace", "Omar", "Beth", "Hannah", "Luis", "Aisha",
    "Kevin", "Nora", "Derek", "Yuki", "Paula", "Marcus", "Elena", "Sam", "Ingrid", "Dylan", "Rosa", "Peter", "Mei",
    "Andre", "Claire", "Victor", "Tanya", "Hugo", "Alice", "Ben", "Fatima", "George", "Ruth", "Ivan", "Julie", "Ray",
    "Sofia", "Walter", "Dana", "Miguel", "Erin", "Oscar", "Kate", "Noah", "Zoe",
];

/// Family names.
pub const LAST: [&str; 46] = [
    "Lopez", "Becker", "Nair", "Cole", "Fischer", "Ramirez", "Okafor", "Haddad", "Sullivan", "Kim", "Novak", "Torres",
    "Khan", "Murphy", "Larsen", "Tanaka", "Silva", "Brooks", "Petrov", "Nguyen", "Berg", "Walsh", "Ortiz", "Hughes",
    "Chen", "Baptiste", "Martin", "Ivanova", "Keller", "Foster", "Rossi", "Abbott", "Reyes", "Grant", "Olsen", "Park",
    "Dixon", "Moreno", "Hayes", "Weber", "Quinn", "Castillo", "Lindgren", "Shah", "Barnes", "Dubois",
];

/// What they want, by source: website form, quote form, ads page, emergency page.
pub const WISHES: [&[&str]; 4] = [
    &[
        "Kitchen tap is leaking under the sink, getting worse since yesterday.",
        "Our water heater makes a knocking noise when it starts up. Can someone take a look?",
        "Toilet in the hall bathroom keeps running. Is this something you do?",
        "Low water pressure in the shower upstairs.",
        "Annual boiler service, please. Any day but Thursday.",
        "Garbage disposal is jammed and hums.",
        "Do you install water softeners? We have very hard water.",
        "Outdoor spigot drips, would like it fixed before it freezes.",
        "The drain in the laundry room backs up when the washer empties.",
        "Could you move a gas line for a new range?",
        "Radiator in the bedroom stays cold, the others are fine.",
        "Smell of drains in the guest bath, comes and goes.",
    ],
    &[
        "Quote for replacing a 50 gallon water heater, gas, in the garage.",
        "Bathroom remodel: moving the tub and two sinks. Plans are ready.",
        "We need a price for a tankless heater for a family of five.",
        "Estimate for repiping a 1960s house, about 1,400 sq ft, one floor.",
        "Quote for a new sewer line, roughly 60 feet to the street.",
        "Two toilets and a vanity to replace. We have the fixtures already.",
        "Looking for a yearly maintenance contract for four rental units.",
        "Price for a whole-house filter, installed.",
    ],
    &[
        "Saw your ad. Do you do same-day drain cleaning?",
        "How much to snake a kitchen drain?",
        "Need a plumber this week for a slow tub drain.",
        "Is the $49 inspection still on?",
        "Water heater is 14 years old, what would a new one cost?",
        "Do you work Saturdays?",
        "Can you replace a shower valve? It is hard to turn.",
        "Faucet replacement, kitchen, I have the new one.",
    ],
    &[
        "Pipe burst in the garage! Water is off at the street now.",
        "No hot water at all since this morning and we have a baby.",
        "Sewage coming up in the shower, please call as soon as you can.",
        "Ceiling is dripping below the upstairs bathroom.",
        "Gas smell near the heater. The gas company shut it off and said call a plumber.",
        "Heat is out and it is 38 degrees outside.",
    ],
];

/// What leads text back.
pub const REPLIES: [&str; 8] = [
    "Thanks, talk soon!",
    "Great, any time after 3 is good.",
    "Perfect. The side gate is open.",
    "Ok thank you",
    "Can you make it before noon?",
    "I'm at work till 5, text is better",
    "Thank you for the quick answer!",
    "Is there a fee for the visit?",
];

/// Zip codes around the shop.
pub const ZIPS: [&str; 6] = ["78704", "78745", "78702", "78757", "78723", "78748"];

/// When it should happen.
pub const WHEN: [&str; 4] = ["Today", "This week", "Next week", "No hurry"];

/// What machines leave in forms.
pub const SPAM: [&str; 6] = [
    "Rank your website on page one, guaranteed, first month free",
    "We noticed errors on your site. Reply for a free audit",
    "Business loans up to $500k approved in 24 hours",
    "Buy verified reviews, 5 stars, cheap",
    "Your domain is about to expire, act now",
    "Crypto partnership proposal for your plumbing website",
];
