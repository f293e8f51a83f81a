//! Shops, their people and sources, written and read back.

use super::*;
use crate::base::ids::PersonId;
use crate::base::keys::{Keys, token_hash};
use crate::base::random::Random;
use crate::db::Db;
use crate::lead::shop::slug;

fn shop(random: &Random, name: &str) -> Business {
    Business {
        id: BusinessId::new(random, 5),
        slug: slug(name),
        name: name.to_owned(),
        timezone: "America/Chicago".to_owned(),
        country: "US".to_owned(),
        phone: None,
        hours: None,
        answer_at_night: true,
        created_at: 5,
    }
}

#[tokio::test]
async fn two_shops_of_one_name_get_two_slugs() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("leadbell.db")).await.unwrap();
    let random = Random::seeded(1);

    let mut slugs = Vec::new();
    for shop in [shop(&random, "Joe's"), shop(&random, "Joe's"), shop(&random, "Joes")] {
        let added = db.write(move |conn| Box::pin(async move { add_business(conn, &shop).await })).await;
        slugs.push(added.unwrap());
    }

    assert_eq!(slugs, ["joes", "joes-2", "joes-3"]);
    assert_eq!(businesses(db.read()).await.unwrap().len(), 3);
    db.close().await;
}

#[tokio::test]
async fn a_source_is_found_by_its_token_and_shows_its_address_again() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("leadbell.db")).await.unwrap();
    let (random, keys) = (Random::seeded(2), Keys::new([7; 32]));
    let shop = shop(&random, "Joe's");
    let (source, token) = Source::new(&shop.id, "generic", "Website form", Some("s"), &keys, &random, 9);

    let (a, b) = (shop.clone(), source.clone());
    db.write(move |conn| {
        Box::pin(async move {
            add_business(conn, &a).await?;
            add_source(conn, &b).await?;
            note_submission(conn, &b.id, 50).await?;
            note_submission(conn, &b.id, 40).await
        })
    })
    .await
    .unwrap();

    let found = find_source_by_token_hash(db.read(), &token_hash(&token)).await.unwrap().unwrap();
    assert_eq!(found, Source { last_at: Some(50), ..source });
    assert_eq!(found.address("https://x.example", &keys).unwrap(), format!("https://x.example/in/{token}"));
    assert_eq!(find_source_by_token_hash(db.read(), &token_hash("other")).await.unwrap(), None);
    assert_eq!(list_sources(db.read()).await.unwrap().len(), 1);
    db.close().await;
}

#[tokio::test]
async fn people_are_told_in_the_order_in_which_they_were_added() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("leadbell.db")).await.unwrap();
    let random = Random::seeded(3);
    let shop = shop(&random, "Joe's");
    let id = shop.id.clone();
    let person = |name: &str| Person {
        id: PersonId::new(&random, 1),
        business_id: id.clone(),
        name: name.to_owned(),
        phone: Some("+15125550100".to_owned()),
        email: None,
        position: 0,
        created_at: 1,
    };

    let both = [person("Dave"), person("Ana")];
    db.write(move |conn| {
        Box::pin(async move {
            add_business(conn, &shop).await?;
            for person in &both {
                add_person(conn, person).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();

    let people = people(db.read(), &id).await.unwrap();
    let order: Vec<_> = people.iter().map(|p| (p.name.as_str(), p.position)).collect();
    assert_eq!(order, [("Dave", 0), ("Ana", 1)]);
    db.close().await;
}
