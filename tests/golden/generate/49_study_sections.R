# What the later sections of the study of a SIMULATED cohort print (seed 22296, picked): local progression by
# tumour, and the effect of the groups under other analyses. Coefficients are taken from fits iterated to
# rounding error, the multinomial logit by Newton's method. Writes ../ablation_sections.json with 15 digits.
suppressMessages({library(survival); library(cmprsk); library(nnet); library(jsonlite)})
GEN_DIR <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
read <- function(name) read.csv(file.path(GEN_DIR, "../../data", name), stringsAsFactors = FALSE)
p <- read("ablation_patients.csv"); t <- read("ablation_tumours.csv")
coxph <- function(...) { call <- match.call(); call[[1]] <- quote(survival::coxph)
  call$control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60); suppressWarnings(eval(call, parent.frame())) }
ratios <- function(fit) { s <- summary(fit); ci <- s$conf.int; co <- s$coefficients
  se <- if ("robust se" %in% colnames(co)) co[, "robust se"] else co[, "se(coef)"]
  data.frame(term = rownames(co), beta = co[, "coef"], se = co[, "se(coef)"], se_used = se, hr = ci[, 1], lo = ci[, 3], hi = ci[, 4],
             p = co[, ncol(co)], row.names = NULL) }
out <- list()

# ---- local progression, by tumour
t$big <- as.integer(t$size_mm >= 30)
t$size <- cut(t$size_mm, c(-Inf, 9, 19, 29, Inf), labels = c("<1", "1-2", "2-3", ">=3"))
ltp <- Surv(t$ltp_months, t$ltp_status == 1); any <- Surv(t$ltp_months, t$ltp_status > 0)
at <- c(12, 36, 60)
incidence <- function(d) {
  cu <- timepoints(cuminc(d$ltp_months, d$ltp_status, cencode = 0), at)
  km <- 1 - summary(survfit(Surv(d$ltp_months, d$ltp_status == 1) ~ 1), times = at, extend = TRUE)$surv
  list(n = nrow(d), ltp = sum(d$ltp_status == 1), death = sum(d$ltp_status == 2), cif_ltp = unname(cu$est[1, ]),
       cif_death = unname(cu$est[2, ]), one_minus_km = km)
}
out$incidence <- list(all = incidence(t), small = incidence(t[t$big == 0, ]), big = incidence(t[t$big == 1, ]),
                      elsewhere = incidence(t[t$peridiaphragmatic == 0, ]), peri = incidence(t[t$peridiaphragmatic == 1, ]))
gray <- function(g) { x <- cuminc(t$ltp_months, t$ltp_status, group = g, cencode = 0)$Tests; list(chisq = unname(x[, 1]), p = unname(x[, 2])) }
out$gray <- list(size = gray(t$big), peri = gray(t$peridiaphragmatic))
out$cause_specific <- ratios(coxph(ltp ~ big + peridiaphragmatic, t, cluster = patient_id))
out$univariable <- lapply(c("size", "big", "peridiaphragmatic", "subpleural", "near_vessel"), function(v)
  list(variable = v, rows = ratios(coxph(as.formula(paste("ltp ~", v)), t, cluster = patient_id))))
cr <- crr(t$ltp_months, t$ltp_status, cbind(big = t$big, peri = t$peridiaphragmatic), gtol = 1e-12)
out$fine_gray <- list(beta = unname(cr$coef), se = unname(sqrt(diag(cr$var))))
fg <- finegray(Surv(ltp_months, factor(ltp_status)) ~ ., t, etype = "1")
out$fine_gray_clustered <- ratios(coxph(Surv(fgstart, fgstop, fgstatus) ~ big + peridiaphragmatic, fg, weights = fgwt, cluster = patient_id, ties = "breslow"))
frail <- function(theta) coxph(ltp ~ big + peridiaphragmatic + frailty(patient_id, "gamma", theta = theta, sparse = FALSE), t)
marginal <- function(theta) { f <- frail(theta); f$history[[1]]$c.loglik }
best <- optimize(function(x) marginal(exp(x)), c(-9, 0), maximum = TRUE, tol = 1e-10)
out$frailty <- list(theta = exp(best$maximum), loglik = best$objective, beta = unname(coef(frail(exp(best$maximum)))[1:2]))
out$progression_free <- ratios(coxph(any ~ big + peridiaphragmatic, t, cluster = patient_id))
p$big <- as.integer(p$largest_mm >= 30)
out$patient_level <- ratios(coxph(Surv(ltp_months, ltp_status == 1) ~ big + peridiaphragmatic, p))
out$patient_progression_free <- ratios(coxph(Surv(ltp_months, ltp_status > 0) ~ big + peridiaphragmatic, p))
out$patient_incidence <- incidence(p)

