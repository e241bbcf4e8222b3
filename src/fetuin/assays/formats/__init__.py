"""Plate-reader formats, one file each; `recognition.read_plates(path)` reads any of them."""
