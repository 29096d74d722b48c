# Paths of coefficients: a column that is constant within a stratum; a smooth with knots at quantiles of the
# transformed event times.  Prints the numbers that stand in coefficient_paths.rs.
library(survival); library(splines); options(digits = 15)
tight <- coxph.control(eps = 1e-14, iter.max = 60)
k <- 0:23; time <- (k * 7) %% 13 + 1; event <- as.integer((k * 5) %% 4 != 0); s <- as.integer(k >= 14)
x <- (k * 11) %% 7; z <- ifelse(s == 1, 2, (k * 3) %% 5)
f <- cox.zph(coxph(Surv(time, event) ~ x + z + strata(s), control = tight), transform = "identity")
print(f$table); write(t(cbind(f$time, f$y)), "", ncolumns = 3); print(f$var)

veteran <- read.csv("../../data/veteran.csv")
f <- cox.zph(coxph(Surv(time, status) ~ karno + age, veteran, control = tight))
basis <- ns(f$x, knots = quantile(f$x, c(1, 2) / 3), Boundary.knots = range(f$x), intercept = TRUE)
q <- qr(basis); fit <- qr.fitted(q, f$y[, 1]); se <- sqrt(f$var[1, 1] * rowSums(qr.Q(q)^2))
first <- which(!duplicated(f$time)); i <- first[c(1, 20, 50, 80, length(first))]
write(t(cbind(f$time, f$x, fit, fit - qnorm(.975) * se, fit + qnorm(.975) * se)[i, ]), "", ncolumns = 5)
