# Kaplan-Meier and log-rank.

call_survfit <- function(data, timed) {
  data$time; data$event
  timed(function() survfit(Surv(time, event) ~ 1, data = data), function(fit) {
    places <- (0:100 * (length(fit$time) - 1)) %/% 100 + 1
    list(times = length(fit$time), time = fit$time[places], survival = fit$surv[places],
      lower = fit$lower[places], upper = fit$upper[places])
  })
}

call_survdiff <- function(data, timed) {
  data$time; data$event; data$group
  timed(function() survdiff(Surv(time, event) ~ group, data = data), function(fit) {
    list(statistic = fit$chisq, observed = fit$obs, expected = fit$exp)
  })
}
