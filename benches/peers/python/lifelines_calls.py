"""The calls of lifelines, with its defaults."""

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import concordance_index


def kaplan_meier(data):
    data.time, data.event

    def values(fit):
        # Its limits are log-log ones, of no use for a check against the log scale. Row 0 is time 0.
        curve = fit.survival_function_["KM_estimate"].iloc[1:]
        places = np.arange(101) * (len(curve) - 1) // 100
        return {"times": len(curve), "time": curve.index[places], "survival": curve.iloc[places]}

    return lambda: KaplanMeierFitter().fit(data.time, data.event), values


def log_rank(data):
    data.time, data.group, data.event
    return (
        lambda: multivariate_logrank_test(data.time, data.group, data.event),
        lambda test: {"statistic": test.test_statistic},
    )


def cox(data):
    frame = pd.DataFrame(data.x, columns=[f"x{j}" for j in range(data.x.shape[1])])
    frame["time"], frame["event"] = data.time, data.event
    return (
        lambda: CoxPHFitter().fit(frame, "time", "event"),
        lambda fit: {
            "log_likelihood": [fit._ll_null_, fit.log_likelihood_],
            "coefficients": fit.params_,
            "vcov": fit.variance_matrix_,
        },
    )


def concordance(data):
    data.time, data.score, data.event
    return (
        lambda: concordance_index(data.time, -data.score, data.event),
        lambda index: {"concordance": index},
    )
