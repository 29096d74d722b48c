# Data and R's values of the published examples in tests/published, published.json.
library(survival)
data_of <- function(name) { e <- new.env(); data(list = name, package = "KMsurv", envir = e); e[[name]] }
write_data <- function(d, name) write.csv(d, sprintf("../../data/%s.csv", name), row.names = FALSE, quote = FALSE)
d <- data_of("kidney")
write_data(data.frame(time = d$time, status = d$delta, placement = c("surgical", "percutaneous")[d$type]), "catheter")
d <- data_of("larynx")
write_data(data.frame(stage = d$stage, time = d$time, age = d$age, diagyr = d$diagyr, status = d$delta), "larynx")
d <- data_of("bmt")
write_data(data.frame(group = c("ALL", "AML low", "AML high")[d$group], time = d$t2, status = d$d3), "bmt")
d <- data_of("btrial")
write_data(data.frame(time = d$time, status = d$death, positive = d$im - 1), "immunoperoxidase")
censored <- function(text) { x <- strsplit(text, " ")[[1]]; data.frame(time = as.numeric(sub("\\*", "", x)), status = as.integer(!grepl("\\*", x))) }
negative <- censored("23 47 69 70* 71* 100* 101* 148 181 198* 208* 212* 224*")
positive <- censored(paste("5 8 10 13 18 24 26 26 31 35 40 41 48 50 59 61 68 71 76* 105* 107* 109* 113 116* 118 143",
                           "154* 162* 188* 212* 217* 225*"))
write_data(cbind(rbind(negative, positive), stain = rep(c("negative", "positive"), c(13, 32))), "staining")
write_data(censored("10 13* 18* 19 23* 30 36 38* 54* 56* 59 75 93 97 104* 107 107* 107*"), "iud")

read <- function(name) read.csv(sprintf("../../data/%s.csv", name))
for (name in c("catheter", "larynx", "bmt", "immunoperoxidase", "staining", "iud", "freireich", "veteran", "heart", "aml", "bladder2", "rats"))
  assign(name, read(name))

# Weighted log-rank tests from first principles; the weights see the pooled curve just before a time, the
# Peto-Peto curve at it, and the number at risk.
weighted <- function(time, status, group, weight) {
  levels <- sort(unique(group))
  U <- rep(0, length(levels)); V <- matrix(0, length(levels), length(levels)); S <- 1; peto <- 1
  for (t in sort(unique(time[status == 1]))) {
    at_risk <- time >= t; dead <- time == t & status == 1
    Y <- sum(at_risk); d <- sum(dead)
    share <- sapply(levels, function(l) sum(at_risk & group == l)) / Y
    peto <- peto * (1 - d / (Y + 1))
    w <- weight(S, peto, Y)
    U <- U + w * (sapply(levels, function(l) sum(dead & group == l)) - d * share)
    if (Y > 1) V <- V + w^2 * d * (Y - d) / (Y - 1) * (diag(share) - outer(share, share))
    S <- S * (1 - d / Y)
  }
  list(U = U, V = V, chisq = drop(U[-1] %*% solve(V[-1, -1], U[-1])))
}
fh <- function(rho, gamma) function(S, peto, Y) S^rho * (1 - S)^gamma
weights <- list(function(S, peto, Y) 1, function(S, peto, Y) Y, function(S, peto, Y) sqrt(Y), function(S, peto, Y) peto,
                function(S, peto, Y) peto * Y / (Y + 1), fh(0, 1), fh(1, 0), fh(1, 1), fh(0.5, 0.5), fh(0.5, 2))
tests <- function(d, group, which) sapply(weights[which], function(w) weighted(d$time, d$status, group, w)$chisq)
trend <- function(d, group, scores) { w <- weighted(d$time, d$status, group, weights[[1]]); sum(scores * w$U) / sqrt(drop(scores %*% w$V %*% scores)) }

