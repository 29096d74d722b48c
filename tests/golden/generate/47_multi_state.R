# State occupation probabilities beyond those of 41_multistate: delayed entry, several initial states, weights,
# ties, states that are entered again.  influence = TRUE: without it survival 3.5-3 leaves the variance
# of p(0) out of the standard errors.  survival 3.5-3 ignores cluster where there is an id.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
D("mgus2_ms")
um <- function(x) { dimnames(x) <- NULL; x }
aj <- function(name, d, states, tau, note, weight = FALSE) {
  d$ev <- factor(ifelse(is.na(d$to), "censor", d$to), levels = c("censor", states)); d$from <- factor(d$from, states)
  stopifnot(all(survcheck(Surv(entry, exit, ev) ~ 1, data = d, id = id, istate = from)$flag == 0)); assign("AJD", d, globalenv())
  call <- sprintf("survfit(Surv(entry, exit, ev) ~ 1, data=AJD, id=id, istate=from%s, influence=TRUE)", if (weight) ", weights=weight" else "")
  f <- eval(parse(text = call), globalenv()); tb <- summary(f, rmean = tau)$table
  stopifnot(f$states[seq_along(states)] == states)
  emit(name, "ms_aalen_johansen", "data/mgus2_ms.csv", call, list(states = A(states), columns = list(id = A(d$id), entry = A(d$entry), exit = A(d$exit), from = A(as.character(d$from)), to = A(d$to), weight = if (weight) A(d$weight) else NULL)),
    list(initial = A(unname(f$p0)), transitions = A(colnames(f$cumhaz)), time = A(f$time), n_risk = um(f$n.risk), pstate = um(f$pstate), se = um(f$std.err), lower = um(f$lower), upper = um(f$upper), cumhaz = um(f$cumhaz),
      mean_time = list(tau = tau, rmean = A(unname(tb[, "rmean"])), se = if (any(grepl("se", colnames(tb)))) A(unname(tb[, grep("se\\(rmean", colnames(tb))])) else NULL)), TOL_CLOSED, paste(note, "The rows are in spec.columns, not in the CSV."))
}
u <- function(n, a) ((seq_len(n) * a) %% 1009) / 1009          # deterministic pseudo-random numbers
S3 <- c("mgus", "pcm", "death"); m <- mgus2_ms; m$to[m$to == "censor"] <- NA
z <- data.frame(id = m$id, entry = m$age + m$tstart / 12, exit = m$age + m$tstop / 12, from = m$from, to = m$to); z$entry <- round(z$entry, 4); z$exit <- round(z$exit, 4)
aj("ms_aj_delayed", subset(z, id %% 3 == 0), S3, 90, "Age scale, delayed entry.")
z <- subset(m, tstop > 60 & id %% 2 == 0); z <- data.frame(id = z$id, entry = pmax(z$tstart, 60) - 60, exit = z$tstop - 60, from = z$from, to = z$to)
aj("ms_aj_landmark", z, S3, 120, "From five years on, in two initial states.")
z <- subset(m, id %% 2 == 1); z <- data.frame(id = z$id, entry = z$tstart, exit = z$tstop, from = z$from, to = z$to, weight = round(.4 + u(1500, 37)[z$id], 3))
aj("ms_aj_weights", z, S3, 240, "Case weights.", weight = TRUE)
S4 <- c("a", "b", "c", "dead"); out <- NULL; k <- 0; r <- u(20000, 617)
for (i in 1:150) { t <- if (i %% 3 == 0) floor(r[k <- k + 1] * 6) else 0; s <- S4[1 + (i %% 5 == 0)]; repeat {
    e <- t + 1 + floor(r[k <- k + 1] * 7); o <- r[k <- k + 1]; v <- setdiff(S4, s); to <- if (o < .25) NA else v[1 + floor(r[k <- k + 1] * 3)]
    out <- rbind(out, data.frame(id = i, entry = t, exit = e, from = s, to = to, weight = 1 + i %% 3)); t <- e; if (is.na(to) || to == "dead" || t > 20) break; s <- to } }
aj("ms_aj_reversible", out, S4, 15, "Artificial: tied times, four states of which three are entered again, delayed entry, two initial states.")
aj("ms_aj_reversible_weights", out, S4, 15, "The same with case weights.", weight = TRUE)
done("47_multi_state")
