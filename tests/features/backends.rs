//! LAPACK gives the answers of the crate's own linear algebra.

use approx::assert_relative_eq;
use riskset::{Backend, CoxPh, Design, RightCensored};

#[test]
fn lapack_agrees_with_the_native_backend_also_beside_an_aliased_column() {
    let time = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let event = [true, true, false, true, true, false, true, true];
    let age = [50.0, 61.0, 47.0, 58.0, 70.0, 66.0, 49.0, 55.0];
    let twice = age.map(|age| 2.0 * age);
    let arm = ["a", "b", "b", "a", "a", "b", "b", "a"];
    let data = RightCensored::new(&time, &event).unwrap();
    let design = Design::builder()
        .numeric("age", &age)
        .numeric("twice", &twice)
        .factor("arm", &arm, "a")
        .build()
        .unwrap();
    let native = CoxPh::new().fit(&data, &design).unwrap();
    let lapack = CoxPh::new().backend(Backend::Lapack).fit(&data, &design).unwrap();
    for (a, b) in native.coefficients().iter().zip(lapack.coefficients()) {
        assert_eq!((&a.name, &a.status), (&b.name, &b.status));
        assert_eq!(a.estimate.is_some(), b.estimate.is_some());
        if let (Some(a), Some(b)) = (a.estimate, b.estimate) {
            assert_relative_eq!(a, b, max_relative = 1e-12);
        }
    }
    assert_relative_eq!(native.vcov(), lapack.vcov(), max_relative = 1e-12);
    assert!(native.coefficients()[1].estimate.is_none());
}
