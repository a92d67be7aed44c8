//! Values that stand sealed in events: forms, strata, people, and who acted for them.

use prost::Message as _;
use radslag_kernel::{KeyRef, Malformed, Opened, Plain, Role, Stored};
use radslag_proto::{
    fields::{Fields as _, needed_tag, plain, subject_in, tag_in, tag_out},
    panels as proto,
};

use crate::{
    form::{Ask, Field, Form},
    member::event::{Assisted, Channel, Known},
    person::{Person, Tags},
    strata::{Attribute, Category, Feature, Places, Strata},
};

/// The place of a feature that isn't known.
const UNKNOWN: u8 = 255;

pub(super) fn missing(what: &str) -> Malformed {
    Malformed(format!("{what} is none that was ever written"))
}

pub(super) fn form_out(form: &Form) -> proto::Form {
    let field = |field: &Field| proto::form::Field {
        ask: match field.ask {
            Ask::Name => proto::Ask::Name,
            Ask::Street => proto::Ask::Street,
            Ask::Postcode => proto::Ask::Postcode,
            Ask::Town => proto::Ask::Town,
            Ask::BirthYear => proto::Ask::BirthYear,
            Ask::Gender => proto::Ask::Gender,
            Ask::Phone => proto::Ask::Phone,
            Ask::Other => proto::Ask::Other,
        }
        .into(),
        required: field.required,
        key: field.key.clone(),
        label_sv: field.label_sv.clone(),
        label_en: field.label_en.clone(),
        choices: field.choices.clone(),
    };
    proto::Form {
        age_min: form.age_min.into(),
        age_max: form.age_max.into(),
        residents_only: form.residents_only,
        fields: form.fields.iter().map(field).collect(),
        consent_version: form.consent_version,
        consent_sv: form.consent_sv.clone(),
        consent_en: form.consent_en.clone(),
    }
}

pub(super) fn form_in(form: proto::Form) -> Result<Form, Malformed> {
    let field = |field: proto::form::Field| {
        let ask = match field.ask() {
            proto::Ask::Name => Ask::Name,
            proto::Ask::Street => Ask::Street,
            proto::Ask::Postcode => Ask::Postcode,
            proto::Ask::Town => Ask::Town,
            proto::Ask::BirthYear => Ask::BirthYear,
            proto::Ask::Gender => Ask::Gender,
            proto::Ask::Phone => Ask::Phone,
            proto::Ask::Other => Ask::Other,
            proto::Ask::Unspecified => return Err(missing("a question")),
        };
        let proto::form::Field { required, key, label_sv, label_en, choices, .. } = field;
        Ok(Field { ask, required, key, label_sv, label_en, choices })
    };
    Ok(Form {
        age_min: small(form.age_min)?,
        age_max: small(form.age_max)?,
        residents_only: form.residents_only,
        fields: form.fields.into_iter().map(field).collect::<Result<_, _>>()?,
        consent_version: form.consent_version,
        consent_sv: form.consent_sv,
        consent_en: form.consent_en,
    })
}

fn small(number: u32) -> Result<u16, Malformed> {
    number.try_into().map_err(|_| missing("an age or a year"))
}

pub(super) fn strata_out(strata: &Strata) -> proto::Strata {
    let feature = |feature: &Feature| proto::strata::Feature {
        key: feature.key.clone(),
        label_sv: feature.label_sv.clone(),
        label_en: feature.label_en.clone(),
        age_from: feature.age_from.into(),
        age_to: feature.age_to.into(),
        population: feature.population,
        min: feature.min,
        max: feature.max,
        wanted: feature.wanted,
    };
    let category = |category: &Category| proto::strata::Category {
        key: category.key.clone(),
        label_sv: category.label_sv.clone(),
        label_en: category.label_en.clone(),
        attribute: match category.attribute {
            Attribute::Age => proto::Attribute::Age,
            Attribute::Gender => proto::Attribute::Gender,
            Attribute::Area => proto::Attribute::Area,
            Attribute::Other => proto::Attribute::Other,
        }
        .into(),
        other: category.other.clone(),
        features: category.features.iter().map(feature).collect(),
    };
    proto::Strata { categories: strata.categories.iter().map(category).collect() }
}

pub(super) fn strata_in(strata: proto::Strata) -> Result<Strata, Malformed> {
    let feature = |feature: proto::strata::Feature| {
        Ok(Feature {
            key: feature.key,
            label_sv: feature.label_sv,
            label_en: feature.label_en,
            age_from: small(feature.age_from)?,
            age_to: small(feature.age_to)?,
            population: feature.population,
            min: feature.min,
            max: feature.max,
            wanted: feature.wanted,
        })
    };
    let category = |category: proto::strata::Category| {
        let attribute = match category.attribute() {
            proto::Attribute::Age => Attribute::Age,
            proto::Attribute::Gender => Attribute::Gender,
            proto::Attribute::Area => Attribute::Area,
            proto::Attribute::Other => Attribute::Other,
            proto::Attribute::Unspecified => return Err(missing("an attribute")),
        };
        let proto::strata::Category { key, label_sv, label_en, other, features, .. } = category;
        let features = features.into_iter().map(feature).collect::<Result<_, Malformed>>()?;
        Ok(Category { key, label_sv, label_en, attribute, other, features })
    };
    let categories = strata.categories.into_iter().map(category).collect::<Result<_, Malformed>>()?;
    Ok(Strata { categories })
}

