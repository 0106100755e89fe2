"""The speed sweep over numbers of heads: its settings, its result, its ratios and the findings in words."""
