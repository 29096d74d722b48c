//! Every public type is `Send`, `Sync`, `Clone` and `Debug`.

use riskset::adjustment::{
    Balance, BalanceLine, BalancingWeights, BalancingWeightsFit, EstimatedWeights,
    PropensityCoefficient, PropensityFit, PropensityScores, StackedVariance, Standardisation,
    StandardisedAt, StandardisedSurvival, TargetPopulation, Truncation, WeightSummary,
};
use riskset::competing::{
    AalenJohansenFit, CauseComparison, CauseCounts, CauseFit, CausePairs, CauseSpecificBaseline,
    CauseSpecificCox, CauseSpecificCoxFit, CauseSpecificIncidence, CauseSpecificStratum, CauseTest,
    CauseTimeLost, CensoringTies, CumulativeIncidence, FineGray, FineGrayFit, FineGrayIncidence,
    FineGrayResiduals, FineGrayVariance, GrayFit, GrayPairwise, GrayTest, GroupScore, IncidenceAt,
    IncidenceForm, IncidenceVariance, MeanTime, OccupationAt, PredictedIncidence, StateOccupation,
    StateOccupationFit, TimeLost, TimeLostComparison, TimeLostContrast, TimeLostFit, Transition,
    TransitionCounts, Untested, UntestedPair,
};
use riskset::curve::{ByGroup, Defined, Plateau, Quantile, QuantileRule, SurvivalCurve};
use riskset::data::{
    Cause, Clusters, Coding, CompleteCases, DesignBuilder, Episodes, Excluded, Exposed,
    ExposureStart, IntervalCensored, Landmark, Merged, MultiState, RecurrentEvents, RiskSeries,
    RiskTable, Strata, Subjects, Term, TermKind, TieReport, TimeDependent, TimeMatch, Variance,
    WeightKind,
};
use riskset::inference::{
    CoefficientPath, CoefficientPaths, CumulativeSum, CumulativeSums, CustomTransform, FollowUp,
    HazardRatio, IntervalMethod, LevelPair, LevelPairs, Multiplicity, NestedTest, NoTest,
    OddsRatio, PathPoint, PowerFormula, Proportionality, ProportionalityFit, ProportionalityTest,
    RatioAt, SequentialStep, SequentialTests, SmoothedPath, TermHypothesis, TermTest, TermTests,
    TimeTransform, TrialSize, TwoArmTrial, WeightedLogRank, WeightedLogRankFit,
};
use riskset::nonparametric::{
    Alternative, AtRisk, AtRiskTable, Band, BandKind, Bands, Estimand, FixedTime,
    FixedTimeComparison, GroupCount, HazardTransform, HazardVariance, InfluenceFit,
    InfluenceFunctions, KaplanMeierFit, LifeTable, LifeTableFit, LifeTableInterval, LogRankFit,
    MassInterval, MaxCombo, MaxComboFit, NelsonAalenFit, OneSampleFit, OneSampleLogRank, PairTest,
    PairVariance, Pairwise, RestrictedMean, RestrictedMeanComparison, RestrictedMeanContrast,
    RestrictedMeanFit, SmoothedHazard, SmoothedHazardFit, SurvivalAt, TestWeight, TieCorrection,
    TrendTest, Turnbull, TurnbullFit,
};
use riskset::regression::cox::{
    Coefficient, CoefficientAt, CoefficientStatus, Convergence, CovariatePath, CoxBaseline,
    CoxCurve, CoxFit, CoxResiduals, ExpectedEvents, Frailty, FrailtyDistribution, FrailtyFit,
    InfluenceSummary, InfluentialRow, LikelihoodAt, PenaltyFit, Predicted, PredictedAt,
    PredictedRows, Reference, Ridge, Schoenfeld, SharedFrailty, StratumBaseline, SurvivalForm,
    TermPrediction, TimeFunction,
};
use riskset::regression::{ConditionalLogistic, ConditionalLogisticFit};
use riskset::statistic::{
    Adjust, Difference, Interval, IntervalTransform, LevelDifference, Ratio,
    StandardisedDifference, StandardisedDifferences, TestKind, TestResult,
};
use riskset::study::{
    Adjustment, Baseline, BaselineRow, BaselineSummary, BaselineTable, BaselineTest,
    BaselineTestKind, Cell, Conventions, ForestData, ForestRow, ForestRowKind, GroupSurvival,
    HazardRatioRow, HazardRatioRowKind, HazardRatioTable, HazardRatioTerm, HazardRatios,
    IntervalStyle, LevelCounts, LevelTest, Manifest, Methods, NumberSummary, NumberTest, Selection,
    Style, Subgroups, SurvivalSummary, SurvivalTable, Table, TableRow, TermTestKind,
};
use riskset::validation::{
    Bootstrap, BootstrapFit, Concordance, ConcordanceComparison, ConcordanceFit, Direction,
    Jackknife, JackknifeFit, PairCounts, ResamplingFailure, Score, TimeWeight,
};
use riskset::{
    AalenJohansen, Backend, BadCell, CompetingRisks, CountingProcess, CoxPh, Design, Error, Groups,
    KaplanMeier, LogRank, NelsonAalen, Profile, RightCensored, Ties, Warning, Weights,
};
use std::fmt::Debug;