fn person_out(person: &Person) -> proto::Person {
    let Person { name, mailbox, language, street, postcode, town, gender, phone, area, answers, .. } =
        person.clone();
    let answers = answers.into_iter().map(|(key, text)| proto::person::Answer { key, text }).collect();
    proto::Person {
        name,
        mailbox,
        language,
        street,
        postcode,
        town,
        birth_year: person.birth_year.into(),
        gender,
        phone,
        area,
        answers,
        protected: person.protected,
        resident: person.resident,
        consent_version: person.consent_version,
    }
}

fn person_in(person: proto::Person) -> Result<Person, Malformed> {
    let proto::Person { name, mailbox, language, street, postcode, town, gender, phone, area, .. } = person;
    let answers = person.answers.into_iter().map(|proto::person::Answer { key, text }| (key, text)).collect();
    let birth_year = small(person.birth_year)?;
    let (protected, resident, consent_version) = (person.protected, person.resident, person.consent_version);
    Ok(Person {
        name,
        mailbox,
        language,
        street,
        postcode,
        town,
        birth_year,
        gender,
        phone,
        area,
        answers,
        protected,
        resident,
        consent_version,
    })
}

/// Somebody as field 1.
pub(super) fn said_out(key: KeyRef, person: &Opened<Person>) -> Plain {
    plain(1, key, false, person.known().map(|person| person_out(person).encode_to_vec()).unwrap_or_default())
}

pub(super) fn said_in(stored: &Stored<'_>) -> Result<Option<(KeyRef, Opened<Person>)>, Malformed> {
    if (stored.field)(1).is_none() {
        return Ok(None);
    }
    Ok(Some((stored.key(1)?, stored.sub_as(1, person_in)?)))
}

/// What is known of somebody, as fields 1 to 3.
pub(super) fn known_out(key: KeyRef, known: &Known) -> Vec<Plain> {
    let places = known
        .places
        .known()
        .map(|places| places.iter().map(|place| place.unwrap_or(UNKNOWN)).collect::<Vec<u8>>());
    let tags = known.tags.known().map(|tags| proto::Tags {
        mailbox: tag_out(tags.mailbox),
        person: tag_out(tags.person),
        name: tag_out(tags.name),
        household: tag_out(tags.household),
    });
    vec![
        said_out(key, &known.person),
        plain(2, key, false, places.unwrap_or_default()),
        plain(3, key, false, tags.map(|tags| tags.encode_to_vec()).unwrap_or_default()),
    ]
}

pub(super) fn known_in(stored: &Stored<'_>) -> Result<Known, Malformed> {
    let place = |place: u8| (place != UNKNOWN).then_some(place);
    let places = stored.bytes(2)?.map(|bytes| bytes.into_iter().map(place).collect::<Places>());
    let tags = stored.sub_as(3, |tags: proto::Tags| {
        Ok(Tags {
            mailbox: tag_in(&tags.mailbox)?,
            person: tag_in(&tags.person)?,
            name: tag_in(&tags.name)?,
            household: tag_in(&tags.household)?,
        })
    })?;
    Ok(Known { person: stored.sub_as(1, person_in)?, places, tags })
}

/// The same, where it stands only in some events of a type.
pub(super) fn fresh_in(stored: &Stored<'_>) -> Result<Option<(KeyRef, Known)>, Malformed> {
    if (stored.field)(2).is_none() {
        return Ok(None);
    }
    Ok(Some((stored.key(2)?, known_in(stored)?)))
}

/// Who acted for somebody, as field 5.
pub(super) fn assisted_out(assisted: Option<&(KeyRef, Opened<Assisted>)>) -> Option<Plain> {
    let (key, assisted) = assisted?;
    let message = assisted.known().map(|assisted| proto::Assisted {
        by: assisted.by.as_bytes().to_vec(),
        role: assisted.role as u32,
        channel: match assisted.channel {
            Channel::Counter => proto::AssistedChannel::Counter,
            Channel::Phone => proto::AssistedChannel::Phone,
            Channel::Paper => proto::AssistedChannel::Paper,
            Channel::Mail => proto::AssistedChannel::Mail,
        }
        .into(),
        ground: assisted.ground.clone(),
    });
    Some(plain(5, *key, false, message.map(|message| message.encode_to_vec()).unwrap_or_default()))
}

pub(super) fn assisted_in(stored: &Stored<'_>) -> Result<Option<(KeyRef, Opened<Assisted>)>, Malformed> {
    if (stored.field)(5).is_none() {
        return Ok(None);
    }
    let assisted = stored.sub_as(5, |assisted: proto::Assisted| {
        let channel = match assisted.channel() {
            proto::AssistedChannel::Counter => Channel::Counter,
            proto::AssistedChannel::Phone => Channel::Phone,
            proto::AssistedChannel::Paper => Channel::Paper,
            proto::AssistedChannel::Mail => Channel::Mail,
            proto::AssistedChannel::Unspecified => return Err(missing("a channel")),
        };
        let role = Role::from_number(assisted.role).ok_or_else(|| missing("a role"))?;
        Ok(Assisted { by: subject_in(&assisted.by)?, role, channel, ground: assisted.ground })
    })?;
    Ok(Some((stored.key(5)?, assisted)))
}

pub(super) fn item_in(bytes: &[u8]) -> Result<radslag_kernel::ItemId, Malformed> {
    needed_tag(bytes).map(|tag| radslag_kernel::ItemId::from_bytes(tag.0))
}

pub(super) fn hash_in(bytes: &[u8]) -> Result<[u8; 32], Malformed> {
    bytes.try_into().map_err(|_| missing("a hash"))
}
