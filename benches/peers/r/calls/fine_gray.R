# The Fine-Gray model of the first of two causes, from arrays to coefficients and variance.

causes <- function(data) ifelse(data$event == 1, 1 + data$group %% 2, 0)

# By default it stops with coefficients off by 8e-7.
call_crr <- function(data, timed) {
  cause <- causes(data)
  body <- function() cmprsk::crr(data$time, cause, data$x, failcode = 1, cencode = 0, gtol = 1e-9)
  timed(body, function(fit) {
    list(log_likelihood = c(fit$loglik.null, fit$loglik), coefficients = fit$coef, vcov = fit$var)
  })
}

# The variance of `coxph` takes the censoring distribution for known: it is not compared.
call_finegray <- function(data, timed) {
  columns <- as.data.frame(data$x)
  names <- names(columns)
  columns$time <- data$time
  columns$cause <- factor(causes(data), 0:2)
  columns$id <- seq_along(data$time)
  covariates <- paste(names, collapse = " + ")
  body <- function() {
    rows <- finegray(as.formula(paste("Surv(time, cause) ~", covariates, "+ id")), columns, etype = "1")
    formula <- as.formula(paste("Surv(fgstart, fgstop, fgstatus) ~", covariates))
    coxph(formula, rows, weights = fgwt, cluster = id)
  }
  timed(body, function(fit) list(log_likelihood = fit$loglik, coefficients = fit$coefficients))
}
