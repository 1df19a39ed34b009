"""Certain: code written for each shape of rule, which decides where every fact it reads is known.

In:   compiled rules.    Out: `CertainPlan`: a record for every rule that applied, in microseconds.
Uses: model, encounter, tables, plan.    Used by: pipeline.
"""
