"""Reading what people have: tables in several formats, rows in several conventions."""
