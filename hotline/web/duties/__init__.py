"""The pages of those who keep the duty list (派单目录) and the rules (派单规则)."""
