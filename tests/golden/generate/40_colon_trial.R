# Every number of the tables of examples/colon_trial in one file, colon_trial.json: for each table the rows in
# order, with the numbers of each from left to right, those that are not there left out.
library(survival)
library(cmprsk)
colon <- read.csv("../../data/colon.csv")
colon$years <- colon$time / 365.25
colon$rx <- factor(colon$rx, c("Obs", "Lev", "Lev+5FU"))
colon$differ <- factor(colon$differ)
colon$extent <- factor(colon$extent, c(3, 1, 2, 4))
coxph <- function(formula, data) {
  fit <- survival::coxph(formula, data, control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60), model = TRUE, x = TRUE)
  fit$call$formula <- formula
  fit
}

number <- function(x) paste0("[", paste(sprintf("%.16e", x[!is.na(x)]), collapse = ", "), "]")
tables <- list()
add <- function(name, rows) tables[[name]] <<- unname(rows)
chisq <- function(x, df) c(x, df, pchisq(x, df, lower.tail = FALSE))

# ---- patients
rec <- subset(colon, etype == 1); dth <- subset(colon, etype == 2)
stopifnot(all(rec$id == dth$id))
cause <- ifelse(rec$status == 1, 1, ifelse(dth$status == 1, 2, 0))
full <- !is.na(dth$nodes) & !is.na(dth$differ)
by_arm <- function(x) { n <- tapply(x, dth$rx, sum); c(n, sum(n)) }
add("flow", lapply(list(rep(TRUE, nrow(dth)), rec$status == 1, dth$status == 1, cause == 2, cause == 0, full), by_arm))
add("missing", lapply(list(is.na(dth$nodes), is.na(dth$differ), !full), function(x) c(sum(x), mean(x))))

groups <- c(split(dth, dth$rx), list(dth))
pairs <- combn(3, 2, simplify = FALSE)
of_factor <- function(v, levels) {
  counts <- sapply(groups, function(g) table(factor(g[[v]], levels)))
  shares <- sweep(counts, 2, colSums(counts), "/")
  smd <- max(sapply(pairs, function(k) { p <- shares[, k[1]]; q <- shares[, k[2]]
    max(abs(p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2)) }))
  lines <- lapply(seq_along(levels), function(l) as.vector(rbind(counts[l, ], shares[l, ])))
  missing <- sapply(groups, function(g) sum(is.na(g[[v]])))
  c(list(smd), lines, if (any(missing > 0)) list(missing))
}
of_number <- function(v) {
  x <- lapply(groups, function(g) g[[v]][!is.na(g[[v]])])
  smd <- max(sapply(pairs, function(k) abs(mean(x[[k[1]]]) - mean(x[[k[2]]])) / sqrt((var(x[[k[1]]]) + var(x[[k[2]]])) / 2)))
  missing <- sapply(groups, function(g) sum(is.na(g[[v]])))
  quartiles <- function(y) quantile(y, c(.5, .25, .75), names = FALSE)
  c(list(smd), list(as.vector(sapply(x, function(y) c(mean(y), sd(y))))), list(as.vector(sapply(x, quartiles))),
    if (any(missing > 0)) list(missing))
}
add("baseline", c(of_factor("sex", 0:1), of_number("age"), of_factor("obstruct", 0:1), of_factor("perfor", 0:1),
  of_factor("adhere", 0:1), of_number("nodes"), of_factor("differ", 1:3), of_factor("extent", 1:4), of_factor("surg", 0:1)))

# ---- one endpoint
terms <- c("rx", "sex", "I(age / 10)", "obstruct", "perfor", "adhere", "nodes", "differ", "extent", "surg")
is_factor <- terms %in% c("rx", "differ", "extent"); is_flag <- terms %in% c("sex", "obstruct", "perfor", "adhere", "surg")
model <- function(terms) as.formula(paste("Surv(years, status) ~", paste(terms, collapse = " + ")))

