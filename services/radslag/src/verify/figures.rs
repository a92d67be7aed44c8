//! The published figures, compared with what the events add up to at the position they hold for.

use std::ops::Bound;

use anyhow::Result;
use radslag_kernel::AggregateId;
use radslag_petitions::{
    recount::{Recount, Tally},
    shell::figures::Figures,
};

use super::{
    findings::{Difference, Found, What},
    source::Reading,
};

/// What a server answers with, page by page.
const PAGES: &str = "figures";
/// What stands in a folder, in one piece.
pub(crate) const FILE: &str = "figures.json";
const MOST_OF_A_PAGE: usize = 4 << 20;
const MOST_OF_A_FILE: usize = 256 << 20;
/// More petitions than this nobody has.
const MOST: usize = 2_000_000;

/// What is published, in the order in which it is to be compared.
#[derive(Default)]
pub(crate) struct Published {
    pages: Vec<Page>,
}

/// Petitions between two ids, as of one position.
struct Page {
    file: String,
    as_of: u64,
    after: Option<AggregateId>,
    /// To the last of them; nothing: to the end.
    to: Option<AggregateId>,
    /// Each with its state, its signatures and its votes against.
    petitions: Vec<(AggregateId, String, [i64; 2])>,
}

/// Reads all of it; `None` if nothing is published there.
pub(crate) fn read(reading: &mut Reading) -> Result<Option<Published>, Difference> {
    let Some(first) = get(reading, PAGES, MOST_OF_A_PAGE)? else {
        let Some(all) = get(reading, FILE, MOST_OF_A_FILE)? else { return Ok(None) };
        return Ok(Some(Published { pages: vec![page(FILE.into(), all, None)?.0] }));
    };
    let (mut file, mut figures) = (PAGES.to_owned(), first);
    let (mut published, mut after, mut petitions) = (Published::default(), None, 0);
    loop {
        let (page, next) = page(file.clone(), figures, after)?;
        petitions += page.petitions.len();
        published.pages.push(page);
        let Some(next) = next else { break };
        if petitions > MOST {
            return Err(Difference::new(
                What::Figures,
                PAGES,
                format!("there are more than {MOST} petitions"),
            ));
        }
        after = Some(next);
        file = format!("{PAGES}?after={next}");
        let more = get(reading, &file, MOST_OF_A_PAGE)?;
        figures = more.ok_or_else(|| Difference::new(What::Missing, file.clone(), ""))?;
    }
    published.pages.sort_by_key(|page| page.as_of);
    Ok(Some(published))
}

fn get(reading: &mut Reading, name: &str, most: usize) -> Result<Option<Figures>, Difference> {
    let got = reading.get(name, most);
    let got = got.map_err(|e| Difference::new(What::Unreadable, name, crate::failure::chain(&e)))?;
    let parsed = got.map(|bytes| serde_json::from_slice(&bytes)).transpose();
    parsed.map_err(|error| Difference::new(What::Figures, name, error.to_string()))
}

/// A page with its petitions in order, and where the next begins.
fn page(
    file: String,
    figures: Figures,
    after: Option<AggregateId>,
) -> Result<(Page, Option<AggregateId>), Difference> {
    let wrong = |why: &str| Difference::new(What::Figures, file.clone(), why);
    let id = |text: &str| text.parse::<AggregateId>().map_err(|_| wrong(&format!("`{text}` is no petition")));
    let (mut petitions, mut last) = (Vec::with_capacity(figures.petitions.len()), after);
    for figure in &figures.petitions {
        let petition = id(&figure.petition)?;
        if last.is_some_and(|last| last >= petition) {
            return Err(wrong("its petitions aren't in order"));
        }
        last = Some(petition);
        petitions.push((petition, figure.state.clone(), [figure.signatures, figure.against.unwrap_or(0)]));
    }
    let next = figures.next.as_deref().map(id).transpose()?;
    if next.is_some() && next != last {
        return Err(wrong("the next page doesn't begin where it ends"));
    }
    Ok((Page { file, as_of: figures.as_of, after, to: next, petitions }, next))
}

impl Published {
    /// The highest position that anything of it holds for.
    pub(crate) fn as_of(&self) -> u64 {
        self.pages.last().map_or(0, |page| page.as_of)
    }

    /// Compares what holds after so many events.
    pub(crate) fn compare(&mut self, events: u64, recount: &Recount, found: &mut Found) {
        while self.pages.first().is_some_and(|page| page.as_of <= events) {
            let page = self.pages.remove(0);
            *found.figures.get_or_insert(0) += page.petitions.len() as u64;
            found.figures_as_of = Some(page.as_of);
            page.compare(recount, found);
        }
    }
}

impl Page {
    fn compare(&self, recount: &Recount, found: &mut Found) {
        let mut counted = recount.between(
            self.after.map_or(Bound::Unbounded, Bound::Excluded),
            self.to.map_or(Bound::Unbounded, Bound::Included),
        );
        let mut next = counted.next();
        for (petition, state, [signatures, against]) in &self.petitions {
            while let Some((missing, tally)) = next.filter(|(counted, _)| counted < petition) {
                self.missing(missing, tally, found);
                next = counted.next();
            }
            match next.filter(|(counted, _)| counted == petition) {
                None => self.differs(*petition, "nobody handed it in", found),
                Some((_, tally)) => {
                    if tally.count != *signatures {
                        let why = format!("published: {signatures} signatures; counted: {}", tally.count);
                        self.differs(*petition, &why, found);
                    }
                    if tally.against != *against {
                        let why = format!("published: {against} votes against; counted: {}", tally.against);
                        self.differs(*petition, &why, found);
                    }
                    if tally.state != state {
                        let why = format!("published: {state}; by its events: {}", tally.state);
                        self.differs(*petition, &why, found);
                    }
                    next = counted.next();
                }
            }
        }
        while let Some((missing, tally)) = next {
            self.missing(missing, tally, found);
            next = counted.next();
        }
    }

    fn missing(&self, petition: AggregateId, tally: &Tally, found: &mut Found) {
        let why = format!("it isn't there; by its events: {}, {} signatures", tally.state, tally.count);
        self.differs(petition, &why, found);
    }

    fn differs(&self, petition: AggregateId, why: &str, found: &mut Found) {
        let detail = format!("petition {petition} after {} events: {why}", self.as_of);
        found.differs(Difference::new(What::Figure, self.file.clone(), detail));
    }
}
