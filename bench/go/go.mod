module guardedmap/bench

go 1.24
