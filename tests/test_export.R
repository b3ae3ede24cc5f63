# SPDX-License-Identifier: GPL-3.0-or-later
# What `wholeplace export` writes is what R's BCEA, dampack and voi accept, and says what `wholeplace summary` says.
# The packages themselves are not needed: what each requires of its arguments is stated here in base R, from the
# packages' sources: BCEA R/bcea.default.R and R/CreateInputs.R, dampack R/psa.R and R/create_sa.R, voi R/evppi.R.
# Usage: Rscript test_export.R FOLDER SUMMARY.json
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]

claim <- function(name, holds) {
  if (!isTRUE(holds)) stop("FAILED: ", name, call. = FALSE)
}
agree <- function(name, found, wanted) {
  found <- as.numeric(found)
  wanted <- as.numeric(wanted)
  claim(paste0(name, ": ", toString(found), ", not ", toString(wanted)),
        length(found) == length(wanted) && all(abs(found - wanted) <= 1e-9 * max(1, abs(wanted))))
}

# JSON as an R expression: objects and arrays are lists.
read_json <- function(path) {
  text <- paste(readLines(path, encoding = "UTF-8"), collapse = "\n")
  text <- gsub("\": ", "\" = ", text, fixed = TRUE)
  text <- gsub("[[{]", "list(", gsub("[]}]", ")", text))
  text <- gsub("\\bnull\\b", "NA", gsub("\\btrue\\b", "TRUE", gsub("\\bfalse\\b", "FALSE", text)))
  eval(parse(text = text))
}

# ---- As a user reads them ----------------------------------------------------------------------------------------
effects <- read.csv(file.path(folder, "effects.csv"))
costs <- read.csv(file.path(folder, "costs.csv"))
parameters <- read.csv(file.path(folder, "parameters.csv"))
net_benefit <- read.csv(file.path(folder, "net_benefit.csv"))
summary <- read_json(arguments[2])
n_draws <- summary$draws
arms <- c("baseline", vapply(summary$arms, function(arm) arm$arm, ""))

# ---- What the packages require -----------------------------------------------------------------------------------
bcea_accepts <- function(eff, cost, interventions, ref = 1) {
  claim("BCEA: matrices", is.matrix(eff) && is.matrix(cost))
  claim("BCEA: numbers, none missing", is.numeric(eff) && is.numeric(cost) && all(is.finite(eff), is.finite(cost)))
  claim("BCEA: two or more options", ncol(eff) >= 2 && ncol(cost) >= 2)
  claim("BCEA: of one shape", identical(dim(eff), dim(cost)))
  claim("BCEA: a label an option", length(interventions) == ncol(eff) && !anyDuplicated(interventions))
  claim("BCEA: the reference is an option", ref >= 1 && ref <= ncol(eff))
}
dampack_accepts <- function(cost, effectiveness, parameters, strategies) {
  tables <- list(cost, effectiveness, parameters)
  claim("dampack: data frames", all(vapply(tables, is.data.frame, TRUE)))
  claim("dampack: as many rows in each", length(unique(vapply(tables, nrow, 1L))) == 1)
  claim("dampack: as many options in both", ncol(cost) == ncol(effectiveness))
  claim("dampack: a strategy an option", length(strategies) == ncol(cost))
  claim("dampack: names that need no conversion", identical(make.names(strategies, unique = TRUE), strategies))
  claim("dampack: parameters that a formula can name", identical(make.names(names(parameters)), names(parameters)))
}
voi_accepts <- function(outputs, inputs, pars) {
  claim("voi: tables", is.data.frame(outputs) && is.data.frame(inputs))
  claim("voi: two or more options", ncol(outputs) >= 2)
  claim("voi: as many rows in both", nrow(outputs) == nrow(inputs))
  claim("voi: parameters by name", all(unlist(pars) %in% names(inputs)))
  claim("voi: numbers", all(vapply(c(outputs, inputs), is.numeric, TRUE)))
  claim("voi, BCEA: no parameter is constant", all(vapply(inputs, var, 1) > 0))
  claim("voi, BCEA: none is a combination of others", qr(cbind(1, as.matrix(inputs)))$rank == ncol(inputs) + 1)
}
bcea_accepts(as.matrix(effects), as.matrix(costs), names(costs))
dampack_accepts(costs, effects, parameters, names(costs))
voi_accepts(net_benefit, parameters, as.list(names(parameters)))
claim("one row a draw", nrow(costs) == n_draws)
claim("one column an arm, in order, under its name", identical(names(costs), make.names(arms)))
claim("the same in all", identical(names(costs), names(effects)) && identical(names(costs), names(net_benefit)))

# ---- The same figures --------------------------------------------------------------------------------------------
evpi <- function(benefits) mean(apply(benefits, 1, max)) - max(colMeans(benefits))
losses <- function(benefits) colMeans(apply(benefits, 1, max) - benefits)
chances <- function(benefits) {
  is_best <- benefits == apply(benefits, 1, max)
  colMeans(is_best / rowSums(is_best))
}
agree("EVPI in pounds", evpi(net_benefit), summary$choice$evpi)
agree("chance of being best", chances(net_benefit), unlist(summary$choice$chance_best)[arms])
agree("mean loss by choosing", losses(net_benefit), unlist(summary$choice$mean_loss)[arms])
claim("points of the acceptability curve", length(summary$choice$acceptability) >= 5)
for (point in summary$choice$acceptability) {
  benefits <- point$worth * effects - costs
  name <- paste("at", point$worth, "a", point$unit)
  agree(paste("acceptability", name), chances(benefits), unlist(point$chance_best)[arms])
  agree(paste("EVPI", name), evpi(benefits), point$evpi)
  claim(paste("frontier", name), arms[which.max(colMeans(benefits))] == point$best)
}
for (arm in summary$arms) {
  column <- make.names(arm$arm)
  gained <- mean(effects[[column]] - effects$baseline)
  spent <- mean(costs[[column]] - costs$baseline)
  agree(paste("saving of", arm$arm), mean(net_benefit[[column]]), arm$total$net_discounted$mean)
  agree(paste("units gained by", arm$arm), gained, arm$other_units[[1]]$gained_discounted$mean)
  claim("a price for a unit is known", is.list(arm$other_units[[1]]$pounds_for_each))
  agree(paste("ICER of", arm$arm), spent / gained, arm$other_units[[1]]$pounds_for_each$ratio)
}
cat("all as expected:", n_draws, "draws of", length(arms), "arms,", ncol(parameters), "parameters\n")
