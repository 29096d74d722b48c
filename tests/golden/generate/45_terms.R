# Tests of terms given the others, of splines against a line, and comparisons of the levels of a factor.
# Every smaller model is fitted again on the same rows, from the same columns, to rounding error.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
source(file.path(GEN_DIR, "models.R"))

# What a fit was made from, as plain columns.
parts <- function(fit, m) {
  mf <- model.frame(fit); X <- model.matrix(fit); asgn <- fit$assign
  st <- grep("^strata\\(", names(mf))
  list(y = model.response(mf), X = unclass(X)[, , drop = FALSE],
       cols = unname(lapply(asgn, as.integer)), names = names(asgn),
       strata = if (length(st)) as.integer(interaction(mf[st], drop = TRUE)) else rep(1L, nrow(mf)),
       offset = if (is.null(model.offset(mf))) rep(0, nrow(mf)) else model.offset(mf),
       weights = if (is.null(model.weights(mf))) rep(1, nrow(mf)) else model.weights(mf),
       cluster = mf[["(cluster)"]], ties = fit$method, robust = !is.null(fit$naive.var))
}
refit <- function(p, cols, ...) {
  st <- p$strata; off <- p$offset; X <- p$X[, cols, drop = FALSE]; y <- p$y; w <- p$weights
  f <- if (length(cols)) y ~ X + strata(st) + offset(off) else y ~ strata(st) + offset(off)
  coxph(f, weights = w, ties = p$ties, robust = FALSE, control = coxph.control(eps = 1e-14, iter.max = 60), ...)
}
# the likelihood, score and information of the model `cols` at given coefficients
at <- function(p, cols, beta) {
  st <- p$strata; off <- p$offset; X <- p$X[, cols, drop = FALSE]; y <- p$y; w <- p$weights
  f <- suppressWarnings(coxph(y ~ X + strata(st) + offset(off), weights = w, ties = p$ties, robust = FALSE, init = beta, control = coxph.control(iter.max = 0)))
  r <- as.matrix(residuals(f, "score")) * w
  im <- coxph.detail(f)$imat
  I <- if (is.array(im) && length(dim(im)) == 3) apply(im, 1:2, sum) else matrix(sum(im), 1, 1)
  list(U = colSums(r), I = I, r = r)
}
chi <- function(stat, df) list(stat = stat, df = df, p = pchisq(stat, df, lower.tail = FALSE), ln_p = pchisq(stat, df, lower.tail = FALSE, log.p = TRUE))
# the columns `test` in the model of `keep` and `test`; V and b of the whole fit
tests <- function(p, keep, test, absent, b, V) {
  f1 <- refit(p, c(keep, test)); f0 <- refit(p, keep); df <- length(test)
  b0 <- c(if (length(keep)) coef(f0), rep(0, df))
  a <- at(p, c(keep, test), unname(b0)); k <- seq_along(keep); t <- length(keep) + seq_len(df)
  A <- if (length(k)) cbind(-a$I[t, k, drop = FALSE] %*% solve(a$I[k, k, drop = FALSE]), diag(df)) else diag(df)
  u <- A %*% a$U
  r <- if (is.null(p$cluster)) a$r else rowsum(a$r, p$cluster, reorder = FALSE)
  J <- if (p$robust) A %*% crossprod(r) %*% t(A) else A %*% a$I %*% t(A)
  wald <- function(j) if (length(j)) drop(b[j] %*% solve(V[j, j, drop = FALSE], b[j])) else 0
  w <- wald(c(test, absent)) - wald(absent)
  out <- list(df = df, wald = chi(w, df), score = chi(drop(t(u) %*% solve(J, u)), df))
  ll <- function(f) f$loglik[length(f$loglik)]
  if (!p$robust) out$lr <- chi(2 * (ll(f1) - ll(f0)), df)
  out
}
contains <- function(big, small) { b <- strsplit(big, ":", fixed = TRUE)[[1]]; s <- strsplit(small, ":", fixed = TRUE)[[1]]; length(b) > length(s) && all(s %in% b) }
check_car <- function(fit, out, type) if (requireNamespace("car", quietly = TRUE)) {
  for (kind in c("LR", "Wald")) { a <- as.data.frame(car::Anova(fit, type = type, test.statistic = kind)); stat <- a[[grep("Chisq", names(a))[1]]]
    mine <- vapply(out, function(o) o[[if (kind == "LR") "lr" else "wald"]]$stat, 0)
    if (max(abs(mine - stat) / pmax(1, abs(stat))) > 1e-5) { cat(kind, type, "car differs:\n"); print(cbind(mine, stat)) } } }

