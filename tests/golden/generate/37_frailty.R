# Shared frailty: gamma by survival's coxph, log-normal by coxme (R_COXME_LIB names its library).
# Each model is fitted at given variances: R's own search ends early. The maximum over the variance and its
# limits come from R's values at given variances, by differences and by uniroot.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
.libPaths(c(Sys.getenv("R_COXME_LIB"), .libPaths()))
suppressPackageStartupMessages(library(coxme))
D("kidney", "rats", "retinopathy", "cgd")
MODELS <- list(
  kidney = model("kidney", "time", "status", list("age", "sex"), ties = "efron", opts = list(cluster = "id")),
  kidney_breslow = model("kidney", "time", "status", list("age", "sex"), ties = "breslow", opts = list(cluster = "id")),
  rats = model("rats", "time", "status", list("rx"), ties = "efron", opts = list(cluster = "litter")),
  rats_strata = model("rats", "time", "status", list("rx"), strata = "sex", ties = "efron", opts = list(cluster = "litter")),
  kidney_offset = model("kidney", "time", "status", list("age", "sex"), offset = "frail", ties = "efron", opts = list(cluster = "id")),
  kidney_weights = model("kidney", "time", "status", list("age", "sex"), weights = "frail", ties = "efron", opts = list(cluster = "id")),
  retinopathy = model("retinopathy", "futime", "status", list("trt", "age"), ties = "efron", opts = list(cluster = "id")),
  cgd = model("cgd", "tstop", "status", list("age"), start = "tstart", ties = "efron", opts = list(cluster = "id")))

# The marginal likelihood does not depend on `sparse`, the variances do, and the dense fit fails at small
# variances. With weights R weights the partial likelihood but counts rows in what the integral adds: there
# the marginal likelihood is put together here, and R's own kept apart.
integral <- function(d, nu) sum(lgamma(d + nu) - lgamma(nu) + nu * log(nu) - (d + nu) * log(d + nu) + d)
gamma_fit <- function(m, theta, sparse = FALSE) {
  term <- sprintf(" + frailty(%s, theta=%.17g, sparse=%s), data=", m$spec$cluster, theta, sparse)
  call <- add_arg(sub(", data=", term, m$call, fixed = TRUE), "robust=FALSE, control=coxph.control(eps=1e-14, iter.max=200, outer.max=100, toler.chol=1e-15)")
  f <- run(call)$value
  own <- S(f$history[[1]]$c.loglik); marginal <- own
  if (!is.null(m$spec$weights)) {
    x <- get(m$frame); d <- tapply(x[[m$spec$weights]] * x[[m$spec$status]], x[[m$spec$cluster]], sum)
    marginal <- S(f$loglik[2] - f$penalty[2]) + integral(d, 1 / theta)
  }
  if (sparse) return(marginal)
  p <- length(m$spec$terms$v); k <- seq_len(p); b <- f$coefficients
  list(call = call, marginal = marginal, marginal_of_r = own, coef = S2(b[k]), vcov = f$var[k, k, drop = FALSE],
       loglik = f$loglik, penalised = S(f$loglik[2] - f$penalty[2]), ln_frailty = S2(b[-k]),
       frailty_se = sqrt(diag(f$var))[-k], df = sum(diag(solve(f$var, f$var2))), df_of_r = sum(f$df))
}
normal_fit <- function(m, theta) {
  term <- sprintf(" + (1 | %s), data=", m$spec$cluster)
  call <- add_arg(sub("coxph", "coxme", sub(", data=", term, m$call, fixed = TRUE), fixed = TRUE),
                  sprintf("vfixed=%.17g, control=coxme.control(sparse=c(1000, 0), eps=1e-14, toler.chol=1e-15, iter.max=100, inner.iter=quote(200))", theta))
  f <- run(call)$value
  q <- length(f$frail[[1]]); v <- as.matrix(f$variance); k <- seq_along(fixef(f))
  list(call = call, marginal = S(f$loglik[2]), coef = S2(fixef(f)), vcov = as.matrix(vcov(f)),
       loglik = unname(c(f$loglik[1], f$loglik[3] + f$penalty)), penalised = S(f$loglik[3]), ln_frailty = S2(f$frail[[1]]),
       frailty_se = sqrt(diag(v))[seq_len(q)], df = S(f$df[2]))
}
S2 <- function(x) as.vector(unname(x))

# the variance with the highest marginal likelihood, from differences of five values in its logarithm
peak <- function(M) {
  x <- optimize(function(x) -M(exp(x)), log(c(1e-3, 8)), tol = 1e-6)$minimum
  h <- 5e-3
  for (i in 1:3) {
    f <- vapply(x + (-2:2) * h, function(x) M(exp(x)), 0)
    d1 <- (8 * (f[4] - f[2]) - (f[5] - f[1])) / (12 * h)
    d2 <- (16 * (f[4] - f[3] + f[2] - f[3]) - (f[5] - f[3] + f[1] - f[3])) / (12 * h^2)
    x <- x - d1 / d2
  }
  list(theta = exp(x), se = exp(x) / sqrt(-d2))
}
limits <- function(M, theta, without) {
  target <- M(theta) - qchisq(0.95, 1) / 2
  root <- function(factor) {
    end <- theta
    while (M(end) > target) end <- end * factor
    exp(uniroot(function(x) M(exp(x)) - target, sort(log(c(end / factor, end))), tol = 1e-13)$root)
  }
  c(if (without > target) 0 else root(1 / 2), root(2))
}
for (d in c("gamma", "lognormal")) for (k in names(MODELS)) {
  m <- MODELS[[k]]; at <- if (d == "gamma") gamma_fit else normal_fit
  M <- if (d == "gamma") function(theta)
         tryCatch(gamma_fit(m, theta, TRUE), error = function(e) gamma_fit(m, theta)$marginal) else function(theta) normal_fit(m, theta)$marginal
  plain <- run(add_arg(m$call, "control=coxph.control(eps=1e-15, iter.max=60)"))$value
  top <- peak(M); best <- M(top$theta); lim <- limits(M, top$theta, plain$loglik[2])
  fixed <- signif(top$theta, 3); e <- at(m, fixed)
  e$vcov <- unname(e$vcov)
  for (n in c("coef", "loglik", "ln_frailty", "frailty_se")) e[[n]] <- A(e[[n]])
  grid <- c(0.01, 0.1, 0.5, 1, 4); statistic <- 2 * (best - plain$loglik[2])
  e$clusters <- A(levels(factor(get(m$frame)[[m$spec$cluster]])))
  e$without <- plain$loglik[2]
  e$profile <- list(theta = A(grid), marginal = A(vapply(grid, M, 0)))
  e$maximum <- list(theta = top$theta, se = top$se, marginal = best, lower = lim[1], upper = lim[2],
                    statistic = statistic, p = pchisq(statistic, 1, lower.tail = FALSE) / 2)
  call <- e$call; e$call <- NULL
  emit(paste0("frailty_", d, "_", k), paste0("frailty_", d), m$data, call, c(m$spec, list(theta = fixed)), e, TOL_ITER,
       "at the given theta; `maximum` from R's values at other given variances", if (d == "gamma") NULL else "coxme")
}
done("37_frailty")
