# Incidences predicted from cause-specific Cox models: survfit of a coxph of several states under Breslow's ties (under
# Efron's the hazards of survival 3.5-3 are too low, see below), and riskRegression's CSC (Efron's ties, product form) with standard errors from influence functions.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressPackageStartupMessages({ library(riskRegression); library(prodlim) })
D("mgus2", "pbc")
predicted <- function(name, data, time, status, covs, profiles, times, strata = NULL) {
  d <- get(data); d <- d[complete.cases(d[, c(time, status, covs, strata)]), ]
  d$rid <- seq_len(nrow(d)); d$.t <- d[[time]]; d$.s <- d[[status]]; d$.f <- factor(d$.s, 0:2, c("censor", "one", "two"))
  if (!is.null(profiles$sex)) { d$sex <- factor(d$sex); profiles$sex <- factor(profiles$sex, levels(d$sex)) }
  rhs <- paste(c(covs[covs != "sex" | is.null(strata)], if (!is.null(strata)) sprintf("strata(%s)", strata)), collapse = " + ")
  tight <- coxph.control(eps = 1e-14, iter.max = 60)
  fit <- coxph(as.formula(paste("Surv(.t, .f) ~", rhs)), d, id = rid, ties = "breslow", control = tight)
  # With strata survfit gives the curves of all of them, one after the other.
  at <- function(s, level) {
    k <- if (is.null(s$strata)) seq_along(s$time) else rep(sub(".*=", "", names(s$strata)), s$strata) == level
    p <- rbind(c(1, 0, 0), matrix(s$pstate, ncol = 3)[k, ]); p[findInterval(times, s$time[k]) + 1, ]
  }
  curves <- function(stype) A(lapply(seq_len(nrow(profiles)), function(i) at(survfit(fit, newdata = profiles[i, , drop = FALSE], stype = stype), profiles$sex[i])))
  csc <- CSC(as.formula(paste("Hist(.t, .s) ~", rhs)), data = d, fitter = "coxph", control = tight)
  risks <- lapply(1:2, function(k) predict(csc, newdata = profiles, cause = k, times = times, se = TRUE, iid = FALSE))
  emit(name, "cause_specific_incidence", paste0("data/", data, ".csv"),
       c(sprintf("survfit(coxph(Surv(%s, factor(%s)) ~ %s, id=row, ties='breslow'), newdata, stype)", time, status, rhs), sprintf("predict(CSC(Hist(%s, %s) ~ %s), newdata, cause, times, se=TRUE)", time, status, rhs)),
       Filter(Negate(is.null), list(time = time, status = status, terms = A(lapply(covs, function(v) if (v == "sex") list(column = "sex", levels = A(levels(d$sex))) else list(column = v))), strata = if (is.null(strata)) NULL else A(strata))),
       list(profiles = A(lapply(seq_len(nrow(profiles)), function(i) lapply(profiles[i, , drop = FALSE], function(x) if (is.factor(x)) as.character(x) else x))), times = A(times),
            exponential = curves(2), product_limit = curves(1), efron_product_limit = A(lapply(risks, function(r) unname(r$absRisk))), influence_se = A(lapply(risks, function(r) unname(r$absRisk.se)))),
       note = "exponential and product_limit: by profile, a row for each time: free of any event, cause 1, cause 2; Breslow's ties. efron_product_limit and influence_se: by cause, a row for each profile.", pkgs = c("riskRegression", "prodlim"))
}
mgus <- data.frame(age = c(60, 80, 90), sex = c("F", "M", "M"), mspike = c(0.5, 1.5, 3))
predicted("csinc_mgus2", "mgus2", "etime", "event", c("age", "sex", "mspike"), mgus, c(1, 6, 12, 35.5, 60, 120, 240, 360))
predicted("csinc_mgus2_strata", "mgus2", "etime", "event", c("age", "mspike"), mgus, c(1, 6, 12, 60, 120, 240), strata = "sex")
predicted("csinc_pbc", "pbc", "time", "status", c("age", "edema", "bili"), data.frame(age = c(40, 60), edema = c(0, 0.5), bili = c(1, 4)), c(41, 400, 1000, 2000, 3500, 4500))
# Efron's ties: what survfit makes of them, and the hazards of one coxph a cause.
d <- mgus2[complete.cases(mgus2[, c("etime", "event", "age", "mspike")]), ]; d$rid <- seq_len(nrow(d)); d$f <- factor(d$event, 0:2)
nd <- data.frame(age = 80, mspike = 2)
several <- survfit(coxph(Surv(etime, f) ~ age + mspike, d, id = rid), newdata = nd)
single <- lapply(1:2, function(k) survfit(coxph(Surv(etime, event == k) ~ age + mspike, d), nd))
cat("cumulative hazards at 60 under Efron's ties, several states:", several$cumhaz[findInterval(60, several$time), 1, ], "one by one:", sapply(single, function(s) s$cumhaz[findInterval(60, s$time)]), "\n")
done("46_cause_specific")
