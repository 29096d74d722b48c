//! Gray's test of two causes in four groups, and occupation of three states.

use criterion::Criterion;
use riskset::competing::{GrayTest, StateOccupation};
use riskset::data::MultiState;
use riskset::{CompetingRisks, Groups};

use crate::over;
use crate::random::SplitMix64;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

/// Patients who relapse or die.
struct Patients {
    risks: CompetingRisks,
    groups: Groups,
    histories: MultiState,
}

impl Patients {
    fn new(n: usize, tied: bool) -> Self {
        let mut random = SplitMix64(20_260_102);
        let (mut time, mut codes, mut group) = (vec![], vec![], vec![]);
        let (mut illness, mut end, mut death) = (vec![], vec![], vec![]);
        for _ in 0..n {
            let ln_hazard = 0.35 * random.normal();
            let (exit, fails) = random.exit(ln_hazard, tied);
            let relapses = fails && random.uniform() < 0.6;
            time.push(exit);
            codes.push(if fails { 2 - u32::from(relapses) } else { 0 });
            group.push(random.next() % 4);
            let (later, dies) = random.exit(0.5, tied);
            illness.push(relapses.then_some(exit));
            end.push(if relapses { exit + later } else { exit });
            death.push(if relapses { dies } else { fails });
        }
        let causes = [(1, "relapse"), (2, "death")];
        let states = ["remission", "relapse", "death"];
        Self {
            risks: CompetingRisks::from_codes(&time, &codes, &causes).unwrap(),
            groups: Groups::new(&group).unwrap(),
            histories: MultiState::illness_death(&illness, &end, &death, &states).unwrap(),
        }
    }
}

pub(crate) fn benches(criterion: &mut Criterion) {
    over(criterion, "gray_4_groups", &SIZES, Patients::new, |study| {
        GrayTest::new().fit(&study.risks, &study.groups).unwrap()
    });
    let occupation = StateOccupation::new();
    over(criterion, "state_occupation", &SIZES, Patients::new, |study| {
        occupation.fit(&study.histories).unwrap()
    });
    let mean_times = StateOccupation::new().restricted_to(2000.0);
    over(criterion, "state_mean_times", &SIZES, Patients::new, |study| {
        mean_times.fit(&study.histories).unwrap()
    });
}
