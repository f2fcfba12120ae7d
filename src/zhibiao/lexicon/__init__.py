"""What words mean: numbers, units, periods, regions; shared by finding (rules) and interpreting (resolve)."""
