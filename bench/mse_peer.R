# Repeats in R what can be repeated here: Rscript bench/mse_peer.R TABLE
# Prints a line for each task, its name and the seconds it took; nothing for a package that is absent.
table <- as.matrix(read.csv(commandArgs(trailingOnly = TRUE)[1]))
if (requireNamespace("SparseMSE", quietly = TRUE)) {
  took <- system.time(SparseMSE::estimatepopulation(table, nboot = 1000, pthresh = 0.02, iseed = 1234))
  cat("mse_stepwise_bca_seconds", took[["elapsed"]], "\n")
}
