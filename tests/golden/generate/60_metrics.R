# Concordance, Brier score, time-dependent AUC
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(riskRegression))
D("gbsg_pred", "lung", "veteran", "kidney", "heart", "rotterdam", "ovarian", "gbsg", "aml", "freireich", "retinopathy")
cc <- function(name, data, lhs, score, spec, ..., note = "", argtext = NULL) {
  call <- sprintf("concordance(%s ~ %s, data=%s%s, reverse=TRUE)", lhs, score, data, if (is.null(argtext)) "" else paste0(", ", argtext)); f <- run(call)$value
  n <- f$count; n <- if (is.matrix(n)) colSums(n) else n
  e <- list(n = f$n, c = unname(f$concordance), var = unname(f$var), se = unname(sqrt(f$var)), concordant = S(n["concordant"]), discordant = S(n["discordant"]), tied_x = S(n["tied.x"]), tied_y = S(n["tied.y"]), tied_xy = S(n["tied.xy"]))
  if (!is.null(f$cvar)) e$cvar <- unname(f$cvar)
  if (is.matrix(f$count)) { e$count_by_stratum <- unname(f$count); e$stratum_labels <- A(rownames(f$count)) }
  emit(name, "concordance", paste0("data/", data, ".csv"), call, c(spec[setdiff(names(spec), "score_column")], list(score = if (is.null(spec$score_column)) score else spec$score_column, higher_score_means = "higher risk")), e, TOL_CLOSED, paste(note, "c = (concordant + tied_x/2) / (concordant + discordant + tied_x); var is the infinitesimal jackknife. Rows with missing values dropped."))
}
S1 <- list(time = "time", status = "status")
cc("conc_lung_age", "lung", "Surv(time, status)", "age", S1); cc("conc_lung_karno", "lung", "Surv(time, status)", "ph_karno", S1, note = "c below 1/2: high score is protective")
cc("conc_veteran_karno", "veteran", "Surv(time, status)", "karno", S1); cc("conc_gbsg_risk", "gbsg_pred", "Surv(time, status)", "risk", S1)
for (w in c("n", "S", "S/G", "n/G2", "I")) cc(paste0("conc_gbsg_risk_", gsub("/", "", w)), "gbsg_pred", "Surv(time, status)", "risk", c(S1, list(timewt = w)), argtext = sprintf("timewt='%s'", w), note = "time weights; n/G2 is Uno's, with G taken just before the event time")
for (w in c("n", "n/G2")) cc(paste0("conc_gbsg_risk_tau_", gsub("/", "", w)), "gbsg_pred", "Surv(time, status)", "risk", c(S1, list(timewt = w, ymax = 1825)), argtext = sprintf("timewt='%s', ymax=1825", w), note = "events after ymax do not count")
for (w in c("n", "S", "n/G2")) cc(paste0("conc_lung_age_", gsub("/", "", w)), "lung", "Surv(time, status)", "age", c(S1, list(timewt = w)), argtext = sprintf("timewt='%s'", w))
cc("conc_lung_strata", "lung", "Surv(time, status)", "age + strata(sex)", c(S1, list(strata = A("sex"), score_column = "age")), note = "pairs within strata only")
cc("conc_lung_wfrac", "lung", "Surv(time, status)", "age", c(S1, list(weights = "wt_frac")), argtext = "weights=wt_frac"); cc("conc_lung_wint", "lung", "Surv(time, status)", "age", c(S1, list(weights = "wt_int")), argtext = "weights=wt_int")
cc("conc_kidney_cluster", "kidney", "Surv(time, status)", "age", c(S1, list(cluster = "id")), argtext = "cluster=id", note = "clustered variance")
cc("conc_heart_startstop", "heart", "Surv(start, stop, event)", "age", list(start = "start", time = "stop", status = "event")); cc("conc_ovarian", "ovarian", "Surv(futime, fustat)", "age", list(time = "futime", status = "fustat"))
cc("conc_gbsg_grade_ties", "gbsg", "Surv(rfstime, status)", "grade", list(time = "rfstime", status = "status"), note = "three score values: many tied scores"); cc("conc_rotterdam_nodes", "rotterdam", "Surv(rfstime, rfs)", "nodes", list(time = "rfstime", status = "rfs"))
# two scores compared
f <- concordance(coxph(Surv(rfstime, rfs) ~ nodes, rotterdam), coxph(Surv(rfstime, rfs) ~ er, rotterdam)); ct <- c(1, -1); d <- sum(ct * f$concordance); v <- drop(ct %*% f$var %*% ct)
emit("conc_rotterdam_two", "concordance_compare", "data/rotterdam.csv", "concordance(coxph(Surv(rfstime, rfs) ~ nodes), coxph(Surv(rfstime, rfs) ~ er))", list(time = "rfstime", status = "rfs", scores = A(c("nodes", "er")), direction = A(c(1, 1))), list(c = A(unname(f$concordance)), var = unname(f$var), difference = d, var_difference = v, z = d / sqrt(v)), list(rtol = 1e-8, atol = 1e-12), "score direction follows each one-variable Cox fit: both coefficients are positive, so a higher score is worse")

