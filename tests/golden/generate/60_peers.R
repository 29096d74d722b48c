# Values of other packages for the nonparametric half, peers.json: km.ci, muhaz, KMsurv, prodlim, survRM2, RISCA.
# RISCA's function alone is read from its file, RISCA_SOURCE/R/ipw.log.rank.R, as it needs nothing of the package.
library(survival)
library(muhaz)
library(survRM2)
source(file.path(Sys.getenv("RISCA_SOURCE"), "R/ipw.log.rank.R"))
read <- function(name) read.csv(sprintf("../../data/%s.csv", name))
lung <- read("lung"); veteran <- read("veteran"); bmt <- read("bmt"); gbsg <- read("gbsg"); catheter <- read("catheter")

# Bands. The package returns the edges only: its critical value follows from one of them.
tables <- asNamespace("km.ci")
bands <- function(d, from = NA, to = NA) {
  fit <- survfit(Surv(time, status) ~ 1, d)
  band <- function(method) {
    b <- km.ci::km.ci(fit, tl = from, tu = to, method = method)
    at <- match(b$time, fit$time)
    sigma <- sqrt(cumsum(fit$n.event / (fit$n.risk * (fit$n.risk - fit$n.event))))[at]
    S <- fit$surv[at]
    unit <- if (grepl("ep", method)) sigma else (1 + fit$n * sigma^2) / sqrt(fit$n)
    step <- if (grepl("log", method)) -log(S) * log(log(b$lower) / log(S)) else 1 - b$lower / S
    a <- fit$n * sigma^2 / (1 + fit$n * sigma^2)
    list(time = b$time, lower = b$lower, upper = b$upper, critical = mean(step / unit), reach = range(a))
  }
  lapply(c(equal_precision_loglog = "logep", equal_precision_plain = "epband", hall_wellner_loglog = "loghall",
           hall_wellner_plain = "hall-wellner"), band)
}
# The tables themselves at every tenth a_L and every sixth a_U (counted in steps of 0.02): a_L, a_U, value.
nodes <- function(name) {
  m <- get(name, tables)
  low <- as.numeric(sub("al", "", colnames(m))) / 100
  high <- 0.1 + 0.02 * (seq_len(nrow(m)) - 1)
  i <- expand.grid(row = seq(3, 45, by = 6), column = which(round(50 * low) %% 10 == 1))
  t(unname(cbind(low[i$column], high[i$row], m[cbind(i$row, i$column)])[!is.na(m[cbind(i$row, i$column)]), ]))
}

# Critical values from eigenfunctions, for the arguments of the tables and for shorter ranges: the scaled bridge is an
# Ornstein-Uhlenbeck process, whose generator made symmetric is taken in 150 sines; the bridge itself is stopped Brownian motion.
simpson <- function(f, x, n = 10000) { y <- seq(-x, x, length.out = n + 1); sum(f(y) * c(1, rep(c(4, 2), length.out = n - 1), 1)) * 2 * x / n / 3 }
equal_precision <- function(x, a, b, terms = 150) {
  length <- log(b * (1 - a) / (a * (1 - b))) / 2
  k <- 2 * seq_len(terms) - 1
  q <- outer(k, k, "-") / 2; Q <- outer(k, k, "+") / 2
  moment <- function(q) ifelse(q == 0, 2 / 3, 4 * (-1)^q / (pmax(q, 1) * pi)^2)
  sign <- (-1)^q
  H <- x^2 / 4 * sign * (moment(abs(q)) + moment(Q)) / 2 + diag((k * pi / (2 * x))^2 - 0.5)
  root <- sapply(k, function(k) simpson(function(y) sqrt(dnorm(y)) * sin(k * pi * (y + x) / (2 * x)) / sqrt(x), x))
  e <- eigen(H, symmetric = TRUE)
  sum(drop(crossprod(e$vectors, root))^2 * exp(-e$values * length))
}
hall_wellner <- function(h, a, b) {
  k <- seq(1, 99, by = 2)
  overlap <- function(k, v) simpson(function(y) dnorm(y, sd = sqrt(v)) * sin(k * pi * (y + h) / (2 * h)), h)
  sum(exp(-(k * pi / h)^2 * (b - a) / 8) * sapply(k, overlap, a) * sapply(k, overlap, 1 - b)) / h / dnorm(0)
}
exact <- function(stays, from, to, nodes) t(apply(nodes, 1, function(n)
  c(n, uniroot(function(x) stays(x, n[1], n[2]) - n[3], c(from, to), tol = 1e-13)$root)))
