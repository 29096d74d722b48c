# What the tables of a clinical paper print, of a SIMULATED cohort (seed 22296, picked): baseline
# characteristics, survival by group, univariable and multivariable Cox models, subgroups. Coefficients
# are taken from fits iterated to rounding error. Writes ../ablation.json with 15 digits.
suppressMessages({library(survival); library(jsonlite)})
GEN_DIR <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
p <- read.csv(file.path(GEN_DIR, "../../data/ablation_patients.csv"), stringsAsFactors = FALSE)
coxph <- function(...) suppressWarnings(survival::coxph(..., control = coxph.control(eps = 1e-14, iter.max = 60)))
out <- list()
f <- function(x, lv) factor(x, levels = lv)
p$group <- f(p$group, c("none", "sync", "upfront", "delayed"))
p$num <- f(ifelse(p$tumour_number >= 3, "3-5", as.character(p$tumour_number)), c("1", "2", "3-5"))
p$size <- f(cut(p$largest_mm, c(-Inf, 9, 19, 29, Inf), labels = c("<1", "1-2", "2-3", ">=3")), c("<1", "1-2", "2-3", ">=3"))
p$syn <- as.integer(p$metastasis_timing == "synchronous")
p$epm <- f(p$extrapulmonary, c("none", "liver", "bone", "abdominal_pelvic", "other"))
p$mln <- p$mediastinal_ln; p$peri <- p$peridiaphragmatic
p$age10 <- p$age / 10; p$male <- as.integer(p$sex == "male"); p$rect <- as.integer(p$primary_site == "rectum")
p$ns <- f(p$n_stage, c("N0", "N1", "N2")); p$kr <- f(p$kras, c("wild", "mutant", "unknown"))
p$cea3 <- f(ifelse(is.na(p$cea), "unknown", ifelse(p$cea > 20, ">20", "<=20")), c("<=20", ">20", "unknown"))
p$ca3 <- f(ifelse(is.na(p$ca199), "unknown", ifelse(p$ca199 > 37, ">37", "<=37")), c("<=37", ">37", "unknown"))
p$mod <- f(p$modality, c("mwa", "rfa", "cryo"))
vars <- c("group", "num", "size", "syn", "epm", "mln", "peri", "age10", "male", "rect", "ns", "kr", "cea3", "ca3", "bilateral", "mod")

# ---- Table 1
tab1 <- list()
for (v in setdiff(vars, c("group", "age10"))) {
  m <- table(p[[v]], p$group); e <- suppressWarnings(chisq.test(m, correct = FALSE)); set.seed(1)
  tab1[[v]] <- list(levels = rownames(m), groups = colnames(m), counts = unname(apply(m, 1, as.list)),
                    chisq = unname(e$statistic), df = unname(e$parameter), p = e$p.value, min_expected = min(e$expected))
}
k <- kruskal.test(age ~ group, p)
tab1$age <- list(mean = as.list(tapply(p$age, p$group, mean)), sd = as.list(tapply(p$age, p$group, sd)), kruskal = unname(k$statistic), p = k$p.value)
out$table1 <- tab1

# ---- follow-up
out$followup_reverse_km <- unname(summary(survfit(Surv(os_months, 1 - os_status) ~ 1, p))$table["median"])
ends <- list(pfs = Surv(p$pfs_months, p$pfs_status), os = Surv(p$os_months, p$os_status))
mvf <- list(pfs = c("group", "num", "syn", "epm"), os = c("group", "num", "size", "epm", "mln"))
hr <- function(fit, rob = FALSE) { s <- summary(fit); ci <- s$conf.int; co <- s$coefficients
  pc <- if ("robust se" %in% colnames(co)) co[, "robust se"] else co[, "se(coef)"]
  data.frame(term = rownames(co), beta = co[, "coef"], se = co[, "se(coef)"], se_used = pc, hr = ci[, 1], lo = ci[, 3], hi = ci[, 4], p = co[, ncol(co)], row.names = NULL) }