cox <- function(formula, data, ties = "efron") {
  fit <- coxph(formula, data, eps = 1e-14, iter.max = 60, toler.chol = 1e-15, ties = ties)
  list(coef = unname(coef(fit)), se = sqrt(diag(fit$var)), log_likelihood = fit$loglik,
       tests = c(fit$wald.test, fit$score, 2 * diff(fit$loglik)), naive_se = if (!is.null(fit$naive.var)) sqrt(diag(fit$naive.var)))
}
curve <- function(fit) list(time = fit$time[fit$n.event > 0], survival = fit$surv[fit$n.event > 0],
                            std_error = (fit$std.err * fit$surv)[fit$n.event > 0], cumulative_hazard = fit$cumhaz[fit$n.event > 0])
median_of <- function(fit) unname(quantile(fit, 0.5)$quantile)

veteran$cell <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
treated <- subset(freireich, treat == "6-MP")
answers <- list(
  catheter = list(tests = tests(catheter, catheter$placement, 1:10),
                  breslow = cox(Surv(time, status) ~ I(placement == "percutaneous"), catheter, ties = "breslow"),
                  efron = cox(Surv(time, status) ~ I(placement == "percutaneous"), catheter),
                  exact = cox(Surv(time, status) ~ I(placement == "percutaneous"), catheter, ties = "exact")),
  larynx = list(log_rank = tests(larynx, larynx$stage, 1), trend = trend(larynx, larynx$stage, 1:4),
                breslow = cox(Surv(time, status) ~ factor(stage) + age, larynx, ties = "breslow")),
  bmt = list(tests = tests(bmt, bmt$group, 1:3)),
  immunoperoxidase = list(breslow = cox(Surv(time, status) ~ positive, immunoperoxidase, ties = "breslow")),
  freireich = list(log_rank = tests(freireich, freireich$treat, 1:2), expected = survdiff(Surv(time, status) ~ treat, freireich)$exp,
                   curve = curve(survfit(Surv(time, status) ~ 1, treated)),
                   median = c(median_of(survfit(Surv(time, status) ~ 1, treated)), median_of(survfit(Surv(time, status) ~ 1, subset(freireich, treat != "6-MP")))),
                   breslow = cox(Surv(time, status) ~ I(treat == "control"), freireich, ties = "breslow"),
                   efron = cox(Surv(time, status) ~ I(treat == "control"), freireich),
                   exact = cox(Surv(time, status) ~ I(treat == "control"), freireich, ties = "exact")),
  staining = list(tests = tests(staining, staining$stain, 1:2),
                  breslow = cox(Surv(time, status) ~ I(stain == "positive"), staining, ties = "breslow"),
                  efron = cox(Surv(time, status) ~ I(stain == "positive"), staining)),
  iud = list(curve = curve(survfit(Surv(time, status) ~ 1, iud)),
             median = unlist(quantile(survfit(Surv(time, status) ~ 1, iud, conf.type = "log"), 0.5), use.names = FALSE)[1:2]),
  veteran = list(breslow = cox(Surv(time, status) ~ trt + cell + karno + diagtime + age + I(prior / 10), veteran, ties = "breslow")),
  heart = list(breslow = cox(Surv(start, stop, event) ~ (age + surgery) * transplant, heart, ties = "breslow")),
  aml = list(median = sapply(c("Maintained", "Nonmaintained"), function(g) median_of(survfit(Surv(time, status) ~ 1, subset(aml, group == g))))),
  bladder2 = list(efron = cox(Surv(start, stop, event) ~ rx + number + size + cluster(id), bladder2)),
  rats = list(efron = cox(Surv(time, status) ~ rx + cluster(litter), subset(rats, sex == "f")))
)

json <- function(x, pad = "") {
  if (is.list(x)) {
    x <- Filter(Negate(is.null), x); inner <- paste0(pad, "  ")
    items <- sapply(names(x), function(n) paste0(inner, "\"", n, "\": ", json(x[[n]], inner)))
    return(paste0("{\n", paste(items, collapse = ",\n"), "\n", pad, "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  paste0("[", paste(ifelse(is.finite(x), sprintf("%.16e", x), "null"), collapse = ", "), "]")
}
versions <- sprintf("R %s, survival %s, KMsurv %s", getRversion(), packageVersion("survival"), packageVersion("KMsurv"))
writeLines(json(c(list(versions = versions), answers)), "../published.json")