arguments <- rbind(c(0.04, 0.1, 0.95), c(0.1, 0.6, 0.95), c(0.02, 0.98, 0.95), c(0.3, 0.7, 0.9), c(0.4, 0.42, 0.95), c(0.2, 0.5, 0.99), c(0.22, 0.26, 0.9))

smooth <- function(d, bandwidth, to, n) {
  one <- function(d) muhaz(d$time, d$status, min.time = 0, max.time = to, bw.method = "global", bw.grid = bandwidth,
                           b.cor = "both", n.est.grid = n)
  sorted <- one(d[order(d$time, -d$status), ])
  list(bandwidth = bandwidth, range = c(0, to), time = sorted$est.grid, hazard = sorted$haz.est,
       hazard_censored_first = one(d[order(d$time, d$status), ])$haz.est)
}

life_table <- function(d, starts) {
  place <- findInterval(d$time, starts)
  count <- function(rows) tabulate(place[rows], length(starts))
  KMsurv::lifetab(c(starts, NA), nrow(d), count(d$status == 0), count(d$status == 1))
}

reverse <- function(d) {
  fit <- prodlim::prodlim(prodlim::Hist(time, status) ~ 1, d, reverse = TRUE)
  list(time = fit$time, survival = fit$surv, std_error = fit$se.surv)
}

means <- function(d, arm, tau) {
  fit <- rmst2(d$time, d$status, arm, tau)
  list(tau = fit$tau, arm1 = unname(fit$RMST.arm1$rmst), arm0 = unname(fit$RMST.arm0$rmst),
       contrasts = unname(t(fit$unadjusted.result)))
}

lung$weight <- 0.5 + ((seq_len(nrow(lung)) * 37) %% 101) / 100
gbsg$time <- gbsg$rfstime
answers <- list(
  bands = list(lung = bands(lung), all = bands(subset(bmt, group == "ALL"), 100, 600)),
  tables = sapply(c("critical.value.nair.95", "critical.value.nair.90", "critical.value.hall.95",
                    "critical.value.hall.90", "critical.value.hall.99"), nodes, simplify = FALSE),
  exact = list(equal_precision = t(unname(exact(equal_precision, 1.5, 4, arguments))),
               hall_wellner = t(unname(exact(hall_wellner, 0.4, 2, arguments)))),
  smoothed = list(lung = smooth(lung, 100, 800, 33), catheter = smooth(catheter, 5, 25, 26)),
  life_table = as.list(life_table(lung, seq(0, 1000, by = 50))),
  reverse = list(lung = reverse(lung), veteran = reverse(veteran)),
  means = list(lung = means(lung, as.integer(lung$sex == 2), NULL), veteran = means(veteran, as.integer(veteran$trt == 2), 200),
               gbsg = means(gbsg, gbsg$hormon, 2000)),
  xie_liu = unlist(ipw.log.rank(lung$time, lung$status, as.integer(lung$sex == 2), lung$weight))
)

json <- function(x, pad = "") {
  if (is.list(x)) {
    inner <- paste0(pad, "  ")
    items <- sapply(names(x), function(n) paste0(inner, "\"", n, "\": ", json(x[[n]], inner)))
    return(paste0("{\n", paste(items, collapse = ",\n"), "\n", pad, "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 2, json), collapse = ", "), "]"))
  paste0("[", paste(ifelse(is.finite(x), sprintf("%.17g", x), "null"), collapse = ", "), "]")
}
packages <- c("survival", "km.ci", "muhaz", "KMsurv", "prodlim", "survRM2")
versions <- paste0("R ", getRversion(), paste0(", ", packages, " ", sapply(packages, function(p) as.character(packageVersion(p))), collapse = ""), ", RISCA 1.0.7")
writeLines(json(c(list(versions = versions), answers)), "../peers.json")
