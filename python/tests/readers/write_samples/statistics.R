# Writes files of statistics packages: dta, xpt and sas7bdat by haven, rds and rda by R itself.
folder <- commandArgs(trailingOnly = TRUE)[1]
people <- data.frame(name = c("Anna", "J\u00fcrgen", "Zo\u00eb"), count = c(1, 2, 3), score = c(1.5, 2.5, 3.5))
haven::write_dta(people, file.path(folder, "sample.dta"))
suppressWarnings(haven::write_sas(people, file.path(folder, "haven.sas7bdat")))
haven::write_xpt(people, file.path(folder, "sample.xpt"), version = 5, name = "PEOPLE")
haven::write_xpt(people, file.path(folder, "version8.xpt"), version = 8, name = "PEOPLE")
# Fisher's iris data, in the public domain, as SAS itself wrote it for haven (MIT licence).
iris <- system.file("examples", "iris.sas7bdat", package = "haven")
invisible(file.copy(iris, file.path(folder, "sample.sas7bdat"), overwrite = TRUE))
saveRDS(people, file.path(folder, "sample.rds"))
places <- data.frame(place = "Z\u00fcrich")
save(people, places, file = file.path(folder, "sample.rda"))
