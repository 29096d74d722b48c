# R's side: Rscript run.R DATA CALL RUNS. One file of `calls` a case, named after it, which defines
# `call_<name>(data, timed)`; the rules of timing are those of ../protocol/src/timer.rs.

folder_of_script <- function() {
  file <- grep("^--file=", commandArgs(), value = TRUE)[1]
  dirname(normalizePath(sub("^--file=", "", file)))
}

# The columns of a data set, each read when it is first asked for.
read_data <- function(folder) {
  column <- function(name) {
    file <- file.path(folder, paste0(name, ".f64"))
    readBin(file, "double", n = file.size(file) / 8, size = 8, endian = "little")
  }
  data <- new.env()
  for (name in c("entry", "time", "event", "group", "stratum", "cluster", "score")) local({
    name <- name
    delayedAssign(name, column(name), assign.env = data)
  })
  delayedAssign("x", {
    x <- column("x")
    x <- matrix(x, nrow = file.size(file.path(folder, "time.f64")) / 8)
    colnames(x) <- paste0("x", seq_len(ncol(x)) - 1)
    x
  }, assign.env = data)
  data
}

LONG <- 60
SHORT <- 0.05

# Times `body`; `values` takes from its result the numbers by which it is checked.
timer <- function(runs) function(body, values) {
  once <- function(repeats) {
    gc()
    start <- Sys.time()
    for (i in seq_len(repeats)) result <- body()
    seconds <- as.numeric(difftime(Sys.time(), start, units = "secs")) / repeats
    list(seconds = seconds, result = result)
  }
  first <- once(1)
  values <- values(first$result)
  seconds <- first$seconds
  first <- NULL
  repeats <- ceiling(SHORT / seconds)
  again <- function(runs) vapply(seq_len(runs), function(i) once(repeats)$seconds, 0)
  if (seconds < SHORT) {
    seconds <- again(runs)
  } else if (seconds < LONG) {
    seconds <- c(seconds, again(runs - 1))
  }
  list(seconds = seconds, values = values)
}

as_json <- function(report) {
  list_of <- function(values) {
    values <- as.double(values)
    text <- ifelse(is.finite(values), formatC(values, digits = 17, format = "g"), "null")
    paste0("[", paste(trimws(text), collapse = ", "), "]")
  }
  values <- vapply(names(report$values), function(name) {
    paste0("\"", name, "\": ", list_of(report$values[[name]]))
  }, "")
  paste0("{\"seconds\": ", list_of(report$seconds), ", \"values\": {", paste(values, collapse = ", "), "}}")
}

arguments <- commandArgs(trailingOnly = TRUE)
library(survival)
for (file in list.files(file.path(folder_of_script(), "calls"), full.names = TRUE)) source(file)
call <- get(paste0("call_", arguments[2]))
cat(as_json(call(read_data(arguments[1]), timer(as.integer(arguments[3])))), "\n", sep = "")
