"""The calls of scikit-survival, with its defaults but for Efron's ties."""

import numpy as np
from sksurv.compare import compare_survival
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.metrics import concordance_index_censored
from sksurv.nonparametric import kaplan_meier_estimator
from sksurv.util import Surv


def kaplan_meier(data):
    data.time, data.event

    def values(curve):
        # Its limits are log-log ones, of no use for a check against the log scale.
        time, survival = curve[:2]
        places = np.arange(101) * (len(time) - 1) // 100
        return {"times": len(time), "time": time[places], "survival": survival[places]}

    return lambda: kaplan_meier_estimator(data.event, data.time, conf_type="log-log"), values


def log_rank(data):
    outcome = Surv.from_arrays(data.event, data.time)
    data.group
    return (
        lambda: compare_survival(outcome, data.group),
        lambda test: {"statistic": test[0]},
    )


def cox(data):
    outcome = Surv.from_arrays(data.event, data.time)
    return (
        lambda: CoxPHSurvivalAnalysis(ties="efron").fit(data.x, outcome),
        lambda fit: {"coefficients": fit.coef_},
    )


def concordance(data):
    data.time, data.score, data.event
    return (
        lambda: concordance_index_censored(data.event, data.time, data.score),
        lambda result: {"concordance": result[0]},
    )
