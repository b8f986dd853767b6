package portico.slow

# As many pairs as no one waits for.
endless if {
	all := numbers.range(1, 100000)
	some one in all
	some other in all
	one + other < 0
}

quick := true
