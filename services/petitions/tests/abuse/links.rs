//! One-time links that nobody uses.

use radslag_kernel::Opened;
use radslag_petitions::shell::{Asked, session::stream};

use crate::house::House;

#[tokio::test]
async fn the_address_of_a_link_that_nobody_uses_is_destroyed_when_its_time_is_up() {
    let house = House::new().await;
    let office = &house.office;
    office.request_link(&Asked::by_system(), "ann@example.org", "sv", false).await.unwrap();
    let requested = office.log.watermark() - 1;
    house.later(15 * 60);
    office.timers.wait_for(requested + 2).await.unwrap();
    let links = office.links_of(&stream(office.session_tag("ANN@example.org"))).unwrap();
    assert_eq!(links.links[0].asker, Opened::Gone);
    let record = office.log.read_at(requested).unwrap();
    assert!(matches!(record.open(1, office.log.vault()).unwrap(), Opened::Gone));
}