# ---- the effect of the groups
f <- function(x, lv) factor(x, levels = lv)
p$group <- f(p$group, c("none", "sync", "upfront", "delayed"))
p$num <- f(ifelse(p$tumour_number >= 3, "3-5", as.character(p$tumour_number)), c("1", "2", "3-5"))
p$size <- cut(p$largest_mm, c(-Inf, 9, 19, 29, Inf), labels = c("<1", "1-2", "2-3", ">=3"))
p$syn <- as.integer(p$metastasis_timing == "synchronous")
p$epm <- f(p$extrapulmonary, c("none", "liver", "bone", "abdominal_pelvic", "other"))
p$mln <- p$mediastinal_ln; p$age10 <- p$age / 10
p$known <- !is.na(p$cea) & !is.na(p$ca199) & p$kras != "unknown"
X <- model.matrix(~ num + size + syn + epm + mln + age10 + centre, p); k <- ncol(X); own <- as.integer(p$group); n <- nrow(p)
prob <- function(b) { e <- exp(cbind(0, X %*% matrix(b, k))); e / rowSums(e) }
Y <- outer(own, 2:4, "==") * 1
info <- function(e) { I <- matrix(0, 3 * k, 3 * k)
  for (g in 1:3) for (h in 1:3) I[(g - 1) * k + 1:k, (h - 1) * k + 1:k] <- crossprod(X, X * (e[, g + 1] * ((g == h) - e[, h + 1])))
  I }
b <- as.vector(t(coef(multinom(group ~ X - 1, p, trace = FALSE, maxit = 500))))
for (it in 1:20) { e <- prob(b); b <- b + solve(info(e), as.vector(crossprod(X, Y - e[, -1]))) }
e <- prob(b); eo <- e[cbind(1:n, own)]; share <- as.numeric(table(own) / n)[own]
w <- list(iptw = share / eo, overlap = (1 / eo) / rowSums(1 / e))
cuts <- quantile(w$iptw, c(.01, .99)); w$truncated <- pmin(pmax(w$iptw, cuts[1]), cuts[2])
# The largest pairwise standardised difference of every level and of age, each in the spread of its own sample.
levels <- cbind(sapply(levels(p$num), function(l) p$num == l), sapply(levels(p$size), function(l) p$size == l), syn = p$syn,
                sapply(levels(p$epm), function(l) p$epm == l), mln = p$mln, sapply(sort(unique(p$centre)), function(l) p$centre == l)) * 1
pairs <- combn(4, 2)
widest <- function(m, v) max(abs(m[pairs[1, ]] - m[pairs[2, ]]) / sqrt((v[pairs[1, ]] + v[pairs[2, ]]) / 2))
balance <- function(w) {
  share <- function(x) sapply(1:4, function(g) weighted.mean(x[own == g], w[own == g]))
  var_w <- function(x) sapply(1:4, function(g) { v <- w[own == g]; x <- x[own == g]; sum(v) / (sum(v)^2 - sum(v^2)) * sum(v * (x - weighted.mean(x, v))^2) })
  max(apply(levels, 2, function(x) { q <- share(x); widest(q, q * (1 - q)) }), widest(share(p$age), var_w(p$age)))
}
describe <- function(w) list(min = min(w), max = max(w), ess = sum(w)^2 / sum(w^2), balance = balance(w))
out$weights <- c(list(unweighted = list(balance = balance(rep(1, n)))), lapply(w, describe))
out$weights$truncated$cut <- as.numeric(cuts); out$weights$truncated$n <- c(sum(w$iptw < cuts[1]), sum(w$iptw > cuts[2]))
models <- list(pfs = ~ group + num + syn + epm, os = ~ group + num + size + epm + mln)
for (end in c("pfs", "os")) {
  p$time <- p[[paste0(end, "_months")]]; p$event <- p[[paste0(end, "_status")]]
  m <- update(models[[end]], Surv(time, event) ~ .)
  arms <- function(fit) { r <- ratios(fit); r[startsWith(r$term, "group"), ] }
  # Number and size together: tumour burden.
  full <- coxph(m, p); i <- grep("^(num|size)", names(coef(full)))
  burden <- sum(coef(full)[i] * solve(vcov(full)[i, i], coef(full)[i]))
  weighted <- function(w) { p$w <- w; ratios(coxph(Surv(time, event) ~ group, p, weights = w, robust = TRUE)) }
  out[[end]] <- list(
    crude = ratios(coxph(Surv(time, event) ~ group, p)), adjusted = arms(full), burden = list(chisq = burden, df = length(i), p = pchisq(burden, length(i), lower.tail = FALSE)),
    stratified = arms(coxph(update(m, . ~ . + strata(centre)), p)), clustered = arms(coxph(m, p, cluster = centre)),
    breslow = arms(coxph(m, p, ties = "breslow")), landmark = arms(coxph(m, p[p$time > 3, ])),
    landmark_rows = c(sum(p$time > 3), sum(p$event[p$time > 3])), complete = arms(coxph(m, p[p$known, ])),
    complete_rows = c(sum(p$known), sum(p$event[p$known])),
    iptw = weighted(w$iptw), truncated = weighted(w$truncated), overlap = weighted(w$overlap))
}
out$r_version <- R.version.string; out$survival <- as.character(packageVersion("survival")); out$cmprsk <- as.character(packageVersion("cmprsk"))
write_json(out, file.path(GEN_DIR, "..", "ablation_sections.json"), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")
