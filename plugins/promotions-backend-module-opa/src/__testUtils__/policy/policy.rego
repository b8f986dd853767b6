package portico.promotion

default decision := {"allow": false, "reasons": ["nothing allows it"]}

decision := {"allow": true, "reasons": []} if {
	input.environment.tier != "production"
}

decision := {"allow": count(reasons) == 0, "reasons": sort(reasons)} if {
	input.environment.tier == "production"
}

reasons contains "the release has no source" if not input.release.source

reasons contains sprintf("%s is not owned by a group", [input.component.ref]) if {
	not startswith(input.component.spec.owner, "group:")
}

reasons contains "it is blocked by the platform" if input.component.ref in data.portico.blocked

default yes := false

yes if input.tenant == "aurora"

undecided if input.tenant == "nobody"

odd := "perhaps"

failing := to_number(input.tenant)
