//! What is published of a draw, so that anybody can draw it again: JSON without spaces, keys in the order below, and nothing of a
//! person but the features that the quotas speak of.
//!
//! **Before** (`Announced`): the input's hash, quotas, how many households of each kind there are, the method with its version, the
//! commitment to the secret half of the seed, and, for LEXIMIN, the lottery and the certificate. Its digest is SHA-256 of
//! this part as it stands. **After** (`Drawn`): that digest, the secret, the value that became public since, and who is drawn.
//!
//! People are numbered as places are (`orbit`), with the input's order of households and members: only who has the input knows
//! who number 17 is. For LEXIMIN the seed puts people into places, and the lot `panel` draws one of the panels; the lot
//! `reserves` shuffles everybody, and in that order those come next of whose household nobody is on the panel or in line, as many as
//! asked for or fewer. For a stratified sample the places drawn are the people.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::{
    certificate::{
        Certificate,
        check::{Flaw, Proven, check},
    },
    instance::{Instance, Invalid, MAX_PEOPLE, Person, Quota},
    lot::{Choices as _, Lot, Seed, commitment},
    lottery::{Lottery, PANELS},
    orbit::Orbits,
    stratified::{Refusal, sample},
};

/// Name and version of the format.
pub const FORMAT: &str = "radslag-draw/1";
/// The purpose of the lot that draws a panel.
pub const PURPOSE: &str = "panel";
/// The purpose of the lot that puts the others in line, for LEXIMIN.
pub const RESERVES: &str = "reserves";
/// Most bytes of a bundle.
pub const MAX_BYTES: usize = 64 << 20;

/// How it is drawn, with the version of the algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Method {
    /// Under quotas.
    #[serde(rename = "leximin/1")]
    Leximin,
    /// In proportion.
    #[serde(rename = "stratified/1")]
    Stratified,
}

/// A feature, its name and its quota.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// As in the input.
    pub name: String,
    /// At least so many.
    pub min: u32,
    /// At most so many.
    pub max: u32,
}

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// As in the input.
    pub name: String,
    /// In order of their codes.
    pub features: Vec<Named>,
}

/// Households whose members have the same features.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// How many there are.
    pub households: u32,
    /// The codes of each member.
    pub members: Vec<Vec<u16>>,
}

/// What stands before the seed is known.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// `FORMAT`.
    pub format: String,
    /// How.
    pub method: Method,
    /// SHA-256 of the file that people were read from, in hexadecimal digits as all hashes here.
    pub input: String,
    /// Of the panel.
    pub seats: u32,
    /// Asked for.
    pub reserves: u32,
    /// With quotas.
    pub categories: Vec<Category>,
    /// All people, in order.
    pub kinds: Vec<Kind>,
    /// To the secret.
    pub commitment: String,
    /// Of LEXIMIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// Of LEXIMIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lottery: Option<Lottery>,
}

/// What follows from the seed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// The digest of what was announced.
    pub announced: String,
    /// The office's half of the seed.
    pub secret: String,
    /// The other half.
    pub public: String,
    /// The panel of the lottery, from 0; only of LEXIMIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panel: Option<u32>,
    /// Numbers of the people drawn, rising.
    pub people: Vec<u32>,
    /// In the order in which they come next.
    pub reserves: Vec<u32>,
}

/// See above.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Before.
    pub announced: Announced,
    /// After.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
}

/// What a bundle proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was announced.
    pub digest: String,
    /// How many people there were.
    pub people: usize,
    /// Of LEXIMIN: shares and how near they are.
    pub proven: Option<Proven>,
    /// Whether the draw has taken place.
    pub drawn: bool,
}

