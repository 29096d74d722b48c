# Propensity scores, balancing weights and weighted Cox models of the simulated ablation cohort,
# in one file, adjustment.json. Base R, survival and numDeriv; nnet only to start.
options(warn = 1)
suppressMessages({library(survival); library(nnet); library(numDeriv)})
p <- read.csv("../../data/ablation_patients.csv")
lv <- c("none", "sync", "upfront", "delayed")
p$group <- factor(p$group, lv)
p$number <- factor(ifelse(p$tumour_number >= 3, "3-5", p$tumour_number), c("1", "2", "3-5"))
p$size <- cut(p$largest_mm, c(-Inf, 9, 19, 29, Inf), labels = c("<10", "10-19", "20-29", ">=30"))
p$synchronous <- as.integer(p$metastasis_timing == "synchronous")
p$extrapulmonary <- factor(p$extrapulmonary, c("none", "liver", "bone", "abdominal_pelvic", "other"))
p$age10 <- p$age / 10
X <- model.matrix(~ number + size + synchronous + extrapulmonary + mediastinal_ln + age10 + centre, p)
n <- nrow(X); own <- as.integer(p$group); k <- 4
Y <- outer(own, 2:k, "==") * 1

prob <- function(b) { eta <- cbind(0, X %*% matrix(b, ncol(X))); e <- exp(eta - apply(eta, 1, max)); e / rowSums(e) }
info <- function(e) { e <- e[, -1]; I <- matrix(0, 3 * ncol(X), 3 * ncol(X))
  for (g in 1:3) for (h in 1:3) { i <- (g - 1) * ncol(X) + seq_len(ncol(X)); j <- (h - 1) * ncol(X) + seq_len(ncol(X))
    I[i, j] <- crossprod(X, X * (e[, g] * ((g == h) - e[, h]))) }
  I }
b <- as.vector(t(coef(multinom(group ~ X - 1, p, trace = FALSE, maxit = 500))))
for (it in 1:20) { e <- prob(b); b <- b + solve(info(e), as.vector(crossprod(X, Y - e[, -1]))) }
e <- prob(b); V <- solve(info(e)); eo <- e[cbind(1:n, own)]; share <- as.numeric(table(own) / n)[own]

make <- list(ate = function(e, eo) 1 / eo, stabilised = function(e, eo) share / eo,
             sync = function(e, eo) e[, 2] / eo, overlap = function(e, eo) (1 / eo) / rowSums(1 / e))
w <- lapply(make, function(f) f(e, eo))
cuts <- quantile(w$stabilised, c(.01, .99))
w$truncated <- pmin(pmax(w$stabilised, cuts[1]), cuts[2])

num <- function(x) if (is.matrix(x)) paste0("[", paste(apply(x, 1, num), collapse = ",\n   "), "]") else
  paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
obj <- function(...) { v <- list(...); paste0("{", paste0("\"", names(v), "\": ", unlist(v), collapse = ",\n  "), "}") }
ess <- function(w) sum(w)^2 / sum(w^2)

# The score of a weighted Cox model of the group at its estimate, as a function of the weights.
Z <- model.matrix(~ group, p)[, -1]
score <- function(S, beta, w, ties) {
  d <- coxph(S ~ Z, weights = w, init = beta, iter.max = 0, ties = ties, robust = TRUE)
  colSums(residuals(d, "score", weighted = TRUE))
}
one <- function(S, name, ties = "efron") {
  w <- w[[name]]
  f <- coxph(S ~ Z, weights = w, robust = TRUE, ties = ties, eps = 1e-15, toler.chol = 1e-16, iter.max = 100)
  out <- list(beta = num(coef(f)), se = num(sqrt(diag(vcov(f)))))
  if (name %in% names(make) && ties == "efron") {
    # Stacked: the influence of the score of the logit on that of the Cox model.
    A <- jacobian(function(b) { e <- prob(b); score(S, coef(f), make[[name]](e, e[cbind(1:n, own)]), ties) }, b,
      method.args = list(eps = 1e-2, d = 1e-2, r = 6))
    s <- do.call(cbind, lapply(1:3, function(g) X * (Y[, g] - e[, g + 1])))
    u <- residuals(f, "score", weighted = TRUE) + s %*% V %*% t(A)
    if (name == "stabilised") for (g in 1:4) {
      a <- colSums(residuals(f, "score", weighted = TRUE)[own == g, , drop = FALSE]) / mean(own == g)
      u <- u + outer((own == g) - mean(own == g), a) / n
    }
    D <- u %*% f$naive.var
    out$stacked <- num(crossprod(D))
  }
  do.call(obj, out)
}
ends <- list(pfs = Surv(p$pfs_months, p$pfs_status), os = Surv(p$os_months, p$os_status))
models <- function(S) do.call(obj, lapply(setNames(names(w), names(w)), function(name) one(S, name)))
sums <- lapply(w, function(w) num(c(min(w), max(w), sum(w), ess(w), tapply(w, own, ess))))
cat(obj(coefficients = num(b), vcov = num(V), log_likelihood = num(c(sum(log(eo)), sum(log(share)))),
        probabilities = num(e[c(1, 2, 100, 326), ]), cuts = num(c(cuts, sum(w$stabilised < cuts[1]), sum(w$stabilised > cuts[2]))),
        weights = do.call(obj, sums), pfs = models(ends$pfs), os = models(ends$os)), "\n", sep = "", file = "../adjustment.json")
