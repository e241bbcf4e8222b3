# Records of rpact for `r_peers.py`: Rscript rpact.R OUT.json
# Fixed sizes, boundaries, futility, means in looks and analyses, at parameters that the reference set does not hold.
suppressMessages({library(rpact); library(jsonlite)})
target <- commandArgs(trailingOnly = TRUE)[1]
out <- list()
num <- function(x) as.numeric(signif(as.numeric(x), 12))
vec <- function(x) I(num(x))
na <- function(x) I(ifelse(is.na(as.numeric(x)), NA, signif(as.numeric(x), 12)))
add <- function(id, kind, input, output, tol) out[[length(out) + 1]] <<- list(id = id, kind = kind, input = input, output = output, tol = tol)
cnt <- 0
every <- function(k) { cnt <<- cnt + 1; cnt %% k == 0 }
sp <- list(c(.5,1), c(1/3,2/3,1), c(.1,.9,1), c(.25,.5,.75,1), (1:8)/8, c(.15,.3,.5,.8,1), 1)
types <- list(list("OF",NA),list("P",NA),list("WT",0),list("WT",.1),list("WT",.4),list("WT",.5),list("HP",NA),list("asOF",NA),list("asP",NA),list("asKD",.7),list("asKD",1.5),list("asKD",4),list("asHSD",-6),list("asHSD",1),list("asHSD",-1))
for (delta in c(5,12,30)) for (sd in c(20,60)) for (sided in 1:2) for (nrm in c(TRUE,FALSE)) for (ra in c(.5,1,2,3)) {
  x <- getSampleSizeMeans(alternative=delta,stDev=sd,alpha=.05,sided=sided,beta=.15,normalApproximation=nrm,allocationRatioPlanned=ra)
  add(sprintf("nmean-%g-%g-%d-%s-%g",delta,sd,sided,nrm,ra),"sample_size_means",list(delta=delta,sd=sd,alpha=.05,sided=sided,power=.85,normal_approx=nrm,ratio=ra),list(n_total=num(x$nFixed),n1=num(x$nFixed1),n2=num(x$nFixed2)),1e-3)
}
for (pp in list(c(.4,.2),c(.1,.3),c(.8,.7),c(.05,.01))) for (sided in 1:2) for (ra in c(1,2)) {
  x <- getSampleSizeRates(pi1=pp[1],pi2=pp[2],alpha=.05,sided=sided,beta=.1,allocationRatioPlanned=ra)
  add(sprintf("nrate-%g-%g-%d-%g",pp[1],pp[2],sided,ra),"sample_size_rates",list(pi1=pp[1],pi2=pp[2],alpha=.05,sided=sided,power=.9,ratio=ra),list(n_total=num(x$nFixed)),1e-3)
}
for (hr in c(.5,.75,1.3)) for (med in c(6,24)) for (sided in 1:2) for (dr in c(0,.05,.2)) for (ra in c(1,2)) {
  x <- getSampleSizeSurvival(hazardRatio=hr,median2=med,accrualTime=18,followUpTime=12,dropoutRate1=dr,dropoutRate2=dr,dropoutTime=12,alpha=.05,sided=sided,beta=.2,allocationRatioPlanned=ra)
  add(sprintf("nsurv-%g-%g-%d-%g-%g",hr,med,sided,dr,ra),"sample_size_survival",list(hr=hr,median_control_months=med,accrual=18,followup=12,dropout_per_12m=dr,alpha=.05,sided=sided,power=.8,ratio=ra,events_formula="Schoenfeld"),list(events=num(x$eventsFixed),n_total=num(x$nFixed),study_duration=30),1e-3)
}
for (s in seq_along(sp)) for (ty in types) for (sided in 1:2) for (al in c(.01,.025,.05,.1)) {
  t <- ty[[1]]; p <- ty[[2]]
  if (length(sp[[s]])==1) next
  if (!every(9)) next
  d <- tryCatch({ a <- list(kMax=length(sp[[s]]), informationRates=sp[[s]], alpha=al, beta=.15, sided=sided, typeOfDesign=t)
    if (t=="WT") a$deltaWT <- p; if (t %in% c("asKD","asHSD")) a$gammaA <- p
    do.call(getDesignGroupSequential, a)}, error=function(e) NULL)
  if (is.null(d)) next
  ch <- tryCatch(getDesignCharacteristics(d), error=function(e) NULL); if (is.null(ch)) next
  add(sprintf("gsd-%s_%s-s%d-%d-%g",t,p,s,sided,al),"gs_boundary",list(type=t,param=p,information_rates=vec(sp[[s]]),alpha=al,sided=sided,beta=.15),
    list(critical_values=vec(d$criticalValues),alpha_spent=vec(d$alphaSpent),stage_levels=vec(d$stageLevels),inflation_factor=num(ch$inflationFactor),shift=num(ch$shift),asn_ratio_H1=num(ch$averageSampleNumber1),asn_ratio_H01=num(ch$averageSampleNumber01),asn_ratio_H0=num(ch$averageSampleNumber0)),1e-4)
}
for (s in 1:6) for (b in list(list("bsOF",NA),list("bsP",NA),list("bsKD",2),list("bsHSD",-4),list("bsHSD",1))) for (bind in c(TRUE,FALSE)) for (a in list(list("asOF",NA),list("asP",NA),list("asKD",2))) {
  if (!every(9)) next
  d <- tryCatch({ g <- list(informationRates=sp[[s]], alpha=.025, beta=.2, sided=1, typeOfDesign=a[[1]], typeBetaSpending=b[[1]], bindingFutility=bind)
    if (!is.na(a[[2]])) g$gammaA <- a[[2]]; if (!is.na(b[[2]])) g$gammaB <- b[[2]]
    do.call(getDesignGroupSequential, g)}, error=function(e) NULL)
  if (is.null(d)) next
  ch <- tryCatch(getDesignCharacteristics(d), error=function(e) NULL); if (is.null(ch)) next
  inp <- list(alpha_spending=a[[1]],beta_spending=b[[1]],gammaB=b[[2]],information_rates=vec(sp[[s]]),alpha=.025,beta=.2,sided=1,binding=bind); if (!is.na(a[[2]])) inp$gammaA <- a[[2]]
  add(sprintf("fut-%s-%s_%s-s%d-%s",a[[1]],b[[1]],b[[2]],s,bind),"gs_beta_spending",inp,
    list(critical_values=vec(d$criticalValues),futility_bounds=vec(d$futilityBounds),beta_spent=vec(d$betaSpent),inflation_factor=num(ch$inflationFactor),asn_ratio_H1=num(ch$averageSampleNumber1),asn_ratio_H0=num(ch$averageSampleNumber0)),1e-4)
}
for (s in list(c(.5,1),c(.2,.6,1))) for (ty in list(list("OF",NA),list("asP",NA),list("asKD",2),list("WT",.25))) for (sided in 1:2) for (ra in c(1,2)) {
  if (ra==2 && sided==1) next
  a <- list(informationRates=s,alpha=.025*sided,beta=.2,sided=sided,typeOfDesign=ty[[1]]); if (ty[[1]]=="WT") a$deltaWT <- ty[[2]]; if (ty[[1]]%in%c("asKD","asHSD")) a$gammaA <- ty[[2]]
  d <- do.call(getDesignGroupSequential,a)
  x <- getSampleSizeMeans(d,alternative=20,stDev=50,allocationRatioPlanned=ra); g <- c(0,10,20,35)
  p <- getPowerMeans(d,alternative=g,stDev=50,maxNumberOfSubjects=180,allocationRatioPlanned=ra)
  ceu <- if (sided==1) as.matrix(x$criticalValuesEffectScale)[,1] else as.matrix(x$criticalValuesEffectScaleUpper)[,1]
  add(sprintf("gsmean-%s-%d-%d-%g",ty[[1]],length(s),sided,ra),"gs_sample_size_means",list(type=ty[[1]],param=ty[[2]],information_rates=s,alpha=.025*sided,sided=sided,power=.8,delta=20,sd=50,ratio=ra,power_grid=g,power_n_total=180),
    list(max_n=as.numeric(x$maxNumberOfSubjects),n_by_stage=vec(x$numberOfSubjects[,1]),expected_n_H0=as.numeric(x$expectedNumberOfSubjectsH0),expected_n_H01=as.numeric(x$expectedNumberOfSubjectsH01),expected_n_H1=as.numeric(x$expectedNumberOfSubjectsH1),reject_per_stage=vec(x$rejectPerStage[,1]),critical_effect=vec(ceu),power=vec(p$overallReject),expected_n=vec(p$expectedNumberOfSubjects)),1e-3)
}
cases <- list(
 list("IN",3,"asOF",c(30,28),c(30,31),c(290,300),c(240,235),c(60,55),c(62,61)),
 list("IN",2,"asP",c(40,40),c(40,38),c(280,270),c(250,262),c(60,55),c(62,61)),
 list("IN",2,"P",c(40),c(40),c(295),c(250),c(60),c(62)),
 list("GS",3,"OF",c(25,25,30),c(25,27,30),c(280,285,276),c(250,255,250),c(60,55,60),c(62,61,66)),
 list("GS",2,"asHSD",c(40,20),c(20,10),c(280,270),c(250,262),c(60,55),c(62,61)),
 list("GS",4,"asOF",c(20),c(20),c(280),c(250),c(60),c(62)),
 list("Fisher",2,"equalAlpha",c(40,40),c(40,38),c(275,276),c(250,251),c(60,55),c(62,61)),
 list("Fisher",3,"equalAlpha",c(30),c(30),c(285),c(250),c(60),c(62)))
