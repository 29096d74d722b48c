# Survival standardised over covariates (g-formula) on the simulated ablation cohort, in standardised.json.
# The covariance is that of the influence of each row, found as a numeric derivative by its weight, with the
# model refitted: no formula is shared with the crate. survival only.
library(survival)
p <- read.csv("../../data/ablation_patients.csv")
p$group <- factor(p$group, c("none", "sync", "upfront", "delayed"))
p$number <- factor(ifelse(p$tumour_number >= 3, "3-5", p$tumour_number), c("1", "2", "3-5"))
p$extrapulmonary <- factor(p$extrapulmonary, c("none", "liver", "bone", "abdominal_pelvic", "other"))
p$age10 <- p$age / 10
times <- c(12, 36, 60); tau <- 60; n <- nrow(p)

num <- function(x) if (is.matrix(x)) paste0("[", paste(apply(x, 1, num), collapse = ",\n   "), "]") else
  paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
obj <- function(v) paste0("{", paste0("\"", names(v), "\": ", unlist(v), collapse = ",\n  "), "}")

# S of every level at the times, and the restricted means, had the rows the weights w.
value <- function(formula, ties, w) {
  rhs <- reformulate(grep("strata", labels(terms(formula)), value = TRUE, invert = TRUE))
  p$w <- w; environment(formula) <- environment()
  f <- coxph(formula, p, weights = w, ties = ties, eps = 1e-14, toler.chol = 1e-15, iter.max = 50, model = TRUE)
  b <- basehaz(f, centered = FALSE)
  if (is.null(b$strata)) b$strata <- "all"
  s <- if (b$strata[1] == "all") rep("all", n) else p$centre
  b$strata <- sub("centre=", "", b$strata)
  grid <- c(0, sort(unique(b$time[b$time < tau])), tau)
  H <- function(t) sapply(split(b, b$strata), function(b) c(0, b$hazard)[1 + findInterval(t, b$time)])
  at <- H(times)[, s, drop = FALSE]; steps <- H(head(grid, -1))[, s, drop = FALSE]
  out <- c()
  for (a in levels(p$group)) {
    q <- p; q$group <- factor(a, levels(p$group))
    risk <- exp(as.vector(model.matrix(rhs, q)[, names(coef(f))] %*% coef(f)))
    mean_survival <- function(H) as.vector(exp(-sweep(H, 2, risk, "*")) %*% w) / sum(w)
    out <- c(out, mean_survival(at), sum(diff(grid) * mean_survival(steps)))
  }
  out
}
case <- function(formula, ties) {
  one <- rep(1, n); h <- 2e-3
  D <- t(sapply(1:n, function(i) {
    d <- function(h) { up <- one; up[i] <- 1 + h; down <- one; down[i] <- 1 - h
      (value(formula, ties, up) - value(formula, ties, down)) / (2 * h) }
    (4 * d(h / 2) - d(h)) / 3
  }))
  obj(list(value = num(value(formula, ties, one)), covariance = num(crossprod(D))))
}
out <- list(
  plain = case(Surv(os_months, os_status) ~ group + number + extrapulmonary + mediastinal_ln + age10, "efron"),
  strata = case(Surv(os_months, os_status) ~ group + number + age10 + strata(centre), "efron"),
  interaction = case(Surv(pfs_months, pfs_status) ~ group * age10 + number, "breslow"))
cat(obj(out), "\n", sep = "", file = "../standardised.json")
