# Reference values of the tests of MaxCombo: weighted log-rank statistics and their covariance from
# first principles, and p by mvtnorm 1.1-3. The correlation is singular for four weights, as
# 1 = S + (1 - S); the first, third and fourth weight alone are not.
library(survival)
library(mvtnorm)
options(digits = 17)
combo <- function(time, status, group, weights, stratum = rep(1, length(time))) {
  k <- nrow(weights)
  U <- rep(0, k)
  V <- matrix(0, k, k)
  for (s in unique(stratum)) {
    here <- stratum == s
    tt <- sort(unique(time[here & status == 1]))
    S <- 1
    for (t in tt) {
      Y <- sum(here & time >= t)
      Y2 <- sum(here & time >= t & group == 2)
      d <- sum(here & time == t & status == 1)
      d2 <- sum(here & time == t & status == 1 & group == 2)
      w <- S^weights[, 1] * (1 - S)^weights[, 2]
      v <- if (Y > 1) d * (Y - d) / (Y - 1) * (Y2 / Y) * (1 - Y2 / Y) else 0
      U <- U + w * (d2 - d * Y2 / Y)
      V <- V + outer(w, w) * v
      S <- S * (1 - d / Y)
    }
  }
  list(z = U / sqrt(diag(V)), r = cov2cor(V))
}
show <- function(name, m) {
  cat(name, "z", format(m$z, digits = 16), "\n r", format(m$r[upper.tri(m$r)], digits = 16), "\n")
  q <- max(abs(m$z))
  k <- length(m$z)
  g <- GenzBretz(maxpts = 1e7, abseps = 1e-10)
  p <- pmvnorm(rep(-q, k), rep(q, k), sigma = m$r, algorithm = g)
  cat(" two-sided p", format(1 - p[1], digits = 16), "+-", attr(p, "error"), "\n")
  if (k == 3) {
    for (side in c(-1, 1)) {
      p <- pmvnorm(rep(-Inf, 3), rep(max(side * m$z), 3), sigma = m$r, algorithm = TVPACK(1e-15))
      cat(" side", side, format(1 - p[1], digits = 16), "\n")
    }
  }
}
four <- rbind(c(0, 0), c(0, 1), c(1, 0), c(1, 1))
three <- rbind(c(0, 0), c(1, 0), c(1, 1))
set.seed(1)
show("lung four", combo(lung$time, lung$status - 1, lung$sex, four))
show("lung three", combo(lung$time, lung$status - 1, lung$sex, three))
show("veteran strata four", combo(veteran$time, veteran$status, veteran$trt, four, veteran$celltype))
show("veteran strata three", combo(veteran$time, veteran$status, veteran$trt, three, veteran$celltype))
