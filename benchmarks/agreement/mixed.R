# nlme::gls and lmerTest on one table: Rscript mixed.R IN.csv OUT.json. Estimate, SE (and df) of the arm at the last visit.
suppressMessages({library(nlme); library(lme4); library(lmerTest); library(jsonlite)})
a <- commandArgs(trailingOnly = TRUE)
d <- read.csv(a[1], stringsAsFactors = TRUE)
last <- levels(d$v)[nlevels(d$v)]
d$v <- relevel(d$v, last)  # the arm's coefficient is then its effect at the last visit
d$k <- as.integer(factor(d$v, levels = sort(levels(d$v))))
g <- gls(y ~ arm * v + x * v, d, correlation = corSymm(form = ~ k | id), weights = varIdent(form = ~ 1 | k), na.action = na.omit)
l <- suppressWarnings(suppressMessages(lmer(y ~ arm * v + x * v + (0 + v | id), d, control = lmerControl(check.nobs.vs.nRE = "ignore", calc.derivs = TRUE))))
s <- coef(summary(l))
i <- which(rownames(s) == "armB"); j <- which(names(coef(g)) == "armB")
write(toJSON(list(gls = c(coef(g)[[j]], sqrt(vcov(g)[j, j])), lmerTest = unname(s[i, c("Estimate", "Std. Error", "df")])), digits = 12), a[2])
