//! Keys for HTTP (H9).

use chrono::{TimeDelta, Utc};
use taipan::catalog::{ApiKey, CatalogError, LONGEST_LABEL};

use super::given::{ANNA, Engine, apply, on_both};

/// H9
#[apply(on_both)]
#[tokio::test]
async fn a_key_is_found_by_its_hash_until_it_is_revoked(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    assert!(!catalog.has_keys().await.unwrap());
    let now = Utc::now();
    let (text, first) = ApiKey::generate(Some(ANNA), "notebook", now).unwrap();
    let (_, second) = ApiKey::generate(None, "", now + TimeDelta::seconds(1)).unwrap();
    for key in [&first, &second, &first] {
        catalog.add_key(key).await.unwrap();
    }
    assert!(catalog.has_keys().await.unwrap());
    assert_eq!(catalog.keys().await.unwrap(), [first.clone(), second.clone()]);
    assert_eq!(catalog.find_key(&ApiKey::hash(text.expose())).await.unwrap(), Some(first.clone()));
    assert_eq!(catalog.find_key(text.expose()).await.unwrap(), None);

    assert!(catalog.delete_key(&first.key_id).await.unwrap());
    assert!(!catalog.delete_key(&first.key_id).await.unwrap());
    assert_eq!(catalog.find_key(&first.key_sha256).await.unwrap(), None);
    assert_eq!(catalog.keys().await.unwrap(), [second]);
}

/// H9
#[test]
fn keys_differ_and_their_text_is_not_shown_by_accident() {
    let make = || ApiKey::generate(None, "", Utc::now()).unwrap();
    let ((one, first), (other, second)) = (make(), make());
    assert_ne!(one.expose(), other.expose());
    assert_ne!((&first.key_id, first.user_id), (&second.key_id, second.user_id));
    assert_eq!(one.expose().len(), "taipan_".len() + 64);
    assert_eq!(format!("{one:?}"), "KeyText(not shown)");
    assert!(!format!("{first:?}").contains(&one.expose()["taipan_".len()..]));
    assert!((1..=1 << 40).contains(&first.user_id.0));
}

#[test]
fn a_label_that_is_too_long_is_refused() {
    let label = |bytes| ApiKey::generate(None, &"l".repeat(bytes), Utc::now()).map(|(_, key)| key.label.len());
    assert_eq!(label(LONGEST_LABEL), Ok(LONGEST_LABEL));
    let error = CatalogError::TooLong { what: "The label of a key", most: LONGEST_LABEL };
    assert_eq!(label(LONGEST_LABEL + 1), Err(error));
}
