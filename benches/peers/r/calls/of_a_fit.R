# What takes the rows of a Cox fit again. The fit keeps its x and y, which spares R making them anew, unless
# it says otherwise, and goes nearer to the maximum than by default, where the statistics of `cox.zph` on 2,000
# rows are off by up to 3e-8. Not nearer still: with 1e-14 on 100,000 rows they are off by 3e-6, perhaps from
# steps halved in vain.
near_the_maximum <- coxph.control(eps = 1e-12)

timed_score_residuals <- function(data, timed, keep) {
  fit <- coxph(Surv(time, event) ~ x, data = data, x = keep, y = TRUE, control = near_the_maximum)
  timed(function() residuals(fit, type = "score"), function(residuals) {
    places <- (0:10 * (nrow(residuals) - 1)) %/% 10 + 1
    list(norms = sqrt(colSums(residuals^2)), residuals = t(residuals[places, ]))
  })
}

call_score_residuals <- function(data, timed) timed_score_residuals(data, timed, keep = TRUE)

# As by default, and as riskset, whose fits keep no rows.
call_score_residuals_by_default <- function(data, timed) timed_score_residuals(data, timed, keep = FALSE)

# Every column is tested by itself, as elsewhere: `x` is one term.
call_cox_zph <- function(data, timed) {
  columns <- as.data.frame(data$x)
  names <- colnames(data$x)
  columns$time <- data$time
  columns$event <- data$event
  formula <- reformulate(names, "Surv(time, event)")
  fit <- coxph(formula, data = columns, x = TRUE, y = TRUE, control = near_the_maximum)
  timed(function() cox.zph(fit), function(test) {
    statistic <- test$table[, "chisq"]
    list(statistic = statistic[names], global = statistic["GLOBAL"])
  })
}
