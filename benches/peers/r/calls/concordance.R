# Harrell's C of a score.

call_concordance <- function(data, timed) {
  data$time; data$event; data$score
  timed(function() concordance(Surv(time, event) ~ score, data = data, reverse = TRUE), function(fit) {
    list(concordance = fit$concordance, std_error = sqrt(fit$var), pairs = fit$count[1:3])
  })
}
