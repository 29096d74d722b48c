//! What a result may not say: a probability outside [0, 1], a spread below 0, limits that leave the estimate
//! out. Read off the text of `Debug`, where every number has its name, so that no result is forgotten.

use std::iter::Peekable;
use std::str::Chars;

/// A value as `Debug` writes it; what says nothing about numbers is not kept apart.
#[derive(Debug)]
enum Value {
    Number(f64),
    Word,
    /// A list, a tuple, or what `Some` holds.
    Many(Vec<Value>),
    Fields(Vec<(String, Value)>),
}

/// Each from 0 to 1.
const PROBABILITIES: [&str; 9] = [
    "survival",
    "incidence",
    "cumulative_incidence",
    "concordance",
    "probability",
    "probabilities",
    "p_value",
    "adjusted",
    "share",
];

/// Each from 0 up, as is everything that is called a standard error, a variance or a number of rows.
const NOT_NEGATIVE: [&str; 9] = [
    "std_deviation",
    "hazard",
    "cumulative_hazard",
    "time_lost",
    "person_time",
    "mass",
    "density",
    "expected",
    "critical",
];

/// The second is not below the first.
const ORDERED: [[&str; 2]; 9] = [
    ["lower", "upper"],
    ["minimum", "lower_quartile"],
    ["lower_quartile", "median"],
    ["median", "upper_quartile"],
    ["upper_quartile", "maximum"],
    ["smallest", "largest"],
    ["n_effective", "n"],
    ["mean", "tau"],
    ["time_lost", "tau"],
];

/// What limits are limits of: the first that there is.
const ESTIMATES: [&str; 7] =
    ["estimate", "survival", "incidence", "mean", "time_lost", "concordance", "probability"];

/// How far rounding may take an estimate over its limit.
const ROUNDING: f64 = 1e-12;

/// Everything that is wrong in the text of a value.
pub fn unsound(text: &str) -> Vec<String> {
    let (mut found, mut reader) = (Vec::new(), Reader { rest: text.chars().peekable() });
    while reader.rest.peek().is_some() {
        reader.value().look(&mut found);
        // What no value begins with.
        reader.rest.next();
    }
    found
}

