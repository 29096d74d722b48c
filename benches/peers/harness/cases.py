"""What is timed: the work, its data, the calls of every peer, and what is wanted.

A case is added here, with a function a language: riskset/src/calls, survival_crate/src/main.rs, r/calls,
python/<peer>_calls.py. Its columns are those of the data sets; another file there is read the same way.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class DataSet:
    rows: int
    columns: int
    ties: str  # "days" or "untied"

    def name(self):
        return f"{self.ties}-{self.rows}x{self.columns}"



@dataclass(frozen=True)
class PeerCall:
    peer: str  # "R", "survival" (the Rust crate), "lifelines", "sksurv"
    call: str  # what its program knows it by
    shown: str  # how a user writes it
    wanted: float | None = None  # how many times riskset is to be faster on one thread
    wanted_on_two: float | None = None  # and on two


@dataclass(frozen=True)
class Case:
    name: str  # in --only and in the results
    title: str  # {rows} is filled in
    call: str  # riskset's
    data: DataSet
    peers: tuple[PeerCall, ...]  # the first is the reference of the checks
    wanted_seconds: float | None = None

    def quick(self):
        """On a fiftieth of the rows, for trying."""
        data = replace(self.data, rows=max(self.data.rows // 50, 326))
        return replace(self, data=data)


MILLION, LARGE = 1_000_000, 100_000


def cox(name, data, wanted_seconds=None, *, wanted, small=False):
    title = f"Cox, Efron, {{rows}} × {data.columns}, {ties(data)}"
    fit, fit_on_two, whole, crate = wanted
    peers = [
        PeerCall("R", "coxph_fit", "`coxph.fit`, no residuals", fit, fit_on_two),
        PeerCall("R", "coxph", "`coxph`", whole),
        PeerCall("survival", "cox", "`CoxPHFit::fit`", crate),
    ]
    if small:
        peers += [
            PeerCall("lifelines", "cox", "`CoxPHFitter`"),
            PeerCall("sksurv", "cox", "`CoxPHSurvivalAnalysis`"),
        ]
    return Case(name, title, "cox", data, tuple(peers), wanted_seconds)


def ties(data):
    return "no ties" if data.ties == "untied" else "tied to 3,000 days"


def curve(name, data, *, wanted):
    r, crate = wanted
    return Case(
        name,
        f"Kaplan–Meier with limits, {{rows}}, {ties(data)}",
        "kaplan_meier",
        data,
        (
            PeerCall("R", "survfit", "`survfit`", r),
            PeerCall("survival", "kaplan_meier", "`survfitkm`", crate),
            PeerCall("lifelines", "kaplan_meier", "`KaplanMeierFitter`"),
            PeerCall("sksurv", "kaplan_meier", "`kaplan_meier_estimator`"),
        ),
    )


def log_rank(name, data, *, wanted, small=False):
    r, crate = wanted
    peers = [
        PeerCall("R", "survdiff", "`survdiff`", r),
        PeerCall("survival", "log_rank", "`survdiff`", crate),
        PeerCall("lifelines", "log_rank", "`multivariate_logrank_test`"),
    ]
    if small:
        peers.append(PeerCall("sksurv", "log_rank", "`compare_survival`"))
    title = f"Log-rank, 4 groups, {{rows}}, {ties(data)}"
    return Case(name, title, "log_rank", data, tuple(peers))


CASES = (
    cox("cox_untied", DataSet(MILLION, 20, "untied"), wanted=(8, 12, 30, 15)),
    cox("cox_days", DataSet(MILLION, 20, "days"), wanted=(8, 12, 30, 15)),
    cox("cox_100k", DataSet(LARGE, 20, "days"), wanted=(8, 12, 30, 15), small=True),
    cox("cox_trial", DataSet(326, 12, "days"), 1e-4, wanted=(10, None, None, None), small=True),
    Case(
        "cox_entry_strata_robust",
        "Cox, (entry, exit], {rows} × 10, 1,000 strata, robust by cluster",
        "cox_entry_strata_robust",
        DataSet(MILLION, 10, "days"),
        (
            PeerCall("R", "coxph_entry_strata_robust", "`coxph`", 10),
            PeerCall("survival", "cox_entry_strata_robust", "`CoxPHFit::fit`"),
        ),
    ),
    curve("kaplan_meier_untied", DataSet(MILLION, 20, "untied"), wanted=(30, 10)),
    curve("kaplan_meier_days", DataSet(MILLION, 20, "days"), wanted=(30, 10)),
    log_rank("log_rank_untied", DataSet(MILLION, 20, "untied"), wanted=(30, 8)),
    log_rank("log_rank_days", DataSet(MILLION, 20, "days"), wanted=(30, 8), small=True),
    Case(
        "concordance",
        "Harrell's C with its standard error, {rows}",
        "concordance",
        DataSet(LARGE, 20, "days"),
        (
            PeerCall("R", "concordance", "`concordance`", 10),
            PeerCall("survival", "concordance", "`concordancefit`"),
            PeerCall("lifelines", "concordance", "`concordance_index`, no standard error"),
            PeerCall("sksurv", "concordance", "`concordance_index_censored`, no standard error"),
        ),
    ),
    Case(
        "score_residuals",
        "Score residuals of a fit, {rows} × 20",
        "score_residuals",
        DataSet(LARGE, 20, "days"),
        (
            PeerCall("R", "score_residuals", '`residuals(fit, "score")`, of a fit that keeps `x`', 5),
            PeerCall("R", "score_residuals_by_default", "the same, of one that does not"),
            PeerCall("survival", "score_residuals", "`score_residuals`"),
        ),
    ),
    Case(
        "proportionality",
        "Test of proportional hazards of a fit, {rows} × 20",
        "proportionality",
        DataSet(LARGE, 20, "days"),
        (
            PeerCall("R", "cox_zph", "`cox.zph`", 5),
            PeerCall("survival", "proportionality", "`cox_zph`"),
        ),
    ),
    # R's time grows with the square of the rows: 10,000 take crr two minutes.
    Case(
        "fine_gray",
        "Fine–Gray, {rows} × 10",
        "fine_gray",
        DataSet(5_000, 10, "untied"),
        (
            PeerCall("R", "crr", "`cmprsk::crr`", 50),
            PeerCall("R", "finegray", "`finegray` and `coxph`", 10),
        ),
    ),
)
