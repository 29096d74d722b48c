# What the example `ablation_study` prints beside the numbers of 46_ablation.R, of the same SIMULATED cohort (seed
# 22296, picked): counts by centre, more of the baseline table, restricted means, more log-rank tests, tests of factors,
# proportional hazards, hazard ratios by period. Writes ../study.json with 15 digits.
suppressMessages({library(survival); library(jsonlite)})
GEN_DIR <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
p <- read.csv(file.path(GEN_DIR, "../../data/ablation_patients.csv"), stringsAsFactors = FALSE)
coxph <- function(...) suppressWarnings(survival::coxph(..., control = coxph.control(eps = 1e-14, iter.max = 60)))
f <- function(x, lv) factor(x, levels = lv)
p$group <- f(p$group, c("none", "sync", "upfront", "delayed"))
p$num <- f(ifelse(p$tumour_number >= 3, "3-5", as.character(p$tumour_number)), c("1", "2", "3-5"))
p$size <- f(cut(p$largest_mm, c(-Inf, 9, 19, 29, Inf), labels = c("<1", "1-2", "2-3", ">=3")), c("<1", "1-2", "2-3", ">=3"))
p$syn <- as.integer(p$metastasis_timing == "synchronous")
p$epm <- f(p$extrapulmonary, c("none", "liver", "bone", "abdominal_pelvic", "other"))
p$mln <- p$mediastinal_ln; p$peri <- p$peridiaphragmatic; p$male <- as.integer(p$sex == "male")
p$kr <- f(p$kras, c("wild", "mutant", "unknown"))
p$cea3 <- f(ifelse(is.na(p$cea), "unknown", ifelse(p$cea > 20, ">20", "<=20")), c("<=20", ">20", "unknown"))
p$ca3 <- f(ifelse(is.na(p$ca199), "unknown", ifelse(p$ca199 > 37, ">37", "<=37")), c("<=37", ">37", "unknown"))
p$mod <- f(p$modality, c("mwa", "rfa", "cryo"))
named <- c("Systemic therapy" = "group", "Number of tumours" = "num", "Largest tumour" = "size", "Timing of metastases" = "syn",
  "Extrapulmonary disease" = "epm", "Mediastinal lymph node" = "mln", "Peridiaphragmatic tumour" = "peri", "Sex" = "male",
  "Primary tumour" = "primary_site", "N stage" = "n_stage", "KRAS" = "kr", "CEA" = "cea3", "CA19-9" = "ca3", "Bilateral" = "bilateral",
  "Modality" = "mod")
cells <- function(m) lapply(seq_len(nrow(m)), function(i) as.list(m[i, ]))

out <- list(centres = table(p$centre, p$group), centre_chisq = unname(suppressWarnings(chisq.test(table(p$centre, p$group), correct = FALSE))$statistic))
out$centres <- setNames(cells(out$centres), rownames(out$centres))

# ---- baseline: numbers by group and overall, and the permutation distribution by a million draws
quartiles <- function(x) list(mean = mean(x, na.rm = TRUE), sd = sd(x, na.rm = TRUE), q = unname(quantile(x, c(.25, .5, .75), na.rm = TRUE)), missing = sum(is.na(x)))
for (v in c("age", "largest_mm", "dfi_months", "cea", "ca199")) { k <- kruskal.test(p[[v]], p$group)
  out$numbers[[v]] <- list(groups = lapply(c(split(p[[v]], p$group), list(Overall = p[[v]])), quartiles), p = k$p.value) }
set.seed(1); for (v in c("centre", "epm", "cea3", "ca3", "mod")) out$permuted[[v]] <- chisq.test(table(p[[v]], p$group), simulate.p.value = TRUE, B = 1e6)$p.value

# ---- follow-up and person-time
groups <- c(split(p, p$group), list(Overall = p))
out$groups <- lapply(groups, function(q) { s <- summary(survfit(Surv(os_months, 1 - os_status) ~ 1, q, conf.type = "log"))$table
  list(n = nrow(q), months = sum(q$os_months), months_pfs = sum(q$pfs_months), pfs = sum(q$pfs_status), os = sum(q$os_status), ltp = sum(q$ltp_status == 1),
       median = unname(s["median"]), lo = unname(s["0.95LCL"]), hi = unname(s["0.95UCL"])) })
out$times <- list(PFS = length(unique(p$pfs_months[p$pfs_status == 1])), OS = length(unique(p$os_months[p$os_status == 1])), LTP = length(unique(p$ltp_months[p$ltp_status == 1])))