survival_row <- function(rows) {
  fit <- survfit(Surv(years, status) ~ 1, rows)
  at <- summary(fit, times = c(1, 3, 5))
  back <- survfit(Surv(years, 1 - status) ~ 1, rows)
  half <- function(fit) summary(fit)$table[c("median", "0.95LCL", "0.95UCL")]
  c(nrow(rows), sum(rows$status), sum(rows$years), half(fit), rbind(at$n.risk, at$surv, at$lower, at$upper), half(back))
}

endpoint <- function(name, rows) {
  put <- function(what, table) add(paste0(name, "_", what), table)
  put("survival", lapply(c(split(rows, rows$rx), list(rows)), survival_row))

  test <- survdiff(Surv(years, status) ~ rx, rows)$chisq
  two <- lapply(pairs, function(k) { x <- rows[rows$rx %in% levels(rows$rx)[k], ]
    chisq(survdiff(Surv(years, status) ~ rx, x)$chisq, 1) })
  holm <- p.adjust(sapply(two, `[`, 3), "holm")
  put("log_rank", c(list(chisq(test, 2)), Map(c, two, holm)))

  x <- rows[!is.na(rows$nodes) & !is.na(rows$differ), ]
  multi <- coxph(model(terms), x)
  both <- function(alone, j, i) { # columns: univariable ratio and p, multivariable ratio and p
    s <- summary(alone); m <- summary(multi)
    c(s$conf.int[i, c(1, 3, 4)], s$coefficients[i, 5], m$conf.int[j, c(1, 3, 4)], m$coefficients[j, 5]) }
  dropped <- function(fit, large, df) pchisq(2 * (large$loglik[2] - fit), df, lower.tail = FALSE)
  table <- list(); j <- 0
  for (t in seq_along(terms)) {
    alone <- coxph(model(terms[t]), x); k <- length(coef(alone))
    p <- c(dropped(alone$loglik[1], alone, k), dropped(coxph(model(terms[-t]), x)$loglik[2], multi, k))
    v <- if (is_factor[t] || is_flag[t]) x[[terms[t]]]
    if (is.null(v)) {
      r <- both(alone, j + 1, 1)
      table <- c(table, list(c(nrow(x), sum(x$status), r[1:3], p[1], r[5:7], p[2])))
    } else {
      n <- base::table(v); events <- tapply(x$status, v, sum)
      lines <- lapply(seq_len(k), function(i) c(n[i + 1], events[i + 1], both(alone, j + i, i)))
      table <- c(table, list(p), list(c(n[1], events[1])), lines)
    }
    j <- j + k
  }
  put("hazard_ratios", table)

  # subgroups of chemotherapy against observation, all randomised
  y <- rows[rows$rx != "Lev", ]; y$treated <- as.integer(y$rx == "Lev+5FU")
  y$age65 <- factor(y$age >= 65)
  y$many <- factor(ifelse(is.na(y$nodes), "unknown", ifelse(y$nodes > 4, "more", "up to")), c("up to", "more", "unknown"))
  y$grade <- factor(ifelse(is.na(y$differ), "unknown", as.character(y$differ)), c(1, 2, 3, "unknown"))
  y$late <- factor(y$surg, c(1, 0)) # long, short
  of <- function(z) { fit <- coxph(Surv(years, status) ~ treated, z); s <- summary(fit)
    c(nrow(z), sum(z$status), s$conf.int[c(1, 3, 4)], s$coefficients[5]) }
  groups <- list(of(y))
  for (v in c("sex", "age65", "obstruct", "adhere", "many", "grade", "late")) {
    level <- factor(y[[v]]); events <- tapply(y$status, level, sum)
    y$v <- level
    large <- coxph(Surv(years, status) ~ treated * v, y); small <- coxph(Surv(years, status) ~ treated + v, y)
    p <- pchisq(2 * (large$loglik[2] - small$loglik[2]), nlevels(level) - 1, lower.tail = FALSE)
    lines <- lapply(levels(level), function(l) { w <- y[level == l, ]
      if (sum(w$status) < 10) c(nrow(w), sum(w$status)) else of(w)[1:5] })
    groups <- c(groups, list(p), lines)
  }
  put("subgroups", groups)

  zph <- cox.zph(multi)$table
  put("proportionality", lapply(seq_len(nrow(zph)), function(i) chisq(zph[i, 1], zph[i, 2])))
  violated <- terms[zph[seq_along(terms), 3] < 0.05]
  parts <- survSplit(x, cut = 2, end = "years", start = "entry", event = "status", episode = "part")
  early <- (parts$part == 1) + 0; late <- (parts$part == 2) + 0
  columns <- model.matrix(as.formula(paste("~", paste(terms, collapse = " + "))), parts)[, -1]
  own <- unlist(lapply(violated, function(t) colnames(model.matrix(as.formula(paste("~", t)), parts))[-1]))
  cut <- cbind(columns[, setdiff(colnames(columns), own)], early = columns[, own] * early, late = columns[, own] * late)
  parts$cut <- cut
  fit <- coxph(Surv(entry, years, status) ~ cut, parts)
  k <- length(own); m <- ncol(cut) - 2 * k
  ci <- summary(fit)$conf.int[, c(1, 3, 4)]
  put("piecewise", lapply(seq_len(k), function(i) c(ci[m + i, ], ci[m + k + i, ])))

  means <- summary(survfit(Surv(years, status) ~ rx, rows), rmean = 5)$table[, c("rmean", "se(rmean)")]
  z <- qnorm(.975)
  difference <- function(k) { d <- means[k, 1] - means[1, 1]; s <- sqrt(sum(means[c(1, k), 2]^2))
    c(d, d - z * s, d + z * s, 2 * pnorm(-abs(d / s))) }
  put("restricted_means", c(lapply(1:3, function(k) means[k, 1] + c(0, -z, z) * means[k, 2]), lapply(2:3, difference)))
}
endpoint("recurrence", rec)
endpoint("death", dth)