for (w in names(ends)) {
  S <- ends[[w]]; r <- list(n = nrow(p), events = sum(S[, 2]))
  for (ct in c("log-log", "log", "plain")) { sf <- survfit(S ~ group, p, conf.type = ct); tb <- summary(sf)$table
    r[[paste0("median_", ct)]] <- data.frame(group = sub("group=", "", rownames(tb)), n = tb[, "records"], events = tb[, "events"], median = tb[, "median"], lo = tb[, "0.95LCL"], hi = tb[, "0.95UCL"], row.names = NULL) }
  sf <- survfit(S ~ group, p, conf.type = "log-log"); s <- summary(sf, times = c(12, 36, 60), extend = TRUE)
  r$rates <- data.frame(group = sub("group=", "", s$strata), time = s$time, at_risk = s$n.risk, surv = s$surv, se = s$std.err, lo = s$lower, hi = s$upper)
  a <- survfit(S ~ 1, conf.type = "log-log"); tb <- summary(a)$table; sa <- summary(a, times = c(12, 36, 60))
  r$overall <- list(median = unname(tb["median"]), lo = unname(tb["0.95LCL"]), hi = unname(tb["0.95UCL"]), surv = sa$surv)
  r$rmst60 <- { q <- summary(sf, rmean = 60)$table; data.frame(group = sub("group=", "", rownames(q)), rmst = q[, "rmean"], se = q[, "se(rmean)"], row.names = NULL) }
  d <- survdiff(S ~ group, p); r$logrank <- list(chisq = d$chisq, df = 3, p = pchisq(d$chisq, 3, lower.tail = FALSE), obs = d$obs, exp = d$exp)
  pr <- combn(levels(p$group), 2); pw <- apply(pr, 2, function(g) { m <- p$group %in% g; x <- survdiff(S[m] ~ droplevels(p$group[m])); c(x$chisq, pchisq(x$chisq, 1, lower.tail = FALSE)) })
  r$pairwise <- data.frame(a = pr[1, ], b = pr[2, ], chisq = pw[1, ], p = pw[2, ], holm = p.adjust(pw[2, ], "holm"), bonferroni = p.adjust(pw[2, ], "bonferroni"), bh = p.adjust(pw[2, ], "BH"))
  uni <- lapply(vars, function(v) { fit <- coxph(as.formula(paste("S ~", v)), p); an <- summary(fit)
    list(variable = v, lrt = unname(an$logtest["test"]), df = unname(an$logtest["df"]), p_lrt = unname(an$logtest["pvalue"]), p_wald = unname(an$waldtest["pvalue"]), p_score = unname(an$sctest["pvalue"]), rows = hr(fit)) })
  r$univariable <- uni
  keep <- vars[sapply(uni, function(u) u$p_lrt < .1)]; keep <- union("group", keep); r$selected <- keep
  r$selected_model <- hr(coxph(as.formula(paste("S ~", paste(keep, collapse = "+"))), p))
  fm <- as.formula(paste("S ~", paste(mvf[[w]], collapse = "+"))); fit <- coxph(fm, p)
  r$model <- hr(fit); r$loglik <- fit$loglik; r$concordance <- unname(concordance(fit)$concordance)
  bt <- coxph(fm, p, ties = "breslow"); r$model_breslow <- hr(bt)
  tw <- function(i) { b <- coef(fit)[i]; q <- as.numeric(b %*% solve(vcov(fit)[i, i], b)); c(chisq = q, df = length(i), p = pchisq(q, length(i), lower.tail = FALSE)) }
  nm <- names(coef(fit)); r$wald <- lapply(setNames(mvf[[w]], mvf[[w]]), function(v) as.list(tw(which(startsWith(nm, v)))))
  # subgroups: sync versus none, unadjusted in each level, with the interaction likelihood-ratio test
  q <- p[p$group %in% c("sync", "none"), ]; q$sync <- as.integer(q$group == "sync"); Q <- if (w == "pfs") Surv(q$pfs_months, q$pfs_status) else Surv(q$os_months, q$os_status)
  r$subgroup <- lapply(c("num", "syn", "mln", "male", "rect"), function(v) { q$v <- factor(q[[v]])
    i1 <- coxph(Q ~ sync * v, q); i0 <- coxph(Q ~ sync + v, q); list(variable = v, p_interaction = pchisq(2 * (i1$loglik[2] - i0$loglik[2]), nlevels(q$v) - 1, lower.tail = FALSE),
      rows = do.call(rbind, lapply(levels(q$v), function(l) { m <- q$v == l; cbind(level = l, n = sum(m), hr(coxph(Q[m] ~ q$sync[m]))) }))) })
  out[[w]] <- r
}
out$r_version <- R.version.string; out$survival <- as.character(packageVersion("survival"))
write_json(out, file.path(GEN_DIR, "..", "ablation.json"), auto_unbox = TRUE, digits = NA, na = "null")