use super::sources::sources;

fn assert_owned<T: Send + Sync + Clone + Debug + 'static>() {}

macro_rules! owned {
    ($($type:ty),* $(,)?) => {
        #[test]
        fn all_are_owned_and_free_to_travel() {
            $(assert_owned::<$type>();)*
        }

        const LISTED: &[&str] = &[$(stringify!($type)),*];
    };
}

owned!(
    CausePairs,
    CauseTest,
    GrayFit,
    GrayPairwise,
    GrayTest,
    GroupScore,
    MeanTime,
    MultiState,
    OccupationAt,
    StateOccupation,
    StateOccupationFit,
    Transition,
    TransitionCounts,
    Untested,
    UntestedPair,
    CauseFit,
    CauseSpecificBaseline,
    CauseSpecificCox,
    CauseSpecificCoxFit,
    CauseSpecificIncidence,
    CauseSpecificStratum<'static>,
    IncidenceForm,
    Adjustment,
    Baseline,
    BaselineRow,
    BaselineSummary,
    BaselineTable,
    BaselineTest,
    BaselineTestKind,
    Cell,
    Conventions,
    GroupSurvival,
    HazardRatioRow,
    HazardRatioRowKind,
    HazardRatioTable,
    HazardRatioTerm,
    HazardRatios,
    IntervalStyle,
    LevelCounts,
    LevelTest,
    Manifest,
    Methods,
    NumberSummary,
    NumberTest,
    Selection,
    Style,
    SurvivalSummary,
    SurvivalTable,
    Table,
    TableRow,
    TermTestKind,
    ForestData,
    ForestRow,
    ForestRowKind,
    Subgroups,
    Balance,
    BalanceLine,
    BalancingWeights,
    BalancingWeightsFit,
    EstimatedWeights<'static>,
    PropensityCoefficient,
    PropensityFit,
    PropensityScores,
    StackedVariance,
    Standardisation,
    StandardisedAt,
    StandardisedSurvival,
    TargetPopulation,
    Truncation,
    WeightSummary,
    LevelDifference,
    StandardisedDifference,
    StandardisedDifferences,
    CoefficientPath,
    CoefficientPaths,
    CoxResiduals,
    CumulativeSum,
    CumulativeSums,
    CustomTransform,
    InfluenceSummary,
    InfluentialRow,
    PathPoint,
    Proportionality,
    ProportionalityFit,
    ProportionalityTest,
    Schoenfeld,
    SmoothedPath,
    TimeTransform,
    CensoringTies,
    FineGray,
    FineGrayFit,
    FineGrayIncidence,
    FineGrayResiduals,
    FineGrayVariance,
    PredictedIncidence,
    Frailty,
    FrailtyDistribution,
    FrailtyFit,
    SharedFrailty,
    Bootstrap,
    BootstrapFit,
    Jackknife,
    JackknifeFit,
    ResamplingFailure,
    Episodes<RightCensored>,
    Excluded,
    Exposed,
    ExposureStart,
    Landmark,
    Merged,
    RecurrentEvents,
    TimeDependent,
    Concordance,
    ConcordanceComparison,
    ConcordanceFit,
    Direction,
    PairCounts,
    Score<'static>,
    TimeWeight,
    FollowUp,
    LevelPair,
    LevelPairs,
    Multiplicity,
    NestedTest,
    NoTest,
    RatioAt,
    SequentialStep,
    SequentialTests,
    TermHypothesis,
    TermTest,
    TermTests,
    PowerFormula,
    TrialSize,
    TwoArmTrial,
    WeightedLogRank,
    WeightedLogRankFit,
    Alternative,
    Estimand,
    InfluenceFit,
    InfluenceFunctions,
    IntervalCensored,
    MassInterval,
    MaxCombo,
    MaxComboFit,
    OneSampleFit,
    OneSampleLogRank,
    Turnbull,
    TurnbullFit,
    Band,
    BandKind,
    Bands,
    Difference,
    Ratio,
    FixedTime,
    FixedTimeComparison,
    LifeTable,
    LifeTableFit,
    LifeTableInterval,
    RestrictedMean,
    RestrictedMeanComparison,
    RestrictedMeanContrast,
    RestrictedMeanFit,
    SmoothedHazard,
    SmoothedHazardFit,
    Adjust,
    PairTest,
    PairVariance,
    Pairwise,
    TrendTest,
    AtRisk,
    AtRiskTable,
    Backend,
    BadCell,
    ByGroup<KaplanMeierFit>,
    Cause,
    Clusters,
    Coding,
    Coefficient,
    CoefficientAt,
    CoefficientStatus,
    TimeFunction,
    CompetingRisks,
    CompetingRisks<CountingProcess>,
    AalenJohansen,
    AalenJohansenFit,
    CauseComparison,
    CauseCounts,
    CauseTimeLost,
    CumulativeIncidence,
    IncidenceAt,
    IncidenceVariance,
    TimeLost,
    TimeLostComparison,
    TimeLostContrast,
    TimeLostFit,
    CompleteCases,
    Convergence,
    CountingProcess,
    CovariatePath,
    CoxBaseline,
    CoxCurve,
    CoxFit,
    CoxPh,
    Defined<'static>,
    ExpectedEvents,
    Predicted,
    PredictedAt,
    PredictedRows<'static>,
    Reference,
    StratumBaseline<'static>,
    SurvivalForm,
    TermPrediction,
    Design,
    DesignBuilder,
    Error,
    GroupCount,
    Groups,
    ConditionalLogistic,
    ConditionalLogisticFit,
    HazardRatio,
    OddsRatio,
    HazardTransform,
    HazardVariance,
    Interval,
    IntervalMethod,
    IntervalTransform,
    KaplanMeier,
    KaplanMeierFit,
    LikelihoodAt,
    LogRank,
    LogRankFit,
    NelsonAalen,
    NelsonAalenFit,
    PenaltyFit,
    Plateau,
    Profile,
    Quantile,
    QuantileRule,
    Ridge,
    RightCensored,
    RiskSeries,
    RiskTable,
    Strata,
    Subjects,
    SurvivalAt,
    SurvivalCurve,
    Term,
    TermKind,
    TestKind,
    TestResult,
    TestWeight,
    TieCorrection,
    TieReport,
    Ties,
    TimeMatch,
    Variance,
    Warning,
    WeightKind,
    Weights
);

