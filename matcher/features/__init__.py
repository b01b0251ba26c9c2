"""Compare pairs attribute by attribute, in chunks, as float32 arrays."""