/// Why a bundle, or a seed, is refused.
#[derive(Debug, thiserror::Error)]
pub enum Defect {
    /// More than `MAX_BYTES`.
    #[error("a bundle has at most {MAX_BYTES} bytes")]
    TooLarge,
    /// Not what the format says.
    #[error("it isn't a bundle: {0}")]
    Json(#[source] serde_json::Error),
    /// Of another version.
    #[error("its format is {0:?}, not {FORMAT:?}")]
    Format(String),
    /// The same JSON written another way has another hash.
    #[error("it isn't written in the one way that has its hash: without spaces, keys in order")]
    NotCanonical,
    /// People and quotas don't fit together.
    #[error("people and quotas don't fit together: {0}")]
    Instance(#[source] Invalid),
    /// Kinds of households aren't in the order that the lot needs, or one stands there twice.
    #[error("the kinds of households aren't in order")]
    Kinds,
    /// Of LEXIMIN a part is missing, or another method has it.
    #[error("the method needs a lottery and a certificate, or may have none")]
    Parts,
    /// Not a hash.
    #[error("{0} isn't 64 hexadecimal digits")]
    Hash(&'static str),
    /// The certificate or the lottery proves nothing.
    #[error("the proof of fairness: {0}")]
    Flaw(#[source] Flaw),
    /// Drawn from something else.
    #[error("what was announced has another digest than the draw names")]
    Announced,
    /// Another secret than was committed to.
    #[error("the secret isn't the one committed to before the draw")]
    Secret,
    /// Empty or too long.
    #[error("the public value is empty or too long")]
    Public,
    /// There is no sample.
    #[error("the sample: {0}")]
    Sample(#[source] Refusal),
    /// Others than the seed says.
    #[error("{0} aren't what follows from the seed")]
    Other(&'static str),
}

/// Who is drawn: the panel's number, people, reserves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The panel of the lottery.
    pub panel: Option<u32>,
    /// Rising.
    pub people: Vec<u32>,
    /// In order.
    pub reserves: Vec<u32>,
}

/// Kinds as they are published.
#[must_use]
pub fn kinds(orbits: &Orbits) -> Vec<Kind> {
    let features = |orbit: &usize| orbits.orbits[*orbit].features.clone();
    let kind = |kind: &crate::orbit::Kind| Kind {
        households: kind.households,
        members: kind.members.iter().map(features).collect(),
    };
    orbits.kinds.iter().map(kind).collect()
}

/// 64 hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What they say; none unless there are 64 in lower case.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let whole = digits.len() == 64 && digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2).filter(|_| whole)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    whole.then_some(bytes)
}

impl Announced {
    /// What the commitment of a draw is to.
    ///
    /// # Errors
    /// None but of the writer, which has no reason for any.
    pub fn digest(&self) -> Result<String, Defect> {
        let text = serde_json::to_vec(self).map_err(Defect::Json)?;
        Ok(hex(&Sha256::digest(text).into()))
    }

    /// People in their order, and by kind.
    ///
    /// # Errors
    /// `Instance` or `Kinds`.
    pub fn instance(&self) -> Result<(Instance, Orbits), Defect> {
        let size = |kind: &Kind| (kind.households as usize).saturating_mul(kind.members.len());
        let all = self.kinds.iter().map(size).fold(0, usize::saturating_add);
        if all > MAX_PEOPLE || self.kinds.iter().any(|kind| size(kind) == 0) {
            return Err(if all > MAX_PEOPLE {
                Defect::Instance(Invalid::TooManyPeople)
            } else {
                Defect::Kinds
            });
        }
        let quota = |named: &Named| Quota { min: named.min, max: named.max };
        let categories = self.categories.iter().map(|c| c.features.iter().map(quota).collect()).collect();
        let (mut people, mut household) = (Vec::with_capacity(all), 0);
        for kind in &self.kinds {
            for _ in 0..kind.households {
                let of_one =
                    |codes: &Vec<u16>| Person { household: Some(household), features: codes.clone() };
                people.extend(kind.members.iter().map(of_one));
                household += 1;
            }
        }
        let instance = Instance::new(self.seats, categories, people).map_err(Defect::Instance)?;
        let orbits = Orbits::of(&instance);
        if kinds(&orbits) == self.kinds { Ok((instance, orbits)) } else { Err(Defect::Kinds) }
    }

    /// Draws with a seed.
    ///
    /// # Errors
    /// `Sample` or `Parts`.
    pub fn draw(&self, instance: &Instance, orbits: &Orbits, seed: &Seed) -> Result<Outcome, Defect> {
        if self.method == Method::Stratified {
            let mut sample = sample(instance, orbits, seed, self.reserves).map_err(Defect::Sample)?;
            sample.panel.sort_unstable();
            return Ok(Outcome { panel: None, people: sample.panel, reserves: sample.reserves });
        }
        let number = Lot::new(seed, PURPOSE).below(PANELS as u64);
        let number = u32::try_from(number).unwrap_or_default();
        let lottery = self.lottery.as_ref().ok_or(Defect::Parts)?;
        let places = lottery.panels.get(number as usize).ok_or(Defect::Parts)?;
        let seated = orbits.seated(seed);
        let person = |place: &u32| seated.get(*place as usize).copied().ok_or(Defect::Parts);
        let mut people: Vec<u32> = places.iter().map(person).collect::<Result<_, _>>()?;
        people.sort_unstable();
        let reserves = self.line(instance, seed, &people);
        Ok(Outcome { panel: Some(number), people, reserves })
    }

    /// Who comes next, one of each household that has nobody on the panel.
    fn line(&self, instance: &Instance, seed: &Seed, panel: &[u32]) -> Vec<u32> {
        let mut order: Vec<u32> = (0..u32::try_from(instance.people()).unwrap_or(u32::MAX)).collect();
        Lot::new(seed, RESERVES).shuffle(&mut order);
        let lives = |person: &u32| instance.household(*person as usize);
        let mut taken: BTreeSet<Option<u32>> = panel.iter().map(lives).collect();
        let next = order.into_iter().filter(|person| taken.insert(lives(person)));
        next.take(self.reserves as usize).collect()
    }
}

impl Bundle {
    /// Reads one; that it proves anything is for `verify` to say.
    ///
    /// # Errors
    /// `TooLarge`, `Json`, `Format`, `NotCanonical`.
    pub fn read(bytes: &[u8]) -> Result<Self, Defect> {
        if bytes.len() > MAX_BYTES {
            return Err(Defect::TooLarge);
        }
        let bundle: Self = serde_json::from_slice(bytes).map_err(Defect::Json)?;
        if bundle.announced.format != FORMAT {
            return Err(Defect::Format(bundle.announced.format));
        }
        let written = bundle.write()?;
        if written.trim_end().as_bytes() == bytes.trim_ascii_end() {
            Ok(bundle)
        } else {
            Err(Defect::NotCanonical)
        }
    }

    /// Writes it, with a line's end.
    ///
    /// # Errors
    /// As `Announced::digest`.
    pub fn write(&self) -> Result<String, Defect> {
        serde_json::to_string(self).map(|text| text + "\n").map_err(Defect::Json)
    }

    /// Draws: the secret is the one committed to, the public value came after.
    ///
    /// # Errors
    /// `Secret`, `Public`, and as `verify`.
    pub fn reveal(&mut self, secret: &[u8; 32], public: &str) -> Result<(), Defect> {
        let (instance, orbits) = self.announced.instance()?;
        if hex(&commitment(secret)) != self.announced.commitment {
            return Err(Defect::Secret);
        }
        let seed = Seed::of(secret, public).ok_or(Defect::Public)?;
        let Outcome { panel, people, reserves } = self.announced.draw(&instance, &orbits, &seed)?;
        let (announced, secret, public) = (self.announced.digest()?, hex(secret), public.to_owned());
        self.drawn = Some(Drawn { announced, secret, public, panel, people, reserves });
        Ok(())
    }

    /// Checks all of it again.
    ///
    /// # Errors
    /// The first defect.
    pub fn verify(&self) -> Result<Verdict, Defect> {
        let announced = &self.announced;
        unhex(&announced.input).ok_or(Defect::Hash("the input's hash"))?;
        unhex(&announced.commitment).ok_or(Defect::Hash("the commitment"))?;
        let (instance, orbits) = announced.instance()?;
        let proven = match (announced.method, &announced.certificate, &announced.lottery) {
            (Method::Leximin, Some(certificate), Some(lottery)) => {
                Some(check(&instance, &orbits, certificate, lottery).map_err(Defect::Flaw)?)
            }
            (Method::Stratified, None, None) => None,
            _ => return Err(Defect::Parts),
        };
        let digest = announced.digest()?;
        if let Some(drawn) = &self.drawn {
            if drawn.announced != digest {
                return Err(Defect::Announced);
            }
            let secret = unhex(&drawn.secret).ok_or(Defect::Hash("the secret"))?;
            let mut again = Self { announced: announced.clone(), drawn: None };
            again.reveal(&secret, &drawn.public)?;
            let same = again.drawn.as_ref();
            if same.map(|same| same.panel) != Some(drawn.panel) {
                return Err(Defect::Other("the panel's number"));
            }
            if same.map(|same| &same.people) != Some(&drawn.people) {
                return Err(Defect::Other("the people drawn"));
            }
            if same.map(|same| &same.reserves) != Some(&drawn.reserves) {
                return Err(Defect::Other("the reserves"));
            }
        }
        Ok(Verdict { digest, people: instance.people(), proven, drawn: self.drawn.is_some() })
    }
}
