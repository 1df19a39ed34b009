"""Coverage: the articles of the Medicare Coverage Database become tables of services and diagnoses."""