# ---- recurrence with death as the other cause
incidence <- list()
for (arm in levels(rec$rx)) {
  own <- rec$rx == arm
  fit <- timepoints(cuminc(rec$years[own], cause[own]), c(1, 3, 5)) # with Aalen's variance
  for (j in 1:2) incidence <- c(incidence, list(list(p = fit$est[j, ], se = sqrt(fit$var[j, ]))))
  km <- summary(survfit(Surv(years, status) ~ 1, rec[own, ]), times = c(1, 3, 5))
  incidence <- c(incidence, list(list(p = 1 - km$surv)))
}
log_log <- function(x) {
  if (is.null(x$se)) return(x$p)
  w <- qnorm(.975) * x$se / (x$p * log(x$p))
  limits <- cbind(x$p, x$p^exp(-w), x$p^exp(w))
  limits[x$p == 0, ] <- 0
  as.vector(t(cbind(limits[, 1], pmin(limits[, 2], limits[, 3]), pmax(limits[, 2], limits[, 3]))))
}
add("incidence", lapply(incidence, log_log))
gray <- cuminc(rec$years, cause, rec$rx)$Tests
add("gray", lapply(1:2, function(j) chisq(gray[j, "stat"], gray[j, "df"])))

rows <- function(table) paste0("[\n", paste0("    ", sapply(table, number), collapse = ",\n"), "\n  ]")
versions <- sprintf("  \"versions\": \"R %s, survival %s, cmprsk %s\"", getRversion(), packageVersion("survival"), packageVersion("cmprsk"))
writeLines(c("{", paste(c(versions, paste0("  \"", names(tables), "\": ", sapply(tables, rows))), collapse = ",\n"), "}"),
           "../colon_trial.json")