# ---- inverse-probability-of-censoring metrics, written out and checked against riskRegression
km_step <- function(time, status) { f <- survfit(Surv(time, status) ~ 1); r <- f$n.risk - f$n.event; g <- cumprod(ifelse(r > 0, 1 - f$n.censor / pmax(r, 1), 1)); list(t = f$time, g = g) }
Gfun <- function(k, x, left) { j <- if (left) findInterval(x, k$t, left.open = TRUE) else findInterval(x, k$t); c(1, k$g)[j + 1] }
brier0 <- function(time, status, S, times, left) { k <- km_step(time, status); g <- Gfun(k, time, left); sapply(seq_along(times), function(j) { t <- times[j]; mean(ifelse(time <= t & status == 1, S[, j]^2 / g, ifelse(time > t, (1 - S[, j])^2 / Gfun(k, t, FALSE), 0))) }) }
auc0 <- function(time, status, R, times, left) { k <- km_step(time, status); sapply(seq_along(times), function(j) { t <- times[j]; r <- if (is.matrix(R)) R[, j] else R; ca <- which(time <= t & status == 1); co <- which(time > t); w <- 1 / Gfun(k, time[ca], left)
  sum(w * sapply(ca, function(i) mean((r[i] > r[co]) + .5 * (r[i] == r[co])))) / sum(w) }) }
