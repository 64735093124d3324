"""Hubs on the five dimensions: dated and sourced facts; knows accounts and core."""
