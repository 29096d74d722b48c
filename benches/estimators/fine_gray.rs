//! Fine–Gray models of 10 columns.

use criterion::Criterion;
use ndarray::Array2;
use riskset::competing::{FineGray, FineGrayFit, FineGrayVariance};
use riskset::data::Cause;
use riskset::{CompetingRisks, Design};

use crate::over;
use crate::random::SplitMix64;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const COLUMNS: usize = 10;

/// Patients of whom about half are censored, the others divided between two causes.
struct Study {
    data: CompetingRisks,
    design: Design,
    model: FineGray,
    fit: FineGrayFit,
}

impl Study {
    fn new(n: usize, tied: bool) -> Self {
        let mut random = SplitMix64(20_260_102);
        let x = Array2::from_shape_fn((n, COLUMNS), |_| random.normal());
        let (mut time, mut codes) = (vec![], vec![]);
        for row in x.rows() {
            let (exit, fails) = random.exit(0.2 * (row[0] - row[1] + row[2]), tied);
            time.push(exit);
            let first = random.uniform() < 0.5;
            codes.push(if fails { 2 - u32::from(first) } else { 0 });
        }
        let names: Vec<String> = (0..COLUMNS).map(|j| format!("x{j}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let data = CompetingRisks::from_codes(&time, &codes, &[(1, "relapse"), (2, "death")]);
        let (data, design) = (data.unwrap(), Design::from_matrix(&x, &names).unwrap());
        let model = FineGray::new(Cause::new(1).unwrap());
        Self { fit: model.fit(&data, &design).unwrap(), data, design, model }
    }
}

pub(crate) fn benches(criterion: &mut Criterion) {
    over(criterion, "fine_gray", &SIZES, Study::new, |Study { model, data, design, .. }| {
        model.fit(data, design).unwrap()
    });
    let sizes = &SIZES[..2];
    over(criterion, "fine_gray_fixed_weights", sizes, Study::new, |study| {
        let model = study.model.clone().variance(FineGrayVariance::FixedWeights);
        model.fit(&study.data, &study.design).unwrap()
    });
    over(
        criterion,
        "fine_gray_incidence",
        sizes,
        Study::new,
        |Study { fit, data, design, .. }| {
            fit.incidence(data, design, &[365.0, 1096.0, 1826.0]).unwrap()
        },
    );
}
