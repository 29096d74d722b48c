# Profile-likelihood limits and Firth's penalised likelihood of Cox models
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
D("lung", "veteran", "heart", "ovarian", "freireich")
CELL <- term("celltype", levels = c("squamous", "smallcell", "adeno", "large"))
TREAT <- term("treat", levels = c("control", "6-MP"))
HEART <- list("age", "year", "surgery", "transplant")

# The rows that coxph used, and its fit
parts <- function(m) {
  fit <- run(add_arg(add_arg(m$call, TIGHT), "x=TRUE"))$value
  n <- nrow(fit$x)
  list(fit = fit, x = fit$x, y = fit$y, w = if (is.null(fit$weights)) rep(1, n) else fit$weights,
       s = if (is.null(fit$strata)) factor(rep(1, n)) else fit$strata, ties = m$spec$ties)
}
# An end: where twice the drop is the quantile. `drop` is of the coefficient, which is at `b` with error `se`
end <- function(drop, b, se, sign, level) {
  target <- qchisq(level, 1) / 2
  f <- function(t) drop(b + sign * t * se) - target
  far <- 2 * sqrt(2 * target)
  while (f(far) < 0) far <- 2 * far
  b + sign * se * uniroot(f, c(0, far), tol = 1e-13)$root
}

# ---- the partial likelihood: coxph with the coefficient as an offset
profile <- function(name, m, level = 0.95) {
  p <- parts(m)
  held <- function(j, b) {
    off <- b * p$x[, j]; rest <- p$x[, -j, drop = FALSE]
    f <- if (ncol(rest)) coxph(p$y ~ rest + offset(off) + strata(p$s), weights = p$w, ties = p$ties, robust = FALSE, control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60))
         else coxph(p$y ~ offset(off) + strata(p$s), weights = p$w, ties = p$ties, robust = FALSE)
    tail(f$loglik, 1)
  }
  top <- p$fit$loglik[2]; b <- unname(coef(p$fit)); se <- sqrt(diag(p$fit$var))
  each <- function(sign) vapply(seq_along(b), function(j) end(function(v) top - held(j, v), b[j], se[j], sign, level), 0)
  chisq <- vapply(seq_along(b), function(j) 2 * (top - held(j, 0)), 0)
  e <- list(coef = A(b), se = A(se), lower = A(each(-1)), upper = A(each(1)), chisq = A(chisq), p = A(pchisq(chisq, 1, lower.tail = FALSE)))
  if (!is.null(x <- rows_used(p$fit, m))) e$rows <- x
  emit(name, "cox_profile", m$data, m$call, c(m$spec, list(level = level)), e, TOL_ITER,
       "Roots of 2 (loglik - profile loglik) = qchisq(level, 1) by uniroot, the profile being coxph with the coefficient as an offset; chisq and p are its likelihood-ratio test against 0. Limits are of the coefficient.")
}
LUNG <- list("age", "sex", "ph_ecog")
profile("profile_lung", model("lung", "time", "status", LUNG, ties = "efron"))
profile("profile_lung_breslow", model("lung", "time", "status", LUNG, ties = "breslow"), 0.9)
profile("profile_lung_strata", model("lung", "time", "status", list("age", "ph_ecog"), strata = "sex", ties = "efron"))
profile("profile_lung_weights", model("lung", "time", "status", list("age", "sex"), weights = "wt_frac", ties = "efron", robust = FALSE))
profile("profile_lung_one", model("lung", "time", "status", "age", ties = "efron"), 0.99)
profile("profile_veteran", model("veteran", "time", "status", list("trt", CELL, "karno", "diagtime", "age", "prior"), ties = "efron"))
profile("profile_heart", model("heart", "stop", "event", HEART, start = "start", ties = "efron"))
profile("profile_ovarian", model("ovarian", "futime", "fustat", list("age", "resid_ds", "rx", "ecog_ps"), ties = "efron"))

