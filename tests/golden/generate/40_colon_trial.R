# The models of examples/colon_trial in one file, colon_trial.json.
library(survival)
colon <- read.csv("../../data/colon.csv")
colon$years <- colon$time / 365.25
colon$rx <- factor(colon$rx, c("Obs", "Lev", "Lev+5FU"))
colon$differ <- factor(colon$differ)
colon$extent <- factor(colon$extent, c(3, 1, 2, 4))

json <- function(x) paste0("[", paste(ifelse(is.na(x), "null", sprintf("%.16e", x)), collapse = ", "), "]")
endpoint <- function(kind) {
  rows <- subset(colon, etype == kind)
  curves <- survfit(Surv(years, status) ~ rx, rows)
  at <- summary(curves, times = c(1, 3, 5))
  test <- survdiff(Surv(years, status) ~ rx, rows)
  cox <- coxph(Surv(years, status) ~ rx + sex + I(age / 10) + obstruct + perfor + adhere + nodes + differ + extent + surg,
               rows, eps = 1e-14, toler.chol = 1e-15)
  values <- list(
    median = t(summary(curves)$table[, c("median", "0.95LCL", "0.95UCL")]),
    survival = rbind(at$surv, at$lower, at$upper),
    n_risk = summary(curves, times = 0:8, extend = TRUE)$n.risk,
    log_rank = c(test$chisq, pchisq(test$chisq, 2, lower.tail = FALSE)),
    n = c(cox$n, cox$nevent),
    coefficients = coef(cox),
    std_error = sqrt(diag(vcov(cox))),
    p_value = summary(cox)$coefficients[, "Pr(>|z|)"],
    log_likelihood = cox$loglik
  )
  paste0("  \"", c("", "recurrence", "death")[kind + 1], "\": {\n",
         paste0("    \"", names(values), "\": ", sapply(values, json), collapse = ",\n"), "\n  }")
}
versions <- sprintf("  \"versions\": \"R %s, survival %s\"", getRversion(), packageVersion("survival"))
writeLines(c("{", paste(c(versions, endpoint(1), endpoint(2)), collapse = ",\n"), "}"), "../colon_trial.json")
