//! What users chose (U11).

use std::collections::BTreeMap;

use serde_json::json;
use taipan::catalog::{LONGEST_KEY, LONGEST_VALUE};

use super::given::{ANNA, BEN, Engine, apply, on_both};

/// U11
#[apply(on_both)]
#[tokio::test]
async fn a_choice_is_kept_changed_and_forgotten_for_its_user_alone(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    assert_eq!(catalog.preferences(ANNA).await.unwrap(), BTreeMap::new());
    let session = json!({ "on": true, "$weird.key": [1, 2.5, null, "ü"], "large": u64::MAX });
    catalog.set_preference(ANNA, "model", Some(&json!("small"))).await.unwrap();
    catalog.set_preference(ANNA, "model", Some(&json!("large"))).await.unwrap();
    catalog.set_preference(ANNA, "session", Some(&session)).await.unwrap();
    catalog.set_preference(BEN, "model", Some(&json!(null))).await.unwrap();
    let expected = [("model".to_owned(), json!("large")), ("session".to_owned(), session.clone())];
    assert_eq!(catalog.preferences(ANNA).await.unwrap(), BTreeMap::from(expected));
    catalog.set_preference(ANNA, "model", None).await.unwrap();
    catalog.set_preference(ANNA, "never chosen", None).await.unwrap();
    assert_eq!(catalog.preferences(ANNA).await.unwrap(), BTreeMap::from([("session".to_owned(), session)]));
    assert_eq!(catalog.preferences(BEN).await.unwrap(), BTreeMap::from([("model".to_owned(), json!(null))]));
}

#[apply(on_both)]
#[tokio::test]
async fn what_is_too_long_is_refused_with_its_limit(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let key = "k".repeat(LONGEST_KEY);
    let value = json!("v".repeat(LONGEST_VALUE - 2));
    catalog.set_preference(ANNA, &key, Some(&value)).await.unwrap();
    assert_eq!(catalog.preferences(ANNA).await.unwrap(), BTreeMap::from([(key.clone(), value)]));
    let error = catalog.set_preference(ANNA, &(key + "k"), Some(&json!(1))).await.unwrap_err();
    assert_eq!(error.to_string(), "The name of a preference must not be longer than 64 bytes.");
    let error = catalog.set_preference(ANNA, "k", Some(&json!("v".repeat(LONGEST_VALUE - 1)))).await.unwrap_err();
    assert_eq!(error.to_string(), "A preference must not be longer than 16384 bytes.");
}