terms_case <- function(k, type, car = TRUE) {
  m <- MODELS[[k]]; f <- fit_cox(m)$fit; p <- parts(f, m); b <- unname(coef(f)); V <- vcov(f)
  out <- lapply(seq_along(p$cols), function(i) { rel <- if (type == "II") Filter(function(j) contains(p$names[j], p$names[i]), seq_along(p$cols)) else integer()
    absent <- unlist(p$cols[rel]); test <- p$cols[[i]]
    tests(p, setdiff(seq_along(b), c(test, absent)), test, absent, b, V) })
  if (car && length(p$cols) > 1) check_car(f, out, type)
  emit(paste0("terms_", k, "_", type), "cox_terms", m$data, paste0("each term dropped from ", m$call), c(m$spec, list(type = type)),
       list(names = A(p$names), tests = A(out)), list(rtol = 1e-7, atol = 1e-8),
       "type II: given all terms but the interactions that contain it; type III: given all others. Score by residuals and information of the larger model at the maximum of the smaller; sandwich where the fit is robust")
}
for (k in c("veteran_efron", "veteran_breslow", "rotterdam_death", "heart_efron", "colon_recur", "pbc_death")) terms_case(k, "II")
for (k in c("lung_strata_sex", "lung_wint_breslow", "lung_wfrac_norobust", "lung_offset", "mgus2_delayed", "lung_all", "kidney_cluster", "bladder2_ag")) terms_case(k, "II", FALSE)
for (k in c("heart_inter", "veteran_inter_factor", "lung_interaction")) for (t in c("II", "III")) terms_case(k, t)

# --------------------------------------------------- restricted cubic splines
spline_case <- function(name, data, time, status, column, nk, others, ref, values) {
  d <- get(data); d <- d[complete.cases(d[c(time, status, column, others)]), ]
  x <- d[[column]]; knots <- attr(Hmisc::rcspline.eval(x, nk = nk), "knots")
  B <- Hmisc::rcspline.eval(x, knots = knots, inclx = TRUE, norm = 2)
  X <- cbind(B, as.matrix(d[others])); y <- Surv(d[[time]], d[[status]])
  fit <- coxph(y ~ X, ties = "efron", control = coxph.control(eps = 1e-14, iter.max = 60))
  p <- list(y = y, X = unname(X), strata = rep(1L, nrow(d)), offset = rep(0, nrow(d)), weights = rep(1, nrow(d)), cluster = NULL, ties = "efron", robust = FALSE)
  b <- unname(coef(fit)); V <- unname(vcov(fit)); s <- seq_len(nk - 1)
  at_values <- Hmisc::rcspline.eval(values, knots = knots, inclx = TRUE, norm = 2)
  at_ref <- Hmisc::rcspline.eval(ref, knots = knots, inclx = TRUE, norm = 2)
  D <- sweep(at_values, 2, at_ref); ln <- drop(D %*% b[s]); se <- sqrt(rowSums((D %*% V[s, s]) * D)); z <- qnorm(.975)
  if (requireNamespace("rms", quietly = TRUE)) {
    library(rms); f <- as.formula(sprintf("Surv(%s, %s) ~ rcs(%s, c(%s)) %s", time, status, column, paste(sprintf("%.17g", knots), collapse = ","), paste(sprintf("+ %s", others), collapse = "")))
    g <- rms::cph(f, data = d, method = "efron", eps = 1e-10); a <- anova(g)
    cat(name, "rms: nonlinear", format(a[" Nonlinear", "Chi-Square"], digits = 12), "coef", format(unname(coef(g))[s], digits = 8), "\n") }
  emit(name, "cox_spline", paste0("data/", data, ".csv"), sprintf("coxph(Surv(%s, %s) ~ rcs(%s, %d)%s)", time, status, column, nk, paste(sprintf(" + %s", others), collapse = "")),
    list(time = time, status = status, ties = "efron", terms = A(lapply(c(column, others), function(c) list(column = c))), spline = column, knots = nk, reference = ref, values = A(values)),
    list(knots = A(knots), coef = A(b), se = A(sqrt(diag(V))), overall = tests(p, setdiff(seq_along(b), s), s, integer(), b, V),
         nonlinear = tests(p, setdiff(seq_along(b), s[-1]), s[-1], integer(), b, V), ln_hr = A(ln), se_ln = A(se), lower = A(exp(ln - z * se)), upper = A(exp(ln + z * se))),
    list(rtol = 1e-7, atol = 1e-8), "Harrell's restricted cubic spline (norm = 2), knots by Hmisc::rcspline.eval; tests that all its columns, or all but the first, are not needed", pkgs = c("Hmisc", "rms"))
}
spline_case("spline_rotterdam_age", "rotterdam", "dtime", "death", "age", 5, c("nodes", "grade"), 50, c(25, 40, 50, 61.5, 90))
spline_case("spline_lung_age", "lung", "time", "status", "age", 4, "sex", 60, c(40, 55, 60, 82))
spline_case("spline_veteran_karno", "veteran", "time", "status", "karno", 3, c("age", "trt"), 60, c(10, 60, 75, 99))

