"""The chapters of the schema document: what each has to say, gathered before it is laid out."""
