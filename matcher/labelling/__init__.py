"""Labels given by people: reading and writing their files."""
