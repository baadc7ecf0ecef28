"""Benchmarks: each figure beside its target and a peer or limit of the same run. They never fail a build."""