trap <- function(t, y) sum(diff(t) * (head(y, -1) + tail(y, -1)) / 2) / (max(t) - min(t))
met <- function(name, data, time, status, pred, times, note = "") {
  d <- get(data); S <- as.matrix(d[, pred]); k <- km_step(d[[time]], d[[status]])
  b1 <- brier0(d[[time]], d[[status]], S, times, TRUE); b2 <- brier0(d[[time]], d[[status]], S, times, FALSE)
  fit <- survfit(as.formula(sprintf("Surv(%s, %s) ~ 1", time, status)), d); s0 <- summary(fit, times = times, extend = TRUE)$surv; S0 <- matrix(s0, nrow(d), length(times), byrow = TRUE); n1 <- brier0(d[[time]], d[[status]], S0, times, TRUE)
  sc <- Score(list(m = 1 - S), formula = as.formula(sprintf("Surv(%s, %s) ~ 1", time, status)), data = d, times = times, metrics = c("brier", "auc"), summary = "ibs", conf.int = TRUE, null.model = TRUE, cens.model = "km")
  bs <- as.data.frame(sc$Brier$score); au <- as.data.frame(sc$AUC$score); bm <- bs[bs$model == "m", ]; bn <- bs[bs$model == "Null model", ]; a1 <- auc0(d[[time]], d[[status]], 1 - S, times, TRUE); a2 <- auc0(d[[time]], d[[status]], 1 - S, times, FALSE)
  stopifnot(all.equal(b1, bm$Brier, tolerance = 1e-12), all.equal(n1, bn$Brier, tolerance = 1e-12), all.equal(a1, au$AUC, tolerance = 1e-12))
  emit(name, "brier_auc", paste0("data/", data, ".csv"), sprintf("riskRegression::Score(list(m=1-S), Surv(%s, %s) ~ 1, times, metrics=c('brier','auc'), summary='ibs', cens.model='km')", time, status), list(time = time, status = status, predicted_survival = A(pred), times = A(times)),
    list(times = A(times), censoring_survival = list(time = A(k$t[seq(1, length(k$t), by = 25)]), g = A(k$g[seq(1, length(k$t), by = 25)])),
      brier_left_limit = A(b1), brier_right = A(b2), brier_null_left_limit = A(n1), brier_se = A(bm$se), auc_left_limit = A(a1), auc_right = A(a2), auc_se = A(au$se), ibs_trapezoid_left_limit = trap(times, b1), ibs_trapezoid_right = trap(times, b2), ibs_riskregression = A(bm$IBS)), TOL_CLOSED,
    paste(note, "G: Kaplan-Meier of censoring where deaths at a tied time leave before censorings (factor 1 - c/(n-d)). left_limit divides by G(T-) (riskRegression, survival), right by G(T) (scikit-survival). Survivors are divided by G(t). ibs_trapezoid: trapezoid over the given times divided by their range. ibs_riskregression: left Riemann sum from 0, divided by the time. AUC: cases T<=t with event, controls T>t."), pkgs = "riskRegression")
}
met("metrics_gbsg_pred", "gbsg_pred", "time", "status", paste0("surv", c(365, 730, 1095, 1460, 1825)), c(365, 730, 1095, 1460, 1825))
# a second prediction set: KM-free exponential predictions for lung, rounded and stored
lp <- data.frame(time = lung$time, status = lung$status, p200 = round(exp(-200 / (900 - 7 * lung$age)), 8), p400 = round(exp(-400 / (900 - 7 * lung$age)), 8), p600 = round(exp(-600 / (900 - 7 * lung$age)), 8)); write_csv(lp, "lung_pred"); D("lung_pred")
met("metrics_lung_pred", "lung_pred", "time", "status", c("p200", "p400", "p600"), c(200, 400, 600), note = "arbitrary predictions exp(-t/(900-7 age))")
vp <- data.frame(time = veteran$time, status = veteran$status, p50 = round(exp(-50 / (20 + 2 * veteran$karno)), 8), p100 = round(exp(-100 / (20 + 2 * veteran$karno)), 8), p200 = round(exp(-200 / (20 + 2 * veteran$karno)), 8)); write_csv(vp, "veteran_pred"); D("veteran_pred")
met("metrics_veteran_pred", "veteran_pred", "time", "status", c("p50", "p100", "p200"), c(50, 100, 200), note = "heavy ties in score")
# survival::brier for a fitted model
f <- coxph(Surv(rfstime, status) ~ age + nodes + grade + hormon, gbsg, control = coxph.control(eps = 1e-14, iter.max = 60)); tt <- c(500, 1000, 1500, 2000); b <- brier(f, times = tt)
emit("brier_survival_gbsg", "brier_cox", "data/gbsg.csv", "survival::brier(coxph(Surv(rfstime, status) ~ age + nodes + grade + hormon, gbsg), times=c(500,1000,1500,2000))", list(time = "rfstime", status = "status", terms = A(lapply(c("age", "nodes", "grade", "hormon"), function(v) list(column = v))), ties = "efron", times = A(tt)), list(times = A(b$times), brier = A(b$brier), rsquared = A(b$rsquared)), list(rtol = 1e-6, atol = 1e-9), "predictions and score on the same rows; rsquared = 1 - brier/brier of the Kaplan-Meier")
done("60_metrics")