# ------------------------------------------------ pairs of levels of a factor
pairs_case <- function(k, column, levels, first) {
  m <- MODELS[[k]]; f <- fit_cox(m)$fit; n <- length(levels); b <- coef(f); V <- vcov(f)
  B <- rbind(0, diag(n - 1)); pr <- t(combn(n, 2)); K <- matrix(0, nrow(pr), length(b))
  K[, first + seq_len(n - 1) - 1] <- B[pr[, 2], ] - B[pr[, 1], ]
  est <- drop(K %*% b); C <- K %*% V %*% t(K); se <- sqrt(diag(C)); p <- 2 * pnorm(-abs(est / se)); R <- cov2cor(C)
  # single step: the tail of the largest of the correlated statistics, over directions
  ev <- eigen(R); r <- sum(ev$values > 1e-10); L <- ev$vectors[, 1:r] %*% diag(sqrt(ev$values[1:r]), r)
  h <- function(U) apply(abs(U %*% t(L)), 1, max)
  tail <- if (r == 2) function(z) { kinks <- sort(unique(c(0, pi, unlist(lapply(1:(nrow(L) - 1), function(i) lapply((i + 1):nrow(L), function(j) { a <- L[i, ] - L[j, ]; c <- L[i, ] + L[j, ]; c(atan2(-a[1], a[2]), atan2(-c[1], c[2])) %% pi })))))) 
      sum(vapply(seq_len(length(kinks) - 1), function(i) integrate(function(t) pchisq((z / h(cbind(cos(t), sin(t))))^2, r, lower.tail = FALSE), kinks[i], kinks[i + 1], rel.tol = 1e-11)$value, 0)) / pi }
    else function(z) { set.seed(1); o <- mvtnorm::pmvnorm(rep(-z, nrow(R)), rep(z, nrow(R)), corr = R, algorithm = mvtnorm::GenzBretz(maxpts = 2e7, abseps = 1e-8, releps = 0)); 1 - as.numeric(o) }
  single <- vapply(abs(est / se), tail, 0)
  q <- uniroot(function(z) tail(z) - .05, c(1.9, 4), tol = 1e-10)$root
  emit(paste0("pairs_", k), "cox_pairs", m$data, paste0("all pairs of ", column, " in ", m$call), c(m$spec, list(factor = column)),
    c(list(level = A(levels[pr[, 2]]), reference = A(levels[pr[, 1]]), estimate = A(est), se = A(se), p = A(p)),
      sapply(c("bonferroni", "holm", "hochberg", "BH", "BY"), function(a) A(p.adjust(p, a)), simplify = FALSE), list(single_step = A(single), quantile = q, rank = r)),
    list(rtol = 1e-7, atol = 1e-8), "single step: P(max |Z| > |z|); exact quadrature for rank 2, else Genz-Bretz to about 1e-8", pkgs = "mvtnorm")
}
pairs_case("colon_recur", "rx", c("Obs", "Lev", "Lev+5FU"), 1)
pairs_case("veteran_efron", "celltype", c("squamous", "smallcell", "adeno", "large"), 2)
pairs_case("kidney_cluster", "disease", c("Other", "GN", "AN", "PKD"), 3)
done("45_terms")