# ---- Firth: every risk set by itself, its second and third moments by direct sums
sums <- function(p, beta) {
  k <- length(beta); eta <- drop(p$x %*% beta)
  time <- p$y[, ncol(p$y) - 1]; dead <- p$y[, ncol(p$y)] == 1; entry <- if (ncol(p$y) == 3) p$y[, 1] else rep(-Inf, length(time))
  ll <- 0; u <- numeric(k); info <- matrix(0, k, k); steps <- list()
  for (s in levels(p$s)) for (t in unique(time[dead & p$s == s])) {
    risk <- p$s == s & entry < t & time >= t; d <- risk & dead & time == t; n <- sum(d); each <- sum(p$w[d]) / n
    ll <- ll + sum((p$w * eta)[d]); u <- u + colSums((p$w * p$x)[d, , drop = FALSE])
    for (l in seq_len(n) - 1) {
      share <- if (p$ties == "efron") ifelse(d[risk], 1 - l / n, 1) else 1
      r <- p$w[risk] * exp(eta[risk]) * share; x <- p$x[risk, , drop = FALSE]
      mean <- colSums(r * x) / sum(r); z <- sweep(x, 2, mean)
      ll <- ll - each * log(sum(r)); u <- u - each * mean
      info <- info + each * crossprod(z, r * z) / sum(r)
      steps[[length(steps) + 1]] <- list(z = z, r = each * r / sum(r))
    }
  }
  v <- solve(info); g <- numeric(k)
  for (s in steps) g <- g + colSums(s$r * rowSums((s$z %*% v) * s$z) * s$z) / 2
  list(ll = ll, u = u, info = info, v = v, pen = as.numeric(determinant(info)$modulus) / 2, g = g)
}
# Scoring over the free columns until the step is rounding error
climb <- function(p, beta, free) {
  for (i in 1:400) {
    s <- sums(p, beta)
    if (!any(free)) return(c(s, list(beta = beta)))
    step <- solve(s$info[free, free, drop = FALSE], (s$u + s$g)[free])
    beta[free] <- beta[free] + step
    if (max(abs(step) / sqrt(diag(s$v))[free]) < 1e-13) return(c(sums(p, beta), list(beta = beta)))
  }
  stop("no convergence: ", max(abs(step)))
}
firth <- function(name, m, level = 0.95) {
  p <- parts(m); k <- ncol(p$x); p$x <- unname(p$x)
  # scaled columns make the sums well conditioned; survival's information is the check
  scale <- apply(p$x, 2, sd); centre <- colMeans(p$x)
  raw <- sums(p, unname(coef(p$fit))); stopifnot(max(abs(raw$v - p$fit$var) / sqrt(diag(raw$v) %o% diag(raw$v))) < 1e-9, abs(raw$ll - p$fit$loglik[2]) < 1e-9)
  p$x <- sweep(sweep(p$x, 2, centre), 2, scale, "/")
  # the gradient of the penalty against central differences of it
  b0 <- unname(coef(p$fit)) * scale
  slope <- vapply(seq_len(k), function(j) { h <- replace(numeric(k), j, 1e-4); (sums(p, b0 + h)$pen - sums(p, b0 - h)$pen) / 2e-4 }, 0)
  stopifnot(max(abs(slope - sums(p, b0)$g)) < 1e-6)
  top <- climb(p, b0, rep(TRUE, k)); best <- top$ll + top$pen; se <- sqrt(diag(top$v))
  last <- top$beta
  held <- function(j, b) { s <- climb(p, replace(last, j, b), seq_len(k) != j); best - s$ll - s$pen }
  each <- function(sign) vapply(seq_len(k), function(j) end(function(v) held(j, v), top$beta[j], se[j], sign, level), 0) / scale
  chisq <- vapply(seq_len(k), function(j) 2 * held(j, 0), 0); null <- sums(p, numeric(k)); units <- sum(log(scale))
  stat <- 2 * (best - null$ll - null$pen)
  e <- list(coef = A(top$beta / scale), se = A(se / scale), vcov = top$v / (scale %o% scale), loglik = A(c(null$ll + 0, top$ll)), penalty = A(c(null$pen, top$pen) + units),
            lr_test = list(stat = stat, df = k, p = pchisq(stat, k, lower.tail = FALSE)),
            lower = A(each(-1)), upper = A(each(1)), chisq = A(chisq), p = A(pchisq(chisq, 1, lower.tail = FALSE)))
  if (!is.null(x <- rows_used(p$fit, m))) e$rows <- x
  emit(name, "cox_firth", m$data, m$call, c(m$spec, list(level = level)), e, TOL_ITER,
       "Maximises loglik + log(det(information)) / 2: risk sets by direct sums, scoring iterated to rounding error; the call names the model without penalty, whose information checks the sums. se and vcov from the inverse information at the estimate, loglik and penalty at 0 and at the estimate. Limits of the coefficient, chisq and p by the penalised profile likelihood, the penalty always being that of all columns.")
}
firth("firth_lung", model("lung", "time", "status", LUNG, ties = "efron"))
firth("firth_lung_breslow", model("lung", "time", "status", LUNG, ties = "breslow"), 0.9)
firth("firth_lung_weights", model("lung", "time", "status", list("age", "sex"), weights = "wt_frac", ties = "efron", robust = FALSE))
firth("firth_lung_counts", model("lung", "time", "status", list("age", "sex"), weights = "wt_int", ties = "breslow"))
firth("firth_veteran_strata", model("veteran", "time", "status", list("trt", "karno", "age"), strata = "celltype", ties = "efron"))
firth("firth_heart", model("heart", "stop", "event", HEART, start = "start", ties = "efron"))
firth("firth_ovarian", model("ovarian", "futime", "fustat", list("age", "resid_ds", "rx", "ecog_ps"), ties = "efron"))
firth("firth_freireich", model("freireich", "time", "status", TREAT, ties = "efron"))
done("80_likelihood")
