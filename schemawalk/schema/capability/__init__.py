"""What each database can hold, by version: native, emulated, or refused with a finding."""