mvf <- list(pfs = c("group", "num", "syn", "epm"), os = c("group", "num", "size", "epm", "mln"))
sel <- list(pfs = c("group", "num", "syn", "epm", "peri", "male", "kr", "bilateral"), os = c("group", "size", "epm", "mln", "male"))
for (w in c("pfs", "os")) {
  p$t <- p[[paste0(w, "_months")]]; p$d <- p[[paste0(w, "_status")]]; r <- list()
  r$levels <- lapply(named, function(v) data.frame(n = as.numeric(table(p[[v]])), events = as.numeric(tapply(p$d, p[[v]], sum))))
  sf <- survfit(Surv(t, d) ~ 1, p, conf.type = "log-log"); s <- summary(sf, times = c(12, 36, 60))
  r$overall_rates <- data.frame(time = s$time, at_risk = s$n.risk, surv = s$surv, se = s$std.err, lo = s$lower, hi = s$upper)
  q <- summary(sf, rmean = 60)$table; r$overall_rmst <- list(rmst = unname(q["rmean"]), se = unname(q["se(rmean)"]))
  d <- survdiff(Surv(t, d) ~ group + strata(centre), p); r$stratified <- list(chisq = d$chisq, p = pchisq(d$chisq, 3, lower.tail = FALSE))
  # Peto and Peto's weight, prod(1 - d / (Y + 1)) at t, by hand: survdiff has Fleming and Harrington's only.
  S <- 1; U <- rep(0, 4); V <- matrix(0, 4, 4)
  for (u in sort(unique(p$t[p$d == 1]))) { y <- table(p$group[p$t >= u]); e <- table(p$group[p$t == u & p$d == 1]); Y <- sum(y); D <- sum(e)
    S <- S * (1 - D / (Y + 1)); U <- U + S * (e - D * y / Y); m <- as.numeric(y) / Y
    if (Y > 1) V <- V + S^2 * D * (Y - D) / (Y - 1) * (diag(m) - outer(m, m)) }
  x <- as.numeric(U[-1] %*% solve(V[-1, -1], U[-1])); r$peto <- list(chisq = x, p = pchisq(x, 3, lower.tail = FALSE))
  tests <- function(vars, joint = NULL) { fm <- as.formula(paste("Surv(t, d) ~", paste(vars, collapse = "+"))); fit <- coxph(fm, p); nm <- names(coef(fit))
    at <- lapply(setNames(vars, vars), function(v) fit$assign[[v]])
    wald <- function(i) { b <- coef(fit)[i]; x <- as.numeric(b %*% solve(vcov(fit)[i, i], b)); list(chisq = x, df = length(i), p = pchisq(x, length(i), lower.tail = FALSE)) }
    one <- function(v) { rest <- setdiff(vars, v); l0 <- coxph(as.formula(paste("Surv(t, d) ~", paste(rest, collapse = "+"))), p)$loglik[2]
      x <- 2 * (fit$loglik[2] - l0); list(lr = x, p = pchisq(x, length(fit$assign[[v]]), lower.tail = FALSE)) }
    res <- list(wald = lapply(at, wald), lr = lapply(setNames(vars, vars), one), loglik = fit$loglik, concordance = unname(concordance(fit)$concordance),
                breslow = unname(coef(coxph(fm, p, ties = "breslow")) - coef(fit)))
    if (!is.null(joint)) res$joint <- wald(unlist(at[joint])); res }
  r$model_a <- tests(mvf[[w]], if (w == "os") c("num", "size")); r$model_b <- tests(sel[[w]])
  fm <- as.formula(paste("Surv(t, d) ~", paste(mvf[[w]], collapse = "+")))
  fit <- survival::coxph(fm, p, control = coxph.control(eps = 1e-14, iter.max = 60))
  for (k in c("km", "identity")) { z <- cox.zph(fit, transform = k)$table; r[[paste0("zph_", k)]] <- data.frame(term = rownames(z), z, row.names = NULL) }
  if (w == "pfs") {
    x <- survSplit(Surv(t, d) ~ ., p, cut = c(12, 36), episode = "period"); x$period <- factor(x$period)
    for (g in c("sync", "upfront", "delayed")) for (k in 1:3) x[[paste0(g, k)]] <- as.integer(x$group == g & x$period == k)
    own <- paste0(rep(c("sync", "upfront", "delayed"), each = 3), 1:3)
    s <- summary(coxph(as.formula(paste("Surv(tstart, t, d) ~", paste(c(own, mvf$pfs[-1]), collapse = "+"))), x))$conf.int[own, ]
    r$periods <- data.frame(term = own, hr = s[, 1], lo = s[, 3], hi = s[, 4], row.names = NULL)
    q <- summary(survfit(Surv(t, d) ~ group, p), rmean = 60)$table[, c("rmean", "se(rmean)")]
    r$mean_differences <- lapply(2:4, function(i) { e <- q[i, 1] - q[1, 1]; s <- sqrt(q[i, 2]^2 + q[1, 2]^2)
      list(group = levels(p$group)[i], difference = unname(e), lo = unname(e - qnorm(.975) * s), hi = unname(e + qnorm(.975) * s), p = unname(2 * pnorm(-abs(e / s)))) })
  }
  out[[w]] <- r
}
out$r_version <- R.version.string; out$survival <- as.character(packageVersion("survival"))
write_json(out, file.path(GEN_DIR, "..", "study.json"), auto_unbox = TRUE, digits = NA, na = "null")
