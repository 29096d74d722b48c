# Tests and standardised differences of baseline characteristics, by base R: of `lung`, which has missing
# values, and of the SIMULATED ablation cohort. Standardised differences follow their formulas. Writes
# ../baseline.json with 15 digits.
library(jsonlite)
GEN_DIR <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
read <- function(name) read.csv(file.path(GEN_DIR, "../../data", paste0(name, ".csv")), stringsAsFactors = FALSE)
test <- function(t, z = FALSE) list(statistic = unname(t$statistic), df = unname(t$parameter), p = t$p.value)
smd <- function(x, g, w = rep(1, length(x))) {
  force(w); keep <- !is.na(x); x <- x[keep]; g <- g[keep]; w <- w[keep]
  m <- tapply(w * x, g, sum) / tapply(w, g, sum)
  v <- sapply(names(m), function(l) { i <- g == l; W <- w[i]; sum(W) / (sum(W)^2 - sum(W^2)) * sum(W * (x[i] - m[[l]])^2) })
  apply(combn(names(m), 2), 2, function(p) unname((m[p[1]] - m[p[2]]) / sqrt((v[p[1]] + v[p[2]]) / 2)))
}
# Mahalanobis distance of the proportions of all levels but the first (Yang & Dalton 2012).
mahalanobis_levels <- function(x, g) {
  P <- prop.table(table(g, x), 1)[, -1, drop = FALSE]
  S <- function(p) diag(p, length(p)) - outer(p, p)
  apply(combn(rownames(P), 2), 2, function(k) { a <- P[k[1], ]; b <- P[k[2], ]
    sqrt(drop(t(a - b) %*% solve((S(a) + S(b)) / 2, a - b))) })
}
largest_level <- function(x, g) {
  P <- prop.table(table(g, x), 1)
  apply(combn(rownames(P), 2), 2, function(k) { a <- P[k[1], ]; b <- P[k[2], ]
    d <- (a - b) / sqrt((a * (1 - a) + b * (1 - b)) / 2); unname(d[which.max(abs(d))]) })
}
number <- function(x, g, w) {
  two <- length(unique(g)) == 2
  a <- anova(lm(x ~ factor(g)))
  k <- lapply(split(x, g), function(v) list(n = sum(!is.na(v)), missing = sum(is.na(v)), mean = mean(v, na.rm = TRUE), sd = sd(v, na.rm = TRUE),
         quartiles = unname(quantile(v, c(.25, .5, .75), type = 7, na.rm = TRUE)), range = range(v, na.rm = TRUE)))
  list(groups = names(k), by_group = unname(k), kruskal = test(kruskal.test(x, factor(g))), anova = list(statistic = a$F[1], df = a$Df[1], df_error = a$Df[2], p = a$P[1]),
       welch = if (two) test(t.test(x ~ factor(g))), wilcoxon = if (two) wilcox.test(x ~ factor(g), exact = FALSE)$p.value, smd = smd(x, g), smd_weighted = smd(x, g, w))
}
level <- function(x, g) {
  m <- table(g, x); e <- suppressWarnings(chisq.test(m, correct = FALSE))
  list(groups = rownames(m), levels = colnames(m), counts = unname(apply(m, 1, as.integer, simplify = FALSE)), missing = sum(is.na(x)),
       pearson = c(test(e), list(min_expected = min(e$expected))), fisher = if (all(dim(m) == 2)) fisher.test(m)$p.value,
       smd = largest_level(x, g), mahalanobis = mahalanobis_levels(x, g))
}
lung <- read("lung"); p <- read("ablation_patients"); w <- 0.5 + (seq_len(nrow(lung)) %% 7) / 3; wp <- 0.5 + (seq_len(nrow(p)) %% 7) / 3
lung$poor <- as.integer(lung$ph_ecog > 1)
out <- list(
  lung = list(numbers = lapply(list(age = "age", meal = "meal_cal", loss = "wt_loss", karno = "pat_karno"), function(v) number(lung[[v]], lung$sex, w)),
              levels = list(poor = level(lung$poor, lung$sex))),
  ablation = list(numbers = lapply(list(age = "age", cea = "cea", largest = "largest_mm"), function(v) number(p[[v]], p$group, wp)),
              levels = lapply(list(kras = "kras", n_stage = "n_stage", bilateral = "bilateral"), function(v) level(p[[v]], p$group))))
write_json(out, file.path(GEN_DIR, "..", "baseline.json"), auto_unbox = TRUE, digits = NA, na = "null", null = "null")
