"""One noun a file; what each event, question or notice changes."""