/// The types of the room `plot`, which is not always there.
const FIGURES: &[&str] = &[
    "Count",
    "CurvePlot",
    "Drawing",
    "ForestLine",
    "ForestPlot",
    "Legend",
    "StepCurve",
    "TextBox",
];

#[cfg(feature = "plot")]
#[test]
fn figures_are_owned_and_free_to_travel() {
    use riskset::plot::{
        Count, CurvePlot, Drawing, ForestLine, ForestPlot, Legend, StepCurve, TextBox,
    };
    assert_owned::<Count>();
    assert_owned::<CurvePlot>();
    assert_owned::<Drawing>();
    assert_owned::<ForestLine>();
    assert_owned::<ForestPlot>();
    assert_owned::<Legend>();
    assert_owned::<StepCurve>();
    assert_owned::<TextBox>();
}

/// A new public type has to be listed above.
#[test]
fn none_is_forgotten() {
    // `Rows` seals a trait and cannot be named outside.
    let known = |name: &str| {
        let same = |listed: &&&str| listed.split(['<', ' ']).next() == Some(name);
        name == "Rows" || FIGURES.contains(&name) || LISTED.iter().any(|listed| same(&listed))
    };
    for source in sources() {
        for line in source.code().lines() {
            let declared = ["pub struct ", "pub enum "].iter().find_map(|d| line.strip_prefix(d));
            let Some(declared) = declared else { continue };
            let name = declared.split(|c: char| !c.is_alphanumeric()).next().unwrap();
            assert!(known(name), "{name} in {}", source.path);
        }
    }
}
