"""Vocabulary: the terms every room shares: code systems, types of facts, kinds of members, none."""
