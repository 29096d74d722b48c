# Cox models, from arrays to coefficients and variance.

cox_values <- function(fit) {
  list(log_likelihood = fit$loglik, coefficients = fit$coefficients, vcov = fit$var)
}

# The fitter under `coxph`, without residuals.
call_coxph_fit <- function(data, timed) {
  data$x; data$time; data$event
  timed(function() {
    coxph.fit(data$x, Surv(data$time, data$event), strata = NULL, offset = NULL, init = NULL,
      control = coxph.control(), weights = NULL, method = "efron", rownames = NULL, resid = FALSE)
  }, cox_values)
}

call_coxph <- function(data, timed) {
  data$x; data$time; data$event
  timed(function() coxph(Surv(time, event) ~ x, data = data), cox_values)
}

call_coxph_entry_strata_robust <- function(data, timed) {
  data$x; data$entry; data$time; data$event; data$stratum; data$cluster
  timed(function() {
    coxph(Surv(entry, time, event) ~ x + strata(stratum), data = data, cluster = cluster, robust = TRUE)
  }, cox_values)
}