for (k in seq_along(cases)) { q <- cases[[k]]; K <- q[[2]]
  d <- if (q[[1]]=="Fisher") getDesignFisher(kMax=K,alpha=.025,method="equalAlpha") else { a <- list(kMax=K,alpha=.025,typeOfDesign=q[[3]]); if (q[[3]]=="asHSD") a$gammaA <- -2; do.call(if (q[[1]]=="IN") getDesignInverseNormal else getDesignGroupSequential,a) }
  ds <- getDataset(n1=q[[4]],n2=q[[5]],means1=q[[6]],means2=q[[7]],stDevs1=q[[8]],stDevs2=q[[9]])
  m <- K-length(q[[4]]); np <- if (m>0 && q[[1]]!="Fisher") rep(60,m) else NULL
  r <- suppressWarnings(if (is.null(np)) getAnalysisResults(d,ds,directionUpper=TRUE) else getAnalysisResults(d,ds,directionUpper=TRUE,nPlanned=np,thetaH1=30,assumedStDev=60))
  cp <- tryCatch(as.numeric(r$conditionalPower),error=function(e) rep(NA,K)); if (length(cp)!=K) cp <- rep(NA,K)
  inp <- list(design=q[[1]],kMax=K,alpha=.025,type=q[[3]],n_planned=if (is.null(np)) NA else if (length(np)==1) np else np,theta_h1=if (is.null(np)) NA else 30,assumed_sd=if (is.null(np)) NA else 60,n1=q[[4]],n2=q[[5]],m1=q[[6]],m2=q[[7]],s1=q[[8]],s2=q[[9]]); if (q[[3]]=="asHSD") inp$gammaA <- -2
  add(sprintf("an-%d-%s-%d",k,q[[1]],K),"adaptive_analysis_means",inp,list(test_actions=I(r$testActions),cond_rejection_prob=na(r$conditionalRejectionProbabilities),conditional_power=na(cp),rci_lower=na(r$repeatedConfidenceIntervalLowerBounds),rci_upper=na(r$repeatedConfidenceIntervalUpperBounds),repeated_p=na(r$repeatedPValues),final_p=na(r$finalPValues),final_ci_lower=na(r$finalConfidenceIntervalLowerBounds),final_ci_upper=na(r$finalConfidenceIntervalUpperBounds),median_unbiased=na(r$medianUnbiasedEstimates)),1e-4)
}
write(toJSON(out, auto_unbox = TRUE, digits = 14, na = "null"), target)