impl Value {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Many(values) => match values.as_slice() {
                [only] => only.number(),
                _ => None,
            },
            _ => None,
        }
    }

    fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Number(number) => vec![*number],
            Self::Many(values) => values.iter().flat_map(Self::numbers).collect(),
            _ => Vec::new(),
        }
    }

    fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Fields(fields) => {
                fields.iter().find(|(own, _)| own == name).map(|(_, value)| value)
            }
            Self::Many(values) if values.len() == 1 => values[0].get(name),
            _ => None,
        }
    }

    fn look(&self, found: &mut Vec<String>) {
        match self {
            Self::Many(values) => values.iter().for_each(|value| value.look(found)),
            Self::Fields(fields) => {
                fields.iter().for_each(|(name, value)| value.look_named(name, found));
                self.look_between(found);
            }
            _ => {}
        }
    }

    fn look_named(&self, name: &str, found: &mut Vec<String>) {
        self.look(found);
        let spread = name.starts_with("std_error") || name == "variance" || name.starts_with("n_");
        let bounds = match name {
            _ if PROBABILITIES.contains(&name) => 0.0..=1.0,
            _ if NOT_NEGATIVE.contains(&name) => 0.0..=f64::MAX,
            // Off its diagonal a matrix may be below 0.
            _ if spread && !self.is_matrix() => 0.0..=f64::MAX,
            _ => return,
        };
        let numbers = self.numbers();
        if !numbers.iter().all(|number| bounds.contains(number)) {
            found.push(format!("{name}: {numbers:?}"));
        }
    }

    fn is_matrix(&self) -> bool {
        let has_rows = |values: &[Self]| {
            values.iter().any(|row| matches!(row, Self::Many(inner) if inner.len() > 1))
        };
        matches!(self, Self::Many(values) if has_rows(values))
    }

    fn look_between(&self, found: &mut Vec<String>) {
        for [less, more] in ORDERED {
            let (Some(a), Some(b)) = (self.get(less), self.get(more)) else { continue };
            let (a, b) = (a.numbers(), b.numbers());
            if a.len() == b.len() && a.iter().zip(&b).any(|(a, b)| a > b) {
                found.push(format!("{less} {a:?}, {more} {b:?}"));
            }
        }
        // Beside the estimate, or in an interval beside it.
        for limits in [Some(self), self.get("interval")].into_iter().flatten() {
            let limit = |name| limits.get(name).and_then(Self::number);
            let first = ESTIMATES.iter().find_map(|name| self.get(name)?.number());
            let Some(estimate) = first else { continue };
            let slack = ROUNDING * estimate.abs();
            let below = limit("lower").is_some_and(|lower| lower > estimate + slack);
            let above = limit("upper").is_some_and(|upper| upper < estimate - slack);
            if below || above {
                found.push(format!("{estimate} in {limits:?}"));
            }
        }
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn blank(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn word(&mut self) -> String {
        let part = |c: &char| c.is_alphanumeric() || "_.+-".contains(*c);
        std::iter::from_fn(|| self.rest.next_if(part)).collect()
    }

    fn quoted(&mut self) {
        let quote = self.rest.next();
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => drop(self.rest.next()),
                _ if Some(c) == quote => return,
                _ => {}
            }
        }
    }

    fn value(&mut self) -> Value {
        self.blank();
        if let Some('"' | '\'') = self.rest.peek() {
            self.quoted();
            return Value::Word;
        }
        let word = self.word();
        self.blank();
        match self.rest.peek() {
            Some('{') => self.fields(),
            Some('(' | '[') => self.list(),
            _ => word.parse().map_or(Value::Word, Value::Number),
        }
    }

    /// Whether there is more before the bracket that ends what has begun.
    fn more(&mut self) -> bool {
        while self.rest.next_if(|c| c.is_whitespace() || *c == ',').is_some() {}
        self.rest.next_if(|c| ")]}".contains(*c)).is_none() && self.rest.peek().is_some()
    }

    fn list(&mut self) -> Value {
        self.rest.next();
        let mut values = Vec::new();
        while self.more() {
            let value = self.value();
            match self.rest.next_if(|c| "=:".contains(*c)) {
                // What ndarray says of its layout, and what is mapped to something.
                Some('=') => drop(self.value()),
                _ => values.push(value),
            }
            self.rest.next_if(|c| !",)]} \n".contains(*c));
        }
        Value::Many(values)
    }

    fn fields(&mut self) -> Value {
        self.rest.next();
        let mut fields = Vec::new();
        while self.more() {
            if let Some('"' | '\'' | '(' | '[' | '{') = self.rest.peek() {
                self.value();
            }
            let name = self.word();
            self.blank();
            match self.rest.next_if(|c| !",)]}".contains(*c)) {
                Some(':') => fields.push((name, self.value())),
                Some('=') => drop(self.value()),
                _ => {}
            }
        }
        Value::Fields(fields)
    }
}

#[test]
fn what_is_wrong_is_found() {
    let wrong = [
        "At { survival: 1.5 }",
        "At { std_error: Some(-1e-9) }",
        "Fit { time: [1.0, 2.0], survival: [[0.5, -0.1]], shape=[1, 2], const ndim=2 }",
        "Ratio { estimate: Some(2.0), interval: Some(Interval { lower: Some(2.5), upper: None }) }",
        "Band { lower: [0.1, 0.4], survival: [0.2, 0.3], upper: [0.3, 0.3] }",
        "Some([Mean { name: \"a \\\" {\", mean: 3.0, tau: 2.0 }])",
    ];
    wrong.iter().for_each(|text| assert_eq!(unsound(text).len(), 1, "{text}"));
    let right = [
        "Ratio { estimate: Some(2.0), interval: Some(Interval { lower: Some(1.5), upper: None }) }",
        "Fit { variance: [[1.0, -0.5], [-0.5, 2.0]], shape=[2, 2], layout=Cc (0x5), const ndim=2 }",
        "(Range { place: -1..2 }, [NotConverged { decrement: -1.0 }])",
    ];
    right.iter().for_each(|text| assert_eq!(unsound(text), [""; 0], "{text}"));
}
