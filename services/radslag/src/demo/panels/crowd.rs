//! Made-up residents of a municipality: numbered, so that every start makes the same.

use radslag_panels::person::Person;

use crate::demo::people;

/// Of files.
pub(super) const HEADER: &str = "Namn;Födelseår;Kön;Stadsdel;Adress;Postnummer;Ort;Hushåll\n";
/// The year in which ages are counted.
const YEAR: u64 = 2008;

/// The residents.
pub(super) struct Crowd {
    many: u64,
    areas: Vec<String>,
}

/// A number that looks like chance, from a number.
const fn mixed(n: u64, salt: u64) -> u64 {
    let mut x = n.wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// From 16 to 89; fewer of the old.
const fn age(n: u64) -> u64 {
    let (a, b) = (mixed(n, 1) % 74, mixed(n, 2) % 74);
    16 + if a < b { a } else { (a + b) / 2 }
}

const fn is_woman(n: u64) -> bool {
    mixed(n, 3) % 1_000 < 507
}

impl Crowd {
    pub(super) fn of(many: u64, areas: &[String]) -> Self {
        Self { many, areas: areas.to_vec() }
    }

    /// The first district is the largest, and so on.
    fn area(&self, n: u64) -> &str {
        let all = self.areas.len().max(1) as u64;
        let (a, b) = (mixed(n, 4) % all, mixed(n, 5) % all);
        self.areas.get(usize::try_from(a.min(b)).unwrap_or(0)).map_or("", String::as_str)
    }

    fn count(&self, of: impl Fn(u64) -> bool) -> u64 {
        (0..self.many).filter(|n| of(*n)).count() as u64
    }

    pub(super) fn of_ages(&self, from: u16, to: u16) -> u64 {
        self.count(|n| age(n) >= from.into() && (to == 0 || age(n) <= to.into()))
    }

    pub(super) fn of_gender(&self, key: &str) -> u64 {
        self.count(|n| is_woman(n) == (key == "woman"))
    }

    pub(super) fn of_area(&self, name: &str) -> u64 {
        self.count(|n| self.area(n) == name)
    }

    /// A line of a file. Of those who volunteer more are older, and women; they don't live together.
    pub(super) fn line(&self, n: u64, volunteer: bool) -> String {
        let who = people::person(n);
        let age = if volunteer { 16 + (age(n) - 16 + age(n + 1)) % 70 } else { age(n) };
        let gender = if is_woman(n) || (volunteer && mixed(n, 6).is_multiple_of(4)) { "K" } else { "M" };
        // Most households have one to three of whom the register knows.
        let household = if volunteer { n } else { n - mixed(n / 3, 7) % 3 * (n % 3) / 2 };
        let (name, postcode, area) = (who.name, who.postcode, self.area(n));
        format!(
            "{name};{};{gender};{area};Gatan {};{postcode};Orten;{household}\n",
            YEAR - age,
            1 + n % 90_000
        )
    }
}

/// Somebody who joins a panel by themselves: most between 40 and 70.
pub(super) fn member(n: u64, (youngest, oldest): (u16, u16), year: i16) -> Person {
    let who = people::person(n);
    let (youngest, oldest) = (u64::from(youngest), u64::from(oldest));
    let wide = oldest - youngest + 1;
    let age = match n {
        0 => youngest,
        1 => oldest,
        _ => youngest + (mixed(n, 8) % wide + mixed(n, 9) % wide + mixed(n, 10) % wide) / 3,
    };
    Person {
        name: who.name,
        mailbox: format!("member.{n}@example.org"),
        language: "sv".into(),
        street: format!("Gatan {}", n + 1),
        postcode: who.postcode,
        town: "Orten".into(),
        birth_year: u16::try_from(year).unwrap_or(2008) - age as u16,
        gender: if is_woman(n) { "woman".into() } else { "man".into() },
        phone: format!("070-{:07}", n),
        ..Person::default()
    }
}

/// Whether somebody who was asked accepts; nothing if they never answer.
pub(super) const fn answer(n: u64, birth_year: u16, drawn: bool) -> Option<bool> {
    let chance = mixed(n, 11) % 100;
    // Whoever volunteered nearly always does.
    if drawn {
        return Some(chance < 93);
    }
    let yes = if birth_year >= 1979 {
        38
    } else if birth_year >= 1964 {
        51
    } else {
        66
    };
    if chance < yes {
        Some(true)
    } else if chance < yes + 18 {
        Some(false)
    } else {
        None
    }
}
