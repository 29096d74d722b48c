# Gray's tests beyond those of 40_competing: powers of the weight, four and more groups, strata, heavy ties
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(cmprsk))
D("mgus2", "transplant", "pbc")
gray <- function(name, data, time, status, group, strata = NULL, rho = 0, coarse = NULL) {
  d <- get(data); d <- d[complete.cases(d[, c(time, status, group, strata)]), ]
  t <- d[[time]]; if (!is.null(coarse)) t <- ceiling(t / coarse)
  a <- list(ftime = t, fstatus = d[[status]], group = d[[group]], rho = rho, cencode = 0); if (!is.null(strata)) a$strata <- d[[strata]]
  z <- do.call(cuminc, a)$Tests
  emit(name, "gray_test", paste0("data/", data, ".csv"), sprintf("cmprsk::cuminc(%s, %s, group=%s, strata=%s, rho=%g, cencode=0)$Tests", if (is.null(coarse)) time else sprintf("ceiling(%s/%g)", time, coarse), status, group, if (is.null(strata)) "<none>" else strata, rho),
    Filter(Negate(is.null), list(time = time, status = status, group = group, strata = strata, rho = rho, coarse = coarse)),
    list(gray_test = list(cause = A(as.numeric(rownames(z))), chisq = A(unname(z[, "stat"])), df = A(unname(z[, "df"])), p = A(unname(z[, "pv"])))),
    TOL_CLOSED, "Complete cases. coarse: times divided by it and rounded up.", pkgs = "cmprsk")
}
gray("gray_mgus2_sex_rho_minus1", "mgus2", "etime", "event", "sex", rho = -1)
gray("gray_mgus2_sex_rho_half", "mgus2", "etime", "event", "sex", rho = .5)
gray("gray_mgus2_sex_years", "mgus2", "etime", "event", "sex", coarse = 24)
gray("gray_mgus2_sex_decades", "mgus2", "etime", "event", "sex", rho = 1, coarse = 120)
gray("gray_pbc_stage_rho1", "pbc", "time", "status", "stage", rho = 1)
gray("gray_pbc_stage_rho_minus1", "pbc", "time", "status", "stage", rho = -1)
gray("gray_pbc_stage_years", "pbc", "time", "status", "stage", coarse = 365.25)
gray("gray_pbc_stage_strata", "pbc", "time", "status", "stage", "sex", rho = .5)
gray("gray_pbc_stage_strata_years", "pbc", "time", "status", "stage", "sex", coarse = 365.25)
gray("gray_transplant_abo_months", "transplant", "futime", "event", "abo", coarse = 30)
gray("gray_transplant_abo_strata_rho2", "transplant", "futime", "event", "abo", "sex", rho = 2)
done("46_gray")
