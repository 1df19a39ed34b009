"""Room: rulesets."""
