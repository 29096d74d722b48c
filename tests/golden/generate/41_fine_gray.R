# Fine-Gray models with delayed entry, by finegray() and coxph; and with the censoring distribution by stratum, by
# crr's cengroup.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(cmprsk))
D("mgus2", "pbc")
for (code in 1:2) {
  d <- mgus2[complete.cases(mgus2[, c("sex", "mspike", "event")]), ]; d$rid <- seq_len(nrow(d)); d$male <- as.integer(d$sex == "M")
  d$state <- factor(d$event)
  g <- finegray(Surv(age_in, age_out, state) ~ ., data = d[, c("age_in", "age_out", "state", "male", "mspike", "rid")], etype = as.character(code), id = rid)
  f <- coxph(Surv(fgstart, fgstop, fgstatus) ~ male + mspike, data = g, weights = fgwt, ties = "breslow", cluster = rid, control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50))
  emit(paste0("fgentry_mgus2_", code), "finegray_coxph", "data/mgus2.csv",
       c("G <- finegray(Surv(age_in, age_out, factor(event)) ~ ., complete cases, id=row)", "coxph(Surv(fgstart, fgstop, fgstatus) ~ male + mspike, data=G, weights=fgwt, ties='breslow', cluster=rid)"),
       list(start = "age_in", time = "age_out", status = "event", terms = A(list(list(column = "sex", levels = A(c("F", "M"))), list(column = "mspike"))), failcode = code, ties = "breslow"),
       list(coef = A(coef(f)), naive_vcov = unname(f$naive.var), robust_vcov = unname(f$var), loglik = A(f$loglik)), TOL_CLOSED,
       "delayed entry on the age scale; weights of censoring and entry treated as fixed")
}
for (code in 1) { # for cause 2 crr stops where the score is still 6e-6
  d <- pbc[complete.cases(pbc[, c("age", "bili", "stage")]), ]
  f <- crr(d$time, d$status, cbind(d$age, d$bili), cengroup = d$stage, failcode = code, cencode = 0, gtol = 1e-12, maxiter = 100)
  emit(paste0("fgcengroup_pbc_", code), "finegray_crr", "data/pbc.csv", sprintf("cmprsk::crr(time, status, cbind(age, bili), cengroup=stage, failcode=%d, cencode=0, gtol=1e-12)", code),
       list(time = "time", status = "status", group = A("stage"), terms = A(list(list(column = "age"), list(column = "bili"))), failcode = code),
       list(coef = A(f$coef), vcov = unname(f$var), inv_information = unname(f$invinf), loglik = A(c(f$loglik.null, f$loglik))), TOL_CLOSED, "censoring distribution by stage", pkgs = "cmprsk")
}
done("41_fine_gray")
