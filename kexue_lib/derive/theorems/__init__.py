"""Theorems that a claim may cite."""
